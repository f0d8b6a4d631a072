/* differences_report.c -- the report of a check by differences: a partial derivative in a line. */
#include <math.h>

#include "check/differences.h"
#include "report/latex.h"
#include "report/markdown.h"
#include "report/table.h"

/* A number of six digits: differences have no more. */
static const char *
rounded (char text[NUMBER_SIZE], double number)
{
  number_print (text, number, 6);
  return text;
}

/* `dloss/dw[0, 1]`. */
static void
print_partial (const struct report *report, const struct difference *difference, struct printer *printer)
{
  const struct quantity *source = &report->sources[difference->source];
  print_char (printer, 'd');
  print_quantity (printer, &report->targets[difference->target]);
  print_text (printer, "/d");
  print_quantity (printer, source);
  print_brackets (printer, &source->shape, difference->element);
}

/* Writes the rest of a line: the slopes of a kink, the value that differences give, or the reason. */
static void
explain (const struct difference *difference, char *text, size_t room)
{
  char a[NUMBER_SIZE], b[NUMBER_SIZE];
  *text = 0;
  if (difference->reason)
    snprintf (text, room, "%s", difference->reason);
  else if (difference->verdict == DIFFERENCE_KINK)
    snprintf (text, room, "%s on the left, %s on the right", rounded (a, difference->left),
              rounded (b, difference->right));
  else if (difference->verdict == DIFFERENCE_WRONG)
    snprintf (text, room, "differences give %s +- %s", rounded (a, difference->found), rounded (b, difference->error));
}

static void
print_summary (const struct report *report, struct printer *printer)
{
  const struct differences *differences = report->differences;
  static const char *const words[] = { "ok", "wrong", "at a kink", "undecided" };
  bool first = true;
  print_format (printer, "%zu partial derivative%s:", differences->count, differences->count == 1 ? "" : "s");
  for (int i = 0; i < DIFFERENCE_VERDICTS; i++)
    if (differences->counts[i] || (i == 0 && !differences->count))
      {
        print_format (printer, "%s%zu %s", first ? " " : ", ", differences->counts[i], words[i]);
        first = false;
      }
  if (differences->left_out)
    print_format (printer, "; %zu more elements were not looked at", differences->left_out);
  print_char (printer, '\n');
}

void
differences_text (const struct report *report, struct printer *printer)
{
  static const char *const words[] = { "ok", "WRONG", "kink", "undecided" };
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      print_partial (report, difference, printer);
      print_text (printer, " = ");
      print_element (printer, TYPE_REAL, difference->gradient);
      explain (difference, text, sizeof text);
      print_format (printer, "  %s%s%s\n", words[difference->verdict], *text ? ": " : "", text);
    }
  print_summary (report, printer);
}

void
differences_markdown (const struct report *report, struct printer *printer)
{
  print_text (printer, "| partial | gradient | verdict | why |\n| --- | --- | --- | --- |\n");
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      explain (difference, text, sizeof text);
      print_text (printer, "| `");
      print_partial (report, difference, printer);
      print_text (printer, "` | ");
      print_element (printer, TYPE_REAL, difference->gradient);
      print_format (printer, " | %s | ", difference_names[difference->verdict]);
      markdown_text (printer, text);
      print_text (printer, " |\n");
    }
  print_char (printer, '\n');
  print_summary (report, printer);
}

void
differences_latex (const struct report *report, struct printer *printer)
{
  print_text (printer, "\\begin{tabular}{lrlp{0.4\\textwidth}}\n\\hline\n"
                       "partial & gradient & verdict & why \\\\\n\\hline\n");
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      explain (difference, text, sizeof text);
      print_text (printer, "$\\partial ");
      latex_name (printer, report->targets[difference->target].name, report->names);
      print_text (printer, " / \\partial ");
      latex_element (printer, &report->sources[difference->source], difference->element, report->names);
      print_text (printer, "$ & $");
      latex_array (printer, TYPE_REAL, &(struct shape){ 0 }, &difference->gradient);
      print_format (printer, "$ & %s & ", difference_names[difference->verdict]);
      if (*text)
        latex_code (printer, text);
      print_text (printer, " \\\\\n");
    }
  print_text (printer, "\\hline\n\\end{tabular}\n\n");
  print_summary (report, printer);
}

void
differences_tap (const struct report *report, struct printer *printer)
{
  print_format (printer, "1..%zu\n", report->differences->count);
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      char text[200];
      explain (difference, text, sizeof text);
      print_format (printer, "%sok %zu - ", difference->verdict == DIFFERENCE_WRONG ? "not " : "", i + 1);
      print_partial (report, difference, printer);
      print_format (printer, "%s%s\n",
                    difference->verdict == DIFFERENCE_UNDECIDED ? " # SKIP "
                    : *text                                     ? ": "
                                                                : "",
                    text);
    }
}

void
differences_table (const struct report *report, struct printer *printer)
{
  static const char *const header[]
    = { "target", "wrt", "index", "verdict", "grad", "found", "error", "left", "right", "message", NULL };
  struct table table = table_of (report, printer);
  table_header (&table, header);
  for (size_t i = 0; i < report->differences->count; i++)
    {
      const struct difference *difference = &report->differences->list[i];
      const struct quantity *source = &report->sources[difference->source];
      double numbers[] = { difference->found, difference->error, difference->left, difference->right };
      char text[200];
      explain (difference, text, sizeof text);
      table_text (&table, report->targets[difference->target].name);
      table_text (&table, source->name);
      table_position (&table, &source->shape, difference->element);
      table_text (&table, difference_names[difference->verdict]);
      table_element (&table, TYPE_REAL, difference->gradient);
      for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (isnan (numbers[k]))
          table_skip (&table, 1);
        else
          table_element (&table, TYPE_REAL, numbers[k]);
      table_text (&table, text);
      table_end_line (&table);
    }
}

/* A number, if it is known. */
static void
print_number (struct printer *printer, const char *key, double number)
{
  if (isnan (number))
    return;
  print_json_key (printer, key);
  print_element_json (printer, TYPE_REAL, number);
}

void
differences_json (const struct report *report, struct printer *printer)
{
  const struct differences *differences = report->differences;
  print_text (printer, "{\"checks\":[");
  for (size_t i = 0; i < differences->count; i++)
    {
      const struct difference *difference = &differences->list[i];
      const struct quantity *source = &report->sources[difference->source];
      char text[200];
      explain (difference, text, sizeof text);
      print_json_open (printer, '{');
      print_json_text (printer, "target", report->targets[difference->target].name);
      print_json_text (printer, "wrt", source->name);
      print_json_position (printer, "index", &source->shape, difference->element);
      print_json_text (printer, "verdict", difference_names[difference->verdict]);
      print_json_key (printer, "given");
      print_element_json (printer, TYPE_REAL, difference->gradient);
      print_number (printer, "found", difference->found);
      print_number (printer, "error", difference->error);
      print_number (printer, "left", difference->left);
      print_number (printer, "right", difference->right);
      if (*text)
        print_json_text (printer, "message", text);
      print_char (printer, '}');
    }
  print_char (printer, ']');
  for (int i = 0; i < DIFFERENCE_VERDICTS; i++)
    print_json_size (printer, difference_names[i], differences->counts[i]);
  print_text (printer, "}\n");
}
