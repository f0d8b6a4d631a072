/* condense.h -- nodes that depend on few sources by way of many others, linked to the sources themselves. */
#ifndef GRADCALC_CONDENSE_H
#define GRADCALC_CONDENSE_H

#include "tape/tape.h"

enum
{
  CONDENSE_SOURCES = 8
};

struct condensed
{
  struct memory *memory;
  const uint32_t *nodes, *sources;
  size_t node_count, source_count;
  size_t sizes[CONDENSE_SOURCES]; /* elements of each source */
  unsigned char *reached;         /* by node, the sources that it depends on, as bits */
  size_t *starts;                 /* by node, where its slopes begin: of each source that it depends on ... */
  double *slopes;                 /* ... a matrix, a row for each of its elements */
};

/* Finds the derivatives of `nodes` in `sources`, which depend on nothing; both rise. False, with nothing done, where
   that takes many sweeps or much room, the tape has loops or something is not finite. */
bool condense_open (struct condensed *condensed, const struct tape *tape, const uint32_t *sources, size_t source_count,
                    const uint32_t *nodes, size_t node_count);
/* When the tape was thinned out and the nodes became sources (tape_thin, with these numbers): gives them links. */
void condense_link (const struct condensed *condensed, struct tape *tape, const uint32_t *numbers);
void condense_close (struct condensed *condensed);

#endif
