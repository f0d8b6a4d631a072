/* text.c -- reports for people, which are also legal answers files. */
#include "report/print.h"

#include <string.h>

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
  if (gradient->elements || report->zero_unconnected)
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

void
report_text (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_value (&printer, &report->targets[target]);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        print_gradient (&printer, report, target, source);
      if (report->along)
        print_along (&printer, report, target);
    }
  printer_flush (&printer);
}
