/* flow_step.c -- what one instruction makes of what, and what it reads. */
#include "explain/flow.h"

void
flow_fill_stack (struct flow *flow, size_t registers)
{
  const size_t need = registers * sizeof (uint32_t);
  if (need > flow->stack.used)
    area_push (&flow->stack, need - flow->stack.used);
}

void
flow_use_patience (struct flow *flow)
{
  if (flow->patience == 0 || flow->graph.full)
    longjmp (*flow->stop, 1);
  flow->patience--;
}

static uint32_t *
register_at (struct flow *flow, uint32_t operand, size_t base)
{
  if (operand >> 30 == 2)
    return area_of (&flow->globals, uint32_t) + (operand & REGISTER_MASK);
  const size_t index = base + (operand & REGISTER_MASK);
  flow_fill_stack (flow, index + 1);
  return area_of (&flow->stack, uint32_t) + index;
}

/* Of what gives whole numbers, booleans or constants nothing can be differentiated. */
static uint32_t
end_by_type (struct flow *flow, enum op op, uint32_t node, struct span span)
{
  if (op_info[op].traits & TRUTH)
    return flow_end (&flow->graph, node, "boolean", "a boolean", span);
  if (op_info[op].traits & (INTEGER | CONSTANT))
    return flow_end (&flow->graph, node, "integer", "an integer", span);
  return node;
}

static void
follow_group (struct flow *flow, const struct run *run, uint32_t place, size_t base)
{
  const struct instruction *group = area_of (&run->program->code, struct instruction) + place;
  uint32_t results[GROUP_LIMIT] = { 0 };
  for (uint32_t i = 0; i < group->b; i++)
    {
      const struct instruction *step = group + 1 + i;
      struct span span = run_span (run, place + 1 + i);
      const uint32_t operands[3] = { step->a, step->b, step->c };
      for (int k = 0; k < op_info[step->op].arity; k++)
        {
          uint32_t node
            = operands[k] >> 30 == 1 ? results[operands[k] & REGISTER_MASK] : *register_at (flow, operands[k], base);
          flow_read (&flow->graph, node, span);
          if (step->op == OP_where && k == 0)
            node = flow_end (&flow->graph, node, "boolean", "a boolean", span);
          results[i] = flow_join (&flow->graph, results[i], node);
        }
      results[i] = end_by_type (flow, step->op, results[i], span);
    }
  *register_at (flow, group->a, base) = results[group->b - 1];
}

/* Makes a routine's result depend on its arguments, but for those that are only positions and carry no gradient. */
static uint32_t
follow_routine (struct flow *flow, const struct run *run, uint32_t place, const struct instruction *instruction,
               size_t base)
{
  uint32_t routine = instruction->op, result = 0;
  struct span span = run_span (run, place);
  for (uint32_t k = 0; k < instruction->c; k++)
    {
      uint32_t node = *register_at (flow, instruction->b + k, base);
      flow_read (&flow->graph, node, span);
      if (routine < OPS ? op_takes_position (routine, (int)k, (int)instruction->c) : routine == ROUTINE_INDEX && k > 0)
        node = flow_end (&flow->graph, node, "integer", "an integer", span);
      result = flow_join (&flow->graph, result, node);
    }
  if (routine == OP_stop_gradient)
    return flow_end (&flow->graph, result, "stopped", "stop_gradient", span);
  return routine < OPS ? end_by_type (flow, routine, result, span) : result;
}

/* A register got its value: a source begins there, or is bound again. */
static void
note_value (struct flow *flow, const struct run *run, uint32_t place, uint32_t operand)
{
  if (!(operand & GLOBAL))
    return;
  uint32_t slot = operand & REGISTER_MASK;
  struct span span = run_span (run, place);
  for (uint32_t i = area_of (&flow->by_slot, uint32_t)[slot]; i;)
    {
      struct flow_traced *source = area_of (&flow->sources, struct flow_traced) + i - 1;
      size_t line = source->asked.line;
      bool here = !line || sources_place (flow->diagnostics->sources, span.start).line == line;
      if (here && (!source->node || line))
        {
          uint32_t *held = area_of (&flow->globals, uint32_t) + slot;
          source->node = *held = flow_source_node (&flow->graph, i, *held);
          source->bound_at = ++flow->graph.clock;
          flow->bindings++;
        }
      else if (source->node && !source->rebound_at)
        {
          source->rebound = span;
          source->rebound_at = ++flow->graph.clock;
          flow->bindings++;
        }
      i = source->next;
    }
}

/* The union of registers that stand in a row. */
static uint32_t
join_all (struct flow *flow, uint32_t first, uint32_t count, size_t base)
{
  uint32_t node = 0;
  for (uint32_t k = 0; k < count; k++)
    node = flow_join (&flow->graph, node, *register_at (flow, first + k, base));
  return node;
}

