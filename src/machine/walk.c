/* walk.c -- the code of a loop's body, gone through from a state along the sides that branches took. */
#include <math.h>
#include <string.h>

#include "machine/way.h"

enum
{
  OUTSIDE = UINT32_MAX, /* where an assertion that fails goes on */
  MOST_TURNS = 256      /* of loops, on a way */
};

/* A walk through the code, on which the way is written. */
struct walk
{
  struct way *way;
  const struct instruction *code;
  uint32_t place;
  bool sides[BODY_BRANCHES]; /* of the branches that were met */
  uint32_t side_count, met;
  uint16_t condition; /* of the branch at which the walk ends */
  bool branches;
};

/* Whether a place of the code is none of ways. */
static bool
is_outside (const struct walk *walk, uint32_t place)
{
  const struct body *body = walk->way->body;
  return place == OUTSIDE || (!walk->way->depth && (place < body->top || place >= body->end));
}

/* Goes on at one of two places, by a number that is a condition: known on the way, or where the walk ends. Where one of
   them is outside the way stops instead. */
static void
branch (struct walk *walk, uint16_t condition, uint32_t holds, uint32_t fails)
{
  if (is_outside (walk, fails) || is_outside (walk, holds))
    {
      bool goes_on = is_outside (walk, fails);
      way_step (walk->way, (struct body_step){ goes_on ? BODY_HOLDS : BODY_FAILS, condition, 0, 0, 0, 0, 0 });
      walk->place = goes_on ? holds : fails;
      return;
    }
  bool known;
  if (way_decided (walk->way, condition, &known))
    {
      walk->place = known ? holds : fails;
      return;
    }
  if (walk->met < walk->side_count)
    {
      walk->place = walk->sides[walk->met++] ? holds : fails;
      walk->way->writes = walk->met == walk->side_count;
      return;
    }
  walk->condition = condition;
  walk->branches = true;
}

static void
jump (struct walk *walk, uint32_t to)
{
  bool back = to <= walk->place;
  walk->way->counted++;
  walk->place = to;
  /* A loop within a function that was called is gone through as often as it runs. */
  walk->way->failed |= back && !walk->way->depth && !body_has_head (walk->way->body, to);
  walk->way->failed |= (walk->way->turns += back) > MOST_TURNS;
}

static void
walk_move (struct walk *walk, const struct instruction *move)
{
  struct way *way = walk->way;
  const struct known *from = way_find (way, move->b);
  struct known *to = way_find (way, move->a);
  if (way->failed)
    return;
  if (from->kind >= KIND_REAL && from->kind <= KIND_BOOLEAN)
    {
      struct known made = *from;
      double number;
      if (way_constant (way, from, &number))
        way_make_constant (way, from->kind, number, &made);
      way_move (way, move->a, &made);
      return;
    }
  if (from->kind == KIND_NOTHING)
    {
      way_clear (way, move->a);
      return;
    }
  /* An array is on its way to an index or a function, a text to an assertion; neither is left in a register. */
  const struct instruction *next = move + 1;
  while (next->code == CODE_MOVE || next->code == CODE_GROUP)
    next += next->code == CODE_GROUP ? next->b + 1 : 1;
  bool index = from->kind == KIND_ARRAY;
  bool text = from->kind == KIND_STRING && next->code == CODE_ASSERT && next->b + 1 == move->a;
  if (from->parts)
    way_move_array (way, move);
  else if (index || text || from->kind == KIND_SLICE || from->kind == KIND_NONE)
    {
      *to = *from;
      if (from->kind == KIND_SLICE && move->op)
        way_consume (way, move->b, 1);
    }
  else
    way->failed = true;
}

/* Start, stop and step of a range. */
static void
walk_count (struct walk *walk, const struct instruction *count)
{
  struct way *way = walk->way;
  if (way_find (way, count->a + 2)->kind == KIND_NOTHING)
    {
      struct known one = { .kind = KIND_INTEGER, .number = way_inner (way), .column = WAY_ONES };
      if (!way_make_constant (way, KIND_INTEGER, 1, &one))
        way_step (way, (struct body_step){ BODY_NUMBER, 0, 1, 0, one.number, 0, 0 });
      way_move (way, count->a + 2, &one);
    }
  for (uint32_t i = 0; i < 3; i++)
    {
      struct known whole = way_number (way, count->a + i);
      double number = 0;
      const bool constant = way_constant (way, &whole, &number) && number == floor (number) && !isinf (number);
      if (!constant)
        way_step (way, (struct body_step){ BODY_WHOLE, whole.number, 0, 0, 0, 0, 0 });
      if (i == 2 && (!constant || number == 0))
        way_step (way, (struct body_step){ BODY_HOLDS, whole.number, 0, 0, 0, 0, 0 });
      way_whole (way, count->a + i);
    }
  walk->place++;
}

