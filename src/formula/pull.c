/* pull.c -- what functions are, and what their slopes are, as terms. */
#include "formula/pull.h"

#include <math.h>
#include <string.h>

#include "code/program.h"

enum
{
  NONE = UINT32_MAX
};

static const struct shape number_shape = { .rank = 0 };

static uint32_t
call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  return term_call (terms, op, arguments, count, shape);
}

static uint32_t
whole (struct terms *terms, size_t number)
{
  return term_number (terms, (double)number);
}

uint32_t
pull_reshaped (struct terms *terms, uint32_t term, const struct shape *shape)
{
  uint32_t arguments[RANK_LIMIT + 1] = { term };
  struct shape own = term_at (terms, term)->shape;
  if (shape_equal (&own, shape))
    return term;
  if (!shape->rank)
    {
      struct cut only = cut_element (&own, 0);
      return term_cut (terms, term, &own, &only);
    }
  for (int i = 0; i < shape->rank; i++)
    arguments[i + 1] = whole (terms, shape->extent[i]);
  return call (terms, OP_reshape, arguments, (uint32_t)shape->rank + 1, shape);
}

/* axis=k, keepdims=true of a reduction. */
static uint32_t
axis_term (struct terms *terms, double axis, bool keep)
{
  uint32_t arguments[2] = { term_number (terms, axis), term_number (terms, 1) };
  return call (terms, TERM_AXIS, arguments, keep ? 2 : 1, &number_shape);
}

uint32_t
pull_sum (struct terms *terms, uint32_t term, const struct shape *wide, const struct shape *shape)
{
  struct shape now = *wide;
  if (shape_equal (wide, shape))
    return term;
  size_t times = shape_size (wide) / (shape_size (shape) ? shape_size (shape) : 1);
  struct shape own = term_at (terms, term)->shape;
  if (!own.rank)
    return term_scale (terms, term, (double)times);
  term = term_spread (terms, term, wide);
  if (!shape->rank)
    return call (terms, OP_sum, &term, 1, &number_shape);
  while (now.rank > shape->rank)
    {
      uint32_t arguments[2] = { term, axis_term (terms, 0, false) };
      memmove (now.extent, now.extent + 1, (RANK_LIMIT - 1) * sizeof *now.extent);
      now.rank--;
      term = call (terms, OP_sum, arguments, 2, &now);
    }
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->extent[axis] == 1 && now.extent[axis] != 1)
      {
        uint32_t arguments[2] = { term, axis_term (terms, axis, true) };
        now.extent[axis] = 1;
        term = call (terms, OP_sum, arguments, 2, &now);
      }
  return term;
}

/* Whether a parameter was given, and what number it is. */
static bool
given (const struct pulled *step, uint32_t k, double *number)
{
  if (k >= step->count || step->values[k].kind == KIND_NOTHING || !value_is_number (&step->values[k]))
    return false;
  *number = step->values[k].number;
  return true;
}

uint32_t
pull_value (struct pulled *step)
{
  if (step->op < OPS && op_info[step->op].arity)
    return pull_meaning (step);
  uint32_t part;
  if (pull_part_value (step, &part) || pull_algebra_value (step, &part))
    return part;
  switch (step->op)
    {
    case ROUTINE_LITERAL:
      for (uint32_t k = 0; k < step->count; k++)
        if (step->operands[k] == NONE)
          return NONE;
      return call (step->terms, TERM_ARRAY, step->operands, step->count, &step->shape);
    case OP_stop_gradient:
      /* A formula is of values: that nothing passes back is what the tape says. */
      return step->operands[0];
    default:
      return step->op < OPS && op_group ((enum op)step->op) != GROUP_chance ? pull_call (step) : NONE;
    }
}

uint32_t
pull_expanded (struct pulled *step, uint32_t term, uint32_t axis_at)
{
  double axis, keep = 0;
  struct shape shape = step->shape;
  if (!given (step, axis_at, &axis))
    return term;
  given (step, axis_at + 1, &keep);
  if (keep != 0 || shape.rank == 0)
    return term;
  term = term_spread (step->terms, term, &shape);
  struct shape x = value_shape (&step->values[0]);
  int at = (int)axis < 0 ? (int)axis + x.rank : (int)axis;
  memmove (shape.extent + at + 1, shape.extent + at, (size_t)(shape.rank - at) * sizeof *shape.extent);
  shape.extent[at] = 1;
  shape.rank++;
  uint32_t arguments[2] = { term, term_number (step->terms, axis) };
  return call (step->terms, OP_expand_dims, arguments, 2, &shape);
}

