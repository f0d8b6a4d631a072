/* linear_axis.h -- linear maps along an axis, for linear.c. */
#ifndef GRADCALC_LINEAR_AXIS_H
#define GRADCALC_LINEAR_AXIS_H

#include "linear/linear.h"

void softmax_reverse (const struct linear *linear, const double *y, double *X);
void softmax_forward (const struct linear *linear, const double *x, double *y);
void cumsum_reverse (const struct linear *linear, const double *y, double *X);
void cumsum_forward (const struct linear *linear, const double *x, double *y);
void cumprod_reverse (struct memory *memory, const struct linear *linear, const double *y, double *X);
void cumprod_forward (const struct linear *linear, const double *t, double *y);

#endif
