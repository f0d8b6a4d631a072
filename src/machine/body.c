/* body.c -- a plain body prepared: registers become cells, expressions steps, and the derivative of each expression,
   by a reverse sweep over its steps, more steps. */
#include "machine/body.h"

#include <string.h>

#include "ops/elementwise.h"

struct builder
{
  struct body *body;
  struct value *const *bases;
  uint32_t registers[LOOP_CELLS];
  uint8_t kept[LOOP_CELLS];
  struct loop_assignment assignments[BODY_STEPS];
  struct body_step steps[BODY_STEPS];
  struct column_step column_steps[BODY_COLUMNS];
  uint16_t links[BODY_LINKS], from[BODY_LINKS];
  uint16_t columns[LOOP_CELLS]; /* of the cells' values at this point of the body */
  uint64_t read;                /* cells that are read before they are assigned */
  uint64_t real, varies;        /* cells at this point */
  bool failed;
};

/* The cell of a register that is read, or assigned. */
static uint32_t
cell_of (struct builder *builder, uint32_t operand, bool reads)
{
  struct body *body = builder->body;
  uint32_t cell = 0;
  if (operand >> 30 == TEMPORARY >> 30)
    operand &= REGISTER_MASK;
  while (cell < body->form.cell_count && builder->registers[cell] != operand)
    cell++;
  if (cell == LOOP_CELLS)
    {
      builder->failed = true;
      return 0;
    }
  if (cell == body->form.cell_count)
    {
      const struct value *value = OPERAND (builder->bases, operand);
      builder->registers[body->form.cell_count++] = operand;
      builder->failed |= value->kind >= KIND_ARRAY;
      builder->real |= value->kind == KIND_REAL ? cell_bit (cell) : 0;
      builder->varies |= value->kind == KIND_REAL && value->node ? cell_bit (cell) : 0;
    }
  if (reads && !(body->assigned & cell_bit (cell)))
    {
      uint8_t kind = OPERAND (builder->bases, operand)->kind;
      builder->failed |= cell != body->index && kind != KIND_REAL && kind != KIND_INTEGER;
      builder->read |= cell_bit (cell);
    }
  return cell;
}

static void
assign_cell (struct builder *builder, uint32_t operand)
{
  uint32_t cell = cell_of (builder, operand, false);
  builder->failed |= cell == builder->body->index;
  builder->body->assigned |= cell_bit (cell);
}

/* Finds all cells before the first column is given a number. */
static void
find_cells (struct builder *builder, const struct instruction *start, const struct instruction *end)
{
  for (const struct instruction *at = start; at < end && !builder->failed; at++)
    {
      if (at->code == CODE_MOVE)
        {
          cell_of (builder, at->b, true);
          assign_cell (builder, at->a);
        }
      else if (at->code == CODE_ASSIGNED)
        cell_of (builder, at->a, true);
      if (at->code != CODE_GROUP)
        continue;
      const struct instruction *group = at;
      for (uint32_t i = group->b; i > 0; i--)
        {
          at++;
          for (int k = 0; k < op_info[at->op].arity; k++)
            if ((k ? at->b : at->a) >> 30 != PENDING >> 30)
              cell_of (builder, k ? at->b : at->a, true);
        }
      assign_cell (builder, group->a);
    }
}

static uint16_t
column_step (struct builder *builder, struct column_step step)
{
  struct body *body = builder->body;
  if (body->column_count == BODY_COLUMNS)
    {
      builder->failed = true;
      return 0;
    }
  step.to = (uint16_t)body->column_count++;
  builder->column_steps[body->column_step_count++] = step;
  return step.to;
}

static uint16_t
column_of_product (struct builder *builder, uint16_t weight, uint16_t partial)
{
  if (weight == builder->body->ones)
    return partial;
  return column_step (builder, (struct column_step){ .op = OP_multiply, .a = weight, .b = partial });
}

/* Passes a weight on from a step to its operand k: the column of the weight times the partial. */
static uint16_t
pass (struct builder *builder, const struct column_step *step, int k, uint16_t weight)
{
  switch (step->op)
    {
    case OP_add:
    case OP_plus:
      return weight;
    case OP_subtract:
      if (k == 0)
        return weight;
      return column_step (builder, (struct column_step){ .op = OP_negate, .a = weight, .b = weight });
    case OP_negate:
      return column_step (builder, (struct column_step){ .op = OP_negate, .a = weight, .b = weight });
    case OP_multiply:
      return column_of_product (builder, weight, k ? step->a : step->b);
    default:
      return column_of_product (
        builder, weight,
        column_step (builder,
                     (struct column_step){
                       .op = step->op, .partial = (uint16_t)(k + 1), .a = step->a, .b = step->b, .value = step->to }));
    }
}

