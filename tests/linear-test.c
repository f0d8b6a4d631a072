/* linear-test.c -- linear maps: forward and reverse against the matrix each kind stands for, and each other.

   The matrix is written down here from the definitions, element by element; layouts, sizes and coefficients are
   random. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linear/contraction.h"
#include "linear/factor.h"
#include "linear/linear.h"
#include "linear/matrix.h"

enum
{
  LARGEST = 3000,
  GUARD = 3,
  FAILURE_SIZE = 300,
  CASES = 400
};

/* One random map, and its matrix: result_size rows, operand_size columns. `there` tells an element that is zero from
 * none. */
struct sample
{
  struct arrays *arrays;
  uint32_t seed;
  struct linear linear, turned; /* of a TRANSPOSE, what it is of */
  double *matrix;
  bool *there;
  int fresh; /* how many maps could be told to set what they reach */
  char failure[FAILURE_SIZE];
};

#define FAIL(sample, ...)                                                                                              \
  do                                                                                                                   \
    {                                                                                                                  \
      if (!*(sample)->failure)                                                                                         \
        snprintf ((sample)->failure, FAILURE_SIZE, __VA_ARGS__);                                                       \
    }                                                                                                                  \
  while (0)

static uint32_t
random_below (struct sample *sample, uint32_t limit)
{
  sample->seed = sample->seed * 1664525u + 1013904223u;
  return (sample->seed >> 8) % limit;
}

static double
random_number (struct sample *sample)
{
  return (double)random_below (sample, 1 << 20) / (1 << 19) - 1;
}

/* Mostly numbers; some of what needs care. */
static double
random_trouble (struct sample *sample, bool coefficient)
{
  static const double coefficients[] = { FLAT, FLAT, 0, INFINITY, NAN, -INFINITY };
  static const double changes[] = { 0, 0, -0.0, INFINITY, NAN, 0 };
  uint32_t which = random_below (sample, 12);
  return which >= 6 ? random_number (sample) : coefficient ? coefficients[which] : changes[which];
}

static struct array *
random_array (struct sample *sample, size_t size, bool trouble)
{
  struct array *array = array_new (sample->arrays, TYPE_REAL, &(struct shape){ .rank = 1, .extent = { size } });
  for (size_t i = 0; i < size; i++)
    array->elements[i] = trouble ? random_trouble (sample, true) : random_number (sample);
  return array;
}

/* Axes in any order, some spread (stride 0), some backwards, with steps and gaps; `whole` is the size of what it points
 * into. */
static struct layout
random_layout (struct sample *sample, bool spread, size_t *whole)
{
  struct layout layout = { .shape = { .rank = (int)random_below (sample, 5) } };
  int order[RANK_LIMIT];
  for (int i = 0; i < layout.shape.rank; i++)
    {
      layout.shape.extent[i]
        = random_below (sample, 40) == 0 ? 0 : 1 + random_below (sample, i + 1 == layout.shape.rank ? 9 : 4);
      int place = (int)random_below (sample, (uint32_t)i + 1);
      order[i] = order[place];
      order[place] = i;
    }
  if (layout.shape.rank == 1 && random_below (sample, 8) == 0)
    layout.shape.extent[0] = 500 + random_below (sample, 700);
  ptrdiff_t stride = random_below (sample, 4) ? 1 : 2;
  bool dense = random_below (sample, 3) == 0;
  for (int i = layout.shape.rank; i-- > 0;)
    {
      int axis = dense ? i : order[i];
      size_t extent = layout.shape.extent[axis];
      if (spread && random_below (sample, 3) == 0)
        continue;
      layout.stride[axis] = stride;
      stride *= (ptrdiff_t)(extent ? extent : 1);
      if (!dense && random_below (sample, 3) == 0)
        {
          layout.stride[axis] = -layout.stride[axis];
          layout.offset -= layout.stride[axis] * ((ptrdiff_t)extent - 1) * (extent > 0);
        }
      stride += !dense && random_below (sample, 5) == 0;
    }
  ptrdiff_t before = dense ? 0 : (ptrdiff_t)random_below (sample, 3);
  layout.offset += before;
  *whole = (size_t)(stride + before) + random_below (sample, 3);
  return layout;
}

