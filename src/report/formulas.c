/* formulas.c -- gradients as formulas, for reports. */
#include <stdlib.h>
#include <string.h>

#include "report/results.h"

/* A source is named as it is at the end: not when it was bound again since. */
static void
check_sources (const struct results *results)
{
  struct run *run = results->run;
  const struct value *globals = area_of (&run->globals, struct value);
  for (size_t s = 0; s < results->report.source_count; s++)
    {
      const struct result_source *source = &results->sources[s];
      const struct variable *variable = program_variable (run->program, source->variable);
      if (variable->slot != UINT32_MAX && source->value.node
          && globals[variable->slot & REGISTER_MASK].node != source->value.node)
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, (struct span){ variable->first, variable->length },
                       "--formula: %s is bound again, so that its first value has no name in a formula", source->name);
    }
}

void
results_formulas (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct report *report = &results->report;
  struct symbolic *formulas = options->formulas;
  size_t sources = report->source_count;
  check_sources (results);
  results->formulas = calloc (results->target_count * sources + 1, sizeof *results->formulas);
  struct array *room = results_room (results, sources, sizeof (struct value));
  struct array *list = results_room (results, sources, sizeof (uint32_t));
  struct value *values = (struct value *)room->elements;
  uint32_t *terms = (uint32_t *)list->elements;
  if (!results->formulas)
    memory_exhausted (run->memory, results->target_count * sources, "the formulas");
  for (size_t s = 0; s < sources; s++)
    values[s] = results->sources[s].value;
  for (size_t t = 0; t < results->target_count; t++)
    {
      if (!symbolic_gradient (formulas, &results->targets[t].value, (uint32_t)sources, values, terms))
        diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, formulas->place), "--formula: %s",
                       formulas->trouble);
      if (options->formula_format == TERM_C)
        {
          results->formulas[t * sources] = symbolic_c (formulas, results->targets[t].name, &results->targets[t].value,
                                                       (uint32_t)sources, values, terms);
          if (!results->formulas[t * sources])
            diagnose_stop (run->diagnostics, STATUS_PROGRAM, (struct span){ 0, 0 }, "--formula -f c: %s",
                           formulas->trouble);
          continue;
        }
      for (size_t s = 0; s < sources; s++)
        {
          const struct gradient *gradient = &results->gradients[t * sources + s];
          if (!gradient->elements)
            continue;
          uint32_t term = terms[s] == NO_TERM ? term_number (&formulas->terms, 0) : terms[s];
          term = symbolic_spread (formulas, term, &report->sources[s].shape);
          results->formulas[t * sources + s] = symbolic_text (formulas, term, options->formula_format);
          if (!results->formulas[t * sources + s])
            diagnose_stop (run->diagnostics, STATUS_PROGRAM, (struct span){ 0, 0 },
                           "--formula: the formula of d%s/d%s would have more than 100000 characters, or brackets more "
                           "than 300 deep",
                           results->targets[t].name, results->sources[s].name);
        }
    }
  array_drop (run->arrays, room);
  array_drop (run->arrays, list);
  if (formulas->loops)
    diagnose (run->diagnostics, SEVERITY_NOTE, (struct span){ 0, 0 },
              "the formulas are of the steps that were taken: loops and calls are written out");
  report->formulas = results->formulas;
}
