/* lane_results.c -- what a way reports: values of targets, adjoints of sources, changes along a direction. */
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "rows/lane_learn.h"

/* Adjoints or tangents of nodes, as far as they are reached. */
struct reached
{
  struct lane_value *numbers;
  bool *came;
};

static void
add_to (struct learner *learner, const struct reached *reached, uint32_t node, struct lane_value value)
{
  reached->numbers[node]
    = reached->came[node] ? lane_combine (&learner->writer, OP_add, reached->numbers[node], value) : value;
  reached->came[node] = true;
}

static void
clear (const struct learner *learner, const struct reached *reached)
{
  memset (reached->came, 0, tape_count (learner->run->tape) * sizeof *reached->came);
}

/* As the reverse sweep adds them up. */
static void
sweep_back (struct learner *learner, const struct reached *adjoints, uint32_t top)
{
  for (uint32_t node = top; node > 0; node--)
    for (uint32_t link = learner->starts[node]; adjoints->came[node] && link < learner->starts[node + 1]; link++)
      add_to (learner, adjoints, learner->links[link].node,
              lane_combine (&learner->writer, OP_multiply, adjoints->numbers[node], learner->links[link].weight));
}

/* As the forward sweep does. */
static void
sweep_ahead (struct learner *learner, const struct reached *tangents, uint32_t last)
{
  for (uint32_t node = 1; node <= last; node++)
    for (uint32_t link = learner->starts[node]; link < learner->starts[node + 1]; link++)
      if (tangents->came[learner->links[link].node])
        add_to (learner, tangents, node,
                lane_combine (&learner->writer, OP_multiply, tangents->numbers[learner->links[link].node],
                              learner->links[link].weight));
}

static void
add_result (struct learner *learner, struct lane_way *way, struct lane_value value, bool is_value)
{
  lane_mark_infinite (learner, value);
  learner->failed |= value.column == LANE_NONE && !isfinite (value.number);
  way->is_value[way->result_count] = is_value;
  way->results[way->result_count++] = lane_column (&learner->writer, value);
}

static struct lane_value
value_of (struct learner *learner, const struct result_target *target)
{
  return lane_get (learner, &area_of (&learner->run->globals, struct value)[target->slot]);
}

/* The gradient of targets from one on, of their sum where there are several. */
static void
learn_gradient (struct learner *learner, struct lane_way *way, const struct results *results, size_t first,
                size_t count, const struct reached *adjoints)
{
  size_t sources = results->report.source_count;
  const struct gradient *row = results->gradients + first * sources;
  uint32_t top = 0;
  clear (learner, adjoints);
  for (size_t t = first; t < first + count; t++)
    {
      const struct result_target *target = &results->targets[t];
      uint32_t node = target->value.node;
      double seed = target->seed ? target->seed->seed->elements[0] : 1;
      learner->failed |= !isfinite (seed);
      if (node)
        add_to (learner, adjoints, node, (struct lane_value){ LANE_NONE, seed });
      top = node > top ? node : top;
    }
  sweep_back (learner, adjoints, top);
  for (size_t s = 0; s < sources; s++)
    {
      uint32_t of = results->sources[s].value.node;
      bool there = row[s].elements;
      learner->failed |= there && !(of && adjoints->came[of]);
      add_result (learner, way, there && !learner->failed ? adjoints->numbers[of] : LANE_ZERO, false);
    }
}

/* The changes of all nodes along the direction. */
static void
learn_changes (struct learner *learner, const struct results *results, const struct reached *tangents)
{
  const struct result_options *options = learner->options;
  uint32_t last = 0;
  clear (learner, tangents);
  for (size_t i = 0; i < options->along_count; i++)
    {
      const struct value *input = results_find_input (results, &options->along[i]);
      learner->failed |= !value_is_number (input) || tangents->came[input->node];
      if (input->node)
        add_to (learner, tangents, input->node, (struct lane_value){ LANE_NONE, options->along[i].seed->elements[0] });
    }
  for (size_t t = 0; t < results->target_count; t++)
    last = results->targets[t].value.node > last ? results->targets[t].value.node : last;
  sweep_ahead (learner, tangents, last);
}

