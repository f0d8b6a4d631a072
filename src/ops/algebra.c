/* algebra.c -- determinants, inverses, systems of equations, Cholesky's factor, powers of matrices. */

#include "base/heap.h"
#include "linear/factor.h"
#include "linear/matrix.h"
#include "ops/routine.h"

/* A square matrix as the first argument. */
static struct operand
square_operand (struct call *call)
{
  struct operand a = call_operand (call, 0);
  char text[SHAPE_TEXT];
  if (a.shape.rank != 2)
    call_error (call, "'%s' takes a matrix, not an array of rank %d", call->name, a.shape.rank);
  if (a.shape.extent[0] != a.shape.extent[1])
    call_error (call, "'%s' takes a square matrix, not %s", call->name, shape_text (text, &a.shape));
  return a;
}

static struct lu
factor (struct call *call, const struct operand *a, bool cofactors)
{
  struct lu lu;
  size_t n = a->shape.extent[0];
  (cofactors ? lu_open : lu_open_quick) (&lu, call->arrays->memory, n, a->elements);
  return lu;
}

static _Noreturn void
refuse_singular (struct call *call, struct lu *lu)
{
  size_t n = lu->n;
  lu_close (lu);
  call_error (call, "'%s': the %zux%zu matrix is singular", call->name, n, n);
}

/* One number of all elements of a matrix, with a slope for each. */
static void
link_slopes (struct call *call, const struct operand *a, uint32_t item, struct array *slopes)
{
  struct layout single = layout_single (&a->shape);
  for (size_t i = 0; i < a->size; i++)
    slopes->elements[i] += 0.0;
  call_link_item (call, item, &a->value, map_reduce (slopes, &single, 1));
}

void
function_det (struct call *call)
{
  struct operand a = square_operand (call);
  struct lu lu = factor (call, &a, a.varies);
  call_result_number (call, TYPE_REAL, lu_determinant (&lu));
  if (a.varies)
    {
      struct array *slopes = call_vector (call, a.size);
      lu_cofactors (&lu, slopes->elements);
      link_slopes (call, &a, 0, slopes);
    }
  lu_close (&lu);
}

/* The transposed inverse, the gradient of the logarithm of the determinant; infinite slopes of a singular matrix are
   told apart nowhere, so all are NaN. */
static struct array *
inverse_transposed (struct call *call, const struct lu *lu)
{
  size_t n = lu->n;
  struct array *slopes = call_vector (call, n * n);
  double *inverse = heap_take (lu->memory, n * n, sizeof *inverse, "a matrix");
  bool singular = lu_is_singular (lu);
  if (!singular)
    lu_invert (lu, inverse);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      slopes->elements[i * n + j] = singular ? NAN : inverse[j * n + i];
  heap_give (inverse);
  return slopes;
}

void
function_logdet (struct call *call)
{
  struct operand a = square_operand (call);
  struct lu lu = factor (call, &a, false);
  double sign, size = lu_log_determinant (&lu, &sign);
  call_result_number (call, TYPE_REAL, sign < 0 ? NAN : size);
  if (a.varies)
    {
      struct array *slopes = inverse_transposed (call, &lu);
      for (size_t i = 0; sign < 0 && i < a.size; i++)
        slopes->elements[i] = NAN;
      link_slopes (call, &a, 0, slopes);
    }
  lu_close (&lu);
}

void
function_slogdet (struct call *call)
{
  struct operand a = square_operand (call);
  struct lu lu = factor (call, &a, false);
  struct tuple *tuple = call_result_tuple (call, 2);
  double sign, size = lu_log_determinant (&lu, &sign);
  tuple->items[0] = value_number (KIND_REAL, sign);
  tuple->items[1] = value_number (KIND_REAL, size);
  if (a.varies)
    link_slopes (call, &a, 1, inverse_transposed (call, &lu));
  lu_close (&lu);
}

/* y = scale left x right. */
static struct linear
map_sandwich (struct array *left, size_t m, size_t p, struct array *right, size_t q, size_t n, double scale)
{
  return (struct linear){ .kind = LINEAR_SANDWICH,
                          .scale = scale,
                          .operand_size = p * q,
                          .result_size = m * n,
                          .coefficients = left,
                          .positions = right,
                          .product = { m, p, n } };
}

static struct array *
copy_of (struct call *call, const double *elements, size_t size)
{
  struct array *array = call_vector (call, size);
  memcpy (array->elements, elements, size * sizeof *elements);
  return array;
}

static struct array *
inverse_of (struct call *call, const struct lu *lu)
{
  struct array *inverse = call_vector (call, lu->n * lu->n);
  lu_invert (lu, inverse->elements);
  return inverse;
}

