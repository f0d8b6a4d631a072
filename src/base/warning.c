/* warning.c -- the kinds of warning: which are said, which are errors, and what was said of each. */
#include "base/warning.h"

#include <stdarg.h>
#include <string.h>

#include "base/heap.h"

enum
{
  TEXT_SIZE = 600
};

const char *const warning_names[WARNINGS] = {
#define WARNING(symbol, name, says) name,
#include "base/warning.def"
#undef WARNING
};

bool
warnings_set (struct warnings *warnings, const char *argument)
{
  bool off = strncmp (argument, "no-", 3) == 0;
  const char *name = off ? argument + 3 : argument;
  bool error = strncmp (name, "error", 5) == 0 && (name[5] == '=' || name[5] == 0);
  unsigned kinds = 0;
  if (error)
    name += name[5] ? 6 : 5;
  if (error && !*name)
    kinds = (1u << WARNINGS) - 1;
  for (int kind = 0; kind < WARNINGS; kind++)
    if (strcmp (name, warning_names[kind]) == 0)
      kinds |= 1u << kind;
  if (!kinds)
    return false;
  unsigned *bits = error ? &warnings->errors : &warnings->silent;
  *bits = off == error ? *bits & ~kinds : *bits | kinds;
  /* A kind that is named as an error is not silent. */
  if (error && !off && *name)
    warnings->silent &= ~kinds;
  return true;
}

void
warnings_open (struct warnings *warnings, struct memory *memory)
{
  enum
  {
    GIGABYTE = 1 << 30
  };
  area_open (&warnings->list, memory, (size_t)16 * GIGABYTE, "the warnings");
  area_open (&warnings->text, memory, (size_t)16 * GIGABYTE, "the warnings");
  lookup_open (&warnings->places, memory, "the warnings");
}

static uint32_t
hash_of (enum warning kind, struct span span)
{
  return (uint32_t)hash_word ((uint64_t)span.start << 32 ^ (uint64_t)span.length << 8 ^ (uint64_t)kind);
}

/* The earlier warning of a kind, an operator and a place, or NULL; warnings without a place are all different. */
static struct warned *
known (const struct warnings *warnings, enum warning kind, const char *op, struct span span)
{
  uint32_t hash = hash_of (kind, span), item;
  for (size_t at = hash; span.start && (item = lookup_next (&warnings->places, hash, &at)) != UINT32_MAX;)
    {
      struct warned *warned = area_of (&warnings->list, struct warned) + item;
      if (warned->kind == kind && warned->span.start == span.start && warned->span.length == span.length
          && (warned->op == op || (warned->op && op && strcmp (warned->op, op) == 0)))
        return warned;
    }
  return NULL;
}

/* A text of its own for the list. */
static const char *
keep_text (struct warnings *warnings, const char *text)
{
  size_t size = strlen (text) + 1;
  return memcpy (area_push (&warnings->text, size), text, size);
}

/* Adds one to the list, with its own copies of the texts. */
static struct warned *
keep (struct warnings *warnings, const struct warned *what, const char *message, const char *file)
{
  if (what->span.start)
    lookup_add (&warnings->places, hash_of (what->kind, what->span),
                (uint32_t)area_count (&warnings->list, struct warned));
  struct warned *warned = area_add (&warnings->list, struct warned);
  *warned = *what;
  warned->message = keep_text (warnings, message);
  warned->file = file ? keep_text (warnings, file) : NULL;
  *(warnings->last ? warnings->last : &warnings->first) = warned;
  warnings->last = &warned->next;
  return warned;
}

static enum severity
severity_of (const struct warnings *warnings, enum warning kind)
{
  return warnings->errors >> kind & 1 ? SEVERITY_ERROR : kind == WARNING_KINK ? SEVERITY_NOTE : SEVERITY_WARNING;
}

/* A warning that -W made an error does not end the run; it sets the status. */
static void
fail_if_error (struct diagnostics *diagnostics, enum warning kind)
{
  if (diagnostics->warnings->errors >> kind & 1 && diagnostics->status == STATUS_DONE)
    diagnostics->status = STATUS_WORLD;
}

/* Whether anybody hears what is said of a kind. */
static bool
is_heard (struct diagnostics *diagnostics, enum warning kind)
{
  const struct warnings *warnings = diagnostics->warnings;
  if (!diagnostics->mute && warnings)
    return !(warnings->silent >> kind & 1);
  diagnostics->spoken++;
  return false;
}

static struct warned *
say (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span, const char *format,
     va_list arguments)
{
  struct warnings *warnings = diagnostics->warnings;
  char text[TEXT_SIZE];
  vsnprintf (text, sizeof text, format, arguments);
  struct warned *warned
    = keep (warnings, &(struct warned){ .kind = kind, .op = op, .span = span, .count = 1 }, text, NULL);
  if (!warnings->unsaid)
    diagnose_kind (diagnostics, severity_of (warnings, kind), span, "%s", text);
  fail_if_error (diagnostics, kind);
  return warned;
}

struct warned *
warn (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span, const char *format, ...)
{
  if (!is_heard (diagnostics, kind))
    return NULL;
  struct warned *warned = known (diagnostics->warnings, kind, op, span);
  if (warned)
    {
      warned->count++;
      return warned;
    }
  va_list arguments;
  va_start (arguments, format);
  warned = say (diagnostics, kind, op, span, format, arguments);
  va_end (arguments);
  return warned;
}

void
warn_also (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span, const char *format,
           ...)
{
  if (!is_heard (diagnostics, kind))
    return;
  va_list arguments;
  va_start (arguments, format);
  say (diagnostics, kind, op, span, format, arguments);
  va_end (arguments);
}

void
warn_data (struct diagnostics *diagnostics, enum warning kind, size_t count, const char *name, size_t line,
           size_t column, const char *format, ...)
{
  struct warnings *warnings = diagnostics->warnings;
  if (!is_heard (diagnostics, kind))
    return;
  char text[TEXT_SIZE];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  keep (warnings, &(struct warned){ .kind = kind, .count = count, .line = line, .column = column }, text, name);
  diagnose_data_kind (diagnostics, severity_of (warnings, kind), name, line, column, "%s", text);
  fail_if_error (diagnostics, kind);
}

void
warnings_free (struct warnings *warnings)
{
  for (struct warned *warned = warnings->first; warned; warned = warned->next)
    heap_give (warned->hint);
  area_close (&warnings->list);
  area_close (&warnings->text);
  lookup_close (&warnings->places);
  *warnings = (struct warnings){ 0 };
}
