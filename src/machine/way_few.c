/* way_few.c -- routines of arrays of few elements that are computed as a whole on a way: iterations keep what their
   slopes are made of. */
#include <string.h>

#include "machine/way.h"

enum
{
  MATRIX = 2 /* the rank of one */
};

/* What a result depends on: an element, and the column of the slope. */
struct slope
{
  const struct known *known;
  uint16_t column;
  bool flat; /* may be FLAT */
};

/* A number that the first program has computed, for a register. */
static void
link_result (struct way *way, uint32_t to, uint16_t number, const struct slope *slopes, uint32_t count)
{
  struct known value = { .kind = KIND_REAL, .number = number, .column = way_kept_column (way, number) },
               of[ARRAY_SMALL + ARRAY_SMALL];
  struct lane_weight weights[ARRAY_SMALL + ARRAY_SMALL];
  for (uint32_t i = 0; i < count; i++)
    {
      of[i] = *slopes[i].known;
      weights[i] = (struct lane_weight){ { slopes[i].column, 0 }, slopes[i].flat, true };
    }
  way_weighted (way, to, &value, of, weights, count);
}

/* The elements of an operand of some rank, and of a matrix that is square; or the way has failed. */
static const struct known *
elements_of (struct way *way, uint32_t operand, uint32_t rank)
{
  struct known *array = way_find (way, operand);
  const struct known *parts = way_parts (way, array);
  if (way->failed)
    return NULL;
  const struct shape shape = body_shape (array->what);
  way->failed |= way_type_of (array) == TYPE_BOOLEAN || (rank && (uint32_t)shape.rank != rank)
                 || (rank == MATRIX && shape.extent[0] != shape.extent[1]);
  return way->failed ? NULL : parts;
}

/* Columns of numbers that the first program has computed, from one on. */
static void
keep (struct way *way, uint16_t first, uint32_t count, uint16_t *columns)
{
  for (uint32_t i = 0; i < count && !way->failed; i++)
    columns[i] = way_kept_column (way, (uint16_t)(first + i));
}

/* The register of an element of a result. */
static uint32_t
element_register (void)
{
  return WAY_INPUT + WAY_INPUTS - 1;
}

/* One number of all elements, with a slope in each. */
static void
reduce (struct way *way, const struct instruction *routine, bool of_matrix)
{
  way->failed |= !way_left_out (way, routine->b + 1, routine->c - 1);
  const struct known *parts = elements_of (way, routine->b, of_matrix ? MATRIX : 0);
  /* Of whole numbers it may be one, which has no slope. */
  way->failed |= way_type_of (way_find (way, routine->b)) != TYPE_REAL;
  if (way->failed)
    return;
  const uint32_t count = way_part_count (way_find (way, routine->b));
  const uint16_t first = way_together (way, BODY_FEW, routine->op, parts, count, 1 + count);
  uint16_t columns[ARRAY_SMALL] = { 0 };
  struct slope slopes[ARRAY_SMALL];
  keep (way, (uint16_t)(first + 1), count, columns);
  for (uint32_t i = 0; i < count; i++)
    slopes[i] = (struct slope){ &parts[i], columns[i], false };
  link_result (way, routine->a, first, slopes, count);
  if (!way->failed && routine->b != routine->a)
    way_consume (way, routine->b, 1);
}

/* The sum of the diagonal: of what stands beside it a slope is 0. */
static void
trace (struct way *way, const struct instruction *routine)
{
  const struct known *parts = elements_of (way, routine->b, MATRIX), *array = way_find (way, routine->b);
  way->failed |= routine->c != 1 || way_type_of (array) != TYPE_REAL;
  if (way->failed)
    return;
  const uint32_t count = way_part_count (array), n = (uint32_t)body_shape (array->what).extent[0];
  struct slope slopes[ARRAY_SMALL];
  uint16_t sum = way_inner (way);
  way_step (way, (struct body_step){ BODY_NUMBER, 0, 0, 0, sum, 0, 0 });
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      const bool counts = i / n == i % n;
      slopes[i] = (struct slope){ &parts[i], counts ? WAY_ONES : WAY_FLATS, !counts };
      const uint16_t before = sum;
      sum = counts ? way_inner (way) : before;
      if (counts)
        way_step (way, (struct body_step){ OP_add, before, parts[i].number, 0, sum, 0, 0 });
    }
  link_result (way, routine->a, sum, slopes, count);
  if (!way->failed && routine->b != routine->a)
    way_consume (way, routine->b, 1);
}

/* An element of the inverse X of A, at i: dX = -X dA X. */
static void
inverse_slopes (struct way *way, const struct known *a, const uint16_t *inverse, uint32_t n, uint32_t i,
                struct slope *slopes)
{
  uint16_t left[ARRAY_SMALL] = { 0 };
  for (uint32_t k = 0; k < n; k++)
    left[k] = way_column_of (way, OP_negate, inverse[i / n * n + k], 0, 0);
  for (uint32_t at = 0; at < n * n; at++)
    {
      const uint16_t right = inverse[at % n * n + i % n];
      slopes[at] = (struct slope){ &a[at], way_column_of (way, OP_multiply, left[at / n], right, 0), false };
    }
}

