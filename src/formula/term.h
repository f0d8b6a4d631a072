/* term.h -- formulas: sums, products and calls in a normal form in which equal ones are the same. */
#ifndef GRADCALC_TERM_H
#define GRADCALC_TERM_H

#include <stdio.h>

#include "base/names.h"
#include "ops/ops.h"
#include "value/array.h"

enum term_kind
{
  TERM_NUMBER,
  TERM_NAME,
  TERM_SUM,     /* number + sum of coefficient * part, where no part is a number, a sum, or a multiple of anything */
  TERM_PRODUCT, /* product of part ^ coefficient, of two parts at least or of one with a coefficient other than 1 */
  TERM_CALL     /* of a function or operator */
};

struct term
{
  enum term_kind kind;
  uint32_t op;           /* of a CALL: of ops.def, or TERM_INDEX and the like */
  uint32_t name;         /* of a NAME: whatever its user wants to remember */
  double number;         /* of a NUMBER, or what a SUM begins with */
  struct shape shape;    /* of its value */
  uint32_t first, count; /* parts or arguments */
  unsigned traits;       /* enum term_traits */
};

/* What is known of a term's values, whatever its variables are, as long as these are finite. */
enum term_traits
{
  TERM_BLOCKS = 1,    /* there may be zeros that pass nothing, not even an infinite slope: of masks, of constants */
  TERM_UNBOUNDED = 2, /* they may be infinite */
  TERM_VARIES = 8,    /* it hangs on an input, be it by a comparison */
  TERM_MASK = 4       /* it is where(condition, a, b) with a zero for a or b, or with such a choice for one of them */
};

/* Operations of formulas beside those of ops.def. */
enum
{
  TERM_INDEX = OPS, /* x[i, j]: the array, then numbers */
  TERM_ARRAY,       /* [a, b] */
  TERM_AXIS,        /* a keyword argument axis=: of the call around it */
  TERM_SLICE,       /* a:b as an index: first, end, and the extent of the axis */
  TERM_STEP,        /* a:b:c as an index, as it was written */
  TERM_NOTHING,     /* what is left out of it */
  TERM_NEW_AXIS,    /* None as an index */
  TERM_STRING       /* "...", of the codes of its letters */
};

struct part
{
  uint32_t term;
  double coefficient;
};

/* All formulas of one run, by number. The same formula has the same number. */
struct terms
{
  struct area list;  /* struct term */
  struct area parts; /* struct part; arguments have the coefficient 1 */
  struct area table; /* uint32_t: open hash table of numbers plus one */
  bool expands;      /* functions of arrays are what they are made of */
  bool guards;       /* zeros that pass nothing are kept from what may be infinite, wherever the variables are */
  bool apart;        /* a product within a product stays one: its factors alone, or their powers, may overflow */
};

enum
{
  NO_TERM = UINT32_MAX
};

static const struct shape number_shape = { .rank = 0 };

/* term_traits.c: those of a term with these parts or arguments. */
unsigned term_traits (const struct terms *terms, const struct term *term, const struct part *parts);

void terms_open (struct terms *terms, struct memory *memory);
void terms_close (struct terms *terms);

static inline struct term *
term_at (const struct terms *terms, uint32_t term)
{
  return area_of (&terms->list, struct term) + term;
}

/* Its parts or arguments. */
static inline const struct part *
term_parts (const struct terms *terms, const struct term *term)
{
  return area_of (&terms->parts, struct part) + term->first;
}

static inline const struct part *
term_parts_of (const struct terms *terms, uint32_t term)
{
  return term_parts (terms, term_at (terms, term));
}

static inline bool
term_is_call (const struct terms *terms, uint32_t term, uint32_t op)
{
  return term_at (terms, term)->kind == TERM_CALL && term_at (terms, term)->op == op;
}

static inline bool
term_is_mask (const struct terms *terms, uint32_t term)
{
  return term_at (terms, term)->traits & TERM_MASK;
}

/* The number 0, or zeros of a shape. */
static inline bool
term_is_zero (const struct terms *terms, uint32_t term)
{
  const struct term *t = term_at (terms, term);
  return (t->kind == TERM_NUMBER && t->number == 0) || term_is_call (terms, term, OP_zeros);
}

/* The number of a formula with these parts, which is new or was there before. */
uint32_t term_intern (struct terms *terms, struct term term, const struct part *parts);
uint32_t term_number (struct terms *terms, double number);
uint32_t term_name (struct terms *terms, uint32_t name, const struct shape *shape);
/* Any function of ops.def; sums, products, powers and signs come into normal form. `shape` is that of the result. */
uint32_t term_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count,
                    const struct shape *shape);
/* Of one operand, of two. */
uint32_t term_of (struct terms *terms, uint32_t op, uint32_t argument, const struct shape *shape);
uint32_t term_of_two (struct terms *terms, uint32_t op, uint32_t a, uint32_t b, const struct shape *shape);
/* A reduction `op` of a term of shape `shape` along an axis, which stays, with one element, where `keep` says so; the
   keywords axis=, keepdims=true of such a call. */
uint32_t term_folded (struct terms *terms, uint32_t op, uint32_t term, const struct shape *shape, double axis,
                      bool keep);
uint32_t term_axis (struct terms *terms, double axis, bool keep);
/* The same as term_call without any simplification. */
uint32_t term_plain_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count,
                          const struct shape *shape);
/* What several terms are spread to together. */
struct shape terms_shape (const struct terms *terms, const uint32_t *list, uint32_t count);
/* Ones or zeros of a shape. */
uint32_t term_filled (struct terms *terms, enum op op, const struct shape *shape);