/* Goes on by a whole number, or one. */
static void
count_on (struct way *way, uint32_t operand, const struct known *step)
{
  const struct known from = *way_find (way, operand);
  struct known next;
  double number, by = 1;
  if (way_constant (way, &from, &number) && (!step || way_constant (way, step, &by))
      && way_make_constant (way, KIND_INTEGER, number + by, &next))
    {
      way_move (way, operand, &next);
      return;
    }
  next = (struct known){ .kind = KIND_INTEGER, .same = way->names++ };
  next.column
    = way_column_step (way, (struct lane_step){ .op = OP_add, .a = from.column, .b = step ? step->column : WAY_ONES });
  struct body_step add = { step ? OP_add : BODY_NEXT, from.number, step ? step->number : 0, 0, 0, 0, 0 };
  way_result (way, operand, add, &next);
}

/* Most loops are over a range that is nobody else's, and which one step then does. */
static void
join_range (struct way *way)
{
  struct body_step *steps = way->steps + way->step_count - 3;
  if (!way->writes || way->step_count < 3)
    return;
  const struct body_step test = steps[0], move = steps[1], add = steps[2];
  if (test.op == BODY_GOES_ON && move.op == OP_plus && add.op == OP_add && move.a == test.a && add.a == test.a
      && add.b == test.c && add.to == test.a && move.to != test.a && move.to != test.b && move.to != test.c)
    {
      steps[0] = (struct body_step){ BODY_RANGE, test.a, test.b, test.c, move.to, 0, 0 };
      way->step_count -= 2;
    }
}

/* A range of constants goes on, or is through: nobody reads its registers then. */
static void
walk_turn (struct walk *walk, const struct instruction *next, bool below)
{
  struct way *way = walk->way;
  if (!below)
    {
      for (uint32_t i = 0; i < 3; i++)
        way_clear (way, next->b + i);
      walk->place = next->a;
      return;
    }
  const struct known from = *way_find (way, next->b), step = *way_find (way, next->b + 2);
  way_move (way, next->c, &from);
  count_on (way, next->b, &step);
  walk->place++;
}

static void
walk_range (struct walk *walk, const struct instruction *next)
{
  struct way *way = walk->way;
  struct known from = way_number (way, next->b), stop = way_number (way, next->b + 1),
               step = way_number (way, next->b + 2);
  double range[3];
  if (!is_outside (walk, next->a) && !way->body->turn_by_turn && way_range (way, next, range))
    {
      walk_turn (walk, next, range[2] > 0 ? range[0] < range[1] : range[0] > range[1]);
      return;
    }
  struct body_step below = { BODY_BELOW, from.number, stop.number, step.number, way_inner (way), 0, 0 };
  bool only = is_outside (walk, next->a);
  if (only)
    below.op = BODY_GOES_ON;
  way_step (way, below);
  if (only)
    walk->place++;
  else
    branch (walk, below.to, walk->place + 1, next->a);
  if (walk->branches || walk->place == next->a)
    return;
  from = way_number (way, next->b);
  way_move (way, next->c, &from);
  count_on (way, next->b, &step);
  join_range (way);
}

static void
walk_items (struct walk *walk, const struct instruction *next)
{
  struct way *way = walk->way;
  const struct known array = *way_find (way, next->b);
  uint16_t cell = array.number, goes_on = way_inner (way);
  struct known position = way_number (way, next->b + 1);
  const bool rows = way_has_row (way, &array, &position);
  way->failed |= array.kind != KIND_ARRAY || cell >= LOOP_CELLS || (!rows && (array.what & 255) != 1)
                 || body_is_unfolded (way->body, cell);
  if (way->failed)
    return;
  way_step (way, (struct body_step){ BODY_INSIDE, position.number, cell, 0, goes_on, 0, 0 });
  branch (walk, goes_on, walk->place + 1, next->a);
  if (walk->branches || walk->place == next->a)
    return;
  if (rows)
    way_row (way, &array, &position, next->c);
  else
    way_item (way, next->b, &position, next->c);
  count_on (way, next->b + 1, NULL);
}

