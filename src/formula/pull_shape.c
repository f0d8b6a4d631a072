/* pull_shape.c -- what joins arrays, moves their elements, or goes over an axis, as terms. */
#include <math.h>
#include <string.h>

#include "formula/pull.h"

enum
{
  NONE = UINT32_MAX
};

static const struct shape number_shape = { .rank = 0 };

/* The axis that was given, counted from the first; `otherwise` when none was. */
static int
axis_given (const struct pulled *step, int rank, int otherwise)
{
  uint32_t k = (uint32_t)op_axis (step->op);
  if (k >= step->count || !value_is_number (&step->values[k]))
    return otherwise;
  int axis = (int)step->values[k].number;
  return axis < 0 ? axis + rank : axis;
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
      if (step->operands[k] == NONE || (keyword ? !value_is_number (value) : gap))
        return NONE;
      for (size_t i = 0; keyword && i < 3; i++)
        if (strlen (keywords[i]) == size && memcmp (keywords[i], name, size) == 0)
          by_name[i] = term_number (terms, value->number);
      named |= keyword;
      if (!keyword)
        arguments[count++] = step->operands[k];
    }
  for (; k < step->count; k++)
    if (step->operands[k] == NONE)
      return NONE;
    else
      arguments[count++] = step->operands[k];
  if (named)
    arguments[count++] = term_call (terms, TERM_AXIS, by_name, 3, &number_shape);
  return term_call (terms, step->op, arguments, count, &step->shape);
}

/* The same function of another first operand, of the shape of the result, with the arguments as they were. */
static uint32_t
same_call (const struct pulled *step, uint32_t first, const struct shape *shape)
{
  struct pulled other = *step;
  other.operands[0] = first;
  other.shape = *shape;
  return pull_call (&other);
}

/* The part of the adjoint that an operand of concat, stack, vstack or hstack became. */
static uint32_t
joined_back (const struct pulled *step, uint32_t k)
{
  uint32_t rest = (uint32_t)op_parameter_count (op_info[step->op].parameters);
  struct shape whole = step->shape, own = value_shape (&step->values[k]);
  int axis = axis_given (step, whole.rank, step->op == OP_hstack && whole.rank > 1 ? 1 : 0);
  struct cut cut = cut_whole (&whole);
  size_t first = 0;
  if (k && k < rest)
    return NONE;
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

/* The sum of what is behind: backwards, summed up, backwards again. */
static uint32_t
sums_behind (const struct pulled *step, uint32_t term)
{
  struct pulled call = *step;
  struct shape own = value_shape (&step->values[0]), shape = step->shape;
  uint32_t back = term_spread (step->terms, term, &shape);
  static const enum op ops[] = { OP_flip, OP_cumsum, OP_flip };
  call.count = step->count < 2 ? step->count : 2;
  for (size_t i = 0; i < sizeof ops / sizeof *ops && back != NONE; i++)
    {
      call.op = ops[i];
      back = same_call (&call, back, &shape);
    }
  return back == NONE ? NONE : pull_reshaped (step->terms, back, &own);
}

/* Of a product so far: what is before each element, times what is behind, from the last element on. */
static uint32_t
running_products_back (struct pulled *step)
{
  enum
  {
    MOST = 64
  };
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  size_t size = shape_size (&shape);
  bool vanishes = false;
  for (size_t i = 0; i < size; i++)
    vanishes |= !isnormal (value_elements (step->result)[i]);
  if (value_shape (&step->values[0]).rank == 1 && size <= MOST && (vanishes || terms->guards))
    {
      uint32_t elements[MOST], x[MOST], before = term_number (terms, 1), behind = term_number (terms, 0);
      uint32_t u = term_spread (terms, step->adjoint, &shape);
      for (size_t i = size; i-- > 0;)
        {
          struct cut at = cut_element (&shape, i);
          x[i] = term_cut (terms, step->operands[0], &shape, &at);
          elements[i] = term_add (terms, term_cut (terms, u, &shape, &at), behind);
          behind = term_multiply (terms, x[i], elements[i]);
        }
      for (size_t i = 0; i < size; i++)
        {
          elements[i] = term_multiply (terms, elements[i], before);
          before = term_multiply (terms, before, x[i]);
        }
      return term_call (terms, TERM_ARRAY, elements, (uint32_t)size, &shape);
    }
  if (vanishes)
    return NONE;
  uint32_t back = sums_behind (step, term_multiply (terms, step->adjoint, step->value));
  return back == NONE ? NONE : term_carry (terms, back, term_power (terms, step->operands[0], -1));
}

static uint32_t
turned_back (const struct pulled *step, uint32_t u)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  uint32_t arguments[RANK_LIMIT + 1] = { u };
  const double *axes = step->count == 2 && step->values[1].kind == KIND_ARRAY ? step->values[1].array->elements : NULL;
  for (int i = 0; i < own.rank; i++)
    {
      double axis = axes ? axes[i] : step->values[i + 1].number;
      arguments[(axis < 0 ? (int)axis + own.rank : (int)axis) + 1] = term_number (terms, i);
    }
  return term_call (terms, OP_transpose, arguments, (uint32_t)own.rank + 1, &own);
}

