/* flow_graph.c -- what was made of what: unions of sources, and where paths from them end. */
#include "explain/flow_graph.h"

#include <stdlib.h>

enum
{
  NODE_LIMIT = 1 << 24,
  BREAK_LIMIT = 1 << 16
};

void
flow_graph_open (struct flow_graph *graph, struct memory *memory)
{
  const char *what = "the explanation";
  *graph = (struct flow_graph){ .clock = 0 };
  area_open (&graph->nodes, memory, NODE_LIMIT * sizeof (struct flow_node), what);
  area_open (&graph->breaks, memory, BREAK_LIMIT * sizeof (struct flow_break), what);
  area_open (&graph->first, memory, NODE_LIMIT * sizeof (uint32_t), what);
  area_open (&graph->next, memory, NODE_LIMIT * 2 * sizeof (uint32_t), what);
  area_open (&graph->states, memory, NODE_LIMIT * sizeof (uint32_t), what);
  area_open (&graph->reached, memory, NODE_LIMIT * sizeof (uint32_t), what);
  lookup_open (&graph->unions, memory, what);
  area_add (&graph->nodes, struct flow_node);
}

void
flow_graph_close (struct flow_graph *graph)
{
  struct area *areas[]
    = { &graph->nodes, &graph->breaks, &graph->first, &graph->next, &graph->states, &graph->reached };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  lookup_close (&graph->unions);
}

/* The node that is made of others in that way, made when there is none yet. */
static uint32_t
node_of (struct flow_graph *graph, uint32_t a, uint32_t b, uint32_t broken, uint32_t source)
{
  uint32_t hash
    = (uint32_t)hash_word (((uint64_t)a << 32 | b) ^ hash_word ((uint64_t)broken << 32 | (uint64_t)source << 1 | 1));
  uint32_t found;
  for (size_t at = hash; (found = lookup_next (&graph->unions, hash, &at)) != UINT32_MAX;)
    {
      const struct flow_node *node = flow_node_at (graph, found);
      if (node->from[0] == a && node->from[1] == b && node->broken == broken && node->source == source)
        return found;
    }
  uint32_t made = (uint32_t)area_count (&graph->nodes, struct flow_node);
  if (made == NODE_LIMIT)
    {
      graph->full = true;
      return a;
    }
  *area_add (&graph->nodes, struct flow_node)
    = (struct flow_node){ .from = { a, b }, .broken = broken, .source = source };
  lookup_add (&graph->unions, hash, made);
  return made;
}

/* Whether a node is a plain union that has another one in it. */
static bool
has (const struct flow_graph *graph, uint32_t node, uint32_t other)
{
  const struct flow_node *known = flow_node_at (graph, node);
  return !known->broken && !known->source && (known->from[0] == other || known->from[1] == other);
}

uint32_t
flow_source_node (struct flow_graph *graph, uint32_t source, uint32_t node)
{
  return node_of (graph, node, 0, 0, source);
}

uint32_t
flow_join (struct flow_graph *graph, uint32_t a, uint32_t b)
{
  if (!b || a == b || (a && has (graph, a, b)))
    return a;
  if (!a || has (graph, b, a))
    return b;
  return node_of (graph, a, b, 0, 0);
}

uint32_t
flow_end (struct flow_graph *graph, uint32_t node, const char *code, const char *words, struct span span)
{
  if (!node)
    return node;
  size_t count = area_count (&graph->breaks, struct flow_break);
  const struct flow_break *breaks = area_of (&graph->breaks, struct flow_break);
  /* A loop breaks the path at the same place again and again. */
  for (size_t i = count; i-- > 0 && i + 16 > count;)
    if (breaks[i].span.start == span.start && breaks[i].code == code)
      return node_of (graph, node, 0, (uint32_t)i + 1, 0);
  if (count < BREAK_LIMIT)
    *area_add (&graph->breaks, struct flow_break) = (struct flow_break){ code, words, span };
  return node_of (graph, node, 0, (uint32_t)(count < BREAK_LIMIT ? count + 1 : count), 0);
}

void
flow_read (struct flow_graph *graph, uint32_t node, struct span span)
{
  if (!node)
    return;
  struct flow_node *read = flow_node_at (graph, node);
  read->last_read = ++graph->clock;
  if (!read->read.at)
    read->read = (struct reading){ graph->clock, span };
}

void
flow_decide (struct flow_graph *graph, uint32_t node, struct span span)
{
  if (node && !flow_node_at (graph, node)->condition.at)
    flow_node_at (graph, node)->condition = (struct reading){ ++graph->clock, span };
}

/* Children by their parents: the first of each, and of each child the next one for either of its parents. */
void
flow_link (struct flow_graph *graph)
{
  uint32_t count = (uint32_t)area_count (&graph->nodes, struct flow_node);
  uint32_t *first = area_push (&graph->first, count * sizeof *first);
  uint32_t *next = area_push (&graph->next, 2 * count * sizeof *next);
  area_push (&graph->states, count * sizeof (uint32_t));
  for (uint32_t child = count; child-- > 1;)
    for (uint32_t k = 0; k < 2; k++)
      {
        uint32_t parent = flow_node_at (graph, child)->from[k];
        if (!parent)
          continue;
        next[2 * child + k] = first[parent];
        first[parent] = 2 * child + k;
      }
}

static int
by_number (const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Of two parents the one that is alive counts, else the first that once was. */
static uint32_t
state_of (const struct flow_graph *graph, uint32_t node)
{
  const uint32_t *states = area_of (&graph->states, uint32_t);
  const struct flow_node *made = flow_node_at (graph, node);
  uint32_t a = states[made->from[0]], b = states[made->from[1]];
  uint32_t state = a == FLOW_LIVE || b == FLOW_CLEAN ? a : b == FLOW_LIVE || a == FLOW_CLEAN ? b : a;
  return made->broken && state == FLOW_LIVE ? made->broken - 1 + FLOW_BROKEN : state;
}

void
flow_reach (struct flow_graph *graph, uint32_t node)
{
  const uint32_t *first = area_of (&graph->first, uint32_t), *next = area_of (&graph->next, uint32_t);
  uint32_t *states = area_of (&graph->states, uint32_t);
  graph->reached.used = 0;
  *area_add (&graph->reached, uint32_t) = node;
  states[node] = FLOW_LIVE;
  for (size_t i = 0; i < area_count (&graph->reached, uint32_t); i++)
    for (uint32_t child = first[area_of (&graph->reached, uint32_t)[i]]; child; child = next[child])
      if (states[child / 2] == FLOW_CLEAN)
        {
          states[child / 2] = FLOW_LIVE;
          *area_add (&graph->reached, uint32_t) = child / 2;
        }
  uint32_t *reached = area_of (&graph->reached, uint32_t);
  size_t count = area_count (&graph->reached, uint32_t);
  /* Parents have lower numbers. */
  qsort (reached, count, sizeof *reached, by_number);
  for (size_t i = 1; i < count; i++)
    states[reached[i]] = state_of (graph, reached[i]);
}

void
flow_forget (struct flow_graph *graph)
{
  for (size_t i = 0; i < area_count (&graph->reached, uint32_t); i++)
    area_of (&graph->states, uint32_t)[area_of (&graph->reached, uint32_t)[i]] = FLOW_CLEAN;
}
