/* lanes.c -- runs a way on columns. */
#include "rows/lanes.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "ops/elementwise.h"

/* Lanes that have to be run by themselves, unless they go another way. */
static inline void
mark (unsigned char *fate)
{
  if (*fate == LANE_GOOD)
    *fate = LANE_ALONE;
}

/* A step that marks lanes. */
static void
run_mark (const struct lane_way *way, const struct lane_step *step, size_t count, unsigned char *fates)
{
  const double *a = way->columns[step->a], *b = way->columns[step->b], *c = way->columns[step->c];
  for (size_t i = 0; i < count; i++)
    switch (step->op)
      {
      case LANE_HOLDS:
      case LANE_FAILS:
        if ((a[i] != 0) == (step->op == LANE_FAILS) && fates[i] == LANE_GOOD)
          fates[i] = LANE_OTHER;
        break;
      case LANE_TRUE:
        if (a[i] == 0)
          mark (&fates[i]);
        break;
      case LANE_APART:
        if (a[i] == b[i])
          mark (&fates[i]);
        break;
      default:
        if (at_kink (step->to, a[i], b[i], c[i]))
          mark (&fates[i]);
      }
}

/* Marks the lanes in which a column that has to be finite is not: then no sum over it is. One may overflow without
   that, which costs a run that would not have to be. */
static void
mark_infinite (const struct lane_way *way, size_t count, unsigned char *fates)
{
  double sums[LANES] = { 0 };
  for (size_t k = 0; k < way->finite_count; k += FINITE_SET)
    {
      const double *a = way->columns[way->finite[k]], *b = way->columns[way->finite[k + 1]];
      const double *c = way->columns[way->finite[k + 2]], *d = way->columns[way->finite[k + 3]];
      /* A loop of known length has no rest, and is worth vectors to the compiler. */
      for (size_t i = 0; count == LANES && i < LANES; i++)
        sums[i] += a[i] + b[i] + (c[i] + d[i]);
      for (size_t i = 0; count < LANES && i < count; i++)
        sums[i] += a[i] + b[i] + (c[i] + d[i]);
    }
  double none = 0;
  for (size_t i = 0; i < count; i++)
    none += sums[i] - sums[i];
  for (size_t i = 0; none != 0 && i < count; i++)
    if (!isfinite (sums[i]))
      mark (&fates[i]);
}

void
lane_way_run (const struct lane_way *way, const double *numbers, size_t width, const uint16_t *which, size_t count,
              unsigned char *fates)
{
  memset (fates, LANE_GOOD, count);
  for (size_t k = 0; k < width; k++)
    for (size_t i = 0; i < count; i++)
      way->columns[k][i] = numbers[which[i] * width + k];
  for (size_t i = 0; i < way->step_count; i++)
    if (way->steps[i].op < OPS)
      lane_run (&kernels_exact, &way->steps[i], way->columns, count);
    else
      run_mark (way, &way->steps[i], count, fates);
  mark_infinite (way, count, fates);
}

/* What is added to a result: a derivative that is zero has no sign. */
static inline double
zero_of (const struct lane_way *way, size_t result)
{
  return way->is_value[result] ? -0.0 : 0.0;
}

void
lane_way_gather (const struct lane_way *way, size_t lane)
{
  for (size_t i = 0; i < way->result_count; i++)
    way->numbers[i] = way->columns[way->results[i]][lane] + zero_of (way, i);
}

void
lane_way_gather_result (const struct lane_way *way, size_t result, const uint16_t *lanes, size_t count,
                        double *restrict numbers)
{
  const double *from = way->columns[way->results[result]], zero = zero_of (way, result);
  bool are_all = count == LANES;
  for (size_t i = 0; are_all && i < LANES; i++)
    numbers[i] = from[i] + zero;
  for (size_t i = 0; !are_all && i < count; i++)
    numbers[i] = from[lanes[i]] + zero;
}

void
lane_way_free (struct lane_way *way)
{
  if (!way)
    return;
  heap_give ((void *)way->report.targets);
  heap_give ((void *)way->report.sources);
  heap_give ((void *)way->report.gradients);
  heap_give ((void *)way->report.along);
  heap_give (way->sum_name);
  heap_give (way->steps);
  heap_give (way->finite);
  heap_give (way->columns);
  heap_give (way->room);
  heap_give (way->results);
  heap_give (way->is_value);
  heap_give (way->numbers);
  heap_give (way);
}

void
lane_way_take_room (struct lane_way *way, struct memory *memory)
{
  way->room = heap_take_zeroed (memory, way->column_count * LANES, sizeof *way->room, "a record");
  way->columns = heap_take (memory, way->column_count, sizeof *way->columns, "a record");
  for (size_t i = 0; i < way->column_count; i++)
    way->columns[i] = way->room + i * LANES;
}

/* A block with what another one has. */
static void *
copy (struct memory *memory, const void *block, size_t count, size_t size)
{
  void *same = heap_take (memory, count, size, "a record");
  if (count)
    memcpy (same, block, count * size);
  return same;
}

/* Derivatives whose numbers are those of another way. */
static struct gradient *
copy_derivatives (const struct lane_way *way, const struct lane_way *same, const struct gradient *of_way, size_t count,
                  struct memory *memory)
{
  if (!of_way)
    return NULL;
  struct gradient *gradients = copy (memory, of_way, count, sizeof *gradients);
  for (size_t i = 0; i < count; i++)
    if (gradients[i].elements)
      gradients[i].elements = same->numbers + (gradients[i].elements - way->numbers);
  return gradients;
}

struct lane_way *
lane_way_copy (const struct lane_way *way, struct memory *memory)
{
  struct lane_way *same = copy (memory, way, 1, sizeof *way);
  struct report *report = &same->report;
  size_t targets = report->target_count, sources = report->source_count;
  struct quantity *target = copy (memory, report->targets, targets, sizeof *target);
  struct quantity *source = copy (memory, report->sources, sources, sizeof *source);
  lane_way_take_room (same, memory);
  memcpy (same->room, way->room, way->column_count * LANES * sizeof *way->room);
  same->numbers = copy (memory, way->numbers, way->result_count, sizeof *way->numbers);
  for (size_t t = 0; t < targets; t++)
    target[t].elements = same->numbers + (target[t].elements - way->numbers);
  for (size_t s = 0; s < sources; s++)
    source[s].elements = same->numbers;
  report->targets = target;
  report->sources = source;
  report->gradients = copy_derivatives (way, same, report->gradients, targets * sources, memory);
  report->along = copy_derivatives (way, same, report->along, targets, memory);
  return same;
}
