/* way_product.c -- routines that make arrays of few elements on a way, or take them: each element of the result is an
   expression, with its terms in the order that the routine has. */
#include "machine/way.h"

#include <math.h>

enum
{
  MATRIX = 2 /* the rank of one */
};

/* An expression that is being written: its steps, and inputs in use. */
struct terms
{
  struct instruction group[GROUP_LIMIT + 1];
  uint32_t steps, inputs;
};

static uint32_t
add_input (struct way *way, struct terms *terms, const struct known *known)
{
  way->failed |= terms->inputs + 1 == WAY_INPUTS;
  if (!way->failed)
    way->inputs[terms->inputs++] = *known;
  return WAY_INPUT + terms->inputs - 1;
}

static uint32_t
add_step (struct terms *terms, enum op op, uint32_t a, uint32_t b)
{
  terms->group[++terms->steps] = (struct instruction){ CODE_STEP, (uint16_t)op, a, b, 0 };
  return PENDING | (terms->steps - 1);
}

/* Numbers 1 and 0. */
static void
make_units (struct way *way)
{
  if (way->one.kind != KIND_NOTHING)
    return;
  way->one = (struct known){ .kind = KIND_INTEGER, .number = way_inner (way), .column = WAY_ONES };
  way->zero = (struct known){ .kind = KIND_INTEGER, .number = way_inner (way) };
  way_step (way, (struct body_step){ BODY_NUMBER, 0, 1, 0, way->one.number, 0, 0 });
  way_step (way, (struct body_step){ OP_subtract, way->one.number, way->one.number, 0, way->zero.number, 0, 0 });
  way->zero.column = way_column_step (way, (struct lane_step){ .op = OP_subtract, .a = WAY_ONES, .b = WAY_ONES });
}

/* A whole number of few bits. */
static struct known
make_whole (struct way *way, uint32_t number)
{
  struct known whole = { .kind = KIND_INTEGER, .number = way_inner (way), .column = WAY_ONES };
  way_step (way, (struct body_step){ BODY_NUMBER, 0, (uint16_t)number, 0, whole.number, 0, 0 });
  for (uint32_t bit = 31 - (uint32_t)__builtin_clz (number); bit-- > 0;)
    {
      whole.column = way_column_step (way, (struct lane_step){ .op = OP_add, .a = whole.column, .b = whole.column });
      if (number >> bit & 1)
        whole.column = way_column_step (way, (struct lane_step){ .op = OP_add, .a = whole.column, .b = WAY_ONES });
    }
  return whole;
}

/* The value of the expression, for a register, or with `to` NULL for a part. */
static struct known
finish (struct way *way, struct terms *terms, const uint32_t *to)
{
  const uint32_t last = WAY_INPUT + WAY_INPUTS - 1;
  terms->group[0] = (struct instruction){ CODE_GROUP, 0, to ? *to : last, terms->steps, 0 };
  if (!way->failed)
    way_group (way, terms->group);
  return way->failed ? (struct known){ 0 } : *way_find (way, terms->group[0].a);
}

/* Sums of terms whose positions are equal modulo `places`, then of these in pairs. */
static void
add_up (struct way *way, struct terms *terms, const uint32_t *operands, uint32_t count, uint32_t places)
{
  uint32_t sums[ARRAY_SMALL];
  make_units (way);
  if (way->failed)
    return;
  const uint32_t zero = add_input (way, terms, &way->zero);
  for (uint32_t i = 0; i < count; i++)
    sums[i % places] = add_step (terms, OP_add, i < places ? zero : sums[i % places], operands[i]);
  for (uint32_t width = 1; width < places; width *= 2)
    for (uint32_t i = 0; i + width < count && i < places; i += 2 * width)
      if (i + width < places)
        sums[i] = add_step (terms, OP_add, sums[i], sums[i + width]);
}

/* A factor of a product, as a matrix: a vector on the left is a row, on the right a column. */
struct factor
{
  const struct known *parts;
  uint32_t rows, columns, rank, type;
};

static bool
find_factor (struct way *way, uint32_t operand, bool left, struct factor *factor)
{
  struct known *array = way_find (way, operand);
  if (array->kind != KIND_ARRAY || !way_parts (way, array))
    return false;
  const struct shape shape = body_shape (array->what);
  const uint32_t first = (uint32_t)shape.extent[0], second = (uint32_t)shape.extent[1];
  *factor = (struct factor){ array->parts, first, second, (uint32_t)shape.rank, way_type_of (array) };
  if (shape.rank == 1)
    {
      factor->rows = left ? 1 : first;
      factor->columns = left ? first : 1;
    }
  return shape.rank <= MATRIX;
}

