/* overflow.h -- adjoints that grow too large on their way. */
#ifndef GRADCALC_OVERFLOW_H
#define GRADCALC_OVERFLOW_H

#include "explain/trouble.h"

/* Where that happened first, in the order of the sweep: the node whose adjoint times a slope is infinite. */
struct overflow
{
  uint32_t node; /* 0: nowhere */
  double adjoint, slope;
};

/* Looks for it in a run with each step on its own. */
void overflow_find (struct overflow *overflow, const struct run *run, const struct trouble *trouble);
/* Warns of it, at the step that made the node. */
void overflow_tell (const struct overflow *overflow, const struct trouble *trouble);

#endif
