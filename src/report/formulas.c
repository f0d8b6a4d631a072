/* formulas.c -- gradients as formulas, for reports. */
#include <stdlib.h>
#include <string.h>

#include "report/results.h"

/* The gradient of one target in all sources. */
static void
find_gradient (struct results *results, struct symbolic *formulas, size_t target, const struct value *sources,
               uint32_t *terms)
{
  struct run *run = results->run;
  if (!symbolic_gradient (formulas, &results->targets[target].value, (uint32_t)results->report.source_count, sources,
                          terms))
    diagnose_stop (run->diagnostics, STATUS_PROGRAM,
                   formulas->place == UINT32_MAX ? NOWHERE : run_span (run, formulas->place), "--formula: %s",
                   formulas->trouble);
}

/* The formulas of a row of the report as text. */
static void
write_formulas (struct results *results, struct symbolic *formulas, enum term_format format, size_t row,
                const uint32_t *terms)
{
  const struct report *report = &results->report;
  size_t sources = report->source_count;
  for (size_t s = 0; s < sources; s++)
    {
      if (!results->gradients[row * sources + s].elements)
        continue;
      uint32_t term = terms[s] == NO_TERM ? term_number (&formulas->terms, 0) : terms[s];
      term = symbolic_spread (formulas, term, &report->sources[s].shape);
      char *text = symbolic_text (formulas, term, format);
      results->formulas[row * sources + s] = text;
      if (!text)
        diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                       "--formula: the formula of d%s/d%s would have more than 100000 characters, or brackets more "
                       "than 300 deep",
                       report->targets[row].name, report->sources[s].name);
    }
}

/* Row t of the report as a function in C. */
static void
write_function (struct results *results, struct symbolic *formulas, size_t t, const struct value *sources,
                const uint32_t *terms)
{
  size_t count = results->report.source_count;
  char *text
    = symbolic_c (formulas, results->targets[t].name, &results->targets[t].value, (uint32_t)count, sources, terms);
  results->formulas[t * count] = text;
  if (!text)
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE, "--formula -f c: %s", formulas->trouble);
}

void
results_formulas (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct report *report = &results->report;
  struct symbolic *formulas = options->formulas;
  size_t sources = report->source_count, targets = results->target_count;
  results->formulas = calloc (targets * sources + 1, sizeof *results->formulas);
  struct array *room = results_room (results, sources, sizeof (struct value));
  struct array *list = results_room (results, 2 * sources, sizeof (uint32_t));
  struct value *values = (struct value *)room->elements;
  uint32_t *terms = (uint32_t *)list->elements, *sums = terms + sources;
  if (!results->formulas)
    memory_exhausted (run->memory, targets * sources, "the formulas");
  for (size_t s = 0; s < sources; s++)
    {
      values[s] = results->sources[s].value;
      sums[s] = NO_TERM;
    }
  if (options->sum && targets > 1 && options->formula_format == TERM_C)
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--formula -f c: a function in C is of one target, not of the sum of several");
  formulas->whole = options->formula_format == TERM_C;
  for (size_t t = 0; t < targets; t++)
    {
      find_gradient (results, formulas, t, values, terms);
      if (options->formula_format == TERM_C)
        write_function (results, formulas, t, values, terms);
      else if (!options->sum)
        write_formulas (results, formulas, options->formula_format, t, terms);
      else
        for (size_t s = 0; s < sources; s++)
          sums[s] = symbolic_sum (formulas, sums[s], terms[s]);
    }
  if (options->sum && options->formula_format != TERM_C)
    write_formulas (results, formulas, options->formula_format, 0, sums);
  array_drop (run->arrays, room);
  array_drop (run->arrays, list);
  if (formulas->loops)
    diagnose (run->diagnostics, SEVERITY_NOTE, NOWHERE,
              "the formulas are of the steps that were taken: loops and calls are written out");
  report->formulas = results->formulas;
}
