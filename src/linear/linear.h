/* linear.h -- linear maps between arrays: what a step of the program is to a change of one operand. */
#ifndef GRADCALC_LINEAR_H
#define GRADCALC_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "linear/elements.h"
#include "value/array.h"
#include "value/layout.h"

/* Kinds are rows of linear.def, which tells what each of them is. A product of a batch has in `positions` pairs of
   starts, of the left and of the right factor, for each result in order. An axis is outer x length x inner elements. A
   coefficient of FLAT passes nothing, whatever meets it; a plain 0 multiplies, and so does every zero of a matrix. */
enum linear_kind
{
#define MAP(kind, ...) LINEAR_##kind,
#include "linear/linear.def"
  LINEAR_KINDS
};

enum linear_traits
{
  BY_ELEMENT = 1,  /* an element meets one other, or a sum, with a coefficient of its own */
  ONLY_MOVES = 2,  /* elements are only moved */
  READS_ALL = 4,   /* it goes over whole adjoints, so that one number for all of them has to be spread */
  TWO_MATRICES = 8 /* `positions` is a second matrix of coefficients */
};

struct linear_info
{
  const char *name;
  int traits;
};
extern const struct linear_info linear_info[LINEAR_KINDS];

/* The zero of a kink, of a flat piece, of a side not selected: connected, but nothing passes. It is the negative zero,
   which is what addition leaves alone (-0 + -0 = -0, -0 + 0 = 0), so sums of paths keep it only while no other path
   adds to it. A partial that merely comes out as zero is made +0 by adding +0. */
#define FLAT (-0.0)

static inline bool
is_flat (double coefficient)
{
  return coefficient == 0 && __builtin_signbit (coefficient);
}

struct linear
{
  enum linear_kind kind;
  bool constant; /* the coefficients do not vary: a zero among them is a rule, where linear_careful.c asks */
  bool finite;   /* they are known to be finite */
  bool other;    /* SOFTMAX, LOG_SOFTMAX along lines that do not sum to 1, as a wrong rule has them */
  bool in_place; /* KEEP: the operand is no more: nobody reads it later */
  double scale;
  size_t operand_size, result_size;
  struct array *coefficients; /* held; NULL where a kind has none */
  struct array *positions; /* held: GATHER, SCATTER, KEEP by positions, products of a batch, second matrices; or NULL */
  union
  {
    const struct linear *of; /* TRANSPOSE: not held */
    struct layout layout;    /* SCALE, DIAGONAL, REDUCE, KEEP */
    struct
    {
      size_t rows, inner, columns;
    } product; /* m, k, n; of a SANDWICH the operand is inner x something */
    struct
    {
      size_t outer, length, inner;
    } axis;
  };
};

/* y += A x, and X += A' Y. `Y_step` is 1, or 0 for an adjoint that has the same value in every element (one double at
   Y); `memory` gives room for what is needed on the way alone. An element of Y that is 0 adds nothing: where
   coefficients are not finite, linear_careful.h tells zeros apart. A FLAT coefficient passes nothing, but when
   `poison` is set a NaN in Y passes through it. Products with matrices look for elements that are not finite before
   they are left to a library that would multiply them by zeros. `linear_forward` is the plain transpose for tangents,
   where a zero of x likewise adds nothing. */
void linear_reverse (struct memory *memory, const struct linear *linear, const double *Y, size_t Y_step, double *X,
                     bool poison);
void linear_forward (struct memory *memory, const struct linear *linear, const double *x, double *y);

/* As linear_reverse for `count` adjoints that stand one behind the other in Y, and in X: a matrix is read once for all.
 */
void linear_reverse_rows (struct memory *memory, const struct linear *linear, size_t count, const double *Y, double *X);

/* KEEP in place: sets to `zero`, which may be FLAT, the elements of Y that were replaced. */
void linear_keep (const struct linear *linear, double *Y, double zero);

/* Passes into an X that is not set yet, for maps that reach elements that follow one another, each once and in order;
   false, with nothing done, for all others. This saves a pass over memory that was never touched. */
bool linear_reverse_fresh (const struct linear *linear, const double *Y, size_t Y_step, double *X, bool poison);

/* Whether all coefficients are finite. */
bool linear_is_finite (const struct linear *linear);

/* Gives back what the map holds. */
void linear_drop (struct arrays *arrays, struct linear *linear);

#endif
