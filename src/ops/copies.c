/* copies.c -- elements several times, diagonals and triangles. */
#include "ops/routine.h"

/* Each axis becomes two, the copies and the axis itself; those of extent 1 are left out. */
void
function_tile (struct call *call)
{
  struct operand x = call_operand (call, 0);
  double times[RANK_LIMIT];
  if (call->rest >= call->count)
    call_error (call, "'tile' needs numbers of copies");
  int count = call_wholes (call, call->rest, call->count, "the copies", times);
  int rank = count > x.shape.rank ? count : x.shape.rank, axes = 0;
  struct shape shape = { .rank = rank };
  struct layout dense = layout_dense (&x.shape), layout = { .offset = 0 };
  for (int i = 0; i < rank; i++)
    {
      int own = i - (rank - x.shape.rank), given = i - (rank - count);
      size_t extent = own < 0 ? 1 : x.shape.extent[own];
      double copies = given < 0 ? 1 : times[given];
      if (copies < 0)
        call_error (call, "'tile': the number of copies cannot be negative");
      shape.extent[i] = call_extent (call, (double)extent * copies);
      for (int pass = 0; pass < 2; pass++)
        {
          size_t part = pass ? extent : (size_t)copies;
          if (part == 1)
            continue;
          if (axes == RANK_LIMIT)
            call_error (call, "'tile' works on at most %d axes at once", RANK_LIMIT / 2);
          layout.shape.extent[axes] = part;
          layout.stride[axes++] = pass ? dense.stride[own] : 0;
        }
    }
  layout.shape.rank = axes;
  call_take (call, &x, &layout, &shape);
}

/* Each its own number of times, given by a vector. */
static void
repeat_each (struct call *call, const struct operand *x, struct shape *shape, int at, const struct operand *times)
{
  struct axis axis = axis_of (shape, at);
  double length = 0;
  if (times->shape.rank != 1 || times->size != axis.length)
    call_error (call, "'repeat': %zu numbers are given for %zu elements", times->size, axis.length);
  for (size_t k = 0; k < times->size; k++)
    {
      struct value number = value_number (KIND_REAL, times->elements[k]);
      if (!value_is_whole (&number) || number.number < 0)
        call_error (call, "'repeat': n must be whole numbers that are not negative");
      length += number.number;
    }
  shape->extent[at] = call_extent (call, length);
  struct array *positions = call_vector (call, shape_size (shape));
  double *position = positions->elements;
  for (size_t outer = 0; outer < axis.outer; outer++)
    for (size_t k = 0; k < axis.length; k++)
      for (size_t copy = 0; copy < (size_t)times->elements[k]; copy++)
        for (size_t inner = 0; inner < axis.inner; inner++)
          *position++ = (double)((outer * axis.length + k) * axis.inner + inner);
  call_gather (call, x, positions, shape);
}

void
function_repeat (struct call *call)
{
  struct operand x = call_operand (call, 0);
  bool along = call_given (call, 2) && call->arguments[2].kind != KIND_NONE;
  struct shape shape = along ? x.shape : shape_vector (x.size);
  int at = along ? call_axis (call, 2, x.shape.rank) : 0;
  if (call->arguments[1].kind == KIND_ARRAY)
    {
      struct operand times = call_operand (call, 1);
      repeat_each (call, &x, &shape, at, &times);
      return;
    }
  ptrdiff_t times = call_whole (call, 1, "n");
  if (times < 0)
    call_error (call, "'repeat': n cannot be negative, got %td", times);
  struct axis axis = axis_of (&shape, at);
  struct layout layout = { .shape = { .rank = 4, .extent = { axis.outer, axis.length, (size_t)times, axis.inner } },
                           .stride = { (ptrdiff_t)(axis.length * axis.inner), (ptrdiff_t)axis.inner, 0, 1 } };
  shape.extent[at] = call_extent (call, (double)shape.extent[at] * (double)times);
  call_take (call, &x, &layout, &shape);
}

void
function_diag (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct layout layout = { .shape.rank = 1 };
  if (x.shape.rank == 2)
    {
      size_t rows = x.shape.extent[0], columns = x.shape.extent[1];
      layout.shape.extent[0] = rows < columns ? rows : columns;
      layout.stride[0] = (ptrdiff_t)columns + 1;
      call_take (call, &x, &layout, NULL);
      return;
    }
  if (x.shape.rank != 1)
    call_error (call, "'diag' takes a vector or a matrix, not an array of rank %d", x.shape.rank);
  struct shape shape = { .rank = 2, .extent = { x.size, x.size } };
  double *result = call_result (call, x.type, &shape);
  memset (result, 0, x.size * x.size * sizeof (double));
  layout.shape = x.shape;
  layout.stride[0] = (ptrdiff_t)x.size + 1;
  layout_put (&layout, x.elements, result);
  call_link (call, &x.value, map_reduce (NULL, &layout, x.size * x.size));
}

/* Keeps what is on the k-th diagonal and on one side of it, of the last two axes. */
static void
triangle (struct call *call, bool lower)
{
  struct operand x = call_operand (call, 0);
  if (x.shape.rank < 2)
    call_error (call, "'%s' takes a matrix, not %s", call->name, x.shape.rank ? "a vector" : "a number");
  ptrdiff_t k = call_given (call, 1) ? call_whole (call, 1, "k") : 0;
  size_t rows = x.shape.extent[x.shape.rank - 2], columns = x.shape.extent[x.shape.rank - 1];
  double *result = call_result (call, x.type, &x.shape);
  struct array *kept = x.varies ? call_vector (call, x.size) : NULL;
  for (size_t i = 0; i < x.size; i++)
    {
      ptrdiff_t row = (ptrdiff_t)(i / columns % rows), column = (ptrdiff_t)(i % columns);
      bool inside = lower ? column - row <= k : column - row >= k;
      result[i] = inside ? x.elements[i] : 0;
      if (kept)
        kept->elements[i] = inside ? 1 : FLAT;
    }
  struct layout dense = layout_dense (&x.shape);
  if (kept)
    call_link (call, &x.value, map_diagonal (kept, &dense, x.size));
}

void
function_tril (struct call *call)
{
  triangle (call, true);
}

void
function_triu (struct call *call)
{
  triangle (call, false);
}
