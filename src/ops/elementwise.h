/* elementwise.h -- the helpers that the cells of ops.def mention, for scalars and array kernels alike. */
#ifndef GRADCALC_ELEMENTWISE_H
#define GRADCALC_ELEMENTWISE_H

#include <math.h>
#include <stdbool.h>

#include "linear/linear.h"
#include "ops/ops.h"
#include "ops/power.h"
#include "ops/special.h"

#define PI 3.14159265358979323846
#define LN_2 0.693147180559945309417
#define LOG_E 0.434294481903251827651 /* to base 10 */

/* fmod(a, b), at once where that is a. */
static inline double
remainder_of (double a, double b)
{
  return a > 0 && a < b ? a : fmod (a, b);
}

/* a - b floor(a/b), exact where fmod is. */
static inline double
floor_mod (double a, double b)
{
  const double most = INT32_MAX;
  /* Indices, which are most of what it is asked for. */
  if (a > 0 && b > 0 && a <= most && b <= most && a == (int32_t)a && b == (int32_t)b)
    return (int32_t)a % (int32_t)b;
  double r = remainder_of (a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r == 0 ? copysign (0, b) : r;
}

static inline double
larger (double a, double b)
{
  return a > b || a != a ? a : b;
}

static inline double
smaller (double a, double b)
{
  return a < b || a != a ? a : b;
}

/* The slope of the larger of a and b in a: at a tie half when both vary, else none. */
static inline double
upper_slope (double a, double b, bool both)
{
  return a > b ? 1 : a < b ? FLAT : a != b ? NAN : both ? 0.5 : FLAT;
}

/* d(a^b)/db = a^b log a; at a = 0 it is 0 from b > 0 and by convention at b = 0; NaN for a negative base. */
static inline double
power_exponent (double a, double b, double v)
{
  return a > 0 ? v * log (a) + 0 : a == 0 && b > 0 ? 0 : a == 0 && b == 0 ? FLAT : a == 0 ? -INFINITY : NAN;
}

/* d2(a^b)/da db = a^(b-1) (1 + b log a); at a = 0 its limit from above. */
static inline double
power_mixed (double a, double b)
{
  if (a > 0)
    return pow (a, b - 1) * (1 + b * log (a));
  return a != 0 ? NAN : b > 1 ? 0 : b > 0 ? -INFINITY : INFINITY;
}

/* d2(a^b)/da2 = b (b-1) a^(b-2). Where that power alone is out of range, as for tiny a and b, its fourth root is
   not. */
static inline double
power_curve (double a, double b)
{
  double power = pow (a, b - 2);
  if (b == 0 || b == 1)
    return 0;
  if (a == 0 || isnan (power) || (isfinite (power) && fabs (power) >= 0x1p-1022))
    return b * ((b - 1) * power) + 0;
  double root = pow (fabs (a), (b - 2) / 4);
  return copysign (1, power) * (b * root * root) * ((b - 1) * root * root) + 0;
}

/* Its slope in b; at a = 0 the limit from above. */
static inline double
power_curve_mixed (double a, double b)
{
  double power = pow (a, b - 2), factor = 2 * b - 1 + b * (b - 1) * log (a);
  if (a > 0)
    return isfinite (factor) || power != 0 ? power * factor + 0 : 0;
  return a != 0 ? NAN : b > 2 ? 0 : b > 0 && b <= 1 ? INFINITY : -INFINITY;
}

/* 1/cosh(a)^2 without cancellation and without overflow. */
static inline double
sech_squared (double a)
{
  double e = exp (-2 * fabs (a));
  return 4 * e / ((1 + e) * (1 + e));
}

/* Whether an operator, by its number, is where it has a kink or a jump. */
static inline bool
at_kink (int op, double a, double b, double c)
{
  (void)c;
  switch (op)
    {
#define KINK(name, where, rule, left, right)                                                                           \
  case OP_##name:                                                                                                      \
    return where;
#include "ops/ops.def"
    default:
      (void)a;
      (void)b;
      return false;
    }
}

/* 1 / (1 + a^2), down to the least numbers: there a^2 is no number any more. */
static inline double
atan_slope (double a)
{
  return fabs (a) < 1e100 ? 1 / (1 + a * a) : 1 / a * (1 / a);
}

/* sigmoid(a) (1 - sigmoid(a)) without cancellation. */
static inline double
sigmoid_slope (double a)
{
  double e = exp (-fabs (a));
  return e / ((1 + e) * (1 + e));
}

/* Down to the least numbers: 1 / (1 + exp (-a)) is 0 already where exp (-a) overflows. */
static inline double
sigmoid (double a)
{
  double e = exp (-fabs (a));
  return (a < 0 ? e : 1) / (1 + e);
}

/* (|a| / b)^c with the sign of a. */
static inline double
signed_power (double a, double b, double c)
{
  return a == 0 && c == 0 ? FLAT : copysign (pow (fabs (a) / b, c), a);
}

/* a times its gate: none where the gate is closed, however large a is. */
static inline double
gated (double a, double gate)
{
  return gate == 0 ? 0 : a * gate;
}

#endif
