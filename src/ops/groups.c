/* groups.c -- the elements of an array in groups, each of which a reduction makes one number of. */
#include "ops/groups.h"

struct groups
groups_of (struct call *call, int axis, int keepdims)
{
  struct groups groups = { .operand = call_operand (call, 0), .count = 1, .length = 1 };
  const struct shape *shape = &groups.operand.shape;
  bool reduced[RANK_LIMIT];
  call_axes (call, axis, shape->rank, reduced);
  bool keep = call_flag (call, keepdims, "keepdims", false);
  struct layout dense = layout_dense (shape);
  groups.order.shape.rank = shape->rank;
  int place = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < shape->rank; i++)
      if (reduced[i] == (pass == 1))
        {
          groups.order.shape.extent[place] = shape->extent[i];
          groups.order.stride[place++] = dense.stride[i];
          *(pass ? &groups.length : &groups.count) *= shape->extent[i];
        }
  groups.in_order = layout_is_dense (&groups.order);
  groups.into.shape = *shape;
  ptrdiff_t stride = 1;
  for (int i = shape->rank - 1; i >= 0; i--)
    {
      groups.into.stride[i] = reduced[i] ? 0 : stride;
      if (!reduced[i])
        stride *= (ptrdiff_t)shape->extent[i];
    }
  for (int i = 0; i < shape->rank; i++)
    if (!reduced[i] || keep)
      groups.result.extent[groups.result.rank++] = reduced[i] ? 1 : shape->extent[i];
  return groups;
}

void
groups_reduce (struct call *call, const struct groups *groups, enum type type, group_function *function,
               double parameter)
{
  const struct operand *operand = &groups->operand;
  const double *elements = operand->elements;
  struct array *copy = NULL, *slopes = NULL, *scratch = NULL;
  if (!groups->in_order)
    {
      copy = call_vector (call, operand->size);
      layout_take (&groups->order, elements, copy->elements);
      elements = copy->elements;
    }
  if (operand->varies)
    slopes = call_vector (call, operand->size);
  if (groups->needs_scratch)
    scratch = call_vector (call, groups->length);
  double *result = call_result (call, type, &groups->result);
  for (size_t i = 0; i < groups->count; i++)
    {
      size_t start = i * groups->length;
      struct group group = { .elements = elements + start,
                             .length = groups->length,
                             .parameter = parameter,
                             .slopes = slopes ? slopes->elements + start : NULL,
                             .scratch = scratch ? scratch->elements : NULL,
                             .kinks = &call->kinks };
      result[i] = function (&group);
    }
  if (slopes && !groups->in_order)
    {
      struct array *sorted = slopes;
      slopes = call_vector (call, operand->size);
      layout_put (&groups->order, sorted->elements, slopes->elements);
      array_drop (call->arrays, sorted);
    }
  array_drop (call->arrays, copy);
  array_drop (call->arrays, scratch);
  if (slopes)
    call_link (call, &operand->value, map_reduce (slopes, &groups->into, groups->count));
}

void
groups_need_elements (struct call *call, const struct groups *groups)
{
  if (groups->length == 0 && groups->count > 0)
    call_error (call, "'%s' of no elements", call->name);
}
