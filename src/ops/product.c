/* product.c -- matrix products. */
#include "ops/routine.h"
#include "value/matrix.h"

static _Noreturn void
call_product_mismatch (struct call *call, const struct operand *a, const struct operand *b, size_t left, size_t right)
{
  char first[SHAPE_TEXT], second[SHAPE_TEXT];
  call_error (call, "cannot multiply %s by %s: the inner sizes %zu and %zu differ", shape_text (first, &a->shape),
              shape_text (second, &b->shape), left, right);
}

/* A row times a column. */
static double
sum_of_products (size_t size, const double *a, const double *b)
{
  double part[4] = { 0 };
  size_t i = 0;
  for (; i + 4 <= size; i += 4)
    for (int j = 0; j < 4; j++)
      part[j] += a[i + j] * b[i + j];
  for (; i < size; i++)
    part[0] += a[i] * b[i];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

/* C = A B for m x k and k x n. */
static void
multiply (size_t m, size_t k, size_t n, const double *A, const double *B, double *C)
{
  if (n == 1)
    {
      for (size_t i = 0; i < m; i++)
        C[i] = sum_of_products (k, A + i * k, B);
      return;
    }
  memset (C, 0, m * n * sizeof (double));
  matrix_multiply (m, k, n, A, false, B, false, C);
}

static enum type
product_type (const struct operand *a, const struct operand *b)
{
  return a->type == TYPE_REAL || b->type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER;
}

/* The result is in place; links it to both factors. */
static void
link_factors (struct call *call, const struct operand *a, const struct operand *b, size_t m, size_t k, size_t n)
{
  struct linear map = { .scale = 1, .result_size = m * n, .product = { m, k, n } };
  if (a->varies)
    {
      map.kind = LINEAR_MATMUL_LEFT;
      map.operand_size = m * k;
      map.coefficients = operand_array (call, b);
      call_link (call, &a->value, map);
    }
  if (b->varies)
    {
      map.kind = LINEAR_MATMUL_RIGHT;
      map.operand_size = k * n;
      map.coefficients = operand_array (call, a);
      call_link (call, &b->value, map);
    }
}

/* A vector counts as a row on the left and as a column on the right, and that axis is missing from the result. */
void
function_matmul (struct call *call)
{
  struct operand a = call_operand (call, 0), b = call_operand (call, 1);
  char text[SHAPE_TEXT];
  for (int i = 0; i < 2; i++)
    {
      const struct shape *shape = i ? &b.shape : &a.shape;
      if (shape->rank == 0)
        call_error (call, "a matrix product takes vectors and matrices, not a number: use *");
      if (shape->rank > 2)
        call_error (call, "a matrix product takes vectors and matrices, not an array %s of rank %d",
                    shape_text (text, shape), shape->rank);
    }
  size_t m = a.shape.rank == 2 ? a.shape.extent[0] : 1, k = a.shape.extent[a.shape.rank - 1];
  size_t n = b.shape.rank == 2 ? b.shape.extent[1] : 1;
  if (k != b.shape.extent[0])
    call_product_mismatch (call, &a, &b, k, b.shape.extent[0]);
  struct shape shape = { .rank = 0 };
  if (a.shape.rank == 2)
    shape.extent[shape.rank++] = m;
  if (b.shape.rank == 2)
    shape.extent[shape.rank++] = n;
  multiply (m, k, n, a.elements, b.elements, call_result (call, product_type (&a, &b), &shape));
  link_factors (call, &a, &b, m, k, n);
}

/* With a number, the plain product; else the matrix product. */
void
function_dot (struct call *call)
{
  struct operand a = call_operand (call, 0), b = call_operand (call, 1);
  if (a.shape.rank && b.shape.rank)
    {
      function_matmul (call);
      return;
    }
  const struct operand *number = a.shape.rank ? &b : &a, *other = a.shape.rank ? &a : &b;
  double factor = number->elements[0];
  double *result = call_result (call, product_type (&a, &b), &other->shape);
  for (size_t i = 0; i < other->size; i++)
    result[i] = other->elements[i] * factor;
  struct layout dense = layout_dense (&other->shape), single = layout_single (&other->shape, 0);
  if (other->varies)
    call_link (call, &other->value, map_scale (&dense, other->size, factor + 0.0));
  if (!number->varies)
    return;
  /* A copy, because a coefficient of -0 would be FLAT. */
  struct array *slopes = call_vector (call, other->size);
  for (size_t i = 0; i < other->size; i++)
    slopes->elements[i] = other->elements[i] + 0.0;
  call_link (call, &number->value, map_diagonal (slopes, &single, 1));
}

/* A column times a row. */
void
function_outer (struct call *call)
{
  struct operand a = call_operand (call, 0), b = call_operand (call, 1);
  struct shape shape = { .rank = 2, .extent = { a.size, b.size } };
  double *result = call_result (call, product_type (&a, &b), &shape);
  for (size_t i = 0; i < a.size; i++)
    for (size_t j = 0; j < b.size; j++)
      result[i * b.size + j] = a.elements[i] * b.elements[j];
  link_factors (call, &a, &b, a.size, 1, b.size);
}

void
function_trace (struct call *call)
{
  struct operand x = call_operand (call, 0);
  if (x.shape.rank != 2)
    call_error (call, "'trace' takes a matrix, not an array of rank %d", x.shape.rank);
  size_t rows = x.shape.extent[0], columns = x.shape.extent[1], length = rows < columns ? rows : columns;
  double sum = 0;
  for (size_t i = 0; i < length; i++)
    sum += x.elements[i * columns + i];
  call_result_number (call, x.type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER, sum);
  if (!x.varies)
    return;
  struct array *diagonal = call_vector (call, x.size);
  for (size_t i = 0; i < x.size; i++)
    diagonal->elements[i] = i / columns == i % columns ? 1 : FLAT;
  struct layout single = layout_single (&x.shape, 0);
  call_link (call, &x.value, map_reduce (diagonal, &single, 1, 1));
}
