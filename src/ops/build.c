/* build.c -- arrays made of sizes and numbers, and the sizes of arrays. */
#include "base/number.h"
#include "ops/routine.h"

static void
fill (struct call *call, enum type type, const struct shape *shape, double number)
{
  double *result = call_result (call, type, shape);
  size_t size = shape_size (shape);
  for (size_t i = 0; i < size; i++)
    result[i] = number;
}

void
function_zeros (struct call *call)
{
  struct shape shape = call_shape (call, call->rest);
  fill (call, TYPE_REAL, &shape, 0);
}

void
function_ones (struct call *call)
{
  struct shape shape = call_shape (call, call->rest);
  fill (call, TYPE_REAL, &shape, 1);
}

void
function_zeros_like (struct call *call)
{
  struct operand x = call_operand (call, 0);
  fill (call, x.type, &x.shape, 0);
}

void
function_ones_like (struct call *call)
{
  struct operand x = call_operand (call, 0);
  fill (call, x.type, &x.shape, 1);
}

void
function_full (struct call *call)
{
  if (call->count - call->rest < 2)
    call_error (call, "'full' needs a shape and a value");
  struct shape shape = call_shape_between (call, call->rest, call->count - 1), both;
  struct operand value = call_operand (call, call->count - 1);
  char text[SHAPE_TEXT], other[SHAPE_TEXT];
  if (!shape_broadcast (&both, &value.shape, &shape) || !shape_equal (&both, &shape))
    call_error (call, "cannot spread %s to %s", shape_text (text, &value.shape),
                shape.rank ? shape_text (other, &shape) : "one number");
  struct layout layout = layout_broadcast (&value.shape, &shape);
  call_take (call, &value, &layout, NULL);
}

void
function_eye (struct call *call)
{
  ptrdiff_t rows = call_whole (call, 0, "n"), columns = call_given (call, 1) ? call_whole (call, 1, "m") : rows;
  call_need_size (call, (double)rows);
  call_need_size (call, (double)columns);
  struct shape shape = { .rank = 2, .extent = { (size_t)rows, (size_t)columns } };
  fill (call, TYPE_REAL, &shape, 0);
  for (ptrdiff_t i = 0; i < rows && i < columns; i++)
    call->result.array->elements[i * columns + i] = 1;
}

/* The slope in the one end falls from 1 to 0, that in the other rises. */
/* start + i step, in pieces of a fixed length with short counters, which go over several elements at once. */
static void
fill_line (double *to, size_t count, double start, double step)
{
  enum
  {
    PIECE = 256
  };
  size_t i = 0;
  for (; i + PIECE <= count; i += PIECE)
    for (int k = 0; k < PIECE; k++)
      to[i + (size_t)k] = start + ((double)(ptrdiff_t)i + k) * step;
  for (; i < count; i++)
    to[i] = start + (double)(ptrdiff_t)i * step;
}

void
function_linspace (struct call *call)
{
  double start = call_number (call, 0, "start"), stop = call_number (call, 1, "stop");
  ptrdiff_t count = call_given (call, 2) ? call_whole (call, 2, "n") : 50;
  if (count < 0)
    call_error (call, "'linspace': n cannot be negative, got %td", count);
  struct shape shape = shape_vector (call_extent (call, (double)count));
  double *result = call_result (call, TYPE_REAL, &shape), last = (double)(count > 1 ? count - 1 : 1);
  fill_line (result, (size_t)count, start, (stop - start) / last);
  if (count > 1)
    result[count - 1] = stop;
  struct layout single = layout_single (&shape);
  for (int argument = 0; argument < 2; argument++)
    if (call->arguments[argument].node)
      {
        struct array *slopes = call_vector (call, shape.extent[0]);
        for (ptrdiff_t i = 0; i < count; i++)
          slopes->elements[i] = argument ? (double)i / last : (last - (double)i) / last;
        call_link (call, &call->arguments[argument], map_diagonal (slopes, &single, 1));
      }
}

