/* csv_report.c -- reports as tables, one line for each element or one line for all. */
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
      print_position (&table->printer, &position, &target->shape);
      print_char (&table->printer, table->delimiter);
      print_element_table (&table->printer, target->type, target->elements[i]);
      print_char (&table->printer, '\n');
    }
}

/* A gradient's element, or what stands for it where there is none. */
static void
print_gradient_element (struct table *table, const struct report *report, const struct gradient *gradient, size_t i)
{
  if (gradient->elements)
    print_element_table (&table->printer, TYPE_REAL, gradient->elements[i]);
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
      print_position (&table->printer, &position, &at->shape);
      print_char (&table->printer, table->delimiter);
      print_element_table (&table->printer, at->type, at->elements[i]);
      print_char (&table->printer, table->delimiter);
      print_gradient_element (table, report, gradient, i);
      print_char (&table->printer, '\n');
    }
}

/* An element of a Jacobian in a line: of the target, then of the source. */
static void
print_long_jacobian (struct table *table, const struct report *report, size_t target, size_t source)
{
  const struct quantity *of = &report->targets[target], *at = &report->sources[source];
  const struct gradient *gradient = report_gradient (report, target, source);
  size_t rows = shape_size (&of->shape), columns = shape_size (&at->shape);
  struct position row = { 0 };
  for (size_t i = 0; i < rows; i++, position_advance (&row, &of->shape))
    {
      struct position column = { 0 };
      for (size_t k = 0; k < columns; k++, position_advance (&column, &at->shape))
        {
          print_field (table, of->name);
          print_char (&table->printer, table->delimiter);
          print_position (&table->printer, &row, &of->shape);
          print_char (&table->printer, table->delimiter);
          print_field (table, at->name);
          print_char (&table->printer, table->delimiter);
          print_position (&table->printer, &column, &at->shape);
          print_char (&table->printer, table->delimiter);
          print_gradient_element (table, report, gradient, i * columns + k);
          print_char (&table->printer, '\n');
        }
    }
}

static void
print_sparse_jacobian (struct table *table, const struct report *report, size_t target)
{
  const struct quantity *of = &report->targets[target];
  const struct entries *entries = &report->jacobians[target];
  for (size_t i = 0; i < entries->rows; i++)
    for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
      {
        const struct quantity *at = &report->sources[report_source_of (report, entries, entries->columns[k])];
        size_t element = entries->columns[k] - entries->offsets[at - report->sources];
        struct position row = position_at (&of->shape, i), column = position_at (&at->shape, element);
        print_field (table, of->name);
        print_char (&table->printer, table->delimiter);
        print_position (&table->printer, &row, &of->shape);
        print_char (&table->printer, table->delimiter);
        print_field (table, at->name);
        print_char (&table->printer, table->delimiter);
        print_position (&table->printer, &column, &at->shape);
        print_char (&table->printer, table->delimiter);
        print_element_table (&table->printer, TYPE_REAL, entries->values[k]);
        print_char (&table->printer, '\n');
      }
}

static void
print_long_along (struct table *table, const struct report *report, size_t target)
{
  const struct quantity *of = &report->targets[target];
  struct position position = { 0 };
  for (size_t i = 0; i < shape_size (&of->shape); i++, position_advance (&position, &of->shape))
    {
      print_field (table, of->name);
      print_char (&table->printer, table->delimiter);
      print_position (&table->printer, &position, &of->shape);
      print_char (&table->printer, table->delimiter);
      print_element_table (&table->printer, of->type, of->elements[i]);
      print_char (&table->printer, table->delimiter);
      print_gradient_element (table, report, &report->along[target], i);
      print_char (&table->printer, '\n');
    }
}

/* One line for a pair of elements, with what stands there or, without `value`, for what is missing. */
static void
print_pair_line (struct table *table, const struct report *report, size_t target, const size_t source[2],
                 const size_t element[2], const double *value)
{
  print_field (table, report->targets[target].name);
  for (int i = 0; i < 2; i++)
    {
      const struct quantity *quantity = &report->sources[source[i]];
      struct position position = position_at (&quantity->shape, element[i]);
      print_char (&table->printer, table->delimiter);
      print_field (table, quantity->name);
      print_char (&table->printer, table->delimiter);
      print_position (&table->printer, &position, &quantity->shape);
    }
  print_char (&table->printer, table->delimiter);
  if (value)
    print_element_table (&table->printer, TYPE_REAL, *value);
  else if (report->zero_unconnected)
    print_char (&table->printer, '0');
  print_char (&table->printer, '\n');
}

