/* network.c -- softmax and its logarithm. */
#include "ops/few.h"
#include "ops/routine.h"

void
soften (const double *x, size_t length, size_t step, double *soft, double *logs)
{
  double largest = -INFINITY, others = 0;
  size_t first = 0;
  for (size_t i = 0; i < length; i++)
    if (x[i * step] > largest)
      {
        largest = x[i * step];
        first = i;
      }
  for (size_t i = 0; i < length; i++)
    {
      soft[i * step] = exp (x[i * step] - largest);
      others += i == first ? 0 : soft[i * step];
    }
  /* 1 for the largest, or NaN. */
  double one = length ? soft[first * step] : 1, shift = log1p (others) + (one - 1);
  for (size_t i = 0; i < length; i++)
    soft[i * step] /= one + others;
  for (size_t i = 0; logs && i < length; i++)
    logs[i * step] = x[i * step] - largest - shift;
}

static void
softmax (struct call *call, enum linear_kind kind)
{
  struct operand x = call_operand (call, 0);
  int last = x.shape.rank ? x.shape.rank - 1 : 0;
  struct axis axis = axis_of (&x.shape, call_given (call, 1) ? call_axis (call, 1, x.shape.rank) : last);
  double *result = call_result (call, TYPE_REAL, &x.shape);
  bool is_log = kind == LINEAR_LOG_SOFTMAX;
  /* The map's own copy of the softmax, unless the result is that already. */
  bool shared = call->result.kind == KIND_ARRAY && !is_log;
  struct array *soft = shared ? array_hold (call->result.array) : call_vector (call, x.size);
  for (size_t outer = 0; outer < axis.outer; outer++)
    for (size_t inner = 0; inner < axis.inner; inner++)
      {
        size_t start = outer * axis.length * axis.inner + inner;
        soften (x.elements + start, axis.length, axis.inner, soft->elements + start, is_log ? result + start : NULL);
      }
  if (!is_log && call->result.kind != KIND_ARRAY)
    *result = soft->elements[0];
  call_link (call, &x.value, map_axis (kind, soft, axis));
}

void
function_softmax (struct call *call)
{
  softmax (call, LINEAR_SOFTMAX);
}

void
function_log_softmax (struct call *call)
{
  softmax (call, LINEAR_LOG_SOFTMAX);
}
