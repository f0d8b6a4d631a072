/* left.h -- what an answer is about, as people write it on the left side. */
#ifndef GRADCALC_LEFT_H
#define GRADCALC_LEFT_H

#include "answers/mark.h"
#include "answers/vocabulary.h"

enum left_kind
{
  LEFT_NOTHING, /* it cannot be read: `failure` */
  LEFT_DERIVATIVE,
  LEFT_VALUE, /* of a name of the program */
  LEFT_NAME   /* a name of the answers' own */
};

struct left
{
  enum left_kind kind;
  struct memory *memory;
  char *also;            /* another way in which the language has it, or NULL */
  char *text;            /* in the language: dloss/dw */
  char *target, *source; /* without parts; of a second derivative the source is `w,b` */
  char *failure;
  size_t place, size; /* of what it is about, in the text that was scanned; size 0: all of it */
  bool shaped;        /* the shape that the answer should have is known */
  struct shape shape;
};

/* Reads the marks up to `to` as a whole left side. */
void left_read (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t to);
/* Reads a derivative that begins at a mark; the number of the mark behind it, or `from` where there is none. */
size_t left_derivative (struct left *left, const struct vocabulary *words, const struct mark *marks, size_t from,
                        size_t to);
void left_close (struct left *left);

#endif
