/* json_report.c -- reports for programs: one object on one line, valid whatever the values and names are. */
#include "report/print.h"

#include <string.h>

/* The length of the UTF-8 character at `text`, or 0 when there is none: cut short, longer than it need be, a
   surrogate, or beyond the last one. */
static size_t
character_size (const unsigned char *text)
{
  static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  unsigned char first = text[0];
  if (first < 0x80)
    return 1;
  size_t size = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  unsigned long character = first & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; i++)
    {
      if ((text[i] & 0xc0) != 0x80)
        return 0;
      character = character << 6 | (text[i] & 0x3f);
    }
  if (size == 0 || character < least[size] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
    return 0;
  return size;
}

static void
print_control (struct printer *printer, unsigned char c)
{
  static const char short_form[] = "\bb\ff\nn\rr\tt";
  for (const char *form = short_form; *form; form += 2)
    if (*form == (char)c)
      {
        print_char (printer, '\\');
        print_char (printer, form[1]);
        return;
      }
  print_text (printer, "\\u00");
  print_char (printer, "0123456789abcdef"[c >> 4]);
  print_char (printer, "0123456789abcdef"[c & 15]);
}

void
print_json_string (struct printer *printer, const char *text)
{
  const unsigned char *at = (const unsigned char *)text;
  print_char (printer, '"');
  while (*at)
    {
      size_t size = character_size (at);
      if (size == 0)
        print_text (printer, "\xef\xbf\xbd"); /* U+FFFD */
      else if (*at < 0x20)
        print_control (printer, *at);
      else
        {
          if (*at == '"' || *at == '\\')
            print_char (printer, '\\');
          print_bytes (printer, (const char *)at, size);
        }
      at += size ? size : 1;
    }
  print_char (printer, '"');
}

/* `"key":`, after a comma unless it is the first of its object. */
static void
print_key (struct printer *printer, const char *key, bool is_first)
{
  if (!is_first)
    print_char (printer, ',');
  print_json_string (printer, key);
  print_char (printer, ':');
}

