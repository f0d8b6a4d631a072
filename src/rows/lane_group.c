/* lane_group.c -- an expression of elementwise operators as steps on columns, with the links that it leaves on the
 * tape. */
#include <math.h>
#include <string.h>

#include "rows/lane_learn.h"

/* A group as it is learned. */
struct lane_group
{
  const struct instruction *steps;
  bool blocks, arithmetic, mixed;
  bool links;                         /* some operand varies */
  uint32_t nodes[GROUP_LIMIT][3];     /* of operands that are registers, */
  uint32_t registers[GROUP_LIMIT][3]; /* as the instructions name them */
  struct lane_expression expression;
};

/* The operands of a step; false where one is no number. */
static bool
fetch (struct learner *learner, struct lane_group *group, uint32_t i, struct value *const bases[4])
{
  const struct instruction *step = &group->steps[i];
  const uint32_t registers[3] = { step->a, step->b, step->c };
  struct lane_node *node = &group->expression.nodes[i];
  *node = (struct lane_node){ .op = (enum op)step->op, .operands = { LANE_ZERO, LANE_ZERO, LANE_ZERO } };
  for (int k = 0; k < op_info[step->op].arity; k++)
    {
      const uint32_t at = group->registers[i][k] = registers[k];
      const bool inner = at >> 30 == PENDING >> 30;
      const struct lane_node *earlier = inner ? &group->expression.nodes[at & REGISTER_MASK] : NULL;
      const struct value *value = inner ? NULL : OPERAND (bases, at);
      node->inner[k] = inner ? (int)(at & REGISTER_MASK) : -1;
      if (!inner && !value_is_number (value))
        return false;
      node->operands[k] = inner ? earlier->value : lane_get (learner, value);
      node->varying[k] = inner ? earlier->varies : value->node != 0;
      group->nodes[i][k] = inner ? 0 : value->node;
      group->links |= group->nodes[i][k] != 0;
    }
  node->both = op_info[step->op].arity < 2 || group->arithmetic || (node->varying[0] && node->varying[1]);
  return true;
}

/* Values, and what has to be looked at, step by step. */
static bool
learn_steps (struct learner *learner, struct lane_group *group, struct value *const bases[4], bool decides)
{
  for (uint32_t i = 0; i < group->expression.count; i++)
    {
      if (!fetch (learner, group, i, bases))
        return false;
      struct lane_node *node = &group->expression.nodes[i];
      const struct lane_value *x = node->operands;
      const bool any = node->varying[0] || node->varying[1] || node->varying[2];
      lane_evaluate (&learner->writer, node);
      node->varies = any && !(op_info[node->op].traits & (TRUTH | INTEGER));
      if (group->blocks && any && op_kink (node->op).rule != NO_KINK)
        lane_mark (learner, LANE_KINK, x[0], x[1], x[2], (uint16_t)node->op);
      if (decides && is_comparison (node->op) && any)
        lane_mark (learner, LANE_APART, x[0], x[1], LANE_ZERO, 0);
    }
  return true;
}

/* Where the link to an operand is among those of the node that is made; a new one stands behind the others. */
static struct lane_link *
link_to (struct learner *learner, uint32_t node, uint32_t recent[TAPE_RECENT])
{
  uint32_t *met = &recent[node % TAPE_RECENT];
  if (*met != NOTHING && learner->links[*met].node == node)
    return &learner->links[*met];
  *met = (uint32_t)learner->link_count;
  learner->links[learner->link_count] = (struct lane_link){ node, { LANE_NONE, NAN } };
  return &learner->links[learner->link_count++];
}

static void
add_product (struct learner *learner, struct lane_link *link, struct lane_value product)
{
  bool is_new = link->weight.column == LANE_NONE && isnan (link->weight.number);
  link->weight = is_new ? product : lane_combine (&learner->writer, OP_add, link->weight, product);
}

