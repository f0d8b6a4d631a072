/* pull.h -- what functions are, and what their slopes are, as terms. */
#ifndef GRADCALC_PULL_H
#define GRADCALC_PULL_H

#include "explain/term.h"
#include "value/value.h"

enum
{
  PULLED_MOST = 64
};

/* One step: the operator or ROUTINE_, its operands, its result. UINT32_MAX is no term. */
struct pulled
{
  struct terms *terms;
  uint32_t op, count;
  uint32_t operands[PULLED_MOST];
  struct value values[PULLED_MOST]; /* of the operands */
  uint32_t value, adjoint;
  struct shape shape; /* of the result */
};

/* The result of a step as a term; none where it cannot be written. */
uint32_t pull_value (struct pulled *call);
/* What operand k gets from the adjoint: of its shape, or fewer elements that are spread to it. */
uint32_t pull_back (struct pulled *call, uint32_t k);
/* A term that stands for each element of a shape, as one of that shape. */
uint32_t pull_spread (struct terms *terms, uint32_t term, const struct shape *shape);

#endif