/* What makes inputs and sources of variables: nothing any more, or this is no way. */
static void
walk_source (struct walk *walk, const struct instruction *instruction)
{
  struct way *way = walk->way;
  const struct run *run = way->run;
  const struct noted *noted = area_of (&run->inputs, struct noted) + instruction->c;
  struct known *variable = way_find (way, instruction->a);
  bool real = variable->kind == KIND_REAL;
  switch (instruction->code)
    {
    case CODE_UNBOUND:
      way->failed |= variable->kind == KIND_NOTHING;
      break;
    case CODE_INPUT:
    case CODE_DEFINE:
      way->failed |= noted->unbound;
      break;
    case CODE_KEEP:
      noted = area_of (&run->wanted, struct noted) + instruction->c;
      way->failed |= !noted->set || run->program->wanted[instruction->c].line != 0;
      break;
    default:
      way->failed |= variable->kind > KIND_BOOLEAN || instruction->op == SOURCE_PARAMETER || (real && !variable->varies)
                     || run->constants;
      if (instruction->op == SOURCE_SHARED)
        variable->same = way->names++;
    }
  walk->place++;
}

static void
walk_assigned (struct walk *walk, uint32_t operand)
{
  struct way *way = walk->way;
  const struct known *variable = way_find (way, operand);
  way->failed |= variable->kind == KIND_NOTHING || variable->kind > KIND_ARRAY;
  if (variable->kind == KIND_REAL || variable->kind == KIND_INTEGER || variable->kind == KIND_ARRAY)
    way->last = operand & REGISTER_MASK;
}

/* A condition, which has to be one boolean. */
static uint16_t
condition_of (struct walk *walk, uint32_t operand)
{
  struct known known = way_number (walk->way, operand);
  walk->way->failed |= known.kind != KIND_BOOLEAN;
  return known.number;
}

static void
walk_left (struct walk *walk, const struct instruction *left)
{
  uint16_t condition = condition_of (walk, left->b);
  struct known value = way_number (walk->way, left->b);
  uint32_t next = walk->place + 1;
  if (walk->way->failed)
    return;
  way_move (walk->way, left->c, &value);
  if (left->op == SIGN_OR)
    branch (walk, condition, left->a, next);
  else
    branch (walk, condition, next, left->a);
}

static void
walk_instruction (struct walk *walk)
{
  const struct instruction *instruction = &walk->code[walk->place];
  struct way *way = walk->way;
  switch (instruction->code)
    {
    case CODE_GROUP:
      if (way_takes_arrays (way, instruction))
        way_group_of_arrays (way, instruction);
      else if (!way_constant_group (way, instruction))
        way_group_of_numbers (way, instruction);
      if (instruction->op & GROUP_ASSIGNS && !way->failed)
        walk_assigned (walk, instruction->a);
      walk->place += instruction->b + 1;
      break;
    case CODE_MOVE:
      walk_move (walk, instruction);
      walk->place++;
      break;
    case CODE_ROUTINE:
      way_routine (way, instruction);
      walk->place++;
      break;
    case CODE_REPLACE:
      way_replacement (way, instruction);
      walk->place++;
      break;
    case CODE_SLICE:
      way_slice (way, instruction);
      walk->place++;
      break;
    case CODE_UNPACK:
      way_unpack (way, instruction);
      walk->place++;
      break;
    case CODE_CALL:
      walk->place = way_call (way, walk->place);
      break;
    case CODE_RETURN:
      walk->place = way_return (way, walk->place);
      break;
    case CODE_JUMP:
      jump (walk, instruction->a);
      break;
    case CODE_UNLESS:
      branch (walk, condition_of (walk, instruction->b), walk->place + 1, instruction->a);
      break;
    case CODE_LEFT:
      walk_left (walk, instruction);
      break;
    case CODE_BOOLEAN:
      condition_of (walk, instruction->b);
      walk->place++;
      break;
    case CODE_ASSERT:
      way->failed |= instruction->c == 2 && way_find (way, instruction->b + 1)->kind != KIND_STRING;
      branch (walk, condition_of (walk, instruction->b), walk->place + 1, OUTSIDE);
      break;
    case CODE_COUNT:
      walk_count (walk, instruction);
      break;
    case CODE_COUNT_NEXT:
      walk_range (walk, instruction);
      break;
    case CODE_ITEM_NEXT:
      walk_items (walk, instruction);
      break;
    case CODE_UNBOUND:
    case CODE_INPUT:
    case CODE_DEFINE:
    case CODE_KEEP:
    case CODE_SOURCE:
      walk_source (walk, instruction);
      break;
    case CODE_ASSIGNED:
      walk_assigned (walk, instruction->a);
      walk->place++;
      break;
    default:
      way->failed = true;
    }
}

