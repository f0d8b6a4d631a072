/* linear_bound.h -- what linear maps make of numbers of which only the size is known. */
#ifndef GRADCALC_LINEAR_BOUND_H
#define GRADCALC_LINEAR_BOUND_H

#include "linear/linear.h"

/* y += |A| |x|, element by element the largest change that changes of sizes |x| can make. Of Cholesky's map, which is a
   product of several, it is a bound of that. Scratch comes from `arrays`. */
void linear_bound (struct arrays *arrays, const struct linear *linear, const double *x, double *y);

/* How many products are added up in one element of the result, at most; 1 where every element is one of the operand's,
   as it is or times a coefficient. */
size_t linear_terms (const struct linear *linear);

/* Whether all coefficients are whole numbers, which are what they stand for: a third is not. */
bool linear_is_whole (const struct linear *linear);

/* Whether a map only moves elements, without coefficient or sum. */
bool linear_moves (const struct linear *linear);

#endif
