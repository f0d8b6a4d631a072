/* diagnostic.c -- what is said to the user about the program and the world. */
#include "base/diagnostic.h"

#include <stdarg.h>
#include <string.h>

/* Of a longer line only a window around the place is shown. */
enum
{
  WINDOW = 200,
  WINDOW_BEFORE = 80
};

static const char *
severity_word (enum severity severity)
{
  static const char *const words[] = { "error", "warning", "note", "hint" };
  return words[severity];
}

static void
print_head (const struct diagnostics *diagnostics, enum severity severity)
{
  static const char *const colors[] = { "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1;32m" };
  if (diagnostics->color)
    fprintf (diagnostics->out, "%s%s:\033[0m ", colors[severity], severity_word (severity));
  else
    fprintf (diagnostics->out, "%s: ", severity_word (severity));
}

static bool
continues (char byte)
{
  return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The source line, and carets under the span; control bytes show as blanks so that the terminal stays as it is. */
static void
print_line (const struct diagnostics *diagnostics, const struct place *place, struct span span, const char *correction)
{
  FILE *out = diagnostics->out;
  const char *line = place->line_start;
  const char *end = line + place->line_size;
  const char *at = place->source->text + (span.start - place->source->base);
  if (at > end)
    at = end;
  const char *first = line;
  if (place->line_size > WINDOW && at - line > WINDOW_BEFORE)
    for (first = at - WINDOW_BEFORE; continues (*first); first++)
      ;
  const char *last = end - first > WINDOW ? first + WINDOW : end;
  while (last < end && continues (*last))
    last++;
  fprintf (out, "%5zu | %s", place->line, first > line ? "..." : "");
  for (const char *p = first; p < last; p++)
    putc ((unsigned char)*p < ' ' && *p != '\t' ? ' ' : *p, out);
  fprintf (out, "%s\n      | %s", last < end ? "..." : "", first > line ? "   " : "");
  for (const char *p = first; p < at; p++)
    if (!continues (*p))
      putc (*p == '\t' ? '\t' : ' ', out);
  if (diagnostics->color)
    fputs ("\033[1;32m", out);
  putc ('^', out);
  const char *stop = span.length < (size_t)(last - at) ? at + span.length : last;
  for (const char *p = at + 1; p < stop; p++)
    if (!continues (*p))
      putc ('~', out);
  if (diagnostics->color)
    fputs ("\033[0m", out);
  putc ('\n', out);
  if (correction)
    {
      fputs ("      | ", out);
      for (const char *p = first; p < at; p++)
        if (!continues (*p))
          putc (*p == '\t' ? '\t' : ' ', out);
      fprintf (out, "%s\n", correction);
    }
}

/* Whether a message is to be printed, and what it does to the counts. */
static bool
count (struct diagnostics *diagnostics, enum severity severity)
{
  diagnostics->spoken++;
  if (severity != SEVERITY_ERROR)
    return !diagnostics->mute && !diagnostics->quiet && diagnostics->errors <= ERROR_LIMIT;
  if (diagnostics->status == STATUS_DONE)
    diagnostics->status = STATUS_PROGRAM;
  diagnostics->errors++;
  if (diagnostics->mute)
    return false;
  if (diagnostics->errors == ERROR_LIMIT + 1)
    fprintf (diagnostics->out, "gradcalc: there are more errors; the first %d are shown\n", ERROR_LIMIT);
  return diagnostics->errors <= ERROR_LIMIT;
}

static void
print_message (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *correction,
               const char *format, va_list arguments)
{
  FILE *out = diagnostics->out;
  bool placed = span.start != 0;
  struct place place = { 0 };
  if (placed)
    {
      place = sources_place (diagnostics->sources, span.start);
      fprintf (out, "%s:%zu:%zu: ", place.source->name, place.line, place.column);
      print_head (diagnostics, severity);
    }
  else
    {
      fputs ("gradcalc: ", out);
      if (severity != SEVERITY_ERROR)
        print_head (diagnostics, severity);
    }
  vfprintf (out, format, arguments);
  putc ('\n', out);
  if (placed)
    print_line (diagnostics, &place, span, correction);
}

static void
message (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *correction,
         const char *format, va_list arguments)
{
  if (count (diagnostics, severity))
    print_message (diagnostics, severity, span, correction, format, arguments);
}

void
diagnose_kind (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *format, ...)
{
  if (severity != SEVERITY_ERROR && !count (diagnostics, severity))
    return;
  va_list arguments;
  va_start (arguments, format);
  print_message (diagnostics, severity, span, NULL, format, arguments);
  va_end (arguments);
}

void
diagnose (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  message (diagnostics, severity, span, NULL, format, arguments);
  va_end (arguments);
}

void
diagnose_correction (struct diagnostics *diagnostics, struct span span, const char *correction, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  message (diagnostics, SEVERITY_ERROR, span, correction, format, arguments);
  va_end (arguments);
}

void
diagnose_stop (struct diagnostics *diagnostics, enum status status, struct span span, const char *format, ...)
{
  diagnostics->status = status;
  va_list arguments;
  va_start (arguments, format);
  message (diagnostics, SEVERITY_ERROR, span, NULL, format, arguments);
  va_end (arguments);
  longjmp (*diagnostics->stop, 1);
}

static void
print_data_message (struct diagnostics *diagnostics, enum severity severity, const char *name, size_t line,
                    size_t column, const char *format, va_list arguments)
{
  FILE *out = diagnostics->out;
  fprintf (out, "%s:", name);
  if (line)
    fprintf (out, "%zu:", line);
  if (line && column)
    fprintf (out, "%zu:", column);
  putc (' ', out);
  print_head (diagnostics, severity);
  vfprintf (out, format, arguments);
  putc ('\n', out);
}

void
diagnose_data (struct diagnostics *diagnostics, enum status status, const char *name, size_t line, size_t column,
               const char *format, ...)
{
  if (diagnostics->status == STATUS_DONE)
    diagnostics->status = status;
  if (!count (diagnostics, SEVERITY_ERROR))
    return;
  va_list arguments;
  va_start (arguments, format);
  print_data_message (diagnostics, SEVERITY_ERROR, name, line, column, format, arguments);
  va_end (arguments);
}

void
diagnose_data_kind (struct diagnostics *diagnostics, enum severity severity, const char *name, size_t line,
                    size_t column, const char *format, ...)
{
  if (severity != SEVERITY_ERROR && !count (diagnostics, severity))
    return;
  va_list arguments;
  va_start (arguments, format);
  print_data_message (diagnostics, severity, name, line, column, format, arguments);
  va_end (arguments);
}