/* The element that a position in row-major order means. */
static size_t
layout_at (const struct layout *layout, size_t position)
{
  ptrdiff_t at = layout->offset;
  for (int i = layout->shape.rank; i-- > 0;)
    {
      at += (ptrdiff_t)(position % layout->shape.extent[i]) * layout->stride[i];
      position /= layout->shape.extent[i];
    }
  return (size_t)at;
}

static void
put (struct sample *sample, size_t row, size_t column, double coefficient)
{
  size_t at = row * sample->linear.operand_size + column;
  sample->matrix[at] += coefficient;
  sample->there[at] = true;
}

static void
make_room (struct sample *sample, size_t operand_size, size_t result_size)
{
  sample->linear.operand_size = operand_size;
  sample->linear.result_size = result_size;
  size_t size = operand_size * result_size + 1;
  sample->matrix = calloc (size, sizeof *sample->matrix);
  sample->there = calloc (size, sizeof *sample->there);
  for (size_t i = 0; i < size; i++)
    sample->matrix[i] = -0.0; /* so that a FLAT alone stays FLAT */
}

/* SCALE, DIAGONAL, REDUCE, KEEP by layout. */
static void
make_laid_out (struct sample *sample, bool trouble)
{
  struct linear *linear = &sample->linear;
  bool reduce = linear->kind == LINEAR_REDUCE, keep = linear->kind == LINEAR_KEEP;
  size_t whole;
  linear->layout = random_layout (sample, !keep, &whole);
  size_t size = shape_size (&linear->layout.shape);
  if (keep)
    {
      make_room (sample, whole, whole);
      bool *replaced = calloc (whole, sizeof *replaced);
      for (size_t i = 0; i < size; i++)
        replaced[layout_at (&linear->layout, i)] = true;
      for (size_t i = 0; i < whole; i++)
        if (!replaced[i])
          put (sample, i, i, 1);
      free (replaced);
      return;
    }
  linear->scale = trouble ? random_trouble (sample, true) : random_number (sample);
  if (linear->kind == LINEAR_DIAGONAL || (reduce && random_below (sample, 2)))
    linear->coefficients = random_array (sample, size, trouble);
  make_room (sample, reduce ? size : whole, reduce ? whole : size);
  for (size_t i = 0; i < size; i++)
    {
      size_t at = layout_at (&linear->layout, i);
      put (sample, reduce ? at : i, reduce ? i : at,
           linear->coefficients ? linear->coefficients->elements[i] : linear->scale);
    }
}

/* GATHER, SCATTER, KEEP by positions. */
static void
make_positions (struct sample *sample)
{
  struct linear *linear = &sample->linear;
  size_t count = random_below (sample, 12), whole = 1 + random_below (sample, 9);
  linear->positions = random_array (sample, count, false);
  for (size_t i = 0; i < count; i++)
    linear->positions->elements[i] = random_below (sample, (uint32_t)whole);
  bool replaced[16] = { false };
  if (linear->kind == LINEAR_GATHER)
    make_room (sample, whole, count);
  else
    make_room (sample, linear->kind == LINEAR_KEEP ? whole : count, whole);
  for (size_t i = 0; i < count; i++)
    {
      size_t at = (size_t)linear->positions->elements[i];
      replaced[at] = true;
      if (linear->kind == LINEAR_GATHER)
        put (sample, i, at, 1);
      else if (linear->kind == LINEAR_SCATTER)
        put (sample, at, i, 1);
    }
  for (size_t i = 0; i < whole && linear->kind == LINEAR_KEEP; i++)
    if (!replaced[i])
      put (sample, i, i, 1);
}

