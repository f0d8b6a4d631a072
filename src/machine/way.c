/* way.c -- the two programs of a way: registers become cells, expressions steps, and the derivative of each expression,
   by a reverse sweep over its steps, more steps. */
#include "machine/way.h"

#include <string.h>

#include "ops/elementwise.h"

uint16_t
way_inner (struct way *way)
{
  way->failed |= way->inner == BODY_STEPS;
  return (uint16_t)(LOOP_ALL_CELLS + (way->failed ? 0 : way->inner++));
}

/* Whether two steps compute the same column. */
static bool
is_same_step (const struct lane_step *x, const struct lane_step *y)
{
  return x->op == y->op && x->a == y->a && x->b == y->b && x->c == y->c && x->value == y->value
         && x->partial == y->partial && x->both == y->both;
}

uint16_t
way_column_step (struct way *way, struct lane_step step)
{
  enum
  {
    NEAR = 64 /* steps that are looked at for the same one */
  };
  if (way->column_step_count == BODY_COLUMNS - WAY_COLUMNS)
    {
      way->failed = true;
      return 0;
    }
  for (uint32_t i = way->column_step_count, look = 0; step.op < OPS && i-- > 0 && look < NEAR; look++)
    if (is_same_step (&way->column_steps[i], &step))
      return way->column_steps[i].to;
  step.to = (uint16_t)way->column_count++;
  way->column_steps[way->column_step_count++] = step;
  bool same = step.op == OP_add || step.op == OP_subtract || step.op == OP_multiply || step.op == OP_divide
              || step.op == OP_modulo || step.op == OP_floor;
  const bool leaf = step.op == COLUMN_KEPT || step.op == COLUMN_CONSTANT;
  way->exact[step.to] = leaf || (same && !step.partial && way->exact[step.a] && way->exact[step.b]);
  return step.to;
}

uint16_t
way_kept_column (struct way *way, uint16_t number)
{
  return way_column_step (way, (struct lane_step){ .op = COLUMN_KEPT, .a = number });
}

/* Whether a register is no cell of the state, which is to say that nobody reads it in another way than this. */
static bool
is_passing (const struct way *way, const struct known *target)
{
  const bool input = target >= way->inputs && target < way->inputs + WAY_INPUTS;
  return way->depth || input || way->body->passing & cell_bit ((uint32_t)(target - way->cells));
}

/* The number of a cell behind those of the state. */
static uint16_t
own_cell (struct way *way)
{
  way->failed |= way->own_cells == LOOP_ALL_CELLS - LOOP_CELLS;
  return (uint16_t)(LOOP_CELLS + (way->failed ? 0 : way->own_cells++));
}

/* The number of a register that is assigned: its cell's, or one that is new. */
static uint16_t
number_of_target (struct way *way, const struct known *target)
{
  if (is_passing (way, target))
    return own_cell (way);
  uint32_t cell = (uint32_t)(target - way->cells);
  way->failed |= (way->body->constant & cell_bit (cell)) != 0;
  way->assigned |= cell_bit (cell);
  return (uint16_t)cell;
}

/* An assignment has the links since the one before. */
static void
add_assignment (struct way *way, uint16_t to, uint16_t position)
{
  if (way->assignment_count == BODY_STEPS)
    {
      way->failed = true;
      return;
    }
  way->replaced[way->assignment_count] = position;
  way->assignments[way->assignment_count++] = (struct loop_assignment){ .to = to, .end = (uint16_t)way->link_count };
}

/* Ends an assignment. One of what does not vary is none: nothing reads it. */
static void
end_assignment (struct way *way, struct known *target, const struct known *value)
{
  if (value->varies)
    add_assignment (way, value->number, WAY_ONES);
  *target = *value;
}

/* The writer of columns. */
static uint16_t
add_column (void *way, struct lane_step step)
{
  return way_column_step (way, step);
}

/* No other numbers come up: what is the same in all iterations is a cell. */
static uint16_t
fill_column (void *way, double number)
{
  return number == 1 ? WAY_ONES : way_column_step (way, (struct lane_step){ .op = OP_negate, .a = WAY_ONES });
}

static struct lane_writer
writer_of (struct way *way)
{
  return (struct lane_writer){ add_column, fill_column, way };
}

/* The operands of an expression's steps, and what comes of them. */
struct written
{
  struct known operands[3], result;
};

