/* repetition.h -- a loop while many of its iterations are run at once. */
#ifndef GRADCALC_REPETITION_H
#define GRADCALC_REPETITION_H

#include "machine/body.h"

/* Where a loop is, between two ways. */
struct position
{
  struct body_state *state;
  uint32_t last;     /* the variable that was assigned last */
  uint64_t assigned; /* cells, since the loop was entered */
  size_t steps;      /* that the run still may count, if it has a limit */
  double cells[LOOP_CELLS];
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
  uint32_t known; /* cells */
  bool unbounded; /* a block ended before an iteration with a coefficient that is not finite */
};

/* repeat_record.c: tells the tape of the loop, if some result varies, and sets the registers. */
bool repetition_record (struct repetition *repetition, size_t iterations, size_t first_block);

#endif
