/* differences.h -- a program's gradient against independent numbers. */
#ifndef GRADCALC_DIFFERENCES_H
#define GRADCALC_DIFFERENCES_H

#include "machine/run.h"

enum difference_verdict
{
  DIFFERENCE_OK,
  DIFFERENCE_WRONG,
  DIFFERENCE_KINK, /* the slopes on both sides differ; the gradient is one of them, or between them */
  DIFFERENCE_UNDECIDED,
  DIFFERENCE_VERDICTS
};
extern const char *const difference_names[DIFFERENCE_VERDICTS];

/* One partial derivative. */
struct difference
{
  size_t target, source, element;
  enum difference_verdict verdict;
  double gradient;     /* what the program says */
  double found, error; /* by differences, and how far off that may be; NaN where nothing is known */
  double left, right;  /* slopes, of a kink */
  bool jumps;          /* the values do, as far as the steps show */
  const char *reason;  /* why it is undecided; or what is wrong besides the number */
};

struct difference_options
{
  double rtol, atol;
  uint64_t seed;
};

struct differences
{
  struct difference *list;
  size_t count, left_out; /* elements that were not looked at, of large arrays */
  size_t counts[DIFFERENCE_VERDICTS];
};

/* A target, by its register and value, or a source, by its name and value; gradients[target * source_count + source]
   are as a report has them, NULL where there is none. */
struct difference_target
{
  uint32_t slot;
  struct value value;
};
struct difference_source
{
  uint32_t name;
  bool first; /* it is the value that the name got first */
  struct value value;
};
struct difference_task
{
  const struct run *run;
  const struct difference_target *targets;
  size_t target_count;
  const struct difference_source *sources;
  size_t source_count;
  const double *const *gradients;
};

/* Compares every partial derivative with central differences of the program, run again at other points; and both sweeps
   with each other. */
void differences_find (struct differences *differences, const struct difference_task *task,
                       const struct difference_options *options);
void differences_free (struct differences *differences);

#endif
