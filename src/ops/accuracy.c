/* accuracy.c -- the accuracies of ops.def: how far off the value of a function may be by its own rounding. */
#include "ops/accuracy.h"

#include <float.h>
#include <math.h>

static const struct accuracy accuracies[OPS] = {
#define ROUNDED(...) ROUNDED, __VA_ARGS__
#define APPROXIMATE(...) APPROXIMATE, __VA_ARGS__
#define ACCURACY(name, accuracy) [OP_##name] = { accuracy },
#define UNARY(name, sign, traits, accuracy, ...) [OP_##name] = { accuracy },
#define BINARY(name, sign, traits, accuracy, ...) [OP_##name] = { accuracy },
#define TERNARY(name, sign, traits, accuracy, ...) [OP_##name] = { accuracy },
#include "ops/ops.def"
#undef ROUNDED
#undef APPROXIMATE
};

/* A function with structure that has a derivative and is not LINEAR does not compile without an accuracy. */
#define FUNCTION(name, ...) extern char (*accuracy_of_##name)[];
#define ACCURACY(name, ...) extern char (*accuracy_of_##name)[1];
#include "ops/ops.def"
#define FUNCTION(name, traits, ...)                                                                                    \
  _Static_assert (_Generic(accuracy_of_##name, char (*)[2] : 0, default : 1) == !((traits)&NO_RULE),                   \
                  #name " has to have an ACCURACY in ops.def, unless it is linear or without a derivative");
#include "ops/ops.def"

const struct accuracy *
op_accuracy (enum op op)
{
  return &accuracies[op];
}

bool
number_is_exact (double number)
{
  return number == rint (number) && fabs (number) <= 0x1p53;
}

static bool
is_power_of_two (double number)
{
  int exponent;
  return number == 0 || fabs (frexp (number, &exponent)) == 0.5;
}

/* Whether the exact product or quotient of one number and a power of two is a double. */
static bool
is_scaled (double v, double factor)
{
  return is_power_of_two (factor) && (fabs (v) >= DBL_MIN || v == 0);
}

/* A whole value of a function of one number at 0, 1 or 2 is no accident of rounding: sin(0), log(1), gamma(2). */
static bool
is_landmark (enum op op, double x, double v)
{
  return op_info[op].arity == 1 && number_is_exact (x) && fabs (x) <= 2 && number_is_exact (v);
}

bool
op_rounds (enum op op, const double x[3], double v)
{
  int arity = op_info[op].arity;
  bool whole = number_is_exact (v);
  if (accuracies[op].exactness == EXACT || is_landmark (op, x[0], v))
    return false;
  for (int k = 0; k < arity; k++)
    whole = whole && number_is_exact (x[k]);
  if (whole && accuracies[op].exactness == ROUNDED)
    return false;
  switch (op)
    {
    case OP_add:
    case OP_subtract:
      /* A sum below the normal numbers is a multiple of the smallest, as its terms are. */
      return x[0] != 0 && x[1] != 0 && fabs (v) >= DBL_MIN;
    case OP_multiply:
    case OP_through:
    case OP_carry:
      return !(is_scaled (v, x[0]) || is_scaled (v, x[1])) || (v == 0 && x[0] != 0 && x[1] != 0);
    case OP_divide:
      return !is_scaled (v, x[1]) || (v == 0 && x[0] != 0);
    default:
      return true;
    }
}
