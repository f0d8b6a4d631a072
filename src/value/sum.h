/* sum.h -- a sum of many numbers whose error grows with the logarithm of their count: runs are added up on their own
   and joined in pairs. */
#ifndef GRADCALC_SUM_H
#define GRADCALC_SUM_H

#include <stddef.h>

enum
{
  SUM_RUN = 128
};

struct sum
{
  size_t runs;
  int depth;
  double partials[64]; /* each of twice as many runs as the next, or more */
};

static inline void
sum_begin (struct sum *sum)
{
  sum->runs = 0;
  sum->depth = 0;
}

/* Adds elements: a multiple of SUM_RUN of them, but for the last time. */
void sum_add (struct sum *sum, const double *elements, size_t count);
double sum_total (const struct sum *sum);

#endif