/* Whether two elements are equal, or of equal size. */
static bool
has_equals (const struct value *value, bool size_alone)
{
  struct shape shape = value_shape (value);
  const double *elements = value_elements (value);
  size_t size = shape_size (&shape);
  for (size_t i = 0; i < size; i++)
    for (size_t k = i + 1; k < size; k++)
      if (elements[i] == elements[k] || (size_alone && elements[i] == -elements[k]))
        return true;
  return false;
}

uint32_t
pull_ties (struct pulled *step, uint32_t x, uint32_t axis_at, uint32_t adjoint)
{
  enum
  {
    MANY = 1000
  };
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  /* Where x is simplified, it is rounded in another way than its extreme is in the program. */
  uint32_t extreme = term_at (terms, x)->kind == TERM_NAME ? step->value : step->own;
  uint32_t pair[2] = { x, pull_expanded (step, extreme, axis_at) };
  uint32_t there = term_call (terms, OP_equal, pair, 2, &own);
  if (terms->guards || shape_size (&own) > MANY || has_equals (&step->values[0], step->op == OP_norm))
    {
      struct pulled count = *step;
      count.op = OP_sum;
      if (step->op == OP_norm)
        {
          count.values[1] = step->values[2];
          count.operands[1] = step->operands[2];
          count.values[2] = step->values[3];
          count.operands[2] = step->operands[3];
          count.count = step->count > 1 ? step->count - 1 : 1;
        }
      uint32_t ties = same_call (&count, term_choice (terms, there, term_number (terms, 1), term_number (terms, 0)),
                                 &step->shape);
      if (ties == NONE)
        return NONE;
      adjoint = term_multiply (terms, adjoint, term_power (terms, pull_expanded (step, ties, axis_at), -1));
    }
  return term_choice (terms, there, adjoint, term_number (terms, 0));
}

/* Of a vector whose elements are all different: each gets what is at the place that as many smaller ones give it. */
static uint32_t
sorted_back (const struct pulled *step, uint32_t u)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]), column = { 2, { own.extent[0], 1 } },
               square = { 2, { own.extent[0], own.extent[0] } };
  uint32_t x = step->operands[0], pair[2] = { x, term_number (terms, 1) };
  if (own.rank != 1 || has_equals (&step->values[0], false))
    return NONE;
  pair[1] = term_call (terms, OP_expand_dims, pair, 2, &column);
  pair[0] = term_call (terms, OP_less, (uint32_t[2]){ x, pair[1] }, 2, &square);
  uint32_t one = term_number (terms, 1);
  pair[1] = term_call (terms, TERM_AXIS, &one, 1, &number_shape);
  pair[1] = term_call (terms, OP_sum, pair, 2, &own);
  pair[0] = u;
  return term_call (terms, TERM_INDEX, pair, 2, &own);
}

/* The element in the middle, which those that tie share; of an even number the two there, where all are different. */
static uint32_t
median_back (struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  size_t count = shape_size (&own) / (shape_size (&step->shape) ? shape_size (&step->shape) : 1);
  uint32_t x = step->operands[0], adjoint = pull_expanded (step, step->adjoint, 1), middle[2];
  if (count % 2)
    return pull_ties (step, x, 1, adjoint);
  if (own.rank != 1 || has_equals (&step->values[0], false))
    return NONE;
  uint32_t sorted = term_call (terms, OP_sort, &x, 1, &own);
  for (size_t i = 0; i < 2; i++)
    {
      struct cut at = cut_element (&own, count / 2 - i);
      uint32_t pair[2] = { x, term_cut (terms, sorted, &own, &at) };
      middle[i] = term_call (terms, OP_equal, pair, 2, &own);
    }
  return term_choice (terms, term_call (terms, OP_or, middle, 2, &own), term_scale (terms, adjoint, 0.5),
                      term_number (terms, 0));
}

