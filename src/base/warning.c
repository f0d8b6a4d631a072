/* warning.c -- the kinds of warning: which are said, which are errors, and what was said of each. */
#include "base/warning.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const warning_names[WARNINGS] = {
  [WARNING_BROADCAST] = "broadcast", [WARNING_EQUALITY] = "equality", [WARNING_TIE] = "tie",
  [WARNING_UNUSED] = "unused",       [WARNING_KINK] = "kink",         [WARNING_DOMAIN] = "domain",
  [WARNING_OVERFLOW] = "overflow",   [WARNING_DEFINE] = "define",     [WARNING_DIGITS] = "digits",
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
  /* What is named as an error is said. */
  if (error && !off && *name)
    warnings->silent &= ~kinds;
  return true;
}

static struct warned *
known (const struct warnings *warnings, enum warning kind, const char *op, struct span span)
{
  for (struct warned *warned = warnings->first; warned; warned = warned->next)
    if (warned->kind == kind && warned->span.start == span.start && warned->span.length == span.length && span.start
        && (warned->op == op || (warned->op && op && strcmp (warned->op, op) == 0)))
      return warned;
  return NULL;
}

struct warned *
warn (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span, const char *format, ...)
{
  struct warnings *warnings = diagnostics->warnings;
  if (diagnostics->mute || !warnings)
    {
      diagnostics->spoken++;
      return NULL;
    }
  if (warnings->silent >> kind & 1)
    return NULL;
  struct warned *warned = known (warnings, kind, op, span);
  if (warned)
    {
      warned->count++;
      return warned;
    }
  char text[600];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  warned = calloc (1, sizeof *warned);
  char *message = strdup (text);
  if (warned && message)
    {
      *warned = (struct warned){ .kind = kind, .op = op, .span = span, .count = 1, .message = message };
      *(warnings->last ? warnings->last : &warnings->first) = warned;
      warnings->last = &warned->next;
    }
  else
    {
      free (warned);
      free (message);
      warned = NULL;
    }
  bool error = warnings->errors >> kind & 1;
  diagnose_kind (diagnostics,
                 error                  ? SEVERITY_ERROR
                 : kind == WARNING_KINK ? SEVERITY_NOTE
                                        : SEVERITY_WARNING,
                 span, "%s", text);
  if (error && diagnostics->status == STATUS_DONE)
    diagnostics->status = STATUS_WORLD;
  return warned;
}

void
warnings_free (struct warnings *warnings)
{
  for (struct warned *next, *warned = warnings->first; warned; warned = next)
    {
      next = warned->next;
      free (warned->message);
      free (warned->hint);
      free (warned);
    }
  *warnings = (struct warnings){ 0 };
}
