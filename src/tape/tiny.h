/* tiny.h -- products with numbers below the normal ones, in integers, to the bit as the processor gives them.

   A processor takes a hundred times longer over a product that has such a factor, and adjoints that decay from one
   iteration to the next end there for good: the smallest number times 0.85 is the smallest number. */
#ifndef GRADCALC_TINY_H
#define GRADCALC_TINY_H

#include <stdbool.h>

#include "base/bits.h"

/* Whether it is below the normal numbers, and not 0. */
static inline bool
is_tiny (double number)
{
  const uint64_t magnitude = bits_of (number) << 1;
  return magnitude && !(magnitude >> (FRACTION_BITS + 1));
}

__extension__ typedef unsigned __int128 tiny_wide;

/* `product` without its last `shift` bits, rounded to the nearest, or to even. */
#define TINY_ROUNDED(type, product, shift)                                                                             \
  ((uint64_t)(((product) + (((type)1 << ((shift)-1)) - 1) + ((product) >> (shift) & 1)) >> (shift)))

/* a * b for a tiny a, which is so many of the smallest number, and |b| < 2, a whole number of 53 bits moved down by
   `shift`; so the product is less than 2^53 of the smallest number, and up to there the bits of a number are how many.
   Adjoints that stay there are a few of it. */
static inline double
tiny_product (double a, double b)
{
  enum
  {
    FEW_BITS = 10
  };
  const uint64_t one = (uint64_t)1 << FRACTION_BITS, sign = (bits_of (a) ^ bits_of (b)) >> 63 << 63;
  const uint64_t count = bits_of (a) & (one - 1), whole = (bits_of (b) & (one - 1)) | one;
  const int exponent = (int)(bits_of (b) >> FRACTION_BITS & EXPONENT_MASK);
  const int shift = FRACTION_BITS + EXPONENT_OF_ONE - exponent;
  uint64_t bits = 0;
  if (exponent > EXPONENT_OF_ONE)
    return a * b;
  if (exponent && shift < 64 && !(count >> FEW_BITS))
    bits = TINY_ROUNDED (uint64_t, count * whole, shift);
  else if (exponent && shift <= 2 * FRACTION_BITS + 1)
    {
      const tiny_wide product = (tiny_wide)count * whole;
      bits = TINY_ROUNDED (tiny_wide, product, shift);
    }
  bits |= sign;
  double result;
  memcpy (&result, &bits, sizeof result);
  return result;
}

#endif
