/* accuracy.h -- the accuracies of ops.def: how far off the value of a function may be by its own rounding. */
#ifndef GRADCALC_ACCURACY_H
#define GRADCALC_ACCURACY_H

#include "ops/ops.h"

enum exactness
{
  UNRATED, /* a function with structure that is linear in its operands, and its links say what is added up */
  EXACT,
  ROUNDED,
  APPROXIMATE
};

/* As in ops.def: in units of 2^-53. */
struct accuracy
{
  enum exactness exactness;
  double relative, operand, absolute;
};

/* That of an operator or function of ops.def. */
const struct accuracy *op_accuracy (enum op op);

/* Whether an elementwise step on these numbers, operands `x` and value `v`, can be off at all by its own rounding:
   false of whole numbers, of sums with 0 or below the normal numbers, and of products with powers of two. */
bool op_rounds (enum op op, const double x[3], double v);

/* Whether a double has every whole number up to this one, and it is whole. */
bool number_is_exact (double number);

#endif
