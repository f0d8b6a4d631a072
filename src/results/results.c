/* results.c -- from a run and its sweeps to what is reported. */
#include "results/results.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"

static void *
allocate (struct run *run, size_t count, size_t size)
{
  return heap_take_zeroed (run->memory, count, size, "the results");
}

/* Whether a text stands in the table already; it does from now on. */
static bool
is_known (struct names *seen, const char *text)
{
  size_t count = names_count (seen);
  return names_intern (seen, text, strlen (text)) < count;
}

static void
find_targets (struct results *results)
{
  struct run *run = results->run;
  const struct program *program = run->program;
  const struct target *given = area_of (&program->targets, struct target);
  size_t count = area_count (&program->targets, struct target);
  const struct value *globals = area_of (&run->globals, struct value);
  char text[VALUE_TEXT];
  struct names seen = { 0 };
  if (count > 1)
    names_open (&seen, run->memory);
  results->targets = allocate (run, count ? count : 1, sizeof *results->targets);
  if (count == 0 && run->last == UINT32_MAX)
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE, "the program computes no number to differentiate");
  for (size_t i = 0; i < (count ? count : 1); i++)
    {
      struct result_target *target = &results->targets[results->report.target_count];
      target->variable = UINT32_MAX;
      if (count)
        {
          *target = (struct result_target){ globals[given[i].slot & REGISTER_MASK],
                                            given[i].name,
                                            given[i].is_expression,
                                            given[i].slot & REGISTER_MASK,
                                            given[i].span,
                                            UINT32_MAX,
                                            NULL };
          uint32_t name = names_find (program->names, given[i].name, strlen (given[i].name));
          if (!given[i].is_expression && name != UINT32_MAX)
            target->variable = name;
        }
      else
        {
          target->value = globals[run->last];
          target->slot = run->last;
          for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
            if (program_variable (program, name)->slot == run->last)
              {
                target->variable = name;
                target->name = names_text (program->names, name);
              }
        }
      if (!value_is_numeric (&target->value))
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, results_span (run, target),
                       "%s is %s, not a number or an array", target->name, value_describe (text, &target->value));
      /* A target that is named twice is one target. */
      results->report.target_count += count < 2 || !is_known (&seen, target->name);
    }
  names_close (&seen);
}

static void
find_sources (struct results *results)
{
  struct run *run = results->run;
  const struct program *program = run->program;
  const struct noted *inputs = area_of (&run->inputs, struct noted), *wanted = area_of (&run->wanted, struct noted);
  const uint32_t *order = area_of (&run->input_order, uint32_t);
  size_t count = program->wanted_count ? program->wanted_count : area_count (&run->input_order, uint32_t);
  struct names seen = { 0 };
  if (program->wanted_count > 1)
    names_open (&seen, run->memory);
  results->sources = allocate (run, count, sizeof *results->sources);
  for (size_t i = 0; i < count; i++)
    {
      struct result_source *source = &results->sources[results->report.source_count];
      if (program->wanted_count)
        *source = (struct result_source){ wanted[i].value, program->wanted[i].text, program->wanted[i].name,
                                          program->wanted[i].line };
      else
        {
          uint32_t name = area_of (&program->inputs, struct input)[order[i]].name;
          *source = (struct result_source){ inputs[order[i]].value, names_text (program->names, name), name, 0 };
        }
      if (program_variable (program, source->variable)->flags & VARIABLE_CONST)
        source->value.node = 0;
      results->report.source_count += program->wanted_count < 2 || !is_known (&seen, source->name);
    }
  names_close (&seen);
}

static struct quantity
quantity_of (const char *name, bool is_expression, const struct value *value)
{
  static const double nothing = NAN;
  if (!value_is_numeric (value))
    return (struct quantity){ .name = name, .is_expression = is_expression, .elements = &nothing };
  return (struct quantity){ name, is_expression, value_type (value), value_shape (value), value_elements (value) };
}

/* One sweep, from targets first ... first + count - 1, into one row of gradients. */
static void
sweep (struct results *results, size_t first, size_t count, struct gradient *row, const uint32_t *keep,
       size_t keep_count)
{
  struct run *run = results->run;
  struct reverse reverse;
  struct array *room = results_room (results, count, sizeof (uint32_t));
  uint32_t *seeds = (uint32_t *)room->elements;
  size_t seed_count = 0;
  reverse_open (&reverse, run->tape, keep, keep_count);
  for (size_t i = first; i < first + count; i++)
    if (results->targets[i].value.node)
      {
        results_seed_target (results, &reverse, &results->targets[i]);
        seeds[seed_count++] = results->targets[i].value.node;
      }
  reverse_run (&reverse);
  for (size_t s = 0; s < results->report.source_count; s++)
    {
      const struct value *value = &results->sources[s].value;
      if (!value->node || !seed_count || !reverse_reaches (&reverse, value->node, seeds, seed_count))
        continue;
      struct shape shape = value_shape (value);
      struct array *array = array_new (run->arrays, TYPE_REAL, &shape);
      reverse_read (&reverse, value->node, array->size, array->elements);
      row[s].elements = array->elements;
    }
  reverse_close (&reverse);
  array_drop (run->arrays, room);
}

