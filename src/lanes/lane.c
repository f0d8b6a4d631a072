/* lane.c -- writes the values and the derivative of an expression as steps on columns. */
#include "lanes/lane.h"

uint16_t
lane_column (const struct lane_writer *writer, struct lane_value value)
{
  return value.column != LANE_NONE ? value.column : writer->fill (writer->data, value.number);
}

static bool
is_number (struct lane_value value)
{
  return value.column == LANE_NONE;
}

static bool
is_same (struct lane_value value, double number)
{
  return is_number (value) && value.number == number;
}

/* The value or a partial of an operator: a number where all operands are. */
static struct lane_value
apply (const struct lane_writer *writer, const struct lane_node *node, int partial)
{
  const struct lane_value *x = node->operands;
  const int arity = op_info[node->op].arity;
  uint16_t columns[3] = { 0 };
  bool fixed = true;
  for (int k = 0; k < arity; k++)
    fixed = fixed && is_number (x[k]);
  if (fixed && partial)
    return (struct lane_value){ LANE_NONE, op_partial (node->op, partial - 1, x[0].number, x[1].number, x[2].number,
                                                       node->value.number, node->both) };
  if (fixed)
    return (struct lane_value){ LANE_NONE, op_value (node->op, x[0].number, x[1].number, x[2].number) };
  for (int k = 0; k < arity; k++)
    columns[k] = lane_column (writer, x[k]);
  struct lane_step step = { .op = (uint16_t)node->op, .a = columns[0], .b = columns[1], .c = columns[2] };
  step.partial = (uint8_t)partial;
  step.both = node->both;
  if (partial)
    step.value = op_partial_reads_value (node->op, partial - 1) ? lane_column (writer, node->value) : step.a;
  return (struct lane_value){ writer->add (writer->data, step), 0 };
}

static struct lane_value
apply_two (const struct lane_writer *writer, enum op op, struct lane_value a, struct lane_value b)
{
  return apply (writer, &(struct lane_node){ .op = op, .operands = { a, b } }, 0);
}

struct lane_value
lane_combine (const struct lane_writer *writer, enum op op, struct lane_value a, struct lane_value b)
{
  if (op == OP_multiply && (is_same (a, 1) || is_same (b, 1)))
    return is_same (a, 1) ? b : a;
  if (op == OP_multiply && (is_same (a, -1) || is_same (b, -1)))
    return apply_two (writer, OP_negate, is_same (a, -1) ? b : a, LANE_ZERO);
  return apply_two (writer, op, a, b);
}

void
lane_evaluate (const struct lane_writer *writer, struct lane_node *node)
{
  node->value = apply (writer, node, 0);
}

/* Passes a weight on from a step to its operand k. Nothing comes through what is FLAT. */
static struct lane_weight
pass (const struct lane_writer *writer, const struct lane_node *node, int k, struct lane_weight weight)
{
  const bool blocks = op_info[node->op].traits & BLOCKS;
  const enum partial_form form = op_partial_form (node->op, k);
  struct lane_weight passed = { weight.value, weight.flat || blocks, true };
  if (form == PARTIAL_ONE)
    return passed;
  const struct lane_value partial = form == PARTIAL_OTHER                       ? node->operands[1 - k]
                                    : form == PARTIAL_MINUS_ONE && !weight.flat ? (struct lane_value){ LANE_NONE, -1 }
                                                                                : apply (writer, node, k + 1);
  if (!passed.flat || is_same (weight.value, 1))
    passed.value = lane_combine (writer, OP_multiply, weight.value, partial);
  else if (weight.flat)
    passed.value = apply_two (writer, blocks ? OP_carry : OP_through, weight.value, partial);
  else
    passed.value = apply_two (writer, OP_through, partial, weight.value);
  return passed;
}

void
lane_fold (const struct lane_writer *writer, struct lane_expression *expression)
{
  struct lane_weight weights[GROUP_LIMIT];
  for (uint32_t i = 0; i < expression->count; i++)
    weights[i] = (struct lane_weight){ LANE_ONE, false, i + 1 == expression->count };
  for (uint32_t i = expression->count; i-- > 0;)
    {
      struct lane_node *node = &expression->nodes[i];
      for (int k = 0; k < op_info[node->op].arity; k++)
        {
          const bool wanted = expression->all || (node->varies && node->varying[k]);
          node->weights[k].exists = false;
          if (!wanted || !weights[i].exists)
            continue;
          node->weights[k] = pass (writer, node, k, weights[i]);
          if (node->inner[k] >= 0)
            weights[node->inner[k]] = node->weights[k];
        }
    }
}
