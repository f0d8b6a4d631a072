/* pullback.h -- one step of a sweep that is itself recorded: from the adjoint of a result to that of an operand. */
#ifndef GRADCALC_PULLBACK_H
#define GRADCALC_PULLBACK_H

#include "derive/rulebook.h"
#include "machine/run.h"

/* The rules of the run's program at work: a run of them, which shares tape and arrays with the run it works for. */
struct pullbacks
{
  const struct rulebook *rules;
  struct run run;
  struct area texts; /* specifications of einsum that rules made */
};

void pullbacks_open (struct pullbacks *pullbacks, const struct run *run);
void pullbacks_close (struct pullbacks *pullbacks);

/* What operand k of a step gets from the adjoint `u` of its result: a value of the operand's shape, with a reference,
   recorded like any other unless values `alone` are wanted; KIND_NOTHING when nothing passes. */
struct value pullback (struct pullbacks *pullbacks, const struct step *step, uint32_t k, const struct value *u,
                       bool alone);

#endif
