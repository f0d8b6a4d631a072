/* linear_axis.c -- maps along an axis: softmax, cumulative sums and products. */
#include "linear/linear_axis.h"

#include "base/heap.h"

/* A line of elements along an axis: the first element's position, and how far the next is. */
#define FOR_LINES(linear, base, step)                                                                                  \
  for (size_t outer_ = 0, step = (linear)->axis.inner; outer_ < (linear)->axis.outer; outer_++)                        \
    for (size_t base = outer_ * (linear)->axis.length * step, end_ = base + step; base < end_; base++)

/* Where the softmax is largest: what is near 1 has to be taken from 1 as the sum of the others. */
static size_t
largest_of (const double *s, size_t n, size_t step)
{
  size_t largest = 0;
  for (size_t i = 1; i < n; i++)
    largest = s[i * step] > s[largest * step] ? i : largest;
  return largest;
}

/* s' d, the mean of what stands above element k of x: d = x - x_k. */
static double
mean_above (const double *s, const double *x, size_t k, size_t n, size_t step)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += x[i * step] == x[k * step] ? 0 : s[i * step] * (x[i * step] - x[k * step]);
  return sum;
}

/* (1 - s 1') y. Of the largest: y_k times the others of s, less s_k times the others of y. */
static void
log_softmax_reverse (const double *s, const double *y, double *X, size_t k, size_t n, size_t step)
{
  double rest = 0, others = 0;
  for (size_t i = 0; i < n; i++)
    if (i != k)
      {
        rest += s[i * step];
        others += y[i * step];
      }
  for (size_t i = 0; i < n; i++)
    X[i * step]
      += i == k ? y[k * step] * rest - s[k * step] * others : y[i * step] - s[i * step] * (others + y[k * step]);
}

/* Where s does not sum to 1 the formula is taken as it is written. */
static void
other_reverse (const struct linear *linear, const double *s, const double *y, double *X)
{
  size_t n = linear->axis.length, step = linear->axis.inner;
  bool logarithm = linear->kind == LINEAR_LOG_SOFTMAX;
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += logarithm ? y[i * step] : s[i * step] * y[i * step];
  for (size_t i = 0; i < n; i++)
    X[i * step] += logarithm ? y[i * step] - s[i * step] * sum : s[i * step] * (y[i * step] - sum);
}

/* softmax: J = diag(s) - s s', its own transpose; log_softmax: J = 1 - 1 s'. */
void
softmax_reverse (const struct linear *linear, const double *y, double *X)
{
  size_t n = linear->axis.length;
  FOR_LINES (linear, base, step)
  {
    const double *s = linear->coefficients->elements + base, *line = y + base;
    bool any = false;
    for (size_t i = 0; i < n; i++)
      any |= line[i * step] != 0;
    if (!any)
      continue;
    if (linear->other)
      {
        other_reverse (linear, s, line, X + base);
        continue;
      }
    size_t k = largest_of (s, n, step);
    if (linear->kind == LINEAR_LOG_SOFTMAX)
      {
        log_softmax_reverse (s, line, X + base, k, n, step);
        continue;
      }
    double mean = mean_above (s, line, k, n, step);
    for (size_t i = 0; i < n; i++)
      X[base + i * step] += s[i * step] * (line[i * step] - line[k * step] - mean);
  }
}

void
softmax_forward (const struct linear *linear, const double *x, double *y)
{
  size_t n = linear->axis.length;
  bool logarithm = linear->kind == LINEAR_LOG_SOFTMAX;
  FOR_LINES (linear, base, step)
  {
    const double *s = linear->coefficients->elements + base, *line = x + base;
    size_t k = largest_of (s, n, step);
    double mean = mean_above (s, line, k, n, step);
    for (size_t i = 0; i < n; i++)
      y[base + i * step] += (logarithm ? 1 : s[i * step]) * (line[i * step] - line[k * step] - mean);
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
