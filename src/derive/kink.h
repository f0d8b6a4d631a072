/* kink.h -- kinks and jumps that a recorded derivative was taken at. */
#ifndef GRADCALC_KINK_H
#define GRADCALC_KINK_H

#include "machine/trace.h"
#include "machine/run.h"

/* How many elements of a step are at a kink or a jump; of a function with structure 1 stands for any. */
size_t kink_count (const struct run *run, const struct step *step);

/* Says that a step, which an adjoint came to, is at a kink or a jump, if it is: once for each step, with as many counts
   as it has elements there; a function with structure has one. What is printed may not depend on the step any more, so
   that nobody finds it later. */
void kink_tell (struct run *run, struct step *step);

#endif