/* Whether all elements of an array hang on the same cells, or none does on any. */
static bool
is_closed (const struct known *array)
{
  bool closed = true;
  for (uint32_t i = 1; i < way_part_count (array); i++)
    closed = closed && array->parts[i].varies == array->parts[0].varies
             && (!array->parts[0].varies || array->parts[i].reach == array->parts[0].reach);
  return closed;
}

/* The state that the way has come to, or NULL: what is no number there has to be what it was. */
static struct body_state *
state_reached (const struct walk *walk)
{
  const struct way *way = walk->way;
  struct body *body = way->body;
  struct cell_state cells[LOOP_CELLS];
  for (uint32_t cell = 0; cell < body->cell_count; cell++)
    {
      const struct known *known = &way->cells[cell];
      uint16_t same = (uint16_t)cell;
      if (body->passing & cell_bit (cell))
        {
          cells[cell] = (struct cell_state){ KIND_NOTHING, false, same, 0 };
          continue;
        }
      for (uint16_t other = 0; known->varies && other < cell && same == cell; other++)
        if (!(body->passing & cell_bit (other)) && way->cells[other].varies && way->cells[other].same == known->same)
          same = other;
      bool replaced = body->in_place & cell_bit (cell) && known->kind == KIND_ARRAY;
      const bool unfolded = body_is_unfolded (body, cell);
      if ((way->assigned & cell_bit (cell) && known->kind > KIND_BOOLEAN && !replaced && !unfolded)
          || (known->kind == KIND_ARRAY && known->number != cell) || (unfolded && known->kind != KIND_ARRAY))
        return NULL;
      cells[cell] = (struct cell_state){ known->kind, known->varies, same, known->what };
      if (unfolded)
        cells[cell].what = (known->what & ~WHAT_CLOSED) | (is_closed (known) ? WHAT_CLOSED : 0);
    }
  return body_state (body, walk->place, cells);
}

/* Finds the sides of all branches up to a segment. */
static void
find_sides (struct walk *walk, const struct body_segment *segment, bool side)
{
  for (const struct body_segment *at = segment; at; at = at->before)
    walk->side_count++;
  walk->way->failed = walk->side_count > BODY_BRANCHES;
  for (uint32_t i = walk->way->failed ? 0 : walk->side_count; i-- > 0; side = segment->side, segment = segment->before)
    walk->sides[i] = side;
}

/* Whether the walk is at a head, and not only about to begin, nor that of a loop which the way goes through. */
static bool
is_at_end (const struct walk *walk, bool moved)
{
  const struct body *body = walk->way->body;
  return !walk->way->depth && moved && body_has_head (body, walk->place)
         && (walk->place == body->top || !way_has_room (walk->way, &walk->code[walk->place]));
}

struct body_segment *
body_extend (struct run *run, struct body *body, const struct body_state *state, struct body_segment *before, bool side,
             struct value *const bases[4])
{
  struct way way; /* its arrays fill as they go */
  struct walk walk = { .way = &way, .code = area_of (&run->program->code, struct instruction), .place = state->place };
  way_begin (&way, run, body, state, bases);
  find_sides (&walk, before, side);
  way.writes = walk.side_count == 0;
  for (bool moved = false; !way.failed && !walk.branches && !is_at_end (&walk, moved); moved = true)
    {
      way.failed |= is_outside (&walk, walk.place);
      way_pass (&way, walk.place);
      if (!way.failed)
        walk_instruction (&walk);
    }
  struct body_segment *segment = way_keep (run->tape, NULL, sizeof *segment);
  *segment = (struct body_segment){ .before = before, .side = side, .condition = walk.condition, .ends = true };
  if (!way.failed && walk.branches)
    segment->ends = false;
  else if (!way.failed)
    {
      way_write_constants (&way);
      struct body_state *to = state_reached (&walk);
      segment->way = to ? way_end (&way, to) : NULL;
    }
  body->crowded |= segment->ends && !segment->way && way.turns > 0;
  if (!segment->ends || segment->way)
    {
      segment->steps = way_keep (run->tape, way.steps, way.step_count * sizeof *way.steps);
      segment->step_count = way.step_count;
    }
  return segment;
}
