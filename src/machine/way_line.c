/* way_line.c -- sums, means and extremes along an axis of an array of few elements on a way. */
#include "machine/way.h"

#include <math.h>

/* The lines along an axis: element k of line i is at (i / inner * length + k) * inner + i % inner. */
struct lines
{
  uint32_t count, length, inner;
  struct shape shape; /* of what there is one of for each */
};

static bool
find_lines (struct way *way, const struct known *array, const struct known *along, struct lines *lines)
{
  const struct shape from = body_shape (array->what);
  double axis;
  if (!way_constant (way, along, &axis) || along->kind == KIND_BOOLEAN || axis != rint (axis)
      || fabs (axis) > WHAT_RANK)
    return false;
  const int place = (int)axis + (axis < 0 ? from.rank : 0);
  if (place < 0 || place >= from.rank || from.rank < 2)
    return false;
  *lines = (struct lines){ 1, (uint32_t)from.extent[place], 1, { 0 } };
  for (int i = 0; i < from.rank; i++)
    if (i != place)
      {
        lines->shape.extent[lines->shape.rank++] = from.extent[i];
        lines->count *= (uint32_t)from.extent[i];
        lines->inner *= i > place ? (uint32_t)from.extent[i] : 1;
      }
  return lines->length > 1;
}

/* Kinks are looked for where an array varies, and so in all of its lines or none. */
static bool
varies_alike (const struct known *parts, uint32_t count)
{
  for (uint32_t i = 1; i < count; i++)
    if (parts[i].varies != parts[0].varies)
      return false;
  return true;
}

bool
way_lines (struct way *way, const struct instruction *routine)
{
  const bool sums = routine->op == OP_sum || routine->op == OP_mean;
  const uint32_t along = routine->b + 1, one = WAY_INPUT + WAY_INPUTS - 1;
  struct known *array = way_find (way, routine->b);
  struct lines lines;
  if (!(sums || routine->op == OP_max || routine->op == OP_min) || routine->c != 3 || array->kind != KIND_ARRAY
      || way_left_out (way, along, 1))
    return false;
  const struct known *from = way_parts (way, array);
  way->failed |= way->failed || way_type_of (array) != TYPE_REAL || !way_left_out (way, along + 1, 1)
                 || !find_lines (way, array, way_find (way, along), &lines)
                 || (!sums && !varies_alike (from, way_part_count (array)));
  if (way->failed)
    return true;
  struct known *parts = way_part_room (way, lines.count), *line = way_part_room (way, lines.length);
  for (uint32_t i = 0; i < lines.count && !way->failed; i++)
    {
      for (uint32_t k = 0; k < lines.length; k++)
        line[k] = from[(i / lines.inner * lines.length + k) * lines.inner + i % lines.inner];
      if (sums)
        way_sum (way, line, lines.length, lines.inner == 1, routine->op == OP_mean, one);
      else
        way_extreme_of (way, (enum op)routine->op, line, lines.length, one);
      parts[i] = *way_find (way, one);
    }
  way_consume (way, routine->b, routine->c);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &lines.shape), parts);
  return true;
}
