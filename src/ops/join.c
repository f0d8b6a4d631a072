/* join.c -- several arrays into one, and one into several. */
#include <stdio.h>

#include "ops/routine.h"

/* How the arguments are seen before they are joined: as they are, a number as a vector of one, or a vector also
   as one row. */
enum view
{
  VIEW_SAME,
  VIEW_VECTOR,
  VIEW_ROW
};

/* The arguments are number 0 and those from `rest` on. */
struct join
{
  struct call *call;
  int count, rest;
  enum view view;
};

static struct join
join_of (struct call *call, enum view view)
{
  return (struct join){ call, 1 + call->count - call->rest, call->rest, view };
}

static struct operand
join_operand (const struct join *join, int i)
{
  struct operand operand = call_operand (join->call, i == 0 ? 0 : join->rest + i - 1);
  if (join->view >= VIEW_VECTOR && operand.shape.rank == 0)
    operand.shape = shape_vector (1);
  if (join->view == VIEW_ROW && operand.shape.rank == 1)
    operand.shape = (struct shape){ .rank = 2, .extent = { 1, operand.shape.extent[0] } };
  return operand;
}

enum
{
  OPERAND_TEXT = SHAPE_TEXT + 2
};

/* "(2x3)", or "a number". */
static const char *
operand_text (char text[OPERAND_TEXT], const struct operand *operand)
{
  char extents[SHAPE_TEXT];
  if (!operand->shape.rank)
    return "a number";
  snprintf (text, OPERAND_TEXT, "(%s)", shape_text (extents, &operand->shape));
  return text;
}

/* Puts an operand into the result, and links it. */
static void
place (struct call *call, double *result, size_t result_size, const struct operand *operand,
       const struct layout *layout)
{
  if (layout->shape.rank == 0)
    result[layout->offset] = operand->elements[0];
  else
    layout_put (layout, operand->elements, result);
  if (operand->varies)
    call_link (call, &operand->value, map_reduce (NULL, layout, result_size));
}

/* Along a new axis; all have the same shape. `what` they are, for the message if not. */
static void
stack (const struct join *join, int axis, const char *what)
{
  struct call *call = join->call;
  struct operand first = join_operand (join, 0);
  enum type type = first.type;
  for (int i = 1; i < join->count; i++)
    {
      struct operand operand = join_operand (join, i);
      char text[OPERAND_TEXT], other[OPERAND_TEXT];
      if (!shape_equal (&operand.shape, &first.shape))
        call_error (call, "%s must have equal shapes, got %s and %s", what, operand_text (text, &first),
                    operand_text (other, &operand));
      type = type_joined (type, operand.type);
    }
  struct shape shape = first.shape;
  shape_insert (call, &shape, axis, (size_t)join->count);
  double *result = call_result (call, type, &shape);
  struct layout layout = layout_dense (&shape);
  ptrdiff_t stride = layout.stride[axis];
  layout.shape = first.shape;
  for (int i = axis; i < first.shape.rank; i++)
    layout.stride[i] = layout.stride[i + 1];
  size_t size = shape_size (&shape);
  for (int i = 0; i < join->count; i++, layout.offset += stride)
    {
      struct operand operand = join_operand (join, i);
      place (call, result, size, &operand, &layout);
    }
}

/* Along an axis that all have. */
static void
concatenate (const struct join *join, int axis)
{
  struct call *call = join->call;
  struct operand first = join_operand (join, 0);
  struct shape shape = first.shape;
  enum type type = first.type;
  for (int i = 1; i < join->count; i++)
    {
      struct operand operand = join_operand (join, i);
      struct shape fitting = operand.shape;
      char text[OPERAND_TEXT], other[OPERAND_TEXT];
      if (fitting.rank == shape.rank)
        fitting.extent[axis] = shape.extent[axis];
      if (!shape_equal (&fitting, &shape))
        call_error (call, "cannot join shapes %s and %s along axis %d", operand_text (text, &first),
                    operand_text (other, &operand), axis);
      shape.extent[axis] += operand.shape.extent[axis];
      type = type_joined (type, operand.type);
    }
  double *result = call_result (call, type, &shape);
  struct layout layout = layout_dense (&shape);
  size_t size = shape_size (&shape);
  for (int i = 0; i < join->count; i++)
    {
      struct operand operand = join_operand (join, i);
      layout.shape = operand.shape;
      place (call, result, size, &operand, &layout);
      layout.offset += layout.stride[axis] * (ptrdiff_t)operand.shape.extent[axis];
    }
}

void
function_literal (struct call *call)
{
  size_t count = (size_t)call->count;
  bool numbers = true;
  char text[VALUE_TEXT];
  for (int i = 0; i < call->count; i++)
    {
      const struct value *element = &call->arguments[i];
      if (!value_is_number (element) && element->kind != KIND_ARRAY)
        call_error (call, "%s cannot be an element of an array", value_describe (text, element));
      numbers &= value_is_number (element);
    }
  struct join join = { call, call->count, 1, VIEW_SAME };
  if (!numbers)
    {
      stack (&join, 0, "elements of an array");
      return;
    }
  enum type type = count ? value_type (&call->arguments[0]) : TYPE_REAL;
  for (size_t i = 1; i < count; i++)
    type = type_joined (type, value_type (&call->arguments[i]));
  struct shape shape = shape_vector (count);
  double *result = call_result (call, type, &shape);
  struct layout layout = { .offset = 0 };
  for (size_t i = 0; i < count; i++)
    {
      result[i] = call->arguments[i].number;
      layout.offset = (ptrdiff_t)i;
      if (call->arguments[i].node)
        call_link (call, &call->arguments[i], map_reduce (NULL, &layout, count));
    }
}

