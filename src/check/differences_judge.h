/* differences_judge.h -- what differences of a program's values say of one partial derivative. */
#ifndef GRADCALC_DIFFERENCES_JUDGE_H
#define GRADCALC_DIFFERENCES_JUDGE_H

#include "check/differences.h"

enum
{
  DIFFERENCE_STEPS = 10
};

/* The program's value where it is, and with one number moved up and down by steps, each a quarter of the one before:
   the first is `step`, `up` and `down` are those that were really made. NaN where the program does not come through. */
struct difference_values
{
  double at, step, middle;
  double up[DIFFERENCE_STEPS], down[DIFFERENCE_STEPS];
  double high[DIFFERENCE_STEPS], low[DIFFERENCE_STEPS];
};

/* How far off by rounding each of the values can be, and the derivative that is judged. */
struct difference_rounding
{
  double value, gradient;
};

/* The greatest of the values' sizes. */
double difference_size (const struct difference_values *values);

/* Sets verdict, reason and what was found of a partial derivative; its `gradient` is set. A gradient is wrong when it
   differs from a derivative that the values settle on by more than the tolerances, the error of the extrapolation, and
   rounding. */
void difference_judge (const struct difference_values *values, const struct difference_rounding *rounding,
                       const struct difference_options *options, struct difference *difference);

void difference_undecided (struct difference *difference, const char *reason);

#endif
