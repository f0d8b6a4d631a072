/* matrix.h -- products of matrices. */
#ifndef GRADCALC_MATRIX_H
#define GRADCALC_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

/* c += op(a) op(b), all row-major: op(a) is m x k, op(b) k x n, c m x n; op transposes or not. Large products go to the
   BLAS of the system (libblas.so.3, opened when the first one comes), so last digits depend on it. */
void matrix_multiply (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b,
                      bool transpose_b, double *c);

/* The same where it is one of `count` products of this size, which may be worth the library only together. */
void matrix_multiply_among (size_t count, size_t m, size_t k, size_t n, const double *a, bool transpose_a,
                            const double *b, bool transpose_b, double *c);

/* Multiplies in the same way, a as it stands, but an element of a that is zero adds nothing, whatever it meets: for
   factors that are not finite. */
void matrix_multiply_careful (size_t m, size_t k, size_t n, const double *a, const double *b, bool transpose_b,
                              double *c);

/* A row times a column. */
static inline double
sum_products (size_t count, const double *c, const double *y)
{
  double sum[4] = { 0 };
  size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (size_t k = 0; k < 4; k++)
      sum[k] += c[i + k] * y[i + k];
  for (; i < count; i++)
    sum[0] += c[i] * y[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

#endif