/* start, start + step, ... to before stop; start is 0 when only stop is given. Where it ends is a jump in stop. */
static void
count_up (struct call *call, bool whole)
{
  static const char *const names[] = { "start", "stop", "step" };
  int start_at = call_given (call, 1) ? 0 : -1, stop_at = start_at + 1, step_at = call_given (call, 2) ? 2 : -1;
  int places[] = { start_at, stop_at, step_at };
  double numbers[] = { 0, 0, 1 };
  enum type type = TYPE_INTEGER;
  for (int i = 0; i < 3; i++)
    if (places[i] >= 0)
      {
        const struct value *value = &call->arguments[places[i]];
        numbers[i] = whole ? (double)call_whole (call, places[i], names[i]) : call_number (call, places[i], names[i]);
        if (!whole && value->kind == KIND_REAL)
          type = TYPE_REAL;
      }
  double start = numbers[0], step = numbers[2], length = ceil ((numbers[1] - start) / step);
  if (step == 0)
    call_error (call, "'%s': step cannot be 0", call->name);
  if (isnan (length))
    call_error (call, "'%s': start, stop and step must be numbers", call->name);
  size_t count = call_extent (call, length > 0 ? length : 0);
  struct shape shape = shape_vector (count);
  double *result = call_result (call, type, &shape);
  for (size_t i = 0; i < count; i++)
    result[i] = start + (double)i * step;
  if (whole)
    return;
  struct layout single = layout_single (&shape);
  if (start_at >= 0)
    call_link (call, &call->arguments[start_at], map_scale (&single, 1, 1));
  call_link (call, &call->arguments[stop_at], map_scale (&single, 1, FLAT));
  if (step_at < 0 || !call->arguments[step_at].node)
    return;
  struct array *slopes = call_vector (call, count);
  for (size_t i = 0; i < count; i++)
    slopes->elements[i] = (double)i;
  call_link (call, &call->arguments[step_at], map_diagonal (slopes, &single, 1));
}

void
function_arange (struct call *call)
{
  count_up (call, false);
}

void
function_range (struct call *call)
{
  count_up (call, true);
}

void
function_one_hot (struct call *call)
{
  struct operand index = call_operand (call, 0);
  ptrdiff_t count = call_whole (call, 1, "n");
  if (count < 0)
    call_error (call, "'one_hot': n cannot be negative, got %td", count);
  struct shape shape = index.shape;
  shape_insert (call, &shape, shape.rank, call_extent (call, (double)count));
  fill (call, TYPE_REAL, &shape, 0);
  for (size_t i = 0; i < index.size; i++)
    {
      double k = index.elements[i];
      char text[NUMBER_SIZE];
      number_print (text, k, 0);
      if (k != rint (k))
        call_error (call, "index %s is not a whole number", text);
      if (!(k >= 0 && k < (double)count))
        call_error (call, "index %s is out of range: there are %td classes", text, count);
      call->result.array->elements[i * (size_t)count + (size_t)k] = 1;
    }
}

void
function_shape (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct shape shape = shape_vector ((size_t)x.shape.rank);
  double *result = call_result (call, TYPE_INTEGER, &shape);
  for (int i = 0; i < x.shape.rank; i++)
    result[i] = (double)x.shape.extent[i];
}

void
function_len (struct call *call)
{
  struct operand x = call_operand (call, 0);
  if (x.shape.rank == 0)
    call_error (call, "'len' takes an array, not a number");
  call_result_number (call, TYPE_INTEGER, (double)x.shape.extent[0]);
}

void
function_size (struct call *call)
{
  struct operand x = call_operand (call, 0);
  call_result_number (call, TYPE_INTEGER, (double)x.size);
}

void
function_rank (struct call *call)
{
  struct operand x = call_operand (call, 0);
  call_result_number (call, TYPE_INTEGER, x.shape.rank);
}
