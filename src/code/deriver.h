/* deriver.h -- what a run knows of derivatives: whom to call. */
#ifndef GRADCALC_DERIVER_H
#define GRADCALC_DERIVER_H

#include "ops/ops.h"
#include "value/value.h"

struct program;
struct run;

struct deriver
{
  /* From now on the run keeps what made each node, so that gradients of its values can be recorded. Before it runs. */
  void (*open) (struct run *run);
  void (*close) (struct run *run);
  /* grad and its kin called with values (y, x and what weighs, as ops.def has them; x may be a tuple of values), at
     `place`. Of a function it gives a function. References of the arguments stay. */
  struct value (*derive) (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count);
  /* What grad(f)(a) needs before f is called: a new source in the place of argument `a`, whose reference it takes
     over. And after it: the derivative of its result, whose reference it takes over. */
  struct value (*source) (struct run *run, uint32_t place, struct value argument);
  struct value (*result) (struct run *run, uint32_t place, enum op op, struct value result,
                          const struct value *source);
  /* Between two instructions, when a derivative has been taken. */
  void (*derived) (struct run *run);
  /* Gives back what was made for the program. */
  void (*forget) (struct program *program);
};

#endif
