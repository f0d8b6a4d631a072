/* linear_bound.c -- what linear maps make of numbers of which only the size is known: the same maps, with the sizes of
   their coefficients. */
#include "linear/linear_bound.h"

#include <math.h>

static struct array *
vector (struct arrays *arrays, size_t size)
{
  return array_vector (arrays, size);
}

/* Nothing passes a zero, be it infinite. */
static double
size_of (double coefficient)
{
  return coefficient == 0 ? FLAT : fabs (coefficient);
}

static struct array *
sizes (struct arrays *arrays, const struct array *from)
{
  struct array *array = vector (arrays, from->size);
  for (size_t i = 0; i < from->size; i++)
    array->elements[i] = size_of (from->elements[i]);
  return array;
}

/* |J| of softmax is s_i (1 + s_j) at most, of its logarithm 1 + s_j. */
static void
softmax_bound (const struct linear *linear, const double *x, double *y)
{
  const double *s = linear->coefficients->elements;
  size_t n = linear->axis.length, step = linear->axis.inner;
  for (size_t line = 0; line < linear->axis.outer * step; line++)
    {
      size_t base = line / step * n * step + line % step;
      double sum = 0;
      for (size_t i = 0; i < n; i++)
        sum += s[base + i * step] * x[base + i * step];
      for (size_t i = 0; i < n; i++)
        {
          size_t at = base + i * step;
          y[at] += (linear->kind == LINEAR_SOFTMAX ? s[at] : 1) * (x[at] + sum);
        }
    }
}

void
linear_bound (struct arrays *arrays, const struct linear *linear, const double *x, double *y)
{
  bool back = linear->kind == LINEAR_TRANSPOSE;
  struct linear map = back ? *linear->of : *linear;
  struct array *size = vector (arrays, linear->operand_size);
  for (size_t i = 0; i < size->size; i++)
    size->elements[i] = fabs (x[i]);
  bool second = linear_info[map.kind].traits & TWO_MATRICES;
  map.scale = size_of (map.scale);
  map.coefficients = map.coefficients ? sizes (arrays, map.coefficients) : NULL;
  map.positions = second ? sizes (arrays, map.positions) : map.positions;
  if (map.kind == LINEAR_SOFTMAX || map.kind == LINEAR_LOG_SOFTMAX)
    softmax_bound (&map, size->elements, y);
  else if (back)
    linear_reverse (arrays->memory, &map, size->elements, 1, y, false);
  else
    linear_forward (arrays->memory, &map, size->elements, y);
  array_drop (arrays, map.coefficients);
  if (second)
    array_drop (arrays, map.positions);
  array_drop (arrays, size);
}

static size_t
ratio (size_t a, size_t b)
{
  return b && a > b ? (a + b - 1) / b : 1;
}

size_t
linear_terms (const struct linear *linear)
{
  const struct linear *map = linear->kind == LINEAR_TRANSPOSE ? linear->of : linear;
  bool back = map != linear;
  switch (map->kind)
    {
    case LINEAR_SCALE:
    case LINEAR_DIAGONAL:
      return back ? ratio (map->result_size, map->operand_size) : 1;
    case LINEAR_REDUCE:
      return back ? 1 : ratio (map->operand_size, map->result_size);
    case LINEAR_GATHER:
      return back ? map->result_size : 1;
    case LINEAR_SCATTER:
      return back ? 1 : map->operand_size;
    case LINEAR_KEEP:
      return 1;
    case LINEAR_MATMUL_LEFT:
      return back ? map->product.columns : map->product.inner;
    case LINEAR_MATMUL_RIGHT:
      return back ? map->product.rows : map->product.inner;
    case LINEAR_SOFTMAX:
    case LINEAR_LOG_SOFTMAX:
    case LINEAR_CUMSUM:
    case LINEAR_CUMPROD:
      return map->axis.length;
    case LINEAR_CHOLESKY:
      return map->product.rows;
    case LINEAR_SANDWICH:
    case LINEAR_TERMS:
    case LINEAR_CONTRACT:
    case LINEAR_TRANSPOSE:
    case LINEAR_KINDS:
      break;
    }
  return ratio (map->operand_size, 1);
}

static bool
is_whole (const struct array *numbers)
{
  for (size_t i = 0; numbers && i < numbers->size; i++)
    if (numbers->elements[i] != rint (numbers->elements[i]))
      return false;
  return true;
}

bool
linear_is_whole (const struct linear *linear)
{
  const struct linear *map = linear->kind == LINEAR_TRANSPOSE ? linear->of : linear;
  return map->scale == rint (map->scale) && is_whole (map->coefficients) && is_whole (map->positions);
}

bool
linear_moves (const struct linear *linear)
{
  const struct linear *map = linear->kind == LINEAR_TRANSPOSE ? linear->of : linear;
  bool plain
    = linear_info[map->kind].traits & ONLY_MOVES
      || ((map->kind == LINEAR_SCALE || (map->kind == LINEAR_REDUCE && !map->coefficients)) && fabs (map->scale) == 1);
  return plain && linear_terms (linear) == 1;
}
