/* linear.c -- linear maps between arrays: reverse and forward, kind by kind beside each other. */
#include "linear/linear.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/heap.h"
#include "linear/linear_axis.h"
#include "linear/contraction.h"
#include "linear/linear_matrix.h"
#include "linear/matrix.h"

const struct linear_info linear_info[LINEAR_KINDS] = {
#define MAP(kind, name, traits, ...) [LINEAR_##kind] = { name, traits },
#include "linear/linear.def"
};

/* The adjoint that coefficient c passes on of adjoint y: a zero passes nothing, and FLAT lets nothing through (but NaN
   when a NaN value poisons). */
static inline double
pass (double c, double y, bool poison)
{
  bool blocked = y == 0 || (is_flat (c) && !(poison && isnan (y)));
  return blocked ? 0 : c * y;
}

bool
linear_is_finite (const struct linear *linear)
{
  bool second = linear_info[linear->kind].traits & TWO_MATRICES;
  const struct array *coefficients = linear->coefficients, *others = second ? linear->positions : NULL;
  if (linear->kind == LINEAR_TRANSPOSE)
    return linear->of->finite;
  return isfinite (linear->scale) && (!coefficients || elements_are_finite (coefficients->elements, coefficients->size))
         && (!others || elements_are_finite (others->elements, others->size));
}

/* Runs are taken in blocks that stay in the nearest cache. */
enum
{
  BLOCK = 512
};

/* X[i] += c[i] * y[i] where everything is finite, so that neither zeros nor FLAT need care. */
static void
add_products (size_t count, const double *c, const double *y, double *restrict X)
{
  for (size_t i = 0; i < count; i++)
    X[i] += c[i] * y[i];
}

static void
add_scaled (size_t count, double scale, const double *y, double *restrict X)
{
  for (size_t i = 0; i < count; i++)
    X[i] += scale * y[i];
}

/* 0 is added lest a zero is negative. */
static void
set_scaled (size_t count, double scale, const double *y, double *restrict X)
{
  for (size_t i = 0; i < count; i++)
    X[i] = scale * y[i] + 0.0;
}