/* dX = -X dA X */
void
function_inv (struct call *call)
{
  struct operand a = square_operand (call);
  struct lu lu = factor (call, &a, false);
  size_t n = lu.n;
  if (lu_is_singular (&lu))
    refuse_singular (call, &lu);
  struct array *inverse = inverse_of (call, &lu);
  lu_close (&lu);
  double *result = call_result (call, TYPE_REAL, &a.shape);
  memcpy (result, inverse->elements, a.size * sizeof *result);
  call_link (call, &a.value, map_sandwich (inverse, n, n, array_hold (inverse), n, n, -1));
}

/* dX = inv(A) (dB - dA X) */
void
function_solve (struct call *call)
{
  struct operand a = square_operand (call), b = call_operand (call, 1);
  size_t n = a.shape.extent[0], m = b.shape.rank == 2 ? b.shape.extent[1] : 1;
  char left[SHAPE_TEXT], right[SHAPE_TEXT];
  if (b.shape.rank < 1 || b.shape.rank > 2 || b.shape.extent[0] != n)
    call_error (call, "'solve' of a matrix %s needs as many rows on the right, not shape (%s)",
                shape_text (left, &a.shape), shape_text (right, &b.shape));
  struct lu lu = factor (call, &a, false);
  if (lu_is_singular (&lu))
    refuse_singular (call, &lu);
  double *result = call_result (call, TYPE_REAL, &b.shape);
  lu_solve (&lu, m, b.elements, result);
  struct array *inverse = a.varies || b.varies ? inverse_of (call, &lu) : NULL;
  lu_close (&lu);
  if (!inverse)
    return;
  call_link (call, &a.value, map_sandwich (array_hold (inverse), n, n, copy_of (call, result, n * m), n, m, -1));
  struct array *one = call_vector (call, m * m);
  for (size_t i = 0; i < m * m; i++)
    one->elements[i] = i % (m + 1) == 0 ? 1 : FLAT;
  struct linear map = map_sandwich (array_hold (inverse), n, n, one, m, m, 1);
  map.constant = !a.varies;
  call_link (call, &b.value, map);
  array_drop (call->arrays, inverse);
}

void
function_cholesky (struct call *call)
{
  struct operand a = square_operand (call);
  size_t n = a.shape.extent[0];
  double *result = call_result (call, TYPE_REAL, &a.shape);
  if (!cholesky (n, a.elements, result))
    call_error (call, "'cholesky': the %zux%zu matrix is not positive definite", n, n);
  if (!a.varies)
    return;
  struct array *inverse = call_vector (call, n * n);
  invert_lower (n, result, inverse->elements);
  call_link (call, &a.value,
             (struct linear){ .kind = LINEAR_CHOLESKY,
                              .scale = 1,
                              .operand_size = n * n,
                              .result_size = n * n,
                              .coefficients = copy_of (call, result, n * n),
                              .positions = inverse,
                              .product = { n, n, n } });
}

/* A^k for k >= 0 from 0 on: `count` of them. */
static struct array **
powers_of (struct call *call, const double *a, size_t n, size_t count)
{
  struct array **powers = heap_take (call->arrays->memory, count, sizeof *powers, "powers of a matrix");
  for (size_t k = 0; k < count; k++)
    {
      powers[k] = call_vector (call, n * n);
      memset (powers[k]->elements, 0, n * n * sizeof *a);
      if (k == 0)
        for (size_t i = 0; i < n; i++)
          powers[0]->elements[i * n + i] = 1;
      else
        matrix_multiply (n, n, n, powers[k - 1]->elements, false, a, false, powers[k]->elements);
    }
  return powers;
}

/* d(A^k) = sum over i of A^i dA A^(k-1-i), and for B = inv(A): d(B^k) = -sum of B^(i+1) dA B^(k-i). */
void
function_matrix_power (struct call *call)
{
  enum
  {
    MOST = 10000
  };
  struct operand a = square_operand (call);
  ptrdiff_t given = call_whole (call, 1, "n");
  size_t n = a.shape.extent[0], count = (size_t)(given < 0 ? -given : given);
  if (count > MOST)
    call_error (call, "'matrix_power': the power may be up to %d, not %td", MOST, given);
  struct array *base = copy_of (call, a.elements, a.size);
  if (given < 0)
    {
      struct lu lu = factor (call, &a, false);
      if (lu_is_singular (&lu))
        refuse_singular (call, &lu);
      array_drop (call->arrays, base);
      base = inverse_of (call, &lu);
      lu_close (&lu);
    }
  struct array **powers = powers_of (call, base->elements, n, count + 1);
  double *result = call_result (call, TYPE_REAL, &a.shape);
  memcpy (result, powers[count]->elements, a.size * sizeof *result);
  for (size_t i = 0; a.varies && i < count; i++)
    call_link (call, &a.value,
               given > 0 ? map_sandwich (array_hold (powers[i]), n, n, array_hold (powers[count - 1 - i]), n, n, 1)
                         : map_sandwich (array_hold (powers[i + 1]), n, n, array_hold (powers[count - i]), n, n, -1));
  for (size_t k = 0; k <= count; k++)
    array_drop (call->arrays, powers[k]);
  heap_give (powers);
  array_drop (call->arrays, base);
}
