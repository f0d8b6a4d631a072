/* pull_fold.c -- what goes over an axis or over all elements, as terms: sums, products, extremes, norms. */
#include <math.h>
#include <string.h>

#include "formula/pull.h"

/* Whether a parameter was given, and what number it is. */
static bool
is_given (const struct pulled *step, uint32_t k, double *number)
{
  if (k >= step->count || step->values[k].kind == KIND_NOTHING || !value_is_number (&step->values[k]))
    return false;
  *number = step->values[k].number;
  return true;
}

/* A result along an axis, or its adjoint, with the axis that was lost. */
static uint32_t
expanded (const struct pulled *step, uint32_t term)
{
  double axis, keep = 0;
  uint32_t axis_at = (uint32_t)op_axis (step->op);
  struct shape shape = step->shape;
  if (!is_given (step, axis_at, &axis))
    return term;
  is_given (step, axis_at + 1, &keep);
  if (keep != 0 || shape.rank == 0)
    return term;
  term = term_spread (step->terms, term, &shape);
  int at = pull_axis (step, shape.rank + 1, 0);
  memmove (shape.extent + at + 1, shape.extent + at, (size_t)(shape.rank - at) * sizeof *shape.extent);
  shape.extent[at] = 1;
  shape.rank++;
  return term_of_two (step->terms, OP_expand_dims, term, term_number (step->terms, axis), &shape);
}

uint32_t
pull_summed (const struct pulled *step)
{
  return expanded (step, step->adjoint);
}

uint32_t
pull_mean (const struct pulled *step)
{
  return term_scale (step->terms, expanded (step, step->adjoint),
                     (double)value_size (step->result) / (double)value_size (&step->values[0]));
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
  for (size_t i = 0; i < sizeof ops / sizeof *ops && back != NO_TERM; i++)
    {
      call.op = ops[i];
      back = pull_same (&call, back, &shape);
    }
  return back == NO_TERM ? NO_TERM : term_reshaped (step->terms, back, &own);
}

uint32_t
pull_cumsum (const struct pulled *step)
{
  return sums_behind (step, step->adjoint);
}

static bool
has_zero (const struct value *value)
{
  for (size_t i = 0; i < value_size (value); i++)
    if (value_elements (value)[i] == 0)
      return true;
  return false;
}

/* Whether powers of an element overflow, or vanish. */
static bool
is_extreme (const struct value *value, double p)
{
  for (size_t i = 0; i < value_size (value); i++)
    if (!isnormal (pow (value_elements (value)[i], p)))
      return true;
  return false;
}

/* Whether a result is too small, or too large, to tell what its factors are by dividing it by one of them. */
static bool
vanishes (const struct pulled *step)
{
  return is_extreme (step->result, 1);
}

/* Whether two elements are equal, or of equal size. */
static bool
has_equals (const struct value *value, bool size_alone)
{
  const double *elements = value_elements (value);
  size_t size = value_size (value);
  for (size_t i = 0; i < size; i++)
    for (size_t k = i + 1; k < size; k++)
      if (elements[i] == elements[k] || (size_alone && elements[i] == -elements[k]))
        return true;
  return false;
}

/* Of a product so far: what is before each element, times what is behind, from the last element on. */
uint32_t
pull_cumprod (const struct pulled *step)
{
  enum
  {
    MOST = 64
  };
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  size_t size = shape_size (&shape);
  if (value_shape (&step->values[0]).rank == 1 && size <= MOST && (vanishes (step) || terms->guards))
    {
      uint32_t elements[MOST], x[MOST], before = term_number (terms, 1), behind = term_number (terms, 0);
      uint32_t u = term_spread (terms, step->adjoint, &shape);
      for (size_t i = size; i-- > 0;)
        {
          x[i] = term_cut_element (terms, step->operands[0], &shape, i);
          elements[i] = term_add (terms, term_cut_element (terms, u, &shape, i), behind);
          behind = term_multiply (terms, x[i], elements[i]);
        }
      for (size_t i = 0; i < size; i++)
        {
          elements[i] = term_multiply (terms, elements[i], before);
          before = term_multiply (terms, before, x[i]);
        }
      return term_call (terms, TERM_ARRAY, elements, (uint32_t)size, &shape);
    }
  if (vanishes (step))
    return NO_TERM;
  uint32_t back = sums_behind (step, term_multiply (terms, step->adjoint, step->value));
  return back == NO_TERM ? NO_TERM : term_carry (terms, back, term_power (terms, step->operands[0], -1));
}

/* Of a vector: for each element the product of the others, those before times those behind, which is right where one
   is zero. */
