/* claims_report.c -- the report of a checker, for people: text, markdown, and TAP. */
#include "report/claims_report.h"

#include "report/latex.h"
#include "report/markdown.h"
#include "report/print.h"

const char *const claims_words[VERDICTS + 1]
  = { "ok", "WRONG", "carried forward", "undecided", "unreadable", "missing" };

void
claims_count (const struct claims *claims, size_t counts[VERDICTS])
{
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    counts[verdict] = 0;
  for (size_t i = 0; i < claims->count; i++)
    counts[claims->list[i].verdict]++;
}

const char *
claims_file (const struct report *report, const struct claim *claim)
{
  const struct source *source = sources_find (report->places, claim->left.start);
  return source ? source->answers : NULL;
}

bool
claims_have_file (const struct report *report)
{
  bool have = false;
  for (size_t i = 0; i < report->claims->count && !have; i++)
    have = claims_file (report, &report->claims->list[i]) != NULL;
  return have;
}

/* Whether a claim is from another file than the one before it, or the first from a file. */
static bool
begins_file (const struct report *report, size_t i)
{
  const struct claim *list = report->claims->list;
  const char *file = claims_file (report, &list[i]);
  return file && (i == 0 || file != claims_file (report, &list[i - 1]));
}

/* Whether claims are from several places, which then have to be told apart. */
static bool
are_mixed (const struct report *report)
{
  bool mixed = false;
  for (size_t i = 1; i < report->claims->count && !mixed; i++)
    mixed = begins_file (report, i);
  return mixed;
}

const char *
claims_message (const struct report *report, const struct claim *claim)
{
  return report->reveal >= claim->level && report->reveal > REVEAL_NONE ? claim->message : NULL;
}

const char *
claims_detail (const struct report *report, const struct claim *claim)
{
  return report->reveal == REVEAL_ALL ? claim->detail : NULL;
}

const char *
claims_hint (const struct report *report, const struct claim *claim)
{
  return report->reveal >= REVEAL_HINT ? claim->hint : NULL;
}

struct span
claims_place (const struct report *report, const struct claim *claim)
{
  bool shown = claims_hint (report, claim)
               || (claim->verdict == VERDICT_UNREADABLE && claims_message (report, claim));
  return shown ? claim->hint_span : (struct span){ 0 };
}

/* Whether an example of what is right may be shown. */
static bool
has_example (const struct report *report, const struct claim *claim)
{
  const struct sample *sample = &claim->samples[claim->shown];
  return report->reveal == REVEAL_ALL && claim->verdict != VERDICT_UNDECIDED && sample->given && sample->correct
         && shape_equal (&sample->given->shape, &sample->correct->shape);
}

