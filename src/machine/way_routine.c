/* way_routine.c -- what is no operator on a way: elements of arrays and how many there are, max and min. */
#include "machine/way.h"

#include "value/slices.h"

/* The index into an array of one or two numbers from an operand on, as one number. */
static struct known
position_of (struct way *way, const struct known *array, uint32_t first, uint32_t count)
{
  struct known index = way_number (way, first);
  const uint64_t still = way->body->constant | way->body->in_place;
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
  const struct known array = *way_find (way, replace->a), at = *way_find (way, replace->b + 2);
  const bool row = replace->c == 3 && way_has_row (way, &array, &at);
  const struct known index = row ? at : position_of (way, &array, replace->b + 2, replace->c - 2);
  way->failed |= way->failed || !(way->body->in_place & cell_bit (array.number))
                 || (array.what >> WHAT_TYPE & UINT8_MAX) != TYPE_REAL
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

enum
{
  LEFT_OUT = 2, /* axis and keepdims of max and min stand behind their first argument */
  NUMBERS = 32
};

/* The operands that max and min choose from: numbers, or the elements of an array; how many. */
static uint32_t
extreme_operands (struct way *way, const struct instruction *routine, bool array, uint32_t operands[NUMBERS])
{
  const uint32_t count = array ? 0 : routine->c - LEFT_OUT;
  way->failed |= routine->c <= LEFT_OUT || count > NUMBERS;
  for (uint32_t i = 1; i <= LEFT_OUT && !way->failed; i++)
    way->failed |= way_find (way, routine->b + i)->kind != KIND_NOTHING;
  for (uint32_t i = 0; i < count && !way->failed; i++)
    operands[i] = routine->b + i + (i ? LEFT_OUT : 0);
  if (!array || way->failed)
    return count;
  const struct known *parts = way_parts (way, way_find (way, routine->b));
  const uint32_t size = way->failed ? 0 : way_part_count (way_find (way, routine->b));
  for (uint32_t i = 0; i < size; i++)
    {
      way->inputs[i] = parts[i];
      operands[i] = WAY_INPUT + i;
    }
  return size;
}

/* max and min of numbers, of two after the other, and of few elements. Where two of them are the largest, single steps
   say what that means. */
static void
extreme (struct way *way, const struct instruction *routine)
{
  const bool array = way_find (way, routine->b)->kind == KIND_ARRAY;
  const uint16_t op = routine->op == OP_max ? OP_maximum : OP_minimum;
  uint32_t operands[NUMBERS];
  const uint32_t count = extreme_operands (way, routine, array, operands);
  struct instruction group[NUMBERS] = { { CODE_GROUP, 0, routine->a, count - 1, 0 } };
  uint16_t before[NUMBERS], numbers[NUMBERS];
  bool real = false;
  way->failed |= count < 2;
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      struct known known = way_number (way, operands[i]);
      way->failed |= known.kind == KIND_BOOLEAN;
      real |= known.kind == KIND_REAL;
      numbers[i] = known.number;
      before[i] = i > 1 ? (uint16_t)(LOOP_ALL_CELLS + way->inner + i - 2) : numbers[0]; /* what way_group will make */
      if (i)
        group[i] = (struct instruction){ CODE_STEP, op, i > 1 ? PENDING | (i - 2) : operands[0], operands[i], 0 };
    }
  way->failed |= !real;
  if (way->failed)
    return;
  const bool pair = count == 2 && !array;
  if (pair)
    way_step (way, (struct body_step){ BODY_DIFFER, numbers[0], numbers[1], 0, 0, 0, 0 });
  way->smooth = true; /* where none is the largest it does not matter which of two is larger */
  way_group (way, group);
  way->smooth = false;
  for (uint32_t i = 1; i < count && !pair; i++)
    way_step (way, (struct body_step){ BODY_TIED, before[i], numbers[i], way_find (way, routine->a)->number, 0, 0, 0 });
  for (uint32_t i = 0; i < routine->c && !array; i++)
    if (routine->b + i != routine->a)
      way_clear (way, routine->b + i);
  if (array && routine->b != routine->a)
    way_consume (way, routine->b, 1);
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
  const uint64_t still = way->body->constant | way->body->in_place;
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
  else if (routine->op == OP_max || routine->op == OP_min)
    extreme (way, routine);
  else if (routine->op == OP_len || routine->op == OP_size || routine->op == OP_shape)
    measure (way, routine);
  else if (!way_array_routine (way, routine))
    way->failed = true;
}
