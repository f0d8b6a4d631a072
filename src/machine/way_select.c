/* way_select.c -- what is taken out of an array of few elements: by indices that stand in the text, and slices of
   such. */
#include "machine/way.h"

#include <math.h>

/* What a slice says, within `what` of a value that is one: which parts are given, and these. */
enum
{
  SLICE_PART = 8, /* the first bit of the first, behind the bits of those that are given; each has as many */
  SLICE_MOST = 100,
  SLICE_MOVING = 1 << 7 /* the ends are no constants: the first part is how many elements are between them */
};

uint32_t
way_moving (const struct known *slice)
{
  return slice->kind == KIND_SLICE && slice->what & SLICE_MOVING ? slice->what >> SLICE_PART : 0;
}

/* From an integer to another that is so far beyond it. */
static bool
is_moving (struct way *way, const struct instruction *slice, struct known *made)
{
  const struct known start = *way_find (way, slice->b), stop = *way_find (way, slice->b + 1);
  double number;
  const bool both = (slice->op & 7) == 3 && (start.kind == KIND_INTEGER || start.beyond)
                    && (stop.kind == KIND_INTEGER || stop.beyond);
  if (!both || way_constant (way, &start, &number) || way_constant (way, &stop, &number))
    return false;
  const uint16_t from = start.beyond ? start.base : start.column, to = stop.beyond ? stop.base : stop.column;
  const int count = stop.beyond - start.beyond;
  *made = start;
  made->kind = KIND_SLICE;
  made->what = SLICE_MOVING | (uint32_t)count << SLICE_PART;
  return from == to && count > 0 && count <= ARRAY_SMALL;
}

void
way_slice (struct way *way, const struct instruction *slice)
{
  struct known known, made;
  const bool moving = is_moving (way, slice, &made);
  known = moving ? made : (struct known){ .kind = KIND_SLICE, .number = LOOP_CELLS, .what = slice->op & 7 };
  for (uint32_t i = 0; i < 3 && !moving; i++)
    {
      double part = 0;
      if (slice->op >> i & 1)
        way->failed |= !way_constant (way, way_find (way, slice->b + i), &part) || part != rint (part)
                       || fabs (part) > SLICE_MOST || (i == 2 && part <= 0);
      if (way->failed)
        return;
      known.what |= (uint32_t)(uint8_t)(int8_t)part << (SLICE_PART + 8 * i);
    }
  way_consume (way, slice->b, 3);
  *way_find (way, slice->a) = known;
}

/* Where along an axis. */
struct range
{
  uint32_t start, step, count;
  bool keeps; /* the axis */
};

static uint32_t
end_of (uint32_t what, uint32_t part, uint32_t length, uint32_t otherwise)
{
  if (!(what >> part & 1))
    return otherwise;
  int32_t end = (int8_t)(what >> (SLICE_PART + 8 * part));
  end += end < 0 ? (int32_t)length : 0;
  return end < 0 ? 0 : end > (int32_t)length ? length : (uint32_t)end;
}

static bool
find_range (const struct way *way, const struct known *index, uint32_t length, struct range *range)
{
  double at;
  if (way_moving (index))
    return false;
  if (index->kind == KIND_SLICE)
    {
      const uint32_t start = end_of (index->what, 0, length, 0), stop = end_of (index->what, 1, length, length),
                     step = index->what >> 2 & 1 ? index->what >> (SLICE_PART + 16) & UINT8_MAX : 1;
      *range = (struct range){ start, step, stop > start ? (stop - start + step - 1) / step : 0, true };
      return range->count > 0;
    }
  if (!way_constant (way, index, &at) || at != rint (at) || at < -(double)length || at >= length)
    return false;
  *range = (struct range){ (uint32_t)(at < 0 ? at + length : at), 1, 1, false };
  return true;
}

/* What some indices take of an array, along each axis; how many elements, and the shape of what is taken. */
struct selection
{
  struct range ranges[WHAT_RANK];
  uint32_t count;
  struct shape shape;
};

static bool
find_selection (struct way *way, const struct known *array, uint32_t first, uint32_t indices,
                struct selection *selection)
{
  const struct shape from = body_shape (array->what);
  *selection = (struct selection){ .count = 1 };
  for (uint32_t axis = 0; axis < (uint32_t)from.rank || indices; axis++)
    {
      for (; indices && way_find (way, first)->kind == KIND_NONE; first++, indices--)
        {
          if (selection->shape.rank == WHAT_RANK)
            return false;
          selection->shape.extent[selection->shape.rank++] = 1;
        }
      if (axis == (uint32_t)from.rank)
        return !indices;
      const uint32_t length = (uint32_t)from.extent[axis];
      struct range *range = &selection->ranges[axis];
      *range = (struct range){ 0, 1, length, true };
      if (indices && !find_range (way, way_find (way, first++), length, range))
        return false;
      indices -= indices > 0;
      if (range->keeps && selection->shape.rank == WHAT_RANK)
        return false;
      if (range->keeps)
        selection->shape.extent[selection->shape.rank++] = range->count;
      selection->count *= range->count;
    }
  return true;
}

