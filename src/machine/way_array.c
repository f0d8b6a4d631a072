/* way_array.c -- arrays of few elements on a way: each element is a number, in a cell of its own where the array is a
   variable. So what is computed of arrays becomes steps on numbers, one for each element.

   A step that takes an array depends on all of it, as in small.h: an element that is taken alone is closed. */
#include "machine/spread.h"
#include "machine/way.h"
#include "ops/routine.h"
#include "value/layout.h"

struct known *
way_part_room (struct way *way, uint32_t count)
{
  way->failed |= count > ARRAY_SMALL || way->part_count + count > WAY_PARTS;
  struct known *room = &way->parts[way->failed ? 0 : way->part_count];
  way->part_count += way->failed ? 0 : count;
  return room;
}

struct known *
way_parts (struct way *way, struct known *array)
{
  struct body *body = way->body;
  const uint32_t cell = array->number, count = body->cell_count;
  if (array->kind == KIND_ARRAY && !array->parts && cell < LOOP_CELLS && body->constant & cell_bit (cell)
      && body_unfold (body, cell, way->bases))
    {
      if (body->cell_count > count)
        {
          way->cells[cell].what = body->what[cell];
          way->cells[cell].parts = &way->cells[count];
          way_know (way, count);
        }
      array->what = body->what[cell];
      array->parts = way->cells[cell].parts;
    }
  way->failed |= array->kind != KIND_ARRAY || !array->parts;
  return way->failed ? NULL : array->parts;
}

static bool
is_cell (const struct way *way, const struct known *known)
{
  return known >= way->cells && known < way->cells + LOOP_CELLS;
}

/* Whether a register is a variable whose elements are cells. */
static bool
is_variable (const struct way *way, const struct known *known)
{
  return !way->depth && is_cell (way, known) && body_is_unfolded (way->body, (uint32_t)(known - way->cells));
}

static uint32_t
element_operand (const struct way *way, const struct known *variable, uint32_t i)
{
  return BODY_ELEMENT | (uint32_t)(variable - way->cells) << 16 | i;
}

/* Whether a variable has a shape; it is assigned then. */
static void
assign_variable (struct way *way, const struct known *variable, uint32_t what)
{
  way->failed |= ((variable->what ^ what) & ~WHAT_CLOSED) != 0;
  way->assigned |= cell_bit ((uint32_t)(variable - way->cells));
}

/* Elements for a variable: all of them in order, or at some places. */
static void
move_parts (struct way *way, const struct known *variable, const uint8_t *places, struct known *parts, uint32_t count)
{
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      const struct known part = parts[i];
      way->waiting = parts + i + 1;
      way->waiting_count = count - i - 1;
      way_move (way, element_operand (way, variable, places ? places[i] : i), &part);
    }
  way->waiting_count = 0;
}

void
way_set_array (struct way *way, uint32_t to, uint32_t what, struct known *parts)
{
  struct known *target = way_find (way, to), array = { .kind = KIND_ARRAY, .number = LOOP_CELLS, .what = what };
  if (way->failed)
    return;
  const uint32_t count = way_part_count (&array);
  if (!is_variable (way, target))
    {
      array.same = way->names++;
      array.parts = parts;
      *target = array;
      return;
    }
  assign_variable (way, target, what);
  move_parts (way, target, NULL, parts, count);
}

void
way_move_array (struct way *way, const struct instruction *move)
{
  struct known *from = way_find (way, move->b), array = *from;
  const uint32_t count = way_part_count (from);
  struct known *parts = way_part_room (way, count);
  if (way->failed)
    return;
  memcpy (parts, from->parts, count * sizeof *parts);
  if (move->op)
    from->kind = KIND_NOTHING;
  way_set_array (way, move->a, array.what, parts);
  struct known *target = way_find (way, move->a);
  /* What does not change can also be read at an index that does. */
  if (!is_variable (way, target) && array.number < LOOP_CELLS && way->body->constant & cell_bit (array.number))
    {
      target->number = array.number;
      target->varies = array.varies;
    }
}