static void
invert (struct way *way, const struct instruction *routine)
{
  const struct known *a = elements_of (way, routine->b, MATRIX), *array = way_find (way, routine->b);
  if (way->failed)
    return;
  const uint32_t count = way_part_count (array);
  const struct shape shape = body_shape (array->what);
  const uint16_t first = way_together (way, BODY_FEW, OP_inv, a, count, count);
  uint16_t columns[ARRAY_SMALL] = { 0 };
  struct known *parts = way_part_room (way, count);
  keep (way, first, count, columns);
  for (uint32_t i = 0; i < count && !way->failed; i++)
    {
      struct slope slopes[ARRAY_SMALL];
      inverse_slopes (way, a, columns, (uint32_t)shape.extent[0], i, slopes);
      link_result (way, element_register (), (uint16_t)(first + i), slopes, count);
      parts[i] = *way_find (way, element_register ());
    }
  way_consume (way, routine->b, 1);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &shape), parts);
}

/* dx = inv(A) (db - dA x) */
static void
solve (struct way *way, const struct instruction *routine)
{
  const struct known *a = elements_of (way, routine->b, MATRIX), *b = elements_of (way, routine->b + 1, 1);
  if (way->failed)
    return;
  const uint32_t n = way_part_count (way_find (way, routine->b + 1)), square = n * n;
  struct known operands[ARRAY_SMALL + ARRAY_SMALL];
  uint16_t columns[ARRAY_SMALL + ARRAY_SMALL] = { 0 };
  way->failed |= way_part_count (way_find (way, routine->b)) != square;
  struct known *parts = way_part_room (way, n);
  if (way->failed)
    return;
  memcpy (operands, a, square * sizeof *a);
  memcpy (operands + square, b, n * sizeof *b);
  const uint16_t first = way_together (way, BODY_FEW, OP_solve, operands, square + n, n + square);
  keep (way, first, n + square, columns);
  const uint16_t *const inverse = columns + n;
  for (uint32_t i = 0; i < n && !way->failed; i++)
    {
      struct slope slopes[ARRAY_SMALL + ARRAY_SMALL];
      for (uint32_t k = 0; k < n; k++)
        {
          const uint16_t left = way_column_of (way, OP_negate, inverse[i * n + k], 0, 0);
          for (uint32_t l = 0; l < n; l++)
            slopes[k * n + l]
              = (struct slope){ &operands[k * n + l], way_column_of (way, OP_multiply, left, columns[l], 0), false };
          slopes[square + k] = (struct slope){ &operands[square + k], inverse[i * n + k], false };
        }
      link_result (way, element_register (), (uint16_t)(first + i), slopes, square + n);
      parts[i] = *way_find (way, element_register ());
    }
  const struct shape shape = { .rank = 1, .extent = { n } };
  way_consume (way, routine->b, 2);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &shape), parts);
}

/* Element i of a line, with softmax s: ds = s (dx - sum of s dx), and of the logarithm dx - sum of s dx. The slope of
   an element in itself is a sum over the others, for 1 - s loses digits. */
static void
soft_slopes (struct way *way, const struct known *x, const uint16_t *soft, uint32_t n, uint32_t i, bool is_log,
             struct slope *slopes)
{
  uint16_t others = 0;
  const uint16_t minus = is_log ? 0 : way_column_of (way, OP_negate, soft[i], 0, 0);
  for (uint32_t k = 0; k < n; k++)
    if (k != i)
      {
        others = others ? way_column_of (way, OP_add, others, soft[k], 0) : soft[k];
        slopes[k].known = &x[k];
        slopes[k].column = is_log ? way_column_of (way, OP_negate, soft[k], 0, 0)
                                  : way_column_of (way, OP_multiply, minus, soft[k], 0);
        slopes[k].flat = false;
      }
  slopes[i] = (struct slope){ &x[i], is_log ? others : way_column_of (way, OP_multiply, soft[i], others, 0), false };
}

/* Along the last axis. */
static void
soften_lines (struct way *way, const struct instruction *routine)
{
  const bool is_log = routine->op == OP_log_softmax;
  way->failed |= routine->c != 2 || !way_left_out (way, routine->b + 1, 1);
  const struct known *x = elements_of (way, routine->b, 0);
  const struct shape shape = body_shape (way_find (way, routine->b)->what);
  const uint32_t n = way->failed ? 0 : (uint32_t)shape.extent[shape.rank - 1];
  way->failed |= n < 2;
  if (way->failed)
    return;
  const uint32_t count = (uint32_t)shape_size (&shape);
  struct known *parts = way_part_room (way, count);
  for (uint32_t line = 0; line < count && !way->failed; line += n)
    {
      uint16_t soft[ARRAY_SMALL] = { 0 };
      const uint16_t first = way_together (way, BODY_FEW, routine->op, x + line, n, is_log ? 2 * n : n);
      keep (way, (uint16_t)(first + (is_log ? n : 0)), n, soft);
      for (uint32_t i = 0; i < n && !way->failed; i++)
        {
          struct slope slopes[ARRAY_SMALL];
          soft_slopes (way, x + line, soft, n, i, is_log, slopes);
          link_result (way, element_register (), (uint16_t)(first + i), slopes, n);
          parts[line + i] = *way_find (way, element_register ());
        }
    }
  way_consume (way, routine->b, 1);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &shape), parts);
}

bool
way_few_routine (struct way *way, const struct instruction *routine)
{
  switch (routine->op)
    {
    case OP_norm:
    case OP_var:
    case OP_std:
    case OP_prod:
    case OP_logsumexp:
      reduce (way, routine, false);
      return true;
    case OP_det:
    case OP_logdet:
      reduce (way, routine, true);
      return true;
    case OP_trace:
      trace (way, routine);
      return true;
    case OP_inv:
      invert (way, routine);
      return true;
    case OP_solve:
      solve (way, routine);
      return true;
    case OP_softmax:
    case OP_log_softmax:
      soften_lines (way, routine);
      return true;
    default:
      return false;
    }
}
