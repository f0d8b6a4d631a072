/* repeat.h -- many iterations of a loop at once. */
#ifndef GRADCALC_REPEAT_H
#define GRADCALC_REPEAT_H

#include "machine/run.h"

struct body;

/* A plain loop of the program. */
struct repeat
{
  struct body *bodies; /* its body as prepared for different kinds of registers */
  uint32_t body_count;
  uint32_t failures; /* in a row, over all the times that the loop was met */
};

/* Runs what is left of the plain loop with COUNT_NEXT at `place` but for the last iteration, or a part of it, as one
   entry of the tape. It does nothing where an operand is no number, what varies differs from one iteration to the next,
   few are left, somebody wants to be told of each step, or a coefficient is soon not finite. The next iteration is to
   be run step by step in any case. */
void repeat_run (struct run *run, uint32_t place, struct value *const bases[4]);

#endif
