/* graph_part.c -- the functions that steps of a graph are in, and the branches that were not taken. */
#include "results/graph_maker.h"
#include "results/watch.h"

static void
extend (struct span *span, struct span by)
{
  uint32_t end = span->start + span->length, other = by.start + by.length;
  if (by.start >= span->start && other > end)
    span->length = other - span->start;
}

/* The functions of the program, by the order in which they begin. */
static void
list_functions (struct graph_maker *maker)
{
  const struct run *run = maker->results->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  size_t count = area_count (&syntax->nodes, struct node), found = 0, open = 0;
  for (size_t i = 0; i < count; i++)
    found += nodes[i].kind == SYNTAX_FUNCTION_BEGIN;
  struct graph_function *functions = results_held_room (maker->results, found + 1, sizeof *functions);
  size_t *stack = results_held_room (maker->results, found + 1, sizeof *stack);
  found = 0;
  for (size_t i = 0; i < count; i++)
    {
      if (nodes[i].kind == SYNTAX_FUNCTION_BEGIN)
        {
          stack[open++] = ++found;
          functions[found].span = node_span (&nodes[i]);
        }
      if (!open)
        continue;
      /* The end of a block is not in the tree: it is behind all that stands in it. */
      struct graph_function *function = &functions[stack[open - 1]];
      extend (&function->span, node_span (&nodes[i]));
      if (nodes[i].kind != SYNTAX_FUNCTION_END)
        continue;
      if (i + 1 < count && nodes[i + 1].kind == SYNTAX_DEFINE)
        function->name = names_text (run->program->names, nodes[i + 1].payload);
      if (--open)
        extend (&functions[stack[open - 1]].span, function->span);
    }
  maker->graph.functions = functions;
  for (size_t i = 0; i < maker->graph.step_count; i++)
    {
      struct graph_step *step = &maker->steps[i];
      /* Of those that it is in the last began within the others. */
      for (size_t k = 1; k <= found && !(step->marks & GRAPH_INPUT); k++)
        if (step->span.start >= functions[k].span.start
            && step->span.start < functions[k].span.start + functions[k].span.length)
          step->function = (uint32_t)k;
    }
}

/* The instructions that a condition left aside, of those it was met in one way alone; false where there are none. */
static bool
find_aside (const struct watch *watch, uint32_t place, uint32_t *begin, uint32_t *end)
{
  const struct instruction *code = area_of (&watch->run->program->code, struct instruction);
  unsigned ways = area_of (&watch->ways, unsigned char)[place];
  if (code[place].code != CODE_UNLESS || (ways != WAY_ON && ways != WAY_JUMP))
    return false;
  uint32_t target = code[place].a;
  bool has_other = target > 0 && code[target - 1].code == CODE_JUMP && code[target - 1].a > target;
  if (ways == WAY_ON && !has_other)
    return false;
  *begin = ways == WAY_JUMP ? place + 1 : target;
  *end = ways == WAY_ON ? code[target - 1].a : has_other ? target - 1 : target;
  return *begin < *end;
}

static uint32_t
find_next (const struct graph_maker *maker, struct span span)
{
  uint32_t next = (uint32_t)maker->graph.step_count - 1, start = UINT32_MAX;
  for (size_t i = 0; i < maker->graph.step_count; i++)
    {
      const struct graph_step *step = &maker->steps[i];
      if (step->span.start >= span.start + span.length && step->span.start < start
          && !(step->marks & (GRAPH_INPUT | GRAPH_PASSED_OVER)))
        {
          start = step->span.start;
          next = (uint32_t)i;
        }
    }
  return next;
}

static void
list_branches (struct graph_maker *maker)
{
  enum
  {
    MOST = 20 /* of which there are pictures */
  };
  const struct run *run = maker->results->run;
  const struct span *spans = area_of (program_spans (run->program, run->diagnostics), struct span);
  uint32_t count = (uint32_t)area_count (&run->program->code, struct instruction), begin, end;
  struct graph_branch *branches = results_held_room (maker->results, MOST, sizeof *branches);
  for (uint32_t place = 0; place < count && maker->graph.branch_count < MOST && maker->graph.step_count; place++)
    {
      struct span span = { 0 };
      if (!find_aside (maker->watch, place, &begin, &end))
        continue;
      for (uint32_t i = begin; i < end; i++)
        if (spans[i].start)
          {
            uint32_t stop = spans[i].start + spans[i].length, last = span.start + span.length;
            uint32_t start = span.start && span.start < spans[i].start ? span.start : spans[i].start;
            span = (struct span){ start, (stop > last ? stop : last) - start };
          }
      if (span.start)
        branches[maker->graph.branch_count++]
          = (struct graph_branch){ span, results_text (run, span), find_next (maker, span) };
    }
  maker->graph.branches = branches;
}

void
graph_find_parts (struct graph_maker *maker)
{
  list_functions (maker);
  list_branches (maker);
}