/* term_sum.c: a term that stands for each element of a shape, as one of that shape. */
uint32_t term_spread (struct terms *terms, uint32_t term, const struct shape *shape);
uint32_t term_add (struct terms *terms, uint32_t a, uint32_t b);
uint32_t term_subtract (struct terms *terms, uint32_t a, uint32_t b);
/* The sum of one term or more. */
uint32_t term_sum_of (struct terms *terms, const uint32_t *list, uint32_t count);
uint32_t term_scale (struct terms *terms, uint32_t a, double factor);
uint32_t term_multiply (struct terms *terms, uint32_t a, uint32_t b);
uint32_t term_divide (struct terms *terms, uint32_t a, uint32_t b);
uint32_t term_power (struct terms *terms, uint32_t a, double exponent);
/* A multiple is its factor, by which *factor grows, and the rest. */
uint32_t term_without_factor (const struct terms *terms, uint32_t term, double *factor);
/* where(condition, a, b), of a shape; the same, spread together, where a mask within a mask is one of both. */
uint32_t term_where (struct terms *terms, const uint32_t arguments[3], const struct shape *shape);
uint32_t term_choice (struct terms *terms, uint32_t condition, uint32_t a, uint32_t b);
/* `and` or `or` of two conditions. */
uint32_t term_logic (struct terms *terms, uint32_t op, const uint32_t arguments[2], const struct shape *shape);
/* where(value == 0, 0, slope) */
uint32_t term_unless_zero (struct terms *terms, uint32_t value, uint32_t slope);

/* term_expand.c: softmax, var, norm and the like as exponentials, sums and powers; NO_TERM for others. */
uint32_t term_expanded (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count,
                        const struct shape *shape);

/* term_carry.c: an adjoint times a slope, as the sweep multiplies them: a zero that stands for a side not selected, or
   for what passes nothing, is chosen and multiplies nothing. So masks stay outside: where(c, a, 0) times b is
   where(c, a*b, 0). With `guards`, or with `guarded`, other zeros that pass nothing are kept from an infinite factor
   too. */
uint32_t term_carry (struct terms *terms, uint32_t adjoint, uint32_t slope);
uint32_t term_carry_guarded (struct terms *terms, uint32_t adjoint, uint32_t slope);

/* A part of an array: along each axis one position, without the axis, or `count` from `first` on. */
struct cut_axis
{
  size_t first, count;
  bool single;
};
struct cut
{
  int rank;
  struct cut_axis axis[RANK_LIMIT];
};
struct cut cut_whole (const struct shape *shape);
/* One element, by its position in row-major order. */
struct cut cut_element (const struct shape *shape, size_t position);
struct shape cut_shape (const struct cut *cut);
/* Where in a cut an element is, by its index along each axis; false when it is outside. */
bool cut_has (const struct cut *cut, const struct cut *element, struct cut *inside);
bool cut_is_whole (const struct cut *cut, const struct shape *shape);
/* That part of what a term of shape `whole`, or of one that broadcasting spreads to it, stands for: a term that may
   stand for all elements of the part in the same way. */
uint32_t term_cut (struct terms *terms, uint32_t term, const struct shape *whole, const struct cut *cut);
/* The same of one element, by its position in row-major order. */
uint32_t term_cut_element (struct terms *terms, uint32_t term, const struct shape *whole, size_t position);

/* term_array.c: in another shape. */
uint32_t term_reshaped (struct terms *terms, uint32_t term, const struct shape *shape);
/* The sum of a term of shape `wide` over what an operand of shape `shape` was spread along. */
uint32_t term_summed (struct terms *terms, uint32_t term, const struct shape *wide, const struct shape *shape);
/* The axes the other way round; products of matrices and vectors. */
uint32_t term_transposed (struct terms *terms, uint32_t term);
uint32_t term_product (struct terms *terms, uint32_t a, uint32_t b);
uint32_t term_outer (struct terms *terms, uint32_t a, uint32_t b);
/* Whether an array is of rank 1 or 2 and so small that it can be written out; that, of elements in row-major order. */
enum
{
  TERM_LISTED = 64
};
bool term_can_list (const struct shape *shape);
uint32_t term_listed (struct terms *terms, const uint32_t *elements, const struct shape *shape);

bool term_is_number (const struct terms *terms, uint32_t term, double *number);

enum term_format
{
  TERM_TEXT,
  TERM_LATEX,
  TERM_C
};
struct term_style; /* of term_print.h: one for each format */

/* Writes formulas, at most `room` characters and so many levels deep; beyond that `room` is 0 and false returned.
   `write_name` writes what stands for a NAME, `write_part` what stands for a term with a name of its own. */
struct term_printer
{
  const struct terms *terms;
  FILE *out;
  const struct term_style *style;
  int depth;
  size_t room;
  const uint32_t *parts; /* by term, of `part_terms` of them: not 0 where it has a name of its own; may be NULL */
  size_t part_terms;
  void (*write_name) (struct term_printer *printer, const struct term *name);
  void (*write_part) (struct term_printer *printer, uint32_t term);
  bool (*is_taken) (struct term_printer *printer, const char *name); /* NULL: no function's name is */
  const char *without; /* afterwards: the function that C has not, or whose name is taken; or NULL */
  const void *data;
};
bool term_print (struct term_printer *printer, uint32_t term);
/* The same in brackets, where it is more than a name, a number or a call; and of a term that has a name of its own,
   what it is. */
bool term_print_tight (struct term_printer *printer, uint32_t term);
bool term_print_open (struct term_printer *printer, uint32_t term);

#endif
