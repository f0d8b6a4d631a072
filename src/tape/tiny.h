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

/* a * b. A tiny a is so many of the smallest number, and |b| < 2 a whole number of 53 bits moved down by
   `shift`; so the product is less than 2^53 of the smallest number, once it is rounded to the nearest, or to even, and
   up to there the bits of a number are how many. */
static inline double
tiny_product (double a, double b)
{
  const uint64_t one = (uint64_t)1 << FRACTION_BITS, sign = (bits_of (a) ^ bits_of (b)) >> 63 << 63;
  const int exponent = (int)(bits_of (b) >> FRACTION_BITS & EXPONENT_MASK);
  if (!is_tiny (a) || exponent > EXPONENT_OF_ONE)
    return a * b;
  const int shift = FRACTION_BITS + EXPONENT_OF_ONE - exponent;
  uint64_t bits = 0;
  if (exponent && shift <= 2 * FRACTION_BITS + 1)
    {
      __extension__ const unsigned __int128 half = (unsigned __int128)1 << (shift - 1);
      __extension__ const unsigned __int128 product
          = (unsigned __int128)(bits_of (a) & (one - 1)) * ((bits_of (b) & (one - 1)) | one);
      __extension__ const unsigned __int128 rest = product & (2 * half - 1);
      bits = (uint64_t)(product >> shift);
      bits += rest > half || (rest == half && bits & 1);
    }
  bits |= sign;
  return from_bits (bits);
}

#endif
