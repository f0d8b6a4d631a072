/* formulas.c -- gradients as formulas, for reports. */
#include "base/heap.h"
#include "base/number.h"
#include "results/results.h"

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

/* The text of a term; `what` and `of` say what it is of, as dloss and dw, for the message that it is too long. */
static char *
write_text (const struct results *results, struct symbolic *formulas, uint32_t term, bool open, enum term_format format,
            const char *what, const char *of)
{
  char *text = symbolic_text (formulas, term, open, format);
  if (!text && *formulas->trouble)
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE, "--formula: %s", formulas->trouble);
  if (!text)
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--formula: the formula of d%s/d%s would have more than 100000 characters, or brackets more "
                   "than 300 deep",
                   what, of);
  return text;
}

char *
results_formula_text (const struct results *results, const struct result_options *options, uint32_t term,
                      const char *of, const char *wrt)
{
  return write_text (results, options->formulas, term, false, options->formula_format, of, wrt);
}

static bool
has_branches (const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  for (size_t i = 0; i < area_count (&program->code, struct instruction); i++)
    if (code[i].code == CODE_UNLESS || code[i].code == CODE_LEFT)
      return true;
  return false;
}

void
results_name_parts (struct results *results, const struct result_options *options, size_t count,
                    const uint32_t *terms)
{
  struct symbolic *formulas = options->formulas;
  struct report *report = &results->report;
  symbolic_find_parts (formulas, count, terms, false);
  size_t part_count = area_count (&formulas->parts, uint32_t);
  results->parts = heap_take_zeroed (results->run->memory, part_count, sizeof *results->parts, "the formulas");
  for (uint32_t i = 0; i < part_count; i++)
    {
      struct formula_part *part = &results->parts[i];
      symbolic_part_name (formulas, i, options->formula_format == TERM_LATEX, part->name);
      part->text = write_text (results, formulas, area_of (&formulas->parts, uint32_t)[i], true,
                               options->formula_format, report->targets[0].name, report->sources[0].name);
    }
  report->parts = results->parts;
  report->part_count = part_count;
}

/* The formulas of all rows as text, and of the parts that they have in common. `terms` has those of the rows. */
static void
write_formulas (struct results *results, const struct result_options *options, uint32_t *terms)
{
  struct symbolic *formulas = options->formulas;
  struct report *report = &results->report;
  size_t sources = report->source_count, count = report->target_count * sources;
  for (size_t i = 0; i < count; i++)
    if (!results->gradients[i].elements)
      terms[i] = NO_TERM;
    else
      terms[i] = term_spread (&formulas->terms, terms[i] == NO_TERM ? term_number (&formulas->terms, 0) : terms[i],
                              &report->sources[i % sources].shape);
  results_name_parts (results, options, count, terms);
  for (size_t i = 0; i < count; i++)
    if (terms[i] != NO_TERM)
      results->formulas[i] = results_formula_text (results, options, terms[i], report->targets[i / sources].name,
                                                   report->sources[i % sources].name);
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
    diagnose_stop (results->run->diagnostics, STATUS_PROGRAM,
                   formulas->place == UINT32_MAX ? NOWHERE : run_span (results->run, formulas->place),
                   "--formula -f c: %s", formulas->trouble);
}

void
results_formulas (struct results *results, const struct result_options *options)
{
  struct run *run = results->run;
  struct report *report = &results->report;
  struct symbolic *formulas = options->formulas;
  size_t sources = report->source_count, targets = results->target_count;
  bool in_c = options->formula_format == TERM_C, sum = options->sum && targets > 1;
  results->formulas = heap_take_zeroed (run->memory, targets * sources, sizeof *results->formulas, "the formulas");
  struct array *room = results_room (results, sources, sizeof (struct value));
  struct array *list = results_room (results, (targets + 1) * sources, sizeof (uint32_t));
  struct value *values = (struct value *)room->elements;
  uint32_t *terms = (uint32_t *)list->elements;
  for (size_t s = 0; s < sources; s++)
    values[s] = results->sources[s].value;
  if (in_c && !sources)
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--formula -f c: there is no input that a function could take");
  if (sum && in_c)
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "--formula -f c: a function in C is of one target, not of the sum of several");
  formulas->whole = in_c;
  formulas->terms.expands = in_c;
  formulas->terms.guards = in_c;
  formulas->terms.apart = in_c || symbolic_has_extremes (formulas);
  symbolic_read (formulas);
  for (size_t t = 0; t < targets; t++)
    {
      uint32_t *row = &terms[sum && t > 0 ? sources : t * sources];
      find_gradient (results, formulas, t, values, row);
      if (in_c)
        write_function (results, formulas, t, values, row);
      for (size_t s = 0; s < sources && sum && t > 0; s++)
        if (row[s] != NO_TERM)
          terms[s] = terms[s] == NO_TERM ? row[s] : term_add (&formulas->terms, terms[s], row[s]);
    }
  if (!in_c)
    write_formulas (results, options, terms);
  array_drop (run->arrays, room);
  array_drop (run->arrays, list);
  if (formulas->loops)
    diagnose (run->diagnostics, SEVERITY_NOTE, NOWHERE,
              "the formulas are of the steps that were taken: loops and calls are written out");
  else if (has_branches (run->program))
    diagnose (run->diagnostics, SEVERITY_NOTE, NOWHERE,
              "the formulas are of the branches that were taken, and hold while those are");
  else if (formulas->ordered)
    diagnose (run->diagnostics, SEVERITY_NOTE, NOWHERE,
              "the formulas are of the order that elements have here, and hold while they keep it");
  else if (formulas->frozen)
    {
      const struct step *step = trace_at (&formulas->trace, formulas->frozen);
      char number[NUMBER_SIZE];
      number_print (number, step->result.number, 0);
      diagnose (run->diagnostics, SEVERITY_NOTE, run_span (run, step->place),
                "this has no derivative and stands as %s in the formulas, which hold while it is that", number);
    }
  report->formulas = results->formulas;
}
