/* formula.h -- a formula as people write it, read into the language.

   One pass over the marks writes the text of the language. What is read waits on three stacks: pieces, operations that
   want more, and open brackets; nothing recurses. The shapes of pieces are known as far as those of names are, for a
   product of arrays is another one than a product of numbers. */
#ifndef GRADCALC_FORMULA_H
#define GRADCALC_FORMULA_H

#include "answers/mark.h"
#include "answers/vocabulary.h"
#include "ops/ops.h"

enum
{
  ARGUMENTS = 16 /* whose shapes are kept */
};

/* Something whole: from `start` to the end of the text, or to the operation behind it. */
struct piece
{
  size_t start;
  struct shape shape;
  bool shaped;
  bool turned;  /* a vector with a transpose behind it */
  bool literal; /* a number as it is written */
  bool name;    /* of a value */
  bool computed;
  bool square_bracket; /* an array written by its elements */
};

enum strength
{
  STRENGTH_CHOICE = 1,
  STRENGTH_OR,
  STRENGTH_AND,
  STRENGTH_NOT,
  STRENGTH_COMPARISON,
  STRENGTH_SUM,
  STRENGTH_PRODUCT,
  STRENGTH_SIGN,
  STRENGTH_POWER
};

struct operation
{
  enum strength strength;
  int sign; /* a sign of the language; 'b': things stand beside each other */
  bool prefix;
  bool grouped; /* of a power: the exponent is in braces, or raised */
  size_t place; /* of its sign in the text, where that hangs on what comes */
};

enum frame_kind
{
  FRAME_ALL,
  FRAME_GROUP, /* ( ) or { }: one piece */
  FRAME_CALL,
  FRAME_WRAP, /* array(...): its first argument */
  FRAME_ARRAY,
  FRAME_INDEX,
  FRAME_BARS, /* |x| */
  FRAME_NORM, /* ||x|| */
  FRAME_BARE, /* sin x: up to a mark */
  FRAME_OVER, /* \frac{ */
  FRAME_UNDER /* }{ */
};

struct frame
{
  enum frame_kind kind;
  size_t pieces, operations; /* how many there were before */
  size_t start;              /* in the text */
  size_t open, until;        /* marks: where it begins, where it ends */
  enum op op;                /* of a call; OPS: of the program */
  int infix;                 /* or a sign that takes its place; '1': one over it */
  size_t count;              /* arguments or elements that are whole */
  size_t rows;               /* of [1 2; 3 4] */
  size_t columns;            /* of its first row */
  bool torch;
  bool library;              /* another library is called: what it calls an axis may stand second */
  bool named;                /* the argument being read has a name, the axis is a slice, or a row has ended */
  char raised[12];           /* sin^2(x): what the result is raised to */
  struct piece arguments[2]; /* the first ones */
  long axis;                 /* of a call; LONG_MIN: none */
  bool keeps;
  bool blocked;        /* shapes of arguments are not all known */
  struct shape joined; /* what they spread to */
};

struct formula
{
  const struct vocabulary *words;
  struct memory *memory;
  const char *source; /* the text that was scanned */
  const struct mark *marks;
  size_t at, end;
  /* Gives the text of an earlier answer about a derivative that begins at mark `at`, and behind which mark it ends;
     NULL: there is none there. */
  const char *(*earlier) (const void *data, struct formula *formula, size_t *end, struct piece *piece);
  const void *data;
  bool probes; /* only whether it can be read */
  char *text;
  size_t used;
  struct piece *pieces;
  size_t piece_count;
  struct operation *operations;
  size_t operation_count;
  struct frame *frames;
  size_t frame_count;
  bool wants;  /* an operand comes next */
  bool matrix; /* it has a matrix of a language that has no vectors */
  char *failure;
};

/* Reads the marks from `at` to `end`: `text`, and the shape of the only piece. False with `failure`. */
bool formula_read (struct formula *formula);
void formula_close (struct formula *formula);

/* For the files of this one alone. */
void formula_refuse (struct formula *formula, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
void formula_write (struct formula *formula, const char *text, size_t size);
void formula_say (struct formula *formula, const char *text);
void formula_insert (struct formula *formula, size_t place, const char *text);
struct piece *formula_piece (struct formula *formula, struct piece piece);
struct frame *formula_enter (struct formula *formula, enum frame_kind kind);
struct frame *formula_frame (const struct formula *formula);
struct piece *formula_top (const struct formula *formula);
const struct mark *formula_mark (const struct formula *formula, size_t ahead);
/* Joins everything in the innermost frame into one piece; false where an operand is missing. */
bool formula_join (struct formula *formula);
/* An operation between the last piece and the next. */
void formula_operate (struct formula *formula, struct operation operation);
/* The last piece and the next one stand beside each other. */
void formula_beside (struct formula *formula, bool blank);
/* The transpose of the last piece. */
void formula_transpose (struct formula *formula);
/* formula_word.c: an operand that begins with a word. */
void formula_word (struct formula *formula);
/* formula_library.c: what is behind a value after a point: `.sum(`, `.T`. */
void formula_method (struct formula *formula);
/* A function was named; its argument comes, in brackets or without. What `infix` is, the frame says. */
void formula_function (struct formula *formula, enum op op, const char *name, bool torch, int infix);
/* formula_operator.c: reads what stands behind an operand. */
void formula_operator (struct formula *formula);
/* Whether a mark is one of some words with blanks between. */
bool formula_says (const struct mark *mark, const char *words);
/* The function that a word names, here or elsewhere; OPS: none. `over`: it is one over that. */
enum op formula_find (const struct mark *mark, bool *over);
/* A word that is a constant; false where it is none. */
bool formula_constant (struct formula *formula, const struct mark *mark);
/* formula_library.c: behind np. and its like; array(...), tensor(...), Matrix(...). */
void formula_library (struct formula *formula);
bool formula_wrapper (struct formula *formula, const struct mark *mark);
/* formula_bracket.c: opens and closes brackets and bars, and what stands between commas. */
void formula_open (struct formula *formula);
void formula_open_array (struct formula *formula, size_t open);
void formula_close_bracket (struct formula *formula);
void formula_separate (struct formula *formula);
bool formula_is_element (const struct formula *formula);
void formula_leave (struct formula *formula);
/* Takes the innermost frame away, and all its pieces but for the one that it comes to. */
struct frame formula_pop (struct formula *formula, struct piece piece);
/* Whether a mark can begin an operand. */
bool formula_begins (const struct mark *mark);
/* Whether a piece needs no brackets around it, whatever is done with it. */
static inline bool
formula_is_simple (const struct piece *piece)
{
  return piece->literal || piece->name;
}
/* formula_fraction.c: \frac{, and the } behind its upper or lower part. */
void formula_open_fraction (struct formula *formula);
void formula_close_fraction (struct formula *formula);
/* formula_bar.c: opens and closes bars. */
void formula_bar (struct formula *formula);
/* formula_shape.c: what a call comes to. */
void formula_call_shape (const struct frame *frame, struct piece *piece);
bool formula_product (const struct shape *a, const struct shape *b, struct shape *result);

#endif
