/* claims.c -- the report of a checker, for people. */
#include "report/claims.h"

#include "report/print.h"

static void
print_claim_name (FILE *out, const struct claim *claim)
{
  fprintf (out, claim->source ? "d%s/d%s" : "%s", claim->target, claim->source);
}

/* The caret under a hint, as messages have it. */
static void
print_hint (const struct claim_report *report, const struct claim *claim, FILE *out)
{
  struct diagnostics diagnostics = { .sources = report->sources, .out = out };
  diagnose (&diagnostics, SEVERITY_HINT, claim->hint_span, "%s", claim->hint);
}

static void
print_example (const struct claim_report *report, const struct claim *claim, FILE *out)
{
  const struct sample *sample = &claim->samples[claim->shown];
  char given[NUMBER_SIZE], correct[NUMBER_SIZE];
  if (!sample->given || !sample->correct || !shape_equal (&sample->given->shape, &sample->correct->shape))
    return;
  int precision = report->precision ? report->precision : 6;
  number_print (given, sample->given->elements[claim->element], precision);
  number_print (correct, sample->correct->elements[claim->element], precision);
  fprintf (out, "  at %s: yours %s, correct %s\n", claim->where ? claim->where : "the program's values", given,
           correct);
}

void
claims_report_text (const struct claim_report *report, FILE *out)
{
  static const char *const words[VERDICTS] = { "ok", "WRONG", "carried forward", "undecided" };
  size_t counts[VERDICTS] = { 0 };
  const struct claims *claims = report->claims;
  bool formulas = false;
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      counts[claim->verdict]++;
      formulas |= claim->mentions;
      print_claim_name (out, claim);
      fprintf (out, "  %s", words[claim->verdict]);
      if (claim->message)
        fprintf (out, "  %s", claim->message);
      putc ('\n', out);
      if (claim->hint)
        print_hint (report, claim, out);
      if (claim->verdict == VERDICT_WRONG)
        print_example (report, claim, out);
    }
  fprintf (out, "%zu answer%s:", claims->count, claims->count == 1 ? "" : "s");
  const char *separator = " ";
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    if (counts[verdict])
      {
        static const char *const summary[VERDICTS] = { "ok", "wrong", "carried forward", "undecided" };
        fprintf (out, "%s%zu %s", separator, counts[verdict], summary[verdict]);
        separator = ", ";
      }
  if (formulas)
    fprintf (out, "; %zu points, seed %llu", claims->options.points, (unsigned long long)claims->options.seed);
  putc ('\n', out);
}

void
claims_report (const struct claim_report *report, enum format format, FILE *out)
{
  (void)format;
  claims_report_text (report, out);
}

enum status
claims_status (const struct claims *claims)
{
  enum status status = STATUS_DONE;
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].verdict == VERDICT_WRONG || claims->list[i].verdict == VERDICT_CARRIED)
      return STATUS_WRONG;
    else if (claims->list[i].verdict == VERDICT_UNDECIDED)
      status = STATUS_UNDECIDED;
  return status;
}
