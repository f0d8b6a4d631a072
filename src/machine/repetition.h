/* repetition.h -- a loop while many of its iterations are run at once. */
#ifndef GRADCALC_REPETITION_H
#define GRADCALC_REPETITION_H

#include "machine/body.h"

/* Where a loop is, between two ways. */
struct position
{
  struct body_state *state;
  uint32_t last;     /* the variable that was assigned last */
  cell_set assigned; /* cells, since the loop was entered */
  size_t steps;      /* that the run still may count, if it has a limit */
  double cells[LOOP_CELLS];
};

/* An element of an array that was replaced, and what it was. */
struct replaced
{
  double *element, before;
};

/* Sides of a choice that were equal. */
struct tie
{
  uint32_t choice;
  double number;
};

enum
{
  TIES = 256 /* in a block, at most */
};

/* The loop at work. Elements that were replaced since the block began stand in the scratch of the run, to be put back
   where a way is not gone to its end, or a block not. */
struct repetition
{
  struct run *run;
  struct body *body;
  struct value *const *bases;
  struct position now;
  double numbers[BODY_NUMBERS]; /* the cells now, and room for the rest of a way */
  double entry[LOOP_CELLS];     /* the cells before the first */
  const struct array *arrays[LOOP_CELLS];
  uint32_t known;        /* cells */
  struct tie ties[TIES]; /* of the block, which the run is told of behind it */
  uint32_t tie_count;
  bool unbounded; /* a block ended before an iteration with a coefficient that is not finite */
};

/* A block at work: how many iterations there are of each form. */
struct block
{
  struct loop_block loop;
  uint32_t counts[LOOP_FORMS];
};

/* repeat_block.c: runs up to `most` iterations. What they keep stands at their ways. */
void repetition_run (struct repetition *repetition, uint32_t most, struct block *block);
/* repeat_record.c: puts back the elements that were replaced since there were `used` bytes of them. */
void repetition_put_back (struct repetition *repetition, size_t used);
/* Reads the registers of cells that are new. */
void repetition_read (struct repetition *repetition);
/* Notes sides that were equal; false where there are too many. And tells the run of those of a block. */
bool repetition_note_tie (struct repetition *repetition, uint32_t choice, double number);
void repetition_tell_ties (struct repetition *repetition);
/* Tells the tape of the loop, if some result varies, and sets the registers. */
bool repetition_record (struct repetition *repetition, size_t iterations, size_t first_block);

#endif
