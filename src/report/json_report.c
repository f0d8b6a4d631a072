/* json_report.c -- reports for programs: one object on one line, valid whatever the values and names are. */
#include "report/certainty_report.h"
#include "report/derivation_report.h"
#include "report/total_report.h"

/* A derivative of a shape, or what stands for it where there is none. */
static void
print_derivative (struct printer *printer, const struct report *report, const struct shape *shape,
                  const double *elements)
{
  if (elements || report->zero_unconnected)
    print_array_json (printer, TYPE_REAL, shape, elements);
  else
    print_text (printer, "null");
}

static void
print_values (struct printer *printer, const struct report *report)
{
  print_char (printer, '{');
  for (size_t i = 0; i < report->target_count; i++)
    {
      const struct quantity *target = &report->targets[i];
      print_json_key (printer, target->name);
      print_array_json (printer, target->type, &target->shape, target->elements);
    }
  print_char (printer, '}');
}

static void
print_gradients (struct printer *printer, const struct report *report)
{
  print_char (printer, '{');
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_json_begin (printer, report->targets[target].name, '{');
      for (size_t source = 0; source < report->source_count; source++)
        {
          struct shape shape = report_shape (report, target, source);
          const char *formula = report->formulas ? report->formulas[target * report->source_count + source] : NULL;
          print_json_key (printer, report->sources[source].name);
          if (formula)
            print_json_string (printer, formula);
          else
            print_derivative (printer, report, &shape, report_gradient (report, target, source)->elements);
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}

/* Writes the elements that can be other than 0, with their positions: a list of objects. */
static void
print_sparse_hessian (struct printer *printer, const struct report *report, size_t target)
{
  static const char *const wrt[] = { "wrt1", "wrt2" }, *const index[] = { "index1", "index2" };
  print_char (printer, '[');
  for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
    {
      print_json_open (printer, '{');
      for (int i = 0; i < 2; i++)
        {
          const struct quantity *source = &report->sources[entry.source[i]];
          print_json_text (printer, wrt[i], source->name);
          print_json_position (printer, index[i], &source->shape, entry.element[i]);
        }
      print_json_key (printer, "hess");
      print_element_json (printer, TYPE_REAL, *entry.value);
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

static void
print_sparse_jacobians (struct printer *printer, const struct report *report)
{
  print_char (printer, '{');
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_json_begin (printer, report->targets[target].name, '[');
      for (struct entry entry = { 0 }; report_next_entry (report, target, &entry);)
        {
          const struct quantity *source = &report->sources[entry.source[1]];
          print_json_open (printer, '{');
          print_json_position (printer, "index", &report->targets[target].shape, entry.element[0]);
          print_json_text (printer, "wrt", source->name);
          print_json_position (printer, "windex", &source->shape, entry.element[1]);
          print_json_key (printer, "grad");
          print_element_json (printer, TYPE_REAL, *entry.value);
          print_char (printer, '}');
        }
      print_char (printer, ']');
    }
  print_char (printer, '}');
}

static void
print_hessians (struct printer *printer, const struct report *report)
{
  size_t count = report->source_count;
  print_char (printer, '{');
  for (size_t target = 0; target < report->target_count; target++)
    {
      print_json_key (printer, report->targets[target].name);
      if (report->sparse)
        {
          print_sparse_hessian (printer, report, target);
          continue;
        }
      print_char (printer, '{');
      for (size_t i = 0; i < count; i++)
        {
          print_json_begin (printer, report->sources[i].name, '{');
          for (size_t j = 0; j < count; j++)
            {
              struct shape shape = report_pair_shape (report, i, j);
              print_json_key (printer, report->sources[j].name);
              print_derivative (printer, report, &shape,
                                report_has_pair (report, target, i, j) ? report->hessians[target].blocks[i * count + j]
                                                                       : NULL);
            }
          print_char (printer, '}');
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}

static void
print_unconnected (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  const struct gradient *gradient = report_gradient (report, target, source);
  print_json_open (printer, '{');
  print_json_text (printer, "target", report->targets[target].name);
  print_json_text (printer, "wrt", report->sources[source].name);
  if (gradient->why)
    print_json_text (printer, "why", gradient->why);
  if (gradient->file)
    print_json_place (printer, gradient->file, gradient->line, gradient->column);
  if (gradient->message)
    print_json_text (printer, "message", gradient->message);
  print_char (printer, '}');
}

/* The list of what is not connected, if anything is. */
static void
print_all_unconnected (struct printer *printer, const struct report *report)
{
  bool any = false;
  for (size_t target = 0; target < report->target_count; target++)
    for (size_t source = 0; source < report->source_count; source++)
      if (!report_gradient (report, target, source)->elements)
        {
          if (!any)
            print_text (printer, ",\"unconnected\":[");
          any = true;
          print_unconnected (printer, report, target, source);
        }
  if (any)
    print_char (printer, ']');
}

/* A slope, which may be infinite. */
static void
print_slope (struct printer *printer, const char *key, double slope)
{
  print_json_key (printer, key);
  print_array_json (printer, TYPE_REAL, &(struct shape){ .rank = 0 }, &slope);
}

/* Kinks, or everything else that was warned of, if there is any. */
static void
print_warned (struct printer *printer, const struct report *report, bool kinks)
{
  bool any = false;
  for (const struct warned *warned = report->warned; warned; warned = warned->next)
    if ((warned->kind == WARNING_KINK) == kinks)
      {
        if (!any)
          print_text (printer, kinks ? ",\"kinks\":[" : ",\"warnings\":[");
        any = true;
        print_json_open (printer, '{');
        print_json_text (printer, "kind", warning_names[warned->kind]);
        if (warned->op)
          print_json_text (printer, "op", warned->op);
        if (warned->span.start)
          print_json_span (printer, report->places, warned->span);
        else if (warned->file)
          print_json_place (printer, warned->file, warned->line, warned->column);
        print_json_size (printer, "count", warned->count);
        print_json_text (printer, "message", warned->message);
        if (warned->hint)
          print_json_text (printer, "hint", warned->hint);
        if (warned->rule)
          {
            print_json_text (printer, "rule", warned->rule);
            print_slope (printer, "left", warned->left);
            print_slope (printer, "right", warned->right);
          }
        print_char (printer, '}');
      }
  if (any)
    print_char (printer, ']');
}

static void
print_along (struct printer *printer, const struct report *report)
{
  print_text (printer, ",\"along\":{");
  for (size_t i = 0; i < report->target_count; i++)
    {
      print_json_key (printer, report->targets[i].name);
      print_derivative (printer, report, &report->targets[i].shape, report->along[i].elements);
    }
  print_char (printer, '}');
}

/* {"loss":{"sd":0.5,"share":{"x":1}}} */
static void
print_uncertainty (struct printer *printer, const struct report *report)
{
  print_char (printer, '{');
  for (size_t target = 0; target < report->target_count; target++)
    {
      const struct shape *shape = &report->targets[target].shape;
      print_json_begin (printer, report->targets[target].name, '{');
      print_json_key (printer, "sd");
      print_derivative (printer, report, shape, report->along[target].elements);
      print_json_begin (printer, "share", '{');
      for (size_t source = 0; source < report->source_count; source++)
        {
          print_json_key (printer, report->sources[source].name);
          print_derivative (printer, report, shape, report_gradient (report, target, source)->elements);
        }
      print_text (printer, "}}");
    }
  print_char (printer, '}');
}

/* "parts":{"t1":"exp(x)"}: what formulas have in common. */
static void
print_parts (struct printer *printer, const struct report *report)
{
  print_json_begin (printer, "parts", '{');
  for (size_t i = 0; i < report->part_count; i++)
    print_json_text (printer, report->parts[i].name, report->parts[i].text);
  print_char (printer, '}');
}

void
report_json_rest (const struct report *report, struct printer *printer)
{
  print_json_key (printer, "value");
  print_values (printer, report);
  if (report->part_count)
    print_parts (printer, report);
  if (report->gradients)
    {
      print_json_key (printer, report->formulas                        ? "formula"
                               : report->measure == MEASURE_ELASTICITY ? "elasticity"
                               : report->measure == MEASURE_SHARE      ? "uncertainty"
                               : report->hessians                      ? "hessian"
                               : report->jacobian                      ? "jacobian"
                                                                       : "grad");
      if (report->measure == MEASURE_SHARE)
        print_uncertainty (printer, report);
      else if (report->hessians)
        print_hessians (printer, report);
      else if (report->jacobians)
        print_sparse_jacobians (printer, report);
      else
        print_gradients (printer, report);
      if (!report->total)
        print_all_unconnected (printer, report);
    }
  if (report->certain_values)
    certainty_json (report, printer);
  if (report->along && report->measure != MEASURE_SHARE)
    print_along (printer, report);
  if (report->workings)
    derivation_json (report, printer);
  if (report->graphs)
    (report->why ? why_json : trace_json) (report, printer);
  print_warned (printer, report, true);
  print_warned (printer, report, false);
  if (report->total)
    report_total_json (report->total, printer);
  print_text (printer, "}\n");
}

void
report_json (const struct report *report, struct printer *printer)
{
  print_char (printer, '{');
  report_json_rest (report, printer);
}
