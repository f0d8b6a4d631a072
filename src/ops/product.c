/* product.c -- matrix products. */
#include "linear/matrix.h"
#include "ops/routine.h"

static _Noreturn void
call_product_mismatch (struct call *call, const struct operand *a, const struct operand *b, size_t left, size_t right)
{
  char first[SHAPE_TEXT], second[SHAPE_TEXT];
  call_error (call, "cannot multiply %s by %s: the inner sizes %zu and %zu differ", shape_text (first, &a->shape),
              shape_text (second, &b->shape), left, right);
}

/* One of `count` products. */
static void
product_among (size_t count, size_t m, size_t k, size_t n, const double *A, const double *B, double *C)
{
  if (n == 1)
    {
      for (size_t i = 0; i < m; i++)
        C[i] = sum_products (k, A + i * k, B);
      return;
    }
  memset (C, 0, m * n * sizeof (double));
  matrix_multiply_among (count, m, k, n, A, false, B, false, C);
}

void
matrix_product (size_t m, size_t k, size_t n, const double *A, const double *B, double *C)
{
  product_among (1, m, k, n, A, B, C);
}

static enum type
product_type (const struct operand *a, const struct operand *b)
{
  return a->type == TYPE_REAL || b->type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER;
}

/* The result is in place; links it to both factors. `starts` of a batch, or NULL, is let go. */
static void
link_factors (struct call *call, const struct operand *a, const struct operand *b, size_t m, size_t k, size_t n,
              struct array *starts)
{
  struct linear map = { .scale = 1, .result_size = (starts ? starts->size / 2 : 1) * m * n, .product = { m, k, n } };
  for (int i = 0; i < 2; i++)
    {
      const struct operand *factor = i ? b : a;
      if (!factor->varies)
        continue;
      map.kind = i ? LINEAR_MATMUL_RIGHT : LINEAR_MATMUL_LEFT;
      map.operand_size = factor->size;
      map.coefficients = operand_array (call, i ? a : b);
      map.positions = starts ? array_hold (starts) : NULL;
      map.constant = !(i ? a : b)->varies;
      call_link (call, &factor->value, map);
    }
  array_drop (call->arrays, starts);
}

/* The axes of a factor before those of its matrix. */
static struct shape
batch_of (const struct operand *factor)
{
  struct shape batch = factor->shape;
  while (batch.rank > 0 && batch.rank > factor->shape.rank - 2)
    shape_remove (&batch, batch.rank - 1);
  return batch;
}

/* Where the matrices of both factors begin, by turns, for each product of a batch. */
static struct array *
batch_starts (struct call *call, const struct operand factors[2], const size_t sizes[2], const struct shape *batch)
{
  size_t count = shape_size (batch);
  struct array *starts = call_vector (call, 2 * count), *places = call_vector (call, count);
  for (int i = 0; i < 2; i++)
    {
      struct shape own = batch_of (&factors[i]);
      struct layout layout = layout_broadcast (&own, batch);
      layout_positions (&layout, places->elements);
      for (size_t k = 0; k < count; k++)
        starts->elements[2 * k + (size_t)i] = places->elements[k] * (double)sizes[i];
    }
  array_drop (call->arrays, places);
  return starts;
}

/* A vector counts as a row on the left and as a column on the right, and that axis is missing from the result. Of more
   than two axes the last two are those of the matrices, and the others are spread as elsewhere. */
void
function_matmul (struct call *call)
{
  struct operand factors[2] = { call_operand (call, 0), call_operand (call, 1) };
  const struct operand *a = &factors[0], *b = &factors[1];
  int left = a->shape.rank, right = b->shape.rank;
  char text[SHAPE_TEXT], other[SHAPE_TEXT];
  if (left == 0 || right == 0)
    call_error (call, "a matrix product takes vectors and matrices, not a number: use *");
  size_t m = left > 1 ? a->shape.extent[left - 2] : 1, k = a->shape.extent[left - 1];
  size_t n = right > 1 ? b->shape.extent[right - 1] : 1, inner = b->shape.extent[right > 1 ? right - 2 : 0];
  if (k != inner)
    call_product_mismatch (call, a, b, k, inner);
  struct shape batches[2] = { batch_of (a), batch_of (b) }, shape;
  if (!shape_broadcast (&shape, &batches[0], &batches[1]))
    call_error (call, "cannot multiply %s by %s: the axes before the matrices cannot be combined",
                shape_text (text, &a->shape), shape_text (other, &b->shape));
  struct array *starts = NULL;
  size_t sizes[2] = { m * k, k * n }, count = 1;
  if (right > 2)
    {
      starts = batch_starts (call, factors, sizes, &shape);
      count = starts->size / 2;
    }
  else if (left > 2)
    /* One matrix after the other, times the same: that is one matrix with all their rows. */
    m *= shape_size (&shape);
  if (left > 1)
    shape_insert (call, &shape, shape.rank, a->shape.extent[left - 2]);
  if (right > 1)
    shape_insert (call, &shape, shape.rank, n);
  double *result = call_result (call, product_type (a, b), &shape);
  for (size_t i = 0; i < count; i++)
    product_among (count, m, k, n, a->elements + (starts ? (size_t)starts->elements[2 * i] : 0),
                   b->elements + (starts ? (size_t)starts->elements[2 * i + 1] : 0), result + i * m * n);
  link_factors (call, a, b, m, k, n, starts);
}

/* With a number, the plain product; else the matrix product. */
void
function_dot (struct call *call)
{
  struct operand a = call_operand (call, 0), b = call_operand (call, 1);
  if (a.shape.rank > 2 || b.shape.rank > 2)
    call_error (call, "'dot' takes numbers, vectors and matrices, not an array of rank %d: use @",
                a.shape.rank > 2 ? a.shape.rank : b.shape.rank);
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
  struct layout dense = layout_dense (&other->shape), single = layout_single (&other->shape);
  struct linear map = map_scale (&dense, other->size, factor + 0.0);
  map.constant = !number->varies;
  if (other->varies)
    call_link (call, &other->value, map);
  if (!number->varies)
    return;
  /* A copy, because a coefficient of -0 would be FLAT. */
  struct array *slopes = call_vector (call, other->size);
  for (size_t i = 0; i < other->size; i++)
    slopes->elements[i] = other->elements[i] + 0.0;
  map = map_diagonal (slopes, &single, 1);
  map.constant = !other->varies;
  call_link (call, &number->value, map);
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
  link_factors (call, &a, &b, a.size, 1, b.size, NULL);
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
  struct layout single = layout_single (&x.shape);
  call_link (call, &x.value, map_reduce (diagonal, &single, 1));
}
