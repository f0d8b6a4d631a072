/* repeat.h -- many iterations of a loop at once. */
#ifndef GRADCALC_REPEAT_H
#define GRADCALC_REPEAT_H

#include "program/run.h"

/* Runs what is left of the plain loop with COUNT_NEXT at `place`, or a part of it, as one entry of the tape; how many
   iterations that were. None where an operand is no number, what varies differs from one iteration to the next, few are
   left, somebody wants to be told of each step, or a coefficient is not finite: then the next one is to be run step by
   step. */
size_t repeat_run (struct run *run, uint32_t place, struct value *const bases[4]);

#endif
