/* document.h -- a text in JSON, as its numbers are read. */
#ifndef GRADCALC_DOCUMENT_H
#define GRADCALC_DOCUMENT_H

#include "file/place.h"
#include "value/array.h"

struct document
{
  struct diagnostics *diagnostics;
  const char *path;
  const char *text;
  size_t size;
  size_t at; /* what is not read yet */
  /* The shape, as the first elements show it: the rank with the first number or empty array, an extent when the first
     array of its axis closes. */
  struct shape shape;
  bool has_rank, has_extent[RANK_LIMIT];
  /* The arrays that are open: where each starts, and the elements before the one that is being read. */
  int depth;
  size_t start[RANK_LIMIT], index[RANK_LIMIT];
  double *elements;
  size_t count;
  struct inexact inexact;
  size_t inexact_at;
};

void document_skip_blanks (struct document *document);
bool document_is_next (const struct document *document, char c);
/* The end of what is at `at`: a string with its quotes, a bracket, or all up to a bracket, a comma, a colon or a
   blank. */
size_t document_token_end (const char *text, size_t at, size_t size);

/* Whether a token is a number as JSON has them: no sign but a minus, no zero before other digits, digits on both sides
   of a point. */
bool document_is_number (const char *text, size_t size);
/* The same of a word for what is not finite, bare as Python writes them or in quotes as gradcalc does. */
bool document_word (const char *text, size_t size, double *number);

/* Reads the number or the nested arrays that are next, of any shape, into `elements` from 0 on, of which there have to
   be as many as the text has commas, and one. False after a message. */
bool document_value (struct document *document);
/* Passes over a value, whatever it is. */
bool document_skip (struct document *document);

/* Messages with the place, and one on what is next instead of what is wanted; false. */
bool document_fail (const struct document *document, size_t at, const char *what);
bool document_unexpected (const struct document *document, const char *wanted);

#endif
