/* trouble.h -- kinks that a gradient went through, and where values or slopes stopped being finite. */
#ifndef GRADCALC_TROUBLE_H
#define GRADCALC_TROUBLE_H

#include "machine/run.h"

/* The run to be looked into again, and what came of it. `nan` and `infinite` say which results are not finite, in the
   words of a message ("nll and 1 gradient are NaN"), or are empty; `became` those of the gradients alone that are NaN
   ("dd/dx"). */
struct trouble
{
  const struct run *run;
  const uint32_t *targets; /* registers among the globals */
  size_t target_count;
  const char *nan, *infinite, *became;
  bool values_only; /* no gradient was asked for */
};

/* Runs the program once more, each step on its own unless it can be no suspect, sweeps from each target, and warns of
   what the sweeps came through: of kinks, of steps whose value or slope is not finite though their operands are. */
void trouble_explain (const struct trouble *trouble);

#endif
