/* diagnose_shape.c -- claims of another shape, or turned. */
#include <math.h>

#include "diagnose/diagnose.h"

#include "value/layout.h"

/* A hypothesis: whether the given array of a sample is what it makes of the right one. */
typedef bool fits_sample (const struct claims *claims, const struct claim *claim, const struct sample *sample,
                          int axis);

static bool
fits (const struct claims *claims, const struct claim *claim, fits_sample *hypothesis, int axis)
{
  size_t tested = 0;
  for (size_t i = 0; i < claim_samples (claim); i++)
    {
      const struct sample *sample = &claim->samples[i];
      if (!sample->usable)
        continue;
      tested++;
      if (!hypothesis (claims, claim, sample, axis))
        return false;
    }
  return tested > 0;
}

static bool
is_transpose (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  const struct array *given = sample->given, *correct = sample->correct;
  (void)axis;
  if (given->shape.rank != 2 || correct->shape.rank != 2 || given->shape.extent[0] != correct->shape.extent[1]
      || given->shape.extent[1] != correct->shape.extent[0])
    return false;
  size_t rows = correct->shape.extent[0], columns = correct->shape.extent[1];
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      if (!claim_gives (claims, claim, sample, j * rows + i, correct->elements[i * columns + j]))
        return false;
  return true;
}

/* The right values of a vector as a column of a matrix. */
static bool
is_column (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  const struct array *given = sample->given, *correct = sample->correct;
  (void)axis;
  if (given->shape.rank != 2 || given->shape.extent[1] != 1 || correct->shape.rank != 1 || given->size != correct->size)
    return false;
  for (size_t i = 0; i < given->size; i++)
    if (!claim_gives (claims, claim, sample, i, correct->elements[i]))
      return false;
  return true;
}

/* The right values, spread by the rules of broadcasting. */
static bool
is_spread (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  const struct array *given = sample->given, *correct = sample->correct;
  struct shape joined;
  (void)axis;
  if (!shape_broadcast (&joined, &given->shape, &correct->shape) || shape_size (&joined) > correct->size * 4096)
    return false;
  struct layout left = layout_broadcast (&given->shape, &joined), right = layout_broadcast (&correct->shape, &joined);
  struct layout_walk a = layout_walk (&left), b = layout_walk (&right);
  while (a.left && b.left)
    {
      size_t length = a.length < b.length ? a.length : b.length;
      for (size_t i = 0; i < length; i++)
        if (!claim_gives (claims, claim, sample, (size_t)(a.at + (ptrdiff_t)i * a.stride),
                          correct->elements[b.at + (ptrdiff_t)i * b.stride]))
          return false;
      if (a.length != b.length)
        return false;
      layout_step (&a);
      layout_step (&b);
    }
  return true;
}

/* The sum of one array over an axis (or over all, for -1) is the other, numbers to the digits typed. */
static bool
sums_to (const struct claims *claims, const struct claim *claim, const struct sample *sample, bool given_is_longer,
         int axis)
{
  const struct array *from = given_is_longer ? sample->given : sample->correct,
                     *to = given_is_longer ? sample->correct : sample->given;
  size_t outer = 1, length = from->size, inner = 1;
  if (axis >= 0)
    {
      if (axis >= from->shape.rank)
        return false;
      length = from->shape.extent[axis];
      for (int i = 0; i < axis; i++)
        outer *= from->shape.extent[i];
      for (int i = axis + 1; i < from->shape.rank; i++)
        inner *= from->shape.extent[i];
    }
  if (outer * inner != to->size)
    return false;
  for (size_t o = 0; o < outer; o++)
    for (size_t i = 0; i < inner; i++)
      {
        double sum = 0, off = 0;
        for (size_t k = 0; k < length; k++)
          {
            sum += from->elements[(o * length + k) * inner + i];
            off += claim->off && given_is_longer ? claim->off[(o * length + k) * inner + i] : 0;
          }
        off += claim->off && !given_is_longer ? claim->off[o * inner + i] : 0;
        double other = to->elements[o * inner + i];
        if (!claim_agrees (claims, sum, other, sample->scale) && !(fabs (sum - other) <= off))
          return false;
      }
  return true;
}

static bool
is_unsummed (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  return sample->given->size > sample->correct->size && sums_to (claims, claim, sample, true, axis);
}

static bool
is_summed (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  return sample->given->size < sample->correct->size && sums_to (claims, claim, sample, false, axis);
}

static bool
explain (struct claim *claim, const char *cause, char *hint)
{
  claim->cause = cause;
  claim->hint = hint;
  return true;
}

/* The right elements of a vector, the last one first. */
static bool
is_reversed (const struct claims *claims, const struct claim *claim, const struct sample *sample, int axis)
{
  const struct array *given = sample->given, *correct = sample->correct;
  (void)axis;
  if (given->shape.rank != 1 || !shape_equal (&given->shape, &correct->shape)
      || given->size < (claim->mentions ? 2 : 3))
    return false;
  for (size_t i = 0; i < given->size; i++)
    if (!claim_gives (claims, claim, sample, i, correct->elements[given->size - 1 - i]))
      return false;
  return true;
}

bool
diagnose_reversed (struct claims *claims, struct claim *claim)
{
  return fits (claims, claim, is_reversed, 0)
         && explain (claim, "order", claim_text (claims, "yours is the correct gradient in reverse order"));
}

bool
diagnose_shape (struct claims *claims, struct claim *claim)
{
  const struct sample *base = &claim->samples[0];
  static const char *const over[] = { "rows", "columns" };
  bool same = shape_equal (&base->given->shape, &base->correct->shape);
  if (fits (claims, claim, is_transpose, 0))
    return explain (claim, "transpose", claim_text (claims, "yours is the transpose of the correct gradient"));
  if (same)
    return false;
  if (fits (claims, claim, is_spread, 0) || fits (claims, claim, is_column, 0))
    return explain (claim, "shape", claim_text (claims, "the values are right, only the shape is not"));
  for (int axis = -1; axis < base->given->shape.rank; axis++)
    if (fits (claims, claim, is_unsummed, axis))
      return explain (claim, "sum",
                      axis < 0 || base->given->shape.rank == 1
                        ? claim_text (claims, "the sum of all elements of yours is the correct gradient")
                      : axis < 2
                        ? claim_text (claims, "summing yours over its %s gives the correct gradient", over[axis])
                        : claim_text (claims, "summing yours over axis %d gives the correct gradient", axis));
  for (int axis = -1; axis < base->correct->shape.rank; axis++)
    if (fits (claims, claim, is_summed, axis))
      return explain (claim, "sum",
                      axis < 0 || base->correct->shape.rank == 1
                        ? claim_text (claims, "yours is the sum of all elements of the correct gradient")
                      : axis < 2 ? claim_text (claims, "yours is the correct gradient summed over its %s", over[axis])
                                 : claim_text (claims, "yours is the correct gradient summed over axis %d", axis));
  return false;
}
