/* adjoint.h -- the adjoints of a sweep that is recorded, each the sum of what its node's uses add to it. */
#ifndef GRADCALC_ADJOINT_H
#define GRADCALC_ADJOINT_H

#include "machine/run.h"

enum
{
  ADJOINT_WHOLE = UINT32_MAX
};

struct adjoints
{
  struct area slot_of; /* uint32_t, by node: its slot plus one */
  struct area slots;   /* struct waiting */
  struct area terms;
  struct area heap;   /* uint32_t: the nodes that wait, the latest on top */
  struct area places; /* uint32_t, by position: where the next term of an element goes */
};

/* A node that something was added to. */
struct waiting
{
  uint32_t node;
  uint32_t first, last; /* terms, plus one */
};

void adjoints_open (struct adjoints *adjoints, struct memory *memory);
void adjoints_close (struct adjoints *adjoints);

/* Adds to the adjoint of a node: a value of its shape, or (other positions than ADJOINT_WHOLE) a number to the element
   there. Takes over the reference. */
void adjoints_add (struct adjoints *adjoints, uint32_t node, struct value value, uint32_t position);
/* Whether something was added and has not been taken. */
bool adjoints_have (struct adjoints *adjoints, uint32_t node);
/* Takes the latest node that waits; false when none does. */
bool adjoints_next (struct adjoints *adjoints, struct waiting *waiting);
/* The adjoint of a node that was taken, whose shape is given, as steps of the run. Takes over the references. */
struct value adjoints_sum (struct adjoints *adjoints, struct run *run, const struct waiting *waiting,
                           const struct shape *shape);
/* After a sweep. */
void adjoints_clear (struct adjoints *adjoints);

/* What adjoints are added to: where the tape is careful, FLAT is where none came. */
struct value adjoint_empty (struct run *run, const struct shape *shape);

#endif
