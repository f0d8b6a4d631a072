/* symbolic.h -- gradients as formulas in the program's own names. */
#ifndef GRADCALC_SYMBOLIC_H
#define GRADCALC_SYMBOLIC_H

#include "formula/term.h"
#include "machine/run.h"

enum
{
  SYMBOLIC_MOVING = 16
};

/* Origins of values on their way into a function, or out of it. */
struct symbolic_moving
{
  const struct value *frame; /* the registers that they leave */
  uint32_t count, origins[SYMBOLIC_MOVING];
  bool returns;
};

/* What a run did, step by step, and then as formulas. */
struct symbolic
{
  struct run *run;
  struct listener listener;
  struct trace trace;
  struct area steps;      /* struct symbolic_step: what else there is to say of each step of the trace */
  struct area operands;   /* struct symbolic_operand: the same of each operand */
  struct area writers;    /* uint32_t: of a register of a variable, the last step that gave its value, or 0 */
  struct area origins[2]; /* uint32_t: of a register, the step that gave what it holds, or 0 */
  struct symbolic_moving moving;
  struct area holders; /* uint32_t: of a node, the register of the first variable that has it at the end, plus one */
  struct area names;   /* uint32_t: of a register, its first name, plus one */
  struct area sources; /* uint32_t: of a node, the last of the sources that it is, plus one, ... */
  struct area alike;   /* ... and of a source the one before it of the same node */
  struct area views;   /* struct symbolic_view */
  struct area shares;  /* struct symbolic_share */
  struct terms terms;
  struct area parts;   /* uint32_t: terms that have names of their own, none before what is in it */
  struct area part_of; /* uint32_t: of a term, its place among them, plus one, or 0; none for the last terms */
  char letter;         /* that those names begin with */
  char trouble[80];    /* why there is no formula; empty when there is one */
  uint32_t place;      /* where it is, or UINT32_MAX */
  bool loops;          /* a place was passed twice */
  bool ordered;        /* the order of elements that vary was used */
  uint32_t frozen;     /* the first step that others than these inputs would change, and which stands as a number in a
                          formula; or 0 */
  const bool *held;    /* by node: what is held, so that no derivative goes through it; NULL: nothing is */
  bool whole;          /* names stand for whole values alone: no element goes by the name of what it became a part of */
};

/* Makes a run tell its steps; before it runs. */
void symbolic_open (struct symbolic *formulas, struct run *run);
void symbolic_close (struct symbolic *formulas);

/* After the run: whether it met numbers so large or small that powers and products of a few of them have none. */
bool symbolic_has_extremes (const struct symbolic *formulas);

/* After the run, and once `whole` and the terms' ways are set: what names and steps stand for. Before gradients. */
void symbolic_read (struct symbolic *formulas);

/* After symbolic_read: the gradient of a value of the run (of the sum of its elements) in each of `count` others:
   formulas in the names that variables have at the end, or NO_TERM where there is no dependence. False where something
   has no formula: `trouble` and `place` say what and where. */
bool symbolic_gradient (struct symbolic *formulas, const struct value *target, uint32_t count,
                        const struct value *sources, uint32_t *results);

/* A function in C of the sources that returns the target, a number, and stores its derivatives, `gradients`; NULL where
   it cannot be written, with `trouble`. The caller frees it. */
char *symbolic_c (struct symbolic *formulas, const char *name, const struct value *target, uint32_t count,
                  const struct value *sources, const uint32_t *gradients);

/* Finds the parts that some formulas have in common, within one or among them, and those that stand too deep: from then
   on `parts` has them, and texts have their names instead. Before, or with a count of 0, no part has a name. `costs` is
   for a program that will compute them, rather than for a reader: short ones count too. */
void symbolic_find_parts (struct symbolic *formulas, size_t count, const uint32_t *terms, bool costs);
/* The name of a part: t1 for 0, with another letter where the program has such names. */
enum
{
  PART_NAME = 16
};
void symbolic_part_name (const struct symbolic *formulas, uint32_t part, bool latex, char name[PART_NAME]);

/* The text of a formula; NULL with `trouble` when it cannot be written, without when it would be too long. Of a part,
   what it is with `open`, else its name. The caller frees it. */
char *symbolic_text (struct symbolic *formulas, uint32_t term, bool open, enum term_format format);

#endif
