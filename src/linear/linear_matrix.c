/* linear_matrix.c -- linear maps of functions of matrices: products from both sides, Cholesky's factor, sums of terms.
 */
#include "linear/linear_matrix.h"

#include <string.h>

#include "base/heap.h"
#include "linear/matrix.h"

/* to += scale op(left) x op(right) for left m x p, x p x q, right q x n. Where something is not finite, zeros of x
   meet nothing. */
static void
multiply_both (struct memory *memory, const struct linear *linear, const double *x, bool transposed, double *to)
{
  size_t m = linear->product.rows, p = linear->product.inner, n = linear->product.columns;
  size_t q = p ? linear->operand_size / p : 0;
  const double *left = linear->coefficients->elements, *right = linear->positions->elements;
  size_t rows = transposed ? p : m, middle = transposed ? m : p, across = transposed ? n : q,
         columns = transposed ? q : n;
  double *half = heap_take_zeroed (memory, rows * across, sizeof *half, "a product of matrices"),
         *whole = heap_take_zeroed (memory, rows * columns, sizeof *whole, "a product of matrices");
  bool finite = elements_are_finite (left, m * p) && elements_are_finite (right, q * n)
                && elements_are_finite (x, middle * across);
  if (finite)
    {
      matrix_multiply (rows, middle, across, left, transposed, x, false, half);
      matrix_multiply (rows, across, columns, half, false, right, transposed, whole);
    }
  else
    {
      /* (x' left')' so that the zeros that count are those of x. */
      for (size_t i = 0; i < middle; i++)
        for (size_t j = 0; j < across; j++)
          for (size_t r = 0; x[i * across + j] != 0 && r < rows; r++)
            half[r * across + j] += (transposed ? left[i * p + r] : left[r * p + i]) * x[i * across + j];
      matrix_multiply_careful (rows, across, columns, half, right, transposed, whole);
    }
  for (size_t i = 0; i < rows * columns; i++)
    to[i] += linear->scale * whole[i];
  heap_give (half);
  heap_give (whole);
}

void
sandwich_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X)
{
  multiply_both (memory, linear, Y, true, X);
}

void
sandwich_forward (struct memory *memory, const struct linear *linear, const double *x, double *y)
{
  multiply_both (memory, linear, x, false, y);
}

/* The lower half, with half of the diagonal. */
static void
take_half (size_t n, double *a)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++)
      a[i * n + j] *= i == j ? 0.5 : 0;
}

/* dL = L half (inv(L) S inv(L)') with S the symmetric part of dA. (Murray, Differentiation of the Cholesky
   decomposition, 2016.) */
void
cholesky_forward (struct memory *memory, const struct linear *linear, const double *x, double *y)
{
  size_t n = linear->product.rows;
  const double *l = linear->coefficients->elements, *inverse = linear->positions->elements;
  double *s = heap_take_zeroed (memory, 3 * n * n, sizeof *s, "Cholesky's factor"), *half = s + n * n,
         *whole = half + n * n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      s[i * n + j] = 0.5 * (x[i * n + j] + x[j * n + i]);
  matrix_multiply (n, n, n, inverse, false, s, false, half);
  matrix_multiply (n, n, n, half, false, inverse, true, whole);
  take_half (n, whole);
  matrix_multiply (n, n, n, l, false, whole, false, y);
  heap_give (s);
}

/* Its transpose: the symmetric part of inv(L)' half (L' Y) inv(L). What Y has above the diagonal does not count. */
void
cholesky_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X)
{
  size_t n = linear->product.rows;
  const double *l = linear->coefficients->elements, *inverse = linear->positions->elements;
  double *lower = heap_take_zeroed (memory, 4 * n * n, sizeof *lower, "Cholesky's factor"), *p = lower + n * n,
         *half = p + n * n, *s = half + n * n;
  for (size_t i = 0; i < n; i++)
    memcpy (lower + i * n, Y + i * n, (i + 1) * sizeof *Y);
  matrix_multiply (n, n, n, l, true, lower, false, p);
  take_half (n, p);
  matrix_multiply (n, n, n, inverse, true, p, false, half);
  matrix_multiply (n, n, n, half, false, inverse, false, s);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      X[i * n + j] += 0.5 * (s[i * n + j] + s[j * n + i]);
  heap_give (lower);
}

/* A zero meets no coefficient. A map without terms connects all with all, though only a NaN that poisons passes. */
void
terms_reverse (const struct linear *linear, const double *Y, double *X, bool poison)
{
  bool connects = poison && !linear->constant && !linear->coefficients->size, nan = false;
  for (size_t i = 0; connects && i < linear->result_size; i++)
    nan |= __builtin_isnan (Y[i]);
  for (size_t i = 0; nan && i < linear->operand_size; i++)
    X[i] = __builtin_nan ("");
  const double *c = linear->coefficients->elements, *at = linear->positions->elements;
  for (size_t i = 0; i < linear->coefficients->size; i++)
    {
      double adjoint = Y[(size_t)at[2 * i]];
      if (adjoint != 0)
        X[(size_t)at[2 * i + 1]] += c[i] * adjoint;
    }
}

void
terms_forward (const struct linear *linear, const double *x, double *y)
{
  const double *c = linear->coefficients->elements, *at = linear->positions->elements;
  for (size_t i = 0; i < linear->coefficients->size; i++)
    {
      double tangent = x[(size_t)at[2 * i + 1]];
      if (tangent != 0)
        y[(size_t)at[2 * i]] += c[i] * tangent;
    }
}
