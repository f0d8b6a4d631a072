/* lane_group.c -- an expression of elementwise operators as steps on columns, with the links that it leaves on the
 * tape. */
#include <math.h>
#include <string.h>

#include "rows/lane_learn.h"

/* An operand of a step: its value, and its node, or the step it is of. */
struct lane_operand
{
  struct lane_value value;
  uint32_t node;
  int inner; /* -1: it is a register */
  bool varies;
  uint32_t register_; /* as the instruction names it */
};

/* A link within a group. */
struct fold
{
  struct lane_value partial;
  const struct lane_operand *from;
  uint32_t step;
};

/* A group as it is learned. */
struct lane_group
{
  const struct instruction *steps;
  uint32_t count;
  bool blocks, arithmetic;
  bool links; /* some operand of the group varies */
  struct lane_operand operands[GROUP_LIMIT][3];
  struct lane_value values[GROUP_LIMIT];
  bool varies[GROUP_LIMIT];
  struct fold folds[3 * GROUP_LIMIT];
  uint32_t fold_count;
};

static struct lane_value
partial_of (struct learner *learner, const struct lane_group *group, uint32_t i, int k)
{
  enum op op = (enum op)group->steps[i].op;
  const struct lane_operand *operands = group->operands[i];
  struct lane_value a = operands[0].value, b = op_info[op].arity > 1 ? operands[1].value : LANE_ZERO,
                    c = op_info[op].arity > 2 ? operands[2].value : LANE_ZERO, v = group->values[i];
  bool both = op_info[op].arity < 2 || group->arithmetic || (operands[0].varies && operands[1].varies);
  if (op == OP_add || (op == OP_subtract && k == 0))
    return LANE_ONE;
  if (op == OP_subtract || op == OP_negate)
    return (struct lane_value){ LANE_NONE, -1 };
  if (op == OP_multiply)
    return k ? a : b;
  if (v.column == LANE_NONE && a.column == LANE_NONE && b.column == LANE_NONE && c.column == LANE_NONE)
    return (struct lane_value){ LANE_NONE, op_partial (op, k, a.number, b.number, c.number, v.number, both) };
  struct lane_step step = { .op = (uint16_t)op,
                            .a = lane_column_of (learner, a),
                            .b = lane_column_of (learner, b),
                            .c = lane_column_of (learner, c),
                            .value = lane_column_of (learner, v),
                            .partial = (uint8_t)(k + 1),
                            .both = both };
  step.to = lane_new_column (learner);
  lane_add_step (learner, step);
  return (struct lane_value){ step.to, 0 };
}

/* The operands of a step; false where one is no number. */
static bool
fetch (struct learner *learner, struct lane_group *group, uint32_t i, struct value *const bases[4])
{
  const struct instruction *step = &group->steps[i];
  const uint32_t registers[3] = { step->a, step->b, step->c };
  for (int k = 0; k < op_info[step->op].arity; k++)
    {
      struct lane_operand *operand = &group->operands[i][k];
      uint32_t at = registers[k];
      *operand = (struct lane_operand){ .inner = -1, .register_ = at };
      if (at >> 30 == PENDING >> 30)
        {
          operand->inner = (int)(at & REGISTER_MASK);
          operand->value = group->values[operand->inner];
          operand->varies = group->varies[operand->inner];
          continue;
        }
      const struct value *value = OPERAND (bases, at);
      if (!value_is_number (value))
        return false;
      operand->value = lane_get (learner, value);
      operand->node = value->node;
      operand->varies = value->node != 0;
    }
  return true;
}

static struct lane_value
value_of (struct learner *learner, const struct lane_group *group, uint32_t i)
{
  enum op op = (enum op)group->steps[i].op;
  struct lane_value operands[3] = { LANE_ZERO, LANE_ZERO, LANE_ZERO };
  bool is_fixed = true;
  for (int k = 0; k < op_info[op].arity; k++)
    {
      operands[k] = group->operands[i][k].value;
      is_fixed &= operands[k].column == LANE_NONE;
    }
  if (is_fixed)
    return (struct lane_value){ LANE_NONE, op_value (op, operands[0].number, operands[1].number, operands[2].number) };
  struct lane_step step = { .op = (uint16_t)op,
                            .a = lane_column_of (learner, operands[0]),
                            .b = lane_column_of (learner, operands[1]),
                            .c = lane_column_of (learner, operands[2]) };
  step.to = lane_new_column (learner);
  lane_add_step (learner, step);
  return (struct lane_value){ step.to, 0 };
}

