/* elements.h -- what holds for all of some numbers. */
#ifndef GRADCALC_ELEMENTS_H
#define GRADCALC_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "value/value.h"

bool elements_are_finite (const double *elements, size_t count);
/* Finite, and none is FLAT. */
bool elements_are_plain (const double *elements, size_t count);
bool elements_are_zero (const double *elements, size_t count);

/* Whether a value is finite: all elements are, or it is no number and no array. */
static inline bool
elements_of_are_finite (const struct value *value)
{
  return !value_is_numeric (value) || elements_are_finite (value_elements (value), value_size (value));
}

#endif
