/* text.c -- reports for people, which are also legal answers files. */
#include "report/print.h"

#include <string.h>

#include "report/array_terminal.h"
#include "report/certainty_report.h"
#include "report/derivation_report.h"
#include "report/markdown.h"

/* Each result is a line: text, or a row of a table in Markdown, the name within backquotes. */
static void
begin_line (struct printer *printer, const struct report *report)
{
  if (report->format == FORMAT_MARKDOWN)
    print_text (printer, "| `");
}

static void
end_name (struct printer *printer, const struct report *report)
{
  print_text (printer, report->format == FORMAT_MARKDOWN ? "` | " : " = ");
}

static void
end_line (struct printer *printer, const struct report *report)
{
  print_text (printer, report->format == FORMAT_MARKDOWN ? " |\n" : "\n");
}

/* The name of a value, in parentheses if it is an expression; the columns that takes. A bar would end Markdown's cell.
 */
static size_t
print_name (struct printer *printer, const struct report *report, const struct quantity *quantity)
{
  if (report->format != FORMAT_MARKDOWN || !strchr (quantity->name, '|'))
    return print_quantity (printer, quantity);
  print_char (printer, '(');
  for (const char *c = quantity->name; *c; c++)
    {
      print_text (printer, *c == '|' ? "\\" : "");
      print_char (printer, *c);
    }
  print_char (printer, ')');
  return 0;
}

static void
print_array (struct printer *printer, const struct report *report, enum type type, const struct shape *shape,
             const double *elements, size_t width)
{
  size_t size = shape_size (shape);
  bool elided = report->terminal && !report->whole && size > TERMINAL_MOST;
  if (elided || (report->terminal && shape->rank > 1 && size && size <= TERMINAL_MOST))
    print_array_terminal (printer, type, shape, elements, width);
  else
    print_array_text (printer, type, shape, elements, report->format == FORMAT_MARKDOWN ? PRINT_ONE_LINE : width);
  if (elided && elements)
    {
      print_text (printer, "  # ");
      print_array_summary (printer, type, shape, elements);
    }
}

/* The end of a line: an array of a shape, after `width` columns, or the word for that there is none; and, unless that
   is NULL, what is certain of it. */
static void
print_certain (struct printer *printer, const struct report *report, enum type type, const struct shape *shape,
               const double *elements, size_t width, const struct certainty *certainty)
{
  if (elements || report->zero_unconnected)
    print_array (printer, report, type, shape, elements, width);
  else
    print_text (printer, "none");
  if (certainty)
    {
      print_text (printer, report->format == FORMAT_MARKDOWN ? " | " : "  # ");
      certainty_say (printer, report, shape, certainty);
    }
  else if (report->certain_values && report->format == FORMAT_MARKDOWN)
    print_text (printer, " |");
  end_line (printer, report);
}

static void
print_elements (struct printer *printer, const struct report *report, enum type type, const struct shape *shape,
                const double *elements, size_t width)
{
  print_certain (printer, report, type, shape, elements, width, NULL);
}

static void
print_target (struct printer *printer, const struct report *report, size_t target)
{
  struct quantity quantity = report->targets[target];
  quantity.is_expression = false;
  begin_line (printer, report);
  size_t width = print_name (printer, report, &quantity) + strlen (" = ");
  end_name (printer, report);
  print_certain (printer, report, quantity.type, &quantity.shape, quantity.elements, width,
                 report->certain_values ? &report->certain_values[target] : NULL);
}

/* `dloss/dw`, `elasticity(loss, w)`, `share(loss, w)`; the columns that takes. */
static size_t
print_of_pair (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  static const char *const before[] = { "d", "elasticity(", "share(" }, *const between[] = { "/d", ", ", ", " },
                           *const after[] = { "", ")", ")" };
  struct quantity of = report->targets[target], at = report->sources[source];
  enum measure measure = report->measure;
  of.is_expression &= measure == MEASURE_GRADIENT;
  at.is_expression &= measure == MEASURE_GRADIENT;
  print_text (printer, before[measure]);
  size_t width = print_name (printer, report, &of);
  print_text (printer, between[measure]);
  width += print_name (printer, report, &at);
  print_text (printer, after[measure]);
  return width + strlen (before[measure]) + strlen (between[measure]) + strlen (after[measure]);
}

static void
print_formula (struct printer *printer, const struct report *report, const char *formula)
{
  if (report->format == FORMAT_MARKDOWN)
    markdown_code (printer, formula);
  else
    print_text (printer, formula);
  end_line (printer, report);
}

