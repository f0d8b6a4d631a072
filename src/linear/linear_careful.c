/* linear_careful.c -- linear maps where something is not finite: kind by kind, each coefficient with its adjoint.

   What this file does is slower than linear.c, and only done where the difference between zeros shows. */
#include "linear/linear_careful.h"

#include "linear/contraction.h"
#include "linear/linear_matrix.h"
#include "linear/matrix.h"

/* Numbers on their way through a map: from adjoints of the result to those of the operand or, transposed, the other way
   around. */
struct passage
{
  struct memory *memory;
  const double *from;
  size_t step; /* 0: all of `from` are the same */
  double *to;
  bool transposed, constant, poison;
};

/* Through one coefficient. */
static inline void
pass (const struct passage *passage, size_t result, size_t operand, double c)
{
  size_t from = passage->transposed ? operand : result, to = passage->transposed ? result : operand;
  passage->to[to] += careful_product (c, passage->from[from * passage->step], passage->constant, passage->poison);
}

/* SCALE, DIAGONAL and REDUCE: the elements of one side in a row, those of the other by the layout. */
static void
pass_layout (const struct linear *linear, const struct passage *passage)
{
  const double *c = linear->coefficients ? linear->coefficients->elements : NULL;
  bool reduce = linear->kind == LINEAR_REDUCE;
  size_t i = 0;
  for (struct layout_walk walk = layout_walk (&linear->layout); walk.left; layout_step (&walk))
    for (size_t k = 0; k < walk.length; k++, i++)
      {
        size_t at = (size_t)(walk.at + (ptrdiff_t)k * walk.stride);
        pass (passage, reduce ? at : i, reduce ? i : at, c ? c[i] : linear->scale);
      }
}

/* Replaced elements get nothing: the copy leaves them out. */
static void
pass_kept (const struct linear *linear, const struct passage *passage, double *room)
{
  for (size_t i = 0; i < linear->operand_size; i++)
    room[i] = passage->from[i * passage->step];
  linear_keep (linear, room, FLAT);
  for (size_t i = 0; i < linear->operand_size; i++)
    passage->to[i] += room[i];
}

/* Term by term: zeros that are rules may be among the factors. */
static void
pass_contraction (const struct linear *linear, const struct passage *passage)
{
  struct contraction contraction = contraction_of (linear, passage->from, false);
  int last = contraction.operands - 1;
  struct contraction_walk walk = contraction_walk (&contraction);
  do
    pass (passage, walk.at[last + 1], walk.at[last], contraction_product (&walk, last) + 0.0);
  while (contraction_step (&walk));
}

static bool
has_zero (const double *elements, size_t count, bool flat)
{
  for (size_t i = 0; i < count; i++)
    if (flat ? is_flat (elements[i]) : elements[i] == 0)
      return true;
  return false;
}

/* Products of matrices; where no zero can matter they are the usual ones. */
static void
pass_product (const struct linear *linear, const struct passage *passage)
{
  size_t m = linear->product.rows, k = linear->product.inner, n = linear->product.columns;
  const struct array *factor = linear->coefficients, *starts = linear->positions;
  bool left = linear->kind == LINEAR_MATMUL_LEFT;
  bool usual = linear->finite && elements_are_finite (passage->from, linear->result_size)
               && !has_zero (passage->from, linear->result_size, true)
               && !(passage->constant && has_zero (factor->elements, factor->size, false));
  for (size_t b = 0; b < (starts ? starts->size / 2 : 1); b++)
    {
      const double *y = passage->from + b * m * n;
      const double *c = factor->elements + (starts ? (size_t)starts->elements[2 * b + left] : 0);
      double *X = passage->to + (starts ? (size_t)starts->elements[2 * b + !left] : 0);
      if (usual && left)
        matrix_multiply (m, n, k, y, false, c, true, X);
      else if (usual)
        matrix_multiply (k, m, n, c, true, y, false, X);
      for (size_t i = 0; usual && m && n && i < (left ? m * k : k * n); i++)
        X[i] += 0.0;
      for (size_t r = 0; !usual && r < m; r++)
        for (size_t j = 0; j < n; j++)
          for (size_t i = 0; i < k && !is_flat (y[r * n + j]); i++)
            X[left ? r * k + i : i * n + j]
              += careful_product (left ? c[i * n + j] : c[r * k + i], y[r * n + j], passage->constant, passage->poison);
    }
}

