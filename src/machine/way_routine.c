/* way_routine.c -- what is no operator on a way: elements of arrays, and how many there are. */
#include "machine/way.h"

#include "value/slices.h"

/* The index into an array of one or two numbers from an operand on, as one number. */
static struct known
position_of (struct way *way, const struct known *array, uint32_t first, uint32_t count)
{
  struct known index = way_number (way, first);
  const cell_set still = way->body->constant | way->body->in_place;
  way->failed |= array->kind != KIND_ARRAY || array->number >= LOOP_CELLS || !(still & cell_bit (array->number))
                 || (array->what & 255) != count || count > 2 || index.kind == KIND_BOOLEAN;
  if (count != 2 || way->failed)
    return index;
  struct known column = way_number (way, first + 1), position = { .kind = KIND_INTEGER, .number = way_inner (way) };
  way->failed |= column.kind == KIND_BOOLEAN;
  way_step (way,
            (struct body_step){ BODY_POSITION, index.number, column.number, array->number, position.number, 0, 0 });
  position.column = way_kept_column (way, position.number);
  return position;
}

static void
index_of (struct way *way, const struct instruction *routine)
{
  if (routine->c == 2 && way_has_row (way, way_find (way, routine->b), way_find (way, routine->b + 1)))
    {
      const struct known array = *way_find (way, routine->b), index = *way_find (way, routine->b + 1);
      way_consume (way, routine->b, 2);
      way_row (way, &array, &index, routine->a);
      return;
    }
  if (routine->c == 2 && way_has_span (way, way_find (way, routine->b), way_find (way, routine->b + 1)))
    {
      const struct known array = *way_find (way, routine->b), slice = *way_find (way, routine->b + 1);
      way_consume (way, routine->b, 2);
      way_span (way, &array, &slice, routine->a);
      return;
    }
  if (way_select (way, routine))
    return;
  const struct known *from = way_find (way, routine->b);
  struct known index = position_of (way, from, routine->b + 1, routine->c - 1);
  if (way->failed)
    return;
  way_item (way, routine->b, &index, routine->a);
  struct known *array = way_find (way, routine->b);
  if (array->kind == KIND_ARRAY)
    *array = (struct known){ .kind = KIND_NOTHING };
}

void
way_replacement (struct way *way, const struct instruction *replace)
{
  if (way_replace_parts (way, replace))
    return;
  const struct known array = *way_find (way, replace->a), at = *way_find (way, replace->b + 2);
  const bool row = replace->c == 3 && way_has_row (way, &array, &at);
  const struct known index = row ? at : position_of (way, &array, replace->b + 2, replace->c - 2);
  way->failed |= way->failed || !(way->body->in_place & cell_bit (array.number))
                 || way_type_of (&array) != TYPE_REAL
                 || !slices_leave (way->run->arrays, body_value (way->body, array.number, way->bases)->array);
  if (way->failed)
    return;
  if (row)
    way_replace_row (way, &array, &index, replace->b + 1);
  else
    {
      const struct known known = way_number (way, replace->b + 1);
      way_consume (way, replace->b + 1, 1);
      way_replace (way, array.number, index.number, way_position (way, &index), &known, false);
    }
}

/* An extent of an array, or its size. */
static struct known
extent_of (struct way *way, const struct known *array, uint16_t axis)
{
  struct known known = { .kind = KIND_INTEGER, .number = way_inner (way), .same = way->names++ };
  way_step (way, (struct body_step){ BODY_EXTENT, 0, axis, array->number, known.number, 0, 0 });
  known.column = way_kept_column (way, known.number);
  return known;
}

/* len, size and shape of an array that the body does not assign. */
static void
measure (struct way *way, const struct instruction *routine)
{
  const struct known array = *way_find (way, routine->b);
  const cell_set still = way->body->constant | way->body->in_place;
  const uint16_t rank = array.what & UINT8_MAX;
  way->failed |= array.kind != KIND_ARRAY || array.number >= LOOP_CELLS || !(still & cell_bit (array.number));
  if (way->failed)
    return;
  way_consume (way, routine->b, 1);
  if (routine->op != OP_shape)
    {
      const struct known extent = extent_of (way, &array, routine->op == OP_len ? 0 : WHAT_SIZE);
      way_move (way, routine->a, &extent);
      return;
    }
  const struct shape shape = { .rank = 1, .extent = { rank } };
  struct known *parts = way_part_room (way, rank);
  for (uint16_t axis = 0; axis < rank && !way->failed; axis++)
    parts[axis] = extent_of (way, &array, axis);
  if (!way->failed)
    way_set_array (way, routine->a, body_what (TYPE_INTEGER, &shape), parts);
}

void
way_routine (struct way *way, const struct instruction *routine)
{
  if (routine->op == ROUTINE_INDEX)
    index_of (way, routine);
  else if (way_lines (way, routine))
    return;
  else if (routine->op == OP_max || routine->op == OP_min)
    way_extreme (way, routine);
  else if (routine->op == OP_len || routine->op == OP_size || routine->op == OP_shape)
    measure (way, routine);
  else if (!way_array_routine (way, routine) && !way_few_routine (way, routine))
    way->failed = true;
}