void
way_set_parts (struct way *way, uint32_t to, const uint8_t *places, struct known *parts, uint32_t count)
{
  struct known *target = way_find (way, to);
  const uint32_t size = way_part_count (target);
  if (is_variable (way, target))
    {
      assign_variable (way, target, target->what);
      move_parts (way, target, places, parts, count);
      return;
    }
  /* Another register may have the same parts. */
  struct known *own = way_part_room (way, size);
  if (way->failed)
    return;
  memcpy (own, target->parts, size * sizeof *own);
  for (uint32_t i = 0; i < count; i++)
    own[places[i]] = parts[i];
  way_set_array (way, to, target->what & ~WHAT_CLOSED, own);
}

void
way_consume (struct way *way, uint32_t first, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    {
      struct known *known = way_find (way, first + i);
      const bool passing = !is_cell (way, known) || way->body->passing & cell_bit ((uint32_t)(known - way->cells));
      if (passing || known->kind >= KIND_ARRAY)
        *known = (struct known){ .kind = KIND_NOTHING };
    }
}

/* The operands of a group that are registers. */
static uint32_t
operand_of (const struct instruction *step, int k)
{
  return k == 0 ? step->a : k == 1 ? step->b : step->c;
}

static bool
is_array (struct way *way, const struct instruction *step, int k)
{
  const uint32_t operand = operand_of (step, k);
  return operand >> 30 != PENDING >> 30 && way_find (way, operand)->kind == KIND_ARRAY;
}

bool
way_takes_arrays (struct way *way, const struct instruction *group)
{
  bool takes = false;
  way_find (way, group->a); /* its cell comes before those of operands */
  for (uint32_t i = 1; i <= group->b; i++)
    for (int k = 0; k < op_info[group[i].op].arity; k++)
      takes |= is_array (way, &group[i], k);
  return takes;
}

/* An expression for one element after the other: its steps with other operands, and the arrays that these are of. */
struct unfolded
{
  struct instruction group[GROUP_LIMIT + 1];
  const struct known *arrays[WAY_INPUTS];
  uint8_t positions[WAY_INPUTS][ARRAY_SMALL]; /* by element of the result */
  uint32_t registers[WAY_INPUTS];
  uint32_t count;
  struct shape shape; /* of the result */
};

/* Vectors may have other digits than numbers where a value is not exact: such a function may be the last step alone. */
static bool
has_digits_of_numbers (enum op op)
{
  const int traits = op_info[op].traits;
  return traits & (ARITHMETIC | TRUTH) || (traits & BLOCKS && traits & LINEAR);
}

/* Kinks and ties are looked at where an array varies, and so in all of its elements or none. */
static bool
varies_alike (const struct known *array)
{
  for (uint32_t i = 1; i < way_part_count (array); i++)
    if (array->parts[i].varies != array->parts[0].varies)
      return false;
  return true;
}

enum
{
  FUNCTIONS = 8, /* within an expression that are computed before it, at most; their results are the last inputs, */
  FUNCTION = WAY_INPUT + WAY_INPUTS - 1 - FUNCTIONS /* from this one on */
};

/* The input that stands for an array, which is new or one of those before. */
static uint32_t
input_of (struct way *way, struct unfolded *all, uint32_t operand)
{
  uint32_t input = 0;
  while (input < all->count && all->registers[input] != operand)
    input++;
  if (input < all->count)
    return WAY_INPUT + input;
  struct known *array = way_find (way, operand);
  const struct shape before = all->shape;
  way->failed |= WAY_INPUT + input == FUNCTION || !way_parts (way, array);
  if (way->failed)
    return WAY_INPUT;
  const struct shape shape = body_shape (array->what);
  way->failed |= !shape_broadcast (&all->shape, &before, &shape) || shape_size (&all->shape) > ARRAY_SMALL;
  for (uint32_t other = 0; other < input; other++)
    {
      const struct shape own = body_shape (all->arrays[other]->what);
      way->failed |= spread_is_remarked (&own, &shape);
    }
  all->registers[input] = operand;
  all->arrays[input] = array;
  all->count++;
  return WAY_INPUT + input;
}

/* Whether each step of a group gives an array. */
static void
find_arrays (struct way *way, const struct instruction *group, bool of_array[GROUP_LIMIT])
{
  for (uint32_t i = 1; i <= group->b; i++)
    {
      of_array[i - 1] = false;
      for (int k = 0; k < op_info[group[i].op].arity; k++)
        {
          const uint32_t operand = operand_of (&group[i], k);
          of_array[i - 1] |= operand >> 30 == PENDING >> 30 ? of_array[operand & REGISTER_MASK]
                                                            : is_array (way, &group[i], k);
        }
    }
}

