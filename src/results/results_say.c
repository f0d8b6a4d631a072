/* results_say.c -- what a reader should know of results: sums, reasons of what is missing, trouble. */
#include <math.h>

#include "explain/steep.h"
#include "explain/trouble.h"
#include "explain/why.h"
#include "results/results.h"

enum
{
  TEXT = 200 /* bytes of what is said of one kind of trouble */
};

static bool
has (const double *elements, size_t size, bool nan)
{
  for (size_t i = 0; elements && i < size; i++)
    if (nan ? isnan (elements[i]) : isinf (elements[i]))
      return true;
  return false;
}

/* Says which results are NaN (or infinite): "nll and 1 gradient are NaN". `became`, if not NULL, is for the
   gradients alone: "dd/dx". */
static void
say_which (const struct report *report, bool nan, char text[TEXT], char *became)
{
  const char *word = nan ? "NaN" : "infinite", *target_name = NULL;
  size_t targets = 0, gradients = 0;
  *text = 0;
  if (became)
    *became = 0;
  for (size_t i = 0; i < report->target_count; i++)
    if (has (report->targets[i].elements, shape_size (&report->targets[i].shape), nan))
      {
        targets++;
        target_name = target_name ? target_name : report->targets[i].name;
      }
  for (size_t i = 0; report->gradients && i < report->target_count * report->source_count; i++)
    {
      const struct quantity *source = &report->sources[i % report->source_count];
      const struct quantity *target = &report->targets[i / report->source_count];
      struct shape shape = report_shape (report, i / report->source_count, i % report->source_count);
      /* Of a sparse Jacobian there is but a mark that it is connected. */
      if (!has (report->gradients[i].elements, report->jacobians ? 1 : shape_size (&shape), nan))
        continue;
      if (became && gradients++ == 0)
        snprintf (became, TEXT, target->is_expression ? "d(%.60s)/d%.60s" : "d%.60s/d%.60s", target->name,
                  source->name);
      else if (!became)
        gradients++;
    }
  if (became && gradients > 1)
    snprintf (became, TEXT, "%zu gradients", gradients);
  size_t used = 0;
  if (targets == 1)
    used = (size_t)snprintf (text, TEXT, "%.60s", target_name);
  else if (targets)
    used = (size_t)snprintf (text, TEXT, "%zu targets", targets);
  if (gradients)
    used += (size_t)snprintf (text + used, TEXT - used, "%s%zu gradient%s", targets ? " and " : "", gradients,
                              gradients == 1 ? "" : "s");
  if (targets || gradients)
    snprintf (text + used, TEXT - used, " %s %s", targets + gradients == 1 ? "is" : "are", word);
}

/* Whether a target and its gradient in one element of all sources are finite. */
static bool
first_is_finite (const struct report *report, size_t target, size_t element)
{
  const struct entries *hessian = &report->hessians[target];
  size_t source = report_source_of (report, hessian, element);
  const double *gradient = report->gradients[target * report->source_count + source].elements;
  const struct quantity *quantity = &report->targets[target];
  return (!gradient || isfinite (gradient[element - hessian->offsets[source]]))
         && elements_are_finite (quantity->elements, shape_size (&quantity->shape));
}

/* Says which second derivatives are not finite though the first are: "2 second derivatives are NaN", or nothing. Each
   pair of elements counts once. */
static void
say_seconds (const struct report *report, char text[TEXT])
{
  size_t nan = 0, infinite = 0;
  *text = 0;
  for (size_t t = 0; report->hessians && t < report->target_count; t++)
    {
      const struct entries *hessian = &report->hessians[t];
      for (size_t i = 0; i < hessian->rows; i++)
        for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
          if (!isfinite (hessian->values[k]) && first_is_finite (report, t, i)
              && first_is_finite (report, t, hessian->columns[k]))
            isnan (hessian->values[k]) ? nan++ : infinite++;
    }
  size_t count = nan ? nan : infinite;
  if (count)
    snprintf (text, TEXT, "%zu second derivative%s %s", count, count == 1 ? " is" : "s are", nan ? "NaN" : "infinite");
}

void
results_trouble (const struct results *results)
{
  enum
  {
    TARGETS = 16
  };
  const struct report *report = &results->report;
  uint32_t targets[TARGETS];
  size_t count = 0;
  char nan[TEXT], infinite[TEXT], became[TEXT], seconds[TEXT];
  say_which (report, true, nan, became);
  say_which (report, false, infinite, NULL);
  say_seconds (report, seconds);
  bool broken = *nan || *infinite;
  if (!broken && !*seconds && (!results->run->suspicious || !report->gradients))
    return;
  /* With --sum the report has one target, the run more. */
  for (size_t i = 0; i < results->target_count && count < TARGETS; i++)
    targets[count++] = results->targets[i].slot;
  struct trouble trouble = { results->run, targets, count, nan, infinite, became, !report->gradients };
  if (broken || (results->run->suspicious && report->gradients))
    trouble_explain (&trouble);
  if (*seconds)
    steep_explain (&trouble, seconds);
}

