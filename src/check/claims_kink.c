/* claims_kink.c -- claims where the program has no derivative: at a kink every value between the slopes on both sides
   is right, at a jump the slope of either side. */
#include <math.h>

#include "base/heap.h"
#include "check/claims.h"
#include "check/points.h"

enum
{
  ELEMENTS = 64 /* that are looked at, two runs and two more for each */
};

/* The slope and the value of the target a small step away from the program's values. */
struct glance
{
  double slope, value; /* of the claim's element, and of the target's; NaN when there is none */
};

/* Runs the program with an element of the source moved by `step`. */
static struct glance
look (const struct claim *claim, const struct points *points, const struct value *source, size_t position,
      size_t element, double step)
{
  const struct run *base = points->base;
  struct array *moved = value_copy (base->arrays, source);
  struct array **wanted
    = heap_take_zeroed (base->memory, base->program->wanted_count + 1, sizeof *wanted, "the claims");
  struct again again;
  struct glance glance = { NAN, NAN };
  moved->elements[position] += step;
  wanted[claim->wanted] = moved;
  if (points_run (points, &again, NULL, wanted) == POINT_GOOD)
    {
      struct array *correct = claim_correct (claim, &again.run, base->arrays);
      const struct value *target = claim_target_in (claim, &again.run);
      if (correct && correct->size == claim->samples[0].given->size)
        glance.slope = correct->elements[element];
      glance.value = 0;
      for (size_t i = 0; i < value_size (target); i++)
        glance.value += value_elements (target)[i];
      array_drop (base->arrays, correct);
    }
  again_close (&again);
  heap_give (wanted);
  array_drop (base->arrays, moved);
  return glance;
}

/* The slope and the value on one side of an element, from two points there. */
static struct glance
one_sided (const struct claim *claim, const struct points *points, const struct value *source, size_t position,
           size_t element, double step)
{
  struct glance near = look (claim, points, source, position, element, step),
                far = look (claim, points, source, position, element, 2 * step);
  return (struct glance){ 2 * near.slope - far.slope, 2 * near.value - far.value };
}

/* The element of the source that an element of the claim is about. */
static size_t
position_of (const struct claim *claim, const struct value *source, size_t element, struct arrays *arrays)
{
  struct shape shape = value_shape (source), part;
  claim_part_shape (claim, &shape, &part);
  size_t size = shape_size (&part);
  if (claim->jacobian)
    element = claim->turned ? element / (claim->samples[0].given->size / size) : element % size;
  return claim_position (claim, &shape, element, arrays);
}

bool
claim_at_kink (struct claims *claims, const struct claim *claim, struct points *points, struct slopes *slopes)
{
  const struct sample *base = &claim->samples[0];
  const struct run *run = claims->run;
  size_t looked_at = 0;
  if (!claim->source || !(run->suspicious || run->tied) || !base->usable)
    return false;
  const struct value *source = claim_source_in (claim, run);
  points_reset (points);
  for (size_t i = 0; i < base->given->size; i++)
    {
      double given = base->given->elements[i];
      if (claim_compare (claims, base, i) <= ROUNDING)
        continue;
      size_t position = position_of (claim, source, i, run->arrays);
      double x = value_elements (source)[position], step = 1e-6 * fmax (fabs (x), 1);
      struct glance left = one_sided (claim, points, source, position, i, -step),
                    right = one_sided (claim, points, source, position, i, step);
      double least = fmin (left.slope, right.slope), most = fmax (left.slope, right.slope);
      double off = 10 * (claims->options.atol + claims->options.rtol * fmax (fabs (least), fabs (most)));
      bool jumps = fabs (right.value - left.value)
                   > 1e-9 * fmax (fabs (left.value), fabs (right.value)) + step * fmax (fabs (least), fabs (most));
      bool inside = jumps ? fabs (given - least) <= off || fabs (given - most) <= off
                          : given >= least - off && given <= most + off;
      if (isnan (left.slope) || isnan (right.slope) || !inside || ++looked_at > ELEMENTS)
        return false;
      slopes->jumps |= jumps;
      slopes->low = round (least * 1e9) / 1e9;
      slopes->high = round (most * 1e9) / 1e9;
    }
  return looked_at > 0;
}
