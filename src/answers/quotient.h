/* quotient.h -- a derivative while it is read, for the files that read left sides. */
#ifndef GRADCALC_QUOTIENT_H
#define GRADCALC_QUOTIENT_H

#include "answers/left.h"

enum
{
  NAME_SIZE = 200,
  ORDER = 2 /* the highest */
};

/* A derivative as it is read: its names, as they are here, each with the part in brackets behind it. */
struct derivation
{
  struct left *left;
  const struct vocabulary *words;
  const struct mark *marks;
  size_t to;
  int order; /* by the numerator */
  char target[NAME_SIZE];
  char sources[ORDER][NAME_SIZE];
  int count;
};

/* Keeps why a left side cannot be read; false. */
bool left_fail (struct left *left, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
bool left_fail_unknown (struct left *left, const struct vocabulary *words, const char *text, size_t size);
/* A mark by its number; behind the last a MARK_END. */
const struct mark *left_mark (const struct derivation *derivation, size_t i);
/* A name of the program, or NULL; of a target the usual letters mean the only one. */
const char *left_find_value (const struct vocabulary *words, const char *text, size_t size);
const char *left_find_target (const struct vocabulary *words, const char *text, size_t size);
/* One more variable, with the part in brackets at mark *i. */
bool left_add_source (struct derivation *derivation, const char *name, size_t *i);
/* The operand behind d/dw, with its arguments; the mark behind it, or i. */
size_t left_read_operand (struct derivation *derivation, size_t i);
/* Writes the derivative in the language. */
bool left_settle (struct derivation *derivation);
/* left_word.c: whole left sides of these kinds; false where it is none, or with a failure. */
bool left_primes (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from, size_t to);
bool left_nabla (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from, size_t to);
/* A single word: a value, a derivative, or a name of the answers' own. */
void left_name (struct left *left, const struct vocabulary *words, const struct mark *mark);

#endif
