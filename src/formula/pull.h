/* pull.h -- what functions are, and what their slopes are, as terms. */
#ifndef GRADCALC_PULL_H
#define GRADCALC_PULL_H

#include "formula/term.h"
#include "tape/tape.h"
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
  uint32_t value, own; /* the result, and what it is where that is but a name */
  uint32_t adjoint;
  struct shape shape;         /* of the result */
  const struct value *result; /* of pull_back */
  const struct tape *tape;
  uint32_t node; /* of the result */
};

/* The result of a step as a term; none where it cannot be written. */
uint32_t pull_value (struct pulled *call);
/* pull_slope.c: the same as pull_value and pull_back of a function of elements. */
uint32_t pull_meaning (const struct pulled *call);
uint32_t pull_elementwise (struct pulled *call, uint32_t k);

/* What operand k gets from the adjoint: of its shape, or fewer elements that are spread to it. */
uint32_t pull_back (struct pulled *call, uint32_t k);
uint32_t pull_reshaped (struct terms *terms, uint32_t term, const struct shape *shape);
/* The sum of a term of shape `wide` over what an operand of shape `shape` was spread along. */
uint32_t pull_sum (struct terms *terms, uint32_t term, const struct shape *wide, const struct shape *shape);
/* Whether an operand is a number or an array, and so has a term; not a slice, None, a text. */
static inline bool
pull_has_term (const struct value *operand)
{
  return value_is_number (operand) || operand->kind == KIND_ARRAY;
}

/* pull_algebra.c: the same as pull_value and pull_back of matrices; false for anything else. */
bool pull_algebra_value (const struct pulled *call, uint32_t *value);
bool pull_algebra_back (const struct pulled *call, uint32_t k, uint32_t *back);

/* The part of operand 0 that the indices from operand `first` on select; false where it is no block: steps, lists,
   masks, None. */
bool pull_cut (const struct pulled *call, uint32_t first, struct cut *cut);
/* An array of at most 64 elements in row-major order, written out; of rank 1 or 2. */
uint32_t pull_listed (struct terms *terms, const uint32_t *elements, const struct shape *shape);

/* pull_parts.c: the same as pull_value and pull_back of what takes elements, replaces them or puts them together; false
   for anything else. */
bool pull_part_value (const struct pulled *call, uint32_t *value);
bool pull_part_back (const struct pulled *call, uint32_t k, uint32_t *back);
/* What takes elements at places that are known from its link: each goes back to its place. */
uint32_t pull_taken_back (const struct pulled *call, uint32_t k);

/* pull_softmax.c: what each element has in a sum of exponentials, the slope of logsumexp: softmax, where it goes along
   the same axis; and the same as pull_back of softmax and log_softmax. */
uint32_t pull_shares (struct pulled *step);
uint32_t pull_softened (struct pulled *step, uint32_t k);

/* pull_shape.c: a call of a function as it is written, and what its operands get of functions that join arrays, move
   elements or go over an axis. */
uint32_t pull_call (const struct pulled *call);
bool pull_shape_back (struct pulled *call, uint32_t k, uint32_t *back);
/* A slope that is 0 where the result, `value` with its axis, is 0: where that is so in the run, or may be. */
uint32_t pull_unless_zero (const struct pulled *call, uint32_t value, uint32_t slope);
/* Of an extreme along an axis, the parameter `axis_at`: what each element of x gets of the adjoint, which has the axis.
   Those that are the extreme and tie share it alike. */
uint32_t pull_ties (struct pulled *call, uint32_t x, uint32_t axis_at, uint32_t adjoint);
/* A result along an axis, or its adjoint, with the axis that was lost. */
uint32_t pull_expanded (struct pulled *call, uint32_t term, uint32_t axis_at);

#endif
