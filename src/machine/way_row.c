/* way_row.c -- elements of arrays on a way, few in a row, and rows of arrays of more than one axis: each is an
   array of few elements, which are read and replaced where they are. */
#include "machine/way.h"

static struct known
item_at (struct way *way, const struct known *from, const struct known *index)
{
  static const uint8_t kinds[]
    = { [TYPE_REAL] = KIND_REAL, [TYPE_INTEGER] = KIND_INTEGER, [TYPE_BOOLEAN] = KIND_BOOLEAN };
  uint16_t number = way_inner (way);
  way_step (way, (struct body_step){ BODY_ITEM, index->number, from->number, 0, number, 0, 0 });
  struct known item = { .kind = kinds[way_type_of (from)],
                        .varies = from->varies,
                        .reach = from->varies ? cell_bit (from->number) : 0,
                        .number = number,
                        .column = way_kept_column (way, number),
                        .same = way->names++,
                        .element = from->varies,
                        .array = from->number };
  if (from->varies)
    item.position = way_position (way, index);
  return item;
}

void
way_item (struct way *way, uint32_t array, const struct known *index, uint32_t target)
{
  const struct known item = item_at (way, way_find (way, array), index);
  way_move (way, target, &item);
}

/* The array that a row is; false where the rows of an array have many elements, or none. */
static bool
find_row (const struct known *array, struct shape *row)
{
  const struct shape shape = body_shape (array->what);
  *row = (struct shape){ .rank = shape.rank - 1 };
  if (array->kind != KIND_ARRAY || shape.rank < 2 || shape.rank > WHAT_RANK)
    return false;
  for (int axis = 1; axis < shape.rank; axis++)
    row->extent[axis - 1] = shape.extent[axis];
  return shape_size (row) > 0;
}

bool
way_has_row (struct way *way, const struct known *array, const struct known *index)
{
  const cell_set still = way->body->constant | way->body->in_place;
  struct shape row;
  double number;
  const bool few = body_shape (array->what).extent[0] != 0;
  return array->number < LOOP_CELLS && still & cell_bit (array->number) && find_row (array, &row)
         && (index->kind == KIND_REAL || index->kind == KIND_INTEGER) && !(few && way_constant (way, index, &number));
}

/* The position of a row's first element. */
static struct known
first_of_row (struct way *way, const struct known *array, const struct known *index)
{
  struct known position = { .kind = KIND_INTEGER, .number = way_inner (way) };
  way_step (way, (struct body_step){ BODY_ROW, index->number, 0, array->number, position.number, 0, 0 });
  position.column = way_kept_column (way, position.number);
  return position;
}

/* The position behind one. */
static struct known
next_position (struct way *way, const struct known *position)
{
  struct known next = { .kind = KIND_INTEGER, .number = way_inner (way) };
  way_step (way, (struct body_step){ BODY_NEXT, position->number, 0, 0, next.number, 0, 0 });
  next.column = way_column_step (way, (struct lane_step){ .op = OP_add, .a = position->column, .b = WAY_ONES });
  return next;
}

bool
way_has_span (struct way *way, const struct known *array, const struct known *slice)
{
  const cell_set still = way->body->constant | way->body->in_place;
  return way_moving (slice) && array->kind == KIND_ARRAY && (array->what & UINT8_MAX) == 1
         && array->number < LOOP_CELLS && still & cell_bit (array->number);
}

/* Elements in a row from a position on, as an array. */
static void
take_row (struct way *way, const struct known *array, struct known position, const struct shape *shape,
          uint32_t target)
{
  const uint32_t count = way->failed ? 0 : (uint32_t)shape_size (shape);
  struct known *parts = way_part_room (way, count);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      position = i ? next_position (way, &position) : position;
      parts[i] = item_at (way, array, &position);
    }
  if (!way->failed)
    way_set_array (way, target, body_what (way_type_of (array), shape), parts);
}

void
way_span (struct way *way, const struct known *array, const struct known *slice, uint32_t target)
{
  const struct shape shape = { .rank = 1, .extent = { way_moving (slice) } };
  struct known position = { .kind = KIND_INTEGER, .number = way_inner (way) };
  way_step (way, (struct body_step){ BODY_SPAN, slice->number, (uint16_t)shape.extent[0], array->number,
                                     position.number, 0, 0 });
  position.column = way_kept_column (way, position.number);
  take_row (way, array, position, &shape, target);
}

void
way_row (struct way *way, const struct known *array, const struct known *index, uint32_t target)
{
  struct shape row;
  way->failed |= !find_row (array, &row);
  const struct known position = first_of_row (way, array, index);
  take_row (way, array, position, &row, target);
}

/* Elements of the array itself stay what they are while others are replaced. */
static const struct known *
parts_apart (struct way *way, const struct known *array, struct known *parts)
{
  const uint32_t count = way->failed ? 0 : way_part_count (array);
  struct known *own = way_part_room (way, count);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      own[i] = parts[i];
      if (own[i].element)
        way_set_apart (way, &own[i]);
    }
  return own;
}

void
way_replace_row (struct way *way, const struct known *array, const struct known *index, uint32_t value)
{
  struct known *from = way_find (way, value);
  struct shape row;
  way->failed |= !find_row (array, &row);
  const struct known lone = *from;
  const bool one = lone.kind >= KIND_REAL && lone.kind <= KIND_BOOLEAN;
  const uint32_t count = way->failed ? 0 : (uint32_t)shape_size (&row);
  const struct known *parts = one ? &lone : parts_apart (way, &lone, way_parts (way, from));
  struct known position = first_of_row (way, array, index);
  if (!one && !way->failed)
    {
      const struct shape shape = body_shape (lone.what);
      way->failed |= !shape_equal (&shape, &row);
    }
  if (!way->failed)
    way_consume (way, value, 1);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      position = i ? next_position (way, &position) : position;
      way_replace (way, array->number, position.number, position.column, &parts[one ? 0 : i], true);
    }
}
