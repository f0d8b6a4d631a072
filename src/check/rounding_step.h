/* rounding_step.h -- one step of a complete run: through which maps errors of its operands come, and how far off it is
   by its own rounding. */
#ifndef GRADCALC_ROUNDING_STEP_H
#define GRADCALC_ROUNDING_STEP_H

#include "program/run.h"

/* Calls `visit` for every operand of a node that may be off: the operand's node and the map from a change of it to a
   change of the node's value, which is good for the time of the call. */
void rounding_visit (const struct run *run, uint32_t node,
                     void (*visit) (void *data, uint32_t from, const struct linear *map), void *data);

/* How far off each element of a node is by its own rounding when its operands are as they are, into `own`. Numbers
   without a node among the operands were read. */
void rounding_own (const struct run *run, uint32_t node, double *own);

/* The value of a node as it was recorded; NULL when it was not. */
const struct value *rounding_value (const struct run *run, uint32_t node);

#endif
