/* linear_axis.c -- maps along an axis: softmax, cumulative sums and products. */
#include "value/linear_axis.h"

#include "base/heap.h"

/* A line of elements along an axis: the first element's position, and how far the next is. */
#define FOR_LINES(linear, base, step)                                                                                  \
  for (size_t outer_ = 0, step = (linear)->axis.inner; outer_ < (linear)->axis.outer; outer_++)                        \
    for (size_t base = outer_ * (linear)->axis.length * step, end_ = base + step; base < end_; base++)

/* softmax: J = diag(s) - s s', its own transpose; log_softmax: J = 1 - 1 s'. */
void
softmax_reverse (const struct linear *linear, const double *y, double *X)
{
  const double *s = linear->coefficients->elements;
  size_t n = linear->axis.length;
  bool logarithm = linear->kind == LINEAR_LOG_SOFTMAX;
  FOR_LINES (linear, base, step)
  {
    double sum = 0;
    bool any = false;
    for (size_t i = 0; i < n; i++)
      {
        double adjoint = y[base + i * step];
        any |= adjoint != 0;
        sum += adjoint == 0 ? 0 : logarithm ? adjoint : s[base + i * step] * adjoint;
      }
    for (size_t i = 0; any && i < n; i++)
      {
        size_t at = base + i * step;
        X[at] += logarithm ? y[at] - s[at] * sum : s[at] * (y[at] - sum);
      }
  }
}

void
softmax_forward (const struct linear *linear, const double *x, double *y)
{
  const double *s = linear->coefficients->elements;
  size_t n = linear->axis.length;
  bool logarithm = linear->kind == LINEAR_LOG_SOFTMAX;
  FOR_LINES (linear, base, step)
  {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
      sum += s[base + i * step] * x[base + i * step];
    for (size_t i = 0; i < n; i++)
      {
        size_t at = base + i * step;
        y[at] += logarithm ? x[at] - sum : s[at] * (x[at] - sum);
      }
  }
}

void
cumsum_reverse (const struct linear *linear, const double *y, double *X)
{
  size_t n = linear->axis.length;
  FOR_LINES (linear, base, step)
  {
    double sum = 0;
    for (size_t i = n; i-- > 0;)
      {
        sum += y[base + i * step];
        X[base + i * step] += sum;
      }
  }
}

void
cumsum_forward (const struct linear *linear, const double *x, double *y)
{
  size_t n = linear->axis.length;
  FOR_LINES (linear, base, step)
  {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
      {
        sum += x[base + i * step];
        y[base + i * step] += sum;
      }
  }
}

/* y_i = x_0 ... x_i. Between zeros the products without one factor are quotients in disguise; they are built up without
   dividing: X_k = (x_0 ... x_{k-1}) * sum over i >= k of Y_i (x_{k+1} ... x_i), the sum by Horner's rule from the end.
 */
void
cumprod_reverse (struct memory *memory, const struct linear *linear, const double *y, double *X)
{
  const double *x = linear->coefficients->elements;
  size_t n = linear->axis.length;
  FOR_LINES (linear, base, step)
  {
    /* tail_k = Y_k + x_{k+1} tail_{k+1}; the products before k are taken again from the front. */
    double *tail = heap_take (memory, n, sizeof *tail, "a cumulative product");
    double sum = 0;
    for (size_t k = n; k-- > 0;)
      {
        double next = k + 1 < n ? x[base + (k + 1) * step] : 0;
        sum = y[base + k * step] + (sum == 0 ? 0 : next * sum);
        tail[k] = sum;
      }
    double before = 1;
    for (size_t k = 0; k < n; k++)
      {
        X[base + k * step] += tail[k] == 0 ? 0 : before * tail[k];
        before *= x[base + k * step];
      }
    heap_give (tail);
  }
}

void
cumprod_forward (const struct linear *linear, const double *t, double *y)
{
  const double *x = linear->coefficients->elements;
  size_t n = linear->axis.length;
  FOR_LINES (linear, base, step)
  {
    double product = 1, change = 0;
    for (size_t i = 0; i < n; i++)
      {
        size_t at = base + i * step;
        change = change * x[at] + product * t[at];
        product *= x[at];
        y[at] += change;
      }
  }
}
