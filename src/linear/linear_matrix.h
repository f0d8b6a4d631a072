/* linear_matrix.h -- linear maps of functions of matrices, for linear.c. */
#ifndef GRADCALC_LINEAR_MATRIX_H
#define GRADCALC_LINEAR_MATRIX_H

#include "linear/linear.h"

void sandwich_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X);
void sandwich_forward (struct memory *memory, const struct linear *linear, const double *x, double *y);
void terms_reverse (const struct linear *linear, const double *Y, double *X, bool poison);
void terms_forward (const struct linear *linear, const double *x, double *y);
void cholesky_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X);
void cholesky_forward (struct memory *memory, const struct linear *linear, const double *x, double *y);

#endif
