/* factor.h -- factorisations of square matrices, row-major. */
#ifndef GRADCALC_FACTOR_H
#define GRADCALC_FACTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* Gaussian elimination with complete pivoting: with the rows and the columns of A in the orders `rows` and `columns`,
   A = L U, L with ones on its diagonal, both in `lu`. Complete pivoting shows the rank: the pivots that are zero come
   last. `sign` is that of both permutations. */
struct lu
{
  struct memory *memory;
  size_t n;
  double *lu;
  size_t *rows, *columns;
  double sign;
  int *exchanges; /* of LAPACK, whose factors of A' these are then; else NULL */
};

/* Factors an n x n matrix. What is not finite stays so. */
void lu_open (struct lu *lu, struct memory *memory, size_t n, const double *a);
/* Factors for all but the cofactors: large matrices go to the system's LAPACK (liblapack.so.3), if it is there, which
   exchanges rows alone. */
void lu_open_quick (struct lu *lu, struct memory *memory, size_t n, const double *a);
void lu_close (struct lu *lu);

/* Whether a pivot is zero. */
bool lu_is_singular (const struct lu *lu);
/* The determinant, and as its sign and the logarithm of its size. */
double lu_determinant (const struct lu *lu);
double lu_log_determinant (const struct lu *lu, double *sign);
/* X = inv(A) B for an n x m matrix B; A must not be singular. */
void lu_solve (const struct lu *lu, size_t m, const double *b, double *x);
/* The same for B = 1. */
void lu_invert (const struct lu *lu, double *inverse);
/* The matrix of cofactors, det(A) inv(A)', which is right for singular matrices too (no division by the last pivot). */
void lu_cofactors (const struct lu *lu, double *cofactors);

/* The lower factor of a symmetric positive definite matrix, of which the lower half is read: zeros above. False when
   it is not positive definite. */
bool cholesky (size_t n, const double *a, double *l);
/* The inverse of a lower triangular matrix. */
void invert_lower (size_t n, const double *l, double *inverse);

#endif
