/* term_call.c -- calls in formulas: what they come to, and what becomes of those that are sums, products or powers. */
#include <stdlib.h>
#include <string.h>

#include "formula/term.h"

static bool
is_call (const struct terms *terms, uint32_t term, uint32_t op)
{
  return term_at (terms, term)->kind == TERM_CALL && term_at (terms, term)->op == op;
}

/* Of a matrix product the factors that are single numbers stand before it. */
static uint32_t
take_out (struct terms *terms, uint32_t *term)
{
  double factor = 1;
  uint32_t rest = term_without_factor (terms, *term, &factor), scalars = term_number (terms, factor);
  uint32_t count = term_at (terms, rest)->count, numbers = 0;
  *term = rest;
  if (term_at (terms, rest)->kind != TERM_PRODUCT)
    return scalars;
  for (uint32_t i = 0; i < count; i++)
    numbers += term_at (terms, term_parts (terms, term_at (terms, rest))[i].term)->shape.rank == 0;
  if (numbers == 0 || numbers == count)
    return scalars;
  uint32_t arrays = term_number (terms, 1);
  for (uint32_t i = 0; i < count; i++)
    {
      struct part part = term_parts (terms, term_at (terms, rest))[i];
      uint32_t power = term_power (terms, part.term, part.coefficient);
      if (term_at (terms, part.term)->shape.rank)
        arrays = term_multiply (terms, arrays, power);
      else
        scalars = term_multiply (terms, scalars, power);
    }
  *term = arrays;
  return scalars;
}

/* Whether sums along the last axis, with keywords as those of `argument`, are 1: of rows with a single 1. */
static bool
sums_to_one (const struct terms *terms, uint32_t term, uint32_t argument)
{
  const struct term *rows = term_at (terms, term), *keywords = term_at (terms, argument);
  double axis, element, sum = 0;
  if (keywords->kind != TERM_CALL || keywords->op != TERM_AXIS
      || !term_is_number (terms, term_parts (terms, keywords)->term, &axis)
      || (axis != -1 && axis != rows->shape.rank - 1))
    return false;
  if (is_call (terms, term, TERM_ARRAY) && rows->shape.rank == 1)
    {
      for (uint32_t i = 0; i < rows->count; i++)
        if (!term_is_number (terms, term_parts (terms, rows)[i].term, &element))
          return false;
        else
          sum += element;
      return sum == 1;
    }
  return is_call (terms, term, OP_one_hot);
}

/* A call that comes to something without one, whatever its operands are made of: of numbers, of an element of a list,
   of ones in another shape. NO_TERM for others. */
static uint32_t
known_result (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  double number, x[3] = { 0 };
  uint32_t known = 0;
  if (op == TERM_INDEX && count == 2 && term_is_number (terms, arguments[1], &number))
    {
      const struct term *array = term_at (terms, arguments[0]);
      if (array->kind == TERM_CALL && array->op == TERM_ARRAY && array->shape.rank == 1 && number >= 0
          && number < array->count)
        return term_parts (terms, array)[(uint32_t)number].term;
    }
  for (uint32_t i = 0; i < count && i < 3; i++)
    known += term_is_number (terms, arguments[i], &x[i]);
  if (op < OPS && op_info[op].arity && known == count && !(op_info[op].traits & (TRUTH | INTEGER)))
    return term_number (terms, op_value ((enum op)op, x[0], x[1], x[2]));
  if (op == OP_transpose && count == 1)
    {
      const struct term *inner = term_at (terms, arguments[0]);
      if (inner->kind == TERM_CALL && inner->op == OP_transpose && inner->count == 1)
        return term_parts (terms, inner)->term;
    }
  bool shapes
    = op == OP_expand_dims || op == OP_reshape || op == OP_flatten || op == OP_squeeze || op == OP_broadcast_to;
  if (shapes && is_call (terms, arguments[0], OP_ones))
    return term_filled (terms, OP_ones, shape);
  if (op == OP_sum && count == 1 && (is_call (terms, arguments[0], OP_ones) || is_call (terms, arguments[0], OP_zeros)))
    return term_number (
      terms, is_call (terms, arguments[0], OP_ones) ? (double)shape_size (&term_at (terms, arguments[0])->shape) : 0);
  bool reduces = op == OP_sum || op == OP_mean || op == OP_prod || op == OP_max || op == OP_min;
  if (reduces && count == 1 && !term_at (terms, arguments[0])->shape.rank)
    return arguments[0];
  if (op == OP_sum && count == 2 && sums_to_one (terms, arguments[0], arguments[1]))
    return term_number (terms, 1);
  return NO_TERM;
}

