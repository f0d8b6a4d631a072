/* way_extreme.c -- max and min on a way, of numbers and of the elements of an array. */
#include "machine/way.h"

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
  way->failed |= routine->c <= LEFT_OUT || count > NUMBERS || !way_left_out (way, routine->b + 1, LEFT_OUT);
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

/* Of two numbers that of an operator, which leaves the first where they are equal. */
static void
extreme_of_two (struct way *way, const struct instruction *routine, uint16_t op, const uint32_t operands[2])
{
  const struct instruction group[2]
    = { { CODE_GROUP, 0, routine->a, 1, 0 }, { CODE_STEP, op, operands[1], operands[0], 0 } };
  way_group (way, group);
}

/* Numbers to choose from, and what is chosen. */
struct choice
{
  struct known from[NUMBERS], chosen;
  uint32_t count;
  bool array; /* they are the elements of one, which varies as a whole */
};

/* The run is told where x[a] and x[b] are both the value. */
static void
tell_tie (struct way *way, const struct choice *choice, uint16_t op, uint16_t a, uint16_t b)
{
  way_step (way, (struct body_step){ BODY_TIED, a, b, choice->chosen.number, op, 0, 0 });
}

/* Of numbers that all count, each with what was chosen before it; else one that varies with each other one. */
static void
tell_ties (struct way *way, const struct choice *choice, uint16_t op, const uint16_t *before)
{
  bool all = true;
  for (uint32_t i = 0; i < choice->count; i++)
    all = all && (choice->array || choice->from[i].varies);
  for (uint32_t i = 1; i < choice->count; i++)
    for (uint32_t k = 0; k < (all ? 1 : i); k++)
      if (all || choice->from[i].varies || choice->from[k].varies)
        tell_tie (way, choice, op, all ? before[i] : choice->from[k].number, choice->from[i].number);
}

/* The value, one after the other. */
static void
choose (struct way *way, struct choice *choice, uint16_t op, uint16_t *before)
{
  choice->chosen = choice->from[0];
  for (uint32_t i = 1; i < choice->count; i++)
    {
      struct known *chosen = &choice->chosen;
      const struct known *from = &choice->from[i];
      before[i] = chosen->number;
      const struct body_step step = { op, from->number, before[i], 0, way_inner (way), 0, 0 };
      way_step (way, step);
      chosen->column = way_column_of (way, op, from->column, chosen->column, 0);
      chosen->number = step.to;
    }
}

/* What each has of a change of the value, as for single steps (`tied_slope`): those that are equal to it share it, but
   nobody has it where a constant number is among them. */
static void
share (struct way *way, const struct choice *choice, struct lane_weight weights[NUMBERS])
{
  uint16_t equal[NUMBERS], shared = LANE_NONE, fixed = LANE_NONE;
  for (uint32_t i = 0; i < choice->count; i++)
    {
      uint16_t *sum = choice->array || choice->from[i].varies ? &shared : &fixed;
      equal[i] = way_column_of (way, OP_equal, choice->from[i].column, choice->chosen.column, 0);
      *sum = *sum == LANE_NONE ? equal[i] : way_column_of (way, OP_add, *sum, equal[i], 0);
    }
  uint16_t part = way_column_of (way, OP_divide, WAY_ONES, shared, 0);
  if (fixed != LANE_NONE)
    part = way_column_of (way, OP_where, fixed, WAY_FLATS, part);
  for (uint32_t i = 0; i < choice->count; i++)
    weights[i] = (struct lane_weight){ { way_column_of (way, OP_where, equal[i], part, WAY_FLATS), 0 }, true, true };
}

static void
extreme_of_several (struct way *way, const struct instruction *routine, uint16_t op, const uint32_t *operands,
                    struct choice *choice)
{
  struct lane_weight weights[NUMBERS];
  uint16_t before[NUMBERS];
  bool varies = false, real = false;
  for (uint32_t i = 0; i < choice->count && !way->failed; i++)
    {
      choice->from[i] = way_number (way, operands[i]);
      varies |= choice->from[i].varies;
      real |= choice->from[i].kind == KIND_REAL;
    }
  if (way->failed)
    return;
  choose (way, choice, op, before);
  if (varies)
    {
      tell_ties (way, choice, op, before);
      share (way, choice, weights);
    }
  choice->chosen.kind = real ? KIND_REAL : KIND_INTEGER;
  way_weighted (way, routine->a, &choice->chosen, choice->from, weights, choice->count);
}

void
way_extreme_of (struct way *way, enum op op, const struct known *parts, uint32_t count, uint32_t to)
{
  struct choice choice = { .array = true, .count = count };
  const struct instruction line = { CODE_ROUTINE, (uint16_t)op, to, 0, 0 };
  const uint16_t larger = op == OP_max ? OP_maximum : OP_minimum;
  uint32_t operands[NUMBERS];
  for (uint32_t i = 0; i < count; i++)
    {
      way->inputs[i] = parts[i];
      operands[i] = WAY_INPUT + i;
    }
  if (count == 2 && parts[0].varies && parts[1].varies)
    extreme_of_two (way, &line, larger, operands);
  else
    extreme_of_several (way, &line, larger, operands, &choice);
}

void
way_extreme (struct way *way, const struct instruction *routine)
{
  struct choice choice = { .array = way_find (way, routine->b)->kind == KIND_ARRAY };
  const uint16_t op = routine->op == OP_max ? OP_maximum : OP_minimum;
  uint32_t operands[NUMBERS];
  bool real = false;
  choice.count = extreme_operands (way, routine, choice.array, operands);
  way->failed |= choice.count < 2;
  for (uint32_t i = 0; i < choice.count && !way->failed; i++)
    {
      const struct known known = way_number (way, operands[i]);
      way->failed |= known.kind == KIND_BOOLEAN;
      real |= known.kind == KIND_REAL;
    }
  way->failed |= !real;
  if (way->failed)
    return;
  /* Of an array elements count that do not vary. */
  const bool both = way_number (way, operands[0]).varies && way_number (way, operands[1]).varies;
  if (choice.count == 2 && (both || !choice.array))
    extreme_of_two (way, routine, op, operands);
  else
    extreme_of_several (way, routine, op, operands, &choice);
  for (uint32_t i = 0; i < routine->c && !choice.array; i++)
    if (routine->b + i != routine->a)
      way_clear (way, routine->b + i);
  if (choice.array && routine->b != routine->a)
    way_consume (way, routine->b, 1);
}