/* A link of the assignment that is being written, whose first is `first`; a cell that stands twice gets one. */
static void
add_link (struct builder *builder, uint32_t first, uint32_t cell, uint16_t column)
{
  struct loop_form *form = &builder->body->form;
  uint32_t link = first;
  while (link < form->link_count && builder->from[link] != cell)
    link++;
  if (link < form->link_count)
    builder->links[link]
      = column_step (builder, (struct column_step){ .op = OP_add, .a = builder->links[link], .b = column });
  else if (link == BODY_LINKS)
    builder->failed = true;
  else
    {
      builder->links[link] = column;
      builder->from[link] = (uint16_t)cell;
      form->link_count++;
    }
}

/* The source of an operand of a group: a cell, or the number of a step plus LOOP_CELLS. */
static uint32_t
source_of (struct builder *builder, uint32_t operand)
{
  return operand >> 30 == PENDING >> 30 ? LOOP_CELLS + (operand & REGISTER_MASK) : cell_of (builder, operand, true);
}

/* Ends an assignment: its cell has a new value. */
static void
end_assignment (struct builder *builder, uint32_t cell, uint16_t column, bool varies)
{
  struct loop_form *form = &builder->body->form;
  builder->columns[cell] = column;
  builder->real |= cell_bit (cell);
  builder->varies = varies ? builder->varies | cell_bit (cell) : builder->varies & ~cell_bit (cell);
  builder->assignments[form->assignment_count++]
    = (struct loop_assignment){ (uint16_t)cell, (uint16_t)form->link_count };
}

/* An expression: its values, and by a reverse sweep its links. */
static void
write_group (struct builder *builder, const struct instruction *group)
{
  struct body *body = builder->body;
  uint32_t count = group->b, sources[GROUP_LIMIT][2], first = body->form.link_count, base = body->step_count;
  uint32_t target = cell_of (builder, group->a, false);
  struct column_step values[GROUP_LIMIT];
  bool varies[GROUP_LIMIT], real = false;
  uint16_t weights[GROUP_LIMIT];
  if (base + count > BODY_STEPS)
    {
      builder->failed = true;
      return;
    }
  for (uint32_t i = 0; i < count; i++)
    {
      const struct instruction *step = &group[1 + i];
      uint16_t columns[2] = { 0 }, numbers[2] = { 0 };
      varies[i] = false;
      for (int k = 0; k < op_info[step->op].arity; k++)
        {
          uint32_t source = sources[i][k] = source_of (builder, k ? step->b : step->a);
          bool inner = source >= LOOP_CELLS;
          columns[k] = inner ? values[source - LOOP_CELLS].to : builder->columns[source];
          numbers[k] = (uint16_t)(inner ? source + base : source);
          varies[i] |= inner ? varies[source - LOOP_CELLS] : (builder->varies & cell_bit (source)) != 0;
          real |= !inner && builder->real & cell_bit (source);
        }
      values[i] = (struct column_step){ .op = step->op, .a = columns[0], .b = columns[1] };
      values[i].to = column_step (builder, values[i]);
      builder->steps[body->step_count++]
        = (struct body_step){ step->op, numbers[0], numbers[1],
                              (uint16_t)(i + 1 < count ? LOOP_CELLS + base + i : target) };
    }
  weights[count - 1] = body->ones;
  for (uint32_t i = count; i-- > 0;)
    for (int k = 0; varies[i] && k < op_info[values[i].op].arity; k++)
      {
        uint32_t source = sources[i][k];
        bool inner = source >= LOOP_CELLS;
        if (inner && varies[source - LOOP_CELLS])
          weights[source - LOOP_CELLS] = pass (builder, &values[i], k, weights[i]);
        else if (!inner && builder->varies & cell_bit (source))
          add_link (builder, first, source, pass (builder, &values[i], k, weights[i]));
      }
  /* Of integers alone the result may be one: no real, then. */
  builder->failed |= !real;
  end_assignment (builder, target, values[count - 1].to, varies[count - 1]);
}

