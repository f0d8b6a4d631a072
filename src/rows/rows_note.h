/* rows_note.h -- what was said of records, for rows_say.c and rows_pass.c. */
#ifndef GRADCALC_ROWS_NOTE_H
#define GRADCALC_ROWS_NOTE_H

#include "rows/rows.h"

/* A warning, how many records it was said of, and where the first of them begins. */
struct rows_note
{
  struct warned what;
  size_t records, line;
};

/* Adds a note, whose message and hint are copied, or its records to those of the same one. */
void rows_note_add (struct rows *rows, const struct rows_note *note);

/* The records that had something to tell and were not looked into, because so many were. */
size_t rows_unexplained (const struct rows *rows);
void rows_add_unexplained (struct rows *rows, size_t count);

#endif
