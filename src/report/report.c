/* report.c -- what stands where in a report. */
#include "report/report.h"

#include <math.h>

const struct gradient *
report_gradient (const struct report *report, size_t target, size_t source)
{
  return &report->gradients[target * report->source_count + source];
}

struct shape
report_shape (const struct report *report, size_t target, size_t source)
{
  const struct shape *shape = &report->sources[source].shape;
  if (report->measure == MEASURE_SHARE)
    return report->targets[target].shape;
  return report->jacobian ? shape_join (&report->targets[target].shape, shape) : *shape;
}

size_t
report_column_sources (const struct report *report)
{
  return report->gradients && report->measure != MEASURE_SHARE ? report->source_count : 0;
}

bool
report_is_column (const struct report *report, const struct shape *shape)
{
  bool any = false;
  for (size_t i = 0; i < report->target_count; i++)
    any |= report->targets[i].shape.rank > 0;
  for (size_t s = 0; s < report_column_sources (report); s++)
    any |= report->sources[s].shape.rank > 0;
  return !any || shape->rank > 0;
}

int
report_certain_digits (double number, double bound)
{
  if (bound == 0)
    return DIGITS_OF_DOUBLE;
  double digits = floor (-log10 (bound / fabs (number)));
  return !(digits > 0) ? 0 : digits > DIGITS_OF_DOUBLE ? DIGITS_OF_DOUBLE : (int)digits;
}

struct shape
report_pair_shape (const struct report *report, size_t first, size_t second)
{
  return shape_join (&report->sources[first].shape, &report->sources[second].shape);
}

bool
report_has_pair (const struct report *report, size_t target, size_t first, size_t second)
{
  return report_gradient (report, target, first)->elements && report_gradient (report, target, second)->elements;
}

size_t
report_source_of (const struct report *report, const struct entries *entries, size_t column)
{
  size_t low = 0, high = report->source_count;
  /* Of sources without elements the last one starts at the same place. */
  while (high - low > 1)
    {
      size_t middle = low + (high - low) / 2;
      if (entries->offsets[middle] <= column)
        low = middle;
      else
        high = middle;
    }
  return low;
}

bool
report_next_entry (const struct report *report, size_t target, struct entry *entry)
{
  bool second = report->hessians;
  const struct entries *entries = second ? &report->hessians[target] : &report->jacobians[target];
  for (size_t row = entry->row; row < entries->rows; row++)
    while (entry->next < entries->starts[row + 1])
      {
        size_t at = entry->next++, column = entries->columns[at];
        entry->row = row;
        entry->source[0] = second ? report_source_of (report, entries, row) : 0;
        entry->source[1] = report_source_of (report, entries, column);
        entry->element[0] = second ? row - entries->offsets[entry->source[0]] : row;
        entry->element[1] = column - entries->offsets[entry->source[1]];
        entry->value = &entries->values[at];
        if (!second || report_has_pair (report, target, entry->source[0], entry->source[1]))
          return true;
      }
  return false;
}
