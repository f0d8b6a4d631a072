/* claims_kink.c -- claims at a kink of the program: every value between the slopes on both sides is right. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/claims.h"
#include "check/points.h"

enum
{
  ELEMENTS = 64 /* that are looked at, two runs and two more for each */
};

/* The derivative in one element with that element moved by `step`; NaN when there is none. */
static double
slope_at (const struct claim *claim, const struct points *points, const struct value *source, size_t element,
          double step)
{
  const struct run *base = points->base;
  struct shape shape = value_shape (source);
  struct array *moved = array_new (base->arrays, TYPE_REAL, &shape);
  struct array **wanted = calloc (base->program->wanted_count + 1, sizeof *wanted);
  struct again again;
  double slope = NAN;
  if (!wanted)
    memory_exhausted (base->memory, sizeof *wanted, "the claims");
  memcpy (moved->elements, value_elements (source), moved->size * sizeof *moved->elements);
  moved->elements[element] += step;
  wanted[claim->wanted] = moved;
  if (points_run (points, &again, NULL, wanted) == POINT_GOOD)
    {
      struct array *correct = claim_correct (claim, &again.run, base->arrays);
      if (correct && correct->size == moved->size)
        slope = correct->elements[element];
      array_drop (base->arrays, correct);
    }
  again_close (&again);
  free (wanted);
  array_drop (base->arrays, moved);
  return slope;
}

/* The slope on one side of an element, from two points there. */
static double
one_sided (const struct claim *claim, const struct points *points, const struct value *source, size_t element,
           double side)
{
  double x = value_elements (source)[element], step = side * 1e-6 * (fabs (x) > 1 ? fabs (x) : 1);
  return 2 * slope_at (claim, points, source, element, step) - slope_at (claim, points, source, element, 2 * step);
}

bool
claim_at_kink (struct claims *claims, const struct claim *claim, struct points *points, double *low, double *high)
{
  const struct sample *base = &claim->samples[0];
  size_t looked_at = 0;
  if (!claim->source || claim->jacobian || !claims->run->suspicious || !base->usable)
    return false;
  const struct value *source = &area_of (&claims->run->wanted, struct noted)[claim->wanted].value;
  points_reset (points);
  for (size_t i = 0; i < base->given->size; i++)
    {
      double given = base->given->elements[i];
      if (claim_agrees (claims, given, base->correct->elements[i], base->scale))
        continue;
      double left = one_sided (claim, points, source, i, -1), right = one_sided (claim, points, source, i, 1);
      double least = fmin (left, right), most = fmax (left, right);
      double off = 10 * (claims->options.atol * base->scale + claims->options.rtol * fmax (fabs (least), fabs (most)));
      if (isnan (left) || isnan (right) || given < least - off || given > most + off || ++looked_at > ELEMENTS)
        return false;
      *low = round (least * 1e9) / 1e9;
      *high = round (most * 1e9) / 1e9;
    }
  return looked_at > 0;
}