/* Another name of a value. */
static void
write_move (struct builder *builder, const struct instruction *move)
{
  struct body *body = builder->body;
  uint32_t from = cell_of (builder, move->b, true), to = cell_of (builder, move->a, false);
  bool varies = builder->varies & cell_bit (from);
  if (body->step_count == BODY_STEPS || !(builder->real & cell_bit (from)))
    {
      builder->failed = true;
      return;
    }
  builder->steps[body->step_count++] = (struct body_step){ OP_plus, (uint16_t)from, (uint16_t)from, (uint16_t)to };
  if (varies)
    add_link (builder, body->form.link_count, from, body->ones);
  end_assignment (builder, to, builder->columns[from], varies);
}

static void
write_steps (struct builder *builder, const struct instruction *start, const struct instruction *end)
{
  struct body *body = builder->body;
  body->assigned = 0;
  for (const struct instruction *at = start; at < end && !builder->failed; at++)
    {
      const struct instruction *statement = at;
      if (at->code == CODE_MOVE)
        write_move (builder, at);
      else if (at->code == CODE_GROUP)
        {
          write_group (builder, at);
          at += at->b;
        }
      if (statement->code != CODE_ASSIGNED)
        body->assigned |= cell_bit (cell_of (builder, statement->a, false));
    }
}

/* Takes away the steps whose columns nothing needs. */
static void
drop_unneeded (struct builder *builder)
{
  struct body *body = builder->body;
  bool needed[BODY_COLUMNS] = { false };
  for (uint32_t link = 0; link < body->form.link_count; link++)
    needed[builder->links[link]] = true;
  for (uint32_t i = body->column_step_count; i-- > 0;)
    {
      const struct column_step *step = &builder->column_steps[i];
      if (!needed[step->to])
        continue;
      needed[step->a] = true;
      needed[step->b] |= op_info[step->op].arity > 1;
      needed[step->value] |= step->partial != 0;
    }
  uint32_t count = 0;
  for (uint32_t i = 0; i < body->column_step_count; i++)
    if (needed[builder->column_steps[i].to])
      builder->column_steps[count++] = builder->column_steps[i];
  body->column_step_count = count;
}

static void
fill (double *column, double number)
{
  for (int i = 0; i < LOOP_BLOCK; i++)
    column[i] = number;
}

static const double *const *
coefficients (const struct loop_form *form, const double *entry, const double *kept, uint32_t count)
{
  const struct body *body = (const struct body *)form; /* of which it is the first member */
  const struct kernels *kernels = kernels_find ();
  for (uint32_t cell = 0; cell < form->cell_count; cell++)
    {
      double *column = body->room + cell * LOOP_BLOCK;
      /* A cell that is the same in all iterations is mostly the same in the next block too. */
      if (body->constant & cell_bit (cell) && memcmp (column, &entry[cell], sizeof *column) != 0)
        fill (column, entry[cell]);
    }
  for (uint32_t k = 0; k < form->kept_count; k++)
    body->columns[body->kept[k]] = kept + k * count;
  for (const struct column_step *step = body->column_steps, *end = step + body->column_step_count; step < end; step++)
    {
      const double *a = body->columns[step->a], *b = body->columns[step->b];
      double *to = body->room + (size_t)step->to * LOOP_BLOCK;
      if (step->partial)
        kernels->partials[step->op][step->partial - 1](count, a, b, NULL, body->columns[step->value], false, to);
      else
        kernels->values[step->op](count, a, b, NULL, to);
    }
  for (uint32_t link = 0; link < form->link_count; link++)
    body->coefficients[link] = body->columns[body->links[link]];
  return body->coefficients;
}