/* Values, partials, and what has to be looked at, step by step. */
static bool
learn_steps (struct learner *learner, struct lane_group *group, struct value *const bases[4], bool decides)
{
  for (uint32_t i = 0; i < group->count; i++)
    {
      enum op op = (enum op)group->steps[i].op;
      int arity = op_info[op].arity;
      if (!fetch (learner, group, i, bases))
        return false;
      const struct lane_operand *operands = group->operands[i];
      group->values[i] = value_of (learner, group, i);
      bool any = false;
      for (int k = 0; k < arity; k++)
        any |= operands[k].varies;
      bool links = any && !(op_info[op].traits & (TRUTH | INTEGER));
      group->varies[i] = links;
      struct lane_value b = arity > 1 ? operands[1].value : LANE_ZERO, c = arity > 2 ? operands[2].value : LANE_ZERO;
      if (group->blocks && any && op_kink (op).rule != NO_KINK)
        lane_mark (learner, LANE_KINK, operands[0].value, b, c, (uint16_t)op);
      if (decides && is_comparison (op) && any)
        lane_mark (learner, LANE_APART, operands[0].value, b, LANE_ZERO, 0);
      /* A group of basic arithmetic looks at the coefficients of all its operands. */
      bool folds_all = group->arithmetic && group->links;
      for (int k = 0; k < arity && (links || folds_all); k++)
        if (operands[k].varies || folds_all)
          group->folds[group->fold_count++] = (struct fold){ partial_of (learner, group, i, k), &operands[k], i };
    }
  return true;
}

/* Where the link to an operand is among those of the node that is made; a new one stands behind the others. */
static struct lane_link *
link_to (struct learner *learner, const struct lane_operand *from, uint32_t recent[TAPE_RECENT])
{
  uint32_t *met = &recent[from->node % TAPE_RECENT];
  if (*met != NOTHING && learner->links[*met].node == from->node)
    return &learner->links[*met];
  *met = (uint32_t)learner->link_count;
  learner->links[learner->link_count] = (struct lane_link){ from->node, { LANE_NONE, NAN } };
  return &learner->links[learner->link_count++];
}

static void
add_product (struct learner *learner, struct lane_link *link, struct lane_value product)
{
  bool is_new = link->weight.column == LANE_NONE && isnan (link->weight.number);
  link->weight = is_new ? product : lane_combine (learner, LANE_ADD, link->weight, product);
}

/* The links in the order in which a group of basic arithmetic writes them: by registers, as they were met. */
static void
reserve_links (struct learner *learner, const struct lane_group *group, uint32_t start, uint32_t *registers)
{
  for (uint32_t i = 0; i < group->count; i++)
    for (int k = 0; k < op_info[group->steps[i].op].arity; k++)
      {
        const struct lane_operand *operand = &group->operands[i][k];
        size_t at = start;
        while (at < learner->link_count && registers[at - start] != operand->register_)
          at++;
        if (operand->inner >= 0 || !operand->varies || at < learner->link_count)
          continue;
        registers[learner->link_count - start] = operand->register_;
        learner->links[learner->link_count++] = (struct lane_link){ operand->node, { LANE_NONE, NAN } };
      }
}

/* Coefficients of registers that do not vary, and so have no link: one that is not finite lets the run take another
   way all the same. */
struct unlinked
{
  uint32_t registers[3 * GROUP_LIMIT];
  struct lane_value sums[3 * GROUP_LIMIT];
  size_t count;
};

static void
add_unlinked (struct learner *learner, struct unlinked *unlinked, uint32_t register_, struct lane_value product)
{
  size_t at = 0;
  while (at < unlinked->count && unlinked->registers[at] != register_)
    at++;
  bool is_new = at == unlinked->count;
  unlinked->registers[at] = register_;
  unlinked->sums[at] = is_new ? product : lane_combine (learner, LANE_ADD, unlinked->sums[at], product);
  unlinked->count += is_new;
}

