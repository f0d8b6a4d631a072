/* exact.c -- sums of doubles without any rounding. */
#include "base/exact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/number.h"

enum
{
  CHUNK_BITS = 32,
  LONGEST_WAIT = 1024 /* a chunk grows by 2^53 at most with each number, and has 2^32 when its carry was passed on */
};

/* The size of a sum: digits to the base 2^32, the last one first. */
struct magnitude
{
  uint32_t digits[EXACT_CHUNKS];
  bool is_negative;
  bool is_cut; /* it is a little larger than its digits say */
};

/* Leaves each chunk from 0 to below 2^32, but for the last one, which has the sign. */
static void
pass_carries (struct exact *sum)
{
  int64_t carry = 0;
  for (int i = 0; i < EXACT_CHUNKS - 1; i++)
    {
      int64_t chunk = sum->chunks[i] + carry;
      carry = chunk >> CHUNK_BITS;
      sum->chunks[i] = chunk & UINT32_MAX;
    }
  sum->chunks[EXACT_CHUNKS - 1] += carry;
  sum->waiting = 0;
}

/* Adds bits * 2^(EXACT_LEAST + place), of which there are at most 53. */
static inline void
add_bits (struct exact *sum, uint64_t bits, unsigned place, bool is_negative)
{
  if (sum->waiting == LONGEST_WAIT)
    pass_carries (sum);
  sum->waiting++;
  unsigned shift = place % CHUNK_BITS;
  int64_t low = (int64_t)(bits << shift & UINT32_MAX), high = (int64_t)(bits >> (CHUNK_BITS - shift));
  int64_t *chunk = &sum->chunks[place / CHUNK_BITS];
  /* Signs follow no pattern that a branch could be guessed by. */
  int64_t flip = -(int64_t)is_negative;
  chunk[0] += (low ^ flip) - flip;
  chunk[1] += (high ^ flip) - flip;
}

void
exact_add (struct exact *sum, double number)
{
  uint64_t bits = bits_of (number);
  unsigned exponent = bits >> FRACTION_BITS & EXPONENT_MASK;
  uint64_t fraction = bits & (((uint64_t)1 << FRACTION_BITS) - 1);
  bool is_negative = bits >> 63;
  if (__builtin_expect (exponent == EXPONENT_MASK, 0))
    {
      sum->nans += fraction != 0;
      sum->infinities[is_negative] += fraction == 0;
      return;
    }
  sum->is_begun = true;
  sum->is_positive_zero |= bits << 1 != 0 || !is_negative;
  add_bits (sum, exponent ? fraction | (uint64_t)1 << FRACTION_BITS : fraction, exponent ? exponent : 1, is_negative);
}

void
exact_merge (struct exact *sum, const struct exact *other)
{
  struct exact passed = *other;
  pass_carries (&passed);
  pass_carries (sum);
  for (int i = 0; i < EXACT_CHUNKS; i++)
    sum->chunks[i] += passed.chunks[i];
  pass_carries (sum);
  sum->is_begun |= other->is_begun;
  sum->is_positive_zero |= other->is_positive_zero;
  sum->nans += other->nans;
  for (int sign = 0; sign < 2; sign++)
    sum->infinities[sign] += other->infinities[sign];
}

static struct magnitude
magnitude_of (const struct exact *sum)
{
  struct exact passed = *sum;
  pass_carries (&passed);
  struct magnitude magnitude = { .is_negative = passed.chunks[EXACT_CHUNKS - 1] < 0 };
  if (magnitude.is_negative)
    {
      for (int i = 0; i < EXACT_CHUNKS; i++)
        passed.chunks[i] = -passed.chunks[i];
      pass_carries (&passed);
    }
  for (int i = 0; i < EXACT_CHUNKS; i++)
    magnitude.digits[i] = (uint32_t)passed.chunks[i];
  return magnitude;
}

/* The number of the highest bit that is set, from 0; -1 where there is none. */
static int
highest_bit (const struct magnitude *magnitude)
{
  for (int i = EXACT_CHUNKS - 1; i >= 0; i--)
    if (magnitude->digits[i])
      return i * CHUNK_BITS + CHUNK_BITS - 1 - __builtin_clz (magnitude->digits[i]);
  return -1;
}

static uint64_t
bit_at (const struct magnitude *magnitude, int bit)
{
  return magnitude->digits[bit / CHUNK_BITS] >> bit % CHUNK_BITS & 1;
}

static bool
has_bits_below (const struct magnitude *magnitude, int bit)
{
  if (magnitude->is_cut)
    return true;
  for (int i = 0; i < bit / CHUNK_BITS; i++)
    if (magnitude->digits[i])
      return true;
  return magnitude->digits[bit / CHUNK_BITS] & (((uint32_t)1 << bit % CHUNK_BITS) - 1);
}

/* The nearest number of 53 bits, or of fewer at the lower end of the doubles; ties go to the even one. Bit 0, which
   only means have, is below all of them. */
static struct exact_part
nearest (const struct magnitude *magnitude)
{
  int high = highest_bit (magnitude), low = high > FRACTION_BITS ? high - FRACTION_BITS : 1;
  uint64_t bits = 0;
  for (int bit = high; bit >= low; bit--)
    bits = bits << 1 | bit_at (magnitude, bit);
  if (high >= 0 && bit_at (magnitude, low - 1))
    bits += (bits & 1) || has_bits_below (magnitude, low - 1);
  double number = magnitude->is_negative ? -(double)bits : (double)bits;
  double scaled = ldexp (number, low + EXACT_LEAST);
  if (isfinite (scaled))
    return (struct exact_part){ scaled, 0 };
  return (struct exact_part){ number, low + EXACT_LEAST };
}

