/* sensitivity.c -- what changes of the sources come to in the targets: percent for percent, and standard deviations. */
#include <math.h>
#include <string.h>

#include "results/results.h"

/* Of a target that is summed its sum: elasticities are of what gradients are of. */
static double
sum_of (const struct quantity *quantity)
{
  double sum = 0;
  for (size_t i = 0; i < shape_size (&quantity->shape); i++)
    sum += quantity->elements[i];
  return sum;
}

/* gradient * at / value, also where the product leaves the range of doubles and the quotient does not. */
static double
elasticity (double gradient, double at, double value)
{
  double product = gradient * at;
  if (value == 0)
    return NAN;
  return isfinite (product) && fabs (product) >= 0x1p-1022 ? product / value : gradient / value * at;
}

void
results_elasticity (struct results *results)
{
  struct report *report = &results->report;
  size_t targets = results->sum_name ? 1 : report->target_count;
  report->measure = MEASURE_ELASTICITY;
  for (size_t t = 0; t < targets; t++)
    {
      const struct quantity *target = &report->targets[t];
      double value = sum_of (target);
      if (value == 0)
        warn (results->run->diagnostics, WARNING_DOMAIN, NULL, results_span (results->run, &results->targets[t]),
              "%s is 0, of which there are no percents; its elasticities are NaN", target->name);
      for (size_t s = 0; s < report->source_count; s++)
        {
          struct gradient *gradient = &results->gradients[t * report->source_count + s];
          const double *at = report->sources[s].elements;
          size_t size = gradient->elements ? shape_size (&report->sources[s].shape) : 0;
          double *elements = results_held_room (results, size, sizeof (double));
          for (size_t i = 0; i < size; i++)
            elements[i] = elasticity (gradient->elements[i], at[i], value);
          if (gradient->elements)
            gradient->elements = elements;
        }
    }
}

/* The deviation that is given for a source; the last of several counts. Ends the run when it cannot be one. */
static const struct array *
find_deviation (const struct results *results, const struct quantity *source, const struct result_options *options)
{
  struct diagnostics *diagnostics = results->run->diagnostics;
  size_t given = options->uncertain_count;
  while (strcmp (options->uncertain[--given].name, source->name) != 0)
    ;
  const struct array *deviation = options->uncertain[given].seed;
  char wanted[SHAPE_TEXT], found[SHAPE_TEXT];
  if (deviation->shape.rank && !shape_equal (&source->shape, &deviation->shape))
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--uncertainty: %s %s%s%s, the standard deviation has shape (%s)", source->name,
                   source->shape.rank ? "has shape (" : "is a number",
                   source->shape.rank ? shape_text (wanted, &source->shape) : "", source->shape.rank ? ")" : "",
                   shape_text (found, &deviation->shape));
  for (size_t i = 0; i < shape_size (&deviation->shape); i++)
    if (!(deviation->elements[i] >= 0 && isfinite (deviation->elements[i])))
      diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE,
                     "--uncertainty: the standard deviation of %s is %g; it has to be a number from 0 on", source->name,
                     deviation->elements[i]);
  return deviation;
}

void
results_choose_uncertain (struct results *results, const struct result_options *options)
{
  size_t kept = 0;
  for (size_t s = 0; s < results->report.source_count; s++)
    for (size_t i = 0; i < options->uncertain_count; i++)
      if (strcmp (results->sources[s].name, options->uncertain[i].name) == 0)
        {
          results->sources[kept++] = results->sources[s];
          break;
        }
  results->report.source_count = kept;
}

/* The deviation of one element of a target, and what part of its square is of each source. Scaled by a power of 2 near
   the largest contribution, so that no square leaves the range of doubles. */
static void
find_shares (struct results *results, size_t target, size_t element, const double *deviations, double *squares)
{
  const struct report *report = &results->report;
  const struct entries *entries = &results->jacobians[target];
  size_t begin = entries->starts[element], end = entries->starts[element + 1];
  double largest = 0, total = 0;
  int exponent = 0;
  for (size_t k = begin; k < end; k++)
    {
      double change = fabs (entries->values[k] * deviations[entries->columns[k]]);
      largest = isnan (change) || isnan (largest) ? NAN : fmax (largest, change);
    }
  if (isfinite (largest))
    frexp (largest, &exponent);
  memset (squares, 0, report->source_count * sizeof *squares);
  for (size_t k = begin; k < end && isfinite (largest); k++)
    {
      double change = ldexp (entries->values[k] * deviations[entries->columns[k]], -exponent);
      squares[report_source_of (report, entries, entries->columns[k])] += change * change;
      total += change * change;
    }
  ((double *)results->along[target].elements)[element] = isfinite (largest) ? ldexp (sqrt (total), exponent) : largest;
  for (size_t s = 0; s < report->source_count; s++)
    {
      double *share = (double *)results->gradients[target * report->source_count + s].elements;
      if (share)
        share[element] = largest == 0 ? 0 : isfinite (largest) ? squares[s] / total : NAN;
    }
}

void
results_uncertainty (struct results *results, const struct result_options *options)
{
  struct report *report = &results->report;
  struct result_options sparse = *options;
  size_t columns = 0, column = 0;
  sparse.sparse = report->jacobian = true;
  results_jacobian (results, &sparse);
  report->jacobians = NULL;
  report->sparse = report->jacobian = false;
  report->measure = MEASURE_SHARE;
  for (size_t s = 0; s < report->source_count; s++)
    columns += shape_size (&report->sources[s].shape);
  double *deviations = results_held_room (results, columns, sizeof *deviations);
  double *squares = results_held_room (results, report->source_count, sizeof *squares);
  for (size_t s = 0; s < report->source_count; s++)
    {
      const struct array *deviation = find_deviation (results, &report->sources[s], options);
      for (size_t i = 0; i < shape_size (&report->sources[s].shape); i++)
        deviations[column++] = deviation->elements[deviation->shape.rank ? i : 0];
    }
  for (size_t t = 0; t < report->target_count; t++)
    {
      size_t rows = shape_size (&report->targets[t].shape);
      results->along[t].elements = results_held_room (results, rows, sizeof (double));
      for (size_t s = 0; s < report->source_count; s++)
        {
          struct gradient *share = &results->gradients[t * report->source_count + s];
          if (share->elements)
            share->elements = results_held_room (results, rows, sizeof (double));
        }
      for (size_t i = 0; i < rows && results->targets[t].value.node; i++)
        find_shares (results, t, i, deviations, squares);
    }
  report->along = results->along;
}
