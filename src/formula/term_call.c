/* term_call.c -- calls in formulas: what they come to, and what becomes of those that are sums, products or powers. */
#include <string.h>

#include "formula/term.h"

/* Of a linear function the factors that are single numbers stand before it. */
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
    numbers += term_at (terms, term_parts_of (terms, rest)[i].term)->shape.rank == 0;
  if (numbers == 0 || numbers == count)
    return scalars;
  uint32_t arrays = term_number (terms, 1);
  for (uint32_t i = 0; i < count; i++)
    {
      struct part part = term_parts_of (terms, rest)[i];
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
  if (term_is_call (terms, term, TERM_ARRAY) && rows->shape.rank == 1)
    {
      for (uint32_t i = 0; i < rows->count; i++)
        if (!term_is_number (terms, term_parts (terms, rows)[i].term, &element))
          return false;
        else
          sum += element;
      return sum == 1;
    }
  return term_is_call (terms, term, OP_one_hot);
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
      if (term_is_call (terms, arguments[0], TERM_ARRAY) && array->shape.rank == 1 && number >= 0
          && number < array->count)
        return term_parts (terms, array)[(uint32_t)number].term;
    }
  for (uint32_t i = 0; i < count && i < 3; i++)
    known += term_is_number (terms, arguments[i], &x[i]);
  if (op < OPS && op_info[op].arity && known == count && !(op_info[op].traits & (TRUTH | INTEGER)))
    return term_number (terms, op_value ((enum op)op, x[0], x[1], x[2]));
  if (op == OP_transpose && count == 1 && term_is_call (terms, arguments[0], OP_transpose)
      && term_at (terms, arguments[0])->count == 1)
    return term_parts_of (terms, arguments[0])->term;
  bool shapes
    = op == OP_expand_dims || op == OP_reshape || op == OP_flatten || op == OP_squeeze || op == OP_broadcast_to;
  if (shapes && term_is_call (terms, arguments[0], OP_ones))
    return term_filled (terms, OP_ones, shape);
  if (op == OP_sum && count == 1
      && (term_is_call (terms, arguments[0], OP_ones) || term_is_call (terms, arguments[0], OP_zeros)))
    return term_number (terms, term_is_call (terms, arguments[0], OP_ones)
                                 ? (double)shape_size (&term_at (terms, arguments[0])->shape)
                                 : 0);
  bool reduces = op == OP_sum || op == OP_mean || op == OP_prod || op == OP_max || op == OP_min;
  if (reduces && count == 1 && !term_at (terms, arguments[0])->shape.rank)
    return arguments[0];
  if (op == OP_sum && count == 2 && sums_to_one (terms, arguments[0], arguments[1]))
    return term_number (terms, 1);
  return NO_TERM;
}

/* A linear function: numbers stand before it; of a product in both operands. */
static uint32_t
linear_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  uint32_t inner[RANK_LIMIT + 2];
  double one;
  memcpy (inner, arguments, count * sizeof *inner);
  uint32_t factor = take_out (terms, &inner[0]);
  if (op == OP_outer || op == OP_matmul)
    factor = term_multiply (terms, factor, take_out (terms, &inner[1]));
  return term_is_number (terms, factor, &one) && one == 1
           ? term_plain_call (terms, op, arguments, count, shape)
           : term_multiply (terms, factor, term_call (terms, op, inner, count, shape));
}

/* exp(log(a)) is a; exp(log_softmax(a)) is softmax(a). */
static uint32_t
exponential (struct terms *terms, uint32_t argument, const struct shape *shape)
{
  uint32_t same[2], count = term_at (terms, argument)->count;
  if (term_is_call (terms, argument, OP_log))
    return term_parts_of (terms, argument)->term;
  if (!term_is_call (terms, argument, OP_log_softmax))
    return term_plain_call (terms, OP_exp, &argument, 1, shape);
  for (uint32_t i = 0; i < count; i++)
    same[i] = term_parts_of (terms, argument)[i].term;
  return term_call (terms, OP_softmax, same, count, shape);
}

uint32_t
term_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  double number;
  uint32_t result = terms->expands ? term_expanded (terms, op, arguments, count, shape) : NO_TERM;
  if (result == NO_TERM)
    result = known_result (terms, op, arguments, count, shape);
  if (result != NO_TERM)
    return result;
  switch (op)
    {
    case OP_add:
      return term_add (terms, arguments[0], arguments[1]);
    case OP_subtract:
      return term_subtract (terms, arguments[0], arguments[1]);
    case OP_negate:
      return term_scale (terms, arguments[0], -1);
    case OP_plus:
    case OP_real:
      return arguments[0];
    case OP_multiply:
      return term_multiply (terms, arguments[0], arguments[1]);
    case OP_divide:
      return term_divide (terms, arguments[0], arguments[1]);
    case OP_reciprocal:
      return term_power (terms, arguments[0], -1);
    case OP_square:
      return term_power (terms, arguments[0], 2);
    case OP_power:
    case OP_pow:
      if (term_is_number (terms, arguments[1], &number))
        return term_power (terms, arguments[0], number);
      break;
    case OP_exp:
      return exponential (terms, arguments[0], shape);
    case OP_where:
      return term_where (terms, arguments, shape);
    case OP_and:
    case OP_or:
      return term_logic (terms, op, arguments, shape);
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
    case OP_matmul:
      return linear_call (terms, op, arguments, count, shape);
    }
  return term_plain_call (terms, op, arguments, count, shape);
}

uint32_t
term_of (struct terms *terms, uint32_t op, uint32_t argument, const struct shape *shape)
{
  return term_call (terms, op, &argument, 1, shape);
}

uint32_t
term_of_two (struct terms *terms, uint32_t op, uint32_t a, uint32_t b, const struct shape *shape)
{
  uint32_t pair[2] = { a, b };
  return term_call (terms, op, pair, 2, shape);
}

uint32_t
term_axis (struct terms *terms, double axis, bool keep)
{
  uint32_t arguments[2] = { term_number (terms, axis), term_number (terms, 1) };
  return term_call (terms, TERM_AXIS, arguments, keep ? 2 : 1, &number_shape);
}

uint32_t
term_folded (struct terms *terms, uint32_t op, uint32_t term, const struct shape *shape, double axis, bool keep)
{
  struct shape left = *shape;
  int at = (int)axis < 0 ? (int)axis + left.rank : (int)axis;
  left.extent[at] = 1;
  if (!keep)
    memmove (left.extent + at, left.extent + at + 1, (size_t)(--left.rank - at) * sizeof *left.extent);
  return term_of_two (terms, op, term, term_axis (terms, axis, keep), &left);
}