static void
read_group (struct way *way, const struct instruction *group, struct unfolded *all)
{
  all->count = 0;
  all->shape = (struct shape){ 0 };
  all->group[0] = *group;
  for (uint32_t i = 1; i <= group->b && !way->failed; i++)
    {
      struct instruction *step = &all->group[i];
      *step = group[i];
      uint32_t *const operands[3] = { &step->a, &step->b, &step->c };
      for (int k = 0; k < op_info[step->op].arity && !way->failed; k++)
        if (is_array (way, &group[i], k))
          {
            *operands[k] = input_of (way, all, *operands[k]);
            const bool decides = group->op & GROUP_DECIDES || op_info[step->op].traits & BLOCKS;
            way->failed |= decides && !way->failed && !varies_alike (all->arrays[*operands[k] - WAY_INPUT]);
          }
    }
}

static void
find_positions (struct unfolded *all)
{
  for (uint32_t input = 0; input < all->count; input++)
    {
      double places[ARRAY_SMALL];
      const struct shape shape = body_shape (all->arrays[input]->what);
      const struct layout layout = layout_broadcast (&shape, &all->shape);
      layout_positions (&layout, places);
      for (size_t i = 0; i < shape_size (&all->shape); i++)
        all->positions[input][i] = (uint8_t)places[i];
    }
}

/* Writes the expression for each element of a variable, or with NULL for parts. */
static void
write_elements (struct way *way, struct unfolded *all, const struct known *variable, struct known *parts)
{
  const uint32_t last = WAY_INPUT + WAY_INPUTS - 1, count = (uint32_t)shape_size (&all->shape);
  find_positions (all);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      for (uint32_t input = 0; input < all->count; input++)
        way->inputs[input] = all->arrays[input]->parts[all->positions[input][i]];
      all->group[0].a = variable ? element_operand (way, variable, i) : last;
      way_group (way, all->group);
      const struct known *result = way_find (way, all->group[0].a);
      way->failed |= result->kind != KIND_REAL;
      if (!variable && !way->failed)
        parts[i] = *result;
    }
}

uint16_t
way_together (struct way *way, uint16_t step, enum op op, const struct known *parts, uint32_t count, uint32_t results)
{
  uint16_t first = 0, result = 0;
  for (uint32_t i = 0; i < count; i++)
    {
      const uint16_t number = way_inner (way);
      way_step (way, (struct body_step){ OP_plus, parts[i].number, 0, 0, number, 0, 0 });
      first = i ? first : number;
    }
  for (uint32_t i = 0; i < results; i++)
    {
      const uint16_t number = way_inner (way);
      result = i ? result : number;
    }
  way_step (way, (struct body_step){ step, first, (uint16_t)op, (uint16_t)count, result, 0, 0 });
  return result;
}

/* A function of the elements of an array, for those of a variable or for parts. */
static void
write_function (struct way *way, enum op op, const struct known *from, uint32_t count, const struct known *variable,
                struct known *parts)
{
  const uint32_t last = WAY_INPUT + WAY_INPUTS - 1;
  struct instruction group[2] = { { CODE_GROUP, 0, 0, 1, 0 }, { CODE_STEP, (uint16_t)op, WAY_INPUT, 0, 0 } };
  way->failed |= op_info[op].arity != 1 || op_info[op].traits & (BLOCKS | INTEGER);
  const uint16_t together = way_together (way, BODY_FUNCTION, op, from, count, count);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      way->inputs[0] = from[i];
      group[0].a = variable ? element_operand (way, variable, i) : last;
      way_group (way, group);
      if (way->writes && !way->failed)
        {
          struct body_step *step = &way->steps[way->step_count - 1];
          step->op = OP_plus;
          step->a = (uint16_t)(together + i);
        }
      if (!variable && !way->failed)
        parts[i] = *way_find (way, last);
    }
}

/* Writes an expression that has no function but perhaps its last step, for a variable, or with NULL for parts. */
static void
write_expression (struct way *way, struct unfolded *all, const struct known *variable, struct known *parts)
{
  const enum op op = all->group[all->group[0].b].op;
  const uint32_t count = (uint32_t)shape_size (&all->shape);
  if (has_digits_of_numbers (op))
    write_elements (way, all, variable, parts);
  else if (all->group[0].b == 1)
    write_function (way, op, all->arrays[0]->parts, count, variable, parts);
  else
    {
      struct known *from = way_part_room (way, count);
      all->group[0].b--;
      write_elements (way, all, NULL, from);
      if (!way->failed)
        write_function (way, op, from, count, variable, parts);
    }
}

