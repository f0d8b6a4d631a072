/* csv_report.c -- reports as tables, one line for each element or one line for all. */
#include "report/certainty_report.h"
#include "report/derivation_report.h"

/* A derivative's element, or what stands for it where there is none. */
static void
print_derivative (struct table *table, const struct report *report, const double *elements, size_t i)
{
  if (elements)
    table_element (table, TYPE_REAL, elements[i]);
  else
    table_text (table, report->zero_unconnected ? "0" : NULL);
}

/* The elements of a target and, where one is given, their changes in a direction. */
static void
print_long_values (struct table *table, const struct report *report, size_t target)
{
  const struct quantity *of = &report->targets[target];
  for (size_t i = 0; i < shape_size (&of->shape); i++)
    {
      table_text (table, of->name);
      table_position (table, &of->shape, i);
      table_element (table, of->type, of->elements[i]);
      if (report->along)
        print_derivative (table, report, report->along[target].elements, i);
      table_end_line (table);
    }
}

static void
print_long_gradient (struct table *table, const struct report *report, size_t target, size_t source)
{
  const struct quantity *at = &report->sources[source];
  for (size_t i = 0; i < shape_size (&at->shape); i++)
    {
      table_text (table, report->targets[target].name);
      table_text (table, at->name);
      table_position (table, &at->shape, i);
      table_element (table, at->type, at->elements[i]);
      print_derivative (table, report, report_gradient (report, target, source)->elements, i);
      table_end_line (table);
    }
}

/* An element of a Jacobian in a line: of the target, then of the source. Without `value` it is missing. */
static void
print_jacobian_line (struct table *table, const struct report *report, size_t target, size_t source,
                     const size_t element[2], const double *value)
{
  const struct quantity *of = &report->targets[target], *at = &report->sources[source];
  table_text (table, of->name);
  table_position (table, &of->shape, element[0]);
  table_text (table, at->name);
  table_position (table, &at->shape, element[1]);
  print_derivative (table, report, value, 0);
  table_end_line (table);
}

static void
print_long_jacobian (struct table *table, const struct report *report, size_t target, size_t source)
{
  const double *elements = report_gradient (report, target, source)->elements;
  size_t rows = shape_size (&report->targets[target].shape), columns = shape_size (&report->sources[source].shape);
  for (size_t i = 0; i < rows * columns; i++)
    print_jacobian_line (table, report, target, source, (size_t[]){ i / columns, i % columns },
                         elements ? &elements[i] : NULL);
}

static void
print_sparse_jacobian (struct table *table, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    print_jacobian_line (table, report, target, entry.source[1], entry.element, entry.value);
}

/* A second derivative in a line, for a pair of elements. Without `value` it is missing. */
static void
print_pair_line (struct table *table, const struct report *report, size_t target, const size_t source[2],
                 const size_t element[2], const double *value)
{
  table_text (table, report->targets[target].name);
  for (int i = 0; i < 2; i++)
    {
      const struct quantity *quantity = &report->sources[source[i]];
      table_text (table, quantity->name);
      table_position (table, &quantity->shape, element[i]);
    }
  print_derivative (table, report, value, 0);
  table_end_line (table);
}

static void
print_sparse_hessian (struct table *table, const struct report *report, size_t target)
{
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    print_pair_line (table, report, target, entry.source, entry.element, entry.value);
}

static void
print_long_hessian (struct table *table, const struct report *report, size_t target)
{
  size_t count = report->source_count, source[2], element[2];
  for (source[0] = 0; source[0] < count; source[0]++)
    for (source[1] = source[0]; source[1] < count; source[1]++)
      {
        bool there = report_has_pair (report, target, source[0], source[1]);
        size_t rows = shape_size (&report->sources[source[0]].shape);
        size_t columns = shape_size (&report->sources[source[1]].shape);
        const double *block = report->hessians[target].blocks[source[0] * count + source[1]];
        for (element[0] = 0; element[0] < rows; element[0]++)
          for (element[1] = source[0] == source[1] ? element[0] : 0; element[1] < columns; element[1]++)
            print_pair_line (table, report, target, source, element,
                             there ? &block[element[0] * columns + element[1]] : NULL);
      }
}

