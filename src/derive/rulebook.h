/* rulebook.h -- the rules of rules.def that the gradients of a program can need. */
#ifndef GRADCALC_RULEBOOK_H
#define GRADCALC_RULEBOOK_H

#include "code/program.h"
#include "ops/ops.h"
#include "syntax.h"

enum
{
  RULE_OPERANDS = 4
};

/* A program of rules, with one function for each operand of each operator that the other program uses, or the rules
   themselves: a gradient can be differentiated again. Few are needed by most programs. */
struct rulebook
{
  uint8_t wanted[OPS];
  struct names names;
  struct sources sources;
  struct syntax syntax;
  struct program program;
  uint32_t prototypes[OPS][RULE_OPERANDS]; /* plus one; 0 where there is no rule */
  int8_t axes[OPS];                        /* op_axis of functions with structure, -1 of others */
};

/* Compiles the rules for a program, before it runs. */
struct rulebook *rulebook_open (const struct program *program);
void rulebook_close (struct rulebook *book);

#endif
