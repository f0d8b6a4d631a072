/* pull.c -- what functions are, and what their operands get of an adjoint, as terms. */
#include "formula/pull.h"

#include "code/program.h"

uint32_t
pull_value (const struct pulled *step)
{
  switch (step->op)
    {
    case ROUTINE_INDEX:
    case ROUTINE_ITEM:
      return pull_index_value (step);
    case ROUTINE_REPLACE:
      return pull_replace_value (step);
    case ROUTINE_LITERAL:
      for (uint32_t k = 0; k < step->count; k++)
        if (step->operands[k] == NO_TERM)
          return NO_TERM;
      return term_call (step->terms, TERM_ARRAY, step->operands, step->count, &step->shape);
    case OP_dot:
    case OP_matmul:
      return step->operands[0] == NO_TERM || step->operands[1] == NO_TERM
               ? NO_TERM
               : term_call (step->terms, OP_matmul, step->operands, 2, &step->shape);
    case OP_einsum:
      return pull_einsum_value (step);
    case OP_stop_gradient:
      /* A formula is of values: that nothing passes back is what the tape says. */
      return step->operands[0];
    case OP_rand:
    case OP_randn:
    case OP_randint:
    case OP_load:
      return NO_TERM;
    default:
      return step->op >= OPS ? NO_TERM : op_info[step->op].arity ? pull_meaning (step) : pull_call (step);
    }
}

/* By function: what its first operand gets, where no other gets anything, or what each gets; `whole`: of an adjoint
   that is spread to the result's shape first. What has no row is a reduction with a SLOPE, or has no formula. */
static const struct
{
  pull_first *first;
  pull_each *each;
  bool whole;
} rows[] = {
  [ROUTINE_INDEX] = { .first = pull_index },
  [ROUTINE_ITEM] = { .first = pull_index },
  [ROUTINE_REPLACE] = { .each = pull_replace },
  [ROUTINE_LITERAL] = { .each = pull_literal },
  [OP_take] = { .first = pull_take },
  [OP_gather] = { .first = pull_take },
  [OP_tile] = { .first = pull_taken },
  [OP_repeat] = { .first = pull_taken },

  [OP_dot] = { .each = pull_product, .whole = true },
  [OP_matmul] = { .each = pull_product, .whole = true },
  [OP_outer] = { .each = pull_outer, .whole = true },
  [OP_einsum] = { .each = pull_einsum, .whole = true },
  [OP_solve] = { .each = pull_solve, .whole = true },
  [OP_cholesky] = { .first = pull_cholesky, .whole = true },
  [OP_matrix_power] = { .first = pull_matrix_power, .whole = true },
  [OP_inv] = { .first = pull_inverse, .whole = true },
  [OP_det] = { .first = pull_determinant },
  [OP_logdet] = { .first = pull_determinant },
  [OP_trace] = { .first = pull_trace },

  [OP_concat] = { .each = pull_joined },
  [OP_stack] = { .each = pull_joined },
  [OP_vstack] = { .each = pull_joined },
  [OP_hstack] = { .each = pull_joined },
  [OP_pad] = { .first = pull_padded },
  [OP_broadcast_to] = { .each = pull_narrow },
  [OP_full] = { .each = pull_narrow },
  [OP_flatten] = { .first = pull_laid_out, .whole = true },
  [OP_reshape] = { .first = pull_laid_out, .whole = true },
  [OP_squeeze] = { .first = pull_laid_out, .whole = true },
  [OP_expand_dims] = { .first = pull_laid_out, .whole = true },
  [OP_transpose] = { .first = pull_transposed, .whole = true },
  [OP_flip] = { .first = pull_mirrored, .whole = true },
  [OP_tril] = { .first = pull_mirrored, .whole = true },
  [OP_triu] = { .first = pull_mirrored, .whole = true },
  [OP_diag] = { .first = pull_diagonal, .whole = true },
  [OP_roll] = { .first = pull_rolled, .whole = true },

  [OP_sum] = { .first = pull_summed },
  [OP_mean] = { .first = pull_mean },
  [OP_prod] = { .first = pull_prod },
  [OP_cumsum] = { .first = pull_cumsum },
  [OP_cumprod] = { .first = pull_cumprod },
  [OP_max] = { .each = pull_extreme },
  [OP_min] = { .each = pull_extreme },
  [OP_median] = { .first = pull_median },
  [OP_sort] = { .first = pull_sorted, .whole = true },
  [OP_norm] = { .first = pull_norm },
  [OP_logsumexp] = { .first = pull_logsumexp },
  [OP_linspace] = { .each = pull_linspace },
  [OP_softmax] = { .first = pull_softened, .whole = true },
  [OP_log_softmax] = { .first = pull_softened, .whole = true },
};

uint32_t
pull_back (const struct pulled *step, uint32_t k)
{
  struct pulled spread;
  for (uint32_t i = 0; i < step->count; i++)
    if (step->operands[i] == NO_TERM && value_is_numeric (&step->values[i]))
      return NO_TERM;
  if (step->value == NO_TERM)
    return NO_TERM;
  if (step->op < OPS && op_info[step->op].arity)
    return pull_elementwise (step, k);
  if (step->op >= sizeof rows / sizeof *rows || (k && !rows[step->op].each))
    return NO_TERM;
  if (!rows[step->op].each && !rows[step->op].first)
    return step->op < OPS ? pull_reduced (step) : NO_TERM;
  if (rows[step->op].whole)
    {
      spread = *step;
      spread.adjoint = term_spread (step->terms, step->adjoint, &step->shape);
      step = &spread;
    }
  return rows[step->op].each ? rows[step->op].each (step, k) : rows[step->op].first (step);
}
