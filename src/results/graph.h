/* graph.h -- makes the graph of a run's steps (report/graph.h) from its tape and what was kept of it. */
#ifndef GRADCALC_RESULTS_GRAPH_H
#define GRADCALC_RESULTS_GRAPH_H

#include "report/graph.h"
#include "results/results.h"
#include "tape/forward.h"

/* A graph that is being made, from a run that was watched (watch.h). */
struct graph_maker
{
  struct results *results;
  const struct watch *watch;
  uint32_t *step_of; /* by node: its step plus one, or 0 */
  uint32_t *nodes;   /* by step: its node */
  uint32_t node_count;
  struct graph_step *steps;
  struct graph_edge *edges;
  struct graph graph;
};

/* graph_text.c: names and texts of the steps. */
void graph_describe (struct graph_maker *maker);
/* graph_turns.c: which turns of loops are passed over: of those with more than four all but the first two and the last;
   with `all` none. Counts their turns. */
void graph_fold (struct graph_maker *maker, bool all);
/* graph_edge.c: the local derivatives, and what is passed on by them, after a reverse sweep that kept the steps' nodes
   or after a forward one; the other is NULL. */
void graph_derive (struct graph_maker *maker, const struct reverse *reverse, const struct forward *forward);

#endif