/* The sum of all targets as results_find () has it. */
static struct lane_value
sum_values (struct learner *learner, const struct results *results)
{
  struct lane_value sum = LANE_ZERO;
  for (size_t t = 0; t < results->target_count; t++)
    sum = lane_combine (&learner->writer, OP_add, sum, value_of (learner, &results->targets[t]));
  return sum;
}

void
lane_learn_results (struct learner *learner, struct lane_way *way, const struct results *results)
{
  struct memory *memory = learner->run->memory;
  const struct result_options *options = learner->options;
  const struct report *report = &results->report;
  size_t targets = report->target_count, nodes = tape_count (learner->run->tape);
  size_t each = 1 + (report->along ? 1 : report->gradients ? report->source_count : 0);
  const char *what = "a record";
  struct reached reached = { heap_take_zeroed (memory, nodes, sizeof *reached.numbers, what),
                             heap_take_zeroed (memory, nodes, sizeof *reached.came, what) };
  way->results = heap_take (memory, targets * each, sizeof *way->results, what);
  way->is_value = heap_take (memory, targets * each, sizeof *way->is_value, what);
  if (report->along)
    learn_changes (learner, results, &reached);
  for (size_t t = 0; t < targets; t++)
    {
      add_result (learner, way, options->sum ? sum_values (learner, results) : value_of (learner, &results->targets[t]),
                  true);
      uint32_t node = results->targets[t].value.node;
      if (report->along)
        add_result (learner, way, node && reached.came[node] ? reached.numbers[node] : LANE_ZERO, false);
      else if (report->gradients)
        learn_gradient (learner, way, results, t, options->sum ? results->target_count : 1, &reached);
    }
  heap_give (reached.numbers);
  heap_give (reached.came);
}

/* What a derivative is of a lane: as that of the run, but for where its number is. */
static struct gradient
keep_derivative (struct lane_way *way, const struct gradient *of_run, const double *number)
{
  struct gradient gradient = *of_run;
  way->is_whole &= gradient.elements != NULL;
  if (gradient.elements)
    gradient.elements = number;
  return gradient;
}

/* The report of a lane: as that of the run, but for its numbers. */
void
lane_keep_report (struct lane_way *way, const struct results *results, struct memory *memory)
{
  const struct report *report = &results->report;
  size_t targets = report->target_count, sources = report->source_count, used = 0;
  const char *what = "a record";
  struct quantity *target = heap_take (memory, targets, sizeof *target, what);
  struct quantity *source = heap_take (memory, sources, sizeof *source, what);
  struct gradient *gradients
    = report->gradients ? heap_take (memory, targets * sources, sizeof *gradients, what) : NULL;
  struct gradient *along = report->along ? heap_take (memory, targets, sizeof *along, what) : NULL;
  way->numbers = heap_take_zeroed (memory, way->result_count, sizeof *way->numbers, what);
  way->report = *report;
  way->is_whole = way->is_plain = true;
  for (size_t s = 0; s < sources; s++)
    {
      source[s] = report->sources[s];
      source[s].elements = way->numbers;
    }
  for (size_t t = 0; t < targets; t++)
    {
      target[t] = report->targets[t];
      target[t].elements = &way->numbers[used++];
      way->is_plain &= target[t].type == TYPE_REAL;
      if (along)
        along[t] = keep_derivative (way, &report->along[t], &way->numbers[used++]);
      for (size_t s = t * sources; gradients && s < (t + 1) * sources; s++)
        gradients[s] = keep_derivative (way, &results->gradients[s], &way->numbers[used++]);
    }
  if (results->sum_name)
    target[0].name = way->sum_name = heap_copy (memory, results->sum_name, strlen (results->sum_name), what);
  way->report.targets = target;
  way->report.sources = source;
  way->report.gradients = gradients;
  way->report.along = along;
  way->is_plain &= way->is_whole;
}

bool
lane_results_are_simple (const struct results *results)
{
  const struct report *report = &results->report;
  bool simple = true;
  for (size_t t = 0; t < results->target_count; t++)
    {
      const struct result_target *target = &results->targets[t];
      simple &= value_is_number (&target->value) && !(target->seed && target->seed->seed->shape.rank);
    }
  for (size_t s = 0; s < report->source_count; s++)
    simple &= value_is_number (&results->sources[s].value);
  return simple;
}