/* Writes the claimed and the right number of one element. */
static void
example_numbers (const struct report *report, const struct claim *claim, char given[NUMBER_SIZE],
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
print_example (const struct report *report, const struct claim *claim, struct printer *printer)
{
  char given[NUMBER_SIZE], correct[NUMBER_SIZE];
  example_numbers (report, claim, given, correct);
  print_format (printer, "  at %s: ", claim->where ? claim->where : "the program's values");
  const struct shape *shape = &claim->samples[claim->shown].given->shape;
  if (shape->rank)
    {
      print_text (printer, claim->source ? claim->source : claim->target);
      print_position (printer, shape, claim->element, "[", ",");
      print_text (printer, "] ");
    }
  print_format (printer, "yours %s, correct %s\n", given, correct);
}

/* A hint with its place as messages have it; of what is undecided it is no more than a note. */
static void
print_hint (const struct report *report, const struct claim *claim, struct printer *printer)
{
  struct diagnostics diagnostics = { .sources = report->places, .out = printer->out };
  printer_flush (printer);
  if (claim->hint_span.start)
    diagnose (&diagnostics, claim->verdict == VERDICT_UNDECIDED ? SEVERITY_NOTE : SEVERITY_HINT, claim->hint_span, "%s",
              claim->hint);
  else
    print_format (printer, "  hint: %s\n", claim->hint);
}

/* "4 answers: 1 ok, 1 wrong, 2 carried forward; 20 points, seed 1" */
static void
print_summary (const struct report *report, struct printer *printer)
{
  static const char *const summary[VERDICTS] = { "ok", "wrong", "carried forward", "undecided", "unreadable" };
  const struct claims *claims = report->claims;
  size_t counts[VERDICTS];
  const char *separator = "";
  bool formulas = false;
  claims_count (claims, counts);
  print_format (printer, "%zu answer%s: ", claims->count, claims->count == 1 ? "" : "s");
  for (int verdict = 0; verdict < VERDICTS; verdict++)
    if (counts[verdict])
      {
        print_format (printer, "%s%zu %s", separator, counts[verdict], summary[verdict]);
        separator = ", ";
      }
  for (size_t i = 0; i < claims->count; i++)
    formulas |= claims->list[i].mentions;
  if (formulas)
    print_format (printer, "; %zu point%s, seed %llu", claims->options.points, claims->options.points == 1 ? "" : "s",
                  (unsigned long long)claims->options.seed);
  print_char (printer, '\n');
}

void
claims_print_text (const struct report *report, const struct claim *claim, const char *points, struct printer *printer)
{
  const char *message = claims_message (report, claim), *detail = claims_detail (report, claim);
  const char *const parts[] = { claim->name, claims_words[claim->verdict], points, message };
  for (int i = 0; i < 4; i++)
    if (parts[i])
      {
        print_text (printer, i ? "  " : "");
        print_text (printer, parts[i]);
      }
  if (detail)
    {
      print_text (printer, message ? "; " : "  ");
      print_text (printer, detail);
    }
  print_char (printer, '\n');
  if (claim->verdict == VERDICT_UNREADABLE && !points && claims_place (report, claim).start)
    {
      struct place place = sources_place (report->places, claim->hint_span.start);
      print_format (printer, "  at %s:%zu:%zu\n", place.source->name, place.line, place.column);
    }
  if (claim->read)
    print_format (printer, "  note: read as %s\n", claim->read);
  if (claims_hint (report, claim))
    print_hint (report, claim, printer);
  if (claim->verdict == VERDICT_WRONG && has_example (report, claim))
    print_example (report, claim, printer);
}

void
claims_text (const struct report *report, struct printer *printer)
{
  const struct claims *claims = report->claims;
  bool mixed = are_mixed (report);
  for (size_t i = 0; i < claims->count; i++)
    {
      if (mixed && begins_file (report, i))
        print_format (printer, "%s%s:\n", i ? "\n" : "", claims_file (report, &claims->list[i]));
      claims_print_text (report, &claims->list[i], NULL, printer);
    }
  if (mixed)
    print_char (printer, '\n');
  print_summary (report, printer);
  if (claims->cut && report->reveal >= REVEAL_HINT)
    print_text (printer, "the search for causes was cut short\n");
}

/* How a markup writes messages, code, numbers, the name of a file, and what stands around a place. */
struct markup
{
  void (*text) (struct printer *printer, const char *text);
  void (*code) (struct printer *printer, const char *text);
  void (*number) (struct printer *printer, const char *text);
  void (*file) (struct printer *printer, const char *text);
  const char *quote;
};

static const struct markup plain = { print_text, print_text, print_text, print_text, "" },
                           markdown = { markdown_text, markdown_code, print_text, print_text, "`" },
                           latex = { latex_code, latex_code, latex_digits, latex_code, "" };

/* Where a hint or what cannot be read is. */
static void
print_place (const struct report *report, const struct claim *claim, const struct markup *markup,
             struct printer *printer)
{
  struct span span = claims_place (report, claim);
  if (!span.start)
    return;
  struct place place = sources_place (report->places, span.start);
  print_format (printer, " (%s", markup->quote);
  markup->file (printer, place.source->name);
  print_format (printer, ":%zu:%zu%s)", place.line, place.column, markup->quote);
}

/* What is said of a claim, on one line. */
static void
print_said (const struct report *report, const struct claim *claim, const struct markup *markup,
            struct printer *printer)
{
  const char *texts[] = { claims_message (report, claim), claims_detail (report, claim), claims_hint (report, claim) };
  const char *separator = "";
  for (int k = 0; k < 3; k++)
    if (texts[k])
      {
        print_text (printer, separator);
        markup->text (printer, texts[k]);
        separator = "; ";
      }
  print_place (report, claim, markup, printer);
  if (claim->read)
    {
      print_format (printer, "%sread as ", separator);
      markup->code (printer, claim->read);
      separator = "; ";
    }
  if (claim->verdict == VERDICT_WRONG && has_example (report, claim))
    {
      char given[NUMBER_SIZE], correct[NUMBER_SIZE];
      example_numbers (report, claim, given, correct);
      print_format (printer, "%syours ", separator);
      markup->number (printer, given);
      print_text (printer, ", correct ");
      markup->number (printer, correct);
      print_text (printer, " at ");
      if (claim->where)
        markup->text (printer, claim->where);
      else
        print_text (printer, "the program's values");
    }
}

void
claims_print_markdown (const struct report *report, const struct claim *claim, struct printer *printer)
{
  print_said (report, claim, &markdown, printer);
}

void
claims_markdown (const struct report *report, struct printer *printer)
{
  static const char head[] = "| answer | verdict | why |\n| --- | --- | --- |\n";
  const struct claims *claims = report->claims;
  bool mixed = are_mixed (report);
  if (!mixed || !begins_file (report, 0))
    print_text (printer, head);
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      if (mixed && begins_file (report, i))
        {
          print_text (printer, i ? "\n## " : "## ");
          markdown_code (printer, claims_file (report, claim));
          print_format (printer, "\n\n%s", head);
        }
      print_text (printer, "| ");
      markdown_code (printer, claim->name);
      print_format (printer, " | %s | ", claims_words[claim->verdict]);
      claims_print_markdown (report, claim, printer);
      print_text (printer, " |\n");
    }
  print_char (printer, '\n');
  print_summary (report, printer);
}