/* One product, or a batch of them whose factors begin where `positions` says, some of them shared. */
static void
make_product (struct sample *sample, bool trouble)
{
  struct linear *linear = &sample->linear;
  size_t m = 1 + random_below (sample, 7), k = 1 + random_below (sample, 7), n = 1 + random_below (sample, 7);
  bool left = linear->kind == LINEAR_MATMUL_LEFT;
  size_t batch = random_below (sample, 3) ? 1 : 1 + random_below (sample, 4), sizes[2] = { m * k, k * n };
  linear->product.rows = m;
  linear->product.inner = k;
  linear->product.columns = n;
  linear->coefficients = random_array (sample, batch * sizes[left], trouble);
  if (batch > 1)
    linear->positions = random_array (sample, 2 * batch, false);
  make_room (sample, batch * sizes[!left], batch * m * n);
  for (size_t b = 0; b < batch; b++)
    {
      size_t starts[2] = { 0, 0 };
      for (int factor = 0; factor < 2 && batch > 1; factor++)
        {
          starts[factor] = sizes[factor] * random_below (sample, (uint32_t)batch);
          linear->positions->elements[2 * b + (size_t)factor] = (double)starts[factor];
        }
      const double *c = linear->coefficients->elements + starts[left];
      size_t row = b * m * n, column = starts[!left];
      for (size_t r = 0; r < m; r++)
        for (size_t i = 0; i < k; i++)
          for (size_t j = 0; j < n; j++)
            if (left)
              put (sample, row + r * n + j, column + r * k + i, c[i * n + j] + 0.0);
            else
              put (sample, row + r * n + j, column + i * n + j, c[r * k + i] + 0.0);
    }
}

/* What a line along an axis makes of its element `from` for its element `to`. */
static double
along_axis (const struct linear *linear, const double *c, size_t step, size_t to, size_t from)
{
  double product = 1;
  switch (linear->kind)
    {
    case LINEAR_SOFTMAX:
      return (to == from ? c[to * step] : 0) - c[to * step] * c[from * step];
    case LINEAR_LOG_SOFTMAX:
      return (to == from ? 1 : 0) - c[from * step];
    case LINEAR_CUMSUM:
      return from <= to ? 1 : 0;
    default:
      for (size_t i = 0; i <= to; i++)
        product *= i == from ? 1 : c[i * step];
      return from <= to ? product : 0;
    }
}

/* Coefficients of a line as softmax has them: they add up to 1. */
static void
make_shares (double *c, size_t length, size_t step)
{
  double sum = 0;
  for (size_t i = 0; i < length; i++)
    sum += c[i * step] = fabs (c[i * step]) + 0.01;
  for (size_t i = 0; i < length; i++)
    c[i * step] /= sum;
}

static void
make_axis (struct sample *sample)
{
  struct linear *linear = &sample->linear;
  size_t outer = 1 + random_below (sample, 3), length = random_below (sample, 7), inner = 1 + random_below (sample, 3);
  size_t size = outer * length * inner;
  linear->axis.outer = outer;
  linear->axis.length = length;
  linear->axis.inner = inner;
  make_room (sample, size, size);
  if (linear->kind != LINEAR_CUMSUM)
    linear->coefficients = random_array (sample, size, false);
  /* Products of factors some of which are zero. */
  for (size_t i = 0; i < size && linear->kind == LINEAR_CUMPROD; i++)
    if (random_below (sample, 4) == 0)
      linear->coefficients->elements[i] = 0;
  for (size_t o = 0; o < outer; o++)
    for (size_t k = 0; k < inner; k++)
      if (linear->kind == LINEAR_SOFTMAX || linear->kind == LINEAR_LOG_SOFTMAX)
        make_shares (linear->coefficients->elements + o * length * inner + k, length, inner);
  for (size_t o = 0; o < outer; o++)
    for (size_t k = 0; k < inner; k++)
      for (size_t to = 0; to < length; to++)
        for (size_t from = 0; from < length; from++)
          {
            size_t base = o * length * inner + k;
            const double *c = linear->coefficients ? linear->coefficients->elements + base : NULL;
            put (sample, base + to * inner, base + from * inner, along_axis (linear, c, inner, to, from));
          }
}

/* y = scale c x d. */
static void
make_sandwich (struct sample *sample)
{
  struct linear *linear = &sample->linear;
  size_t m = 1 + random_below (sample, 5), p = 1 + random_below (sample, 5), q = 1 + random_below (sample, 5),
         n = 1 + random_below (sample, 5);
  linear->product.rows = m;
  linear->product.inner = p;
  linear->product.columns = n;
  linear->scale = random_below (sample, 2) ? 1 : -1;
  linear->coefficients = random_array (sample, m * p, false);
  linear->positions = random_array (sample, q * n, false);
  make_room (sample, p * q, m * n);
  const double *c = linear->coefficients->elements, *d = linear->positions->elements;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++)
      for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < q; b++)
          put (sample, i * n + j, a * q + b, linear->scale * c[i * p + a] * d[b * n + j]);
}

