/* term_array.c -- arrays of formulas: in another shape, summed along axes, multiplied, written out. */
#include <string.h>

#include "formula/term.h"

uint32_t
term_reshaped (struct terms *terms, uint32_t term, const struct shape *shape)
{
  uint32_t arguments[RANK_LIMIT + 1] = { term };
  struct shape own = term_at (terms, term)->shape;
  if (shape_equal (&own, shape))
    return term;
  if (!shape->rank)
    return term_cut_element (terms, term, &own, 0);
  for (int i = 0; i < shape->rank; i++)
    arguments[i + 1] = term_number (terms, (double)shape->extent[i]);
  return term_call (terms, OP_reshape, arguments, (uint32_t)shape->rank + 1, shape);
}

uint32_t
term_summed (struct terms *terms, uint32_t term, const struct shape *wide, const struct shape *shape)
{
  if (shape_equal (wide, shape))
    return term;
  size_t times = shape_size (wide) / (shape_size (shape) ? shape_size (shape) : 1);
  if (!term_at (terms, term)->shape.rank)
    return term_scale (terms, term, (double)times);
  term = term_spread (terms, term, wide);
  if (!shape->rank)
    return term_of (terms, OP_sum, term, &number_shape);
  struct shape now = *wide;
  while (now.rank > shape->rank)
    {
      term = term_folded (terms, OP_sum, term, &now, 0, false);
      memmove (now.extent, now.extent + 1, (size_t)--now.rank * sizeof *now.extent);
    }
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->extent[axis] == 1 && now.extent[axis] != 1)
      {
        term = term_folded (terms, OP_sum, term, &now, axis, true);
        now.extent[axis] = 1;
      }
  return term;
}

uint32_t
term_transposed (struct terms *terms, uint32_t term)
{
  struct shape shape = term_at (terms, term)->shape, turned = shape;
  if (shape.rank < 2)
    return term;
  for (int i = 0; i < shape.rank; i++)
    turned.extent[i] = shape.extent[shape.rank - 1 - i];
  return term_of (terms, OP_transpose, term, &turned);
}

uint32_t
term_product (struct terms *terms, uint32_t a, uint32_t b)
{
  struct shape left = term_at (terms, a)->shape, right = term_at (terms, b)->shape, shape = { .rank = 0 };
  if (left.rank == 2)
    shape.extent[shape.rank++] = left.extent[0];
  if (right.rank == 2)
    shape.extent[shape.rank++] = right.extent[1];
  return term_of_two (terms, OP_matmul, a, b, &shape);
}

uint32_t
term_outer (struct terms *terms, uint32_t a, uint32_t b)
{
  struct shape shape = { 2, { term_at (terms, a)->shape.extent[0], term_at (terms, b)->shape.extent[0] } };
  return term_of_two (terms, OP_outer, a, b, &shape);
}

bool
term_can_list (const struct shape *shape)
{
  size_t size = shape_size (shape);
  return (shape->rank == 1 || shape->rank == 2) && size > 0 && size <= TERM_LISTED;
}

uint32_t
term_listed (struct terms *terms, const uint32_t *elements, const struct shape *shape)
{
  uint32_t rows[TERM_LISTED];
  if (shape->rank == 1)
    return term_call (terms, TERM_ARRAY, elements, (uint32_t)shape->extent[0], shape);
  struct shape row = { 1, { shape->extent[1] } };
  for (size_t i = 0; i < shape->extent[0]; i++)
    rows[i] = term_call (terms, TERM_ARRAY, elements + i * row.extent[0], (uint32_t)row.extent[0], &row);
  return term_call (terms, TERM_ARRAY, rows, (uint32_t)shape->extent[0], shape);
}
