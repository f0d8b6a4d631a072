/* cumulative.c -- sums and products so far. */
#include "ops/routine.h"

static void
scan (struct call *call, enum linear_kind kind)
{
  struct operand x = call_operand (call, 0);
  bool along = call_given (call, 1) && call->arguments[1].kind != KIND_NONE;
  struct shape shape = along ? x.shape : shape_vector (x.size);
  struct axis axis = axis_of (&shape, along ? call_axis (call, 1, x.shape.rank) : 0);
  double *result = call_result (call, x.type == TYPE_REAL ? TYPE_REAL : TYPE_INTEGER, &shape);
  size_t inner = axis.inner;
  for (size_t outer = 0; outer < axis.outer && x.size; outer++)
    {
      size_t start = outer * axis.length * inner;
      memcpy (result + start, x.elements + start, inner * sizeof (double));
      for (size_t i = start + inner; i < start + axis.length * inner; i++)
        result[i] = kind == LINEAR_CUMSUM ? result[i - inner] + x.elements[i] : result[i - inner] * x.elements[i];
    }
  if (x.varies)
    call_link (call, &x.value, map_axis (kind, kind == LINEAR_CUMPROD ? operand_array (call, &x) : NULL, axis));
}

void
function_cumsum (struct call *call)
{
  scan (call, LINEAR_CUMSUM);
}

void
function_cumprod (struct call *call)
{
  scan (call, LINEAR_CUMPROD);
}
