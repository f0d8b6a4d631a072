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

/* Multiplies in the same way, but an element of a that is zero adds nothing, whatever it meets: for factors that are
   not finite. */
void matrix_multiply_careful (size_t m, size_t k, size_t n, const double *a, bool transpose_a, const double *b,
                              bool transpose_b, double *c);

#endif
