/* rounding.h -- what rounding can do to the values that a program computes, to first order.

   Every number that was read is off by half a unit of its last digit, unless it is whole, and every step's result by
   its function's accuracy (ops/accuracy.h); each of these is carried on by the derivatives of the steps behind it.
   There are two ways to add them up:

   - a running bound, in one pass over the run for all elements of all values. Where two errors are the same one and
     would cancel, it adds them up;
   - the sharp one: the adjoints of one element swept back over all steps, and |adjoint| times what each step is off by.
     It costs a sweep over the run for each element.

   (Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapters 3 and 26: running error analysis; Linnainmaa,
   Taylor expansion of the accumulated rounding error, 1976.)

   A gradient is a value like others: it is recorded as the steps of the sweep, so their rounding counts as well. Loops
   and groups go step by step. Choices (`if`, comparisons, `floor`) are taken for right. */
#ifndef GRADCALC_ROUNDING_H
#define GRADCALC_ROUNDING_H

#include "check/points.h"

/* A run of the program, complete (machine/complete.h), and what is known of its values. */
struct rounding
{
  bool beyond;          /* bounds also tell what comes beyond the first order; may be set once it is open */
  bool failed;          /* memory ran out, or a derivative could not be recorded: nothing more is known */
  struct again again;   /* the run: its values stand in again.run.globals, .inputs, .wanted */
  struct area bounds;   /* double: of each node's elements, how far off they can be */
  struct area own;      /* double, beside it: by the step's own rounding alone */
  struct area starts;   /* size_t, by node: where its elements begin in both */
  struct area adjoints; /* struct array *, by node: of a sharp sweep at work */
  size_t sharpened;     /* nodes that sweeps visited to make running bounds sharp */
};

enum
{
  ROUNDING_ALL = -1
};

/* Runs the program where its inputs are, or were moved to; false when it does not come through there, or there is no
   room. Closed whatever comes of it; it stays where it was opened. */
bool rounding_open (struct rounding *rounding, const struct points *points);
void rounding_close (struct rounding *rounding);

/* The derivative of a value of that run (of the sum of its elements, ROUNDING_ALL, or of one of them) in another, as a
   value of the run that has the source's shape: recorded, so that its rounding is known. False when there is no
   connection, or it could not be recorded. */
bool rounding_derivative (struct rounding *rounding, const struct value *target, ptrdiff_t element,
                          const struct value *source, struct value *derivative);

/* How far off each element of a value of that run can be, into as many `bounds` as it has elements: INFINITY where
   nothing is known, 0 of whole numbers that were never rounded. */
void rounding_of_value (struct rounding *rounding, const struct value *value, double *bounds);

/* What the sharp sweep of one element comes by: a node of the run, whose elements, with these adjoints, are off by
   `own` of their own rounding and by at most `bounds` in all. From the last node to the first. */
struct rounding_met
{
  uint32_t node;
  size_t size;
  const double *adjoints, *own, *bounds;
};

/* The same sweep, for who wants to know what the bound is made of. False when it cannot be made. */
bool rounding_sweep (struct rounding *rounding, const struct value *value, size_t element,
                     void (*meet) (void *data, const struct rounding_met *met), void *data);

/* How far off the elements of a node can be. After a sweep that met it. */
const double *rounding_of_node (const struct rounding *rounding, uint32_t node);

/* The sharp bound of one element; never above the running one but by rounding of its own. */
double rounding_of_element (struct rounding *rounding, const struct value *value, size_t element);

#endif
