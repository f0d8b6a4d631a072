/* steep.h -- where a derivative of a derivative is the first that is not finite. */
#ifndef GRADCALC_STEEP_H
#define GRADCALC_STEEP_H

#include "explain/trouble.h"

/* A step whose slope, or the slope of whose slope, is not finite. */
struct steep
{
  bool found, second;
  uint32_t place, op; /* OPS where no function is written there */
};

/* Of a run that keeps its steps: follows a target that is not finite to the step that it comes from. */
void steep_find (struct steep *steep, const struct run *run, const struct trouble *trouble);

/* Warns of it. `after` says what came of it. */
void steep_warn (const struct steep *steep, const struct trouble *trouble, const char *after);

/* Where gradients are finite and second derivatives are not: runs the program once more, takes the derivative of each
   target, sweeps from its finite elements, and warns of the step where something was not finite first. */
void steep_explain (const struct trouble *trouble, const char *after);

#endif
