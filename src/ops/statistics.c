/* statistics.c -- variance, norms and what else has a derivative that needs thought. */
#include "ops/groups.h"

/* The mean as the first element and the mean distance from it, so that the mean of a constant is that constant. */
static double
mean_of (const double *x, size_t length)
{
  double sum = 0;
  for (size_t i = 0; i < length; i++)
    sum += x[i] - x[0];
  return length ? x[0] + sum / (double)length : NAN;
}

/* Sum of squares over length - ddof; the slope is 2 (x - mean) / (length - ddof), since the distances add up to 0. */
double
variance_of (const struct group *group)
{
  const double *x = group->elements;
  double mean = mean_of (x, group->length), divisor = (double)group->length - group->parameter, sum = 0;
  divisor = divisor > 0 ? divisor : 0;
  for (size_t i = 0; i < group->length; i++)
    sum += (x[i] - mean) * (x[i] - mean);
  for (size_t i = 0; group->slopes && i < group->length; i++)
    group->slopes[i] = 2 * (x[i] - mean) / divisor + 0.0;
  return sum / divisor;
}

/* The root of the variance, without squares that are too small or too large. Of a constant it is 0, at a kink. */
double
deviation_of (const struct group *group)
{
  const double *x = group->elements;
  double mean = mean_of (x, group->length), divisor = (double)group->length - group->parameter;
  double farthest = 0, sum = 0;
  divisor = divisor > 0 ? divisor : 0;
  for (size_t i = 0; i < group->length; i++)
    farthest = !(fabs (x[i] - mean) <= farthest) ? fabs (x[i] - mean) : farthest;
  for (size_t i = 0; i < group->length; i++)
    sum += (x[i] - mean) / farthest * ((x[i] - mean) / farthest);
  bool constant = farthest == 0 && divisor > 0;
  double deviation = constant ? 0 : farthest * sqrt (sum / divisor);
  for (size_t i = 0; group->slopes && i < group->length; i++)
    group->slopes[i] = constant ? FLAT : (x[i] - mean) / deviation / divisor + 0.0;
  if (group->slopes)
    *group->kinks += constant;
  return deviation;
}

static void
spread (struct call *call, group_function *function)
{
  struct groups groups = groups_of (call, 1, 2);
  double ddof = call_given (call, 3) ? call_number (call, 3, "ddof") : 0;
  groups_reduce (call, &groups, TYPE_REAL, function, ddof);
}

void
function_var (struct call *call)
{
  spread (call, variance_of);
}

void
function_std (struct call *call)
{
  spread (call, deviation_of);
}

/* The largest absolute value (the smallest with `sign` -1), NaN if there is one. */
static double
extreme_size (const struct group *group, double sign)
{
  double extreme = group->length && sign < 0 ? INFINITY : 0;
  for (size_t i = 0; i < group->length; i++)
    if (!(sign * fabs (group->elements[i]) <= sign * extreme) && !isnan (extreme))
      extreme = fabs (group->elements[i]);
  return extreme;
}

/* For p infinite: shared by all that are equal to it, and 0 at a kink at 0. */
static double
extreme_norm (const struct group *group)
{
  const double *x = group->elements;
  double norm = extreme_size (group, group->parameter > 0 ? 1 : -1);
  size_t ties = 0;
  for (size_t i = 0; i < group->length; i++)
    ties += !(fabs (x[i]) != norm);
  if (group->slopes)
    *group->kinks += ties > 1 || (ties && norm == 0);
  for (size_t i = 0; group->slopes && i < group->length; i++)
    group->slopes[i] = isnan (norm) ? NAN : fabs (x[i]) == norm && norm > 0 ? copysign (1, x[i]) / (double)ties : FLAT;
  return norm;
}

static double
root_of_squares (const struct group *group)
{
  const double *x = group->elements;
  double sum = 0;
  for (size_t i = 0; i < group->length; i++)
    sum += x[i] * x[i];
  if (sum > 1e-280 && sum < 1e280)
    return sqrt (sum);
  double largest = extreme_size (group, 1);
  if (largest == 0 || !isfinite (largest))
    return largest;
  sum = 0;
  for (size_t i = 0; i < group->length; i++)
    sum += x[i] / largest * (x[i] / largest);
  return largest * sqrt (sum);
}

/* The p-norm over the largest element, so that powers stay in range; not for infinite p. Sizes alone are added as they
   are: whole numbers give a whole one. */
static double
power_norm (const struct group *group)
{
  double p = group->parameter, largest = extreme_size (group, 1), sum = 0;
  for (size_t i = 0; p == 1 && i < group->length; i++)
    sum += fabs (group->elements[i]);
  if (p == 1)
    return sum;
  if (largest == 0 || !isfinite (largest))
    return largest;
  for (size_t i = 0; i < group->length; i++)
    sum += pow (fabs (group->elements[i]) / largest, p);
  return largest * pow (sum, 1 / p);
}

double
norm_of (const struct group *group)
{
  double p = group->parameter;
  const double *x = group->elements;
  if (isinf (p))
    return extreme_norm (group);
  if (p == 0)
    {
      double count = 0;
      for (size_t i = 0; i < group->length; i++)
        count += x[i] != 0;
      for (size_t i = 0; group->slopes && i < group->length; i++)
        group->slopes[i] = FLAT;
      return count;
    }
  double norm = p == 2 ? root_of_squares (group) : power_norm (group);
  bool kink = norm == 0 && group->length;
  for (size_t i = 0; group->slopes && i < group->length; i++)
    if (norm == 0 || (p == 1 && x[i] == 0))
      {
        kink = true;
        group->slopes[i] = FLAT;
      }
    else if (p == 2)
      group->slopes[i] = x[i] / norm + 0.0;
    else
      group->slopes[i] = copysign (pow (fabs (x[i]) / norm, p - 1), x[i]) + 0.0;
  if (group->slopes)
    *group->kinks += kink;
  return norm;
}

