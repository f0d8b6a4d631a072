/* claims_bound.c -- how far the elements of a sample of a claim can be off by rounding. */
#include <math.h>

#include "check/claims.h"
#include "check/points.h"
#include "check/rounding.h"

enum
{
  ROWS = 256, /* of a Jacobian whose rounding is looked at */
  SHARP = 64, /* elements whose bounds are the sharp ones */
  MANY = 1000 /* turns of loops */
};

/* Where nothing is known of rounding, of the largest element. */
static const double UNKNOWN = 1e-9;

/* Bounds of a value's elements, the sharp ones where there are few. Where a step on the way overflowed, only the
   running one knows that nothing is known. */
static void
bounds_of_value (struct rounding *rounding, const struct value *value, struct array *bounds, size_t from)
{
  size_t size = value_size (value);
  rounding_of_value (rounding, value, bounds->elements + from);
  for (size_t i = 0; i < size && size <= SHARP; i++)
    if (isfinite (bounds->elements[from + i]))
      bounds->elements[from + i] = rounding_of_element (rounding, value, i);
}

/* Bounds of what is right: of a value, a gradient, or the rows of a Jacobian, as they are before they are formed. */
static struct array *
bounds_of_right (struct rounding *rounding, const struct claims *claims, const struct claim *claim,
                 const struct sample *sample)
{
  const struct run *run = &rounding->again.run;
  const struct value *target = claim_target_in (claim, run);
  const struct value *source = claim->source ? claim_source_in (claim, run) : NULL;
  const struct array *like = claim->source ? sample->whole : sample->correct;
  size_t rows = claim->source && claim->jacobian ? value_size (target) : 1;
  size_t size = value_size (source ? source : target);
  if (rows > ROWS || rows * size != like->size)
    return array_filled (claims->run->arrays, &like->shape, UNKNOWN * claim_largest (like));
  struct array *bounds = array_filled (claims->run->arrays, &like->shape, 0);
  if (!source)
    bounds_of_value (rounding, target, bounds, 0);
  for (size_t row = 0; source && row < rows; row++)
    {
      struct value derivative;
      if (rounding_derivative (rounding, target, claim->jacobian ? (ptrdiff_t)row : ROUNDING_ALL, source, &derivative))
        bounds_of_value (rounding, &derivative, bounds, row * size);
    }
  return bounds;
}

/* In a program of many steps or elements: whether a coarse bound will do. It is enough to see that the claim differs;
   and at random points to see that it need not, as there are others. At the program's own values too where there are
   very many steps, as all of them one by one would take longer than all that is asked. */
static bool
coarse_will_do (const struct claims *claims, const struct claim *claim, struct points *points, struct sample *sample)
{
  size_t element;
  if ((points->turns < MANY && !points_are_large (points))
      || !claim_bound_coarsely (claims, claim, points, sample))
    return false;
  if (points_are_long (points) || sample->draw != POINTS_OWN
      || claim_compare_all (claims, sample, &element) == DIFFERS)
    return true;
  array_drop (claims->run->arrays, sample->off_given);
  array_drop (claims->run->arrays, sample->off_correct);
  sample->off_given = sample->off_correct = NULL;
  return false;
}

void
claim_bound (const struct claims *claims, const struct claim *claim, struct points *points, struct sample *sample)
{
  struct arrays *arrays = claims->run->arrays;
  struct rounding rounding;
  if (sample->off_given || !sample->given || !sample->correct || coarse_will_do (claims, claim, points, sample))
    return;
  if (rounding_open (&rounding, points))
    {
      const struct value *given = claim_given_in (claim, &rounding.again.run);
      sample->off_given = array_filled (arrays, &sample->given->shape, 0);
      if (value_size (given) == sample->off_given->size)
        bounds_of_value (&rounding, given, sample->off_given, 0);
      struct array *whole = bounds_of_right (&rounding, claims, claim, sample);
      sample->off_correct
        = claim->source ? claim_formed (claim, whole, &sample->source_shape, arrays) : array_hold (whole);
      array_drop (arrays, whole);
    }
  rounding_close (&rounding);
  if (sample->off_given && sample->off_correct && sample->off_correct->size == sample->given->size)
    return;
  /* The program did not come through, or there was no room. */
  double unknown = UNKNOWN * claim_largest (sample->correct);
  array_drop (arrays, sample->off_given);
  array_drop (arrays, sample->off_correct);
  sample->off_given = array_new (arrays, TYPE_REAL, &sample->given->shape);
  sample->off_correct = array_new (arrays, TYPE_REAL, &sample->given->shape);
  for (size_t i = 0; i < sample->given->size; i++)
    sample->off_given->elements[i] = sample->off_correct->elements[i] = unknown;
}

void
claim_bound_at (const struct claims *claims, const struct claim *claim, struct points *points, size_t number)
{
  points_draw (points, claim->samples[number].draw);
  claim_bound (claims, claim, points, &claim->samples[number]);
  points_reset (points);
}

/* Whether an element is surely other than 0 at a sample that was looked at, and no more than rounding can do at the
   program's values. */
static bool
is_lost (const struct claims *claims, const struct sample *base, const struct sample *other, size_t element)
{
  double size = fabs (other->correct->elements[element]), off = ROUNDING_LOOSE * other->off_correct->elements[element];
  double slack = ROUNDING_LOOSE * (base->off_given->elements[element] + base->off_correct->elements[element]);
  return size > off && slack > claims->options.atol + claims->options.rtol * size;
}

bool
claim_zeros_are_small (const struct claims *claims, struct claim *claim, struct points *points)
{
  enum
  {
    LOOKED_AT = 3
  };
  const struct sample *base = &claim->samples[0];
  bool small = true, any = false;
  for (size_t i = 0; i < base->given->size && !any; i++)
    any = claim_compare (claims, base, i) == ROUNDING_ZERO;
  int looked = 0;
  for (size_t k = 1; any && k < claim->sample_count && looked < LOOKED_AT && small; k++)
    {
      const struct sample *other = &claim->samples[k];
      if (!other->usable || other->given->size != base->given->size)
        continue;
      claim_bound_at (claims, claim, points, k);
      looked++;
      for (size_t i = 0; i < base->given->size && small; i++)
        small = claim_compare (claims, base, i) != ROUNDING_ZERO || !is_lost (claims, base, other, i);
    }
  return small;
}
