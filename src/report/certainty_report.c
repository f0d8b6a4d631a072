/* certainty_report.c -- how far off results are, in the words of each format. */
#include "report/certainty_report.h"

#include <math.h>
#include <string.h>

#include "report/latex.h"
#include "report/markdown.h"

/* A bound with two digits, not below what it was. */
static void
print_bound (struct printer *printer, const struct report *report, double bound)
{
  char text[NUMBER_SIZE];
  number_print (text, bound * 1.05, 2);
  if (report->format == FORMAT_LATEX)
    latex_digits (printer, text);
  else
    print_text (printer, text);
}

static void
print_digits (struct printer *printer, int digits)
{
  if (digits == 0)
    print_text (printer, "no digit is certain");
  else
    print_format (printer, "about %d of %d digits %s certain", digits, DIGITS_OF_DOUBLE, digits == 1 ? "is" : "are");
}

/* `cancellation in 4:12`, `steepness of exp in 4:12`, `reading in 1:5`; with the file's name where there are several.
 */
static void
print_cause (struct printer *printer, const struct report *report, const struct cause *cause)
{
  void (*print_name) (struct printer *, const char *) = report->format == FORMAT_LATEX      ? latex_code
                                                        : report->format == FORMAT_MARKDOWN ? markdown_text
                                                                                            : print_text;
  print_format (printer, "; %s", cause->kind);
  if (cause->op && strcmp (cause->kind, "cancellation") != 0)
    {
      print_text (printer, " of ");
      print_name (printer, cause->op);
    }
  if (!cause->file)
    return;
  print_text (printer, " in ");
  if (report->places->count > 1)
    {
      print_name (printer, cause->file);
      print_char (printer, ':');
    }
  print_format (printer, "%zu:%zu", cause->line, cause->column);
}

void
certainty_say (struct printer *printer, const struct report *report, const struct shape *shape,
               const struct certainty *certainty)
{
  bool array = shape_size (shape) > 1;
  double bound = shape_size (shape) ? certainty->bounds[certainty->worst] : 0;
  if (isinf (bound))
    print_text (printer, "nothing is known of its rounding");
  else if (bound == 0)
    print_text (printer, "exact");
  else
    {
      print_text (printer, "off by at most ");
      print_bound (printer, report, bound);
      print_text (printer, ": ");
      print_digits (printer, certainty->digits);
    }
  if (array && bound > 0)
    {
      print_text (printer, " in the worst element ");
      print_brackets (printer, shape, certainty->worst);
    }
  if (certainty->cause_count && certainty->digits < DIGITS_OF_DOUBLE - 1)
    print_cause (printer, report, &certainty->causes[0]);
}

/* The end of a line: of one element its bound and digits; of the worst element also what that is due to. */
static void
end_line (struct table *table, const struct certainty *certainty, size_t i, double number)
{
  const struct cause *cause = i == certainty->worst && certainty->cause_count ? certainty->causes : NULL;
  table_element (table, TYPE_REAL, certainty->bounds[i]);
  table_size (table, (size_t)report_certain_digits (number, certainty->bounds[i]));
  table_text (table, cause ? cause->kind : NULL);
  table_text (table, cause ? cause->op : NULL);
  table_text (table, cause ? cause->file : NULL);
  if (cause && cause->file)
    {
      table_size (table, cause->line);
      table_size (table, cause->column);
    }
  else
    table_skip (table, 2);
  table_end_line (table);
}

/* Without a source, a target's value. */
static void
print_lines (const struct report *report, struct table *table, size_t target, const struct quantity *source,
             const double *elements, const struct certainty *certainty)
{
  const struct quantity *of = &report->targets[target];
  const struct shape *shape = source ? &source->shape : &of->shape;
  for (size_t i = 0; i < shape_size (shape); i++)
    {
      table_text (table, of->name);
      table_text (table, source ? source->name : NULL);
      table_position (table, shape, i);
      if (elements)
        table_element (table, source ? TYPE_REAL : of->type, elements[i]);
      else
        table_text (table, report->zero_unconnected ? "0" : NULL);
      if (elements)
        end_line (table, certainty, i, elements[i]);
      else
        {
          table_skip (table, 7);
          table_end_line (table);
        }
    }
}

void
certainty_table (const struct report *report, struct table *table)
{
  static const char *const header[]
    = { "target", "wrt", "index", "value", "bound", "digits", "cause", "op", "file", "line", "column", NULL };
  table_header (table, header);
  for (size_t t = 0; t < report->target_count; t++)
    {
      print_lines (report, table, t, NULL, report->targets[t].elements, &report->certain_values[t]);
      for (size_t s = 0; s < report->source_count; s++)
        print_lines (report, table, t, &report->sources[s], report_gradient (report, t, s)->elements,
                     &report->certain_gradients[t * report->source_count + s]);
    }
}

static void
print_causes (const struct certainty *certainty, struct printer *printer)
{
  print_json_begin (printer, "causes", '[');
  for (size_t i = 0; i < certainty->cause_count; i++)
    {
      const struct cause *cause = &certainty->causes[i];
      print_json_open (printer, '{');
      print_json_text (printer, "kind", cause->kind);
      if (cause->op)
        print_json_text (printer, "op", cause->op);
      if (cause->file)
        print_json_place (printer, cause->file, cause->line, cause->column);
      print_json_key (printer, "share");
      print_element_json (printer, TYPE_REAL, cause->share);
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

static void
print_certainty (const struct certainty *certainty, const struct shape *shape, struct printer *printer)
{
  print_json_open (printer, '{');
  print_json_key (printer, "bound");
  print_array_json (printer, TYPE_REAL, shape, certainty->bounds);
  print_json_size (printer, "digits", (size_t)certainty->digits);
  print_causes (certainty, printer);
  print_char (printer, '}');
}

void
certainty_json (const struct report *report, struct printer *printer)
{
  print_json_begin (printer, "digits", '{');
  print_json_begin (printer, "value", '{');
  for (size_t t = 0; t < report->target_count; t++)
    {
      print_json_key (printer, report->targets[t].name);
      print_certainty (&report->certain_values[t], &report->targets[t].shape, printer);
    }
  print_text (printer, "}");
  print_json_begin (printer, "grad", '{');
  for (size_t t = 0; t < report->target_count; t++)
    {
      print_json_begin (printer, report->targets[t].name, '{');
      for (size_t s = 0; s < report->source_count; s++)
        if (report_gradient (report, t, s)->elements)
          {
            print_json_key (printer, report->sources[s].name);
            print_certainty (&report->certain_gradients[t * report->source_count + s], &report->sources[s].shape,
                             printer);
          }
      print_char (printer, '}');
    }
  print_text (printer, "}}");
}
