/* text.c -- reports for people, which are also legal answers files. */
#include "report/print.h"

#include <string.h>

#include "formula/latex_name.h"

/* Columns a text takes: a character each, however many bytes it has. */
static size_t
text_width (const char *text)
{
  size_t width = 0;
  for (; *text; text++)
    width += (*text & 0xc0) != 0x80;
  return width;
}

/* `loss`, or `(a+b)` for an expression, and the columns that took. */
static size_t
print_name (struct printer *printer, const struct quantity *quantity)
{
  if (quantity->is_expression)
    print_char (printer, '(');
  print_text (printer, quantity->name);
  if (quantity->is_expression)
    print_char (printer, ')');
  return text_width (quantity->name) + (quantity->is_expression ? 2 : 0);
}

static void
print_value (struct printer *printer, const struct quantity *quantity)
{
  print_text (printer, quantity->name);
  print_text (printer, " = ");
  print_array_text (printer, quantity->type, &quantity->shape, quantity->elements, text_width (quantity->name) + 3);
  print_char (printer, '\n');
}

static void
print_gradient (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  const struct gradient *gradient = report_gradient (report, target, source);
  print_char (printer, 'd');
  size_t width = print_name (printer, &report->targets[target]);
  print_text (printer, "/d");
  width += print_name (printer, &report->sources[source]);
  print_text (printer, " = ");
  struct shape shape = report_shape (report, target, source);
  const char *formula = report->formulas ? report->formulas[target * report->source_count + source] : NULL;
  if (formula)
    print_text (printer, formula);
  else if (gradient->elements || report->zero_unconnected)
    print_array_text (printer, TYPE_REAL, &shape, gradient->elements, width + strlen ("d/d = "));
  else
    print_text (printer, "none");
  print_char (printer, '\n');
}

static void
print_along (struct printer *printer, const struct report *report, size_t target)
{
  const struct quantity *quantity = &report->targets[target];
  const struct gradient *along = &report->along[target];
  print_char (printer, 'd');
  size_t width = print_name (printer, quantity);
  print_text (printer, " = ");
  if (along->elements || report->zero_unconnected)
    print_array_text (printer, TYPE_REAL, &quantity->shape, along->elements, width + strlen ("d = "));
  else
    print_text (printer, "none");
  print_char (printer, '\n');
}

/* `[0, 2]`, where an element of an array stands; nothing for a number. */
static void
print_brackets (struct printer *printer, const struct shape *shape, size_t element)
{
  struct position position = position_at (shape, element);
  for (int axis = 0; axis < shape->rank; axis++)
    {
      print_text (printer, axis ? ", " : "[");
      print_size (printer, position.index[axis]);
    }
  if (shape->rank)
    print_char (printer, ']');
}

/* `d2loss/dwdb = `, with the positions of single elements; the columns that took. */
static size_t
print_pair (struct printer *printer, const struct report *report, size_t target, const size_t source[2],
            const size_t *element)
{
  print_text (printer, "d2");
  size_t width = print_name (printer, &report->targets[target]) + strlen ("d2/ = ");
  print_char (printer, '/');
  for (int i = 0; i < 2; i++)
    {
      const struct quantity *quantity = &report->sources[source[i]];
      print_char (printer, 'd');
      width += print_name (printer, quantity) + 1;
      if (element)
        print_brackets (printer, &quantity->shape, element[i]);
    }
  print_text (printer, " = ");
  return width;
}