/* For each element of a target the share of each source in its deviation. */
static void
print_long_shares (struct table *table, const struct report *report, size_t target)
{
  const struct quantity *of = &report->targets[target];
  for (size_t i = 0; i < shape_size (&of->shape); i++)
    for (size_t source = 0; source < report->source_count; source++)
      {
        table_text (table, of->name);
        table_position (table, &of->shape, i);
        table_element (table, of->type, of->elements[i]);
        print_derivative (table, report, report->along[target].elements, i);
        table_text (table, report->sources[source].name);
        print_derivative (table, report, report_gradient (report, target, source)->elements, i);
        table_end_line (table);
      }
}

static void
print_formula_line (struct table *table, const char *target, const char *source, const char *formula)
{
  table_text (table, target);
  table_text (table, source);
  table_text (table, formula);
  table_end_line (table);
}

static void
print_formulas (struct table *table, const struct report *report, size_t target)
{
  for (size_t source = 0; source < report->source_count; source++)
    {
      const char *formula = report->formulas[target * report->source_count + source];
      print_formula_line (table, report->targets[target].name, report->sources[source].name,
                          formula                    ? formula
                          : report->zero_unconnected ? "0"
                                                     : "");
    }
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
  static const char *const elasticity_header[] = { "target", "wrt", "index", "at", "elasticity", NULL };
  static const char *const share_header[] = { "target", "index", "value", "sd", "wrt", "share", NULL };
  table_header (table, report->formulas                        ? formula_header
                       : report->measure == MEASURE_ELASTICITY ? elasticity_header
                       : report->measure == MEASURE_SHARE      ? share_header
                       : report->hessians                      ? hessian_header
                       : report->along                         ? along_header
                       : !report->gradients                    ? value_header
                       : report->jacobian                      ? jacobian_header
                                                               : gradient_header);
  for (size_t i = 0; i < report->part_count; i++)
    print_formula_line (table, report->parts[i].name, "", report->parts[i].text);
  if (report->workings)
    derivation_table (report, table);
  for (size_t target = 0; target < report->target_count && !report->workings; target++)
    if (report->hessians)
      (report->sparse ? print_sparse_hessian : print_long_hessian) (table, report, target);
    else if (report->jacobians)
      print_sparse_jacobian (table, report, target);
    else if (!report->gradients)
      print_long_values (table, report, target);
    else if (report->formulas)
      print_formulas (table, report, target);
    else if (report->measure == MEASURE_SHARE)
      print_long_shares (table, report, target);
    else
      for (size_t source = 0; source < report->source_count; source++)
        (report->jacobian ? print_long_jacobian : print_long_gradient) (table, report, target, source);
}

/* The name of a column: a target's, `dloss_dw` (`elasticity_loss_w`, `share_loss_w`) of a target and a source, `dloss`
   along a direction, or `sd_loss`; without the position. */
static void
print_column_name (struct table *table, const struct report *report, const struct quantity *target,
                   const struct quantity *source, bool along)
{
  struct printer *printer = table->printer;
  if (report->measure != MEASURE_GRADIENT)
    {
      print_text (printer, along                                   ? "sd_"
                           : !source                               ? ""
                           : report->measure == MEASURE_ELASTICITY ? "elasticity_"
                                                                   : "share_");
      table_quoted (table, target->name);
      print_text (printer, source ? "_" : "");
      table_quoted (table, source ? source->name : "");
      return;
    }
  if (source || along)
    print_text (printer, target->is_expression ? "d(" : "d");
  table_quoted (table, target->name);
  if (source || along)
    print_text (printer, target->is_expression ? ")" : "");
  if (!source)
    return;
  print_text (printer, source->is_expression ? "_d(" : "_d");
  table_quoted (table, source->name);
  print_text (printer, source->is_expression ? ")" : "");
}