/* scale * left' Y right'. */
static void
pass_sandwich (const struct linear *linear, const struct passage *passage, double *room)
{
  size_t m = linear->product.rows, p = linear->product.inner, n = linear->product.columns;
  size_t q = p ? linear->operand_size / p : 0;
  const double *left = linear->coefficients->elements, *right = linear->positions->elements;
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < n; j++)
      {
        double sum = FLAT;
        for (size_t r = 0; r < m; r++)
          sum += careful_product (left[r * p + i], passage->from[r * n + j], passage->constant, passage->poison);
        room[i * n + j] = sum;
      }
  for (size_t i = 0; i < p; i++)
    for (size_t s = 0; s < q; s++)
      {
        double sum = FLAT;
        for (size_t j = 0; j < n; j++)
          sum += careful_product (right[s * n + j], room[i * n + j], passage->constant, passage->poison);
        passage->to[i * q + s] += careful_product (linear->scale, sum, false, passage->poison);
      }
}

/* The factor is dense: where anything comes, all of it does. */
static void
pass_cholesky (const struct linear *linear, const struct passage *passage)
{
  size_t n = linear->product.rows;
  bool any = false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      any |= !is_flat (passage->from[i * n + j]);
  if (!any)
    return;
  cholesky_reverse (passage->memory, linear, passage->from, passage->to);
  for (size_t i = 0; i < n * n; i++)
    passage->to[i] += 0.0;
}

/* One line along an axis: its first element, and how far the next is. */
static void
pass_softmax_line (const struct linear *linear, const struct passage *passage, size_t base)
{
  const double *s = linear->coefficients->elements, *y = passage->from;
  size_t n = linear->axis.length, step = linear->axis.inner;
  bool logarithm = linear->kind == LINEAR_LOG_SOFTMAX;
  double sum = FLAT;
  for (size_t i = base; i < base + n * step; i += step)
    sum += careful_product (logarithm ? 1 : s[i], y[i], false, passage->poison);
  for (size_t i = base; i < base + n * step && !is_flat (sum); i += step)
    passage->to[i] += (logarithm ? y[i] - s[i] * sum : s[i] * (y[i] - sum)) + 0.0;
}

static void
pass_sums_line (const struct linear *linear, const struct passage *passage, size_t base)
{
  size_t n = linear->axis.length, step = linear->axis.inner;
  double sum = FLAT;
  for (size_t i = 0; i < n; i++)
    {
      size_t at = base + (passage->transposed ? i : n - 1 - i) * step;
      sum += passage->from[at];
      passage->to[at] += sum;
    }
}

/* As cumprod_reverse. */
static void
pass_products_line (const struct linear *linear, const struct passage *passage, size_t base, double *tail)
{
  const double *x = linear->coefficients->elements;
  size_t n = linear->axis.length, step = linear->axis.inner;
  double sum = FLAT, before = 1;
  for (size_t k = n; k-- > 0;)
    {
      double next = k + 1 < n ? x[base + (k + 1) * step] + 0.0 : 1;
      sum = passage->from[base + k * step] + careful_product (next, sum, false, passage->poison);
      tail[k] = sum;
    }
  for (size_t k = 0; k < n; k++)
    {
      passage->to[base + k * step] += careful_product (before + 0.0, tail[k], false, passage->poison);
      before *= x[base + k * step];
    }
}

static void
pass_lines (const struct linear *linear, const struct passage *passage, double *room)
{
  for (size_t outer = 0; outer < linear->axis.outer; outer++)
    for (size_t inner = 0; inner < linear->axis.inner; inner++)
      {
        size_t base = outer * linear->axis.length * linear->axis.inner + inner;
        if (linear->kind == LINEAR_CUMSUM)
          pass_sums_line (linear, passage, base);
        else if (linear->kind == LINEAR_CUMPROD)
          pass_products_line (linear, passage, base, room);
        else
          pass_softmax_line (linear, passage, base);
      }
}

