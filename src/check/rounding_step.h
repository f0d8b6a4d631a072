/* rounding_step.h -- one step of a complete run: through which maps errors of its operands come, and how far off it is
   by its own rounding. */
#ifndef GRADCALC_ROUNDING_STEP_H
#define GRADCALC_ROUNDING_STEP_H

#include "machine/run.h"

/* Calls `visit` for every operand of a node that may be off: the operand's node and the map from a change of it to a
   change of the node's value, which is good for the time of the call. */
void rounding_visit (const struct run *run, uint32_t node,
                     void (*visit) (void *data, uint32_t from, const struct linear *map), void *data);

/* Bounds of the elements of all nodes before one, each node's from its start on. */
struct known_bounds
{
  const double *bounds;
  const size_t *starts;
  bool beyond; /* own rounding includes what they come to beyond the first order */
};

/* How far off each element of a node is by its own rounding when its operands are as they are, into `own`. Numbers
   without a node among the operands were read. INFINITY where a step leaves the range of doubles, and where its result
   is made of an operand that has no bound: a slope of 0 there (1/x at an x that overflowed) says nothing of what the
   operand should have been. */
void rounding_own (const struct run *run, uint32_t node, const struct known_bounds *known, double *own);

/* The value of a node as it was recorded; NULL when it was not. */
const struct value *rounding_value (const struct run *run, uint32_t node);

#endif