/* Whether the sum is one that addition of doubles defines: *number is it then. */
static bool
is_special (const struct exact *sum, double *number)
{
  if (sum->nans || (sum->infinities[0] && sum->infinities[1]))
    *number = NAN;
  else if (sum->infinities[0] || sum->infinities[1])
    *number = sum->infinities[0] ? HUGE_VAL : -HUGE_VAL;
  else
    return false;
  return true;
}

static double
zero_of (const struct exact *sum)
{
  return sum->is_begun && !sum->is_positive_zero ? -0.0 : 0.0;
}

static double
rounded (const struct exact *sum, const struct magnitude *magnitude)
{
  if (highest_bit (magnitude) < 0 && !magnitude->is_cut)
    return zero_of (sum);
  struct exact_part part = nearest (magnitude);
  return ldexp (part.number, part.scale);
}

double
exact_round (const struct exact *sum)
{
  double number;
  if (is_special (sum, &number))
    return number;
  struct magnitude magnitude = magnitude_of (sum);
  return rounded (sum, &magnitude);
}

double
exact_mean (const struct exact *sum, uint64_t count)
{
  double number;
  if (count == 0)
    return NAN;
  if (is_special (sum, &number))
    return number;
  struct magnitude magnitude = magnitude_of (sum);
  __extension__ unsigned __int128 rest = 0;
  for (int i = EXACT_CHUNKS - 1; i >= 0; i--)
    {
      rest = rest << CHUNK_BITS | magnitude.digits[i];
      magnitude.digits[i] = (uint32_t)(rest / count);
      rest %= count;
    }
  magnitude.is_cut = rest != 0;
  return rounded (sum, &magnitude);
}

size_t
exact_parts (const struct exact *sum, struct exact_part parts[EXACT_PARTS])
{
  size_t count = 0;
  struct exact left = *sum;
  for (struct magnitude magnitude = magnitude_of (&left); highest_bit (&magnitude) >= 0 && count < EXACT_PARTS;
       magnitude = magnitude_of (&left))
    {
      struct exact_part part = nearest (&magnitude);
      parts[count++] = part;
      exact_add_part (&left, (struct exact_part){ -part.number, part.scale });
    }
  if (count == 0 && sum->is_begun)
    parts[count++] = (struct exact_part){ zero_of (sum), 0 };
  return count;
}

bool
exact_add_part (struct exact *sum, struct exact_part part)
{
  enum
  {
    MOST = (EXACT_CHUNKS - 1) * CHUNK_BITS
  };
  if (part.scale == 0)
    {
      exact_add (sum, part.number);
      return true;
    }
  if (!isfinite (part.number) || part.number == 0)
    return false;
  int exponent;
  double fraction = ldexp (frexp (fabs (part.number), &exponent), FRACTION_BITS + 1);
  int64_t place = (int64_t)exponent - FRACTION_BITS - 1 + part.scale - EXACT_LEAST;
  if (place < 1 || place + FRACTION_BITS + 1 >= MOST)
    return false;
  sum->is_begun = sum->is_positive_zero = true;
  add_bits (sum, (uint64_t)fraction, (unsigned)place, part.number < 0);
  return true;
}

size_t
exact_print_part (char text[EXACT_TEXT], struct exact_part part)
{
  if (part.scale == 0)
    return number_print (text, part.number, 0);
  enum
  {
    HEX_DIGITS = FRACTION_BITS / 4
  };
  int exponent;
  double fraction = ldexp (frexp (fabs (part.number), &exponent), FRACTION_BITS + 1);
  uint64_t bits = (uint64_t)fraction & (((uint64_t)1 << FRACTION_BITS) - 1);
  int digits = HEX_DIGITS;
  for (; digits > 0 && (bits & 15) == 0; digits--)
    bits >>= 4;
  const char *sign = part.number < 0 ? "-" : "", *point = digits ? "." : "";
  int length = snprintf (text, EXACT_TEXT, "%s0x1%s", sign, point);
  while (digits-- > 0)
    text[length++] = "0123456789abcdef"[bits >> 4 * digits & 15];
  return (size_t)(length + snprintf (text + length, EXACT_TEXT - (size_t)length, "p+%d", exponent - 1 + part.scale));
}

bool
exact_read_part (const char *text, struct exact_part *part)
{
  *part = (struct exact_part){ .scale = 0 };
  bool is_negative = *text == '-';
  const char *at = text + is_negative;
  if (strncmp (at, "0x1", 3) != 0)
    return number_parse_field (text, strlen (text), &part->number) != NUMBER_INVALID && isfinite (part->number);
  uint64_t bits = 1;
  int digits = 0;
  at += 3;
  if (*at == '.')
    for (at++; (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f'); at++, digits++)
      {
        if (digits == FRACTION_BITS / 4)
          return false;
        bits = bits << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
      }
  char *end;
  if (strncmp (at, "p+", 2) != 0 || at[2] < '0' || at[2] > '9')
    return false;
  unsigned long exponent = strtoul (at + 2, &end, 10);
  if (*end || exponent < 1024 || exponent > -2 * EXACT_LEAST)
    return false;
  part->number = is_negative ? -(double)bits : (double)bits;
  part->scale = (int)exponent - 4 * digits;
  return true;
}