static void
print_gradient (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  begin_line (printer, report);
  size_t width = print_of_pair (printer, report, target, source) + strlen (" = ");
  end_name (printer, report);
  struct shape shape = report_shape (report, target, source);
  const double *elements = report_gradient (report, target, source)->elements;
  const char *formula = report->formulas ? report->formulas[target * report->source_count + source] : NULL;
  if (formula)
    print_formula (printer, report, formula);
  else
    print_certain (printer, report, TYPE_REAL, &shape, elements, width,
                   elements && report->certain_gradients
                     ? &report->certain_gradients[target * report->source_count + source]
                     : NULL);
}

/* `dloss`, or the standard deviation `sd(loss)`. */
static void
print_along (struct printer *printer, const struct report *report, size_t target)
{
  struct quantity quantity = report->targets[target];
  bool deviation = report->measure == MEASURE_SHARE;
  quantity.is_expression &= !deviation;
  begin_line (printer, report);
  print_text (printer, deviation ? "sd(" : "d");
  size_t width = print_name (printer, report, &quantity);
  print_text (printer, deviation ? ")" : "");
  end_name (printer, report);
  print_elements (printer, report, TYPE_REAL, &quantity.shape, report->along[target].elements,
                  width + strlen (deviation ? "sd() = " : "d = "));
}

/* `d2loss/dwdb`, with the positions of single elements; the columns that took. */
static size_t
print_pair (struct printer *printer, const struct report *report, size_t target, const size_t source[2],
            const size_t *element)
{
  begin_line (printer, report);
  print_text (printer, "d2");
  size_t width = print_name (printer, report, &report->targets[target]) + strlen ("d2/ = ");
  print_char (printer, '/');
  for (int i = 0; i < 2; i++)
    {
      const struct quantity *quantity = &report->sources[source[i]];
      print_char (printer, 'd');
      width += print_name (printer, report, quantity) + 1;
      if (element)
        print_brackets (printer, &quantity->shape, element[i]);
    }
  end_name (printer, report);
  return width;
}

static void
print_hessian (struct printer *printer, const struct report *report, size_t target)
{
  size_t count = report->source_count, source[2];
  for (source[0] = 0; source[0] < count; source[0]++)
    for (source[1] = source[0]; source[1] < count; source[1]++)
      {
        struct shape shape = report_pair_shape (report, source[0], source[1]);
        bool there = report_has_pair (report, target, source[0], source[1]);
        size_t width = print_pair (printer, report, target, source, NULL);
        print_elements (printer, report, TYPE_REAL, &shape,
                        there ? report->hessians[target].blocks[source[0] * count + source[1]] : NULL, width);
      }
}

static void
print_sparse_hessian (struct printer *printer, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    {
      print_pair (printer, report, target, entry.source, entry.element);
      print_element (printer, TYPE_REAL, *entry.value);
      end_line (printer, report);
    }
}

/* `dy[0]/dx[1] = 5` for what can be other than 0. */
static void
print_sparse_jacobian (struct printer *printer, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    {
      const struct quantity *of = &report->targets[target], *at = &report->sources[entry.source[1]];
      begin_line (printer, report);
      print_char (printer, 'd');
      print_name (printer, report, of);
      print_brackets (printer, &of->shape, entry.element[0]);
      print_text (printer, "/d");
      print_name (printer, report, at);
      print_brackets (printer, &at->shape, entry.element[1]);
      end_name (printer, report);
      print_element (printer, TYPE_REAL, *entry.value);
      end_line (printer, report);
    }
}

/* `t1 = exp(x)` for what formulas have in common. */
static void
print_parts (struct printer *printer, const struct report *report)
{
  for (size_t i = 0; i < report->part_count; i++)
    {
      begin_line (printer, report);
      print_text (printer, report->parts[i].name);
      end_name (printer, report);
      print_formula (printer, report, report->parts[i].text);
    }
}

void
report_c (const struct report *report, struct printer *printer)
{
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    print_text (printer, report->formulas[i] ? report->formulas[i] : "");
}

static void
print_target_and_derivatives (const struct report *report, struct printer *printer, size_t target)
{
  if (!report->formulas)
    print_target (printer, report, target);
  if (report->along)
    print_along (printer, report, target);
  if (report->hessians)
    (report->sparse ? print_sparse_hessian : print_hessian) (printer, report, target);
  else if (report->jacobians)
    print_sparse_jacobian (printer, report, target);
  else
    for (size_t source = 0; report->gradients && source < report->source_count; source++)
      print_gradient (printer, report, target, source);
}

void
report_text (const struct report *report, struct printer *printer)
{
  print_parts (printer, report);
  if (report->workings)
    derivation_text (report, printer);
  for (size_t target = 0; target < report->target_count && !report->workings; target++)
    print_target_and_derivatives (report, printer, target);
}

void
report_markdown (const struct report *report, struct printer *printer)
{
  print_text (printer, report->certain_values ? "| result | value | rounding |\n| --- | --- | --- |\n"
                                              : "| result | value |\n| --- | --- |\n");
  report_text (report, printer);
}
