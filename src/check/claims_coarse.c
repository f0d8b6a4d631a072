/* claims_coarse.c -- what rounding can do in a program of very many steps, as two more runs tell: one that rounds
   everything up and one that rounds everything down. That is no bound as rounding.h has one, which goes through all
   steps one by one; it is one many times too large where errors do not happen to cancel, and good enough to see that a
   difference is none of rounding. (Kahan, How Futile are Mindless Assessments of Roundoff in Floating-Point
   Computation?, 2006.) */
#include <fenv.h>
#include <float.h>
#include <math.h>

#include "check/claims.h"
#include "check/points.h"

/* How many times larger than what was seen the bounds are, for each root of a step: errors that go to and fro show no
   more than their root. And how many units of the last digit each step may be off in any case. */
static const double MARGIN = 4;

/* What the claim and the derivative come to where the inputs are, in one way of rounding. False when the run comes to
   something that is not finite, or does not come through: nothing is known then. */
static bool
take_rounded (const struct claims *claims, const struct claim *claim, const struct points *points, int rounding,
              struct sample *sample)
{
  struct memory *memory = claims->run->memory;
  jmp_buf *outer = memory->stop;
  struct again again;
  volatile bool taken = false;
  feclearexcept (FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
  fesetround (rounding);
  if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
    {
      memory->stop = &again.stop;
      if (setjmp (again.stop) == 0)
        {
          *sample = claim_take (claim, &again.run, claims->run->arrays);
          taken = true;
        }
      memory->stop = outer;
    }
  fesetround (FE_TONEAREST);
  again_close (&again);
  return taken && sample->usable && !fetestexcept (FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
}

/* Adds to bounds what other ways of rounding come to. */
static void
widen (struct array *bounds, const struct array *nearest, const struct array *rounded, double factor)
{
  for (size_t i = 0; i < bounds->size; i++)
    bounds->elements[i] = fmax (bounds->elements[i], factor * fabs (rounded->elements[i] - nearest->elements[i]));
}

bool
claim_bound_coarsely (const struct claims *claims, const struct claim *claim, struct points *points,
                      struct sample *sample)
{
  static const int ways[] = { FE_UPWARD, FE_DOWNWARD };
  struct arrays *arrays = claims->run->arrays;
  double steps = (double)(points->turns + area_count (&claims->run->program->code, struct instruction));
  double least = MARGIN * DBL_EPSILON * steps, factor = MARGIN * sqrt (steps);
  bool known = true;
  struct array *given = array_filled (arrays, &sample->given->shape, least * claim_largest (sample->given));
  struct array *correct = array_filled (arrays, &sample->correct->shape, least * claim_largest (sample->correct));
  for (size_t i = 0; i < sizeof ways / sizeof *ways && known; i++)
    {
      struct sample rounded = { 0 };
      struct array **kept = points_nudge (points, ways[i] == FE_UPWARD ? INFINITY : -INFINITY);
      known = take_rounded (claims, claim, points, ways[i], &rounded)
              && shape_equal (&rounded.given->shape, &sample->given->shape)
              && shape_equal (&rounded.correct->shape, &sample->correct->shape);
      points_put_back (points, kept);
      if (known)
        {
          widen (given, sample->given, rounded.given, factor);
          widen (correct, sample->correct, rounded.correct, factor);
        }
      sample_drop (&rounded, arrays);
    }
  if (known)
    {
      sample->off_given = array_hold (given);
      sample->off_correct = array_hold (correct);
    }
  array_drop (arrays, given);
  array_drop (arrays, correct);
  return known;
}
