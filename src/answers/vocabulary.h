/* vocabulary.h -- the names that an answer may use, and what they are: those of the program, and of earlier answers. */
#ifndef GRADCALC_VOCABULARY_H
#define GRADCALC_VOCABULARY_H

#include "base/names.h"
#include "value/array.h"

enum known_kind
{
  KNOWN_NOT,
  KNOWN_VALUE, /* a number or an array */
  KNOWN_FUNCTION,
  KNOWN_OTHER
};

struct known
{
  enum known_kind kind;
  bool shaped;   /* its shape is known */
  bool computed; /* from other values: it is no input */
  bool answered; /* an earlier answer defines it */
  struct shape shape;
};

struct vocabulary
{
  struct names names;
  struct area known;  /* struct known, by number */
  const char *target; /* the program's only target, or NULL */
  const char *input;  /* its only input, or NULL */
};

void vocabulary_open (struct vocabulary *vocabulary, struct memory *memory);
void vocabulary_close (struct vocabulary *vocabulary);
void vocabulary_add (struct vocabulary *vocabulary, const char *text, size_t size, struct known known);
/* What a name is; of kind KNOWN_NOT where it is none. */
struct known vocabulary_find (const struct vocabulary *vocabulary, const char *text, size_t size);
/* Whether it is a name. */
bool vocabulary_knows (const struct vocabulary *vocabulary, const char *text, size_t size);
/* The name that a text means: itself, the same letter of Greek as a word or the other way round, or with its subscripts
   written otherwise (w_1, w1), if there is one in only one of these ways; else NULL. */
const char *vocabulary_mean (const struct vocabulary *vocabulary, const char *text, size_t size);

#endif