static void
print_hessian (struct printer *printer, const struct report *report, size_t target)
{
  const struct entries *hessian = &report->hessians[target];
  size_t count = report->source_count, source[2];
  for (source[0] = 0; source[0] < count && !report->sparse; source[0]++)
    for (source[1] = source[0]; source[1] < count; source[1]++)
      {
        struct shape shape = report_pair_shape (report, source[0], source[1]);
        size_t width = print_pair (printer, report, target, source, NULL);
        if (report_has_pair (report, target, source[0], source[1]) || report->zero_unconnected)
          print_array_text (printer, TYPE_REAL, &shape, hessian->blocks[source[0] * count + source[1]], width);
        else
          print_text (printer, "none");
        print_char (printer, '\n');
      }
  for (size_t i = 0; i < hessian->rows && report->sparse; i++)
    for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
      {
        source[0] = report_source_of (report, hessian, i);
        source[1] = report_source_of (report, hessian, hessian->columns[k]);
        size_t element[2] = { i - hessian->offsets[source[0]], hessian->columns[k] - hessian->offsets[source[1]] };
        if (!report_has_pair (report, target, source[0], source[1]))
          continue;
        print_pair (printer, report, target, source, element);
        print_element (printer, TYPE_REAL, hessian->values[k]);
        print_char (printer, '\n');
      }
}

/* `dy[0]/dx[1] = 5` for what can be other than 0. */
static void
print_sparse_jacobian (struct printer *printer, const struct report *report, size_t target)
{
  const struct entries *entries = &report->jacobians[target];
  for (size_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
      {
        size_t source = report_source_of (report, entries, entries->columns[k]);
        print_char (printer, 'd');
        print_name (printer, &report->targets[target]);
        print_brackets (printer, &report->targets[target].shape, i);
        print_text (printer, "/d");
        print_name (printer, &report->sources[source]);
        print_brackets (printer, &report->sources[source].shape, entries->columns[k] - entries->offsets[source]);
        print_text (printer, " = ");
        print_element (printer, TYPE_REAL, entries->values[k]);
        print_char (printer, '\n');
      }
}

/* A name in LaTeX, or what else is called so: y+z, an expression. */
static void
print_latex_name (struct printer *printer, const char *name, const struct names *names)
{
  if (!strpbrk (name, " +-*/^%@()[]{}<>=!&|?:.,'\"\\#$~"))
    {
      printer_flush (printer);
      latex_write_distinct (printer->out, name, names);
      return;
    }
  print_text (printer, "\\left(\\mathrm{");
  for (; *name; name++)
    {
      const char *special = *name == '\\' ? "\\backslash " : *name == '^' ? "\\wedge " : NULL;
      if (strchr ("_%#&${}", *name))
        print_char (printer, '\\');
      if (special)
        print_text (printer, special);
      else
        print_char (printer, *name);
    }
  print_text (printer, "}\\right)");
}

/* `t1 = exp(x)` for what formulas have in common. */
static void
print_parts (struct printer *printer, const struct report *report)
{
  for (size_t i = 0; i < report->part_count; i++)
    {
      print_text (printer, report->parts[i].name);
      print_text (printer, " = ");
      print_text (printer, report->parts[i].text);
      print_char (printer, '\n');
    }
}

void
report_latex (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  print_parts (&printer, report);
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      const char *target = report->targets[i / report->source_count].name;
      const char *source = report->sources[i % report->source_count].name;
      if (!report->formulas[i])
        continue;
      print_text (&printer, "\\frac{\\partial ");
      print_latex_name (&printer, target, report->names);
      print_text (&printer, "}{\\partial ");
      print_latex_name (&printer, source, report->names);
      print_text (&printer, "} = ");
      print_text (&printer, report->formulas[i]);
      print_char (&printer, '\n');
    }
  printer_flush (&printer);
}

void
report_c (const struct report *report, FILE *out)
{
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    fputs (report->formulas[i] ? report->formulas[i] : "", out);
}

void
report_text (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  print_parts (&printer, report);
  for (size_t target = 0; target < report->target_count; target++)
    {
      if (!report->formulas)
        print_value (&printer, &report->targets[target]);
      if (report->hessians)
        print_hessian (&printer, report, target);
      if (report->jacobians)
        print_sparse_jacobian (&printer, report, target);
      for (size_t source = 0;
           report->gradients && !report->hessians && !report->jacobians && source < report->source_count; source++)
        print_gradient (&printer, report, target, source);
      if (report->along)
        print_along (&printer, report, target);
    }
  printer_flush (&printer);
}
