/* derive.h -- the derivatives that a program asks for itself: grad, jacobian, hessian, hvp, vjp, jvp. */
#ifndef GRADCALC_DERIVE_H
#define GRADCALC_DERIVE_H

#include "machine/run.h"

/* Makes ready that runs of a program take derivatives, if it has not been done: its rules are compiled. Before a run of
   a program that `derives`, or whose runs record gradients for somebody else. */
void derive_prepare (const struct program *program);

#endif
