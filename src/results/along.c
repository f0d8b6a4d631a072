/* along.c -- changes of targets in a direction. */
#include <assert.h>
#include <string.h>

#include "results/results.h"

const struct value *
results_find_input (const struct results *results, const struct upstream *change)
{
  struct run *run = results->run;
  const struct program *program = run->program;
  const struct noted *inputs = area_of (&run->inputs, struct noted);
  const uint32_t *order = area_of (&run->input_order, uint32_t);
  for (size_t i = 0; i < area_count (&run->input_order, uint32_t); i++)
    {
      const char *name = names_text (program->names, area_of (&program->inputs, struct input)[order[i]].name);
      const struct value *value = &inputs[order[i]].value;
      struct shape shape = value_shape (value);
      char wanted[SHAPE_TEXT], given[SHAPE_TEXT];
      if (strcmp (name, change->name) != 0)
        continue;
      if (change->seed->shape.rank && !shape_equal (&shape, &change->seed->shape))
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE,
                       "--along: %s %s%s%s, the change has shape (%s)", name,
                       shape.rank ? "has shape (" : "is a number", shape.rank ? shape_text (wanted, &shape) : "",
                       shape.rank ? ")" : "", shape_text (given, &change->seed->shape));
      return value;
    }
  assert (false && "an input");
  return NULL;
}

/* The change of one element of a target as the reverse sweep defines it: its gradient times the direction. */
static double
along_by_reverse (struct results *results, size_t target, size_t element, const struct result_options *options)
{
  struct arrays *arrays = results->run->arrays;
  struct array *keep_room = results_room (results, options->along_count, sizeof (uint32_t));
  double change = 0;
  uint32_t *keep = (uint32_t *)keep_room->elements;
  size_t kept = 0;
  for (size_t i = 0; i < options->along_count; i++)
    keep[kept++] = results_find_input (results, &options->along[i])->node;
  reverse_sort (keep, kept);
  struct reverse reverse;
  results_sweep (results, &results->targets[target], element, &reverse, keep, kept);
  for (size_t i = 0; i < options->along_count; i++)
    {
      const struct value *input = results_find_input (results, &options->along[i]);
      const struct array *direction = options->along[i].seed;
      size_t count = value_size (input);
      struct array *room = results_room (results, count, sizeof (double));
      double *gradient = room->elements;
      reverse_read (&reverse, input->node, count, gradient);
      for (size_t k = 0; k < count; k++)
        {
          double step = direction->elements[direction->shape.rank ? k : 0];
          change += step == 0 ? 0 : gradient[k] * step;
        }
      array_drop (arrays, room);
    }
  reverse_close (&reverse);
  array_drop (arrays, keep_room);
  return change;
}

void
results_seed_direction (const struct results *results, const struct result_options *options, struct forward *forward)
{
  for (size_t i = 0; i < options->along_count; i++)
    {
      const struct value *input = results_find_input (results, &options->along[i]);
      const struct array *direction = options->along[i].seed;
      size_t count = value_size (input);
      struct array *room = results_room (results, count, sizeof (double));
      double *change = room->elements;
      for (size_t k = 0; k < count; k++)
        change[k] = direction->elements[direction->shape.rank ? k : 0];
      if (input->node)
        forward_seed (forward, input->node, change);
      array_drop (results->run->arrays, room);
    }
}

void
results_along (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct report *report = &results->report;
  struct forward forward;
  uint32_t last = 0;
  for (size_t i = 0; i < options->along_count; i++)
    results_find_input (results, &options->along[i]);
  for (size_t t = 0; t < report->target_count; t++)
    last = results->targets[t].value.node > last ? results->targets[t].value.node : last;
  forward_open (&forward, run->tape);
  results_seed_direction (results, options, &forward);
  forward_run (&forward, last);
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct value *value = &results->targets[t].value;
      struct shape shape = value_shape (value);
      if (!value->node)
        continue;
      struct array *array = array_new (run->arrays, TYPE_REAL, &shape);
      forward_read (&forward, value->node, array->size, array->elements);
      bool finite = elements_are_finite (value_elements (value), array->size)
                    && elements_are_finite (array->elements, array->size) && !run->suspicious && !run->tape->unbounded;
      for (size_t i = 0; i < array->size; i++)
        array->elements[i] = finite ? array->elements[i] + 0.0 : along_by_reverse (results, t, i, options);
      results->along[t].elements = array->elements;
    }
  forward_close (&forward);
  report->along = results->along;
}
