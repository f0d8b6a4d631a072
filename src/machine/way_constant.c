/* way_constant.c -- numbers that are the same whenever a way is gone: those of the program's text, and what follows
   from such alone, as the turns of a short loop do. No step computes them: they stand behind all other numbers. */
#include <math.h>
#include <string.h>

#include "machine/way.h"
#include "ops/elementwise.h"

enum
{
  TURNS = 64,            /* that a loop has, at most, to be gone through on a way */
  TURNS_OF_BRANCHES = 4, /* likewise, if branches are in it: each doubles the ways there are */
  OF_CALL = 8,           /* steps that a call is taken for, */
  COLUMNS = 6,           /* and columns a step */
  MOST_BEYOND = 100      /* another number is an integer that a constant was added to */
};

static bool
is_constant (uint16_t number)
{
  return number >= BODY_CONSTANT;
}

static bool
find_text (const struct way *way, uint16_t number, double *found)
{
  const struct program *program = way->run->program;
  const struct constant *constants = area_of (&program->constants, struct constant);
  if (number >= LOOP_CELLS || way->body->registers[number] >> 30 != GLOBAL >> 30)
    return false;
  const uint32_t slot = way->body->registers[number] & REGISTER_MASK;
  size_t low = 0, high = area_count (&program->constants, struct constant);
  while (low < high)
    {
      const size_t middle = low + (high - low) / 2;
      if (constants[middle].slot < slot)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == area_count (&program->constants, struct constant) || constants[low].slot != slot)
    return false;
  *found = constants[low].value.number;
  return true;
}

bool
way_constant (const struct way *way, const struct known *known, double *number)
{
  if (known->kind < KIND_REAL || known->kind > KIND_BOOLEAN)
    return false;
  if (!is_constant (known->number))
    return known->kind != KIND_BOOLEAN && find_text (way, known->number, number);
  *number = way->body->numbers[known->number - BODY_CONSTANT];
  return true;
}

bool
way_decided (const struct way *way, uint16_t number, bool *holds)
{
  if (is_constant (number))
    *holds = way->body->numbers[number - BODY_CONSTANT] != 0;
  return is_constant (number);
}

bool
way_make_constant (struct way *way, uint8_t kind, double number, struct known *made)
{
  struct body *body = way->body;
  uint32_t at = 0;
  while (at < body->number_count && memcmp (&body->numbers[at], &number, sizeof number) != 0)
    at++;
  if (body->turn_by_turn || at == BODY_CONSTANTS)
    return false;
  if (at == body->number_count)
    body->numbers[body->number_count++] = number;
  if (!way->constant_columns[at])
    way->constant_columns[at] = way_column_step (way, (struct lane_step){ .op = COLUMN_CONSTANT, .a = (uint16_t)at });
  *made = (struct known){ .kind = kind,
                          .number = (uint16_t)(BODY_CONSTANT + at),
                          .column = way->constant_columns[at],
                          .same = way->names++ };
  return true;
}

bool
way_constant_group (struct way *way, const struct instruction *group)
{
  double values[GROUP_LIMIT];
  struct known results[GROUP_LIMIT], made;
  for (uint32_t i = 0; i < group->b; i++)
    {
      const struct instruction *step = &group[1 + i];
      const uint32_t operands[3] = { step->a, step->b, step->c };
      struct known known[3] = { 0 };
      double x[3] = { 0 };
      for (int k = 0; k < op_info[step->op].arity; k++)
        {
          const bool inner = operands[k] >> 30 == PENDING >> 30;
          const uint32_t from = operands[k] & REGISTER_MASK;
          known[k] = inner ? results[from] : *way_find (way, operands[k]);
          if (inner)
            x[k] = values[from];
          else if (!way_constant (way, &known[k], &x[k]))
            return false;
        }
      values[i] = op_value ((enum op)step->op, x[0], x[1], x[2]);
      results[i] = (struct known){ .kind = way_kind_of ((enum op)step->op, known) };
    }
  if (way->failed || !way_make_constant (way, results[group->b - 1].kind, values[group->b - 1], &made))
    return false;
  way_move (way, group->a, &made);
  return true;
}

/* How far a sum is beyond the integer whose column is found; 0 where it is no integer and a constant. */
static int
find_base (struct way *way, const struct instruction *group, uint16_t *base)
{
  const struct instruction *step = &group[1];
  double number;
  if (group->b != 1 || (step->op != OP_add && step->op != OP_subtract))
    return 0;
  const struct known *from = way_find (way, step->a);
  if (!(from->kind == KIND_INTEGER || from->beyond) || !way_constant (way, way_find (way, step->b), &number)
      || fabs (number) > MOST_BEYOND || number != rint (number))
    return 0;
  const int beyond = from->beyond + (int)(step->op == OP_add ? number : -number);
  *base = from->beyond ? from->base : from->column;
  return beyond > MOST_BEYOND || beyond < -MOST_BEYOND ? 0 : beyond;
}

void
way_group_of_numbers (struct way *way, const struct instruction *group)
{
  uint16_t base = 0;
  const int beyond = find_base (way, group, &base);
  way_group (way, group);
  if (way->failed || !beyond)
    return;
  struct known *result = way_find (way, group->a);
  result->base = base;
  result->beyond = (int16_t)beyond;
}

void
way_write_constants (struct way *way)
{
  for (uint16_t cell = 0; cell < way->body->cell_count; cell++)
    {
      struct known *known = &way->cells[cell];
      const bool read = !(way->body->passing & cell_bit (cell));
      if (!read || known->kind < KIND_REAL || known->kind > KIND_BOOLEAN || !is_constant (known->number))
        continue;
      way_step (way, (struct body_step){ OP_plus, known->number, 0, 0, cell, 0, 0 });
      known->number = cell;
    }
}

bool
way_range (struct way *way, const struct instruction *next, double range[3])
{
  for (uint32_t i = 0; i < 3; i++)
    if (!way_constant (way, way_find (way, next->b + i), &range[i]))
      return false;
  return true;
}

bool
way_has_room (struct way *way, const struct instruction *next)
{
  const struct instruction *code = area_of (&way->run->program->code, struct instruction), *end = code + next->a;
  double range[3];
  uint32_t steps = 0;
  bool branches = false;
  if (next->code != CODE_COUNT_NEXT || end <= next || !way_range (way, next, range))
    return false;
  for (const struct instruction *at = next + 1; at < end; at += at->code == CODE_GROUP ? at->b + 1 : 1)
    {
      branches |= at->code == CODE_UNLESS || at->code == CODE_LEFT;
      steps += at->code == CODE_GROUP ? at->b : at->code == CODE_CALL ? OF_CALL : 1;
    }
  const double turns = ceil ((range[1] - range[0]) / range[2]);
  return turns <= (branches ? TURNS_OF_BRANCHES : TURNS) && way->inner + turns * steps <= BODY_STEPS
         && way->column_count + turns * steps * COLUMNS <= BODY_COLUMNS;
}