static bool
has_zero (const struct value *value)
{
  struct shape shape = value_shape (value);
  for (size_t i = 0; i < shape_size (&shape); i++)
    if (value_elements (value)[i] == 0)
      return true;
  return false;
}

/* Whether a result is too small, or too large, to tell what its factors are by dividing it by one of them. */
static bool
vanishes (const struct pulled *step)
{
  struct shape shape = value_shape (step->result);
  for (size_t i = 0; i < shape_size (&shape); i++)
    if (!isnormal (value_elements (step->result)[i]))
      return true;
  return false;
}

/* Whether powers of an element overflow, or vanish. */
static bool
is_large (const struct value *value, double p)
{
  struct shape shape = value_shape (value);
  for (size_t i = 0; i < shape_size (&shape); i++)
    if (!isnormal (pow (value_elements (value)[i], p)))
      return true;
  return false;
}

/* A slope where `value` is not 0. */
static uint32_t
unless_zero (struct terms *terms, uint32_t value, uint32_t slope)
{
  uint32_t pair[2] = { value, term_number (terms, 0) };
  struct shape shape = term_at (terms, value)->shape;
  return term_choice (terms, call (terms, OP_equal, pair, 2, &shape), pair[1], slope);
}

uint32_t
pull_unless_zero (const struct pulled *step, uint32_t value, uint32_t slope)
{
  return step->terms->guards || has_zero (step->result) ? unless_zero (step->terms, value, slope) : slope;
}

/* The p-norm: sign(x) * (abs(x)/v)^(p - 1). */
static uint32_t
norm_back (struct pulled *step, double p)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t x = step->operands[0];
  if (!(p >= 1))
    return NONE;
  uint32_t size = call (terms, OP_abs, &x, 1, &shape), sign = call (terms, OP_sign, &x, 1, &shape);
  uint32_t adjoint = pull_expanded (step, step->adjoint, 2);
  /* An element that is 0 passes nothing. */
  if (p == 1 || isinf (p))
    return (has_zero (&step->values[0]) ? term_carry_guarded : term_carry) (
      terms, p == 1 ? adjoint : pull_ties (step, size, 2, adjoint), sign);
  uint32_t value = pull_expanded (step, step->value, 2);
  uint32_t ratio = term_multiply (terms, size, term_power (terms, value, -1));
  /* Written apart, where the powers of either alone may overflow. */
  if (terms->guards || is_large (&step->values[0], p))
    ratio = unless_zero (terms, value, ratio);
  uint32_t slope = term_multiply (terms, sign, term_power (terms, ratio, p - 1));
  return term_carry (terms, adjoint, pull_unless_zero (step, value, slope));
}

/* Of a vector: for each element the product of the others, those before times those behind, which is right where one
   is zero. */
static uint32_t
products_of_others (struct pulled *step)
{
  enum
  {
    FEW = 8
  };
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  size_t size = shape.extent[0];
  uint32_t products[FEW], x = step->operands[0];
  if (size <= FEW)
    {
      for (size_t i = 0; i < size; i++)
        {
          products[i] = step->adjoint;
          for (size_t k = 0; k < size; k++)
            {
              struct cut at = cut_element (&shape, k);
              if (k != i)
                products[i] = term_carry (terms, products[i], term_cut (terms, x, &shape, &at));
            }
        }
      return call (terms, TERM_ARRAY, products, (uint32_t)size, &shape);
    }
  struct cut first = { .rank = 1, .axis = { { 0, size - 1, false } } };
  uint32_t one = term_number (terms, 1), other[2];
  other[0] = call (terms, TERM_ARRAY, &one, 1, &(struct shape){ 1, { 1 } });
  for (int k = 0; k < 2; k++)
    {
      uint32_t way = k ? call (terms, OP_flip, &x, 1, &shape) : x;
      other[1] = term_cut (terms, call (terms, OP_cumprod, &way, 1, &shape), &shape, &first);
      way = call (terms, OP_concat, other, 2, &shape);
      products[k] = k ? call (terms, OP_flip, &way, 1, &shape) : way;
    }
  return term_carry (terms, step->adjoint, term_multiply (terms, products[0], products[1]));
}