/* y[a] += c x[b] for any a and b, also again. */
static void
make_terms (struct sample *sample)
{
  struct linear *linear = &sample->linear;
  size_t from = 1 + random_below (sample, 6), to = 1 + random_below (sample, 6), count = random_below (sample, 20);
  linear->coefficients = random_array (sample, count, false);
  linear->positions = random_array (sample, 2 * count, false);
  make_room (sample, from, to);
  for (size_t i = 0; i < count; i++)
    {
      size_t a = random_below (sample, (uint32_t)to), b = random_below (sample, (uint32_t)from);
      linear->positions->elements[2 * i] = (double)a;
      linear->positions->elements[2 * i + 1] = (double)b;
      put (sample, a, b, linear->coefficients->elements[i]);
    }
}

/* The change of the factor by the steps of its algorithm, each differentiated, for a change by half of one element of
   the matrix and by half of the one across the diagonal. */
static void
change_factor (size_t n, const double *l, size_t row, size_t column, double *change)
{
  for (size_t j = 0; j < n; j++)
    for (size_t i = j; i < n; i++)
      {
        double sum = 0.5 * ((i == row && j == column) + (i == column && j == row));
        for (size_t k = 0; k < j; k++)
          sum -= change[i * n + k] * l[j * n + k] + l[i * n + k] * change[j * n + k];
        change[i * n + j] = i == j ? sum / (2 * l[j * n + j]) : (sum - l[i * n + j] * change[j * n + j]) / l[j * n + j];
      }
}

static void
make_cholesky (struct sample *sample)
{
  struct linear *linear = &sample->linear;
  size_t n = 1 + random_below (sample, 5);
  linear->product.rows = linear->product.inner = linear->product.columns = n;
  linear->scale = 1;
  linear->coefficients = random_array (sample, n * n, false);
  linear->positions = random_array (sample, n * n, false);
  double *l = linear->coefficients->elements, change[25];
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++)
      l[i * n + j] = i == j ? 1 + fabs (l[i * n + j]) : 0;
  invert_lower (n, l, linear->positions->elements);
  make_room (sample, n * n, n * n);
  for (size_t at = 0; at < n * n; at++)
    {
      memset (change, 0, sizeof change);
      change_factor (n, l, at / n, at % n, change);
      for (size_t i = 0; i < n * n; i++)
        put (sample, i, at, change[i]);
    }
}

/* Up to four arrays and the result, each with up to three letters of five, which may stand twice in an operand. */
static void
make_contraction (struct sample *sample, bool trouble)
{
  struct contraction contraction = { .operands = 1 + (int)random_below (sample, 4), .letters = 5 };
  struct array *elements[CONTRACTION_OPERANDS + 1];
  size_t sizes[CONTRACTION_OPERANDS + 1];
  bool used[5] = { false };
  for (int l = 0; l < 5; l++)
    contraction.extent[l] = 1 + random_below (sample, 4);
  for (int k = 0; k <= contraction.operands; k++)
    {
      bool is_result = k == contraction.operands;
      sizes[k] = 1;
      for (uint32_t axes = random_below (sample, 4); axes > 0; axes--)
        {
          uint32_t l = random_below (sample, 5);
          if (is_result && (!used[l] || contraction.parts[k].step[l]))
            continue;
          used[l] = true;
          contraction.parts[k].step[l] += sizes[k];
          sizes[k] *= contraction.extent[l];
        }
      elements[k] = random_array (sample, sizes[k], trouble && !is_result);
      contraction.parts[k].elements = elements[k]->elements;
    }
  /* Letters that nothing has are no letters. */
  for (int l = 0; l < 5; l++)
    contraction.extent[l] = used[l] ? contraction.extent[l] : 1;
  int operand = (int)random_below (sample, (uint32_t)contraction.operands);
  sample->linear
    = contraction_map (sample->arrays, &contraction, operand, sizes[operand], sizes[contraction.operands]);
  make_room (sample, sizes[operand], sizes[contraction.operands]);
  size_t count[5] = { 0 };
  for (bool more = true; more;)
    {
      size_t at[CONTRACTION_OPERANDS + 1] = { 0 };
      for (int k = 0; k <= contraction.operands; k++)
        for (int l = 0; l < 5; l++)
          at[k] += count[l] * contraction.parts[k].step[l];
      double product = 1;
      for (int k = 0; k < contraction.operands; k++)
        product *= k == operand ? 1 : contraction.parts[k].elements[at[k]];
      put (sample, at[contraction.operands], at[operand], product + 0.0);
      more = false;
      for (int l = 0; l < 5 && !more; l++)
        if (++count[l] < contraction.extent[l])
          more = true;
        else
          count[l] = 0;
    }
  for (int k = 0; k <= contraction.operands; k++)
    array_drop (sample->arrays, elements[k]);
}

