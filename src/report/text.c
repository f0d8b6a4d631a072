/* text.c -- reports for people, which are also legal answers files. */
#include "report/print.h"

#include <string.h>

#include "formula/latex_name.h"

static void
print_target (struct printer *printer, const struct quantity *quantity)
{
  print_text (printer, quantity->name);
  print_text (printer, " = ");
  print_array_text (printer, quantity->type, &quantity->shape, quantity->elements,
                    text_width (quantity->name) + strlen (" = "));
  print_char (printer, '\n');
}

/* The end of a line: a derivative of a shape, after `width` columns, or the word for that there is none. */
static void
print_derivative (struct printer *printer, const struct report *report, const struct shape *shape,
                  const double *elements, size_t width)
{
  if (elements || report->zero_unconnected)
    print_array_text (printer, TYPE_REAL, shape, elements, width);
  else
    print_text (printer, "none");
  print_char (printer, '\n');
}

static void
print_gradient (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  print_char (printer, 'd');
  size_t width = print_quantity (printer, &report->targets[target]);
  print_text (printer, "/d");
  width += print_quantity (printer, &report->sources[source]);
  print_text (printer, " = ");
  struct shape shape = report_shape (report, target, source);
  const char *formula = report->formulas ? report->formulas[target * report->source_count + source] : NULL;
  if (formula)
    print_format (printer, "%s\n", formula);
  else
    print_derivative (printer, report, &shape, report_gradient (report, target, source)->elements,
                      width + strlen ("d/d = "));
}

static void
print_along (struct printer *printer, const struct report *report, size_t target)
{
  const struct quantity *quantity = &report->targets[target];
  print_char (printer, 'd');
  size_t width = print_quantity (printer, quantity);
  print_text (printer, " = ");
  print_derivative (printer, report, &quantity->shape, report->along[target].elements, width + strlen ("d = "));
}

/* `d2loss/dwdb = `, with the positions of single elements; the columns that took. */
static size_t
print_pair (struct printer *printer, const struct report *report, size_t target, const size_t source[2],
            const size_t *element)
{
  print_text (printer, "d2");
  size_t width = print_quantity (printer, &report->targets[target]) + strlen ("d2/ = ");
  print_char (printer, '/');
  for (int i = 0; i < 2; i++)
    {
      const struct quantity *quantity = &report->sources[source[i]];
      print_char (printer, 'd');
      width += print_quantity (printer, quantity) + 1;
      if (element)
        print_brackets (printer, &quantity->shape, element[i]);
    }
  print_text (printer, " = ");
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
        print_derivative (printer, report, &shape,
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
      print_char (printer, '\n');
    }
}

/* `dy[0]/dx[1] = 5` for what can be other than 0. */
static void
print_sparse_jacobian (struct printer *printer, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    {
      const struct quantity *of = &report->targets[target], *at = &report->sources[entry.source[1]];
      print_char (printer, 'd');
      print_quantity (printer, of);
      print_brackets (printer, &of->shape, entry.element[0]);
      print_text (printer, "/d");
      print_quantity (printer, at);
      print_brackets (printer, &at->shape, entry.element[1]);
      print_text (printer, " = ");
      print_element (printer, TYPE_REAL, *entry.value);
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
    print_format (printer, "%s = %s\n", report->parts[i].name, report->parts[i].text);
}

void
report_latex (const struct report *report, struct printer *printer)
{
  print_parts (printer, report);
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      const char *target = report->targets[i / report->source_count].name;
      const char *source = report->sources[i % report->source_count].name;
      if (!report->formulas[i])
        continue;
      print_text (printer, "\\frac{\\partial ");
      print_latex_name (printer, target, report->names);
      print_text (printer, "}{\\partial ");
      print_latex_name (printer, source, report->names);
      print_format (printer, "} = %s\n", report->formulas[i]);
    }
}

void
report_c (const struct report *report, struct printer *printer)
{
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    print_text (printer, report->formulas[i] ? report->formulas[i] : "");
}

void
report_text (const struct report *report, struct printer *printer)
{
  print_parts (printer, report);
  for (size_t target = 0; target < report->target_count; target++)
    {
      if (!report->formulas)
        print_target (printer, &report->targets[target]);
      if (report->hessians)
        (report->sparse ? print_sparse_hessian : print_hessian) (printer, report, target);
      else if (report->jacobians)
        print_sparse_jacobian (printer, report, target);
      else
        for (size_t source = 0; report->gradients && source < report->source_count; source++)
          print_gradient (printer, report, target, source);
      if (report->along)
        print_along (printer, report, target);
    }
}
