/* slips_linear.c -- what wrong rules make of the linear maps of functions with structure. */
#include <math.h>

#include "diagnose/slips.h"
#include "ops/ops.h"

/* A map through which nothing passes: of each element of the result a zero to the operand's first, if it has one. */
static struct linear
nothing_of (const struct linear *old)
{
  struct linear none = { .kind = LINEAR_SCALE,
                         .scale = 0,
                         .operand_size = old->operand_size,
                         .result_size = old->result_size,
                         .layout = { .shape = { .rank = 1, .extent = { old->operand_size ? old->result_size : 0 } } } };
  return none;
}

static struct array *
copy_scaled (struct arrays *arrays, const struct array *array, double scale)
{
  struct array *copy = array_new (arrays, TYPE_REAL, &array->shape);
  for (size_t i = 0; i < array->size; i++)
    copy->elements[i] = array->elements[i] * scale;
  return copy;
}

static struct array *
copy_transposed (struct arrays *arrays, const struct array *array, size_t n)
{
  struct array *copy = array_new (arrays, TYPE_REAL, &array->shape);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      copy->elements[i * n + j] = array->elements[j * n + i];
  return copy;
}

/* A map that is a multiple of another one; false for kinds that have no factor. */
static bool
scaled (struct arrays *arrays, struct linear *linear, double scale)
{
  bool by_scale = linear->kind == LINEAR_SCALE || linear->kind == LINEAR_SANDWICH
                  || (linear->kind == LINEAR_REDUCE && !linear->coefficients);
  if (!by_scale && linear->kind != LINEAR_REDUCE && linear->kind != LINEAR_DIAGONAL)
    return false;
  if (by_scale && linear->coefficients)
    array_hold (linear->coefficients);
  if (by_scale && linear->positions)
    array_hold (linear->positions);
  if (by_scale)
    linear->scale *= scale;
  else
    linear->coefficients = copy_scaled (arrays, linear->coefficients, scale);
  return true;
}

/* The identity, of an operand as large as the result. */
static bool
identity (const struct step *step, struct linear *linear)
{
  struct shape shape = value_shape (&step->result);
  if (linear->operand_size != linear->result_size || !shape.rank)
    return false;
  *linear = (struct linear){ .kind = LINEAR_SCALE,
                             .scale = 1,
                             .operand_size = linear->operand_size,
                             .result_size = linear->result_size,
                             .layout = layout_dense (&shape) };
  return true;
}

static bool
negated (struct linear *linear)
{
  linear->scale = -linear->scale;
  return true;
}

/* A sum in the place of one with weights. */
static bool
unweighted (struct arrays *arrays, struct linear *linear)
{
  bool product = linear->kind == LINEAR_MATMUL_LEFT || linear->kind == LINEAR_MATMUL_RIGHT;
  if ((linear->kind != LINEAR_REDUCE && !product) || !linear->coefficients || linear->result_size != 1)
    return false;
  linear->coefficients = array_filled (arrays, &linear->coefficients->shape, 1);
  return true;
}

/* A square matrix among a map's coefficients; its extent, or 0. */
static size_t
square_of (const struct linear *linear)
{
  bool product = linear->kind == LINEAR_MATMUL_LEFT || linear->kind == LINEAR_MATMUL_RIGHT;
  if (!linear->coefficients || (product && linear->positions))
    return 0;
  size_t n = (size_t)lround (sqrt ((double)linear->coefficients->size));
  if (n < 2 || n * n != linear->coefficients->size)
    return 0;
  if (product)
    {
      size_t rows = linear->kind == LINEAR_MATMUL_LEFT ? linear->product.inner : linear->product.rows;
      return rows == n ? n : 0;
    }
  return linear->kind == LINEAR_REDUCE && linear->result_size == 1 ? n : 0;
}

static bool
transposed (struct arrays *arrays, struct linear *linear)
{
  size_t n = square_of (linear);
  if (!n)
    return false;
  linear->coefficients = copy_transposed (arrays, linear->coefficients, n);
  return true;
}

static bool
reordered (struct linear *linear)
{
  bool left = linear->kind == LINEAR_MATMUL_LEFT;
  if ((!left && linear->kind != LINEAR_MATMUL_RIGHT) || linear->positions || linear->product.rows < 2
      || linear->product.rows != linear->product.inner || linear->product.inner != linear->product.columns)
    return false;
  linear->kind = left ? LINEAR_MATMUL_RIGHT : LINEAR_MATMUL_LEFT;
  array_hold (linear->coefficients);
  return true;
}

