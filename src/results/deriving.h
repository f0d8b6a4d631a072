/* deriving.h -- the variables that a derivation goes through, and which of them each is made of. */
#ifndef GRADCALC_DERIVING_H
#define GRADCALC_DERIVING_H

#include "results/results.h"

/* A variable of the program that has had one value, which the target depends on. */
struct variable_at
{
  const char *name;
  struct value value;
  struct span span;  /* of the left side */
  size_t users;      /* variables that are made of it, and whose lines are still to come */
  bool source;       /* its derivative was asked for */
  uint32_t term;     /* the target's derivative in it */
};

struct deriving
{
  struct results *results;
  struct symbolic *formulas;
  const struct result_target *target;
  struct variable_at *variables; /* in the order of their nodes */
  size_t count;
  uint32_t *of_node; /* the variable that a node is, plus one, or 0 */
  unsigned char *marks; /* by node: DERIVING_NEEDED by the target, DERIVING_REACHED by a source */
  bool *direct;         /* [user * count + operand] */
  uint32_t *operands;   /* the same as lists in ascending order, one behind the other, ... */
  size_t *ends;         /* ... and by user, from 1, where its list ends */
  bool *held, *below;   /* by node, none set: room for what is held, and what is below, while one step is looked at */
  bool **reached; /* by variable, as far as it was asked: what depends on it */
  struct area lines;  /* struct working_line */
  struct area terms;  /* uint32_t, by line: NO_TERM where there is none */
};

enum
{
  DERIVING_NEEDED = 1,
  DERIVING_REACHED = 2
};

/* Finds the variables for the target that is set, and what they are made of. */
void deriving_open (struct deriving *deriving);

/* Zeroed room that lasts as long as the results. */
void *deriving_room (const struct deriving *deriving, size_t count, size_t size);

/* The variables that one is made of with none between, in ascending order. */
const uint32_t *deriving_operands (const struct deriving *deriving, size_t user, size_t *count);

/* Whether a variable is made of another with none between. */
bool deriving_is_direct (const struct deriving *deriving, size_t user, size_t operand);

/* Whether another variable of the step that makes `user` has to be held for its derivative in `operand` by this step
   alone: one that depends on the operand. */
bool deriving_holds (const struct deriving *deriving, size_t user, size_t operand, size_t other);

/* Whether there is none. */
bool deriving_is_partial (const struct deriving *deriving, size_t user, size_t operand);

#endif
