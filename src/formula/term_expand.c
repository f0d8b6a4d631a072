/* term_expand.c -- functions of arrays as what they are made of, for languages that have none of them. */
#include <math.h>

#include "formula/term.h"

/* A reduction that is made of others: of `x`, over all its axes or over one. */
struct folded
{
  struct terms *terms;
  uint32_t x;
  struct shape shape; /* of x */
  bool one_axis;
  int axis;
};

/* The reduction `op` of a term of the shape of x; it keeps the axis, if there is one. */
static uint32_t
fold (const struct folded *folded, uint32_t op, uint32_t term)
{
  return folded->one_axis ? term_folded (folded->terms, op, term, &folded->shape, folded->axis, true)
                          : term_of (folded->terms, op, term, &number_shape);
}

/* The largest or smallest of several numbers; where they are equal the first, as of two the second is: zeros have
   signs. */
static uint32_t
fold_numbers (struct terms *terms, enum op op, const uint32_t *numbers, uint32_t count)
{
  uint32_t result = numbers[0];
  for (uint32_t i = 1; i < count; i++)
    result = term_of_two (terms, op, numbers[i], result, &number_shape);
  return result;
}

/* The p-norm of a term of the shape of x; NO_TERM for one that is none. */
static uint32_t
p_norm (const struct folded *folded, uint32_t x, double p)
{
  struct terms *terms = folded->terms;
  uint32_t size = term_of (terms, OP_abs, x, &folded->shape);
  if (p == 1)
    return fold (folded, OP_sum, size);
  if (isinf (p))
    return fold (folded, OP_max, size);
  if (!(p > 0))
    return NO_TERM;
  /* In parts of the greatest, which is 1 exactly, also where it is 0 or infinite: nothing overflows, and one element
     alone is its size to the last digit. */
  uint32_t most = fold (folded, OP_max, size), greatest = term_of_two (terms, OP_equal, size, most, &folded->shape);
  uint32_t parts = term_choice (terms, greatest, term_number (terms, 1), term_divide (terms, size, most));
  uint32_t sum = fold (folded, OP_sum, term_power (terms, parts, p));
  return term_multiply (terms, most, term_power (terms, sum, 1 / p));
}

/* A whole power of a matrix, multiplied out; NO_TERM for others. */
static uint32_t
matrix_power (struct terms *terms, uint32_t x, double exponent, const struct shape *shape)
{
  enum
  {
    MOST = 64
  };
  uint32_t power = x;
  if (!(exponent >= 1 && exponent <= MOST))
    return NO_TERM;
  for (int i = 1; i < (int)exponent; i++)
    power = term_of_two (terms, OP_matmul, power, x, shape);
  return power;
}

uint32_t
term_expanded (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  if ((op == OP_max || op == OP_min) && count > 1 && !term_at (terms, arguments[0])->shape.rank)
    return fold_numbers (terms, op == OP_max ? OP_maximum : OP_minimum, arguments, count);
  double exponent;
  if (op == OP_matrix_power && count == 2 && term_is_number (terms, arguments[1], &exponent))
    return matrix_power (terms, arguments[0], exponent, shape);
  if (op != OP_softmax && op != OP_log_softmax && op != OP_logsumexp && op != OP_var && op != OP_std && op != OP_norm)
    return NO_TERM;
  /* A sum of exponentials is one near 1 and the rest, which have to be told apart: no sum of others does it. */
  if ((op == OP_log_softmax || op == OP_logsumexp) && term_at (terms, arguments[0])->shape.rank)
    return NO_TERM;
  /* Of a number. */
  if (!term_at (terms, arguments[0])->shape.rank)
    return op == OP_norm                                          ? term_of (terms, OP_abs, arguments[0], shape)
           : op == OP_logsumexp                                   ? arguments[0]
           : op == OP_var || op == OP_std || op == OP_log_softmax ? term_number (terms, 0)
                                                                  : term_number (terms, 1);
  struct folded folded = { .terms = terms, .x = arguments[0], .shape = term_at (terms, arguments[0])->shape };
  const struct term *keywords = count > 1 ? term_at (terms, arguments[count - 1]) : NULL;
  bool named = keywords && term_is_call (terms, arguments[count - 1], TERM_AXIS);
  double number, ddof = 0, p = 2;
  const struct part *parts = named ? term_parts (terms, keywords) : NULL;
  bool given = op == OP_norm && count > 1 && term_is_number (terms, arguments[1], &p);
  if (count > 2 + (uint32_t)given || (keywords && !named && count > 1 + (uint32_t)given) || !folded.shape.rank)
    return NO_TERM;
  folded.one_axis = op == OP_softmax || op == OP_log_softmax;
  folded.axis = -1;
  if (named && term_is_number (terms, parts[0].term, &number))
    {
      folded.one_axis = true;
      folded.axis = (int)number;
    }
  if (named && keywords->count > 2)
    term_is_number (terms, parts[2].term, &ddof);
  folded.axis += folded.axis < 0 ? folded.shape.rank : 0;
  size_t size = folded.one_axis ? folded.shape.extent[folded.axis] : shape_size (&folded.shape);
  uint32_t result;
  switch (op)
    {
    case OP_softmax:
      /* From the greatest, so that the sum of them does not overflow. */
      result = term_subtract (terms, folded.x, fold (&folded, OP_max, folded.x));
      result = term_of (terms, OP_exp, result, &folded.shape);
      return term_divide (terms, result, fold (&folded, OP_sum, result));
    case OP_norm:
      result = p_norm (&folded, folded.x, p);
      if (result == NO_TERM)
        return NO_TERM;
      break;
    default:
      /* From the greatest, so that the distances of equal elements are exactly 0. */
      result = term_subtract (terms, folded.x, fold (&folded, OP_max, folded.x));
      result = term_subtract (terms, result, fold (&folded, OP_mean, result));
      result = op == OP_std
                 ? term_scale (terms, p_norm (&folded, result, 2), 1 / sqrt ((double)size - ddof))
                 : term_scale (terms, fold (&folded, OP_sum, term_power (terms, result, 2)), 1 / ((double)size - ddof));
    }
  /* With the axis or without it. */
  return folded.one_axis && shape->rank < folded.shape.rank ? term_of (terms, OP_reshape, result, shape) : result;
}
