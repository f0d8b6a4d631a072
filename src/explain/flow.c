/* flow.c -- where the values of a run go: what was made of what, and what was read where. */
#include "explain/flow.h"

enum
{
  PATIENCE = 100000000
};

/* Registers are numbered here like those of the run: the main program's, then those on the stack. */
static size_t
base_on_stack (const struct run *run, size_t offset)
{
  return run->program->main_registers + 1 + offset / sizeof (struct value);
}

/* The number of the function that a call enters, or that it enters none of the program. */
static uint32_t
called_by (const struct run *run, const struct instruction *call, const struct value *frame)
{
  const struct value *function
    = (call->b >> 30 == 2 ? area_of (&run->globals, struct value) : frame) + (call->b & REGISTER_MASK);
  if (function->kind != KIND_FUNCTION)
    return CALLS_NOTHING;
  return function->function->built_in ? CALLS_BUILT_IN : function->function->prototype;
}

/* Where the registers of a frame are, and those of the next one. */
static struct standing
standing_in (const struct run *run, const struct value *frame)
{
  return (struct standing){
    .base = run->frames.used ? base_on_stack (run, (size_t)((const char *)frame - run->stack.start)) : 0,
    .callee = base_on_stack (run, run->stack.used)
  };
}

static void
hear (void *data, const struct run *run, uint32_t place, const struct value *frame)
{
  struct flow *flow = data;
  flow_use_patience (flow);
  const struct instruction *instruction = area_of (&run->program->code, struct instruction) + place;
  struct standing standing = standing_in (run, frame);
  if (instruction->code == CODE_CALL)
    standing.called = called_by (run, instruction, frame);
  if (instruction->code == CODE_RETURN)
    {
      const size_t depth = area_count (&run->frames, struct frame);
      const struct frame *frames = area_of (&run->frames, struct frame);
      standing.call = frames[depth - 1].place;
      standing.caller = depth > 1 ? base_on_stack (run, frames[depth - 2].base) : 0;
    }
  flow_step (flow, run, place, &standing);
}

static void
hear_turns (void *data, const struct run *run, const struct turns *turns, const struct value *frame)
{
  const struct standing standing = standing_in (run, frame);
  flow_turns_pass (data, run, turns, &standing);
}

/* The run itself. What it says of where it stopped is of no interest. */
static void
follow (struct flow *flow, const struct area *files)
{
  const struct listener listener = { .instruction = hear, .turns = hear_turns, .data = flow };
  struct again again;
  again_open (&again, flow->program, flow->diagnostics, files);
  run_listen (&again.run, &listener);
  flow->stop = &again.stop;
  again.run.purpose = PURPOSE_VALUES; /* what is made of what shows without derivatives */
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
  flow_turns_open (&flow->turns, memory, what);
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
  flow_turns_close (&flow->turns);
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