/* Equal but for what rounding did: a simpler form of the one may be the other. */
static bool
may_tie (double a, double b)
{
  return a == b || fabs (a - b) <= 1e-12 * fmax (fabs (a), fabs (b));
}

/* The largest or smallest of several numbers: those that tie and vary share alike, unless one that does not vary ties
   too. */
static uint32_t
extreme_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  uint32_t one = term_number (terms, 1), zero = term_number (terms, 0), which = 0;
  /* The numbers alone, without axis and keepdims between them. */
  struct pulled several = *step;
  bool named = true, tied = false;
  several.count = 0;
  for (uint32_t i = 0; i < step->count; i++)
    if (value_is_number (&step->values[i]))
      {
        which = i == k ? several.count : which;
        several.values[several.count] = step->values[i];
        several.operands[several.count++] = step->operands[i];
        named &= term_at (terms, step->operands[i])->kind <= TERM_NAME;
        tied |= i != k && may_tie (step->values[i].number, step->values[k].number);
      }
  if (several.count == 2)
    {
      several.op = step->op == OP_max ? OP_maximum : OP_minimum;
      return pull_elementwise (&several, which);
    }
  uint32_t pair[2] = { step->operands[k], named ? step->value : step->own };
  uint32_t share = step->adjoint, ties = zero, here = call (terms, OP_equal, pair, 2, &number_shape);
  if (!tied && !terms->guards)
    return term_carry (terms, share, term_choice (terms, here, one, zero));
  for (uint32_t i = 0; i < several.count; i++)
    {
      pair[0] = several.operands[i];
      uint32_t there = call (terms, OP_equal, pair, 2, &number_shape);
      if (several.values[i].node)
        ties = term_add (terms, ties, term_choice (terms, there, one, zero));
      else
        share = term_choice (terms, there, zero, share);
    }
  return term_choice (terms, here, term_multiply (terms, share, term_power (terms, ties, -1)), zero);
}

/* Even steps from one end to the other: what either has of each. */
static uint32_t
linspace_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  uint32_t arguments[3]
    = { term_number (terms, k ? 0 : 1), term_number (terms, k ? 1 : 0), whole (terms, step->shape.extent[0]) };
  uint32_t weights = call (terms, OP_linspace, arguments, 3, &shape);
  return k > 1 ? NONE : pull_sum (terms, term_multiply (terms, step->adjoint, weights), &shape, &number_shape);
}

uint32_t
pull_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[k]);
  uint32_t u = step->adjoint, v = step->value, x = step->operands[0];
  double number;
  for (uint32_t i = 0; i < step->count; i++)
    if (step->operands[i] == NONE && pull_has_term (&step->values[i]))
      return NONE;
  if (v == NONE)
    return NONE;
  if (step->op < OPS && op_info[step->op].arity)
    return pull_elementwise (step, k);
  uint32_t part;
  if (pull_part_back (step, k, &part) || pull_algebra_back (step, k, &part) || pull_shape_back (step, k, &part))
    return part;
  switch (step->op)
    {
    case OP_sum:
      return k ? NONE : pull_expanded (step, u, 1);
    case OP_mean:
      return k ? NONE
               : term_scale (terms, pull_expanded (step, u, 1),
                             (double)shape_size (&step->shape) / (double)shape_size (&shape));
    case OP_linspace:
      return linspace_back (step, k);
    case OP_max:
    case OP_min:
      return extreme_back (step, k);
    case OP_logsumexp:
      return k ? NONE : term_carry (terms, pull_expanded (step, u, 1), pull_shares (step));
    case OP_norm:
      if (k)
        return NONE;
      if (given (step, 1, &number) && number != 2)
        return norm_back (step, number);
      v = pull_expanded (step, v, 2);
      return term_carry (terms, pull_expanded (step, u, 2),
                         pull_unless_zero (step, v, term_multiply (terms, x, term_power (terms, v, -1))));
    case OP_prod:
      if (!k && !step->shape.rank && shape.rank == 1 && (terms->guards || vanishes (step)))
        return products_of_others (step);
      if (k || vanishes (step))
        return NONE;
      return term_carry (terms, pull_expanded (step, u, 1),
                         term_multiply (terms, pull_expanded (step, v, 1), term_power (terms, x, -1)));
    case OP_softmax:
    case OP_log_softmax:
      return pull_softened (step, k);
    default:
      return NONE;
    }
}