/* Where the i-th element that is taken stands. */
static uint32_t
place_of (const struct shape *shape, const struct range ranges[WHAT_RANK], uint32_t i)
{
  uint32_t place = 0, left = i, stride = 1;
  for (int axis = shape->rank; axis-- > 0;)
    {
      place += (ranges[axis].start + left % ranges[axis].count * ranges[axis].step) * stride;
      left /= ranges[axis].count;
      stride *= (uint32_t)shape->extent[axis];
    }
  return place;
}

/* The parts at some positions; where some are left out the first hangs on them too. */
static struct known *
take (struct way *way, const struct known *array, const struct range ranges[WHAT_RANK], uint32_t count)
{
  const uint32_t size = way_part_count (array);
  const struct shape shape = body_shape (array->what);
  struct known *parts = way_part_room (way, count);
  if (way->failed)
    return NULL;
  for (uint32_t i = 0; i < count; i++)
    parts[i] = array->parts[place_of (&shape, ranges, i)];
  if (count < size)
    way_close (way, &parts[0], array->parts, size);
  return way->failed ? NULL : parts;
}

/* Gives a register what was taken. */
static void
give (struct way *way, uint32_t to, const struct shape *shape, uint32_t type, struct known *parts)
{
  if (way->failed)
    return;
  if (shape->rank)
    way_set_array (way, to, body_what ((enum type)type, shape), parts);
  else
    {
      const struct known part = *parts;
      way_move (way, to, &part);
    }
}

bool
way_select (struct way *way, const struct instruction *routine)
{
  struct known *array = way_find (way, routine->b);
  struct selection selection;
  if (array->kind != KIND_ARRAY)
    return false;
  /* Of what does not change a single element is read where it is, whether or not its elements are cells: what is known
     of the same way may not hang on what was gone since. */
  bool single = array->number < LOOP_CELLS && !body_is_unfolded (way->body, array->number)
                && routine->c - 1 == (array->what & UINT8_MAX);
  for (uint32_t i = 1; i < routine->c; i++)
    single = single && way_find (way, routine->b + i)->kind < KIND_ARRAY;
  if (single || !way_parts (way, array) || !find_selection (way, array, routine->b + 1, routine->c - 1, &selection))
    return false;
  const enum type type = way_type_of (array);
  struct known *parts = take (way, array, selection.ranges, selection.count);
  way_consume (way, routine->b, routine->c);
  give (way, routine->a, &selection.shape, type, parts);
  return true;
}

/* The new elements: a number is all of them. */
static bool
find_new (struct way *way, struct known *value, const struct selection *selection, struct known *parts)
{
  const bool is_array = value->kind == KIND_ARRAY;
  const struct known *from = is_array ? way_parts (way, value) : value;
  if (way->failed)
    return false;
  const struct shape shape = is_array ? body_shape (value->what) : (struct shape){ 0 };
  bool good = !is_array || shape_equal (&shape, &selection->shape);
  for (uint32_t i = 0; i < selection->count && good; i++)
    {
      parts[i] = is_array ? from[i] : *from;
      good = parts[i].kind == KIND_REAL || parts[i].kind == KIND_INTEGER;
      parts[i].kind = KIND_REAL;
    }
  return good;
}

bool
way_replace_parts (struct way *way, const struct instruction *replace)
{
  struct known *array = way_find (way, replace->a);
  struct selection selection;
  if (way->failed || array->kind != KIND_ARRAY || !array->parts)
    return false;
  struct known *parts = way_part_room (way, ARRAY_SMALL);
  way->failed |= way_type_of (array) != TYPE_REAL
                 || !find_selection (way, array, replace->b + 2, replace->c - 2, &selection)
                 || !find_new (way, way_find (way, replace->b + 1), &selection, parts);
  if (way->failed)
    return true;
  way_consume (way, replace->b + 1, replace->c - 1);
  const struct shape shape = body_shape (array->what);
  uint8_t places[ARRAY_SMALL];
  for (uint32_t i = 0; i < selection.count; i++)
    places[i] = (uint8_t)place_of (&shape, selection.ranges, i);
  way_set_parts (way, replace->a, places, parts, selection.count);
  return true;
}

void
way_unpack (struct way *way, const struct instruction *unpack)
{
  struct known *array = way_find (way, unpack->b);
  if (!way_parts (way, array))
    return;
  const struct shape from = body_shape (array->what);
  struct shape shape = { .rank = from.rank - 1 };
  struct range ranges[WHAT_RANK];
  way->failed |= from.extent[0] != unpack->op;
  if (way->failed)
    return;
  ranges[0] = (struct range){ unpack->c, 1, 1, false };
  for (int axis = 1; axis < from.rank; axis++)
    {
      shape.extent[axis - 1] = from.extent[axis];
      ranges[axis] = (struct range){ 0, 1, (uint32_t)from.extent[axis], true };
    }
  const enum type type = way_type_of (array);
  struct known *parts = take (way, array, ranges, (uint32_t)shape_size (&shape));
  give (way, unpack->a, &shape, type, parts);
}
