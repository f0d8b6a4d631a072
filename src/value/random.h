/* random.h -- random numbers that depend on a seed, a call and a position, and on nothing else. */
#ifndef GRADCALC_RANDOM_H
#define GRADCALC_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Where the numbers of a run come from. There is no state that one number hands on to the next: element i of call k is
   the same however many elements are asked for, in whatever order and on whatever machine. */
struct random
{
  uint64_t seed;
  uint64_t call; /* the number of the next call */
};

/* Whole runs apart from one another, under one seed: the first call of run `number`. */
static inline struct random
random_of_run (uint64_t seed, uint64_t number)
{
  return (struct random){ seed, number << 48 };
}

/* `count` numbers as the next call: evenly from [0, 1), in steps of 2^-53; from the normal distribution with mean 0 and
   variance 1; whole numbers, each of the `range` ones from `low` on as likely as another, as doubles. */
void random_uniform (struct random *random, size_t count, double *numbers);
void random_normal (struct random *random, size_t count, double *numbers);
void random_whole (struct random *random, int64_t low, uint64_t range, size_t count, double *numbers);

/* The point below which the normal distribution has the part (bits + 0.5) / 2^53, with bits < 2^53. */
double random_normal_point (uint64_t bits);

#endif
