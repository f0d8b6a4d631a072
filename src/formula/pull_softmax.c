/* pull_softmax.c -- what goes back through softmax, its logarithm and the logarithm of a sum of exponentials.

   The textbook's forms, v (u - sum(u v)) and u - exp(v) sum(u), subtract what is nearly equal where one element is near
   1 and the others are small. The exact forms use what the elements sum to: what the largest lacks to 1 is what the
   others are. */
#include <string.h>

#include "formula/pull.h"

enum
{
  NONE = UINT32_MAX
};

static const struct shape number_shape = { .rank = 0 };

static uint32_t
axis_term (struct terms *terms, double axis, bool keep)
{
  uint32_t arguments[2] = { term_number (terms, axis), term_number (terms, 1) };
  return term_call (terms, TERM_AXIS, arguments, keep ? 2 : 1, &number_shape);
}

static uint32_t
minus (struct terms *terms, uint32_t a, uint32_t b)
{
  return term_add (terms, a, term_scale (terms, b, -1));
}

uint32_t
pull_shares (struct pulled *step)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t x = step->operands[0], arguments[2] = { x };
  double axis = shape.rank - 1;
  bool along = step->count > 1 && value_is_number (&step->values[1]);
  if (along)
    axis = step->values[1].number;
  if (shape.rank == 0)
    return term_number (terms, 1);
  if (along || shape.rank == 1)
    {
      bool last = axis == -1 || axis == shape.rank - 1;
      arguments[1] = last ? NONE : axis_term (terms, axis, false);
      return term_call (terms, OP_softmax, arguments, last ? 1 : 2, &shape);
    }
  uint32_t difference = minus (terms, x, pull_expanded (step, step->value, 1));
  return term_call (terms, OP_exp, &difference, 1, &shape);
}

/* Sums along the axis of a softmax. */
struct softened
{
  struct terms *terms;
  uint32_t keywords; /* axis=, keepdims=true */
  struct shape shape, narrow;
};

static uint32_t
fold (const struct softened *softened, enum op op, uint32_t term)
{
  uint32_t arguments[2] = { term, softened->keywords };
  return term_call (softened->terms, op, arguments, 2, &softened->narrow);
}

/* `term` where `condition` holds, else `other`. */
static uint32_t
choose (const struct softened *softened, uint32_t condition, uint32_t term, uint32_t other)
{
  uint32_t choice = term_choice (softened->terms, condition, term, other);
  return term_spread (softened->terms, choice, &softened->shape);
}

/* Whether one of the elements along the axis is as good as 1, so that subtracting costs digits. */
static bool
is_confident (const struct value *result, bool logarithm)
{
  static const double near = 1e-5;
  struct shape shape = value_shape (result);
  for (size_t i = 0; i < shape_size (&shape); i++)
    {
      double v = value_elements (result)[i];
      if (logarithm ? v > -near : v > 1 - near)
        return true;
    }
  return false;
}

/* v (d - sum(d v)), where d is u less what it is at the largest element: at those, on the average. */
static uint32_t
softmax_back (const struct softened *softened, uint32_t u, uint32_t v, bool exact)
{
  struct terms *terms = softened->terms;
  if (exact)
    {
      uint32_t pair[2] = { v, fold (softened, OP_max, v) }, zero = term_number (terms, 0);
      uint32_t largest = term_call (terms, OP_equal, pair, 2, &softened->shape);
      uint32_t there = fold (softened, OP_sum, choose (softened, largest, u, zero)),
               count = fold (softened, OP_sum, choose (softened, largest, term_number (terms, 1), zero));
      u = minus (terms, u, term_multiply (terms, there, term_power (terms, count, -1)));
    }
  uint32_t sum = fold (softened, OP_sum, term_multiply (terms, u, v));
  return term_multiply (terms, v, minus (terms, u, sum));
}

/* u - p sum(u), where p is the softmax; at a largest element u (1 - p) - p (sum(u) - u), where 1 - p is the sum of the
   others. */
static uint32_t
logarithm_back (const struct softened *softened, uint32_t u, uint32_t v, bool exact)
{
  struct terms *terms = softened->terms;
  uint32_t p = term_call (terms, OP_exp, &v, 1, &softened->shape);
  uint32_t plain = minus (terms, u, term_multiply (terms, p, fold (softened, OP_sum, u)));
  if (!exact)
    return plain;
  uint32_t pair[2] = { v, fold (softened, OP_max, v) }, zero = term_number (terms, 0), one = term_number (terms, 1);
  uint32_t largest = term_call (terms, OP_equal, pair, 2, &softened->shape);
  uint32_t others = fold (softened, OP_sum, choose (softened, largest, one, zero));
  others = term_add (terms, others, term_number (terms, -1));
  uint32_t rest = term_add (terms, fold (softened, OP_sum, choose (softened, largest, zero, p)),
                            term_multiply (terms, others, p));
  uint32_t here = fold (softened, OP_sum, choose (softened, largest, u, zero));
  uint32_t sum = term_add (terms, fold (softened, OP_sum, choose (softened, largest, zero, u)), minus (terms, here, u));
  return choose (softened, largest, minus (terms, term_multiply (terms, u, rest), term_multiply (terms, p, sum)),
                 plain);
}

uint32_t
pull_softened (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[k]);
  double axis = step->count > 1 && value_is_number (&step->values[1]) ? step->values[1].number : -1;
  bool logarithm = step->op == OP_log_softmax;
  if (k)
    return NONE;
  if (!shape.rank)
    return term_number (terms, 0);
  struct softened softened
    = { .terms = terms, .keywords = axis_term (terms, axis, true), .shape = step->shape, .narrow = step->shape };
  softened.narrow.extent[(int)axis < 0 ? (int)axis + shape.rank : (int)axis] = 1;
  uint32_t u = term_spread (terms, step->adjoint, &step->shape);
  /* Elements of a mask are mostly equal, and what is equal in all passes nothing: exactly so less one of them. */
  bool mask = !logarithm && term_at (terms, u)->traits & TERM_MASK;
  bool exact = terms->guards || mask || is_confident (step->result, logarithm);
  return (logarithm ? logarithm_back : softmax_back) (&softened, u, step->value, exact);
}