/* 1/n of a mean or a variance is forgotten; a sum gets one. */
static bool
without_length (struct arrays *arrays, uint32_t op, struct linear *linear)
{
  double length = (double)linear->operand_size / (double)(linear->result_size ? linear->result_size : 1);
  if (length <= 1 || (op != OP_mean && op != OP_var && op != OP_sum))
    return false;
  return scaled (arrays, linear, op == OP_sum ? 1 / length : length);
}

/* Of softmax's derivative s (u - sum(s u)) the part without the sum, or as if the elements were independent. */
static bool
diagonal_alone (struct arrays *arrays, const struct step *step, struct linear *linear, bool independent)
{
  const double *s = value_elements (&step->result);
  if (linear->kind != LINEAR_SOFTMAX || !identity (step, linear))
    return false;
  linear->kind = LINEAR_DIAGONAL;
  linear->coefficients = array_vector (arrays, linear->result_size);
  for (size_t i = 0; i < linear->result_size; i++)
    linear->coefficients->elements[i] = independent ? s[i] * (1 - s[i]) : s[i];
  return true;
}

/* Each line of a softmax times its Jacobian, with another one on top: the same again, or as if the elements were
   independent. As pairs of places in terms. */
static bool
softmax_twice (struct arrays *arrays, const struct step *step, struct linear *linear, bool independent)
{
  const double *s = value_elements (&step->result);
  size_t length = linear->axis.length, inner = linear->axis.inner, lines = linear->axis.outer * inner, at = 0;
  if (linear->kind != LINEAR_SOFTMAX || linear->other || length > 64)
    return false;
  struct array *coefficients = array_vector (arrays, lines * length * length),
               *pairs = array_vector (arrays, 2 * coefficients->size);
  for (size_t line = 0; line < lines; line++)
    for (size_t i = 0; i < length; i++)
      for (size_t j = 0; j < length; j++, at++)
        {
          size_t first = line / inner * length * inner + line % inner, a = first + i * inner, b = first + j * inner;
          double squares = 0;
          for (size_t k = 0; k < length; k++)
            squares += s[first + k * inner] * s[first + k * inner];
          double once = s[a] * ((a == b) - s[b]);
          /* (diag(s) - s s')^2 = diag(s^2) - s^2 s' - s s^2' + |s|^2 s s'. */
          coefficients->elements[at]
            = independent ? once * s[b] * (1 - s[b]) : s[a] * s[b] * ((a == b) - s[a] - s[b] + squares);
          pairs->elements[2 * at] = (double)a;
          pairs->elements[2 * at + 1] = (double)b;
        }
  *linear = (struct linear){ .kind = LINEAR_TERMS,
                             .operand_size = linear->operand_size,
                             .result_size = linear->result_size,
                             .coefficients = coefficients,
                             .positions = pairs };
  return true;
}

/* The determinant of a matrix, by elimination. */
static double
determinant (struct arrays *arrays, const struct value *matrix)
{
  size_t n = value_shape (matrix).extent[0];
  struct array *work = array_copied (arrays, &matrix->array->shape, matrix->array->elements);
  double *m = work->elements, product = 1;
  for (size_t k = 0; k < n && product != 0; k++)
    {
      size_t pivot = k;
      for (size_t i = k + 1; i < n; i++)
        pivot = fabs (m[i * n + k]) > fabs (m[pivot * n + k]) ? i : pivot;
      product *= pivot == k ? m[k * n + k] : -m[pivot * n + k];
      for (size_t j = 0; j < n && pivot != k; j++)
        {
          double kept = m[k * n + j];
          m[k * n + j] = m[pivot * n + j];
          m[pivot * n + j] = kept;
        }
      for (size_t i = k + 1; i < n && product != 0; i++)
        for (size_t j = n; j-- > k;)
          m[i * n + j] -= m[i * n + k] / m[k * n + k] * m[k * n + j];
    }
  array_drop (arrays, work);
  return product;
}

/* 1/n of a matrix with another n. */
static bool
with_length (struct arrays *arrays, const struct step *step, struct linear *linear, size_t length)
{
  if ((step->op != OP_mean && step->op != OP_var) || value_shape (&step->operands[0]).rank != 2 || !linear->result_size)
    return false;
  double right = (double)linear->operand_size / (double)linear->result_size;
  return length > 1 && right > 1 && (double)length != right && scaled (arrays, linear, right / (double)length);
}

