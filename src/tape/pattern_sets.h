/* pattern_sets.h -- the sets of a pattern, as pattern.c and pattern_loop.c see them. */
#ifndef GRADCALC_PATTERN_SETS_H
#define GRADCALC_PATTERN_SETS_H

#include "tape/pattern.h"

/* The sets of the elements of a node that has such, in a row. */
static inline uint32_t *
pattern_sets (const struct pattern *pattern, uint32_t node)
{
  return area_of (&pattern->at, uint32_t) + area_of (&pattern->nodes, uint32_t)[node] - 1;
}

/* A set of elements that stand in `elements` from `start` on. */
uint32_t pattern_set_new (struct pattern *pattern, size_t start, uint32_t count);
/* Gives a node sets that are empty; false where there is no room for them. */
bool pattern_make (struct pattern *pattern, uint32_t node, size_t size);
/* The union of sets by number; a set that is there already is used again. */
uint32_t pattern_union (struct pattern *pattern, uint32_t *members, size_t count);

/* pattern_loop.c: sets of the state of a loop, from before its iterations to behind them. */
void pattern_loop (struct pattern *pattern, const struct loop *loop);

#endif
