/* pullback.h -- one step of a sweep that is itself recorded: from the adjoint of a result to that of an operand. */
#ifndef GRADCALC_PULLBACK_H
#define GRADCALC_PULLBACK_H

#include "program/run.h"
#include "syntax.h"

enum
{
  PULLBACK_OPERANDS = 4,
  PULLBACK_WANTED = 1,
  PULLBACK_THERE = 2
};

/* Those rules of rules.def that were needed so far, as a program of their own, which shares tape and arrays with the
 * run it works for. */
struct pullbacks
{
  const struct run *outer;
  uint8_t wanted[OPS]; /* PULLBACK_ bits */
  bool loaded;         /* those of this program are there, or some of them when that was not the end of it */
  struct names names;
  struct sources sources;
  struct syntax syntax;
  struct program program;
  struct run run;
  struct area texts;                           /* specifications of einsum that rules made */
  uint32_t prototypes[OPS][PULLBACK_OPERANDS]; /* plus one; 0 where there is no rule */
};

void pullbacks_open (struct pullbacks *pullbacks, const struct run *run);
void pullbacks_close (struct pullbacks *pullbacks);

/* Whether a function (an operator's number, or a ROUTINE_) has a rule of its own, and needs its operands for it. All
   others are what their links on the tape are. */
bool pullback_exists (uint32_t op);

/* What operand k of a step gets from the adjoint `u` of its result: a value of the operand's shape, with a reference,
   recorded like any other; KIND_NOTHING when nothing passes. */
struct value pullback (struct pullbacks *pullbacks, const struct step *step, const struct value *operands, uint32_t k,
                       const struct value *u);

#endif
