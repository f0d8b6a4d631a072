/* tile.h -- products of small matrices, a tile of the result at a time in registers. */
#ifndef GRADCALC_TILE_H
#define GRADCALC_TILE_H

#include <stddef.h>

/* Elements of the left factor are `row` and `inner` apart, down and along. */
struct tile_left
{
  const double *elements;
  size_t row, inner;
};

/* c += a b for a of m x k; rows of b and of c are so far apart. Each element adds up in the order of the inner index,
   each term rounded before it is added, whatever the width of the registers. */
void tile_multiply (size_t m, size_t k, size_t n, const struct tile_left *a, const double *b, size_t b_row, double *c,
                    size_t c_row);

#endif