static void
print_long_hessian (struct table *table, const struct report *report, size_t target)
{
  const struct entries *hessian = &report->hessians[target];
  size_t count = report->source_count, source[2], element[2];
  for (source[0] = 0; source[0] < count && !report->sparse; source[0]++)
    for (source[1] = source[0]; source[1] < count; source[1]++)
      {
        bool there = report_has_pair (report, target, source[0], source[1]);
        size_t rows = shape_size (&report->sources[source[0]].shape);
        size_t columns = shape_size (&report->sources[source[1]].shape);
        const double *block = hessian->blocks[source[0] * count + source[1]];
        for (element[0] = 0; element[0] < rows; element[0]++)
          for (element[1] = source[0] == source[1] ? element[0] : 0; element[1] < columns; element[1]++)
            print_pair_line (table, report, target, source, element,
                             there ? &block[element[0] * columns + element[1]] : NULL);
      }
  for (size_t i = 0; i < hessian->rows && report->sparse; i++)
    for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
      {
        source[0] = report_source_of (report, hessian, i);
        source[1] = report_source_of (report, hessian, hessian->columns[k]);
        element[0] = i - hessian->offsets[source[0]];
        element[1] = hessian->columns[k] - hessian->offsets[source[1]];
        if (report_has_pair (report, target, source[0], source[1]))
          print_pair_line (table, report, target, source, element, &hessian->values[k]);
      }
}

/* Not an element but a formula in a line. */
static void
print_formula_line (struct table *table, const char *target, const char *source, const char *formula)
{
  print_field (table, target);
  print_char (&table->printer, table->delimiter);
  print_field (table, source);
  print_char (&table->printer, table->delimiter);
  print_field (table, formula);
  print_char (&table->printer, '\n');
}

static void
print_long (struct table *table, const struct report *report)
{
  static const char *const jacobian_header[] = { "target", "index", "wrt", "windex", "grad", NULL };
  static const char *const along_header[] = { "target", "index", "value", "along", NULL };
  static const char *const value_header[] = { "target", "index", "value", NULL };
  static const char *const gradient_header[] = { "target", "wrt", "index", "at", "grad", NULL };
  static const char *const hessian_header[] = { "target", "wrt1", "index1", "wrt2", "index2", "hess", NULL };
  static const char *const formula_header[] = { "target", "wrt", "formula", NULL };
  print_header (table, report->formulas     ? formula_header
                       : report->hessians   ? hessian_header
                       : report->along      ? along_header
                       : !report->gradients ? value_header
                       : report->jacobian   ? jacobian_header
                                            : gradient_header);
  for (size_t i = 0; i < report->part_count; i++)
    print_formula_line (table, report->parts[i].name, "", report->parts[i].text);
  for (size_t target = 0; target < report->target_count; target++)
    {
      if (report->hessians)
        {
          print_long_hessian (table, report, target);
          continue;
        }
      if (report->jacobians)
        {
          print_sparse_jacobian (table, report, target);
          continue;
        }
      if (report->along)
        print_long_along (table, report, target);
      else if (!report->gradients)
        print_long_values (table, &report->targets[target]);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        if (report->formulas)
          {
            const char *formula = report->formulas[target * report->source_count + source];
            print_formula_line (table, report->targets[target].name, report->sources[source].name,
                                formula                    ? formula
                                : report->zero_unconnected ? "0"
                                                           : "");
          }
        else if (report->jacobian)
          print_long_jacobian (table, report, target, source);
        else
          print_long_gradient (table, report, target, source);
    }
}

/* The name of a column: a target's, `dloss_dw` of a target and a source, or `dloss` along a direction; without the
   position. */
static void
print_column_name (struct table *table, const struct quantity *target, const struct quantity *source, bool along)
{
  if (along)
    {
      print_text (&table->printer, target->is_expression ? "d(" : "d");
      print_quoted (table, target->name);
      print_text (&table->printer, target->is_expression ? ")" : "");
      return;
    }
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
print_column_names (struct table *table, const struct quantity *target, const struct quantity *source,
                    const struct shape *shape, bool along, bool *first)
{
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
      print_column_name (table, target, source, along);
      print_position_suffix (&table->printer, &position, shape);
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
          print_element_table (&table->printer, value->type, value->elements[i]);
        }
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        {
          const struct gradient *gradient = report_gradient (report, target, source);
          struct shape shape = report_shape (report, target, source);
          size = shape_size (&shape);
          for (size_t i = 0; i < size; i++)
            {
              if (!first)
                print_char (&table->printer, table->delimiter);
              first = false;
              print_gradient_element (table, report, gradient, i);
            }
        }
      for (size_t i = 0; report->along && i < shape_size (&value->shape); i++)
        {
          print_char (&table->printer, table->delimiter);
          print_gradient_element (table, report, &report->along[target], i);
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
      const struct quantity *of = &report->targets[target];
      print_column_names (table, of, NULL, &of->shape, false, &first);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        {
          struct shape shape = report_shape (report, target, source);
          print_column_names (table, of, &report->sources[source], &shape, false, &first);
        }
      if (report->along)
        print_column_names (table, of, NULL, &of->shape, true, &first);
    }
  print_char (&table->printer, '\n');
  print_wide_row (table, report);
}

static void
print_table (const struct report *report, char delimiter, FILE *out)
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

void
report_csv (const struct report *report, FILE *out)
{
  print_table (report, ',', out);
}

void
report_tsv (const struct report *report, FILE *out)
{
  print_table (report, '\t', out);
}
