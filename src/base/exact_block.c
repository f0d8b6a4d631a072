/* exact_block.c -- many doubles added to an exact sum. */
#include "base/exact.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"

/* Numbers are cut where a large one, the cut, ends, as ExtractVector does in S. M. Rump, T. Ogita, S. Oishi, "Accurate
   floating-point summation, part I" (SIAM Journal on Scientific Computing 31, 2008): the cut plus a number is rounded
   to a multiple of the cut's last digit; this less the cut is the multiple alone, and the number less that is what is
   below, none of it rounded. As long as the exponent of the cut stays as it is, the bits of its sum with a number count
   those digits, so that sums are added up as whole numbers. A second cut takes what is below the first.

   Numbers of up to half of the first cut that have no digit below the second, 104 bits further down, are so taken
   whole: the same cuts are good for most numbers of a column. What is below both is added by itself. */
enum
{
  BLOCK = 128,
  WIDTH = 4, /* numbers that are taken side by side, two and two */
  HEADROOM = 16,                 /* how far a cut is above the largest number that it is chosen for */
  LEAST_CUT = FRACTION_BITS + 1, /* the exponent as it is stored: the second cut is a normal number, ... */
  MOST_CUT = 0x7fe - 7           /* ... and the sum of a block finite, where numbers fit the first one */
};

typedef double two __attribute__ ((vector_size (16)));
typedef uint64_t words __attribute__ ((vector_size (16)));

struct cut
{
  double number, digit; /* the last one */
  uint64_t bits;
};

/* What numbers leave: the bits of their sums with both cuts, added up; the bits in which the first ones differ from the
   cut, and those of what is below both, each of which some number has. */
struct sums
{
  words high, low, apart, below;
};

/* 1.5 times a power of two, so that numbers of both signs leave its exponent as it is. */
static struct cut
cut_at (unsigned exponent)
{
  struct cut cut;
  cut.bits = (uint64_t)exponent << FRACTION_BITS | (uint64_t)1 << (FRACTION_BITS - 1);
  cut.number = from_bits (cut.bits);
  cut.digit = from_bits (cut.bits + 1) - cut.number;
  return cut;
}

/* The exponent of a first cut for some numbers. */
static unsigned
choose_cut (const double *numbers, size_t count)
{
  double largest = 0;
  for (size_t i = 0; i < count; i++)
    largest = fabs (numbers[i]) > largest ? fabs (numbers[i]) : largest;
  unsigned exponent = (unsigned)(bits_of (largest) >> FRACTION_BITS) + HEADROOM;
  return exponent < LEAST_CUT ? LEAST_CUT : exponent > MOST_CUT ? MOST_CUT : exponent;
}

static inline void
cut_two (struct sums *sums, const double *numbers, const struct cut *first, const struct cut *second)
{
  two number;
  memcpy (&number, numbers, sizeof number);
  two high = number + first->number, rest = number - (high - first->number);
  two low = rest + second->number, below = rest - (low - second->number);
  sums->apart |= (words)high ^ first->bits;
  sums->below |= (words)below;
  sums->high += (words)high;
  sums->low += (words)low;
}

/* Adds what `count` numbers have above a cut, from the bits of their sums with it. */
static void
add_digits (struct exact *sum, words sums, const struct cut *cut, size_t count)
{
  int64_t digits = (int64_t)(sums[0] + sums[1] - count * cut->bits), low = digits & UINT32_MAX;
  exact_add (sum, (double)(digits - low) * cut->digit);
  exact_add (sum, (double)low * cut->digit);
}

/* Adds what numbers have below both cuts. */
static void
add_rests (struct exact *sum, const double *numbers, size_t count, const struct cut *first, const struct cut *second)
{
  for (size_t i = 0; i < count; i++)
    {
      double rest = numbers[i] - (numbers[i] + first->number - first->number);
      double below = rest - (rest + second->number - second->number);
      if (below != 0)
        exact_add (sum, below);
    }
}

/* Adds at most BLOCK numbers, whole widths of them. False, and nothing added, where some are too large for the cuts, or
   not finite. */
static bool
add_block (struct exact *sum, const double *numbers, size_t count)
{
  struct sums even = { .high = { 0 } }, odd = even;
  const struct cut first = cut_at (sum->cut), second = cut_at (sum->cut - FRACTION_BITS);
  for (size_t i = 0; i < count; i += WIDTH)
    {
      cut_two (&even, numbers + i, &first, &second);
      cut_two (&odd, numbers + i + 2, &first, &second);
    }
  words apart = even.apart | odd.apart, below = even.below | odd.below;
  if ((apart[0] | apart[1]) >> FRACTION_BITS)
    return false;
  add_digits (sum, even.high + odd.high, &first, count);
  add_digits (sum, even.low + odd.low, &second, count);
  /* The sign of what is nothing is none. */
  if ((below[0] | below[1]) << 1 != 0)
    {
      add_rests (sum, numbers, count, &first, &second);
      sum->cut = choose_cut (numbers, count);
    }
  return true;
}

static void
add_each (struct exact *sum, const double *numbers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    exact_add (sum, numbers[i]);
}

/* Whether there is more than zeros that are negative. */
static bool
has_more (const double *numbers, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (numbers[i] != 0 || !signbit (numbers[i]))
      return true;
  return false;
}

/* Adds a block with cuts that are good for it, where there are such. */
static bool
cut_block (struct exact *sum, const double *numbers, size_t count)
{
  if (sum->cut && add_block (sum, numbers, count))
    return true;
  sum->cut = choose_cut (numbers, count);
  return add_block (sum, numbers, count);
}

void
exact_add_all (struct exact *sum, const double *numbers, size_t count)
{
  while (count >= WIDTH)
    {
      size_t size = count < BLOCK ? count / WIDTH * WIDTH : BLOCK;
      /* Above and below a cut a negative zero has zeros of the other sign. */
      bool is_positive_zero = sum->is_positive_zero || has_more (numbers, size);
      if (cut_block (sum, numbers, size))
        sum->is_positive_zero = is_positive_zero;
      else
        add_each (sum, numbers, size);
      numbers += size;
      count -= size;
    }
  add_each (sum, numbers, count);
}