/* A map that has no transpose here: whatever it makes came out, if anything came. */
static void
pass_forward (const struct linear *linear, const struct passage *passage)
{
  size_t flat = 0;
  while (flat < linear->operand_size && is_flat (passage->from[flat]))
    flat++;
  if (flat == linear->operand_size)
    return;
  linear_forward (passage->memory, linear, passage->from, passage->to);
  for (size_t i = 0; i < linear->result_size; i++)
    passage->to[i] += 0.0;
}

static void
pass_through (const struct linear *linear, const struct passage *passage, double *room)
{
  const double *at = linear->positions ? linear->positions->elements : NULL;
  switch (linear->kind)
    {
    case LINEAR_SCALE:
    case LINEAR_DIAGONAL:
    case LINEAR_REDUCE:
      pass_layout (linear, passage);
      break;
    case LINEAR_GATHER:
      for (size_t i = 0; i < linear->result_size; i++)
        pass (passage, i, (size_t)at[i], 1);
      break;
    case LINEAR_SCATTER:
      for (size_t i = 0; i < linear->operand_size; i++)
        pass (passage, (size_t)at[i], i, 1);
      break;
    case LINEAR_KEEP:
      pass_kept (linear, passage, room);
      break;
    case LINEAR_TERMS:
      if (!linear->coefficients->size && !passage->transposed && passage->step)
        terms_reverse (linear, passage->from, passage->to, passage->poison);
      for (size_t i = 0; i < linear->coefficients->size; i++)
        pass (passage, (size_t)at[2 * i], (size_t)at[2 * i + 1], linear->coefficients->elements[i]);
      break;
    case LINEAR_CONTRACT:
      pass_contraction (linear, passage);
      break;
    case LINEAR_CUMSUM:
      pass_lines (linear, passage, room);
      break;
    case LINEAR_MATMUL_LEFT:
    case LINEAR_MATMUL_RIGHT:
    case LINEAR_SOFTMAX:
    case LINEAR_LOG_SOFTMAX:
    case LINEAR_CUMPROD:
    case LINEAR_SANDWICH:
    case LINEAR_CHOLESKY:
      if (passage->transposed)
        pass_forward (linear, passage);
      else if (linear->kind == LINEAR_MATMUL_LEFT || linear->kind == LINEAR_MATMUL_RIGHT)
        pass_product (linear, passage);
      else if (linear->kind == LINEAR_SANDWICH)
        pass_sandwich (linear, passage, room);
      else if (linear->kind == LINEAR_CHOLESKY)
        pass_cholesky (linear, passage);
      else
        pass_lines (linear, passage, room);
      break;
    case LINEAR_TRANSPOSE:
    case LINEAR_KINDS:
      break;
    }
}

/* The map at the end of a chain of transposes, and whether it is turned around. */
static const struct linear *
untransposed (const struct linear *linear, bool *transposed)
{
  *transposed = false;
  for (; linear->kind == LINEAR_TRANSPOSE; linear = linear->of)
    *transposed = !*transposed;
  return linear;
}

size_t
linear_careful_room (const struct linear *linear)
{
  bool transposed;
  linear = untransposed (linear, &transposed);
  /* Adjoints that are all the same are spread for what reads whole ones. */
  bool whole = linear_info[linear->kind].traits & READS_ALL;
  size_t spread = !whole ? 0 : transposed ? linear->operand_size : linear->result_size;
  return spread
         + (linear->kind == LINEAR_KEEP       ? linear->operand_size
            : linear->kind == LINEAR_CUMPROD  ? linear->axis.length
            : linear->kind == LINEAR_SANDWICH ? linear->product.inner * linear->product.columns
                                              : 0);
}

void
linear_reverse_careful (struct memory *memory, const struct linear *linear, const double *Y, size_t Y_step, double *X,
                        bool poison, double *room)
{
  struct passage passage = { .memory = memory, .from = Y, .step = Y_step, .to = X, .poison = poison };
  linear = untransposed (linear, &passage.transposed);
  passage.constant = linear->constant;
  size_t size = passage.transposed ? linear->operand_size : linear->result_size;
  if (Y_step == 0 && linear_info[linear->kind].traits & READS_ALL)
    {
      for (size_t i = 0; i < size; i++)
        room[i] = *Y;
      passage.from = room;
      passage.step = 1;
      room += size;
    }
  pass_through (linear, &passage, room);
}
