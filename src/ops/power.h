/* power.h -- a^b of single numbers, with the digits of the library's pow (), without a logarithm where few
   multiplications tell them. */
#ifndef GRADCALC_POWER_H
#define GRADCALC_POWER_H

#include <math.h>
#include <stdint.h>

#include "base/bits.h"
#include "linear/linear.h"

/* A number as a sum of two of half as many bits, of which this is the first: their products are exact. */
static inline double
upper_half (double a)
{
  const double shifted = 134217729 * a; /* 2^27 + 1 */
  return shifted - (shifted - a);
}

/* What a product was rounded by. */
static inline double
product_rest (double a, double b, double product)
{
  const double a1 = upper_half (a), a2 = a - a1, b1 = upper_half (b), b2 = b - b1;
  return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
}

/* Whether `nearest` is the double that any function gives for the sum of both which errs by less than 17/32 of the last
   digit, as pow () does: the sum is not so near the middle between two. */
static inline bool
is_plainly (double nearest, double rest)
{
  const uint64_t exponent = (uint64_t)EXPONENT_MASK << FRACTION_BITS;
  /* Below a power of two doubles are twice as dense. */
  const double scale = from_bits ((bits_of (nearest) - 1) & exponent);
  return fabs (rest) <= scale * (0x1p-52 * 15 / 32);
}

/* Powers of whole numbers that are exact, signs and masks among them, and the powers that programs are full of. */
static inline double
power_of (double a, double b)
{
  const double most = INT32_MAX, exact = 9007199254740992, magnitude = fabs (a);
  if (b >= 0 && b <= most && magnitude <= most && b == (int32_t)b && a == (int32_t)a)
    {
      double power = 1, square = a;
      for (uint32_t left = (uint32_t)b; left; left >>= 1, square *= square)
        power *= left & 1 ? square : 1;
      if (fabs (power) <= exact)
        return power;
    }
  if (!(magnitude > 0x1p-64 && magnitude < 0x1p64))
    return pow (a, b);
  if (b == 2 || b == 3)
    {
      const double square = a * a, rest = product_rest (a, a, square);
      if (b == 2)
        return is_plainly (square, rest) ? square : pow (a, b);
      const double product = square * a, lost = product_rest (square, a, product) + rest * a, cube = product + lost;
      return is_plainly (cube, (product - cube) + lost) ? cube : pow (a, b);
    }
  if (b == 0.5)
    {
      const double root = sqrt (a);
      return is_plainly (root, -product_rest (root, root, a) / (2 * root)) ? root : pow (a, b);
    }
  return pow (a, b);
}

/* d(a^b)/da = b a^(b-1); a^0 is constant, so 0 there even at a = 0. */
static inline double
power_base (double a, double b)
{
  return b == 0 ? FLAT : b * power_of (a, b - 1) + 0;
}

#endif