static void
print_values (struct printer *printer, const struct report *report)
{
  print_char (printer, '{');
  for (size_t i = 0; i < report->target_count; i++)
    {
      const struct quantity *target = &report->targets[i];
      print_key (printer, target->name, i == 0);
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
      print_key (printer, report->targets[target].name, target == 0);
      print_char (printer, '{');
      for (size_t source = 0; source < report->source_count; source++)
        {
          const struct gradient *gradient = report_gradient (report, target, source);
          print_key (printer, report->sources[source].name, source == 0);
          struct shape shape = report_shape (report, target, source);
          const char *formula = report->formulas ? report->formulas[target * report->source_count + source] : NULL;
          if (formula)
            print_json_string (printer, formula);
          else if (gradient->elements || report->zero_unconnected)
            print_array_json (printer, TYPE_REAL, &shape, gradient->elements);
          else
            print_text (printer, "null");
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}

/* "index1":[0,2], the position of an element. */
static void
print_index (struct printer *printer, const char *key, bool is_first, const struct shape *shape, size_t element)
{
  struct position position = position_at (shape, element);
  print_key (printer, key, is_first);
  print_char (printer, '[');
  for (int axis = 0; axis < shape->rank; axis++)
    {
      if (axis)
        print_char (printer, ',');
      print_size (printer, position.index[axis]);
    }
  print_char (printer, ']');
}

/* What can be other than 0, with coordinates. */
static void
print_sparse_hessian (struct printer *printer, const struct report *report, size_t target)
{
  const struct entries *hessian = &report->hessians[target];
  bool first = true;
  print_char (printer, '[');
  for (size_t i = 0; i < hessian->rows; i++)
    for (size_t k = hessian->starts[i]; k < hessian->starts[i + 1]; k++)
      {
        size_t j = hessian->columns[k], row = report_source_of (report, hessian, i);
        size_t column = report_source_of (report, hessian, j);
        if (!report_has_pair (report, target, row, column))
          continue;
        print_text (printer, first ? "{" : ",{");
        first = false;
        print_key (printer, "wrt1", true);
        print_json_string (printer, report->sources[row].name);
        print_index (printer, "index1", false, &report->sources[row].shape, i - hessian->offsets[row]);
        print_key (printer, "wrt2", false);
        print_json_string (printer, report->sources[column].name);
        print_index (printer, "index2", false, &report->sources[column].shape, j - hessian->offsets[column]);
        print_key (printer, "hess", false);
        print_element_json (printer, TYPE_REAL, hessian->values[k]);
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
      const struct entries *entries = &report->jacobians[target];
      bool first = true;
      print_key (printer, report->targets[target].name, target == 0);
      print_char (printer, '[');
      for (size_t i = 0; i < entries->rows; i++)
        for (size_t k = entries->starts[i]; k < entries->starts[i + 1]; k++)
          {
            size_t source = report_source_of (report, entries, entries->columns[k]);
            print_text (printer, first ? "{" : ",{");
            first = false;
            print_index (printer, "index", true, &report->targets[target].shape, i);
            print_key (printer, "wrt", false);
            print_json_string (printer, report->sources[source].name);
            print_index (printer, "windex", false, &report->sources[source].shape,
                         entries->columns[k] - entries->offsets[source]);
            print_key (printer, "grad", false);
            print_element_json (printer, TYPE_REAL, entries->values[k]);
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
      print_key (printer, report->targets[target].name, target == 0);
      if (report->sparse)
        {
          print_sparse_hessian (printer, report, target);
          continue;
        }
      print_char (printer, '{');
      for (size_t i = 0; i < count; i++)
        {
          print_key (printer, report->sources[i].name, i == 0);
          print_char (printer, '{');
          for (size_t j = 0; j < count; j++)
            {
              struct shape shape = report_pair_shape (report, i, j);
              print_key (printer, report->sources[j].name, j == 0);
              if (report_has_pair (report, target, i, j) || report->zero_unconnected)
                print_array_json (printer, TYPE_REAL, &shape, report->hessians[target].blocks[i * count + j]);
              else
                print_text (printer, "null");
            }
          print_char (printer, '}');
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}

static void
print_string_member (struct printer *printer, const char *key, const char *text)
{
  print_key (printer, key, false);
  print_json_string (printer, text);
}

/* Line 0 is that of a file without lines. */
static void
print_place (struct printer *printer, const char *file, size_t line, size_t column)
{
  print_string_member (printer, "file", file);
  if (!line)
    return;
  print_key (printer, "line", false);
  print_size (printer, line);
  print_key (printer, "column", false);
  print_size (printer, column);
}

static void
print_unconnected (struct printer *printer, const struct report *report, size_t target, size_t source)
{
  const struct gradient *gradient = report_gradient (report, target, source);
  print_char (printer, '{');
  print_key (printer, "target", true);
  print_json_string (printer, report->targets[target].name);
  print_string_member (printer, "wrt", report->sources[source].name);
  if (gradient->why)
    print_string_member (printer, "why", gradient->why);
  if (gradient->file)
    print_place (printer, gradient->file, gradient->line, gradient->column);
  if (gradient->message)
    print_string_member (printer, "message", gradient->message);
  print_char (printer, '}');
}

/* The list of what is not connected, if anything is. */
static void
print_all_unconnected (struct printer *printer, const struct report *report)
{
  size_t count = 0;
  for (size_t target = 0; target < report->target_count; target++)
    for (size_t source = 0; source < report->source_count; source++)
      if (!report_gradient (report, target, source)->elements)
        {
          print_text (printer, count++ == 0 ? ",\"unconnected\":[" : ",");
          print_unconnected (printer, report, target, source);
        }
  if (count > 0)
    print_char (printer, ']');
}

/* A slope, which may be infinite. */
static void
print_slope (struct printer *printer, const char *key, double slope)
{
  print_key (printer, key, false);
  print_array_json (printer, TYPE_REAL, &(struct shape){ .rank = 0 }, &slope);
}

/* Kinks, or everything else that was warned of, if there is any. */
static void
print_warned (struct printer *printer, const struct report *report, bool kinks)
{
  size_t count = 0;
  for (const struct warned *warned = report->warned; warned; warned = warned->next)
    if ((warned->kind == WARNING_KINK) == kinks)
      {
        print_text (printer, count++ ? "," : kinks ? ",\"kinks\":[" : ",\"warnings\":[");
        print_char (printer, '{');
        print_key (printer, "kind", true);
        print_json_string (printer, warning_names[warned->kind]);
        if (warned->op)
          print_string_member (printer, "op", warned->op);
        if (warned->span.start)
          {
            struct place place = sources_place (report->places, warned->span.start);
            print_place (printer, place.source->name, place.line, place.column);
          }
        else if (warned->file)
          print_place (printer, warned->file, warned->line, warned->column);
        print_key (printer, "count", false);
        print_size (printer, warned->count);
        print_string_member (printer, "message", warned->message);
        if (warned->hint)
          print_string_member (printer, "hint", warned->hint);
        if (warned->rule)
          {
            print_string_member (printer, "rule", warned->rule);
            print_slope (printer, "left", warned->left);
            print_slope (printer, "right", warned->right);
          }
        print_char (printer, '}');
      }
  if (count)
    print_char (printer, ']');
}

static void
print_along (struct printer *printer, const struct report *report)
{
  print_text (printer, ",\"along\":{");
  for (size_t i = 0; i < report->target_count; i++)
    {
      print_key (printer, report->targets[i].name, i == 0);
      if (report->along[i].elements || report->zero_unconnected)
        print_array_json (printer, TYPE_REAL, &report->targets[i].shape, report->along[i].elements);
      else
        print_text (printer, "null");
    }
  print_char (printer, '}');
}

/* "parts":{"t1":"exp(x)"}: what formulas have in common. */
static void
print_parts (struct printer *printer, const struct report *report)
{
  print_key (printer, "parts", false);
  print_char (printer, '{');
  for (size_t i = 0; i < report->part_count; i++)
    {
      print_key (printer, report->parts[i].name, i == 0);
      print_json_string (printer, report->parts[i].text);
    }
  print_char (printer, '}');
}

void
report_json (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  print_char (&printer, '{');
  print_key (&printer, "value", true);
  print_values (&printer, report);
  if (report->part_count)
    print_parts (&printer, report);
  if (report->gradients)
    {
      print_key (&printer,
                 report->formulas   ? "formula"
                 : report->hessians ? "hessian"
                 : report->jacobian ? "jacobian"
                                    : "grad",
                 false);
      if (report->hessians)
        print_hessians (&printer, report);
      else if (report->jacobians)
        print_sparse_jacobians (&printer, report);
      else
        print_gradients (&printer, report);
      print_all_unconnected (&printer, report);
    }
  if (report->along)
    print_along (&printer, report);
  print_warned (&printer, report, true);
  print_warned (&printer, report, false);
  print_text (&printer, "}\n");
  printer_flush (&printer);
}