/* The derivative of the norm in p: norm * (sum w log w) / p^2 with w = (|x| / norm)^p, which add up to 1. (The
   logarithm of the norm is log (sum |x|^p) / p.) */
static double
norm_in_p (const struct group *group)
{
  double p = group->parameter, sum = 0;
  struct group without_slopes = *group;
  without_slopes.slopes = NULL;
  double norm = norm_of (&without_slopes);
  if (norm == 0 || isinf (p))
    return FLAT;
  for (size_t i = 0; i < group->length; i++)
    {
      double w = pow (fabs (group->elements[i]) / norm, p);
      sum += w == 0 ? 0 : w * log (w);
    }
  return norm * sum / (p * p) + 0.0;
}

void
function_norm (struct call *call)
{
  struct groups groups = groups_of (call, 2, 3);
  double p = call_given (call, 1) ? call_number (call, 1, "p") : 2;
  if (call_given (call, 1) && call->arguments[1].node)
    {
      struct groups constant = groups;
      constant.operand.varies = false;
      groups_reduce (call, &constant, TYPE_REAL, norm_in_p, p);
      struct array *slopes = call->result.kind == KIND_ARRAY ? call->result.array : call_vector (call, 1);
      if (call->result.kind != KIND_ARRAY)
        slopes->elements[0] = call->result.number;
      struct layout single = layout_single (&groups.result);
      call_link (call, &call->arguments[1], map_diagonal (slopes, &single, 1));
    }
  groups_reduce (call, &groups, TYPE_REAL, norm_of, p);
}

/* The largest element is taken out first, so that no power overflows. */
double
logsumexp_of (const struct group *group)
{
  const double *x = group->elements;
  double largest = -INFINITY, others = 0;
  size_t ties = 0, first = 0;
  for (size_t i = 0; i < group->length; i++)
    if (x[i] > largest)
      {
        largest = x[i];
        first = i;
      }
  for (size_t i = 0; i < group->length; i++)
    {
      /* Equal infinities have no difference; elements below +inf count nothing beside it. */
      double power = x[i] == largest ? 1 : exp (x[i] - largest);
      ties += x[i] == largest;
      others += i == first ? 0 : power;
      if (group->slopes)
        group->slopes[i] = power;
    }
  for (size_t i = 0; group->slopes && i < group->length; i++)
    group->slopes[i] = largest == -INFINITY ? NAN : group->slopes[i] / (1 + others) + 0.0;
  return isinf (largest) ? largest + (isnan (others) || (ties == 0 && group->length > 0) ? NAN : 0)
                         : largest + log1p (others);
}

void
function_logsumexp (struct call *call)
{
  struct groups groups = groups_of (call, 1, 2);
  groups_reduce (call, &groups, TYPE_REAL, logsumexp_of, 0);
}

/* Puts the element of rank k at place k, with none larger before it and none smaller after (Hoare's selection). */
static double
select_rank (double *x, size_t length, size_t k)
{
  size_t low = 0, high = length - 1;
  while (low < high)
    {
      double pivot = x[low + (high - low) / 2];
      size_t i = low, j = high;
      for (;; i++, j--)
        {
          while (x[i] < pivot)
            i++;
          while (x[j] > pivot)
            j--;
          if (i >= j)
            break;
          double swapped = x[i];
          x[i] = x[j];
          x[j] = swapped;
        }
      /* i and j met or passed each other: what is before i is no larger than the pivot, what is after j no smaller. */
      if (k < i)
        high = i - 1;
      else if (k > j)
        low = j + 1;
      else
        return x[k];
    }
  return x[k];
}

/* The middle of an odd count; of an even one the mean of two, each with half of the slope. Elements equal to a middle
   one share. */
static double
median_of (const struct group *group)
{
  const double *x = group->elements;
  size_t length = group->length, upper_ties = 0, lower_ties = 0;
  double nan = 0;
  for (size_t i = 0; i < length; i++)
    nan = isnan (x[i]) ? NAN : nan;
  if (length == 0 || isnan (nan))
    {
      for (size_t i = 0; group->slopes && i < length; i++)
        group->slopes[i] = NAN;
      return NAN;
    }
  memcpy (group->scratch, x, length * sizeof (double));
  double upper = select_rank (group->scratch, length, length / 2), lower = length % 2 ? upper : -INFINITY;
  for (size_t i = 0; length % 2 == 0 && i < length / 2; i++)
    lower = group->scratch[i] > lower ? group->scratch[i] : lower;
  for (size_t i = 0; i < length; i++)
    {
      upper_ties += x[i] == upper;
      lower_ties += x[i] == lower;
    }
  for (size_t i = 0; group->slopes && i < length; i++)
    {
      double slope = (x[i] == upper ? 0.5 / (double)upper_ties : 0) + (x[i] == lower ? 0.5 / (double)lower_ties : 0);
      group->slopes[i] = slope > 0 ? slope : FLAT;
    }
  if (group->slopes)
    *group->kinks += upper_ties + lower_ties > (length % 2 ? 2u : upper == lower ? 4u : 2u);
  return upper == lower ? upper : 0.5 * lower + 0.5 * upper;
}

void
function_median (struct call *call)
{
  struct groups groups = groups_of (call, 1, 2);
  groups.needs_scratch = true;
  groups_reduce (call, &groups, TYPE_REAL, median_of, 0);
}
