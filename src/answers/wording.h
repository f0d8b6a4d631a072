/* wording.h -- a statement of a program that is no language, or not what it means, as people write formulas. */
#ifndef GRADCALC_WORDING_H
#define GRADCALC_WORDING_H

#include "answers/vocabulary.h"

struct wording
{
  size_t start, size; /* the statement in the text */
  char *text;         /* what it is in the language; NULL where that is not plain */
};

/* Reads the statement that the character at `at` is in; `text` is to be given back. `words` gets the names of its left
   side; with `fields` any name that is unknown is one of a record's. */
struct wording wording_read (struct memory *memory, struct vocabulary *words, const char *text, size_t size, size_t at,
                             bool fields);
/* Whether it has more to it than one sign that a message about a place can show. */
bool wording_is_more (const struct wording *wording, const char *text);

#endif