/* A row times a column: in four sums where the right factor is a column, else in one. */
static struct known
row_by_column (struct way *way, const struct factor factors[2], uint32_t row, uint32_t column, const uint32_t *to)
{
  struct terms terms;
  const struct factor *a = &factors[0], *b = &factors[1];
  const uint32_t inner = a->columns, whole = inner / 4 * 4;
  terms.steps = terms.inputs = 0;
  make_units (way);
  if (way->failed)
    return (struct known){ 0 };
  const uint32_t zero = add_input (way, &terms, &way->zero);
  uint32_t sums[4] = { zero, zero, zero, zero };
  for (uint32_t i = 0; i < inner && !way->failed; i++)
    {
      uint32_t *sum = &sums[b->columns == 1 && i < whole ? i % 4 : 0];
      const uint32_t left = add_input (way, &terms, &a->parts[row * inner + i]),
                     right = add_input (way, &terms, &b->parts[i * b->columns + column]);
      *sum = add_step (&terms, OP_add, *sum, add_step (&terms, OP_multiply, left, right));
    }
  if (sums[1] != zero)
    add_step (&terms, OP_add, add_step (&terms, OP_add, sums[0], sums[1]), add_step (&terms, OP_add, sums[2], sums[3]));
  return finish (way, &terms, to);
}

static void
product (struct way *way, const struct instruction *routine)
{
  struct factor factors[2];
  way->failed |= routine->c != 2 || !find_factor (way, routine->b, true, &factors[0])
                 || !find_factor (way, routine->b + 1, false, &factors[1]) || factors[0].columns != factors[1].rows;
  if (way->failed)
    return;
  struct shape shape = { 0 };
  const uint32_t m = factors[0].rows, n = factors[1].columns;
  if (factors[0].rank == MATRIX)
    shape.extent[shape.rank++] = m;
  if (factors[1].rank == MATRIX)
    shape.extent[shape.rank++] = n;
  const bool real = factors[0].type == TYPE_REAL || factors[1].type == TYPE_REAL;
  if (shape.rank == 0)
    {
      const struct factor own[2] = { factors[0], factors[1] };
      row_by_column (way, own, 0, 0, &routine->a);
      for (uint32_t i = 0; i < 2; i++)
        if (routine->b + i != routine->a)
          way_consume (way, routine->b + i, 1);
      return;
    }
  struct known *parts = way_part_room (way, m * n);
  for (uint32_t i = 0; i < m * n && !way->failed; i++)
    parts[i] = row_by_column (way, factors, i / n, i % n, NULL);
  way_consume (way, routine->b, 2);
  way_set_array (way, routine->a, body_what (real ? TYPE_REAL : TYPE_INTEGER, &shape), parts);
}

static void
outer (struct way *way, const struct instruction *routine)
{
  struct known *arrays[2] = { way_find (way, routine->b), way_find (way, routine->b + 1) };
  way->failed |= routine->c != 2 || !way_parts (way, arrays[0]) || !way_parts (way, arrays[1]);
  if (way->failed)
    return;
  const uint32_t m = way_part_count (arrays[0]), n = way_part_count (arrays[1]);
  const bool real = way_type_of (arrays[0]) == TYPE_REAL || way_type_of (arrays[1]) == TYPE_REAL;
  const struct shape shape = { .rank = MATRIX, .extent = { m, n } };
  struct known *parts = way_part_room (way, m * n);
  for (uint32_t i = 0; i < m * n && !way->failed; i++)
    {
      struct terms terms = { .steps = 0 };
      const uint32_t left = add_input (way, &terms, &arrays[0]->parts[i / n]),
                     right = add_input (way, &terms, &arrays[1]->parts[i % n]);
      add_step (&terms, OP_multiply, left, right);
      parts[i] = finish (way, &terms, NULL);
    }
  way_consume (way, routine->b, 2);
  way_set_array (way, routine->a, body_what (real ? TYPE_REAL : TYPE_INTEGER, &shape), parts);
}

static void
transpose (struct way *way, const struct instruction *routine)
{
  struct known *array = way_find (way, routine->b);
  way->failed |= routine->c != 1 || !way_parts (way, array);
  if (way->failed)
    return;
  const struct shape from = body_shape (array->what);
  struct shape shape = from;
  const uint32_t rows = (uint32_t)from.extent[0], columns = from.rank == MATRIX ? (uint32_t)from.extent[1] : 1;
  way->failed |= from.rank > MATRIX;
  if (from.rank == MATRIX)
    {
      shape.extent[0] = columns;
      shape.extent[1] = rows;
    }
  const enum type type = way_type_of (array);
  const struct known *before = array->parts;
  struct known *parts = way_part_room (way, rows * columns);
  for (uint32_t i = 0; i < rows * columns && !way->failed; i++)
    parts[i] = before[i % rows * columns + i / rows];
  way_consume (way, routine->b, 1);
  way_set_array (way, routine->a, body_what (type, &shape), parts);
}

