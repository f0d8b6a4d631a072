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
  uint32_t value, own;              /* the result, and what it is where that is but a name */
  uint32_t adjoint;
  struct shape shape;         /* of the result */
  const struct value *result; /* of pull_back */
  const struct tape *tape;
  uint32_t node; /* of the result */
};

/* Whether an operand is a number or an array, and so has a term; not a slice, None, a text. */
static inline bool
pull_has_term (const struct value *operand)
{
  return value_is_number (operand) || operand->kind == KIND_ARRAY;
}

/* The result of a step as a term; none where it cannot be written. */
uint32_t pull_value (const struct pulled *step);
/* What operand k gets from the adjoint: of its shape, or fewer elements that are spread to it. */
uint32_t pull_back (const struct pulled *step, uint32_t k);

/* What follows is the same of one kind of function: without k, what operand 0 gets. */

/* pull_slope.c: functions of elements. */
uint32_t pull_meaning (const struct pulled *step);
uint32_t pull_elementwise (const struct pulled *step, uint32_t k);

/* pull_shape.c: a call of a function as it is written; the same function of another first operand, which is of the
   shape of the result, with the arguments as they were. */
uint32_t pull_call (const struct pulled *step);
uint32_t pull_same (const struct pulled *step, uint32_t first, const struct shape *shape);
/* The axis that was given, counted from the first of `rank`; `otherwise` when none was. */
int pull_axis (const struct pulled *step, int rank, int otherwise);
/* The part of the adjoint that an operand became; all of it, summed, laid out, in another order. */
uint32_t pull_joined (const struct pulled *step, uint32_t k);
uint32_t pull_padded (const struct pulled *step);
uint32_t pull_narrow (const struct pulled *step, uint32_t k);
uint32_t pull_laid_out (const struct pulled *step);
uint32_t pull_transposed (const struct pulled *step);
uint32_t pull_mirrored (const struct pulled *step);
uint32_t pull_rolled (const struct pulled *step);
uint32_t pull_diagonal (const struct pulled *step);

/* pull_fold.c: what goes over an axis, or over all elements. */
uint32_t pull_summed (const struct pulled *step);
uint32_t pull_mean (const struct pulled *step);
uint32_t pull_prod (const struct pulled *step);
uint32_t pull_cumsum (const struct pulled *step);
uint32_t pull_cumprod (const struct pulled *step);
uint32_t pull_extreme (const struct pulled *step, uint32_t k);
uint32_t pull_median (const struct pulled *step);
uint32_t pull_sorted (const struct pulled *step);
uint32_t pull_spread (const struct pulled *step);
uint32_t pull_norm (const struct pulled *step);
uint32_t pull_logsumexp (const struct pulled *step);
uint32_t pull_linspace (const struct pulled *step, uint32_t k);

/* pull_softmax.c */
uint32_t pull_softened (const struct pulled *step);

/* pull_algebra.c: matrices. */
uint32_t pull_einsum_value (const struct pulled *step);
uint32_t pull_product (const struct pulled *step, uint32_t k);
uint32_t pull_outer (const struct pulled *step, uint32_t k);
uint32_t pull_einsum (const struct pulled *step, uint32_t k);
uint32_t pull_solve (const struct pulled *step, uint32_t k);
uint32_t pull_cholesky (const struct pulled *step);
uint32_t pull_matrix_power (const struct pulled *step);
uint32_t pull_inverse (const struct pulled *step);
uint32_t pull_determinant (const struct pulled *step);
uint32_t pull_trace (const struct pulled *step);

/* pull_parts.c: what takes elements, replaces them or puts them together. */
uint32_t pull_index_value (const struct pulled *step);
uint32_t pull_replace_value (const struct pulled *step);
uint32_t pull_index (const struct pulled *step);
uint32_t pull_replace (const struct pulled *step, uint32_t k);
uint32_t pull_literal (const struct pulled *step, uint32_t k);
uint32_t pull_take (const struct pulled *step);
/* What takes elements at places that are known from its link: each goes back to its place. */
uint32_t pull_taken (const struct pulled *step);
/* The part of operand 0 that the indices from operand `first` on select; false where it is no block: steps, lists,
   masks, None. */
bool pull_cut (const struct pulled *step, uint32_t first, struct cut *cut);

#endif
