/* pull_shape.c -- calls as they are written, and what joins arrays or moves their elements, as terms. */
#include <string.h>

#include "formula/pull.h"

int
pull_axis (const struct pulled *step, int rank, int otherwise)
{
  uint32_t k = (uint32_t)op_axis (step->op);
  if (k >= step->count || !value_is_number (&step->values[k]))
    return otherwise;
  int axis = (int)step->values[k].number;
  return axis < 0 ? axis + rank : axis;
}

uint32_t
pull_folded (const struct pulled *step, enum op op, uint32_t term)
{
  struct shape own = value_shape (&step->values[0]);
  int axis = pull_axis (step, own.rank, -1);
  return axis >= 0 ? term_folded (step->terms, op, term, &own, axis, true)
                   : term_of (step->terms, op, term, &number_shape);
}

uint32_t
pull_call (const struct pulled *step)
{
  static const char *const keywords[] = { "axis", "keepdims", "ddof" };
  struct terms *terms = step->terms;
  uint32_t nothing = term_call (terms, TERM_NOTHING, NULL, 0, &number_shape);
  uint32_t arguments[PULLED_MOST + 1], count = 0, by_name[3] = { nothing, term_number (terms, 0), nothing };
  bool gap = false, named = false, optional;
  const char *name;
  size_t size;
  uint32_t k = 0;
  for (; op_parameter (op_info[step->op].parameters, (int)k, &name, &size, &optional); k++)
    {
      const struct value *value = &step->values[k];
      bool keyword = op_keyword_only (name, size, optional), there = k < step->count && value->kind != KIND_NOTHING;
      gap |= !there && !keyword;
      if (!there)
        continue;
      if (step->operands[k] == NO_TERM || (keyword ? !value_is_number (value) : gap))
        return NO_TERM;
      for (size_t i = 0; keyword && i < 3; i++)
        if (strlen (keywords[i]) == size && memcmp (keywords[i], name, size) == 0)
          by_name[i] = term_number (terms, value->number);
      named |= keyword;
      if (!keyword)
        arguments[count++] = step->operands[k];
    }
  for (; k < step->count; k++)
    if (step->operands[k] == NO_TERM)
      return NO_TERM;
    else
      arguments[count++] = step->operands[k];
  if (named)
    arguments[count++] = term_call (terms, TERM_AXIS, by_name, 3, &number_shape);
  return term_call (terms, step->op, arguments, count, &step->shape);
}

uint32_t
pull_same (const struct pulled *step, uint32_t first, const struct shape *shape)
{
  struct pulled other = *step;
  other.operands[0] = first;
  other.shape = *shape;
  return pull_call (&other);
}

/* The part of the adjoint that an operand of concat, stack, vstack or hstack became. */
uint32_t
pull_joined (const struct pulled *step, uint32_t k)
{
  uint32_t rest = (uint32_t)op_parameter_count (op_info[step->op].parameters);
  struct shape whole = step->shape, own = value_shape (&step->values[k]);
  int axis = pull_axis (step, whole.rank, step->op == OP_hstack && whole.rank > 1 ? 1 : 0);
  struct cut cut = cut_whole (&whole);
  size_t first = 0;
  if (k && k < rest)
    return NO_TERM;
  for (uint32_t i = 0; i < k; i++)
    if (i == 0 || i >= rest)
      {
        struct shape before = value_shape (&step->values[i]);
        first += before.rank == whole.rank ? before.extent[axis] : 1;
      }
  cut.axis[axis] = own.rank == whole.rank ? (struct cut_axis){ first, own.extent[axis], false }
                                          : (struct cut_axis){ first, 1, true };
  for (int i = 0; i < whole.rank && own.rank == 0; i++)
    cut.axis[i].single = true;
  return term_cut (step->terms, step->adjoint, &whole, &cut);
}

uint32_t
pull_padded (const struct pulled *step)
{
  struct shape own = value_shape (&step->values[0]);
  struct cut cut = cut_whole (&own);
  if (!value_is_number (&step->values[1]))
    return NO_TERM;
  for (int i = 0; i < own.rank; i++)
    cut.axis[i].first = (size_t)step->values[1].number;
  return term_cut (step->terms, step->adjoint, &step->shape, &cut);
}

uint32_t
pull_narrow (const struct pulled *step, uint32_t k)
{
  struct shape own = value_shape (&step->values[k]);
  return term_summed (step->terms, step->adjoint, &step->shape, &own);
}

uint32_t
pull_laid_out (const struct pulled *step)
{
  struct shape own = value_shape (&step->values[0]);
  return term_reshaped (step->terms, step->adjoint, &own);
}

uint32_t
pull_transposed (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  uint32_t arguments[RANK_LIMIT + 1] = { step->adjoint };
  if (step->count < 2)
    return term_transposed (terms, step->adjoint);
  const double *axes = step->count == 2 && step->values[1].kind == KIND_ARRAY ? step->values[1].array->elements : NULL;
  for (int i = 0; i < own.rank; i++)
    {
      double axis = axes ? axes[i] : step->values[i + 1].number;
      arguments[(axis < 0 ? (int)axis + own.rank : (int)axis) + 1] = term_number (terms, i);
    }
  return term_call (terms, OP_transpose, arguments, (uint32_t)own.rank + 1, &own);
}

uint32_t
pull_mirrored (const struct pulled *step)
{
  return pull_same (step, step->adjoint, &step->shape);
}

uint32_t
pull_rolled (const struct pulled *step)
{
  struct pulled other = *step;
  if (step->count < 2 || !value_is_number (&step->values[1]))
    return NO_TERM;
  other.operands[1] = term_scale (step->terms, step->operands[1], -1);
  return pull_same (&other, step->adjoint, &step->shape);
}

uint32_t
pull_diagonal (const struct pulled *step)
{
  struct shape own = value_shape (&step->values[0]);
  return own.rank == 2 && own.extent[0] != own.extent[1] ? NO_TERM
                                                         : term_of (step->terms, OP_diag, step->adjoint, &own);
}
