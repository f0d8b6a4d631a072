/* flow_graph.c -- what was made of what: unions of sources, and where paths from them end. */
#include "explain/flow_graph.h"

#include <stdlib.h>
#include <string.h>

enum
{
  NODE_LIMIT = 1 << 24,
  BREAK_LIMIT = 1 << 16,
  CONTENT_LIMIT = 32 /* sources */
};

void
flow_graph_open (struct flow_graph *graph, struct memory *memory)
{
  const char *what = "the explanation";
  *graph = (struct flow_graph){ .clock = 0 };
  area_open (&graph->nodes, memory, NODE_LIMIT * sizeof (struct flow_node), what);
  area_open (&graph->entries, memory, NODE_LIMIT * CONTENT_LIMIT * sizeof (struct flow_entry), what);
  area_open (&graph->breaks, memory, BREAK_LIMIT * sizeof (struct flow_break), what);
  area_open (&graph->first, memory, NODE_LIMIT * sizeof (uint32_t), what);
  area_open (&graph->next, memory, NODE_LIMIT * 2 * sizeof (uint32_t), what);
  area_open (&graph->states, memory, NODE_LIMIT * sizeof (uint32_t), what);
  area_open (&graph->reached, memory, NODE_LIMIT * sizeof (uint32_t), what);
  lookup_open (&graph->known, memory, what);
  area_add (&graph->nodes, struct flow_node);
}

void
flow_graph_close (struct flow_graph *graph)
{
  struct area *areas[]
    = { &graph->nodes, &graph->entries, &graph->breaks, &graph->first,
                             &graph->next,  &graph->states,  &graph->reached };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  lookup_close (&graph->known);
}

/* What a node depends on, as long as that is little, in the order of the sources' nodes. */
struct content
{
  struct flow_entry entries[CONTENT_LIMIT];
  uint32_t count; /* more than the limit: too much */
};

static void
add_entry (struct content *content, struct flow_entry entry)
{
  if (content->count < CONTENT_LIMIT)
    content->entries[content->count] = entry;
  content->count += content->count <= CONTENT_LIMIT;
}

/* Of two states that which is alive counts, else the first that once was. */
static uint32_t
state_of_both (uint32_t a, uint32_t b)
{
  return a == FLOW_LIVE || b == FLOW_CLEAN ? a : b == FLOW_LIVE || a == FLOW_CLEAN ? b : a;
}

static uint32_t
state_behind (uint32_t state, uint32_t broken)
{
  return broken && state == FLOW_LIVE ? broken - 1 + FLOW_BROKEN : state;
}

/* What a node that is made in that way would depend on. */
static void
content_of (const struct flow_graph *graph, const struct flow_node *made, struct content *content)
{
  const struct flow_entry *entries = area_of (&graph->entries, struct flow_entry);
  const struct flow_node *a = flow_node_at (graph, made->from[0]), *b = flow_node_at (graph, made->from[1]);
  content->count = a->entry_count > CONTENT_LIMIT || b->entry_count > CONTENT_LIMIT ? CONTENT_LIMIT + 1 : 0;
  for (uint32_t i = 0, j = 0; content->count <= CONTENT_LIMIT && (i < a->entry_count || j < b->entry_count);)
    {
      const struct flow_entry none = { UINT32_MAX, FLOW_CLEAN };
      const struct flow_entry of_a = i < a->entry_count ? entries[a->entry + i] : none,
                              of_b = j < b->entry_count ? entries[b->entry + j] : none;
      const bool takes_a = of_a.source <= of_b.source, takes_b = of_b.source <= of_a.source;
      const uint32_t state = state_of_both (takes_a ? of_a.state : FLOW_CLEAN, takes_b ? of_b.state : FLOW_CLEAN);
      const uint32_t source = takes_a ? of_a.source : of_b.source;
      add_entry (content, (struct flow_entry){ source, state_behind (state, made->broken) });
      i += takes_a;
      j += takes_b;
    }
}

static uint32_t
hash_of_content (const struct content *content)
{
  uint64_t hash = content->count;
  for (uint32_t i = 0; i < content->count; i++)
    hash = hash_word (hash ^ ((uint64_t)content->entries[i].source << 32 | content->entries[i].state));
  return (uint32_t)hash;
}

/* Of what is little the content tells nodes apart, of others, and of sources' own nodes, how they are made. */
static bool
is_same (const struct flow_graph *graph, const struct flow_node *node, const struct flow_node *made,
         const struct content *content)
{
  if (made->source || made->entry_count > CONTENT_LIMIT)
    return node->from[0] == made->from[0] && node->from[1] == made->from[1] && node->broken == made->broken
           && node->source == made->source;
  const size_t size = content->count * sizeof *content->entries;
  return node->entry_count == content->count
         && memcmp (area_of (&graph->entries, struct flow_entry) + node->entry, content->entries, size) == 0;
}

/* The node that is made of others in that way, made when there is none yet. */
static uint32_t
node_of (struct flow_graph *graph, uint32_t a, uint32_t b, uint32_t broken, uint32_t source)
{
  struct flow_node made = { .from = { a, b }, .broken = broken, .source = source };
  const uint32_t number = (uint32_t)area_count (&graph->nodes, struct flow_node);
  struct content content;
  content_of (graph, &made, &content);
  if (source)
    add_entry (&content, (struct flow_entry){ number, FLOW_LIVE });
  made.entry_count = content.count;
  uint32_t hash = made.source || made.entry_count > CONTENT_LIMIT
                    ? (uint32_t)hash_word (((uint64_t)a << 32 | b)
                                           ^ hash_word ((uint64_t)broken << 32 | (uint64_t)source << 1 | 1))
                    : hash_of_content (&content);
  uint32_t found;
  for (size_t at = hash; (found = lookup_next (&graph->known, hash, &at)) != UINT32_MAX;)
    if (is_same (graph, flow_node_at (graph, found), &made, &content))
      return found;
  if (number == NODE_LIMIT)
    {
      graph->full = true;
      return a;
    }
  if (made.entry_count <= CONTENT_LIMIT)
    {
      const size_t size = made.entry_count * sizeof (struct flow_entry);
      made.entry = (uint32_t)area_count (&graph->entries, struct flow_entry);
      memcpy (area_push (&graph->entries, size), content.entries, size);
    }
  *area_add (&graph->nodes, struct flow_node) = made;
  lookup_add (&graph->known, hash, number);
  return number;
}

uint32_t
flow_source_node (struct flow_graph *graph, uint32_t source, uint32_t node)
{
  return node_of (graph, node, 0, 0, source);
}

uint32_t
flow_join (struct flow_graph *graph, uint32_t a, uint32_t b)
{
  if (!b || a == b)
    return a;
  if (!a)
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

static uint32_t
state_of (const struct flow_graph *graph, uint32_t node)
{
  const uint32_t *states = area_of (&graph->states, uint32_t);
  const struct flow_node *made = flow_node_at (graph, node);
  return state_behind (state_of_both (states[made->from[0]], states[made->from[1]]), made->broken);
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
