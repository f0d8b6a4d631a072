/* exact.h -- sums of doubles without any rounding, so the same in every order and however the numbers were divided. */
#ifndef GRADCALC_EXACT_H
#define GRADCALC_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The small superaccumulator of R. M. Neal, "Fast exact summation using small and large superaccumulators"
   (arXiv:1505.05571), with room for 2^64 numbers of any size: a fixed-point number from 2^EXACT_LEAST up, in chunks of
   32 bits that have 64 each, so that carries can wait. */
enum
{
  EXACT_CHUNKS = 68,
  EXACT_LEAST = -1075,
  EXACT_PARTS = 44, /* of a normal form at most: each takes 53 bits or more off */
  EXACT_TEXT = 40
};

/* Zero is a sum of nothing. */
struct exact
{
  int64_t chunks[EXACT_CHUNKS];
  uint32_t waiting;      /* additions since carries were passed on */
  uint32_t cut;          /* for exact_block.c: the exponent of the first cut, 0 before there is one */
  bool is_begun;         /* something finite was added */
  bool is_positive_zero; /* something that is finite and not -0 was added: a sum that vanishes is then 0 */
  uint64_t nans;         /* how many NaN, Inf and -Inf were added */
  uint64_t infinities[2];
};

void exact_add (struct exact *sum, double number);
/* exact_block.c: many at once, several times as fast. */
void exact_add_all (struct exact *sum, const double *numbers, size_t count);
void exact_merge (struct exact *sum, const struct exact *other);

/* The sum, and what is left of it divided by a count, each rounded once, to the nearest double, ties to even; the
   infinity beyond all of them. As IEEE has it, NaN after any NaN or after infinities of both signs; a sum of nothing
   is 0, its mean NaN; one of -0 alone is -0. */
double exact_round (const struct exact *sum);
double exact_mean (const struct exact *sum, uint64_t count);

/* A number of 53 bits of any size: `number` times 2^scale; scale is 0 where that is a double. */
struct exact_part
{
  double number;
  int scale;
};

/* The finite part of the sum in its one normal form, which ends in nothing left: each part is the nearest number of 53
   bits to what the ones before it leave. No parts are a sum of nothing; a sum that vanishes has one, 0 or -0. */
size_t exact_parts (const struct exact *sum, struct exact_part parts[EXACT_PARTS]);
/* Adds a part back. False, and nothing added, if it is of no size that sums have. */
bool exact_add_part (struct exact *sum, struct exact_part part);

/* A part as text, and back: the shortest digits that read back the same, or, where it is no double, a hexadecimal
   number as C has them, `0x1.8p+1030`. Printing returns the length. Reading is false for any other text. */
size_t exact_print_part (char text[EXACT_TEXT], struct exact_part part);
bool exact_read_part (const char *text, struct exact_part *part);

#endif
