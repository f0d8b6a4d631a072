/* mark.h -- what people write, in words, numbers and signs. */
#ifndef GRADCALC_MARK_H
#define GRADCALC_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "answers/vocabulary.h"
#include "base/memory.h"

enum mark_kind
{
  MARK_END,
  MARK_NUMBER,
  MARK_WORD,
  MARK_SIGN,
  MARK_RAISED, /* a run of superscripts; its text is what they say on the line */
  MARK_TEXT    /* in quotes, which its text is without */
};

/* Signs of one character of ASCII are that character. */
enum mark_sign
{
  SIGN_DOT = 256, /* between arrays they mean one product or the other */
  SIGN_CROSS,
  SIGN_TENSOR, /* of vectors the outer product */
  SIGN_TIMES_EACH, /* element by element */
  SIGN_OVER_EACH,
  SIGN_POWER_EACH,
  SIGN_EQUALS,
  SIGN_DIFFERS,
  SIGN_AT_MOST,
  SIGN_AT_LEAST,
  SIGN_BOTH,
  SIGN_EITHER, /* or two bars */
  SIGN_NORM,
  SIGN_SLASHES,
  SIGN_ROOT,
  SIGN_PARTIAL,
  SIGN_NABLA,
  SIGN_ABOUT,
  SIGN_FRACTION,
  SIGN_PRIME,
  SIGN_DEGREE,
  SIGN_ELLIPSIS,
  SIGN_IS,     /* := */
  SIGN_MATRIX, /* \begin{matrix} ... \end{matrix} */
  SIGN_MATRIX_END,
  SIGN_ROW /* \\ */
};

struct mark
{
  enum mark_kind kind;
  int sign;
  const char *text; /* as it is written, or what a sign beyond ASCII or a command stands for */
  size_t size;
  size_t place; /* in the text that was scanned, and where it ends there */
  size_t end;
  size_t match; /* of a bracket: the number of the other one; SIZE_MAX: it has none */
  bool blank;   /* something blank is before it */
  bool commas;  /* of an opening bracket: commas stand between its elements */
  bool round;   /* of [: LaTeX's \left[, which groups where it has no commas */
  char raised[12];
};

/* Marks, and why a text has none. */
struct marks
{
  struct memory *memory;
  const struct vocabulary *words; /* a name among them is one word, whatever characters it has */
  struct mark *list;              /* the last one is MARK_END */
  size_t count;
  char *failure;
};

/* Scans a text, which has none where `failure` is set. */
struct marks marks_scan (struct memory *memory, const struct vocabulary *words, const char *text, size_t size);
void marks_close (struct marks *marks);

static inline bool
mark_is (const struct mark *mark, int sign)
{
  return mark->kind == MARK_SIGN && mark->sign == sign;
}
bool mark_says (const struct mark *mark, const char *word);

#endif
