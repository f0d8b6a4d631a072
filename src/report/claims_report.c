/* claims_report.c -- the report of a checker, for people: text, markdown, and TAP. */
#include "report/claims_report.h"

#include "report/markdown.h"
#include "report/print.h"

static const char *const words[VERDICTS] = { "ok", "WRONG", "carried forward", "undecided" };

void
claims_count (const struct claims *claims, size_t counts[VERDICTS])
{
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    counts[verdict] = 0;
  for (size_t i = 0; i < claims->count; i++)
    counts[claims->list[i].verdict]++;
}

enum status
claims_status (const struct claims *claims)
{
  size_t counts[VERDICTS];
  claims_count (claims, counts);
  return counts[VERDICT_WRONG] + counts[VERDICT_CARRIED] ? STATUS_WRONG
         : counts[VERDICT_UNDECIDED]                     ? STATUS_UNDECIDED
                                                         : STATUS_DONE;
}

const char *
claims_message (const struct claim_report *report, const struct claim *claim)
{
  return report->reveal >= claim->level && report->reveal > REVEAL_NONE ? claim->message : NULL;
}

const char *
claims_detail (const struct claim_report *report, const struct claim *claim)
{
  return report->reveal == REVEAL_ALL ? claim->detail : NULL;
}

const char *
claims_hint (const struct claim_report *report, const struct claim *claim)
{
  return report->reveal >= REVEAL_HINT ? claim->hint : NULL;
}

/* Whether an example of what is right may be shown. */
static bool
has_example (const struct claim_report *report, const struct claim *claim)
{
  const struct sample *sample = &claim->samples[claim->shown];
  return report->reveal == REVEAL_ALL && claim->verdict != VERDICT_UNDECIDED && sample->given && sample->correct
         && shape_equal (&sample->given->shape, &sample->correct->shape);
}

/* Writes the claimed and the right number of one element. */
static void
example_numbers (const struct claim_report *report, const struct claim *claim, char given[NUMBER_SIZE],
                 char correct[NUMBER_SIZE])
{
  enum
  {
    DIGITS = 6
  };
  const struct sample *sample = &claim->samples[claim->shown];
  int precision = report->precision ? report->precision : DIGITS;
  number_print (given, sample->given->elements[claim->element], precision);
  number_print (correct, sample->correct->elements[claim->element], precision);
}

static void
print_example (const struct claim_report *report, const struct claim *claim, FILE *out)
{
  char given[NUMBER_SIZE], correct[NUMBER_SIZE];
  example_numbers (report, claim, given, correct);
  fprintf (out, "  at %s: ", claim->where ? claim->where : "the program's values");
  const struct shape *shape = &claim->samples[claim->shown].given->shape;
  if (shape->rank)
    {
      fprintf (out, "%s[", claim->source ? claim->source : claim->target);
      size_t rest = shape_size (shape), element = claim->element;
      for (int axis = 0; axis < shape->rank; axis++)
        {
          rest /= shape->extent[axis];
          fprintf (out, "%s%zu", axis ? "," : "", element / rest);
          element %= rest;
        }
      fputs ("] ", out);
    }
  fprintf (out, "yours %s, correct %s\n", given, correct);
}

/* A hint with its place as messages have it; of what is undecided it is no more than a note. */
static void
print_hint (const struct claim_report *report, const struct claim *claim, FILE *out)
{
  struct diagnostics diagnostics = { .sources = report->sources, .out = out };
  if (claim->hint_span.start)
    diagnose (&diagnostics, claim->verdict == VERDICT_UNDECIDED ? SEVERITY_NOTE : SEVERITY_HINT, claim->hint_span, "%s",
              claim->hint);
  else
    fprintf (out, "  hint: %s\n", claim->hint);
}

/* "4 answers: 1 ok, 1 wrong, 2 carried forward; 20 points, seed 1" */
static void
print_summary (const struct claim_report *report, FILE *out)
{
  static const char *const summary[VERDICTS] = { "ok", "wrong", "carried forward", "undecided" };
  const struct claims *claims = report->claims;
  size_t counts[VERDICTS];
  const char *separator = "";
  bool formulas = false;
  claims_count (claims, counts);
  fprintf (out, "%zu answer%s: ", claims->count, claims->count == 1 ? "" : "s");
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    if (counts[verdict])
      {
        fprintf (out, "%s%zu %s", separator, counts[verdict], summary[verdict]);
        separator = ", ";
      }
  for (size_t i = 0; i < claims->count; i++)
    formulas |= claims->list[i].mentions;
  if (formulas)
    fprintf (out, "; %zu points, seed %llu", claims->options.points, (unsigned long long)claims->options.seed);
  putc ('\n', out);
}

