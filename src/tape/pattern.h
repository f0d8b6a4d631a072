/* pattern.h -- which elements of the sources each element of a value can depend on: the nonzeros of a Jacobian. */
#ifndef GRADCALC_PATTERN_H
#define GRADCALC_PATTERN_H

#include "tape/tape.h"

/* Sets of source elements by number; 0 is the empty one. The elements of a set rise. */
struct pattern
{
  const struct tape *tape;
  struct area sets;     /* struct pattern_set */
  struct area elements; /* uint32_t */
  struct area nodes;    /* of each node the position of its first element's set in `at`, plus one */
  struct area at;       /* uint32_t: set numbers */
  struct area scratch;  /* uint32_t */
  struct area heads;    /* uint32_t: zeros between two nodes */
  struct area touched;  /* uint32_t */
  bool full;            /* it became too large to be of use: everything may depend on everything */
};

struct pattern_set
{
  size_t start;
  uint32_t count;
};

/* Follows the links from the sources to the `count` results. Element k of source s has the number offsets[s] + k. */
void pattern_open (struct pattern *pattern, const struct tape *tape, const uint32_t *sources, const size_t *offsets,
                   size_t source_count, const uint32_t *results, size_t count);
void pattern_close (struct pattern *pattern);

/* The elements of sources that an element of a result depends on. Not for a full pattern. */
struct pattern_set pattern_of (const struct pattern *pattern, uint32_t node, size_t element);

#endif
