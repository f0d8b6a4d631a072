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

/* The result of a step as a term; none where it cannot be written. */
uint32_t pull_value (const struct pulled *step);
/* What operand k gets from the adjoint: of its shape, or fewer elements that are spread to it. */
uint32_t pull_back (const struct pulled *step, uint32_t k);

/* What follows is the same of one kind of function: what operand k gets, or where no other gets anything, operand 0. */
typedef uint32_t pull_each (const struct pulled *step, uint32_t k);
typedef uint32_t pull_first (const struct pulled *step);

/* pull_slope.c: functions of elements. */
uint32_t pull_meaning (const struct pulled *step);
pull_each pull_elementwise;
/* The SLOPE of a reduction; with `exactly` what is EXACT in its place. NO_TERM where it has none. */
uint32_t pull_slope (const struct pulled *step, bool exactly);

/* pull_shape.c: a call of a function as it is written; the same function of another first operand, which is of the
   shape of the result, with the arguments as they were. */
uint32_t pull_call (const struct pulled *step);
uint32_t pull_same (const struct pulled *step, uint32_t first, const struct shape *shape);
/* The axis that was given, counted from the first of `rank`; `otherwise` when none was. */
int pull_axis (const struct pulled *step, int rank, int otherwise);
/* The reduction `op` of a term of the shape of the operand, along the axis that the step goes along, which stays. */
uint32_t pull_folded (const struct pulled *step, enum op op, uint32_t term);
/* The part of the adjoint that an operand became; all of it, summed, laid out, in another order. */
pull_each pull_joined, pull_narrow;
pull_first pull_padded, pull_laid_out, pull_transposed, pull_mirrored, pull_rolled, pull_diagonal;

/* pull_fold.c: what goes over an axis, or over all elements. */
pull_each pull_extreme, pull_linspace;
pull_first pull_summed, pull_mean, pull_prod, pull_cumsum, pull_cumprod, pull_median, pull_sorted, pull_norm,
  pull_logsumexp, pull_reduced;

/* pull_softmax.c */
pull_first pull_softened;

/* pull_algebra.c: matrices. */
uint32_t pull_einsum_value (const struct pulled *step);
pull_each pull_product, pull_outer, pull_einsum, pull_solve;
pull_first pull_cholesky, pull_matrix_power, pull_inverse, pull_determinant, pull_trace;

/* pull_parts.c: what takes elements, replaces them or puts them together. */
uint32_t pull_index_value (const struct pulled *step);
uint32_t pull_replace_value (const struct pulled *step);
pull_each pull_replace, pull_literal;
pull_first pull_index, pull_take;
/* What takes elements at places that are known from its link: each goes back to its place. */
pull_first pull_taken;
/* The part of operand 0 that the indices from operand `first` on select; false where it is no block: steps, lists,
   masks, None. */
bool pull_cut (const struct pulled *step, uint32_t first, struct cut *cut);

#endif