/* A link of the assignment that is being written, whose first is `first`; a cell that stands twice gets one. */
static void
add_link (struct way *way, uint32_t first, const struct known *known, struct lane_weight weight)
{
  const struct lane_writer writer = writer_of (way);
  const uint16_t column = lane_column (&writer, weight.value);
  const uint16_t cell = known->element ? known->array : known->number,
                 position = known->element ? known->position : WAY_ONES;
  uint32_t link = first;
  while (link < way->link_count && (way->from[link] != cell || way->positions[link] != position))
    link++;
  if (link < way->link_count)
    {
      way->links[link] = way_column_step (way, (struct lane_step){ .op = OP_add, .a = way->links[link], .b = column });
      way->flat[link] |= weight.flat;
    }
  else if (link == BODY_LINKS)
    way->failed = true;
  else
    {
      way->positions[link] = position;
      way->links[link] = column;
      way->flat[link] = weight.flat;
      way->from[link] = cell;
      way->link_count++;
    }
}

static const struct lane_weight one = { { LANE_NONE, 1 }, false, true };

void
way_set_apart (struct way *way, struct known *known)
{
  uint16_t to = own_cell (way);
  way_step (way, (struct body_step){ OP_plus, known->number, 0, 0, to, 0, 0 });
  if (known->varies)
    {
      add_link (way, way->link_count, known, one);
      add_assignment (way, to, WAY_ONES);
    }
  known->number = to;
  known->element = false;
}

static void
set_apart_from (struct way *way, struct known *known, uint32_t count, uint32_t cell)
{
  for (uint32_t i = 0; i < count; i++)
    if (known[i].number == cell)
      way_set_apart (way, &known[i]);
}

/* An array is assigned, or unpacked, element by element, so a part of one that is the value of a cell gets a cell of
   its own before that is assigned. In a function no cell of the state is. Numbers in registers need
   none: an expression assigns nothing before it is read. */
static void
before_change (struct way *way, uint32_t cell)
{
  for (uint32_t other = 0; !way->depth && other < way->body->cell_count; other++)
    {
      struct known *known = &way->cells[other];
      if (known->kind == KIND_ARRAY && known->parts && !way->body->elements[other])
        set_apart_from (way, known->parts, way_part_count (known), cell);
    }
  set_apart_from (way, way->waiting, way->waiting_count, cell);
}

void
way_close (struct way *way, struct known *value, const struct known *parts, uint32_t count)
{
  static const struct lane_weight flat = { { WAY_FLATS, 0 }, true, true };
  cell_set reach = value->varies ? value->reach : 0, all = reach;
  for (uint32_t i = 0; i < count; i++)
    all |= parts[i].varies ? parts[i].reach : 0;
  if (all == reach || way->failed)
    return;
  const uint16_t to = own_cell (way);
  const uint32_t first = way->link_count;
  if (!way_set_too (way, value->number, to))
    way_step (way, (struct body_step){ OP_plus, value->number, 0, 0, to, 0, 0 });
  if (value->varies)
    add_link (way, first, value, one);
  for (uint32_t i = 0; i < count; i++)
    if (parts[i].varies && parts[i].reach & ~reach)
      {
        add_link (way, first, &parts[i], flat);
        reach |= parts[i].reach;
      }
  add_assignment (way, to, WAY_ONES);
  value->number = to;
  value->element = false;
  value->varies = true;
  value->same = way->names++;
  value->reach = reach;
}

static struct known *
target_of (struct way *way, uint32_t operand)
{
  struct known *target = way_find (way, operand);
  if (!is_passing (way, target))
    before_change (way, (uint32_t)(target - way->cells));
  return target;
}

/* The kind of a step's result. */
uint8_t
way_kind_of (enum op op, const struct known *operands)
{
  const struct op_info *info = &op_info[op];
  bool whole = info->traits & WHOLE;
  if (info->traits & TRUTH)
    return KIND_BOOLEAN;
  for (int k = op == OP_where; k < info->arity; k++)
    whole = whole && operands[k].kind != KIND_REAL;
  return whole || info->traits & INTEGER ? KIND_INTEGER : KIND_REAL;
}

/* A comparison that decides has to be told of where its sides are equal; one that stands nowhere in the code is left to
   single steps there. */
