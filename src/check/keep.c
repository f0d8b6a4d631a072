/* keep.c -- what the values of an array show: symmetry, zeros, sums. */
#include "check/keep.h"

#include <math.h>

static const double SLACK = 1e-9; /* of a sum that is 1 as it is typed */

static double
sum_of (const double *elements, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += elements[i];
  return sum;
}

static bool
is_square (const struct shape *shape)
{
  return shape_is_square (shape) && shape->extent[0] > 1;
}

static unsigned
find_square (const double *elements, size_t n)
{
  bool symmetric = true, lower = true, upper = true, zero = true;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      {
        double below = elements[i * n + j], above = elements[j * n + i];
        symmetric &= below == above;
        lower &= i == j || above == 0;
        upper &= i == j || below == 0;
        zero &= below == 0 && above == 0;
      }
  if (zero)
    return KEEP_NOTHING;
  if (lower || upper)
    return (lower ? KEEP_LOWER : 0u) | (upper ? KEEP_UPPER : 0u);
  return symmetric ? KEEP_SYMMETRIC : KEEP_NOTHING;
}

static unsigned
find_sums (const double *elements, size_t size, size_t length)
{
  bool rows = length > 1 && length < size, shares = true, whole = size > 1;
  for (size_t i = 0; i < size; i++)
    {
      if (!isfinite (elements[i]))
        return KEEP_NOTHING;
      shares &= elements[i] >= 0;
    }
  for (size_t row = 0; row < size && rows; row += length)
    rows = fabs (sum_of (elements + row, length) - 1) <= SLACK;
  whole &= fabs (sum_of (elements, size) - 1) <= SLACK;
  return (rows ? KEEP_ROWS : whole ? KEEP_SUM : 0u) | ((rows || whole) && shares ? KEEP_SHARES : 0u);
}

unsigned
keep_find (const struct value *value, unsigned *otherwise)
{
  struct shape shape = value_shape (value);
  const double *elements = value_elements (value);
  size_t size = shape_size (&shape);
  unsigned square = is_square (&shape) ? find_square (elements, shape.extent[0]) : KEEP_NOTHING;
  unsigned sums = shape.rank && size ? find_sums (elements, size, shape.extent[shape.rank - 1]) : KEEP_NOTHING;
  *otherwise = square ? sums : KEEP_NOTHING;
  return square ? square : sums;
}

static void
impose_sum (bool shares, double *elements, size_t count)
{
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    {
      elements[i] = shares ? fabs (elements[i]) : elements[i];
      sum += elements[i];
    }
  for (size_t i = 0; i < count; i++)
    elements[i] = shares ? elements[i] / sum : elements[i] + (1 - sum) / (double)count;
}

void
keep_impose (unsigned keeps, const struct shape *shape, double *elements)
{
  size_t size = shape_size (shape), n = shape->rank ? shape->extent[0] : 1;
  size_t length = keeps & KEEP_ROWS ? shape->extent[shape->rank - 1] : size;
  if (keeps & (KEEP_SYMMETRIC | KEEP_LOWER | KEEP_UPPER))
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < i; j++)
        {
          double *below = &elements[i * n + j], *above = &elements[j * n + i];
          *above = keeps & KEEP_SYMMETRIC ? *below : keeps & KEEP_LOWER ? 0 : *above;
          *below = keeps & KEEP_UPPER ? 0 : *below;
        }
  if (keeps & (KEEP_ROWS | KEEP_SUM))
    for (size_t row = 0; row < size; row += length)
      impose_sum (keeps & KEEP_SHARES, elements + row, length);
}

const char *
keep_words (unsigned keeps)
{
  unsigned zeros = keeps & (KEEP_LOWER | KEEP_UPPER);
  return keeps & KEEP_SYMMETRIC               ? "is symmetric"
         : zeros == (KEEP_LOWER | KEEP_UPPER) ? "is diagonal"
         : zeros                              ? "is triangular"
         : keeps & KEEP_ROWS                  ? "sums to 1 in each row"
                                              : "sums to 1";
}

bool
keep_is_orthonormal (const struct shape *shape, const double *elements)
{
  static const double ANGLE_SLACK = 1e-6;
  if (shape->rank != 2)
    return false;
  for (int way = 0; way < 2; way++)
    {
      size_t count = shape->extent[1 - way], length = shape->extent[way];
      size_t next = way ? shape->extent[1] : 1, along = way ? 1 : shape->extent[1];
      bool good = length >= count;
      for (size_t i = 0; i < count && good; i++)
        for (size_t k = i; k < count && good; k++)
          {
            double product = 0;
            for (size_t at = 0; at < length; at++)
              product += elements[i * next + at * along] * elements[k * next + at * along];
            good = fabs (product - (i == k)) <= ANGLE_SLACK;
          }
      if (good)
        return true;
    }
  return false;
}
