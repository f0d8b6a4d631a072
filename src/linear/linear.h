/* linear.h -- linear maps between arrays: what a step of the program is to a change of one operand. */
#ifndef GRADCALC_LINEAR_H
#define GRADCALC_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "value/array.h"
#include "value/layout.h"

/* x is a change of the operand, y the change of the result that it makes; X and Y are the operand's and the result's
   adjoint.

   kind          forward                      reverse
   SCALE         y[i] += scale * x[layout i]  X[layout i] += scale * Y[i]   a broadcast, a take, a view
   DIAGONAL      y[i] += c[i] * x[layout i]   X[layout i] += c[i] * Y[i]    c: one for each element of the result
   REDUCE        y[layout i] += c[i] * x[i]   X[i] += c[i] * Y[layout i]    c: one for each of the operand, NULL: scale
                                                                            for all. Sums, and parts of a larger array
   GATHER        y[i] += x[at i]              X[at i] += Y[i]               `at`: positions as doubles
   SCATTER       y[at i] += x[i]              X[i] += Y[at i]
   KEEP          y += x, not everywhere       X += Y, not there             an array with elements replaced: the rest
   MATMUL_LEFT   y += x c                     X += Y c'                     the operand is the left factor, m x k
   MATMUL_RIGHT  y += c x                     X += c' Y                     the operand is the right factor, k x n
   SOFTMAX, LOG_SOFTMAX                                                     along an axis; c is the softmax itself
   CUMSUM, CUMPROD                                                          along an axis; c is the operand (CUMPROD)
   SANDWICH      y += scale * c x d           X += scale * c' Y d'          d in `positions`; inverses, powers
   CHOLESKY                                                                 c is the factor, d its inverse
   TERMS         y[a] += c x[b]               X[b] += c Y[a]                pairs a, b in `positions`, one for each c;
                                                                            with none, NaN that poisons passes
                                                                            unless they are `constant`
   TRANSPOSE                                                                the map `of`, the other way around

   A product of a batch has in `positions` pairs of starts, of the left and of the right factor, for each result in
   order. An axis is outer x length x inner elements. A coefficient of FLAT passes nothing, whatever meets it; a plain
   0 multiplies, and so does every zero of a matrix. */
enum linear_kind
{
  LINEAR_SCALE,
  LINEAR_DIAGONAL,
  LINEAR_REDUCE,
  LINEAR_GATHER,
  LINEAR_SCATTER,
  LINEAR_KEEP,
  LINEAR_MATMUL_LEFT,
  LINEAR_MATMUL_RIGHT,
  LINEAR_SOFTMAX,
  LINEAR_LOG_SOFTMAX,
  LINEAR_CUMSUM,
  LINEAR_CUMPROD,
  LINEAR_SANDWICH,
  LINEAR_CHOLESKY,
  LINEAR_TERMS,
  LINEAR_TRANSPOSE,
  LINEAR_KINDS
};

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

/* KEEP in place: sets to 0 the elements of Y that were replaced. */
void linear_keep (const struct linear *linear, double *Y);

/* Passes into an X that is not set yet, for maps that reach every element once and in order; false, with nothing done,
   for all others. This saves a pass over memory that was never touched. */
bool linear_reverse_fresh (const struct linear *linear, const double *Y, size_t Y_step, double *X, bool poison);

bool elements_are_finite (const double *elements, size_t count);
bool elements_are_zero (const double *elements, size_t count);

/* Whether all coefficients are finite. */
bool linear_is_finite (const struct linear *linear);

/* Gives back what the map holds. */
void linear_drop (struct arrays *arrays, struct linear *linear);

#endif