void
function_concat (struct call *call)
{
  struct join join = join_of (call, VIEW_VECTOR);
  int rank = join_operand (&join, 0).shape.rank;
  concatenate (&join, call_given (call, 1) ? call_axis (call, 1, rank) : 0);
}

void
function_stack (struct call *call)
{
  struct join join = join_of (call, VIEW_SAME);
  int rank = join_operand (&join, 0).shape.rank;
  stack (&join, call_given (call, 1) ? call_axis (call, 1, rank + 1) : 0, "arrays to be stacked");
}

void
function_vstack (struct call *call)
{
  struct join join = join_of (call, VIEW_ROW);
  concatenate (&join, 0);
}

void
function_hstack (struct call *call)
{
  struct join join = join_of (call, VIEW_VECTOR);
  concatenate (&join, join_operand (&join, 0).shape.rank > 1);
}

/* How many more elements stand before and after along each axis: one number, two for every axis, or two for each. */
static void
read_widths (struct call *call, int rank, double widths[RANK_LIMIT][2])
{
  struct operand n = call_operand (call, 1);
  bool each = n.shape.rank == 2 && n.shape.extent[0] == (size_t)rank && n.shape.extent[1] == 2;
  if (n.shape.rank != 0 && !(n.shape.rank == 1 && n.size == 2) && !each)
    call_error (call, "'pad': n must be one number, two, or two for each of the %d axes", rank);
  for (int axis = 0; axis < rank; axis++)
    for (int side = 0; side < 2; side++)
      {
        struct value width = value_number (KIND_REAL, n.elements[each ? axis * 2 + side : n.shape.rank ? side : 0]);
        if (!value_is_whole (&width) || width.number < 0)
          call_error (call, "'pad': n must be whole and not negative");
        widths[axis][side] = width.number;
      }
}

void
function_pad (struct call *call)
{
  struct operand x = call_operand (call, 0);
  double widths[RANK_LIMIT][2], value = call_given (call, 2) ? call_number (call, 2, "value") : 0;
  read_widths (call, x.shape.rank, widths);
  struct shape shape = x.shape;
  for (int axis = 0; axis < shape.rank; axis++)
    shape.extent[axis] = call_extent (call, (double)shape.extent[axis] + widths[axis][0] + widths[axis][1]);
  enum type type = call_given (call, 2) ? type_joined (x.type, value_type (&call->arguments[2])) : x.type;
  double *result = call_result (call, type, &shape);
  size_t size = shape_size (&shape);
  struct layout layout = layout_dense (&shape);
  layout.shape = x.shape;
  for (int axis = 0; axis < shape.rank; axis++)
    layout.offset += layout.stride[axis] * (ptrdiff_t)widths[axis][0];
  for (size_t i = 0; i < size; i++)
    result[i] = value;
  place (call, result, size, &x, &layout);
  if (!call_given (call, 2) || !call->arguments[2].node)
    return;
  struct array *around = call_vector (call, size), *inside = call_vector (call, x.size);
  struct layout single = layout_single (&shape);
  for (size_t i = 0; i < size; i++)
    around->elements[i] = 1;
  for (size_t i = 0; i < x.size; i++)
    inside->elements[i] = FLAT;
  layout_put (&layout, inside->elements, around->elements);
  array_drop (call->arrays, inside);
  call_link (call, &call->arguments[2], map_diagonal (around, &single, 1));
}

void
function_split (struct call *call)
{
  struct operand x = call_operand (call, 0);
  ptrdiff_t count = call_whole (call, 1, "n");
  if (x.shape.rank == 0)
    call_error (call, "'split' takes an array, not a number");
  int axis = call_given (call, 2) ? call_axis (call, 2, x.shape.rank) : 0;
  size_t extent = x.shape.extent[axis];
  if (count < 1 || extent % (size_t)count != 0)
    call_error (call, "cannot split %zu elements along axis %d into %td equal pieces", extent, axis, count);
  if (count > UINT32_MAX / 2)
    call_error (call, "'split' into %td pieces is too much", count);
  struct tuple *tuple = call_result_tuple (call, (uint32_t)count);
  struct layout layout = layout_dense (&x.shape);
  layout.shape.extent[axis] = extent / (size_t)count;
  for (uint32_t item = 0; item < tuple->count; item++)
    {
      call_take_item (call, tuple, item, &x, &layout);
      layout.offset += layout.stride[axis] * (ptrdiff_t)layout.shape.extent[axis];
    }
}

/* Rows for y, columns for x. */
void
function_meshgrid (struct call *call)
{
  struct operand x = call_operand (call, 0), y = call_operand (call, 1);
  if (x.shape.rank > 1 || y.shape.rank > 1)
    call_error (call, "'meshgrid' takes vectors, not an array of rank %d",
                x.shape.rank > 1 ? x.shape.rank : y.shape.rank);
  struct tuple *tuple = call_result_tuple (call, 2);
  struct layout layout = { .shape = { .rank = 2, .extent = { y.size, x.size } }, .stride = { 0, 1 } };
  call_take_item (call, tuple, 0, &x, &layout);
  layout.stride[0] = 1;
  layout.stride[1] = 0;
  call_take_item (call, tuple, 1, &y, &layout);
}