static void make_transposed (struct sample *sample);

/* A map of a kind; false for one that has no case here. */
static bool
make (struct sample *sample, enum linear_kind kind, bool trouble)
{
  sample->linear = (struct linear){ .kind = kind };
  switch (kind)
    {
    case LINEAR_SCALE:
    case LINEAR_DIAGONAL:
    case LINEAR_REDUCE:
      make_laid_out (sample, trouble);
      return true;
    case LINEAR_KEEP:
      if (random_below (sample, 2))
        {
          make_laid_out (sample, trouble);
          return true;
        }
      /* FALLTHROUGH */
    case LINEAR_GATHER:
    case LINEAR_SCATTER:
      make_positions (sample);
      return true;
    case LINEAR_MATMUL_LEFT:
    case LINEAR_MATMUL_RIGHT:
      make_product (sample, trouble);
      return true;
    case LINEAR_SOFTMAX:
    case LINEAR_LOG_SOFTMAX:
    case LINEAR_CUMSUM:
    case LINEAR_CUMPROD:
      make_axis (sample);
      return true;
    case LINEAR_SANDWICH:
      make_sandwich (sample);
      return true;
    case LINEAR_CHOLESKY:
      make_cholesky (sample);
      return true;
    case LINEAR_TERMS:
      make_terms (sample);
      return true;
    case LINEAR_CONTRACT:
      make_contraction (sample, trouble);
      return true;
    case LINEAR_TRANSPOSE:
      make_transposed (sample);
      return true;
    case LINEAR_KINDS:
      break;
    }
  return false;
}

static void
drop (struct sample *sample)
{
  if (sample->linear.kind == LINEAR_TRANSPOSE)
    linear_drop (sample->arrays, &sample->turned);
  linear_drop (sample->arrays, &sample->linear);
  free (sample->matrix);
  free (sample->there);
}

/* Of a map of any other kind. */
static void
make_transposed (struct sample *sample)
{
  while (!make (sample, (enum linear_kind)random_below (sample, LINEAR_TRANSPOSE), false))
    ;
  struct sample other = *sample;
  size_t rows = other.linear.result_size, columns = other.linear.operand_size;
  sample->turned = other.linear;
  sample->linear = (struct linear){ .kind = LINEAR_TRANSPOSE, .of = &sample->turned };
  make_room (sample, rows, columns);
  for (size_t at = 0; at < rows * columns; at++)
    if (other.there[at])
      put (sample, at % columns, at / columns, other.matrix[at]);
  free (other.matrix);
  free (other.there);
}

/* What an element of the matrix adds: nothing for a zero change or through FLAT, but NaN goes through when it poisons.
 */
static double
passed (double coefficient, double change, bool poison)
{
  if (change == 0 || (is_flat (coefficient) && !(poison && isnan (change))))
    return 0;
  return coefficient * change;
}

static bool
agree (double a, double b, double size)
{
  if (!isfinite (a) || !isfinite (b))
    return (isnan (a) && isnan (b)) || a == b;
  return fabs (a - b) <= 1e-13 * (1 + size);
}

/* Adds A x or A' Y to `to` by the matrix, one element after the other. */
static void
apply_matrix (const struct sample *sample, bool transposed, const double *change, bool poison, double *to)
{
  size_t columns = sample->linear.operand_size, rows = sample->linear.result_size;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++)
      if (sample->there[r * columns + c])
        to[transposed ? c : r] += passed (sample->matrix[r * columns + c], change[transposed ? r : c], poison);
}

static void
compare (struct sample *sample, const char *what, const double *found, const double *expected, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (!agree (found[i], expected[i], fabs (expected[i])))
      FAIL (sample, "%s: element %zu of %zu is %.17g, not %.17g", what, i, size, found[i], expected[i]);
  for (size_t i = size; i < size + GUARD; i++)
    if (found[i] != 4711)
      FAIL (sample, "%s: written beyond the end", what);
}

