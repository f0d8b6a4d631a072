/* select.h -- what the indices of x[...] select. */
#ifndef GRADCALC_SELECT_H
#define GRADCALC_SELECT_H

#include "ops/routine.h"

/* Elements of an array: by a layout where numbers, slices and None select them, else at positions. */
struct selection
{
  struct shape shape;
  struct layout layout;    /* with that shape */
  struct array *positions; /* NULL, or one for each element in row-major order; held */
};

/* Reads the indices of an array of some shape: the arguments from `first` on. */
struct selection select_elements (struct call *call, const struct shape *shape, int first);

/* An index of an axis as it counts from its beginning. */
size_t select_index (struct call *call, double index, int axis, size_t length);

#endif