static uint32_t
products_of_others (const struct pulled *step)
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
            if (k != i)
              products[i] = term_carry (terms, products[i], term_cut_element (terms, x, &shape, k));
        }
      return term_listed (terms, products, &shape);
    }
  struct cut first = { .rank = 1, .axis = { { 0, size - 1, false } } };
  uint32_t one = term_number (terms, 1), one_alone = term_of (terms, TERM_ARRAY, one, &(struct shape){ 1, { 1 } });
  for (int k = 0; k < 2; k++)
    {
      uint32_t way = k ? term_of (terms, OP_flip, x, &shape) : x;
      way = term_cut (terms, term_of (terms, OP_cumprod, way, &shape), &shape, &first);
      way = term_of_two (terms, OP_concat, one_alone, way, &shape);
      products[k] = k ? term_of (terms, OP_flip, way, &shape) : way;
    }
  return term_carry (terms, step->adjoint, term_multiply (terms, products[0], products[1]));
}

uint32_t
pull_prod (const struct pulled *step)
{
  struct terms *terms = step->terms;
  if (!step->shape.rank && value_shape (&step->values[0]).rank == 1 && (terms->guards || vanishes (step)))
    return products_of_others (step);
  if (vanishes (step))
    return NO_TERM;
  uint32_t others = term_divide (terms, expanded (step, step->value), step->operands[0]);
  return term_carry (terms, expanded (step, step->adjoint), others);
}

/* A slope that is 0 where the result, `value` with its axis, is 0: where that is so in the run, or may be. */
static uint32_t
unless_zero (const struct pulled *step, uint32_t value, uint32_t slope)
{
  return step->terms->guards || has_zero (step->result) ? term_unless_zero (step->terms, value, slope) : slope;
}

/* Of an extreme along an axis: what each element of x gets of the adjoint, which has the axis. Those that are the
   extreme and tie share it alike. */
static uint32_t
ties_share (const struct pulled *step, uint32_t x, uint32_t adjoint)
{
  enum
  {
    MANY = 1000
  };
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  /* Where x is simplified, it is rounded in another way than its extreme is in the program. */
  uint32_t extreme = term_at (terms, x)->kind == TERM_NAME ? step->value : step->own;
  uint32_t there = term_of_two (terms, OP_equal, x, expanded (step, extreme), &own);
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
      uint32_t ties
        = pull_same (&count, term_choice (terms, there, term_number (terms, 1), term_number (terms, 0)), &step->shape);
      if (ties == NO_TERM)
        return NO_TERM;
      adjoint = term_divide (terms, adjoint, expanded (step, ties));
    }
  return term_choice (terms, there, adjoint, term_number (terms, 0));
}

/* The p-norm: sign(x) * (abs(x)/v)^(p - 1). */
static uint32_t
p_norm (const struct pulled *step, double p)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t x = step->operands[0];
  if (!(p >= 1))
    return NO_TERM;
  uint32_t size = term_of (terms, OP_abs, x, &shape), sign = term_of (terms, OP_sign, x, &shape);
  uint32_t adjoint = expanded (step, step->adjoint);
  /* An element that is 0 passes nothing. */
  if (p == 1 || isinf (p))
    return (has_zero (&step->values[0]) ? term_carry_guarded : term_carry) (
      terms, p == 1 ? adjoint : ties_share (step, size, adjoint), sign);
  uint32_t value = expanded (step, step->value);
  uint32_t ratio = term_divide (terms, size, value);
  /* Written apart, where the powers of either alone may overflow. */
  if (terms->guards || is_extreme (&step->values[0], p))
    ratio = term_unless_zero (terms, value, ratio);
  uint32_t slope = term_multiply (terms, sign, term_power (terms, ratio, p - 1));
  return term_carry (terms, adjoint, unless_zero (step, value, slope));
}

uint32_t
pull_norm (const struct pulled *step)
{
  double p;
  if (is_given (step, 1, &p) && p != 2)
    return p_norm (step, p);
  uint32_t value = expanded (step, step->value);
  uint32_t slope = unless_zero (step, value, term_divide (step->terms, step->operands[0], value));
  return term_carry (step->terms, expanded (step, step->adjoint), slope);
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
extreme_of_several (const struct pulled *step, uint32_t k)
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
  uint32_t share = step->adjoint, ties = zero, here = term_call (terms, OP_equal, pair, 2, &number_shape);
  if (!tied && !terms->guards)
    return term_carry (terms, share, term_choice (terms, here, one, zero));
  for (uint32_t i = 0; i < several.count; i++)
    {
      pair[0] = several.operands[i];
      uint32_t there = term_call (terms, OP_equal, pair, 2, &number_shape);
      if (several.values[i].node)
        ties = term_add (terms, ties, term_choice (terms, there, one, zero));
      else
        share = term_choice (terms, there, zero, share);
    }
  return term_choice (terms, here, term_divide (terms, share, ties), zero);
}