static void
fill (struct sample *sample, double *to, size_t size, bool trouble)
{
  for (size_t i = 0; i < size; i++)
    to[i] = trouble ? random_trouble (sample, false) : random_number (sample);
  for (size_t i = size; i < size + GUARD; i++)
    to[i] = 4711;
}

/* Into an adjoint that is not set yet: what adding to zeros gives, and so no negative zero. */
static void
check_fresh (struct sample *sample, const double *given, size_t step, const double *y, bool poison)
{
  static double found[LARGEST], expected[LARGEST];
  size_t size = sample->linear.operand_size;
  fill (sample, found, size, true);
  memset (expected, 0, size * sizeof *expected);
  if (!linear_reverse_fresh (&sample->linear, given, step, found, poison))
    return;
  sample->fresh++;
  apply_matrix (sample, true, y, poison, expected);
  compare (sample, "into what is not set", found, expected, size);
  for (size_t i = 0; i < size; i++)
    if (is_flat (found[i]))
      FAIL (sample, "into what is not set: a negative zero at %zu", i);
}

/* Both directions against the matrix; what stood in the way before is added to. */
static void
check_definition (struct sample *sample, bool trouble, bool poison)
{
  static double x[LARGEST], y[LARGEST], found[LARGEST], expected[LARGEST];
  const struct linear *linear = &sample->linear;
  fill (sample, x, linear->operand_size, trouble);
  fill (sample, found, linear->result_size, false);
  memcpy (expected, found, sizeof expected);
  linear_forward (sample->arrays->memory, linear, x, found);
  apply_matrix (sample, false, x, false, expected);
  compare (sample, "forward", found, expected, linear->result_size);
  for (int uniform = 0; uniform < 2; uniform++)
    {
      fill (sample, y, linear->result_size, trouble);
      fill (sample, found, linear->operand_size, false);
      memcpy (expected, found, sizeof expected);
      double same = trouble ? random_trouble (sample, false) : 0.75;
      if (uniform)
        for (size_t i = 0; i < linear->result_size; i++)
          y[i] = same;
      linear_reverse (sample->arrays->memory, linear, uniform ? &same : y, !uniform, found, poison);
      apply_matrix (sample, true, y, poison, expected);
      compare (sample, uniform ? "reverse, uniform" : "reverse", found, expected, linear->operand_size);
      check_fresh (sample, uniform ? &same : y, !uniform, y, poison);
    }
}

static void
check_transposed (struct sample *sample)
{
  static double x[LARGEST], y[LARGEST], Ax[LARGEST], Ay[LARGEST];
  const struct linear *linear = &sample->linear;
  fill (sample, x, linear->operand_size, false);
  fill (sample, y, linear->result_size, false);
  memset (Ax, 0, sizeof Ax);
  memset (Ay, 0, sizeof Ay);
  linear_forward (sample->arrays->memory, linear, x, Ax);
  linear_reverse (sample->arrays->memory, linear, y, 1, Ay, false);
  double forward = 0, reverse = 0, size = 0;
  for (size_t i = 0; i < linear->result_size; i++)
    forward += y[i] * Ax[i];
  for (size_t i = 0; i < linear->operand_size; i++)
    {
      reverse += Ay[i] * x[i];
      size += fabs (Ay[i] * x[i]);
    }
  if (!agree (forward, reverse, size))
    FAIL (sample, "<u, A v> = %.17g, <A' u, v> = %.17g", forward, reverse);
}

/* KEEP in place does what KEEP does. */
static void
check_in_place (struct sample *sample)
{
  double y[LARGEST], expected[LARGEST] = { 0 };
  fill (sample, y, sample->linear.result_size, false);
  apply_matrix (sample, true, y, false, expected);
  linear_keep (&sample->linear, y, 0);
  compare (sample, "in place", y, expected, sample->linear.result_size);
}

/* Maps along an axis: a line without any adjoint gets nothing even where the coefficients are not finite, and no
   product reaches beyond the last adjoint that is not zero. */