/* roll (x, n) of a vector. */
static void
roll (struct way *way, const struct instruction *routine)
{
  struct known *array = way_find (way, routine->b), *along = way_find (way, routine->b + 2);
  double by = 0, axis = 0;
  way->failed |= routine->c != 3 || !way_parts (way, array) || (array->what & UINT8_MAX) != 1
                 || !way_constant (way, way_find (way, routine->b + 1), &by) || by != rint (by)
                 || fabs (by) > INT16_MAX;
  const bool first = way_constant (way, along, &axis) && along->kind != KIND_BOOLEAN && (axis == 0 || axis == -1);
  way->failed |= along->kind != KIND_NOTHING && !first;
  if (way->failed)
    return;
  const int count = (int)way_part_count (array), shift = ((int)by % count + count) % count;
  const struct known *before = array->parts;
  const uint32_t what = array->what & ~WHAT_CLOSED;
  struct known *parts = way_part_room (way, (uint32_t)count);
  for (int i = 0; i < count && !way->failed; i++)
    parts[i] = before[(i + count - shift) % count];
  way_consume (way, routine->b, 3);
  way_set_array (way, routine->a, what, parts);
}

static void
eye (struct way *way, const struct instruction *routine)
{
  double rows = 0;
  way->failed |= routine->c != 2 || !way_constant (way, way_find (way, routine->b), &rows) || rows < 1
                 || rows * rows > ARRAY_SMALL || rows != rint (rows) || !way_left_out (way, routine->b + 1, 1);
  if (way->failed)
    return;
  const uint32_t n = (uint32_t)rows;
  const struct shape shape = { .rank = MATRIX, .extent = { n, n } };
  struct known *parts = way_part_room (way, n * n);
  make_units (way);
  for (uint32_t i = 0; i < n * n && !way->failed; i++)
    {
      parts[i] = i / n == i % n ? way->one : way->zero;
      parts[i].kind = KIND_REAL;
    }
  way_consume (way, routine->b, 2);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &shape), parts);
}

/* zeros (n, ...) and ones (n, ...). */
static void
fill (struct way *way, const struct instruction *routine, bool ones)
{
  struct shape shape = { .rank = (int)routine->c };
  way->failed |= routine->c < 1 || routine->c > WHAT_RANK;
  for (uint32_t axis = 0; axis < routine->c && !way->failed; axis++)
    {
      double extent = 0;
      way->failed |= !way_constant (way, way_find (way, routine->b + axis), &extent) || extent < 1
                     || extent > ARRAY_SMALL || extent != rint (extent);
      shape.extent[axis] = way->failed ? 0 : (size_t)extent;
    }
  const uint32_t size = way->failed ? 0 : (uint32_t)shape_size (&shape);
  struct known *parts = way_part_room (way, size);
  make_units (way);
  if (way->failed)
    return;
  for (uint32_t i = 0; i < size; i++)
    {
      parts[i] = ones ? way->one : way->zero;
      parts[i].kind = KIND_REAL;
    }
  way_consume (way, routine->b, routine->c);
  way_set_array (way, routine->a, body_what (TYPE_REAL, &shape), parts);
}

/* concat (a, ...) of vectors and numbers. */
static void
concat (struct way *way, const struct instruction *routine)
{
  struct known *parts = way_part_room (way, ARRAY_SMALL);
  uint32_t size = 0;
  bool real = false;
  way->failed |= routine->c < 2 || !way_left_out (way, routine->b + 1, 1);
  for (uint32_t i = 0; i < routine->c && !way->failed; i += i ? 1 : 2)
    {
      struct known *own = way_find (way, routine->b + i);
      const bool array = own->kind == KIND_ARRAY;
      const struct known *elements = array ? way_parts (way, own) : own;
      const uint32_t count = array && !way->failed ? way_part_count (own) : 1;
      way->failed |= (array && (own->what & UINT8_MAX) != 1) || size + count > ARRAY_SMALL;
      for (uint32_t k = 0; k < count && !way->failed; k++)
        {
          parts[size++] = elements[k];
          way->failed |= elements[k].kind != KIND_REAL && elements[k].kind != KIND_INTEGER;
          real |= elements[k].kind == KIND_REAL;
        }
    }
  if (way->failed)
    return;
  for (uint32_t i = 0; i < size && real; i++)
    parts[i].kind = KIND_REAL;
  const struct shape shape = { .rank = 1, .extent = { size } };
  way_consume (way, routine->b, routine->c);
  way_set_array (way, routine->a, body_what (real ? TYPE_REAL : TYPE_INTEGER, &shape), parts);
}

