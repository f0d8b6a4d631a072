/* maps.c -- shapes, layouts and linear maps that routines need ready made. */
#include "ops/routine.h"
#include "value/slices.h"

struct shape
shape_vector (size_t size)
{
  return (struct shape){ .rank = 1, .extent = { size } };
}

void
shape_insert (struct call *call, struct shape *shape, int axis, size_t extent)
{
  if (shape->rank == RANK_LIMIT)
    call_too_many_axes (call, RANK_LIMIT + 1);
  for (int i = shape->rank; i > axis; i--)
    shape->extent[i] = shape->extent[i - 1];
  shape->extent[axis] = extent;
  shape->rank++;
}

void
shape_remove (struct shape *shape, int axis)
{
  shape->rank--;
  for (int i = axis; i < shape->rank; i++)
    shape->extent[i] = shape->extent[i + 1];
  shape->extent[shape->rank] = 0;
}

struct axis
axis_of (const struct shape *shape, int axis)
{
  struct axis result = { 1, axis < shape->rank ? shape->extent[axis] : 1, 1 };
  for (int i = 0; i < shape->rank; i++)
    if (i < axis)
      result.outer *= shape->extent[i];
    else if (i > axis)
      result.inner *= shape->extent[i];
  return result;
}

void
layout_positions (const struct layout *layout, double *positions)
{
  size_t size = shape_size (&layout->shape);
  int rank = layout->shape.rank;
  size_t index[RANK_LIMIT] = { 0 };
  ptrdiff_t position = layout->offset;
  for (size_t i = 0; i < size; i++)
    {
      positions[i] = (double)position;
      for (int axis = rank - 1; axis >= 0; axis--)
        {
          position += layout->stride[axis];
          if (++index[axis] < layout->shape.extent[axis])
            break;
          position -= layout->stride[axis] * (ptrdiff_t)layout->shape.extent[axis];
          index[axis] = 0;
        }
    }
}

struct layout
layout_single (const struct shape *shape)
{
  return (struct layout){ .shape = *shape };
}

struct linear
map_scale (const struct layout *layout, size_t operand_size, double scale)
{
  return (struct linear){ .kind = LINEAR_SCALE,
                          .scale = scale,
                          .operand_size = operand_size,
                          .result_size = shape_size (&layout->shape),
                          .layout = *layout };
}

struct linear
map_diagonal (struct array *coefficients, const struct layout *layout, size_t operand_size)
{
  struct linear map = map_scale (layout, operand_size, 1);
  map.kind = LINEAR_DIAGONAL;
  map.coefficients = coefficients;
  return map;
}

struct linear
map_reduce (struct array *coefficients, const struct layout *layout, size_t result_size)
{
  return (struct linear){ .kind = LINEAR_REDUCE,
                          .scale = 1,
                          .operand_size = shape_size (&layout->shape),
                          .result_size = result_size,
                          .coefficients = coefficients,
                          .layout = *layout };
}

struct linear
map_gather (struct array *positions, size_t operand_size)
{
  return (struct linear){ .kind = LINEAR_GATHER,
                          .scale = 1,
                          .operand_size = operand_size,
                          .result_size = positions->size,
                          .positions = positions };
}

struct linear
map_scatter (struct array *positions, size_t result_size)
{
  return (struct linear){ .kind = LINEAR_SCATTER,
                          .scale = 1,
                          .operand_size = positions->size,
                          .result_size = result_size,
                          .positions = positions };
}

struct linear
map_axis (enum linear_kind kind, struct array *coefficients, struct axis axis)
{
  size_t size = axis.outer * axis.length * axis.inner;
  return (struct linear){ .kind = kind,
                          .scale = 1,
                          .operand_size = size,
                          .result_size = size,
                          .coefficients = coefficients,
                          .axis = { axis.outer, axis.length, axis.inner } };
}

void
call_take (struct call *call, const struct operand *operand, const struct layout *layout, const struct shape *shape)
{
  bool worth = !shape && operand->value.kind == KIND_ARRAY && shape_size (&layout->shape) >= SLICE_WORTH;
  struct array *source = operand->value.array, *kept = worth ? slices_find (call->arrays, source, layout) : NULL;
  if (kept)
    call->result = value_of_array (array_hold (kept));
  else
    {
      double *result = call_result (call, operand->type, shape ? shape : &layout->shape);
      if (layout->shape.rank == 0)
        result[0] = operand->elements[layout->offset];
      else
        layout_take (layout, operand->elements, result);
      if (worth)
        slices_keep (call->arrays, source, layout, call->result.array);
    }
  if (operand->varies)
    call_link (call, &operand->value, map_scale (layout, operand->size, 1));
}

void
call_gather (struct call *call, const struct operand *operand, struct array *positions, const struct shape *shape)
{
  double *result = call_result (call, operand->type, shape);
  const double *at = positions->elements;
  for (size_t i = 0; i < positions->size; i++)
    result[i] = operand->elements[(size_t)at[i]];
  call_link (call, &operand->value, map_gather (positions, operand->size));
}

void
call_take_item (struct call *call, struct tuple *tuple, uint32_t item, const struct operand *operand,
                const struct layout *layout)
{
  struct array *array = array_new (call->arrays, operand->type, &layout->shape);
  layout_take (layout, operand->elements, array->elements);
  tuple->items[item] = value_of_array (array);
  if (operand->varies)
    call_link_item (call, item, &operand->value, map_scale (layout, operand->size, 1));
}
