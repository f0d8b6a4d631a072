/* graph_maker.h -- makes the graph of a run's steps (report/graph.h) from its tape and what was kept of it. */
#ifndef GRADCALC_GRAPH_MAKER_H
#define GRADCALC_GRAPH_MAKER_H

#include "report/graph.h"
#include "results/results.h"
#include "tape/forward.h"

/* A graph that is being made, from a run that was watched (watch.h). */
struct graph_maker
{
  struct results *results;
  const struct watch *watch;
  size_t first_target, target_count; /* of the results: those that are summed, or one */
  uint32_t *step_of; /* by node: its step plus one, or 0 */
  uint32_t *nodes;   /* by step: its node */
  uint32_t node_count;
  struct graph_step *steps;
  struct graph_edge *edges;
  uint32_t *links; /* by edge: the tape's link that it is */
  struct result_numbers numbers;
  struct graph graph;
};

/* The operands of a node, link by link: what stands in `operands` of the tape, its size left out. */
static inline const uint32_t *
graph_links (const struct tape *tape, uint32_t node, uint32_t *count)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  uint32_t first = ends[node - 1];
  first += first < ends[node] && operands[first] == LINK_SIZE;
  *count = ends[node] - first;
  return operands + first;
}

/* Numbers that live as long as the results, all zero. */
static inline double *
graph_numbers (struct graph_maker *maker, size_t count)
{
  return results_numbers (maker->results, &maker->numbers, count);
}

/* graph_text.c: names and texts of the steps. */
void graph_describe (struct graph_maker *maker);
/* graph_turns.c: which turns of loops are passed over: of those with more than four all but the first two and the last;
   with `all` none. Counts their turns. */
void graph_fold (struct graph_maker *maker, bool all);
/* graph_part.c: the functions that steps are in, and the branches that were not taken. */
void graph_find_parts (struct graph_maker *maker);
/* graph_edge.c: the local derivatives, and what is passed on by them, after a reverse sweep that kept the steps' nodes
   or after a forward one; the other is NULL. */
void graph_derive (struct graph_maker *maker, const struct reverse *reverse, const struct forward *forward);
/* What an adjoint of a step passes back by one edge alone, to `passed`, which is all zero. */
void graph_pass (const struct graph_maker *maker, uint32_t step, uint32_t edge, const double *adjoint, double *passed);
/* graph_paths.c: the paths by which the only source reaches the target, those that count most. After graph_derive. */
void graph_find_paths (struct graph_maker *maker);

#endif