/* The links in the order in which a group of basic arithmetic writes them: by registers, as they were met. */
static void
reserve_links (struct learner *learner, const struct lane_group *group, uint32_t start, uint32_t *registers)
{
  for (uint32_t i = 0; i < group->expression.count; i++)
    for (int k = 0; k < op_info[group->steps[i].op].arity; k++)
      {
        size_t at = start;
        while (at < learner->link_count && registers[at - start] != group->registers[i][k])
          at++;
        if (!group->nodes[i][k] || at < learner->link_count)
          continue;
        registers[learner->link_count - start] = group->registers[i][k];
        learner->links[learner->link_count++] = (struct lane_link){ group->nodes[i][k], { LANE_NONE, NAN } };
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
  unlinked->sums[at] = is_new ? product : lane_combine (&learner->writer, OP_add, unlinked->sums[at], product);
  unlinked->count += is_new;
}

/* The links of the group's node. */
static void
link_group (struct learner *learner, struct lane_group *group)
{
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
  lane_fold (&learner->writer, &group->expression);
  for (uint32_t i = group->expression.count; i-- > 0;)
    for (int k = op_info[group->steps[i].op].arity; k-- > 0;)
      {
        const struct lane_node *node = &group->expression.nodes[i];
        const uint32_t register_ = group->registers[i][k];
        size_t link = start;
        if (!node->weights[k].exists || node->inner[k] >= 0)
          continue;
        while (group->arithmetic && node->varying[k] && registers[link - start] != register_)
          link++;
        if (!node->varying[k])
          add_unlinked (learner, &unlinked, register_, node->weights[k].value);
        else
          add_product (learner,
                       group->arithmetic ? &learner->links[link] : link_to (learner, group->nodes[i][k], recent),
                       node->weights[k].value);
      }
  for (size_t i = start; i < learner->link_count; i++)
    lane_mark_infinite (learner, learner->links[i].weight);
  for (size_t i = 0; i < unlinked.count; i++)
    {
      learner->failed |= unlinked.sums[i].column == LANE_NONE && !isfinite (unlinked.sums[i].number);
      lane_mark_infinite (learner, unlinked.sums[i]);
    }
}

/* Finds out whether the group runs as one of basic arithmetic, on numbers that are not all whole; else with kinks, and
   of any kind, unless all registers are real. */
static void
classify (struct lane_group *group, const struct instruction *code, struct value *const bases[4])
{
  bool any_real = false, all_real = true, numbers = OPERAND (bases, code->a)->kind < KIND_ARRAY;
  for (uint32_t i = 0; i < code->b; i++)
    {
      const uint32_t registers[3] = { code[1 + i].a, code[1 + i].b, code[1 + i].c };
      for (int k = 0; k < op_info[code[1 + i].op].arity; k++)
        {
          const uint8_t kind = registers[k] >> 30 == PENDING >> 30 ? KIND_REAL : OPERAND (bases, registers[k])->kind;
          any_real |= registers[k] >> 30 != PENDING >> 30 && kind == KIND_REAL;
          all_real &= kind == KIND_REAL;
          numbers &= kind == KIND_REAL || kind == KIND_INTEGER;
        }
    }
  group->arithmetic = code->op & GROUP_ARITHMETIC && any_real && numbers;
  group->mixed = !group->arithmetic && (code->op & GROUP_MIXED || !all_real);
  group->blocks = group->mixed || (!group->arithmetic && code->op & GROUP_BLOCKS);
}

void
lane_learn_group (struct learner *learner, const struct instruction *code, struct value *const bases[4])
{
  struct lane_group group;
  group.steps = code + 1;
  group.links = false;
  group.expression.count = code->b;
  classify (&group, code, bases);
  if (!learn_steps (learner, &group, bases, group.mixed && code->op & GROUP_DECIDES))
    {
      learner->failed = true;
      return;
    }
  /* A group of basic arithmetic looks at the coefficients of all its operands. */
  group.expression.all = group.arithmetic && group.links;
  const struct lane_node *last = &group.expression.nodes[code->b - 1];
  if (last->varies || group.expression.all)
    {
      uint32_t node = tape_count (learner->run->tape);
      if (node >= LANE_COLUMNS)
        {
          learner->failed = true;
          return;
        }
      while (learner->node_count <= node)
        learner->starts[learner->node_count++] = (uint32_t)learner->link_count;
      link_group (learner, &group);
      learner->starts[learner->node_count++] = (uint32_t)learner->link_count;
      learner->awaited = node;
    }
  lane_set (learner, OPERAND (bases, code->a), last->value);
}
