/* json.c -- reports for programs: one object on one line, valid whatever the values and names are. */
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

static void
print_string (struct printer *printer, const char *text)
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
  print_string (printer, key);
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
          if (gradient->elements || report->zero_unconnected)
            print_array_json (printer, TYPE_REAL, &shape, gradient->elements);
          else
            print_text (printer, "null");
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}

static void
print_string_member (struct printer *printer, const char *key, const char *text)
{
  print_key (printer, key, false);
  print_string (printer, text);
}

static void
print_place (struct printer *printer, const char *file, size_t line, size_t column)
{
  print_string_member (printer, "file", file);
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
  print_string (printer, report->targets[target].name);
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
        print_string (printer, warning_names[warned->kind]);
        if (warned->op)
          print_string_member (printer, "op", warned->op);
        if (warned->span.start)
          {
            struct place place = sources_place (report->places, warned->span.start);
            print_place (printer, place.source->name, place.line, place.column);
          }
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

void
report_json (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  print_char (&printer, '{');
  print_key (&printer, "value", true);
  print_values (&printer, report);
  if (report->gradients)
    {
      print_key (&printer, report->jacobian ? "jacobian" : "grad", false);
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
