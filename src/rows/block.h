/* block.h -- records that wait to be evaluated together. */
#ifndef GRADCALC_BLOCK_H
#define GRADCALC_BLOCK_H

#include "rows/lanes.h"

struct block
{
  struct lane_way *ways[LANE_WAYS];
  size_t way_count;
  size_t trials; /* records from which a way was to be learned; BLOCK_TRIALS at most */
  bool is_off;   /* each record is evaluated by itself */
  bool keeps_text;
  size_t width; /* numbers of a record */
  size_t count;
  double *numbers; /* of LANES records, one after the other */
  struct record *records;
  struct area text; /* of the records, where it is kept */
};

enum
{
  BLOCK_TRIALS = 64
};

void block_open (struct block *block, struct memory *memory, size_t width);
void block_close (struct block *block);
/* Adds the record at hand; whether the block is full. */
bool block_add (struct block *block, const struct intake *intake);

/* How each record of the block was evaluated: the way, NULL for none, and its lane there. `is_new`: none of the ways
   is its. */
struct block_place
{
  const struct lane_way *way;
  uint16_t lane;
  bool is_new;
};
void block_run (const struct block *block, struct block_place places[LANES]);

#endif