void
claims_latex (const struct report *report, struct printer *printer)
{
  const struct claims *claims = report->claims;
  bool mixed = are_mixed (report);
  print_text (printer, "\\begin{tabular}{llp{0.5\\textwidth}}\n\\hline\nanswer & verdict & why \\\\\n\\hline\n");
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      if (mixed && begins_file (report, i))
        {
          print_text (printer, "\\multicolumn{3}{l}{");
          latex_code (printer, claims_file (report, claim));
          print_text (printer, ":} \\\\\n");
        }
      latex_code (printer, claim->name);
      print_format (printer, " & %s & ", claims_words[claim->verdict]);
      print_said (report, claim, &latex, printer);
      print_text (printer, " \\\\\n");
    }
  print_text (printer, "\\hline\n\\end{tabular}\n\n");
  print_summary (report, printer);
}

void
claims_print_description (struct printer *printer, const char *text)
{
  for (; *text; text++)
    print_char (printer, *text == '#' || *text == '\n' ? ' ' : *text);
}

void
claims_print_tap (const struct report *report, const struct claim *claim, struct printer *printer)
{
  const char *hint = claims_hint (report, claim), *message = claims_message (report, claim);
  if (claim->verdict == VERDICT_CARRIED)
    print_format (printer, ": carried forward from %s", claim->from->name);
  else if (claim->verdict != VERDICT_OK && (hint || message))
    {
      print_text (printer, ": ");
      claims_print_description (printer, hint ? hint : message);
      print_place (report, claim, &plain, printer);
    }
}

void
claims_tap (const struct report *report, struct printer *printer)
{
  const struct claims *claims = report->claims;
  bool mixed = are_mixed (report);
  print_format (printer, "1..%zu\n", claims->count);
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct claim *claim = &claims->list[i];
      const char *file = mixed ? claims_file (report, claim) : NULL;
      bool good = claim->verdict <= VERDICT_UNDECIDED && claim->verdict != VERDICT_WRONG;
      print_format (printer, "%sok %zu - ", good ? "" : "not ", i + 1);
      if (file)
        {
          claims_print_description (printer, file);
          print_text (printer, ": ");
        }
      print_format (printer, "%s%s", claim->name, claim->verdict == VERDICT_UNDECIDED ? " # SKIP undecided" : "");
      claims_print_tap (report, claim, printer);
      print_char (printer, '\n');
    }
}
