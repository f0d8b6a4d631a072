/* csv.c -- reports as tables, one line for each element or one line for all. */
#include "report/print.h"

#include <string.h>

/* What a table is written with. */
struct table
{
  struct printer printer;
  char delimiter;
};

static bool
needs_quotes (const struct table *table, const char *text)
{
  return strchr (text, table->delimiter) || strpbrk (text, "\"\r\n");
}

/* The inside of a quoted field: quotes are doubled. */
static void
print_quoted (struct table *table, const char *text)
{
  for (; *text; text++)
    {
      if (*text == '"')
        print_char (&table->printer, '"');
      print_char (&table->printer, *text);
    }
}

static void
print_field (struct table *table, const char *text)
{
  if (!needs_quotes (table, text))
    {
      print_text (&table->printer, text);
      return;
    }
  print_char (&table->printer, '"');
  print_quoted (table, text);
  print_char (&table->printer, '"');
}

static void
print_header (struct table *table, const char *const *names)
{
  for (size_t i = 0; names[i]; i++)
    {
      if (i > 0)
        print_char (&table->printer, table->delimiter);
      print_text (&table->printer, names[i]);
    }
  print_char (&table->printer, '\n');
}

static void
print_long_values (struct table *table, const struct quantity *target)
{
  size_t size = shape_size (&target->shape);
  struct position position = { 0 };
  for (size_t i = 0; i < size; i++, position_advance (&position, &target->shape))
    {
      print_field (table, target->name);
      print_char (&table->printer, table->delimiter);
      print_position (&table->printer, &position, &target->shape, 0);
      print_char (&table->printer, table->delimiter);
      print_element (&table->printer, target->type, target->elements[i]);
      print_char (&table->printer, '\n');
    }
}

/* A gradient's element, or what stands for it where there is none. */
static void
print_gradient_element (struct table *table, const struct report *report, const struct gradient *gradient, size_t i)
{
  if (gradient->elements)
    print_element (&table->printer, TYPE_REAL, gradient->elements[i]);
  else if (report->zero_unconnected)
    print_char (&table->printer, '0');
}

static void
print_long_gradient (struct table *table, const struct report *report, size_t target, size_t source)
{
  const struct quantity *at = &report->sources[source];
  const struct gradient *gradient = report_gradient (report, target, source);
  size_t size = shape_size (&at->shape);
  struct position position = { 0 };
  for (size_t i = 0; i < size; i++, position_advance (&position, &at->shape))
    {
      print_field (table, report->targets[target].name);
      print_char (&table->printer, table->delimiter);
      print_field (table, at->name);
      print_char (&table->printer, table->delimiter);
      print_position (&table->printer, &position, &at->shape, 0);
      print_char (&table->printer, table->delimiter);
      print_element (&table->printer, at->type, at->elements[i]);
      print_char (&table->printer, table->delimiter);
      print_gradient_element (table, report, gradient, i);
      print_char (&table->printer, '\n');
    }
}

static void
print_long (struct table *table, const struct report *report)
{
  static const char *const value_header[] = { "target", "index", "value", NULL };
  static const char *const gradient_header[] = { "target", "wrt", "index", "at", "grad", NULL };
  print_header (table, report->gradients ? gradient_header : value_header);
  for (size_t target = 0; target < report->target_count; target++)
    {
      if (!report->gradients)
        print_long_values (table, &report->targets[target]);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        print_long_gradient (table, report, target, source);
    }
}

/* The name of a column: a target's, or `dloss_dw` of a target and a source, without the position. */
static void
print_column_name (struct table *table, const struct quantity *target, const struct quantity *source)
{
  if (!source)
    {
      print_quoted (table, target->name);
      return;
    }
  print_text (&table->printer, target->is_expression ? "d(" : "d");
  print_quoted (table, target->name);
  print_text (&table->printer, target->is_expression ? ")_d" : "_d");
  print_text (&table->printer, source->is_expression ? "(" : "");
  print_quoted (table, source->name);
  print_text (&table->printer, source->is_expression ? ")" : "");
}

/* The columns of one value or gradient, each with a delimiter before it but the first of the table. */
static void
print_column_names (struct table *table, const struct quantity *target, const struct quantity *source, bool *first)
{
  const struct shape *shape = source ? &source->shape : &target->shape;
  bool quoted = needs_quotes (table, target->name) || (source && needs_quotes (table, source->name));
  size_t size = shape_size (shape);
  struct position position = { 0 };
  for (size_t i = 0; i < size; i++, position_advance (&position, shape))
    {
      if (!*first)
        print_char (&table->printer, table->delimiter);
      *first = false;
      if (quoted)
        print_char (&table->printer, '"');
      print_column_name (table, target, source);
      print_position (&table->printer, &position, shape, '.');
      if (quoted)
        print_char (&table->printer, '"');
    }
}

static void
print_wide_row (struct table *table, const struct report *report)
{
  bool first = true;
  for (size_t target = 0; target < report->target_count; target++)
    {
      const struct quantity *value = &report->targets[target];
      size_t size = shape_size (&value->shape);
      for (size_t i = 0; i < size; i++)
        {
          if (!first)
            print_char (&table->printer, table->delimiter);
          first = false;
          print_element (&table->printer, value->type, value->elements[i]);
        }
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        {
          const struct gradient *gradient = report_gradient (report, target, source);
          size = shape_size (&report->sources[source].shape);
          for (size_t i = 0; i < size; i++)
            {
              if (!first)
                print_char (&table->printer, table->delimiter);
              first = false;
              print_gradient_element (table, report, gradient, i);
            }
        }
    }
  print_char (&table->printer, '\n');
}

static void
print_wide (struct table *table, const struct report *report)
{
  bool first = true;
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_column_names (table, &report->targets[target], NULL, &first);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        print_column_names (table, &report->targets[target], &report->sources[source], &first);
    }
  print_char (&table->printer, '\n');
  print_wide_row (table, report);
}

void
report_csv (const struct report *report, char delimiter, FILE *out)
{
  struct table table;
  table.delimiter = delimiter;
  printer_open (&table.printer, out, report->precision);
  if (report->layout == LAYOUT_WIDE)
    print_wide (&table, report);
  else
    print_long (&table, report);
  printer_flush (&table.printer);
}