/* A copy that lives as long as the tape. */
static void *
keep (struct tape *tape, const void *from, size_t size)
{
  enum
  {
    ALIGNMENT = 64
  };
  void *copy = area_push (&tape->loop_forms, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  if (from)
    memcpy (copy, from, size);
  return copy;
}

/* Copies the builder's findings to where they live as long as the tape. */
static struct body *
finish (struct tape *tape, const struct builder *builder)
{
  struct body *body = keep (tape, builder->body, sizeof *body);
  struct loop_form *form = &body->form;
  form->assignments = keep (tape, builder->assignments, form->assignment_count * sizeof *builder->assignments);
  form->from = keep (tape, builder->from, form->link_count * sizeof *builder->from);
  form->coefficients = coefficients;
  body->registers = keep (tape, builder->registers, form->cell_count * sizeof *builder->registers);
  body->kept = keep (tape, builder->kept, form->kept_count * sizeof *builder->kept);
  body->steps = keep (tape, builder->steps, body->step_count * sizeof *builder->steps);
  body->column_steps = keep (tape, builder->column_steps, body->column_step_count * sizeof *builder->column_steps);
  body->links = keep (tape, builder->links, form->link_count * sizeof *builder->links);
  body->columns = keep (tape, NULL, body->column_count * sizeof *body->columns);
  body->coefficients = keep (tape, NULL, form->link_count * sizeof *body->coefficients);
  body->room = keep (tape, NULL, body->column_count * LOOP_BLOCK * sizeof *body->room);
  for (uint32_t column = 0; column < body->column_count; column++)
    body->columns[column] = body->room + (size_t)column * LOOP_BLOCK;
  fill (body->room + (size_t)body->ones * LOOP_BLOCK, 1);
  return body;
}

struct body *
body_prepare (struct run *run, uint32_t place, struct value *const bases[4])
{
  const struct instruction *code = area_of (&run->program->code, struct instruction), *start = code + place + 1,
                           *end = start;
  struct body body = { .index = LOOP_CELLS };
  struct builder builder; /* its arrays fill as they go */
  builder.body = &body;
  builder.bases = bases;
  builder.read = builder.real = builder.varies = 0;
  builder.failed = false;
  while (end->code != CODE_JUMP)
    end += end->code == CODE_GROUP ? end->b + 1 : 1;
  body.index = cell_of (&builder, code[place].c, false);
  builder.real = builder.varies = 0;
  find_cells (&builder, start, end);
  if (builder.failed)
    return NULL;
  uint64_t assigned = body.assigned;
  body.read = builder.read;
  body.real = builder.real & builder.read;
  body.varies = builder.varies & builder.read;
  body.constant = builder.read & ~assigned & ~cell_bit (body.index);
  for (uint32_t cell = 0; cell < body.form.cell_count; cell++)
    {
      builder.columns[cell] = (uint16_t)cell;
      if (builder.read & cell_bit (cell) & ~body.constant)
        builder.kept[body.form.kept_count++] = (uint8_t)cell;
    }
  body.ones = (uint16_t)body.form.cell_count;
  body.column_count = body.ones + 1u;
  write_steps (&builder, start, end);
  /* The cells that an iteration begins with have to vary as those that the one before it began with. */
  if (builder.failed || ((builder.varies ^ body.varies) & builder.read & assigned))
    return NULL;
  drop_unneeded (&builder);
  return finish (run->tape, &builder);
}

bool
body_fits (const struct body *body, struct value *const bases[4])
{
  for (uint32_t cell = 0; cell < body->form.cell_count; cell++)
    {
      const struct value *value = OPERAND (bases, body->registers[cell]);
      if (value->kind >= KIND_ARRAY)
        return false;
      if (!(body->read & cell_bit (cell)) || cell == body->index)
        continue;
      bool real = value->kind == KIND_REAL;
      if (value->kind != KIND_INTEGER && !real)
        return false;
      if (real != ((body->real & cell_bit (cell)) != 0)
          || (real && value->node) != ((body->varies & cell_bit (cell)) != 0))
        return false;
    }
  return true;
}

void
body_run (const struct body *body, double numbers[BODY_NUMBERS])
{
  for (const struct body_step *step = body->steps, *end = step + body->step_count; step < end; step++)
    {
      const double a = numbers[step->a], b = numbers[step->b];
      double *to = &numbers[step->to];
      switch (step->op)
        {
#define UNARY(name, sign, traits, accuracy, domain, value, pa, says)                                                   \
  case OP_##name:                                                                                                      \
    *to = (traits)&ARITHMETIC ? value : op_value (OP_##name, a, b, 0);                                                 \
    break;
#define BINARY(name, sign, traits, accuracy, domain, value, pa, pb, says)                                              \
  UNARY (name, sign, traits, accuracy, domain, value, pa, says)
#include "ops/ops.def"
        default:
          __builtin_unreachable ();
        }
    }
}