/* The sum of all targets' elements as the only value, named by them joined with +. */
static void
sum_targets (struct results *results)
{
  struct run *run = results->run;
  size_t length = 1;
  for (size_t i = 0; i < results->report.target_count; i++)
    length += strlen (results->targets[i].name) + 1;
  results->sum_name = allocate (run, length, 1);
  struct array *total = array_new (run->arrays, TYPE_REAL, &(struct shape){ .rank = 0 });
  total->elements[0] = 0;
  for (size_t i = 0; i < results->report.target_count; i++)
    {
      strcat (results->sum_name, i ? "+" : "");
      strcat (results->sum_name, results->targets[i].name);
      const double *elements = value_elements (&results->targets[i].value);
      for (size_t k = 0; k < value_size (&results->targets[i].value); k++)
        total->elements[0] += elements[k];
    }
  results->target_quantities[0]
    = (struct quantity){ .name = results->sum_name,
                         .is_expression = results->report.target_count > 1 || results->targets[0].is_expression,
                         .elements = total->elements };
}

static void
find_seeds (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct names names; /* of the targets, in their order */
  if (!options->upstream_count)
    return;
  names_open (&names, run->memory);
  for (size_t i = 0; i < results->report.target_count; i++)
    names_intern (&names, results->targets[i].name, strlen (results->targets[i].name));
  for (size_t k = 0; k < options->upstream_count; k++)
    {
      struct upstream *upstream = &options->upstream[k];
      uint32_t i = names_find (&names, upstream->name, strlen (upstream->name));
      if (i == UINT32_MAX)
        continue;
      struct shape shape = value_shape (&results->targets[i].value);
      char wanted[SHAPE_TEXT], given[SHAPE_TEXT];
      if (upstream->seed->shape.rank && !shape_equal (&shape, &upstream->seed->shape))
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE, "-u: %s %s%s%s, the seed has shape (%s)",
                       upstream->name, shape.rank ? "has shape (" : "is a number",
                       shape.rank ? shape_text (wanted, &shape) : "", shape.rank ? ")" : "",
                       shape_text (given, &upstream->seed->shape));
      results->targets[i].seed = upstream;
      upstream->used = true;
    }
  names_close (&names);
  for (size_t k = 0; k < options->upstream_count; k++)
    if (!options->upstream[k].used)
      {
        char list[400] = "";
        for (size_t i = 0;
             i < results->report.target_count && strlen (list) + strlen (results->targets[i].name) + 3 < sizeof list;
             i++)
          {
            strcat (list, i ? ", " : "");
            strcat (list, results->targets[i].name);
          }
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE, "-u: '%s' is not a target (targets: %s)",
                       options->upstream[k].name, list);
      }
}

/* Gives back the large arrays of variables that are no targets: sources have theirs by themselves, and what a sweep
   needs the tape has. So adjoints take their places. */
static void
drop_variables (struct results *results)
{
  enum
  {
    WORTH = 64 << 10 /* bytes */
  };
  struct run *run = results->run;
  struct value *globals = area_of (&run->globals, struct value);
  const struct area *areas[] = { &run->globals, &run->registers };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    for (struct value *value = area_of (areas[i], struct value), *end = value + area_count (areas[i], struct value);
         value < end; value++)
      {
        bool asked = value->kind != KIND_ARRAY || value->array->bytes < WORTH;
        for (size_t t = 0; !asked && t < results->report.target_count; t++)
          asked = value == globals + results->targets[t].slot;
        if (!asked)
          value_set (run, value, (struct value){ 0 });
      }
}

