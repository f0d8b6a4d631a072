/* digits.c -- how far off results can be by rounding, and why. */
#include <math.h>
#include <string.h>

#include "check/rounding_cause.h"
#include "results/results.h"

enum
{
  SHARP = 64 /* elements of one result that each get a sweep of their own */
};

/* The value of a source in another run of the program. */
static const struct value *
source_in (const struct result_source *source, const struct run *run)
{
  const struct program *program = run->program;
  const struct noted *inputs = area_of (&run->inputs, struct noted), *wanted = area_of (&run->wanted, struct noted);
  const uint32_t *order = area_of (&run->input_order, uint32_t);
  for (size_t i = 0; i < program->wanted_count; i++)
    if (program->wanted[i].name == source->variable && program->wanted[i].line == source->line)
      return &wanted[i].value;
  for (size_t i = 0; i < area_count (&run->input_order, uint32_t); i++)
    if (area_of (&program->inputs, struct input)[order[i]].name == source->variable)
      return &inputs[order[i]].value;
  return NULL;
}

static void
keep_causes (struct results *results, struct certainty *certainty, const struct rounding_cause *causes, size_t count)
{
  certainty->causes = results_held_room (results, count, sizeof *certainty->causes);
  certainty->cause_count = count;
  for (size_t i = 0; i < count; i++)
    {
      struct cause *cause = (struct cause *)&certainty->causes[i];
      *cause = (struct cause){ rounding_kind_names[causes[i].kind], causes[i].op, causes[i].share, NULL, 0, 0 };
      if (!causes[i].span.start)
        continue;
      struct place place = sources_place (results->run->diagnostics->sources, causes[i].span.start);
      cause->file = place.source->name;
      cause->line = place.line;
      cause->column = place.column;
    }
}

/* Digits were asked for: where memory runs out on the way to them, the run ends. */
static void
ask_memory (const struct results *results)
{
  struct memory *memory = results->run->memory;
  if (memory->failure.what)
    memory_exhausted (memory, memory->failure.wanted, memory->failure.what);
}

/* What is known of a result whose elements are printed so and are, in the run that knows, `value` (NULL: not known).
   The two may have been found in different ways, so their difference counts as well. */
static struct certainty
find_certainty (struct results *results, struct rounding *rounding, const double *printed, size_t size,
                const struct value *value)
{
  struct certainty certainty = { .digits = DIGITS_OF_DOUBLE };
  double *bounds = results_held_room (results, size, sizeof *bounds);
  certainty.bounds = bounds;
  if (value)
    rounding_of_value (rounding, value, bounds);
  for (size_t i = 0; i < size; i++)
    {
      double sharp = value && size <= SHARP ? rounding_of_element (rounding, value, i) : INFINITY;
      bounds[i] = value ? fmin (bounds[i], sharp) + fabs (printed[i] - value_elements (value)[i]) : INFINITY;
      if (!isfinite (printed[i]) || isnan (bounds[i]))
        bounds[i] = INFINITY;
      int digits = report_certain_digits (printed[i], bounds[i]);
      bool worse = digits < certainty.digits || (digits == certainty.digits && bounds[i] > bounds[certainty.worst]);
      certainty.worst = worse ? i : certainty.worst;
      certainty.digits = worse ? digits : certainty.digits;
    }
  struct rounding_cause causes[ROUNDING_CAUSES];
  size_t count = value && size ? rounding_causes (rounding, value, certainty.worst, causes) : 0;
  ask_memory (results);
  keep_causes (results, &certainty, causes, count);
  return certainty;
}

void
results_digits (struct results *results)
{
  struct report *report = &results->report;
  size_t targets = report->target_count, sources = report->source_count;
  struct certainty *values = results_held_room (results, targets, sizeof *values);
  struct certainty *gradients = results_held_room (results, targets * sources, sizeof *gradients);
  struct points points;
  struct rounding rounding;
  points_open (&points, results->run, 0);
  results->run->memory->failure.what = NULL;
  bool known = rounding_open (&rounding, &points);
  const struct run *run = &rounding.again.run;
  rounding.beyond = true;
  ask_memory (results);
  for (size_t t = 0; t < targets; t++)
    {
      const struct quantity *target = &report->targets[t];
      const struct value *value = known ? area_of (&run->globals, struct value) + results->targets[t].slot : NULL;
      values[t] = find_certainty (results, &rounding, target->elements, shape_size (&target->shape), value);
      for (size_t s = 0; s < sources; s++)
        {
          const struct gradient *gradient = report_gradient (report, t, s);
          const struct value *source = known ? source_in (&results->sources[s], run) : NULL;
          struct value derivative;
          if (!gradient->elements)
            continue;
          bool found = source && rounding_derivative (&rounding, value, ROUNDING_ALL, source, &derivative);
          ask_memory (results);
          gradients[t * sources + s] = find_certainty (
            results, &rounding, gradient->elements, shape_size (&report->sources[s].shape), found ? &derivative : NULL);
        }
    }
  rounding_close (&rounding);
  points_close (&points);
  report->certain_values = values;
  report->certain_gradients = gradients;
}