static void
write_choice (struct way *way, const struct instruction *step, const struct body_step *value)
{
  struct body *body = way->body;
  const struct area *code = &way->run->program->code;
  const ptrdiff_t place = step - area_of (code, struct instruction);
  if (!way->writes)
    return;
  if (place < 0 || (size_t)place >= area_count (code, struct instruction) || body->choice_count == BODY_CHOICES)
    {
      way_step (way, (struct body_step){ BODY_DIFFER, value->a, value->b, 0, 0, 0, 0 });
      return;
    }
  body->choices[body->choice_count] = (struct body_choice){ (uint32_t)place, step->op };
  way_step (way, (struct body_step){ BODY_CHOICE, value->a, value->b, 0, (uint16_t)body->choice_count++, 0, 0 });
}

/* The kinks that an expression from step `first` on may meet, of which no slope comes: it is a boolean. */
static void
set_kinks_aside (struct way *way, uint32_t first)
{
  for (uint32_t i = first; i < way->step_count; i++)
    if (way->steps[i].op == BODY_KINK)
      way->steps[i].op = BODY_KINK_ASIDE;
}

/* The value of step i of an expression. What the run may have to be told of is looked at before. */
static void
write_step (struct way *way, const struct instruction *group, uint32_t i, struct written *all, struct lane_node *node)
{
  const struct lane_writer writer = writer_of (way);
  const struct instruction *step = &group[1 + i];
  const int arity = op_info[step->op].arity, traits = op_info[step->op].traits;
  const uint32_t operands[3] = { step->a, step->b, step->c };
  struct written *written = &all[i];
  bool varies = false;
  memset (written, 0, sizeof *written);
  node->op = (enum op)step->op;
  for (int k = 0; k < arity; k++)
    {
      bool inner = operands[k] >> 30 == PENDING >> 30;
      node->inner[k] = inner ? (int)(operands[k] & REGISTER_MASK) : -1;
      written->operands[k] = inner ? all[node->inner[k]].result : way_number (way, operands[k]);
      node->operands[k] = (struct lane_value){ written->operands[k].column, 0 };
      varies |= node->varying[k] = written->operands[k].varies;
      if (written->operands[k].varies)
        written->result.reach |= written->operands[k].reach;
    }
  const struct known *known = written->operands;
  node->both = known[0].varies && known[1].varies;
  struct body_step value = { step->op, known[0].number, known[1].number, known[2].number, step->op, 0, 0 };
  if (group->op & GROUP_DECIDES && is_comparison (step->op) && varies && !way->run->outer)
    write_choice (way, step, &value);
  if (traits & BLOCKS && varies && !way->smooth)
    way_step (way, (struct body_step){ BODY_KINK, value.a, value.b, value.c, step->op, 0, 0 });
  written->result.varies = node->varies = varies && !(traits & (TRUTH | INTEGER));
  written->result.reach *= written->result.varies;
  written->result.kind = way_kind_of (node->op, known);
  lane_evaluate (&writer, node);
  written->result.column = node->value.column;
  if (i + 1 < group->b)
    written->result.number = value.to = way_inner (way);
  else
    {
      struct known *target = way_find (way, group->a);
      written->result.number = value.to = number_of_target (way, target);
      written->result.same = way->names++;
    }
  way_step (way, value);
}

void
way_group (struct way *way, const struct instruction *group)
{
  const struct lane_writer writer = writer_of (way);
  struct written all[GROUP_LIMIT];
  struct lane_expression expression;
  struct known *target = target_of (way, group->a);
  uint32_t first = way->link_count, first_step = way->step_count;
  expression.count = group->b;
  expression.all = false;
  for (uint32_t i = 0; i < group->b && !way->failed; i++)
    write_step (way, group, i, all, &expression.nodes[i]);
  if (way->failed)
    return;
  if (!all[group->b - 1].result.varies)
    set_kinks_aside (way, first_step);
  way_join (way, first_step);
  lane_fold (&writer, &expression);
  for (uint32_t i = group->b; i-- > 0;)
    for (int k = 0; k < op_info[expression.nodes[i].op].arity; k++)
      if (expression.nodes[i].inner[k] < 0 && expression.nodes[i].weights[k].exists)
        add_link (way, first, &all[i].operands[k], expression.nodes[i].weights[k]);
  end_assignment (way, target, &all[group->b - 1].result);
}

