/* pull_softmax.c -- what goes back through softmax and its logarithm, as terms.

   The textbook's forms, v (u - sum(u v)) and u - exp(v) sum(u), subtract what is nearly equal where one element is near
   1 and the others are small. The exact forms use what the elements sum to: what the largest lacks to 1 is what the
   others are. */
#include "formula/pull.h"

/* Sums along the axis of a softmax. */
struct softened
{
  struct terms *terms;
  double axis;
  struct shape shape;
};

static uint32_t
fold (const struct softened *softened, enum op op, uint32_t term)
{
  return term_folded (softened->terms, op, term, &softened->shape, softened->axis, true);
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
      uint32_t zero = term_number (terms, 0);
      uint32_t largest = term_of_two (terms, OP_equal, v, fold (softened, OP_max, v), &softened->shape);
      uint32_t there = fold (softened, OP_sum, choose (softened, largest, u, zero)),
               count = fold (softened, OP_sum, choose (softened, largest, term_number (terms, 1), zero));
      u = term_subtract (terms, u, term_divide (terms, there, count));
    }
  uint32_t sum = fold (softened, OP_sum, term_multiply (terms, u, v));
  return term_multiply (terms, v, term_subtract (terms, u, sum));
}

/* u - p sum(u), where p is the softmax; at a largest element u (1 - p) - p (sum(u) - u), where 1 - p is the sum of the
   others. */
static uint32_t
logarithm_back (const struct softened *softened, uint32_t u, uint32_t v, bool exact)
{
  struct terms *terms = softened->terms;
  uint32_t p = term_of (terms, OP_exp, v, &softened->shape);
  uint32_t plain = term_subtract (terms, u, term_multiply (terms, p, fold (softened, OP_sum, u)));
  if (!exact)
    return plain;
  uint32_t zero = term_number (terms, 0), one = term_number (terms, 1);
  uint32_t largest = term_of_two (terms, OP_equal, v, fold (softened, OP_max, v), &softened->shape);
  uint32_t others = fold (softened, OP_sum, choose (softened, largest, one, zero));
  others = term_add (terms, others, term_number (terms, -1));
  uint32_t rest
    = term_add (terms, fold (softened, OP_sum, choose (softened, largest, zero, p)), term_multiply (terms, others, p));
  uint32_t here = fold (softened, OP_sum, choose (softened, largest, u, zero));
  uint32_t sum
    = term_add (terms, fold (softened, OP_sum, choose (softened, largest, zero, u)), term_subtract (terms, here, u));
  return choose (softened, largest,
                 term_subtract (terms, term_multiply (terms, u, rest), term_multiply (terms, p, sum)), plain);
}

uint32_t
pull_softened (const struct pulled *step)
{
  bool logarithm = step->op == OP_log_softmax;
  uint32_t u = step->adjoint, axis_at = (uint32_t)op_axis (step->op);
  bool given = axis_at < step->count && value_is_number (&step->values[axis_at]);
  struct softened softened
    = { .terms = step->terms, .axis = given ? step->values[axis_at].number : -1, .shape = step->shape };
  if (!step->shape.rank)
    return term_number (step->terms, 0);
  /* Elements of a mask are mostly equal, and what is equal in all passes nothing: exactly so less one of them. */
  bool mask = !logarithm && term_is_mask (step->terms, u);
  bool exact = step->terms->guards || mask || is_confident (step->result, logarithm);
  return (logarithm ? logarithm_back : softmax_back) (&softened, u, step->value, exact);
}
