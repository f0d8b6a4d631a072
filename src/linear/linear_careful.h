/* linear_careful.h -- linear maps where something is not finite: then it counts which zeros are rules.

   Here a zero that cannot be anything else is FLAT, in adjoints as in coefficients, and stands for "nothing came": -0
   is what addition leaves alone. A zero that came out is +0, and multiplies: times an infinity it is NaN. */
#ifndef GRADCALC_LINEAR_CAREFUL_H
#define GRADCALC_LINEAR_CAREFUL_H

#include "linear/linear.h"

/* The adjoint that coefficient c passes on of adjoint y. FLAT passes nothing (but NaN when a NaN value poisons), and so
   does a zero that is `constant`. */
static inline double
careful_product (double c, double y, bool constant, bool poison)
{
  if (is_flat (y))
    return FLAT;
  if (c == 0 && (constant || is_flat (c)))
    return poison && __builtin_isnan (y) ? y : FLAT;
  return c * y + 0.0;
}

/* How many numbers linear_reverse_careful needs as room. */
size_t linear_careful_room (const struct linear *linear);

/* X += A' Y as linear_reverse, for an X that holds FLAT where nothing came so far, and keeps it where nothing comes. */
void linear_reverse_careful (struct memory *memory, const struct linear *linear, const double *Y, size_t Y_step,
                             double *X, bool poison, double *room);

#endif
