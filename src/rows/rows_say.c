/* rows_say.c -- what is said of records: each thing once, however many it is true of. */
#include "rows/rows_note.h"

#include <string.h>

#include "base/heap.h"

enum
{
  EXPLAINED = 1000, /* records that are looked into, when each is run once more for it */
  NOTES = 1000
};

void
rows_listen (struct rows *rows)
{
  struct diagnostics *diagnostics = rows->diagnostics;
  diagnostics->warnings = &rows->warnings;
  if (!rows->warnings.first)
    return;
  unsigned silent = rows->warnings.silent, errors = rows->warnings.errors;
  warnings_free (&rows->warnings);
  warnings_open (&rows->warnings, rows->run->memory);
  rows->warnings.silent = silent;
  rows->warnings.errors = errors;
  rows->warnings.unsaid = true;
}

/* Behind the number at the start of a text, if there is one. */
static const char *
pass_number (const char *text)
{
  const char *digits = text + (*text == '-');
  if (*digits < '0' || *digits > '9')
    return text;
  digits += strspn (digits, "0123456789.");
  if (*digits == 'e')
    digits += 1 + strspn (digits + 1, "+-0123456789");
  return digits;
}

/* Whether two messages tell the same cause, which stands in front of a semicolon, of whatever numbers. */
static bool
same_cause (const char *a, const char *b)
{
  for (;; a++, b++)
    {
      a = pass_number (a);
      b = pass_number (b);
      if (*a != *b)
        return (*a == ';' || !*a) && (*b == ';' || !*b);
      if (*a == ';' || !*a)
        return true;
    }
}

static bool
is_same (const struct warned *a, const struct warned *b)
{
  bool same_op = a->op == b->op || (a->op && b->op && strcmp (a->op, b->op) == 0);
  return a->kind == b->kind && same_op && a->span.start == b->span.start && a->span.length == b->span.length
         && (a->span.start ? same_cause (a->message, b->message) : strcmp (a->message, b->message) == 0);
}

void
rows_note_add (struct rows *rows, const struct rows_note *note)
{
  struct memory *memory = rows->run->memory;
  const char *purpose = "the warnings";
  for (size_t i = 0; i < rows->note_count; i++)
    if (is_same (&rows->notes[i].what, &note->what))
      {
        rows->notes[i].records += note->records;
        return;
      }
  if (rows->note_count == NOTES)
    return;
  rows->notes = heap_grow (memory, rows->notes, rows->note_count + 1, sizeof *rows->notes, purpose);
  struct warned *what = &rows->notes[rows->note_count].what;
  rows->notes[rows->note_count++] = *note;
  what->message = heap_copy (memory, what->message, strlen (what->message), purpose);
  what->hint = what->hint ? heap_copy (memory, what->hint, strlen (what->hint), purpose) : NULL;
}

size_t
rows_unexplained (const struct rows *rows)
{
  return rows->flagged > EXPLAINED ? rows->flagged - EXPLAINED : 0;
}

void
rows_add_unexplained (struct rows *rows, size_t count)
{
  if (count)
    rows->flagged = EXPLAINED + rows_unexplained (rows) + count;
}

/* A message as it was kept when it first came, so that memory does not grow with the records. */
static const char *
keep_message (struct rows *rows, const char *message)
{
  for (size_t i = 0; i < rows->message_count; i++)
    if (strcmp (rows->messages[i], message) == 0)
      {
        if (rows->messages[i] != message)
          heap_give ((char *)message);
        return rows->messages[i];
      }
  rows->messages
    = heap_grow (rows->run->memory, rows->messages, rows->message_count + 1, sizeof *rows->messages, "the explanation");
  return rows->messages[rows->message_count++] = message;
}

/* Why gradients are missing. It is said once; but a report that tells it has that of its own record, which hangs on the
   branches that were taken there. */