/* A sum goes over all elements: as 1/n, or in the derivative of softmax. */
static bool
over_all (struct arrays *arrays, const struct step *step, struct linear *linear)
{
  if (linear->kind != LINEAR_SOFTMAX && linear->kind != LINEAR_LOG_SOFTMAX)
    return with_length (arrays, step, linear, linear->operand_size);
  if (linear->axis.length == linear->operand_size)
    return false;
  linear->axis.outer = linear->axis.inner = 1;
  linear->axis.length = linear->operand_size;
  linear->other = true;
  array_hold (linear->coefficients);
  return true;
}

/* A matrix's sums go along the other axis: of softmax those in its derivative; of a reduction its derivative spreads
   over the other axis, which is possible when both are as long. */
static bool
along_other_axis (const struct step *step, struct linear *linear)
{
  struct shape shape = value_shape (&step->operands[0]);
  if (shape.rank != 2 || shape.extent[0] < 2 || shape.extent[1] < 2)
    return false;
  struct layout *layout = &linear->layout;
  size_t rows = shape.extent[0], columns = shape.extent[1];
  ptrdiff_t stride = layout->stride[0];
  switch (linear->kind)
    {
    case LINEAR_SOFTMAX:
    case LINEAR_LOG_SOFTMAX:
    case LINEAR_CUMSUM:
      linear->axis.outer = linear->axis.inner > 1 ? rows : 1;
      linear->axis.length = linear->axis.inner > 1 ? columns : rows;
      linear->axis.inner = linear->axis.inner > 1 ? 1 : columns;
      linear->other = linear->kind != LINEAR_CUMSUM;
      break;
    case LINEAR_REDUCE:
      if (rows != columns || layout->shape.rank != 2 || linear->result_size != rows || step->op >= OPS)
        return false;
      layout->stride[0] = layout->stride[1];
      layout->stride[1] = stride;
      break;
    default:
      return false;
    }
  if (linear->coefficients)
    array_hold (linear->coefficients);
  return true;
}

static bool
is_square (const struct step *step)
{
  struct shape shape = value_shape (&step->operands[0]);
  return shape_is_square (&shape);
}

bool
slip_linear (struct arrays *arrays, const struct step *step, enum slip slip, struct linear *linear)
{
  double v = step->result.kind == KIND_REAL ? step->result.number : 0;
  switch (slip)
    {
    case SLIP_ZERO:
      *linear = nothing_of (linear);
      return true;
    case SLIP_DROP:
      if (step->op == OP_dot || step->op == OP_matmul)
        return unweighted (arrays, linear) || (step->op == OP_matmul && identity (step, linear));
      if (step->op == OP_norm)
        return unweighted (arrays, linear);
      return (step->op == OP_softmax || step->op == OP_log_softmax || step->op == OP_cumsum || step->op == OP_inv)
             && identity (step, linear);
    case SLIP_KEPT_SIGN:
      return step->op == OP_inv && identity (step, linear) && negated (linear);
    case SLIP_UNTURNED:
      return step->op == OP_transpose && is_square (step) && identity (step, linear);
    case SLIP_UNFLIPPED:
      return step->op == OP_flip && identity (step, linear);
    case SLIP_TWICE:
    case SLIP_DIAGONAL_TWICE:
      return step->op == OP_softmax && softmax_twice (arrays, step, linear, slip == SLIP_DIAGONAL_TWICE);
    case SLIP_SQUARED_NORM:
      return step->op == OP_norm && v != 0 && scaled (arrays, linear, 2 * v);
    case SLIP_DETERMINANT:
      return step->op == OP_logdet && is_square (step)
             && scaled (arrays, linear, determinant (arrays, &step->operands[0]));
    case SLIP_MEAN:
      return without_length (arrays, step->op, linear);
    case SLIP_ROWS:
      return with_length (arrays, step, linear, value_shape (&step->operands[0]).extent[0]);
    case SLIP_COLUMNS:
      return with_length (arrays, step, linear, value_shape (&step->operands[0]).extent[1]);
    case SLIP_WHOLE:
      return over_all (arrays, step, linear);
    case SLIP_AXIS:
      return along_other_axis (step, linear);
    case SLIP_SLOPE_SIGN:
      return (step->op == OP_inv || step->op == OP_solve) && scaled (arrays, linear, -1);
    case SLIP_TRANSPOSE:
      return step->op < OPS && transposed (arrays, linear);
    case SLIP_ORDER:
      return reordered (linear);
    case SLIP_DIAGONAL:
      return diagonal_alone (arrays, step, linear, true);
    case SLIP_HALF:
      return diagonal_alone (arrays, step, linear, false);
    case SLIP_LENGTH:
      return (step->op == OP_norm && v != 0 && scaled (arrays, linear, v))
             || (step->op == OP_det && v != 0 && scaled (arrays, linear, 1 / v));
    default:
      return false;
    }
}
