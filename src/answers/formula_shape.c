/* formula_shape.c -- what the call of a function comes to, as far as the shapes of its arguments tell. */
#include "answers/formula.h"

#include <limits.h>

bool
formula_product (const struct shape *a, const struct shape *b, struct shape *result)
{
  *result = (struct shape){ 0 };
  if (!a->rank || !b->rank || a->rank > 2 || b->rank > 2 || a->extent[a->rank - 1] != b->extent[0])
    return false;
  if (a->rank == 2)
    result->extent[result->rank++] = a->extent[0];
  if (b->rank == 2)
    result->extent[result->rank++] = b->extent[1];
  return true;
}

/* One that goes along an axis, or over everything. */
static bool
reduced (const struct frame *frame, struct shape *shape)
{
  const struct shape *from = &frame->arguments[0].shape;
  long axis = frame->axis < 0 && frame->axis != LONG_MIN ? frame->axis + from->rank : frame->axis;
  *shape = (struct shape){ 0 };
  if (frame->axis == LONG_MIN)
    return frame->count == 1 && !frame->keeps;
  if (axis < 0 || axis >= from->rank)
    return false;
  for (int i = 0; i < from->rank; i++)
    if (i != axis || frame->keeps)
      shape->extent[shape->rank++] = i == axis ? 1 : from->extent[i];
  return true;
}

/* Functions with structure, each by what it does to shapes; false where that is not told. */
static bool
structured (const struct frame *frame, struct shape *shape)
{
  const struct shape *a = &frame->arguments[0].shape, *b = &frame->arguments[1].shape;
  *shape = *a;
  switch (frame->op)
    {
    case OP_matmul:
    case OP_dot:
      return frame->count == 2 && formula_product (a, b, shape);
    case OP_outer:
      *shape = (struct shape){ .rank = 2, .extent = { shape_size (a), shape_size (b) } };
      return frame->count == 2;
    case OP_solve:
      *shape = *b;
      return frame->count == 2;
    case OP_transpose:
      for (int axis = 0; axis < a->rank; axis++)
        shape->extent[axis] = a->extent[a->rank - 1 - axis];
      return frame->count == 1;
    case OP_diag:
      shape->rank = 3 - a->rank;
      shape->extent[1] = a->extent[0];
      return a->rank == 1 || shape_is_square (a);
    case OP_det:
    case OP_trace:
    case OP_logdet:
    case OP_norm:
    case OP_quad_form:
      *shape = (struct shape){ 0 };
      return true;
    case OP_inv:
    case OP_cholesky:
    case OP_softmax:
    case OP_log_softmax:
    case OP_cumsum:
    case OP_cumprod:
    case OP_flip:
    case OP_sort:
    case OP_zeros_like:
    case OP_ones_like:
    case OP_tril:
    case OP_triu:
      return true;
    default:
      return false;
    }
}

void
formula_call_shape (const struct frame *frame, struct piece *piece)
{
  bool reduces = frame->op < OPS && op_group (frame->op) == GROUP_reductions;
  bool elementwise = frame->infix || (frame->op < OPS && op_info[frame->op].arity);
  piece->shaped = false;
  if (!frame->count || frame->count > 2 + (elementwise ? 1 : 0) || !frame->arguments[0].shaped
      || (frame->count > 1 && !frame->arguments[1].shaped))
    return;
  if (elementwise)
    {
      piece->shaped = !frame->blocked;
      piece->shape = frame->joined;
    }
  else
    piece->shaped = structured (frame, &piece->shape) || (reduces && reduced (frame, &piece->shape));
}
