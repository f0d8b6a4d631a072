/* bits.h -- a double as it is stored: a sign, 11 bits of exponent, 52 of fraction. */
#ifndef GRADCALC_BITS_H
#define GRADCALC_BITS_H

#include <stdint.h>
#include <string.h>

enum
{
  FRACTION_BITS = 52,
  EXPONENT_MASK = 0x7ff, /* the exponent of what is not finite */
  EXPONENT_OF_ONE = 0x3ff
};

static inline uint64_t
bits_of (double number)
{
  uint64_t bits;
  memcpy (&bits, &number, sizeof bits);
  return bits;
}

/* The number that has these bits. */
static inline double
from_bits (uint64_t bits)
{
  double number;
  memcpy (&number, &bits, sizeof number);
  return number;
}

#endif
