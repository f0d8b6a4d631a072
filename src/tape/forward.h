/* forward.h -- tangents: what a change of the sources does to each value. */
#ifndef GRADCALC_FORWARD_H
#define GRADCALC_FORWARD_H

#include "tape/tape.h"

/* The tangent of one node: a number, or an array's elements (NULL is all zeros). */
union tangent
{
  double number;
  double *elements;
};

struct forward
{
  const struct tape *tape;
  struct area tangents; /* union tangent, one for each node */
  struct area elements; /* double: those of arrays, as they are reached */
};

/* Prepares a sweep over `tape`, all tangents zero. */
void forward_open (struct forward *forward, const struct tape *tape);
void forward_close (struct forward *forward);

/* Sets the tangent of a source: as many elements as its node has. */
void forward_seed (struct forward *forward, uint32_t node, const double *elements);

/* Sweeps from the first node up to `last`. */
void forward_run (struct forward *forward, uint32_t last);

void forward_read (const struct forward *forward, uint32_t node, size_t size, double *elements);

#endif
