/* derive.h -- the derivatives that a program asks for itself: grad, jacobian, hessian, hvp, vjp, jvp. */
#ifndef GRADCALC_DERIVE_H
#define GRADCALC_DERIVE_H

#include "program/run.h"

/* One of them called with values (y, x and what weighs, as ops.def has them; x may be a tuple of values), at `place`.
   Of a function it gives a function. References of the arguments stay. */
struct value derive (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count);

/* What grad(f)(a) needs before f is called: a new source in the place of argument `a`, whose reference it takes over.
 */
struct value derive_source (struct run *run, uint32_t place, struct value argument);
/* And after it: the derivative of its result, whose reference it takes over. */
struct value derive_result (struct run *run, uint32_t place, enum op op, struct value result,
                            const struct value *source);

#endif
