/* flow.c -- where the values of a run go: what was made of what, and what was read where. */
#include "explain/flow.h"

struct flow_traced
{
  struct flow_source asked;
  uint32_t next;     /* another one in the same register, from 1 */
  uint32_t node;     /* 0: it was never bound */
  uint32_t bound_at; /* 0: never */
  uint32_t rebound_at;
  struct span rebound;
};

enum
{
  PATIENCE = 100000000
};

static uint32_t *
register_at (struct flow *flow, uint32_t operand, size_t base)
{
  if (operand >> 30 == 2)
    return area_of (&flow->globals, uint32_t) + (operand & REGISTER_MASK);
  size_t index = base + (operand & REGISTER_MASK), need = (index + 1) * sizeof (uint32_t);
  if (need > flow->stack.used)
    area_push (&flow->stack, need - flow->stack.used);
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
        }
      else if (source->node && !source->rebound_at)
        {
          source->rebound = span;
          source->rebound_at = ++flow->graph.clock;
        }
      i = source->next;
    }
}

/* Registers are numbered here like those of the run: the main program's, then those on the stack. */
static size_t
base_on_stack (const struct run *run, size_t offset)
{
  return run->program->main_registers + 1 + offset / sizeof (struct value);
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

/* The arguments of a call move to the frame that is about to be made at the end of the stack. */
static void
follow_call (struct flow *flow, const struct run *run, const struct instruction *instruction, const struct value *frame,
             size_t base)
{
  size_t callee = base_on_stack (run, run->stack.used);
  const struct value *function = (instruction->b >> 30 == 2 ? area_of (&run->globals, struct value) : frame)
                                 + (instruction->b & REGISTER_MASK);
  if (function->kind != KIND_FUNCTION)
    return;
  if (function->function->built_in)
    {
      *register_at (flow, instruction->a, base) = join_all (flow, instruction->c, instruction->op, base);
      return;
    }
  const struct prototype *prototype
    = area_of (&run->program->prototypes, struct prototype) + function->function->prototype;
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
follow_return (struct flow *flow, const struct run *run, const struct instruction *instruction, size_t base)
{
  size_t depth = area_count (&run->frames, struct frame);
  const struct frame *frames = area_of (&run->frames, struct frame);
  const struct instruction *call = area_of (&run->program->code, struct instruction) + frames[depth - 1].place;
  uint32_t node = *register_at (flow, instruction->b, base);
  *register_at (flow, call->a, depth > 1 ? base_on_stack (run, frames[depth - 2].base) : 0) = node;
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

static void
hear (void *data, const struct run *run, uint32_t place, const struct value *frame)
{
  struct flow *flow = data;
  if (flow->patience == 0 || flow->graph.full)
    longjmp (*run->diagnostics->stop, 1);
  flow->patience--;
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  size_t base = run->frames.used ? base_on_stack (run, (size_t)((const char *)frame - run->stack.start)) : 0;
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
      follow_call (flow, run, instruction, frame, base);
      break;
    case CODE_RETURN:
      follow_return (flow, run, instruction, base);
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

/* The run itself. What it says of where it stopped is of no interest. */
static void
follow (struct flow *flow, const struct area *files)
{
  const struct listener listener = { .instruction = hear, .data = flow };
  struct again again;
  again_open (&again, flow->program, flow->diagnostics, files);
  run_listen (&again.run, &listener);
  if (setjmp (again.stop) == 0)
    run (&again.run);
  again_close (&again);
  flow->cut = flow->patience == 0 || flow->graph.full;
}

void
flow_open (struct flow *flow, const struct program *program, struct diagnostics *diagnostics, const struct area *files,
           const struct flow_source *sources, size_t count)
{
  struct memory *memory = program->names->memory;
  const char *what = "the explanation";
  size_t globals = (program->global_count + 1) * sizeof (uint32_t);
  *flow = (struct flow){ .program = program, .diagnostics = diagnostics, .patience = PATIENCE };
  area_open (&flow->sources, memory, count * sizeof (struct flow_traced), what);
  area_open (&flow->by_slot, memory, globals, what);
  area_open (&flow->globals, memory, globals, what);
  area_open (&flow->stack, memory, (size_t)16 << 30, what);
  area_open (&flow->assigned, memory, globals, what);
  flow_graph_open (&flow->graph, memory);
  area_push (&flow->globals, globals);
  area_push (&flow->assigned, globals);
  uint32_t *by_slot = area_push (&flow->by_slot, globals);
  for (uint32_t i = 0; i < count; i++)
    {
      struct flow_traced *source = area_add (&flow->sources, struct flow_traced);
      uint32_t slot = program_variable (program, sources[i].name)->slot;
      *source = (struct flow_traced){ .asked = sources[i] };
      if (slot == UINT32_MAX)
        continue;
      source->next = by_slot[slot];
      by_slot[slot] = i + 1;
    }
  follow (flow, files);
  flow_link (&flow->graph);
}

void
flow_close (struct flow *flow)
{
  struct area *areas[] = { &flow->sources, &flow->by_slot, &flow->globals, &flow->stack, &flow->assigned };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  flow_graph_close (&flow->graph);
}

/* The earlier of two readings. */
static struct reading
earlier (struct reading a, struct reading b)
{
  return !b.at || (a.at && a.at < b.at) ? a : b;
}

struct flow_answer
flow_ask (struct flow *flow, size_t number, uint32_t target_slot)
{
  const struct flow_traced *source = area_of (&flow->sources, struct flow_traced) + number;
  uint32_t assigned = area_of (&flow->assigned, uint32_t)[target_slot];
  struct flow_answer answer = { .in_time = !assigned || (source->node && source->bound_at < assigned) };
  if (!source->node)
    return answer;
  flow_reach (&flow->graph, source->node);
  const uint32_t *states = area_of (&flow->graph.states, uint32_t);
  const uint32_t *reached = area_of (&flow->graph.reached, uint32_t);
  size_t count = area_count (&flow->graph.reached, uint32_t);
  const struct flow_break *breaks = area_of (&flow->graph.breaks, struct flow_break);
  struct reading condition = { 0 };
  bool read_before = false;
  for (size_t i = 0; i < count; i++)
    {
      uint32_t state = states[reached[i]];
      const struct flow_node *node = flow_node_at (&flow->graph, reached[i]);
      struct reading here = node->condition;
      if (here.at && state >= FLOW_BROKEN)
        here.span = breaks[state - FLOW_BROKEN].span;
      condition = earlier (condition, here);
      answer.read |= node->last_read > source->bound_at;
      read_before |= node->last_read > source->bound_at && node->read.at < source->rebound_at;
    }
  uint32_t state = states[area_of (&flow->globals, uint32_t)[target_slot]];
  answer.condition = condition.span;
  answer.rebound = source->rebound;
  answer.rebound_first = source->rebound_at && !read_before;
  answer.path_break = state >= FLOW_BROKEN ? &breaks[state - FLOW_BROKEN] : NULL;
  flow_forget (&flow->graph);
  return answer;
}
