/* symbolic.h -- gradients as formulas in the program's own names. */
#ifndef GRADCALC_SYMBOLIC_H
#define GRADCALC_SYMBOLIC_H

#include "explain/term.h"
#include "program/run.h"

enum
{
  NO_TERM = UINT32_MAX
};

/* What a run did, step by step, and then as formulas. */
struct symbolic
{
  struct run *run;
  struct witness witness;
  struct area steps;    /* struct symbolic_step, in order */
  struct area operands; /* struct symbolic_operand */
  struct area of_node;  /* uint32_t: the step of a node, plus one */
  struct area views;    /* struct symbolic_view */
  struct terms terms;
  char trouble[80]; /* why there is no formula; empty when there is one */
  uint32_t place;   /* where it is, or UINT32_MAX */
  bool loops;       /* a place was passed twice */
  bool whole;       /* names stand for whole values alone: no element goes by the name of what it became a part of */
};

/* Makes a run tell its steps; before it runs. */
void symbolic_open (struct symbolic *formulas, struct run *run);
void symbolic_close (struct symbolic *formulas);

/* After the run: the gradient of a value of the run (of the sum of its elements) in each of `count` others: formulas in
   the names that variables have at the end, or NO_TERM where there is no dependence. False where something has no
   formula: `trouble` and `place` say what and where. */
bool symbolic_gradient (struct symbolic *formulas, const struct value *target, uint32_t count,
                        const struct value *sources, uint32_t *results);

/* The sum of two gradients, of which either may be NO_TERM; a term as one of a shape: what stands for all elements is
   spread. */
uint32_t symbolic_sum (struct symbolic *formulas, uint32_t a, uint32_t b);
uint32_t symbolic_spread (struct symbolic *formulas, uint32_t term, const struct shape *shape);

/* A function in C of the sources that returns the target, a number, and stores its derivatives, `gradients`; NULL where
   it cannot be written, with `trouble`. The caller frees it. */
char *symbolic_c (struct symbolic *formulas, const char *name, const struct value *target, uint32_t count,
                  const struct value *sources, const uint32_t *gradients);

/* The text of a formula, or NULL when it would be too long. The caller frees it. */
char *symbolic_text (const struct symbolic *formulas, uint32_t term, enum term_format format);

#endif