/* The steps that a step needs, itself too, but not those that only `leaf` needs, to which others refer as to an
   operand. The copy is what is left of the group. */
static void
copy_needed (const struct instruction *group, uint32_t step, uint32_t leaf, uint32_t operand, struct instruction *copy)
{
  bool needed[GROUP_LIMIT + 1] = { false };
  uint32_t names[GROUP_LIMIT + 1];
  needed[step] = true;
  for (uint32_t i = step; i > 0; i--)
    for (int k = 0; needed[i] && i != leaf && k < op_info[group[i].op].arity; k++)
      if (operand_of (&group[i], k) >> 30 == PENDING >> 30)
        needed[(operand_of (&group[i], k) & REGISTER_MASK) + 1] = true;
  copy[0] = group[0];
  copy[0].b = 0;
  for (uint32_t i = 1; i <= step; i++)
    if (i == leaf)
      names[i] = operand;
    else if (needed[i])
      {
        struct instruction *own = &copy[++copy[0].b];
        *own = group[i];
        uint32_t *const operands[3] = { &own->a, &own->b, &own->c };
        for (int k = 0; k < op_info[own->op].arity; k++)
          if (*operands[k] >> 30 == PENDING >> 30)
            *operands[k] = names[(*operands[k] & REGISTER_MASK) + 1];
        names[i] = PENDING | (copy[0].b - 1);
      }
}

/* The first function of arrays that an expression goes on behind, or 0. */
static uint32_t
inner_function (struct way *way, const struct instruction *group)
{
  bool of_array[GROUP_LIMIT];
  find_arrays (way, group, of_array);
  for (uint32_t i = 1; i < group->b; i++)
    if (of_array[i - 1] && !has_digits_of_numbers (group[i].op))
      return i;
  return 0;
}

/* Computes functions of arrays within an expression before it, as it does itself, and leaves what is to be done with
   them: for their digits are those of arrays. */
static void
take_functions_out (struct way *way, struct instruction group[GROUP_LIMIT + 1])
{
  struct instruction own[GROUP_LIMIT + 1], rest[GROUP_LIMIT + 1];
  struct unfolded all;
  for (uint32_t made = 0, at; !way->failed && (at = inner_function (way, group)); made++)
    {
      copy_needed (group, at, 0, 0, own);
      copy_needed (group, group->b, at, FUNCTION + made, rest);
      memcpy (group, rest, (rest->b + 1) * sizeof *group);
      way->failed |= made == FUNCTIONS;
      read_group (way, own, &all);
      if (way->failed)
        return;
      struct known *parts = way_part_room (way, (uint32_t)shape_size (&all.shape));
      write_expression (way, &all, NULL, parts);
      way->inputs[FUNCTION + made - WAY_INPUT] = (struct known){ .kind = KIND_ARRAY,
                                                                 .number = LOOP_CELLS,
                                                                 .same = way->names++,
                                                                 .what = body_what (TYPE_REAL, &all.shape),
                                                                 .parts = parts };
    }
}

void
way_group_of_arrays (struct way *way, const struct instruction *group)
{
  struct unfolded all;
  struct instruction rest[GROUP_LIMIT + 1];
  struct known *target = way_find (way, group->a), *parts = NULL;
  const bool variable = is_variable (way, target);
  way->failed |= way->smooth;
  memcpy (rest, group, (group->b + 1) * sizeof *group);
  take_functions_out (way, rest);
  read_group (way, rest, &all);
  if (way->failed)
    return;
  const uint32_t what = body_what (TYPE_REAL, &all.shape), count = (uint32_t)shape_size (&all.shape);
  if (variable)
    assign_variable (way, target, what);
  else
    parts = way_part_room (way, count);
  write_expression (way, &all, variable ? target : NULL, parts);
  for (uint32_t i = 1; i <= group->b; i++)
    for (int k = 0; k < op_info[group[i].op].arity; k++)
      if (operand_of (&group[i], k) >> 30 == TEMPORARY >> 30 && is_array (way, &group[i], k))
        way_find (way, operand_of (&group[i], k))->kind = KIND_NOTHING;
  if (!variable)
    way_set_array (way, group->a, what, parts);
}