/* [a, b] of numbers, or of arrays of one shape. */
static void
literal (struct way *way, const struct instruction *routine)
{
  const struct known *first = way_find (way, routine->b);
  const bool rows = first->kind == KIND_ARRAY;
  struct shape inner = { 0 };
  struct known *own[ARRAY_SMALL];
  way->failed |= routine->c == 0 || routine->c > ARRAY_SMALL;
  bool real = false;
  for (uint32_t i = 0; i < routine->c && !way->failed; i++)
    {
      own[i] = way_find (way, routine->b + i);
      if (rows)
        way->failed |= !way_parts (way, own[i]);
      else
        way->failed |= own[i]->kind != KIND_REAL && own[i]->kind != KIND_INTEGER;
    }
  if (rows && !way->failed)
    inner = body_shape (own[0]->what);
  const uint32_t size = (uint32_t)shape_size (&inner);
  way->failed |= inner.rank + 1 > WHAT_RANK || size * routine->c > ARRAY_SMALL;
  struct known *parts = way_part_room (way, size * routine->c);
  for (uint32_t i = 0; i < routine->c && !way->failed; i++)
    {
      const struct shape shape = rows ? body_shape (own[i]->what) : inner;
      way->failed |= !shape_equal (&shape, &inner);
      for (uint32_t k = 0; k < size && !way->failed; k++)
        {
          parts[i * size + k] = rows ? own[i]->parts[k] : *own[i];
          real |= parts[i * size + k].kind == KIND_REAL;
          way->failed |= parts[i * size + k].kind > KIND_INTEGER;
        }
    }
  for (uint32_t i = 0; i < size * routine->c && real && !way->failed; i++)
    parts[i].kind = KIND_REAL;
  struct shape shape = { .rank = inner.rank + 1, .extent = { routine->c } };
  for (int axis = 0; axis < inner.rank; axis++)
    shape.extent[axis + 1] = inner.extent[axis];
  if (way->failed)
    return;
  way_consume (way, routine->b, routine->c);
  way_set_array (way, routine->a, body_what (real ? TYPE_REAL : TYPE_INTEGER, &shape), parts);
}

void
way_sum (struct way *way, const struct known *parts, uint32_t count, bool in_order, bool mean, uint32_t to)
{
  enum
  {
    PLACES = 8 /* sums that a routine of sums keeps of what is in order */
  };
  struct terms terms = { .steps = 0 };
  uint32_t operands[ARRAY_SMALL];
  for (uint32_t i = 0; i < count && !way->failed; i++)
    operands[i] = add_input (way, &terms, &parts[i]);
  add_up (way, &terms, operands, count, in_order ? PLACES : 1);
  if (mean && !way->failed)
    {
      const struct known length = make_whole (way, count);
      add_step (&terms, OP_divide, PENDING | (terms.steps - 1), add_input (way, &terms, &length));
    }
  finish (way, &terms, &to);
}

/* The sum of all elements, or their mean. */
static void
sum (struct way *way, const struct instruction *routine, bool mean)
{
  struct known *array = way_find (way, routine->b);
  way->failed |= routine->c != 3 || !way_left_out (way, routine->b + 1, 2) || !way_parts (way, array);
  if (!way->failed)
    way_sum (way, array->parts, way_part_count (array), true, mean, routine->a);
  if (!way->failed && routine->b != routine->a)
    way_consume (way, routine->b, 1);
}

bool
way_array_routine (struct way *way, const struct instruction *routine)
{
  switch (routine->op)
    {
    case ROUTINE_LITERAL:
      literal (way, routine);
      return true;
    case OP_matmul:
    case OP_dot:
      product (way, routine);
      return true;
    case OP_outer:
      outer (way, routine);
      return true;
    case OP_transpose:
      transpose (way, routine);
      return true;
    case OP_roll:
      roll (way, routine);
      return true;
    case OP_eye:
      eye (way, routine);
      return true;
    case OP_zeros:
    case OP_ones:
      fill (way, routine, routine->op == OP_ones);
      return true;
    case OP_concat:
      concat (way, routine);
      return true;
    case OP_sum:
    case OP_mean:
      sum (way, routine, routine->op == OP_mean);
      return true;
    default:
      return false;
    }
}
