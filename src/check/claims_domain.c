/* claims_domain.c -- points that the program's values do not lead to.

   sqrt (l / g) is a number where l and g are both negative too, and its derivative in l is pi / sqrt (l * g) only where
   they are positive. But no way leads from one side to the other through numbers: a claim speaks of its own side. */
#include <string.h>

#include "check/claims.h"
#include "check/points.h"

enum
{
  MOST = 16, /* signs that are looked at */
  TRIED = 4  /* points, of which one is beyond where any is likely to be */
};

/* Whether the program has a value where one element of one input has another sign than its own and all else is as the
   program has it. */
static bool
has_value (const struct claim *claim, struct points *points, struct array *moved, size_t element, double value)
{
  struct again again;
  double own = moved->elements[element];
  moved->elements[element] = value;
  bool good = points_run (points, &again, NULL, NULL) == POINT_GOOD;
  if (good)
    {
      const struct value *target = claim_target_in (claim, &again.run);
      good = value_is_numeric (target) && elements_of_are_finite (target);
    }
  again_close (&again);
  moved->elements[element] = own;
  return good;
}

/* Whether some sign that a draw has changed cannot change alone, of `looked` signs. */
static bool
is_beyond (const struct claim *claim, struct points *points, size_t draw, size_t *looked)
{
  struct arrays *arrays = points->base->arrays;
  bool beyond = false;
  *looked = 0;
  for (size_t i = 0; i < points->input_count && !beyond && *looked < MOST; i++)
    {
      points_draw (points, draw);
      if (!points->inputs[i].moved)
        continue;
      struct shape shape = value_shape (&points->inputs[i].value);
      struct array *drawn = array_hold (points->inputs[i].moved), *moved = array_new (arrays, TYPE_REAL, &shape);
      size_t size = drawn->size == moved->size ? drawn->size : 0;
      points_reset (points);
      memcpy (moved->elements, value_elements (&points->inputs[i].value), moved->size * sizeof *moved->elements);
      points->inputs[i].moved = points->moved[points->inputs[i].number] = moved;
      for (size_t k = 0; k < size && !beyond && *looked < MOST; k++)
        if (moved->elements[k] * drawn->elements[k] < 0)
          {
            ++*looked;
            beyond = !has_value (claim, points, moved, k, drawn->elements[k]);
          }
      array_drop (arrays, drawn);
      points_reset (points);
    }
  return beyond;
}

bool
claim_keep_domain (struct claim *claim, struct points *points)
{
  const struct array *own = claim->samples[0].correct;
  size_t wrong = 0, looked;
  if (!elements_are_finite (own->elements, own->size))
    return false;
  for (size_t k = 1; k < claim->sample_count; k++)
    {
      const struct sample *sample = &claim->samples[k];
      if (!sample->usable || sample->agrees)
        continue;
      if (!is_beyond (claim, points, sample->draw, &looked))
        return false;
      wrong++;
    }
  for (size_t k = 1; k < claim->sample_count; k++)
    claim->samples[k].usable &= claim->samples[k].agrees;
  return wrong > 0;
}

bool
claim_leave_beyond (struct claim *claim, struct points *points)
{
  size_t tried = 0, left_out = 0, looked;
  for (size_t k = 1; k < claim->sample_count && (left_out || tried < TRIED); k++)
    {
      struct sample *sample = &claim->samples[k];
      if (!sample->usable || sample->agrees)
        continue;
      if (is_beyond (claim, points, sample->draw, &looked))
        {
          sample->usable = false;
          left_out++;
        }
      tried += looked > 0;
    }
  claim->points -= left_out;
  return left_out > 0;
}