/* A reverse sweep within the group: the links of its node. */
static void
fold_group (struct learner *learner, const struct lane_group *group)
{
  struct lane_value adjoints[GROUP_LIMIT];
  bool reached[GROUP_LIMIT] = { false };
  uint32_t start = (uint32_t)learner->link_count, recent[TAPE_RECENT], registers[3 * GROUP_LIMIT];
  struct unlinked unlinked = { .count = 0 };
  memset (recent, 0xff, sizeof recent);
  if (learner->link_count + 3 * GROUP_LIMIT > LINKS)
    {
      learner->failed = true;
      return;
    }
  if (group->arithmetic)
    reserve_links (learner, group, start, registers);
  adjoints[group->count - 1] = LANE_ONE;
  reached[group->count - 1] = true;
  for (uint32_t at = group->fold_count; at-- > 0;)
    {
      const struct fold *fold = &group->folds[at];
      if (!reached[fold->step])
        continue;
      struct lane_value product = lane_combine (learner, LANE_MULTIPLY, adjoints[fold->step], fold->partial);
      if (fold->from->inner >= 0)
        {
          adjoints[fold->from->inner] = product;
          reached[fold->from->inner] = true;
          continue;
        }
      if (!fold->from->varies)
        {
          add_unlinked (learner, &unlinked, fold->from->register_, product);
          continue;
        }
      size_t link = start;
      while (group->arithmetic && registers[link - start] != fold->from->register_)
        link++;
      add_product (learner, group->arithmetic ? &learner->links[link] : link_to (learner, fold->from, recent), product);
    }
  for (size_t i = start; i < learner->link_count; i++)
    lane_mark_infinite (learner, learner->links[i].weight);
  for (size_t i = 0; i < unlinked.count; i++)
    {
      learner->failed |= unlinked.sums[i].column == LANE_NONE && !isfinite (unlinked.sums[i].number);
      lane_mark_infinite (learner, unlinked.sums[i]);
    }
}

/* Whether the group runs as one of basic arithmetic: on numbers that are not all whole. */
static bool
is_arithmetic (const struct instruction *group, struct value *const bases[4])
{
  bool any_real = false, numbers = OPERAND (bases, group->a)->kind < KIND_ARRAY;
  for (uint32_t i = 0; i < group->b; i++)
    for (int k = 0; k < op_info[group[1 + i].op].arity; k++)
      {
        uint32_t at = k ? group[1 + i].b : group[1 + i].a;
        if (at >> 30 == PENDING >> 30)
          continue;
        uint8_t kind = OPERAND (bases, at)->kind;
        any_real |= kind == KIND_REAL;
        numbers &= kind == KIND_REAL || kind == KIND_INTEGER;
      }
  return group->op & GROUP_ARITHMETIC && any_real && numbers;
}

/* Whether some register that a group reads varies. */
static bool
any_varies (const struct instruction *group, struct value *const bases[4])
{
  for (uint32_t i = 0; i < group->b; i++)
    {
      const uint32_t registers[3] = { group[1 + i].a, group[1 + i].b, group[1 + i].c };
      for (int k = 0; k < op_info[group[1 + i].op].arity; k++)
        if (registers[k] >> 30 != PENDING >> 30 && OPERAND (bases, registers[k])->node)
          return true;
    }
  return false;
}

/* Whether all registers that a group reads are real. */
static bool
all_are_real (const struct instruction *group, struct value *const bases[4])
{
  for (uint32_t i = 0; i < group->b; i++)
    {
      const uint32_t registers[3] = { group[1 + i].a, group[1 + i].b, group[1 + i].c };
      for (int k = 0; k < op_info[group[1 + i].op].arity; k++)
        if (registers[k] >> 30 != PENDING >> 30 && OPERAND (bases, registers[k])->kind != KIND_REAL)
          return false;
    }
  return true;
}

void
lane_learn_group (struct learner *learner, const struct instruction *code, struct value *const bases[4])
{
  struct lane_group group = { .steps = code + 1, .count = code->b };
  bool real = all_are_real (code, bases);
  group.arithmetic = is_arithmetic (code, bases);
  group.links = any_varies (code, bases);
  bool mixed = !group.arithmetic && ((code->op & GROUP_MIXED) || !real);
  group.blocks = !group.arithmetic && ((code->op & (GROUP_BLOCKS | GROUP_MIXED)) || !real);
  if (!learn_steps (learner, &group, bases, mixed && code->op & GROUP_DECIDES))
    {
      learner->failed = true;
      return;
    }
  if (group.varies[group.count - 1] || (group.arithmetic && group.links))
    {
      uint32_t node = tape_count (learner->run->tape);
      if (node >= LANE_COLUMNS)
        {
          learner->failed = true;
          return;
        }
      while (learner->node_count <= node)
        learner->starts[learner->node_count++] = (uint32_t)learner->link_count;
      fold_group (learner, &group);
      learner->starts[learner->node_count++] = (uint32_t)learner->link_count;
      learner->awaited = node;
    }
  lane_set (learner, OPERAND (bases, code->a), group.values[group.count - 1]);
}
