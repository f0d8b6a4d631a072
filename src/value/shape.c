/* shape.c -- ranks and extents. */
#include <stdio.h>
#include <string.h>

#include "value/array.h"

size_t
shape_size (const struct shape *shape)
{
  size_t size = 1;
  bool empty = false, large = false;
  for (int i = 0; i < shape->rank; i++)
    {
      empty |= shape->extent[i] == 0;
      large |= __builtin_mul_overflow (size, shape->extent[i], &size);
    }
  return empty ? 0 : large ? SIZE_MAX : size;
}

bool
shape_equal (const struct shape *a, const struct shape *b)
{
  bool equal = a->rank == b->rank;
  for (int i = 0; i < a->rank && equal && a != b; i++)
    equal = a->extent[i] == b->extent[i];
  return equal;
}

bool
shape_is_square (const struct shape *shape)
{
  return shape->rank == 2 && shape->extent[0] == shape->extent[1];
}

struct shape
shape_join (const struct shape *outer, const struct shape *inner)
{
  struct shape joined = *outer;
  for (int axis = 0; axis < inner->rank; axis++)
    joined.extent[joined.rank++] = inner->extent[axis];
  return joined;
}

bool
shape_broadcast (struct shape *result, const struct shape *a, const struct shape *b)
{
  struct shape joined = { .rank = a->rank > b->rank ? a->rank : b->rank };
  for (int i = 1; i <= joined.rank; i++)
    {
      size_t m = i <= a->rank ? a->extent[a->rank - i] : 1;
      size_t n = i <= b->rank ? b->extent[b->rank - i] : 1;
      if (m != n && m != 1 && n != 1)
        return false;
      joined.extent[joined.rank - i] = m == 1 ? n : m;
    }
  *result = joined;
  return true;
}

const char *
shape_text (char text[SHAPE_TEXT], const struct shape *shape)
{
  size_t used = 0;
  *text = 0;
  for (int i = 0; i < shape->rank; i++)
    used += (size_t)snprintf (text + used, SHAPE_TEXT - used, "%s%zu", i ? "x" : "", shape->extent[i]);
  return text;
}

const char *
shape_position (char text[SHAPE_TEXT], const struct shape *shape, size_t element)
{
  size_t used = 0, index[RANK_LIMIT];
  *text = 0;
  for (int axis = shape->rank; axis-- > 0;)
    {
      index[axis] = element % shape->extent[axis];
      element /= shape->extent[axis];
    }
  for (int axis = 0; axis < shape->rank; axis++)
    used += (size_t)snprintf (text + used, SHAPE_TEXT - used, "%s%zu%s", axis ? "," : "[", index[axis],
                              axis + 1 == shape->rank ? "]" : "");
  return text;
}