void
claims_text (const struct claim_report *report, FILE *out)
{
  const struct claims *claims = report->claims;
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      const char *message = claims_message (report, claim), *detail = claims_detail (report, claim);
      fputs (claim->name, out);
      fprintf (out, "  %s%s%s%s%s\n", words[claim->verdict], message ? "  " : "", message ? message : "",
               detail ? (message ? "; " : "  ") : "", detail ? detail : "");
      if (claims_hint (report, claim))
        print_hint (report, claim, out);
      if (claim->verdict == VERDICT_WRONG && has_example (report, claim))
        print_example (report, claim, out);
    }
  print_summary (report, out);
  if (claims->cut && report->reveal >= REVEAL_HINT)
    fputs ("the search for causes was cut short\n", out);
}

/* Where a hint is, with `quote` around it. */
static void
print_place (const struct claim_report *report, const struct claim *claim, const char *quote, FILE *out)
{
  if (!claim->hint_span.start)
    return;
  struct place place = sources_place (report->sources, claim->hint_span.start);
  fprintf (out, " (%s%s:%zu:%zu%s)", quote, place.source->name, place.line, place.column, quote);
}

void
claims_markdown (const struct claim_report *report, FILE *out)
{
  const struct claims *claims = report->claims;
  fputs ("| answer | verdict | why |\n| --- | --- | --- |\n", out);
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      const char *texts[]
        = { claims_message (report, claim), claims_detail (report, claim), claims_hint (report, claim) };
      const char *separator = "";
      fputs ("| ", out);
      markdown_code (out, claim->name);
      fprintf (out, " | %s | ", words[claim->verdict]);
      for (int k = 0; k < 3; k++)
        if (texts[k])
          {
            fputs (separator, out);
            markdown_text (out, texts[k]);
            separator = "; ";
          }
      if (texts[2])
        print_place (report, claim, "`", out);
      if (claim->verdict == VERDICT_WRONG && has_example (report, claim))
        {
          char given[NUMBER_SIZE], correct[NUMBER_SIZE];
          example_numbers (report, claim, given, correct);
          fprintf (out, "%syours %s, correct %s at ", separator, given, correct);
          markdown_text (out, claim->where ? claim->where : "the program's values");
        }
      fputs (" |\n", out);
    }
  putc ('\n', out);
  print_summary (report, out);
}

/* A description must not have a # or a line end in it. */
static void
print_description (FILE *out, const char *text)
{
  for (; *text; text++)
    putc (*text == '#' || *text == '\n' ? ' ' : *text, out);
}

void
claims_tap (const struct claim_report *report, FILE *out)
{
  const struct claims *claims = report->claims;
  fprintf (out, "1..%zu\n", claims->count);
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      const char *hint = claims_hint (report, claim), *message = claims_message (report, claim);
      bool good = claim->verdict == VERDICT_OK || claim->verdict == VERDICT_UNDECIDED;
      fprintf (out, "%sok %zu - ", good ? "" : "not ", i + 1);
      fputs (claim->name, out);
      if (claim->verdict == VERDICT_UNDECIDED)
        fputs (" # SKIP undecided", out);
      if (claim->verdict == VERDICT_CARRIED)
        {
          fputs (": carried forward from ", out);
          fputs (claim->from->name, out);
        }
      else if (claim->verdict != VERDICT_OK && (hint || message))
        {
          fputs (": ", out);
          print_description (out, hint ? hint : message);
          if (hint)
            print_place (report, claim, "", out);
        }
      putc ('\n', out);
    }
}

#define WRITES_ANYTHING(name) claims_##name
#define WRITES_CHECKS(name) claims_##name
#define WRITES_FORMULAS(name) NULL
static void (*const writers[FORMATS]) (const struct claim_report *report, FILE *out) = {
#define FORMAT(symbol, name, prints, says) WRITES_##prints (name),
#include "report/format.def"
#undef FORMAT
};

void
claims_report (const struct claim_report *report, enum format format, FILE *out)
{
  writers[format](report, out);
}
