/* place.h -- places and excerpts of data files, for messages. */
#ifndef GRADCALC_PLACE_H
#define GRADCALC_PLACE_H

#include "base/diagnostic.h"

/* Line and column of text[at], from 1; columns in characters. Lines end with LF, CR LF or CR. */
struct file_place
{
  size_t line, column;
};
struct file_place file_place (const char *text, size_t at);

/* How often a character stands in the text. */
size_t file_count (const char *text, size_t size, char character);

/* The bytes of a byte order mark in UTF-8 at the start of the text: 3 or 0. */
size_t file_mark (const char *text, size_t size);
/* Whether the text starts with the byte order mark of UTF-16. */
bool file_is_utf16 (const char *text, size_t size);

/* The kind of a file that begins as no text does: "an npy file (-I npy)", "a zip archive", "a binary file"; else
   NULL. */
const char *file_binary (const char *text, size_t size);

/* A short copy of some bytes for a message: long ones end in `...`, control characters become `?`. */
enum
{
  EXCERPT_SIZE = 64
};
const char *file_excerpt (char excerpt[EXCERPT_SIZE], const char *text, size_t size);

/* Whole numbers that no double holds, those beyond 2^53: how many there are in a file, and of the first its text (long
   ones are cut) and the double in its place. Zero is the start. */
struct inexact
{
  size_t count;
  char written[EXCERPT_SIZE];
  double used;
};

/* Warns of them (kind `digits`) once for a file, if there are any, at the place of the first; line 0 is no place.
   `position` comes before the text: "element [1,2]: ", or "". */
void inexact_say (const struct inexact *inexact, struct diagnostics *diagnostics, const char *path,
                  struct file_place place, const char *position);

#endif