static double
sum_elements (size_t count, const double *y)
{
  double sum[4] = { 0 };
  size_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (size_t k = 0; k < 4; k++)
      sum[k] += y[i + k];
  for (; i < count; i++)
    sum[0] += y[i];
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* One block of a run with stride 1 or 0, all finite; the adjoint is an array or (step 0) one number. */
static void
diagonal_block (size_t count, const double *c, double scale, const double *y, size_t y_step, ptrdiff_t stride,
                double *X)
{
  if (stride == 1 && c && y_step)
    add_products (count, c, y, X);
  else if (stride == 1 && c)
    add_scaled (count, *y, c, X);
  else if (stride == 1 && y_step)
    add_scaled (count, scale, y, X);
  else if (stride == 1)
    for (size_t i = 0; i < count; i++)
      X[i] += scale * *y;
  else if (c && y_step)
    *X += sum_products (count, c, y);
  else if (c)
    *X += *y * sum_elements (count, c);
  else if (y_step)
    *X += scale * sum_elements (count, y);
  else
    *X += scale * *y * (double)count;
}

/* Adds a sum of products to X; false, with nothing done, where it is NaN. Where it is not, nothing met a zero or FLAT
   that has to be told from others, and neither side has to be looked through. */
static bool
add_sum (size_t count, const double *c, const double *y, double *X)
{
  double sum = sum_products (count, c, y);
  if (isnan (sum))
    return false;
  *X += sum;
  return true;
}

/* One block of a run, X[stride * i] += c[i] * y[i], c NULL for `scale`. */
static void
reverse_block (const struct linear *linear, size_t count, const double *c, const double *y, size_t y_step,
               ptrdiff_t stride, double *X, bool poison)
{
  double scale = linear->scale;
  if (stride == 0 && c && y_step && add_sum (count, c, y, X))
    return;
  bool finite = elements_are_finite (y, y_step ? count : 1)
                && (linear->finite || elements_are_finite (c ? c : &scale, c ? count : 1));
  if (finite && (stride == 1 || stride == 0))
    diagonal_block (count, c, scale, y, y_step, stride, X);
  else
    for (size_t i = 0; i < count; i++)
      X[(ptrdiff_t)i * stride] += pass (c ? c[i] : scale, y[i * y_step], poison);
}

/* X[layout i] += c[i] * y[i], c NULL for `scale`. */
static void
diagonal_reverse (const struct linear *linear, const double *y, size_t y_step, double *X, bool poison)
{
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL;
  for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
    for (size_t first = 0; first < walk.length; first += BLOCK)
      {
        size_t count = walk.length - first < BLOCK ? walk.length - first : BLOCK;
        double *to = X + walk.at + (ptrdiff_t)first * walk.stride;
        reverse_block (linear, count, c, y, y_step, walk.stride, to, poison);
        c = c ? c + count : NULL;
        y += count * y_step;
      }
}

/* Whether the elements that a map reaches follow one another, and where the first is. */
static bool
is_one_run (const struct linear *linear, size_t *start)
{
  if (linear->kind != LINEAR_SCALE && linear->kind != LINEAR_DIAGONAL)
    return false;
  struct layout_walk walk = layout_walk (&linear->layout);
  *start = (size_t)walk.at;
  return walk.stride == 1 && walk.length == linear->result_size;
}

bool
linear_reverse_fresh (const struct linear *linear, const double *Y, size_t Y_step, double *X, bool poison)
{
  size_t start = 0, size = linear->result_size;
  bool reduce = linear->kind == LINEAR_REDUCE && linear->coefficients && linear->result_size == 1;
  if (!reduce && !is_one_run (linear, &start))
    return false;
  if (reduce)
    {
      Y_step = 0;
      size = linear->operand_size;
    }
  memset (X, 0, start * sizeof *X);
  memset (X + start + size, 0, (linear->operand_size - start - size) * sizeof *X);
  X += start;
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL;
  for (size_t first = 0; first < size; first += BLOCK)
    {
      size_t count = size - first < BLOCK ? size - first : BLOCK;
      const double *y = Y + first * Y_step;
      const double *scale = c ? c + first : &linear->scale;
      bool finite = elements_are_finite (y, Y_step ? count : 1)
                    && (linear->finite || elements_are_finite (scale, c ? count : 1));
      if (finite && c && !Y_step)
        set_scaled (count, *y, scale, X + first);
      else
        {
          memset (X + first, 0, count * sizeof *X);
          if (finite)
            diagonal_block (count, c ? scale : NULL, linear->scale, y, Y_step, 1, X + first);
          else
            for (size_t i = 0; i < count; i++)
              X[first + i] += pass (c ? scale[i] : linear->scale, y[i * Y_step], poison);
        }
    }
  return true;
}

static void
diagonal_forward (const struct linear *linear, const double *x, double *y)
{
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL, scale = linear->scale;
  for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
    for (size_t first = 0; first < walk.length; first += BLOCK)
      {
        size_t count = walk.length - first < BLOCK ? walk.length - first : BLOCK;
        const double *from = x + walk.at + (ptrdiff_t)first * walk.stride;
        bool finite = walk.stride == 1 && elements_are_finite (from, count)
                      && (linear->finite || elements_are_finite (c ? c : &scale, c ? count : 1));
        if (finite)
          diagonal_block (count, c, scale, from, 1, 1, y);
        else
          for (size_t i = 0; i < count; i++)
            y[i] += pass (c ? c[i] : scale, from[(ptrdiff_t)i * walk.stride], false);
        c = c ? c + count : NULL;
        y += count;
      }
}

/* X[i] += c[i] * Y[layout i]. */
static void
reduce_reverse (const struct linear *linear, const double *y, size_t y_step, double *X, bool poison)
{
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL;
  for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
    {
      const double *from = y + (y_step ? walk.at : 0);
      ptrdiff_t stride = y_step ? walk.stride : 0;
      if (c && stride == 0)
        for (size_t i = 0; i < walk.length; i++)
          X[i] += pass (c[i], *from, poison);
      else
        for (size_t i = 0; i < walk.length; i++)
          X[i] += pass (c ? c[i] : linear->scale, from[(ptrdiff_t)i * stride], poison);
      c = c ? c + walk.length : NULL;
      X += walk.length;
    }
}

static void
reduce_forward (const struct linear *linear, const double *x, double *y)
{
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL;
  for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
    {
      double *to = y + walk.at;
      for (size_t i = 0; i < walk.length; i++)
        to[(ptrdiff_t)i * walk.stride] += pass (c ? c[i] : linear->scale, x[i], false);
      c = c ? c + walk.length : NULL;
      x += walk.length;
    }
}

static void
gather_reverse (const struct linear *linear, const double *y, size_t y_step, double *X)
{
  const double *at = linear->positions->elements;
  for (size_t i = 0; i < linear->result_size; i++)
    X[(size_t)at[i]] += y[i * y_step];
}

static void
gather_forward (const struct linear *linear, const double *x, double *y)
{
  const double *at = linear->positions->elements;
  for (size_t i = 0; i < linear->result_size; i++)
    y[i] += x[(size_t)at[i]];
}

static void
scatter_reverse (const struct linear *linear, const double *y, size_t y_step, double *X)
{
  const double *at = linear->positions->elements;
  for (size_t i = 0; i < linear->operand_size; i++)
    X[i] += y[(size_t)at[i] * y_step];
}

static void
scatter_forward (const struct linear *linear, const double *x, double *y)
{
  const double *at = linear->positions->elements;
  for (size_t i = 0; i < linear->operand_size; i++)
    y[(size_t)at[i]] += x[i];
}

void
linear_keep (const struct linear *linear, double *Y, double zero)
{
  if (linear->positions)
    for (size_t i = 0; i < linear->positions->size; i++)
      Y[(size_t)linear->positions->elements[i]] = zero;
  else
    for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
      for (size_t i = 0; i < walk.length; i++)
        Y[walk.at + (ptrdiff_t)i * walk.stride] = zero;
}

/* Adds `from` to `to` but where elements were replaced; there what stands in `to` stays. */
static void
keep_add (struct memory *memory, const struct linear *linear, const double *from, size_t step, double *to)
{
  /* The replaced elements are added too, and taken away again by putting back what was there. */
  const struct array *positions = linear->positions;
  size_t replaced = positions ? positions->size : shape_size (&linear->layout.shape);
  double *before = heap_take (memory, replaced, sizeof *before, "an adjoint");
  if (positions)
    for (size_t i = 0; i < replaced; i++)
      before[i] = to[(size_t)positions->elements[i]];
  else
    layout_take (&linear->layout, to, before);
  for (size_t i = 0; i < linear->operand_size; i++)
    to[i] += from[i * step];
  if (positions)
    for (size_t i = 0; i < replaced; i++)
      to[(size_t)positions->elements[i]] = before[i];
  else
    layout_put (&linear->layout, before, to);
  heap_give (before);
}

/* How many products of matrices there are, and where in the operand and in the coefficients the factors of one begin.
 */
static size_t
product_count (const struct linear *linear)
{
  return linear->positions ? linear->positions->size / 2 : 1;
}

static size_t
product_start (const struct linear *linear, size_t i, bool of_operand)
{
  bool right = of_operand == (linear->kind == LINEAR_MATMUL_RIGHT);
  return linear->positions ? (size_t)linear->positions->elements[2 * i + right] : 0;
}

/* Left factor: X += Y C'; right factor: X += C' Y. */
static void
product_reverse (const struct linear *linear, const double *Y, double *operand)
{
  size_t m = linear->product.rows, k = linear->product.inner, n = linear->product.columns;
  const struct array *coefficients = linear->coefficients;
  bool finite = (linear->finite || elements_are_finite (coefficients->elements, coefficients->size))
                && elements_are_finite (Y, linear->result_size);
  size_t count = product_count (linear);
  for (size_t b = 0; b < count; b++)
    {
      const double *y = Y + b * m * n, *c = coefficients->elements + product_start (linear, b, false);
      double *X = operand + product_start (linear, b, true);
      if (linear->kind == LINEAR_MATMUL_LEFT && finite)
        matrix_multiply_among (count, m, n, k, y, false, c, true, X);
      else if (linear->kind == LINEAR_MATMUL_LEFT)
        matrix_multiply_careful (m, n, k, y, c, true, X);
      else if (finite)
        matrix_multiply_among (count, k, m, n, c, true, y, false, X);
      else
        /* The transposed product, so that the adjoint is the factor whose zeros count. */
        for (size_t i = 0; i < k; i++)
          for (size_t r = 0; r < m; r++)
            for (size_t j = 0; j < n; j++)
              X[i * n + j] += y[r * n + j] == 0 ? 0 : c[r * k + i] * y[r * n + j];
    }
}

static void
product_forward (const struct linear *linear, const double *operand, double *result)
{
  size_t m = linear->product.rows, k = linear->product.inner, n = linear->product.columns;
  const struct array *coefficients = linear->coefficients;
  bool finite = (linear->finite || elements_are_finite (coefficients->elements, coefficients->size))
                && elements_are_finite (operand, linear->operand_size);
  size_t count = product_count (linear);
  for (size_t b = 0; b < count; b++)
    {
      const double *x = operand + product_start (linear, b, true);
      const double *c = coefficients->elements + product_start (linear, b, false);
      double *y = result + b * m * n;
      if (linear->kind == LINEAR_MATMUL_LEFT && finite)
        matrix_multiply_among (count, m, k, n, x, false, c, false, y);
      else if (linear->kind == LINEAR_MATMUL_LEFT)
        matrix_multiply_careful (m, k, n, x, c, false, y);
      else if (finite)
        matrix_multiply_among (count, m, k, n, c, false, x, false, y);
      else
        for (size_t r = 0; r < m; r++)
          for (size_t i = 0; i < k; i++)
            for (size_t j = 0; j < n; j++)
              y[r * n + j] += x[i * n + j] == 0 ? 0 : c[r * k + i] * x[i * n + j];
    }
}

void
linear_reverse (struct memory *memory, const struct linear *linear, const double *Y, size_t Y_step, double *X,
                bool poison)
{
  double *full = NULL;
  if (Y_step == 0 && linear_info[linear->kind].traits & READS_ALL)
    {
      full = heap_take (memory, linear->result_size, sizeof *full, "an adjoint");
      for (size_t i = 0; i < linear->result_size; i++)
        full[i] = *Y;
      Y = full;
      Y_step = 1;
    }
  switch (linear->kind)
    {
#define MAP(kind, name, traits, reverse, forward)                                                                      \
  case LINEAR_##kind:                                                                                                  \
    reverse;                                                                                                           \
    break;
#include "linear/linear.def"
    case LINEAR_KINDS:
      break;
    }
  heap_give (full);
}

void
linear_reverse_rows (struct memory *memory, const struct linear *linear, size_t count, const double *Y, double *X)
{
  bool left = linear->kind == LINEAR_MATMUL_LEFT,
       right = linear->kind == LINEAR_MATMUL_RIGHT && linear->product.columns == 1;
  if ((left || right) && linear->finite && !linear->positions
      && elements_are_finite (Y, count * linear->result_size))
    {
      /* The rows of all are the rows of one left factor; a column is a row that meets the matrix turned over. */
      size_t rows = left ? count * linear->product.rows : count;
      size_t other = left ? linear->product.columns : linear->product.rows;
      matrix_multiply (rows, other, linear->product.inner, Y, false, linear->coefficients->elements, left, X);
      return;
    }
  for (size_t i = 0; i < count; i++)
    linear_reverse (memory, linear, Y + i * linear->result_size, 1, X + i * linear->operand_size, false);
}

void
linear_forward (struct memory *memory, const struct linear *linear, const double *x, double *y)
{
  switch (linear->kind)
    {
#define MAP(kind, name, traits, reverse, forward)                                                                      \
  case LINEAR_##kind:                                                                                                  \
    forward;                                                                                                           \
    break;
#include "linear/linear.def"
    case LINEAR_KINDS:
      break;
    }
}

void
linear_drop (struct arrays *arrays, struct linear *linear)
{
  array_drop (arrays, linear->coefficients);
  array_drop (arrays, linear->positions);
  linear->coefficients = linear->positions = NULL;
}
