/* layout.h -- how the elements of one array lie among those of another. */
#ifndef GRADCALC_LAYOUT_H
#define GRADCALC_LAYOUT_H

#include <stddef.h>

#include "value/array.h"

/* Position (i0, i1, ...) of `shape` is element offset + i0*stride[0] + i1*stride[1] + ... of the other array: a slice,
   a transpose, a broadcast (stride 0), a flip (stride -1) without moving anything. */
struct layout
{
  struct shape shape;
  ptrdiff_t offset;
  ptrdiff_t stride[RANK_LIMIT];
};

/* The layout of a whole array in row-major order. */
struct layout layout_dense (const struct shape *shape);
/* The layout of an array of shape `from`, spread to `to` by NumPy's rules (which must fit). */
struct layout layout_broadcast (const struct shape *from, const struct shape *to);
bool layout_is_dense (const struct layout *layout);

/* A walk over all positions in runs of equal stride: `for (walk = layout_walk (l); walk.left; layout_step (&walk))`
   meets, in row-major order, runs of `length` elements that begin at `at` and lie `stride` apart. */
struct layout_walk
{
  const struct layout *layout;
  ptrdiff_t at, stride;
  size_t length, left;
  int axes;
  size_t index[RANK_LIMIT];
};
struct layout_walk layout_walk (const struct layout *layout);
void layout_step (struct layout_walk *walk);

/* out[i] = base[layout (i)], for all positions. */
void layout_take (const struct layout *layout, const double *base, double *out);
/* base[layout (i)] of `count` positions, one or more, from `first` on in row-major order: where they stand, if they do
   so one behind the other, else in `room`. */
const double *layout_block (const struct layout *layout, const double *base, size_t first, size_t count, double *room);
/* base[layout (i)] = in[i]. */
void layout_put (const struct layout *layout, const double *in, double *base);
/* base[layout (i)] += in[i]. */
void layout_add (const struct layout *layout, const double *in, double *base);

#endif