static void
check_line_of_zeros (struct sample *sample)
{
  static const enum linear_kind kinds[] = { LINEAR_SOFTMAX, LINEAR_LOG_SOFTMAX, LINEAR_CUMPROD };
  static const double lines[3][6] = { { 0.25, INFINITY, 0.75, NAN, 0.5, NAN },
                                      { NAN, 0.25, INFINITY, 0.75, 1, 0.5 },
                                      { 2, 3, 0.5, 5, INFINITY, NAN } };
  for (int k = 0; k < 3; k++)
    {
      struct linear linear = { .kind = kinds[k], .operand_size = 6, .result_size = 6, .axis = { 1, 3, 2 } };
      double adjoint[6] = { 0 }, found[6] = { 0 };
      linear.coefficients = random_array (sample, 6, false);
      memcpy (linear.coefficients->elements, lines[k], sizeof lines[k]);
      linear_reverse (sample->arrays->memory, &linear, adjoint, 1, found, false);
      linear_reverse (sample->arrays->memory, &linear, adjoint, 0, found, false);
      for (int i = 0; i < 6; i++)
        if (found[i] != 0)
          FAIL (sample, "kind %d: zeros give %g", (int)linear.kind, found[i]);
      adjoint[2] = kinds[k] == LINEAR_CUMPROD ? 1 : 0;
      linear_reverse (sample->arrays->memory, &linear, adjoint, 1, found, false);
      if (kinds[k] == LINEAR_CUMPROD && (found[0] != 0.5 || found[2] != 2 || found[4] != 0))
        FAIL (sample, "cumprod: %g %g %g", found[0], found[2], found[4]);
      linear_drop (sample->arrays, &linear);
    }
}

/* Softmax along lines that do not sum to 1: s (y - s'y), and y - s 1'y of the logarithm. */
static void
check_other_shares (struct sample *sample)
{
  static const double shares[3] = { 0.5, 1, 2 }, adjoint[3] = { 1, 2, 3 },
                      expected[2][3] = { { -3.75, -6.5, -11 }, { -2, -4, -9 } };
  for (int k = 0; k < 2; k++)
    {
      struct linear linear = { .kind = k ? LINEAR_LOG_SOFTMAX : LINEAR_SOFTMAX,
                               .other = true,
                               .operand_size = 3,
                               .result_size = 3,
                               .axis = { 1, 3, 1 } };
      double found[3 + GUARD] = { 0, 0, 0, 4711, 4711, 4711 };
      linear.coefficients = random_array (sample, 3, false);
      memcpy (linear.coefficients->elements, shares, sizeof shares);
      linear_reverse (sample->arrays->memory, &linear, adjoint, 1, found, false);
      compare (sample, linear_info[linear.kind].name, found, expected[k], 3);
      linear_drop (sample->arrays, &linear);
    }
}

/* Products of matrices below those that go to a library, to the bit: each element is the sum in the order of the inner
   index, each term rounded, from what was there on or, where b is turned, from 0. Sizes are around those of tiles. */
static void
check_products (struct sample *sample)
{
  enum
  {
    ROWS = 70,
    COLUMNS = 36,
    INNER = 300
  };
  static const size_t rows[] = { 1, 3, 4, 6, ROWS }, inners[] = { 1, 2, 64, 65, INNER };
  static double a[ROWS * INNER + GUARD], b[INNER * COLUMNS + GUARD];
  static double c[ROWS * COLUMNS + GUARD], before[ROWS * COLUMNS + GUARD];
  fill (sample, a, ROWS * INNER, false);
  fill (sample, b, INNER * COLUMNS, false);
  fill (sample, before, ROWS * COLUMNS, false);
  for (size_t n = 1; n <= COLUMNS; n++)
    for (int which = 0; which < 100; which++)
      {
        size_t m = rows[which % 5], k = inners[which / 5 % 5];
        bool turn_a = which / 25 % 2, turn_b = which / 50;
        memcpy (c, before, sizeof c);
        matrix_multiply (m, k, n, a, turn_a, b, turn_b, c);
        for (size_t at = 0; at < m * n + GUARD; at++)
          {
            double expected = turn_b && at < m * n ? 0 : before[at];
            for (size_t i = 0; at < m * n && i < k; i++)
              expected += a[turn_a ? i * m + at / n : at / n * k + i] * b[turn_b ? at % n * k + i : i * n + at % n];
            if (turn_b && at < m * n)
              expected = before[at] + expected;
            if (c[at] != expected)
              FAIL (sample, "%zu x %zu x %zu%s%s, element %zu: %.17g for %.17g", m, k, n, turn_a ? ", a'" : "",
                    turn_b ? ", b'" : "", at, c[at], expected);
          }
      }
}