/* A value or a derivative in the wide layout: the names of its columns, or their numbers. */
static void
print_columns (struct table *table, const struct report *report, size_t target, size_t source, bool along, bool names)
{
  const struct quantity *of = &report->targets[target];
  const struct quantity *at = source < report->source_count ? &report->sources[source] : NULL;
  bool quoted = table_needs_quotes (table, of->name) || (at && table_needs_quotes (table, at->name));
  struct shape shape = at ? report_shape (report, target, source) : of->shape;
  size_t size = shape_size (&shape);
  for (size_t i = 0; i < size; i++)
    if (names)
      {
        table_next (table);
        print_text (table->printer, quoted ? "\"" : "");
        print_column_name (table, report, of, at, along);
        print_position (table->printer, &shape, i, ".", ".");
        print_text (table->printer, quoted ? "\"" : "");
      }
    else if (at)
      print_derivative (table, report, report_gradient (report, target, source)->elements, i);
    else if (along)
      print_derivative (table, report, report->along[target].elements, i);
    else
      table_element (table, of->type, of->elements[i]);
}

/* A line of the wide layout. */
static void
print_wide (struct table *table, const struct report *report, bool names)
{
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_columns (table, report, target, SIZE_MAX, false, names);
      if (report->along)
        print_columns (table, report, target, SIZE_MAX, true, names);
      for (size_t source = 0; report->gradients && source < report->source_count; source++)
        print_columns (table, report, target, source, false, names);
    }
  table_end_line (table);
}

void
report_wide_names (const struct report *report, struct table *table)
{
  print_wide (table, report, true);
}

void
report_wide_numbers (const struct report *report, struct table *table)
{
  print_wide (table, report, false);
}

/* A column of vectors side by side: a value, or a derivative in a source or along a direction. */
struct column
{
  size_t target, source;
  bool along;
};

static void
print_field (struct table *table, const struct report *report, const struct column *column, const struct quantity *of,
             const double *elements, bool derived, size_t row)
{
  if (row > 0 && derived)
    print_derivative (table, report, elements, row - 1);
  else if (row > 0)
    table_element (table, of->type, elements[row - 1]);
  else
    {
      const struct quantity *at = derived && !column->along ? &report->sources[column->source] : NULL;
      const char *quote
        = table_needs_quotes (table, of->name) || (at && table_needs_quotes (table, at->name)) ? "\"" : "";
      table_next (table);
      print_text (table->printer, quote);
      print_column_name (table, report, of, at, column->along);
      print_text (table->printer, quote);
    }
}

/* Row 0 has the names, row i + 1 the elements i. */
static void
print_side (struct table *table, const struct report *report, size_t row)
{
  for (size_t s = 0; s < report_column_sources (report); s++)
    if (report_is_column (report, &report->sources[s].shape))
      print_field (table, report, &(struct column){ 0, s, false }, &report->sources[s], report->sources[s].elements,
                   false, row);
  for (size_t t = 0; t < report->target_count; t++)
    if (report_is_column (report, &report->targets[t].shape))
      print_field (table, report, &(struct column){ t, 0, false }, &report->targets[t], report->targets[t].elements,
                   false, row);
  for (size_t t = 0; t < report->target_count; t++)
    {
      if (report->along && report_is_column (report, &report->targets[t].shape))
        print_field (table, report, &(struct column){ t, 0, true }, &report->targets[t], report->along[t].elements,
                     true, row);
      for (size_t s = 0; report->gradients && s < report->source_count; s++)
        {
          struct shape shape = report_shape (report, t, s);
          if (report_is_column (report, &shape))
            print_field (table, report, &(struct column){ t, s, false }, &report->targets[t],
                         report_gradient (report, t, s)->elements, true, row);
        }
    }
  table_end_line (table);
}

static void
print_side_by_side (struct table *table, const struct report *report)
{
  size_t rows = 1;
  for (size_t i = 0; i < report->target_count + report_column_sources (report); i++)
    {
      const struct shape *shape
        = i < report->target_count ? &report->targets[i].shape : &report->sources[i - report->target_count].shape;
      if (shape->rank)
        rows = shape_size (shape);
    }
  for (size_t row = 0; row <= rows; row++)
    print_side (table, report, row);
}

void
report_table (const struct report *report, struct printer *printer)
{
  struct table table = table_of (report, printer);
  if (report->certain_values)
    certainty_table (report, &table);
  else if (report->layout == LAYOUT_WIDE)
    {
      if (!report->no_header && report->target_count)
        report_wide_names (report, &table);
      if (report->target_count)
        report_wide_numbers (report, &table);
    }
  else
    (report->layout == LAYOUT_COLUMNS ? print_side_by_side : print_long) (&table, report);
}
