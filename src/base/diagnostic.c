/* diagnostic.c -- what is said to the user about the program and the world. */
#include "base/diagnostic.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/snippet.h"

enum
{
  TEXT_SIZE = 8192
};

static const char *
severity_word (enum severity severity)
{
  static const char *const words[] = { "error", "warning", "note", "hint" };
  return words[severity];
}

/* The first message decides what AUTO comes to. */
static bool
has_color (struct diagnostics *diagnostics)
{
  if (diagnostics->color == COLOR_AUTO)
    {
      const char *none = getenv ("NO_COLOR"), *terminal = getenv ("TERM");
      bool fit = isatty (fileno (diagnostics->out)) && !(none && *none) && terminal && strcmp (terminal, "dumb") != 0;
      diagnostics->color = fit ? COLOR_ALWAYS : COLOR_NEVER;
    }
  return diagnostics->color == COLOR_ALWAYS;
}

static void
print_head (struct diagnostics *diagnostics, enum severity severity)
{
  static const char *const colors[] = { "\033[1;31m", "\033[1;35m", "\033[1;36m", "\033[1;32m" };
  if (has_color (diagnostics))
    fprintf (diagnostics->out, "%s%s:\033[0m ", colors[severity], severity_word (severity));
  else
    fprintf (diagnostics->out, "%s: ", severity_word (severity));
}

/* The text of a message, whose parts may come from outside; one that fills pages is cut. */
static void
print_text (const struct diagnostics *diagnostics, const char *format, va_list arguments)
{
  char text[TEXT_SIZE];
  int size = vsnprintf (text, sizeof text, format, arguments);
  if (size >= (int)sizeof text)
    {
      char *end = text + sizeof text - sizeof "...";
      while (((unsigned char)*end & 0xc0) == 0x80)
        end--;
      strcpy (end, "...");
    }
  snippet_escaped (diagnostics->out, text);
  putc ('\n', diagnostics->out);
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
      snippet_escaped (out, place.source->name);
      fprintf (out, ":%zu:%zu: ", place.line, place.column);
      print_head (diagnostics, severity);
    }
  else
    {
      fputs ("gradcalc: ", out);
      if (severity != SEVERITY_ERROR)
        print_head (diagnostics, severity);
    }
  print_text (diagnostics, format, arguments);
  if (placed)
    snippet_print (out, &place, span, correction, snippet_width (out), has_color (diagnostics));
}

/* Keeps an error or a hint, unless there is one. */
static void
keep (struct diagnostics *diagnostics, enum severity severity, const char *format, va_list arguments)
{
  struct refusal *fault = diagnostics->fault;
  char **place = severity == SEVERITY_ERROR ? &fault->text : severity == SEVERITY_HINT ? &fault->hint : NULL;
  if (place && !*place)
    *place = heap_format_list (diagnostics->memory, "a message", format, arguments);
}

/* Keeps an error, if somebody asks and there is none. */
static void
keep_first (struct diagnostics *diagnostics, size_t line, const char *format, va_list arguments)
{
  if (!diagnostics->first || *diagnostics->first)
    return;
  va_list copy;
  va_copy (copy, arguments);
  char *text = heap_format_list (diagnostics->memory, "a message", format, copy);
  va_end (copy);
  *diagnostics->first = text;
  if (line)
    {
      *diagnostics->first = heap_format (diagnostics->memory, "a message", "line %zu: %s", line, text);
      heap_give (text);
    }
}

static void
message (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *correction,
         const char *format, va_list arguments)
{
  if (diagnostics->fault && (severity == SEVERITY_ERROR || diagnostics->fault->text))
    {
      keep (diagnostics, severity, format, arguments);
      return;
    }
  if (severity == SEVERITY_ERROR && diagnostics->first)
    keep_first (diagnostics, span.start ? sources_place (diagnostics->sources, span.start).line : 0, format, arguments);
  if (severity == SEVERITY_ERROR && !diagnostics->errors)
    {
      diagnostics->where = span;
      diagnostics->corrected = correction != NULL;
    }
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
  snippet_escaped (out, name);
  putc (':', out);
  if (line)
    fprintf (out, "%zu:", line);
  if (line && column)
    fprintf (out, "%zu:", column);
  putc (' ', out);
  print_head (diagnostics, severity);
  print_text (diagnostics, format, arguments);
}

void
diagnose_data (struct diagnostics *diagnostics, enum status status, const char *name, size_t line, size_t column,
               const char *format, ...)
{
  va_list arguments;
  if (diagnostics->fault)
    {
      va_start (arguments, format);
      keep (diagnostics, SEVERITY_ERROR, format, arguments);
      va_end (arguments);
      return;
    }
  if (diagnostics->status == STATUS_DONE)
    diagnostics->status = status;
  va_start (arguments, format);
  keep_first (diagnostics, line, format, arguments);
  if (count (diagnostics, SEVERITY_ERROR))
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