/* A number that is not finite, or FLAT, is found wherever it stands, and no other is taken for it. */
static void
check_elements (struct sample *sample)
{
  enum
  {
    MOST = 80
  };
  static const double good[] = { 0, 1, -1, 4.9e-324, -4.9e-324, 1.7976931348623157e308, -1.7976931348623157e308 },
                      bad[] = { INFINITY, -INFINITY, NAN, -NAN, -0.0 };
  double elements[MOST];
  for (size_t count = 1; count <= MOST; count++)
    {
      for (size_t i = 0; i < count; i++)
        elements[i] = good[i % 7];
      if (!elements_are_finite (elements, count) || !elements_are_plain (elements, count))
        FAIL (sample, "%zu good numbers are none", count);
      for (size_t at = 0; at < count; at++)
        for (int which = 0; which < 5; which++)
          {
            elements[at] = bad[which];
            if (elements_are_finite (elements, count) != (which == 4) || elements_are_plain (elements, count))
              FAIL (sample, "%g is not found at %zu of %zu", bad[which], at, count);
            elements[at] = good[at % 7];
          }
    }
}

static bool
report (struct sample *sample, int number, const char *kind, const char *what)
{
  bool passed_all = !*sample->failure;
  printf ("%sok %d - %s: %s\n", passed_all ? "" : "not ", number, kind, what);
  if (!passed_all)
    printf ("# %s\n", sample->failure);
  *sample->failure = 0;
  return passed_all;
}

static bool
is_strict (enum linear_kind kind)
{
  return linear_info[kind].traits & BY_ELEMENT || kind == LINEAR_MATMUL_LEFT || kind == LINEAR_MATMUL_RIGHT;
}

int
main (void)
{
  static struct memory memory;
  static struct arrays arrays;
  static struct sample sample;
  jmp_buf stop;
  memory.stop = &stop;
  if (setjmp (stop))
    {
      puts ("Bail out! no memory");
      return 1;
    }
  arrays_open (&arrays, &memory);
  sample = (struct sample){ .arrays = &arrays, .seed = 20 };
  int number = 0, failures = 0;
  for (int kind = 0; kind < LINEAR_KINDS; kind++)
    {
      const char *name = linear_info[kind].name;
      for (int i = 0; i < CASES && !*sample.failure; i++)
        {
          if (!make (&sample, (enum linear_kind)kind, false))
            {
              FAIL (&sample, "this kind has no case here");
              break;
            }
          check_definition (&sample, false, false);
          check_transposed (&sample);
          if (kind == LINEAR_KEEP)
            check_in_place (&sample);
          drop (&sample);
        }
      failures += !report (&sample, ++number, name, "forward and reverse are its matrix and the transpose");
      for (int i = 0; i < CASES && is_strict ((enum linear_kind)kind); i++)
        {
          make (&sample, (enum linear_kind)kind, true);
          check_definition (&sample, true, i % 2 && linear_info[kind].traits & BY_ELEMENT);
          drop (&sample);
        }
      if (is_strict ((enum linear_kind)kind))
        failures += !report (&sample, ++number, name, "zeros, FLAT, infinities and NaN");
    }
  if (sample.fresh < CASES / 10)
    FAIL (&sample, "only %d maps set what they reach", sample.fresh);
  failures += !report (&sample, ++number, "maps that reach each element once", "set what they reach");
  check_line_of_zeros (&sample);
  failures += !report (&sample, ++number, "along an axis", "lines of zeros");
  check_other_shares (&sample);
  failures += !report (&sample, ++number, "along an axis", "lines that do not sum to 1");
  check_elements (&sample);
  failures += !report (&sample, ++number, "elements", "which are finite, which FLAT");
  check_products (&sample);
  failures += !report (&sample, ++number, "products of matrices", "to the bit, whatever their sizes");
  arrays_close (&arrays);
  memory_close (&memory);
  printf ("1..%d\n", number);
  return failures > 0;
}