/* A condition that is a number, or a comparison of numbers. (As a value it stays what it is: in an index true is no
   position.) */
static bool
is_decided (const struct terms *terms, uint32_t condition, bool *holds)
{
  const struct term *term = term_at (terms, condition);
  double x[2] = { 0 };
  if (term_is_number (terms, condition, &x[0]))
    {
      *holds = x[0] != 0;
      return true;
    }
  if (term->kind != TERM_CALL || term->op >= OPS || !(op_info[term->op].traits & TRUTH) || term->count > 2)
    return false;
  for (uint32_t i = 0; i < term->count; i++)
    if (!term_is_number (terms, term_parts (terms, term)[i].term, &x[i]))
      return false;
  *holds = op_value ((enum op)term->op, x[0], x[1], 0) != 0;
  return true;
}

uint32_t
term_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  double number;
  bool holds;
  uint32_t result = terms->expands ? term_expanded (terms, op, arguments, count, shape) : NO_TERM;
  if (result == NO_TERM)
    result = known_result (terms, op, arguments, count, shape);
  if (result != NO_TERM)
    return result;
  switch (op)
    {
    case OP_exp:
      {
        const struct term *inner = term_at (terms, arguments[0]);
        if (is_call (terms, arguments[0], OP_log))
          return term_parts (terms, inner)->term;
        if (!is_call (terms, arguments[0], OP_log_softmax))
          break;
        uint32_t same[2]
          = { term_parts (terms, inner)[0].term, inner->count > 1 ? term_parts (terms, inner)[1].term : NO_TERM };
        return term_call (terms, OP_softmax, same, inner->count, shape);
      }
    case OP_add:
      return term_add (terms, arguments[0], arguments[1]);
    case OP_subtract:
      return term_add (terms, arguments[0], term_scale (terms, arguments[1], -1));
    case OP_negate:
      return term_scale (terms, arguments[0], -1);
    case OP_plus:
    case OP_real:
      return arguments[0];
    case OP_multiply:
      return term_multiply (terms, arguments[0], arguments[1]);
    case OP_through:
    case OP_carry:
      return term_carry (terms, arguments[0], arguments[1]);
    case OP_divide:
      return term_multiply (terms, arguments[0], term_power (terms, arguments[1], -1));
    case OP_reciprocal:
      return term_power (terms, arguments[0], -1);
    case OP_square:
      return term_power (terms, arguments[0], 2);
    case OP_power:
    case OP_pow:
      if (term_is_number (terms, arguments[1], &number))
        return term_power (terms, arguments[0], number);
      break;
    case OP_where:
      if (is_decided (terms, arguments[0], &holds))
        return term_spread (terms, arguments[holds ? 1 : 2], shape);
      if (arguments[1] == arguments[2])
        return term_spread (terms, arguments[1], shape);
      break;
    case OP_xlogy:
      if (term_is_number (terms, arguments[0], &number) && number != 0)
        return term_scale (terms, term_call (terms, OP_log, &arguments[1], 1, shape), number);
      break;
    case OP_sum:
    case OP_expand_dims:
    case OP_reshape:
    case OP_flatten:
    case OP_transpose:
    case OP_outer:
      {
        /* Linear, so that numbers stand before it; of an outer product in both operands. */
        uint32_t inner[RANK_LIMIT + 2];
        memcpy (inner, arguments, count * sizeof *inner);
        uint32_t factor = take_out (terms, &inner[0]);
        if (op == OP_outer)
          factor = term_multiply (terms, factor, take_out (terms, &inner[1]));
        double one;
        if (term_is_number (terms, factor, &one) && one == 1)
          break;
        return term_multiply (terms, factor, term_call (terms, op, inner, count, shape));
      }
    case OP_matmul:
      {
        uint32_t factors[2] = { arguments[0], arguments[1] };
        uint32_t left = take_out (terms, &factors[0]), right = take_out (terms, &factors[1]);
        uint32_t product = term_plain_call (terms, op, factors, 2, shape);
        return term_multiply (terms, term_multiply (terms, left, right), product);
      }
    }
  return term_plain_call (terms, op, arguments, count, shape);
}
