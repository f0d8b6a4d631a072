/* elements.h -- what holds for all of some numbers. */
#ifndef GRADCALC_ELEMENTS_H
#define GRADCALC_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

bool elements_are_finite (const double *elements, size_t count);
/* Finite, and none is FLAT. */
bool elements_are_plain (const double *elements, size_t count);
bool elements_are_zero (const double *elements, size_t count);

#endif
