/* lane_block.h -- records that wait to be evaluated together, and the ways that are known for them. */
#ifndef GRADCALC_LANE_BLOCK_H
#define GRADCALC_LANE_BLOCK_H

#include "rows/lanes.h"

enum
{
  BLOCK_TRIALS = 64,
  BLOCK_LONG = 64 << 10 /* bytes of a record: one that is longer is run by itself where texts are kept */
};

/* The ways that were learned so far. */
struct ways
{
  struct lane_way *list[LANE_WAYS];
  size_t count;
  size_t trials; /* records from which a way was to be learned; BLOCK_TRIALS at most */
  bool is_off;   /* each record is evaluated by itself */
};

struct block
{
  bool keeps_text;
  size_t width; /* numbers of a record */
  size_t count, room;
  double *numbers; /* of the records, one after the other */
  struct record *records;
  char *text; /* of the records, where it is kept */
  size_t text_used;
};

/* Room for `room` records. */
void block_open (struct block *block, struct memory *memory, size_t width, size_t room, bool keeps_text);
void block_close (struct block *block);
/* Adds the record at hand; whether the block is full. */
bool block_add (struct block *block, const struct intake *intake);
/* No more are added before the block is empty again: the texts of its records stay where they are. */
void block_seal (struct block *block);
void block_empty (struct block *block);

/* How a record was evaluated: the way, NULL for none, and its lane there. `is_new`: none of the ways is its. */
struct block_place
{
  struct lane_way *way;
  uint16_t lane;
  bool is_new;
};
/* Evaluates at most LANES records from one on; their number. The results are good until the ways are run again. */
size_t block_run (const struct block *block, size_t first, struct lane_way *const ways[], size_t way_count,
                  struct block_place places[LANES]);
/* The lanes that places have in a way; their number. */
size_t block_lanes (const struct block_place *places, size_t count, const struct lane_way *way, uint16_t lanes[LANES]);

#endif
