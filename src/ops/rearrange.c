/* rearrange.c -- the same elements elsewhere, in another shape, or several times. */
#include <stdlib.h>

#include "ops/routine.h"

/* The same elements in the same order. */
static void
reshaped (struct call *call, const struct operand *x, const struct shape *shape)
{
  struct layout dense = layout_dense (&x->shape);
  call_take (call, x, &dense, shape);
}

/* The argument itself, held once more. */
static void
same (struct call *call)
{
  call->result = call->arguments[0];
  call->result.node = 0;
  if (call->result.kind == KIND_ARRAY)
    array_hold (call->result.array);
}

void
function_stop_gradient (struct call *call)
{
  call_need_array (call, 0);
  same (call);
}

void
function_reshape (struct call *call)
{
  struct operand x = call_operand (call, 0);
  double extents[RANK_LIMIT];
  if (call->rest >= call->count)
    call_error (call, "'reshape' needs a shape");
  struct shape shape = { .rank = call_wholes (call, call->rest, call->count, "the shape", extents) };
  int open = -1;
  double known = 1;
  for (int i = 0; i < shape.rank; i++)
    {
      if (extents[i] < 0 && (extents[i] != -1 || open >= 0))
        call_error (call, "'reshape': a size cannot be negative, but for a single -1");
      if (extents[i] < 0)
        open = i;
      else
        known *= extents[i];
    }
  if (open >= 0)
    extents[open] = known > 0 ? floor ((double)x.size / known) : 0;
  double size = open >= 0 ? known * extents[open] : known;
  for (int i = 0; i < shape.rank; i++)
    shape.extent[i] = (size_t)extents[i];
  char text[SHAPE_TEXT];
  if (open >= 0 && (size != (double)x.size || known == 0))
    call_error (call, "cannot reshape %zu elements to %d axes, the others of which have %.0f", x.size, shape.rank,
                known);
  if (size != (double)x.size)
    call_error (call, "cannot reshape %zu element%s to %s", x.size, x.size == 1 ? "" : "s",
                shape.rank ? shape_text (text, &shape) : "one number");
  reshaped (call, &x, &shape);
}

void
function_flatten (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct shape shape = shape_vector (x.size);
  reshaped (call, &x, &shape);
}

void
function_squeeze (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct shape shape = x.shape;
  char text[SHAPE_TEXT];
  bool named[RANK_LIMIT], all = call_axes (call, 1, shape.rank, named);
  for (int axis = shape.rank - 1; axis >= 0; axis--)
    if (named[axis] && shape.extent[axis] == 1)
      shape_remove (&shape, axis);
    else if (named[axis] && !all)
      call_error (call, "'squeeze': axis %d of %s has extent %zu, not 1", axis, shape_text (text, &x.shape),
                  x.shape.extent[axis]);
  reshaped (call, &x, &shape);
}

void
function_expand_dims (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct shape shape = x.shape;
  shape_insert (call, &shape, call_axis (call, 1, shape.rank + 1), 1);
  reshaped (call, &x, &shape);
}

void
function_transpose (struct call *call)
{
  if (call->arguments[0].kind == KIND_FUNCTION)
    call_error (call, "a function has no transpose; the derivative of f is grad(f)");
  struct operand x = call_operand (call, 0);
  int rank = x.shape.rank, count = rank;
  double axes[RANK_LIMIT];
  if (call->rest < call->count)
    count = call_wholes (call, call->rest, call->count, "the axes", axes);
  else
    for (int i = 0; i < rank; i++)
      axes[i] = rank - 1 - i;
  if (count != rank)
    call_error (call, "'transpose': %d axes are given for rank %d", count, rank);
  struct layout dense = layout_dense (&x.shape), layout = { .shape.rank = rank };
  bool used[RANK_LIMIT] = { false };
  for (int i = 0; i < rank; i++)
    {
      int axis = call_axis_number (call, axes[i], rank);
      if (used[axis])
        call_error (call, "'transpose': axis %d is named twice", axis);
      used[axis] = true;
      layout.shape.extent[i] = x.shape.extent[axis];
      layout.stride[i] = dense.stride[axis];
    }
  call_take (call, &x, &layout, NULL);
}

