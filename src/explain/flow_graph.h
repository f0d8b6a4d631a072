/* flow_graph.h -- what was made of what: unions of sources, and where paths from them end. */
#ifndef GRADCALC_FLOW_GRAPH_H
#define GRADCALC_FLOW_GRAPH_H

#include "base/lookup.h"
#include "base/source.h"

/* Where a path from a source ends, for what comes out carries no gradient. */
struct flow_break
{
  const char *code, *words; /* "integer", "an integer" */
  struct span span;
};

/* A reading: when the first one was, and where. */
struct reading
{
  uint32_t at; /* 0: never */
  struct span span;
};

/* A value depends on the sources that `from` depend on, but for those whose path ends at a break. */
struct flow_node
{
  uint32_t from[2]; /* numbers of nodes made before it; 0: nothing */
  uint32_t broken;  /* number of a break, from 1; 0: none */
  uint32_t source;  /* of a source's own node, its number from 1; else 0 */
  uint32_t entry, entry_count; /* what it depends on among `entries`, if it is little */
  uint32_t last_read;
  struct reading read, condition;
};

/* What a value depends on: a source's node, and the state of that. */
struct flow_entry
{
  uint32_t source, state;
};

/* Node 0 is what no source reaches. Values that depend on the same are one node, as long as it is little, so that a
   loop makes none after a few turns, in whatever order its variables are made of one another. */
struct flow_graph
{
  struct area nodes;       /* struct flow_node */
  struct area entries;     /* struct flow_entry */
  struct area breaks;      /* struct flow_break */
  struct area first, next; /* uint32_t by node: its children, once they are linked */
  struct area states;      /* uint32_t by node: enum flow_state, while somebody asks */
  struct area reached;     /* uint32_t */
  struct lookup known;     /* nodes by what they depend on, or by what they are made of */
  uint32_t clock;          /* of readings, and of whatever else is put in order with them */
  bool full;               /* no more nodes are made */
};

/* The state of a node for the source that asks. From BROKEN on: it depended on it until the break of that number. */
enum flow_state
{
  FLOW_CLEAN,
  FLOW_LIVE,
  FLOW_BROKEN
};

void flow_graph_open (struct flow_graph *graph, struct memory *memory);
void flow_graph_close (struct flow_graph *graph);

static inline struct flow_node *
flow_node_at (const struct flow_graph *graph, uint32_t node)
{
  return area_of (&graph->nodes, struct flow_node) + node;
}

/* The own node of a source, from 1, whose value is made of another node. */
uint32_t flow_source_node (struct flow_graph *graph, uint32_t source, uint32_t node);
uint32_t flow_join (struct flow_graph *graph, uint32_t a, uint32_t b);
uint32_t flow_end (struct flow_graph *graph, uint32_t node, const char *code, const char *words, struct span span);
void flow_read (struct flow_graph *graph, uint32_t node, struct span span);
void flow_decide (struct flow_graph *graph, uint32_t node, struct span span);

/* Makes the lists of children, when the graph is whole. */
void flow_link (struct flow_graph *graph);
/* Finds what a source's node reaches: the nodes in `reached`, in the order in which they were made, with their states.
   The time is that of these nodes, sorted. */
void flow_reach (struct flow_graph *graph, uint32_t node);
void flow_forget (struct flow_graph *graph);

#endif