uint32_t
pull_extreme (const struct pulled *step, uint32_t k)
{
  return k || step->count > 3 ? extreme_of_several (step, k)
                              : ties_share (step, step->operands[0], expanded (step, step->adjoint));
}

/* Of a vector whose elements are all different: each gets what is at the place that as many smaller ones give it. */
uint32_t
pull_sorted (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]), column = { 2, { own.extent[0], 1 } },
               square = { 2, { own.extent[0], own.extent[0] } };
  uint32_t x = step->operands[0];
  if (own.rank != 1 || has_equals (&step->values[0], false))
    return NO_TERM;
  uint32_t upright = term_of_two (terms, OP_expand_dims, x, term_number (terms, 1), &column);
  uint32_t smaller = term_of_two (terms, OP_less, x, upright, &square);
  uint32_t places = term_folded (terms, OP_sum, smaller, &square, 1, false);
  return term_of_two (terms, TERM_INDEX, step->adjoint, places, &own);
}

/* The element in the middle, which those that tie share; of an even number the two there, where all are different. */
uint32_t
pull_median (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape own = value_shape (&step->values[0]);
  size_t count = shape_size (&own) / (shape_size (&step->shape) ? shape_size (&step->shape) : 1);
  uint32_t x = step->operands[0], adjoint = expanded (step, step->adjoint), middle[2];
  if (count % 2)
    return ties_share (step, x, adjoint);
  if (own.rank != 1 || has_equals (&step->values[0], false))
    return NO_TERM;
  uint32_t sorted = term_of (terms, OP_sort, x, &own);
  for (size_t i = 0; i < 2; i++)
    middle[i] = term_of_two (terms, OP_equal, x, term_cut_element (terms, sorted, &own, count / 2 - i), &own);
  return term_choice (terms, term_call (terms, OP_or, middle, 2, &own), term_scale (terms, adjoint, 0.5),
                      term_number (terms, 0));
}

uint32_t
pull_reduced (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct pulled given = *step;
  size_t results = value_size (step->result);
  double ddof = 0;
  is_given (step, (uint32_t)op_parameter_named (op_info[step->op].parameters, "ddof"), &ddof);
  given.operands[1] = term_number (terms, (double)value_size (&step->values[0]) / (double)(results ? results : 1));
  given.operands[2] = term_number (terms, ddof);
  given.value = expanded (step, step->value);
  uint32_t slope = pull_slope (&given, terms->guards || has_zero (step->result));
  if (slope == NO_TERM)
    return NO_TERM;
  /* Its number stays before all, instead of in each side of a choice. */
  const struct term *whole = term_at (terms, slope);
  struct part part = { slope, 1 };
  if (whole->kind == TERM_SUM && whole->count == 1 && whole->number == 0)
    part = *term_parts (terms, whole);
  return term_scale (terms, term_carry (terms, expanded (step, step->adjoint), part.term), part.coefficient);
}

/* Even steps from one end to the other: what either has of each. */
uint32_t
pull_linspace (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  uint32_t arguments[3] = { term_number (terms, k ? 0 : 1), term_number (terms, k ? 1 : 0),
                            term_number (terms, (double)step->shape.extent[0]) };
  uint32_t weights = term_call (terms, OP_linspace, arguments, 3, &step->shape);
  return k > 1 ? NO_TERM
               : term_summed (terms, term_multiply (terms, step->adjoint, weights), &step->shape, &number_shape);
}

/* What each element has in a sum of exponentials: softmax, where that goes along the same axis. */
static uint32_t
shares (const struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t x = step->operands[0];
  double axis = shape.rank - 1;
  bool along = is_given (step, 1, &axis);
  if (shape.rank == 0)
    return term_number (terms, 1);
  if (!along && shape.rank > 1)
    return term_of (terms, OP_exp, term_subtract (terms, x, expanded (step, step->value)), &shape);
  if (axis == -1 || axis == shape.rank - 1)
    return term_of (terms, OP_softmax, x, &shape);
  return term_of_two (terms, OP_softmax, x, term_axis (terms, axis, false), &shape);
}

uint32_t
pull_logsumexp (const struct pulled *step)
{
  uint32_t slope = shares (step);
  return term_carry (step->terms, expanded (step, step->adjoint), slope);
}