/* The arguments of a call move to the frame that is about to be made. */
static void
follow_call (struct flow *flow, const struct run *run, const struct instruction *instruction,
             const struct standing *standing)
{
  const size_t base = standing->base, callee = standing->callee;
  if (standing->called == CALLS_NOTHING)
    return;
  if (standing->called == CALLS_BUILT_IN)
    {
      *register_at (flow, instruction->a, base) = join_all (flow, instruction->c, instruction->op, base);
      return;
    }
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + standing->called;
  uint32_t carried = *register_at (flow, instruction->b, base);
  for (uint32_t k = 0; k < prototype->registers; k++)
    {
      uint32_t given = k < instruction->op ? *register_at (flow, instruction->c + k, base) : 0;
      *register_at (flow, k, callee) = given;
    }
  const struct capture *captures = area_of (&run->program->captures, struct capture);
  for (uint32_t k = 0; k < prototype->captured_count; k++)
    *register_at (flow, captures[prototype->captured + k].to, callee) = carried;
  for (uint32_t k = 0; k < prototype->imported_count; k++)
    {
      uint32_t imported = *register_at (flow, captures[prototype->imported + k].from, base);
      *register_at (flow, captures[prototype->imported + k].to, callee) = imported;
    }
}

static void
follow_return (struct flow *flow, const struct run *run, const struct instruction *instruction,
               const struct standing *standing)
{
  const struct instruction *call = area_of (&run->program->code, struct instruction) + standing->call;
  uint32_t node = *register_at (flow, instruction->b, standing->base);
  *register_at (flow, call->a, standing->caller) = node;
}

/* A function carries what it captures. */
static void
follow_function (struct flow *flow, const struct run *run, const struct instruction *instruction, size_t base)
{
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + instruction->b;
  const struct capture *captures = area_of (&run->program->captures, struct capture) + prototype->captured;
  uint32_t node = 0;
  for (uint32_t k = 0; k < prototype->captured_count; k++)
    node = flow_join (&flow->graph, node, *register_at (flow, captures[k].from, base));
  *register_at (flow, instruction->a, base) = node;
}

static uint32_t
follow_replace (struct flow *flow, const struct instruction *instruction, struct span span, size_t base)
{
  uint32_t node = *register_at (flow, instruction->a, base);
  for (uint32_t k = 1; k < instruction->c; k++)
    {
      uint32_t other = *register_at (flow, instruction->b + k, base);
      if (k > 1)
        other = flow_end (&flow->graph, other, "integer", "an integer", span);
      node = flow_join (&flow->graph, node, other);
    }
  return node;
}

static void
note_assignment (struct flow *flow, const struct run *run, uint32_t place, uint32_t operand)
{
  if (operand & GLOBAL)
    area_of (&flow->assigned, uint32_t)[operand & REGISTER_MASK] = ++flow->graph.clock;
  note_value (flow, run, place, operand);
}

void
flow_step (struct flow *flow, const struct run *run, uint32_t place, const struct standing *standing)
{
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  const size_t base = standing->base;
  struct span span = run_span (run, place);
  uint32_t node = 0;
  switch (instruction->code)
    {
    case CODE_GROUP:
      follow_group (flow, run, place, base);
      if (instruction->op & GROUP_ASSIGNS)
        note_assignment (flow, run, place, instruction->a);
      break;
    case CODE_RECALL: /* of the variable, whichever value it is */
    case CODE_ITEM_NEXT:
    case CODE_MOVE:
    case CODE_UNPACK:
      node = *register_at (flow, instruction->b, base);
      flow_read (&flow->graph, node, span);
      *register_at (flow, instruction->code == CODE_ITEM_NEXT ? instruction->c : instruction->a, base) = node;
      break;
    case CODE_ROUTINE:
      node = follow_routine (flow, run, place, instruction, base);
      *register_at (flow, instruction->a, base) = node;
      break;
    case CODE_DERIVE:
    case CODE_LIST:
      node = join_all (flow, instruction->b, instruction->c, base);
      flow_read (&flow->graph, node, span);
      *register_at (flow, instruction->a, base) = node;
      break;
    case CODE_REPLACE:
      node = follow_replace (flow, instruction, span, base);
      *register_at (flow, instruction->a, base) = node;
      break;
    case CODE_CALL:
      follow_call (flow, run, instruction, standing);
      break;
    case CODE_RETURN:
      follow_return (flow, run, instruction, standing);
      break;
    case CODE_FUNCTION:
      follow_function (flow, run, instruction, base);
      break;
    case CODE_UNLESS:
    case CODE_LEFT:
      node = *register_at (flow, instruction->b, base);
      flow_read (&flow->graph, node, span);
      flow_decide (&flow->graph, node, span);
      if (instruction->code == CODE_LEFT)
        *register_at (flow, instruction->c, base) = node;
      break;
    case CODE_COUNT:
      node = join_all (flow, instruction->a, 3, base);
      flow_decide (&flow->graph, node, span);
      flow_read (&flow->graph, node, span);
      break;
    case CODE_COUNT_NEXT:
      *register_at (flow, instruction->c, base) = 0;
      break;
    case CODE_PRINT:
    case CODE_ASSERT:
      flow_read (&flow->graph, join_all (flow, instruction->b, instruction->c, base), span);
      break;
    case CODE_ASSIGNED:
      note_assignment (flow, run, place, instruction->a);
      break;
    case CODE_DEFINE: /* Without a place it is of a name that the program does not assign, in front of it all. */
      if (!span.start)
        note_value (flow, run, place, instruction->a);
      break;
    default:
      break;
    }
}