void
results_find (struct results *results, struct run *run, const struct result_options *options)
{
  *results = (struct results){ .run = run };
  struct report *report = &results->report;
  find_targets (results);
  find_sources (results);
  if (options->uncertain_count)
    results_choose_uncertain (results, options);
  find_seeds (results, options);
  size_t targets = report->target_count, sources = report->source_count;
  results->target_count = targets;
  results->target_quantities = allocate (run, targets, sizeof (struct quantity));
  results->source_quantities = allocate (run, sources, sizeof (struct quantity));
  results->gradients = allocate (run, targets * sources, sizeof (struct gradient));
  results->along = allocate (run, targets, sizeof (struct gradient));
  results->hessians = allocate (run, targets, sizeof (struct entries));
  results->jacobians = allocate (run, targets, sizeof (struct entries));
  for (size_t i = 0; i < targets; i++)
    results->target_quantities[i]
      = quantity_of (results->targets[i].name, results->targets[i].is_expression, &results->targets[i].value);
  for (size_t s = 0; s < sources; s++)
    results->source_quantities[s] = quantity_of (results->sources[s].name, false, &results->sources[s].value);
  report->targets = results->target_quantities;
  report->sources = results->source_quantities;
  report->jacobian = options->jacobian;
  if (options->sum)
    sum_targets (results);
  results_need_rows (results);
  if (options->along_count)
    results_along (results, options);
  else if (options->uncertain_count)
    results_uncertainty (results, options);
  else if (options->hessian)
    results_hessian (results, options);
  else if (options->jacobian && !options->sum)
    results_jacobian (results, options);
  else if (!options->value_only)
    {
      if (run->purpose == PURPOSE_GRADIENTS)
        drop_variables (results);
      struct array *room = results_room (results, sources, sizeof (uint32_t));
      uint32_t *keep = (uint32_t *)room->elements;
      size_t keep_count = 0;
      for (size_t s = 0; s < sources; s++)
        if (results->sources[s].value.node)
          keep[keep_count++] = results->sources[s].value.node;
      reverse_sort (keep, keep_count);
      if (options->sum)
        sweep (results, 0, targets, results->gradients, keep, keep_count);
      else
        for (size_t i = 0; i < targets; i++)
          sweep (results, i, 1, results->gradients + i * sources, keep, keep_count);
      array_drop (run->arrays, room);
      report->gradients = results->gradients;
    }
  if (options->elasticity)
    results_elasticity (results);
  if (options->digits)
    results_digits (results);
  if (options->formulas)
    results_formulas (results, options);
  if (options->derivation)
    results_derivations (results, options);
  if (options->watch)
    results_graphs (results, options);
  if (options->sum)
    report->target_count = 1;
}

void
results_close (struct results *results)
{
  void *blocks[] = { results->targets, results->sources,  results->target_quantities, results->source_quantities,
                     results->along,   results->hessians, results->jacobians,         results->gradients,
                     results->sum_name };
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
    heap_give (blocks[i]);
  *results = (struct results){ 0 };
}

bool
results_are_finite (const struct results *results)
{
  const struct report *report = &results->report;
  bool finite = true;
  for (size_t i = 0; i < report->target_count; i++)
    finite &= elements_are_finite (report->targets[i].elements, shape_size (&report->targets[i].shape));
  for (size_t i = 0; report->gradients && i < report->target_count * report->source_count; i++)
    {
      const struct gradient *gradient = &report->gradients[i];
      struct shape shape = report_shape (report, i / report->source_count, i % report->source_count);
      size_t size = report->jacobians || !gradient->elements ? 0 : shape_size (&shape);
      finite &= elements_are_finite (gradient->elements, size);
    }
  for (size_t i = 0; report->along && i < report->target_count; i++)
    finite &= elements_are_finite (report->along[i].elements,
                                   report->along[i].elements ? shape_size (&report->targets[i].shape) : 0);
  const struct entries *entries = report->hessians ? report->hessians : report->jacobians;
  for (size_t i = 0; entries && i < report->target_count; i++)
    finite &= elements_are_finite (entries[i].values, entries[i].starts[entries[i].rows]);
  return finite;
}

bool
results_are_complete (const struct results *results)
{
  const struct report *report = &results->report;
  bool complete = results_are_finite (results);
  for (size_t i = 0; report->gradients && i < report->target_count * report->source_count; i++)
    complete &= report->gradients[i].elements != NULL;
  for (size_t i = 0; report->along && i < report->target_count; i++)
    complete &= report->along[i].elements != NULL;
  return complete;
}

void
results_mark (const struct results *results, bool *slots)
{
  for (size_t i = 0; i < results->target_count; i++)
    slots[results->targets[i].slot] = true;
  for (size_t s = 0; results->report.gradients && s < results->report.source_count; s++)
    {
      uint32_t slot = program_variable (results->run->program, results->sources[s].variable)->slot;
      if (slot != UINT32_MAX)
        slots[slot] = true;
    }
}