/* var and std: the distance from the mean. */
static uint32_t
spread_back (struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]), narrow = own;
  double ddof = step->count > 3 && value_is_number (&step->values[3]) ? step->values[3].number : 0;
  double count = (double)shape_size (&own) / (double)(shape_size (&step->shape) ? shape_size (&step->shape) : 1);
  uint32_t by_name[3] = { 0 }, arguments[2] = { step->operands[0] }, given = 1;
  int axis = axis_given (step, own.rank, -1);
  if (axis >= 0)
    {
      narrow.extent[axis] = 1;
      by_name[0] = term_number (terms, axis);
      by_name[1] = term_number (terms, 1);
      arguments[given++] = term_call (terms, TERM_AXIS, by_name, 2, &number_shape);
    }
  uint32_t mean = term_call (terms, OP_mean, arguments, given, axis >= 0 ? &narrow : &number_shape);
  uint32_t distance = term_add (terms, step->operands[0], term_scale (terms, mean, -1));
  uint32_t adjoint = pull_expanded (step, step->adjoint, 1), value = pull_expanded (step, step->value, 1);
  if (step->op == OP_var)
    return term_scale (terms, term_carry (terms, adjoint, distance), 2 / (count - ddof));
  uint32_t slope = pull_unless_zero (step, value, term_multiply (terms, distance, term_power (terms, value, -1)));
  return term_scale (terms, term_carry (terms, adjoint, slope), 1 / (count - ddof));
}

static uint32_t
padded_back (const struct pulled *step, uint32_t k)
{
  struct shape own = value_shape (&step->values[0]);
  struct cut cut = cut_whole (&own);
  if (k || !value_is_number (&step->values[1]))
    return NONE;
  for (int i = 0; i < own.rank; i++)
    cut.axis[i].first = (size_t)step->values[1].number;
  return term_cut (step->terms, step->adjoint, &step->shape, &cut);
}

bool
pull_shape_back (struct pulled *step, uint32_t k, uint32_t *back)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[k]), shape = step->shape;
  uint32_t first = k < 2 ? step->operands[1] : NONE;
  *back = NONE;
  switch (step->op)
    {
    case OP_concat:
    case OP_stack:
    case OP_vstack:
    case OP_hstack:
      *back = joined_back (step, k);
      return true;
    case OP_pad:
      *back = padded_back (step, k);
      return true;
    case OP_broadcast_to:
      *back = k ? NONE : pull_sum (terms, step->adjoint, &shape, &own);
      return true;
    case OP_full:
      *back = pull_sum (terms, step->adjoint, &shape, &own);
      return true;
    case OP_max:
    case OP_min:
      if (k || step->count > 3)
        return false;
      *back = pull_ties (step, step->operands[0], 1, pull_expanded (step, step->adjoint, 1));
      return true;
    case OP_median:
      *back = k ? NONE : median_back (step);
      return true;
    case OP_var:
    case OP_std:
      *back = k ? NONE : spread_back (step);
      return true;
    case OP_cumsum:
      *back = k ? NONE : sums_behind (step, step->adjoint);
      return true;
    case OP_cumprod:
      *back = k ? NONE : running_products_back (step);
      return true;
    }
  if (k)
    return false;
  uint32_t u = term_spread (terms, step->adjoint, &shape);
  switch (step->op)
    {
    case OP_flatten:
    case OP_reshape:
    case OP_squeeze:
    case OP_expand_dims:
      *back = pull_reshaped (terms, u, &own);
      return true;
    case OP_transpose:
      if (step->count < 2)
        return false;
      *back = turned_back (step, u);
      return true;
    case OP_flip:
    case OP_tril:
    case OP_triu:
      *back = same_call (step, u, &shape);
      return true;
    case OP_diag:
      *back = own.rank == 2 && own.extent[0] != own.extent[1] ? NONE : term_call (terms, OP_diag, &u, 1, &own);
      return true;
    case OP_sort:
      *back = sorted_back (step, u);
      return true;
    case OP_roll:
      if (step->count > 1 && value_is_number (&step->values[1]))
        {
          struct pulled other = *step;
          other.operands[1] = term_scale (terms, first, -1);
          *back = same_call (&other, u, &shape);
        }
      return true;
    default:
      return false;
    }
}
