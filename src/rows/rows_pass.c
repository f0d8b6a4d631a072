/* rows_pass.c -- what is to be said of records, handed from one process to another that runs the same program. */
#include <string.h>

#include "base/heap.h"
#include "rows/rows_note.h"

static const char purpose[] = "the warnings";

/* What is no note, as it is sent. Both processes are the same program, so what they have is laid out alike. */
struct counts
{
  size_t notes, unexplained, skipped, bad;
  struct inexact inexact;
  struct file_place inexact_place;
  char trouble[sizeof ((struct rows){ 0 }.trouble)];
};

static void
push (struct area *bytes, const void *data, size_t size)
{
  memcpy (area_push (bytes, size), data, size);
}

/* A text, or none, which is followed by one that is empty. */
static void
push_text (struct area *bytes, const char *text)
{
  push (bytes, text ? text : "", text ? strlen (text) + 1 : 1);
}

void
rows_pass (const struct rows *rows, struct area *bytes)
{
  struct counts counts = { .notes = rows->note_count,
                           .unexplained = rows_unexplained (rows),
                           .skipped = rows->skipped,
                           .bad = rows->intake.bad,
                           .inexact = rows->intake.inexact,
                           .inexact_place = rows->intake.inexact_place };
  memcpy (counts.trouble, rows->trouble, sizeof counts.trouble);
  push (bytes, &counts, sizeof counts);
  for (size_t i = 0; i < rows->note_count; i++)
    {
      const struct warned *what = &rows->notes[i].what;
      push (bytes, &rows->notes[i], sizeof rows->notes[i]);
      push_text (bytes, what->op);
      push_text (bytes, what->message);
      push_text (bytes, what->hint);
    }
}

/* Takes what the next bytes are. */
static void
take (const char **at, void *data, size_t size)
{
  memcpy (data, *at, size);
  *at += size;
}

static const char *
take_text (const char **at)
{
  const char *text = *at;
  *at += strlen (text) + 1;
  return text;
}

static void
take_note (struct rows *rows, const char **at)
{
  struct rows_note note;
  take (at, &note, sizeof note);
  const char *op = take_text (at), *message = take_text (at), *hint = take_text (at);
  note.what.op = note.what.op ? heap_copy (rows->run->memory, op, strlen (op), purpose) : NULL;
  note.what.message = message;
  note.what.hint = note.what.hint ? (char *)hint : NULL;
  rows_note_add (rows, &note);
}

void
rows_receive (struct rows *rows, const char *bytes)
{
  struct counts counts;
  struct intake *intake = &rows->intake;
  take (&bytes, &counts, sizeof counts);
  for (size_t i = 0; i < counts.notes; i++)
    take_note (rows, &bytes);
  rows_add_unexplained (rows, counts.unexplained);
  if (!rows->skipped)
    memcpy (rows->trouble, counts.trouble, sizeof counts.trouble);
  rows->skipped += counts.skipped;
  intake->bad += counts.bad;
  if (!intake->inexact.count)
    {
      intake->inexact = counts.inexact;
      intake->inexact_place = counts.inexact_place;
    }
  else
    intake->inexact.count += counts.inexact.count;
}