void
way_move (struct way *way, uint32_t to, const struct known *value)
{
  struct known *target = target_of (way, to), moved = *value;
  if (way->failed)
    return;
  if (is_passing (way, target))
    {
      *target = moved;
      return;
    }
  moved.number = number_of_target (way, target);
  moved.element = false;
  if (value->number >= BODY_CONSTANT && !body_is_element (way->body, moved.number))
    {
      moved.number = value->number;
      end_assignment (way, target, &moved);
      return;
    }
  if (!way_set_too (way, value->number, moved.number))
    way_step (way, (struct body_step){ OP_plus, value->number, 0, 0, moved.number, 0, 0 });
  if (moved.varies)
    add_link (way, way->link_count, value, one);
  end_assignment (way, target, &moved);
}

void
way_result (struct way *way, uint32_t to, struct body_step step, const struct known *value)
{
  struct known *target = target_of (way, to), result = *value;
  if (way->failed)
    return;
  step.to = result.number = number_of_target (way, target);
  way_step (way, step);
  end_assignment (way, target, &result);
}

void
way_weighted (struct way *way, uint32_t to, const struct known *value, const struct known *of,
              const struct lane_weight *weights, uint32_t count)
{
  struct known *target = target_of (way, to), result = *value;
  const uint32_t first = way->link_count;
  if (way->failed)
    return;
  result.number = number_of_target (way, target);
  result.same = way->names++;
  result.element = result.varies = false;
  result.reach = 0;
  if (!way_set_too (way, value->number, result.number))
    way_step (way, (struct body_step){ OP_plus, value->number, 0, 0, result.number, 0, 0 });
  for (uint32_t i = 0; i < count; i++)
    if (of[i].varies)
      {
        add_link (way, first, &of[i], weights[i]);
        result.varies = true;
        result.reach |= of[i].reach;
      }
  end_assignment (way, target, &result);
}

uint16_t
way_position (struct way *way, const struct known *index)
{
  if (way->exact[index->column])
    return index->column;
  /* The number may be another at the end of the way, when it is kept. */
  struct body_step copy = { OP_plus, index->number, 0, 0, way_inner (way), 0, 0 };
  way_step (way, copy);
  return way_kept_column (way, copy.to);
}

/* Whether what was assigned last has a cell of its own, and no register knows it any more. */
static bool
is_last_alone (const struct way *way, uint16_t number)
{
  if (number < LOOP_CELLS || number >= LOOP_ALL_CELLS || !way->assignment_count
      || way->assignments[way->assignment_count - 1].to != number)
    return false;
  for (uint32_t cell = 0; cell < way->body->cell_count; cell++)
    if (way->cells[cell].kind != KIND_NOTHING && way->cells[cell].number == number)
      return false;
  return true;
}

void
way_replace (struct way *way, uint16_t cell, uint16_t at, uint16_t position, const struct known *known,
             bool shared)
{
  struct known *array = &way->cells[cell];
  way->failed |= way->depth != 0;
  if (way->failed)
    return;
  way_step (way, (struct body_step){ BODY_REPLACE, at, known->number, cell, cell, 0, 0 });
  if (known->varies && !shared && is_last_alone (way, known->number))
    {
      /* What was computed for this alone needs no cell. */
      way->assignments[way->assignment_count - 1].to = cell;
      way->replaced[way->assignment_count - 1] = position;
    }
  else if (known->varies || array->varies)
    {
      if (known->varies)
        add_link (way, way->link_count, known, one);
      add_assignment (way, cell, position);
    }
  if (known->varies || array->varies)
    way->assigned |= cell_bit (cell);
  array->varies |= known->varies;
  way->body->changed |= cell_bit (cell);
}

void
way_whole (struct way *way, uint32_t operand)
{
  struct known *target = target_of (way, operand), whole = *target;
  if (way->failed)
    return;
  whole.kind = KIND_INTEGER;
  whole.varies = false;
  whole.same = way->names++;
  if (!is_passing (way, target))
    {
      const uint16_t number = number_of_target (way, target);
      whole.number = whole.number >= BODY_CONSTANT ? whole.number : number;
    }
  end_assignment (way, target, &whole);
}

void
way_clear (struct way *way, uint32_t operand)
{
  struct known *target = target_of (way, operand), nothing = { .kind = KIND_NOTHING };
  if (way->failed || target->kind == KIND_NOTHING)
    return;
  if (!is_passing (way, target))
    nothing.number = nothing.same = number_of_target (way, target);
  end_assignment (way, target, &nothing);
}