void
function_broadcast_to (struct call *call)
{
  struct operand x = call_operand (call, 0);
  struct shape to = call_shape (call, call->rest), both;
  char from[SHAPE_TEXT], text[SHAPE_TEXT];
  if (!shape_broadcast (&both, &x.shape, &to) || !shape_equal (&both, &to))
    call_error (call, "cannot spread %s to %s", x.shape.rank ? shape_text (from, &x.shape) : "a number",
                to.rank ? shape_text (text, &to) : "one number");
  struct layout layout = layout_broadcast (&x.shape, &to);
  call_take (call, &x, &layout, NULL);
}

void
function_flip (struct call *call)
{
  struct operand x = call_operand (call, 0);
  bool all = !call_given (call, 1) || call->arguments[1].kind == KIND_NONE;
  int only = all ? -1 : call_axis (call, 1, x.shape.rank);
  struct layout layout = layout_dense (&x.shape);
  for (int axis = 0; axis < x.shape.rank; axis++)
    if ((all || axis == only) && x.shape.extent[axis] > 0)
      {
        layout.offset += layout.stride[axis] * (ptrdiff_t)(x.shape.extent[axis] - 1);
        layout.stride[axis] = -layout.stride[axis];
      }
  call_take (call, &x, &layout, NULL);
}

/* Without an axis, the elements in order are one line. */
void
function_roll (struct call *call)
{
  struct operand x = call_operand (call, 0);
  ptrdiff_t by = call_whole (call, 1, "n");
  struct shape line = shape_vector (x.size);
  bool along = call_given (call, 2) && call->arguments[2].kind != KIND_NONE;
  struct axis axis = along ? axis_of (&x.shape, call_axis (call, 2, x.shape.rank)) : axis_of (&line, 0);
  struct array *positions = call_vector (call, x.size);
  double *at = positions->elements;
  size_t length = axis.length;
  if (x.size)
    {
      ptrdiff_t rest = by % (ptrdiff_t)length;
      size_t shift = (size_t)(rest < 0 ? rest + (ptrdiff_t)length : rest);
      for (size_t outer = 0; outer < axis.outer; outer++)
        for (size_t k = 0; k < length; k++)
          for (size_t inner = 0, from = (k + length - shift) % length; inner < axis.inner; inner++)
            *at++ = (double)((outer * length + from) * axis.inner + inner);
    }
  call_gather (call, &x, positions, &x.shape);
}

struct placed
{
  double number, position;
};

/* Rising, NaN last; equal ones keep their order. */
static int
compare_placed (const void *first, const void *second)
{
  const struct placed *a = first, *b = second;
  if (a->number < b->number || (isnan (b->number) && !isnan (a->number)))
    return -1;
  if (a->number > b->number || (isnan (a->number) && !isnan (b->number)))
    return 1;
  return (a->position > b->position) - (a->position < b->position);
}

void
function_sort (struct call *call)
{
  struct operand x = call_operand (call, 0);
  if (x.shape.rank == 0)
    call_error (call, "'sort' takes an array, not a number");
  bool flat = call_given (call, 1) && call->arguments[1].kind == KIND_NONE;
  struct shape shape = flat ? shape_vector (x.size) : x.shape;
  struct axis axis = axis_of (&shape, call_given (call, 1) && !flat ? call_axis (call, 1, shape.rank) : shape.rank - 1);
  struct array *positions = call_vector (call, x.size), *room = call_vector (call, 2 * axis.length);
  struct placed *line = (struct placed *)room->elements;
  for (size_t outer = 0; outer < axis.outer && x.size; outer++)
    for (size_t inner = 0; inner < axis.inner; inner++)
      {
        size_t start = outer * axis.length * axis.inner + inner;
        for (size_t k = 0; k < axis.length; k++)
          line[k] = (struct placed){ x.elements[start + k * axis.inner], (double)(start + k * axis.inner) };
        qsort (line, axis.length, sizeof *line, compare_placed);
        /* Which of the tied comes first is decided by where they stand. */
        for (size_t k = 1; k < axis.length && call->arguments[0].node; k++)
          call->kinks += line[k - 1].number == line[k].number;
        for (size_t k = 0; k < axis.length; k++)
          positions->elements[start + k * axis.inner] = line[k].position;
      }
  array_drop (call->arrays, room);
  call_gather (call, &x, positions, &shape);
}