/* Says why a target does not depend on a source, and keeps it for the report. */
static void
explain_missing (struct results *results, struct why *why, size_t i, size_t s)
{
  const struct report *report = &results->report;
  const struct result_target *target = &results->targets[i];
  const struct result_source *source = &results->sources[s];
  struct diagnostics *diagnostics = results->run->diagnostics;
  struct gradient *gradient = &results->gradients[i * report->source_count + s];
  struct question question
    = { report->targets[i].name, target->slot, target->value.node, s, source->name, source->value };
  struct reason reason = why_find (why, &question);
  gradient->why = reason.code;
  gradient->message = reason.message;
  if (reason.span.start)
    {
      struct place place = sources_place (diagnostics->sources, reason.span.start);
      gradient->file = place.source->name;
      gradient->line = place.line;
      gradient->column = place.column;
    }
  diagnose (diagnostics, SEVERITY_NOTE, reason.span, "%s", reason.message);
}

/* Whether a gradient is missing anywhere. */
static bool
is_missing (const struct results *results)
{
  const struct report *report = &results->report;
  for (size_t i = 0; report->gradients && i < report->target_count * report->source_count; i++)
    if (!results->gradients[i].elements)
      return true;
  return false;
}

static void
note_sum (const struct results *results, size_t i)
{
  const struct report *report = &results->report;
  const struct result_target *target = &results->targets[i];
  if (report->gradients && !report->jacobian && target->value.kind == KIND_ARRAY && !target->seed
      && target->value.array->size != 1 && report->source_count && !results->sum_name
      && report->measure != MEASURE_SHARE)
    diagnose (results->run->diagnostics, SEVERITY_NOTE, results_span (results->run, target),
              "%s has %zu elements; the %s is that of their sum", target->name, target->value.array->size,
              report->measure == MEASURE_ELASTICITY ? "elasticity" : "gradient");
}

void
results_explain (struct results *results, bool silent)
{
  struct run *run = results->run;
  const struct report *report = &results->report;
  bool asks = !silent && is_missing (results);
  struct why why;
  struct area asked;
  area_open (&asked, run->memory, report->source_count * sizeof (struct flow_source), "the explanation");
  for (size_t s = 0; asks && s < report->source_count; s++)
    *area_add (&asked, struct flow_source)
      = (struct flow_source){ results->sources[s].variable, results->sources[s].line };
  if (asks)
    why_open (&why, run->program, run->diagnostics, &run->files, area_of (&asked, struct flow_source),
              report->source_count);
  for (size_t i = 0; i < report->target_count; i++)
    {
      if (!results->is_known)
        note_sum (results, i);
      for (size_t s = 0; asks && s < report->source_count; s++)
        if (!results->gradients[i * report->source_count + s].elements)
          explain_missing (results, &why, i, s);
    }
  if (asks)
    why_close (&why);
  area_close (&asked);
}

/* The name of data without any element that the program read, or NULL. */
static const char *
name_of_nothing (const struct run *run)
{
  const struct program *program = run->program;
  const struct loaded *files = area_of (&run->files, struct loaded);
  for (size_t i = 0; i < area_count (&run->files, struct loaded); i++)
    if (!files[i].array->size)
      return files[i].path;
  for (size_t i = 0; i < program->definition_count; i++)
    if (program->definitions[i].of_file && !program->definitions[i].array->size)
      return names_text (program->names, program->definitions[i].name);
  return NULL;
}

void
results_need_rows (const struct results *results)
{
  const struct report *report = &results->report;
  const char *name = name_of_nothing (results->run);
  for (size_t i = 0; name && i < report->target_count; i++)
    if (has (report->targets[i].elements, shape_size (&report->targets[i].shape), true))
      diagnose_stop (results->run->diagnostics, STATUS_WORLD, NOWHERE, "the data of %s has no rows: %s is NaN", name,
                     report->targets[i].name);
}

/* The place of the program's last assignment outside of functions, or 0. */
static uint32_t
last_assignment (const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  uint32_t place = (uint32_t)area_count (&program->code, struct instruction);
  while (place-- > 0)
    if ((code[place].code == CODE_ASSIGNED || (code[place].code == CODE_GROUP && code[place].op & GROUP_ASSIGNS))
        && code[place].a & GLOBAL)
      return place;
  return 0;
}

void
results_say_choice (const struct results *results, bool value_only)
{
  struct run *run = results->run;
  const struct program *program = run->program;
  const struct result_target *target = results->targets;
  if (!area_count (&program->targets, struct target) && area_count (&program->code, struct instruction))
    {
      uint32_t place = last_assignment (program);
      uint32_t slot = area_of (&program->code, struct instruction)[place].a & REGISTER_MASK;
      if (place && slot != target->slot && slot < program->global_count
          && area_of (&run->globals, struct value)[slot].kind == KIND_BOOLEAN)
        diagnose (run->diagnostics, SEVERITY_NOTE, run_span (run, place),
                  "the last value is a boolean, which has no derivative; the target is %s", target->name);
    }
  if (!results->report.source_count && !program->wanted_count && !value_only)
    diagnose (run->diagnostics, SEVERITY_NOTE, NOWHERE,
              "the program has no inputs, so there is no gradient: an input is a variable whose first value names no "
              "other, as x = 3");
}