static void
explain_missing (struct rows *rows)
{
  struct results *results = &rows->results;
  struct diagnostics *diagnostics = rows->diagnostics;
  const struct report *report = &results->report;
  size_t count = report->gradients ? report->target_count * report->source_count : 0;
  bool is_new = !rows->records, quiet = diagnostics->quiet;
  if (!rows->reasons)
    rows->reasons = heap_take_zeroed (rows->run->memory, count, sizeof *rows->reasons, "the explanation");
  for (size_t i = 0; i < count; i++)
    is_new |= !results->gradients[i].elements && !rows->reasons[i].why;
  results->is_known = rows->records;
  diagnostics->quiet |= !is_new;
  if (is_new || rows->tells)
    results_explain (results, false);
  diagnostics->quiet = quiet;
  for (size_t i = 0; i < count; i++)
    {
      struct gradient *gradient = &results->gradients[i];
      if (gradient->elements)
        continue;
      if (gradient->why)
        gradient->message = keep_message (rows, gradient->message);
      if (rows->tells || !rows->reasons[i].why)
        rows->reasons[i] = *gradient;
      *gradient = rows->reasons[i];
    }
}

void
rows_explain (struct rows *rows)
{
  struct diagnostics *diagnostics = rows->diagnostics;
  bool quiet = diagnostics->quiet;
  if (rows->silent)
    return;
  explain_missing (rows);
  if (rows->run->suspicious || !results_are_finite (&rows->results))
    {
      diagnostics->quiet = true;
      if (rows->tells || rows->flagged < EXPLAINED)
        results_trouble (&rows->results);
      diagnostics->quiet = quiet;
      rows->flagged++;
    }
  /* What is so in the program or in a file that it reads was told when it was found. */
  for (const struct warned *warned = rows->warnings.first; warned; warned = warned->next)
    if (warned->kind != WARNING_UNUSED && !warned->file)
      rows_note_add (rows, &(struct rows_note){ *warned, 1, rows->intake.record.line });
}

/* "; in 3 records, the first on line 7 of data.csv" */
static void
say_note (struct rows *rows, const struct rows_note *note)
{
  const struct warned *what = &note->what;
  char where[200];
  if (note->records == 1)
    snprintf (where, sizeof where, "(line %zu of %.100s)", note->line, rows->intake.name);
  else
    snprintf (where, sizeof where, "(%zu records, the first on line %zu of %.100s)", note->records, note->line,
              rows->intake.name);
  warn_also (rows->diagnostics, what->kind, what->op, what->span, "%s %s", what->message, where);
  if (what->hint)
    diagnose (rows->diagnostics, SEVERITY_HINT, what->span, "%s", what->hint);
}

void
rows_say (struct rows *rows)
{
  const struct intake *intake = &rows->intake;
  for (size_t i = 0; i < rows->note_count; i++)
    say_note (rows, &rows->notes[i]);
  if (rows_unexplained (rows) && !rows->tells)
    diagnose (rows->diagnostics, SEVERITY_NOTE, NOWHERE,
              "results of %zu more records are not finite or met kinks; of these none was looked into",
              rows_unexplained (rows));
  if (rows->skipped)
    diagnose_data_kind (rows->diagnostics, SEVERITY_NOTE, intake->name, 0, 0, "%zu record%s skipped; the first: %s",
                        rows->skipped, rows->skipped == 1 ? " was" : "s were", rows->trouble);
  if (intake->bad)
    diagnose_data_kind (rows->diagnostics, SEVERITY_NOTE, intake->name, 0, 0, "%zu bad field%s taken as NaN",
                        intake->bad, intake->bad == 1 ? " was" : "s were");
  inexact_say (&intake->inexact, rows->diagnostics, intake->name, intake->inexact_place, "");
}

void
rows_say_trouble (struct rows *rows)
{
  const struct intake *intake = &rows->intake;
  diagnose_data (rows->diagnostics, STATUS_WORLD, intake->name, intake->trouble.line, intake->trouble.column, "%s",
                 intake->trouble.text);
}

void
rows_skip (struct rows *rows)
{
  const struct intake *intake = &rows->intake;
  if (rows->skipped++ == 0)
    snprintf (rows->trouble, sizeof rows->trouble, "line %zu: %s", intake->trouble.line, intake->trouble.text);
}
