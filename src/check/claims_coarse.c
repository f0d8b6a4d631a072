/* claims_coarse.c -- what rounding can do in a program of very many steps or elements, as two more runs tell: one that
   rounds everything up and one that rounds everything down. That is no bound as rounding.h has one, which goes through
   all steps; it is one many times too large where errors do not happen to cancel, and good enough to see that a
   difference is none of rounding. (Kahan, How Futile are Mindless Assessments of Roundoff in Floating-Point
   Computation?, 2006.) */
#include <fenv.h>
#include <float.h>
#include <math.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "check/claims.h"
#include "check/points.h"
#include "ops/vector.h"

enum
{
  WAYS = 2 /* of rounding: up, and where that does not tell enough, down */
};

/* How many times larger than what one way of rounding shows a difference has to be, to need no other way. */
static const double SURE = 64;

/* How many times larger than what was seen the bounds are, for each root of a step: errors that go to and fro show no
   more than their root. And how many units of the last digit each step may be off in any case. */
static const double MARGIN = 4;

/* Rounds this way from here on, each number of a function by itself. What falls below the normal numbers rounds to 0
   then, if the processor can do so, but for nearest: rounded up, what all but vanishes never does, takes many times as
   long in every step, and may come back where it is divided by its like. */
static void
set_rounding (int rounding)
{
  fesetround (rounding);
  vector_one_by_one (rounding != FE_TONEAREST);
#ifdef __SSE2__
  _MM_SET_FLUSH_ZERO_MODE (rounding == FE_TONEAREST ? _MM_FLUSH_ZERO_OFF : _MM_FLUSH_ZERO_ON);
#endif
}

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
  set_rounding (rounding);
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
  set_rounding (FE_TONEAREST);
  again_close (&again);
  return taken && sample->usable && !fetestexcept (FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
}

/* The sample at the same point in one way of rounding; false where it tells nothing. To be dropped whatever comes. */
static bool
take_way (const struct claims *claims, const struct claim *claim, struct points *points, const struct sample *sample,
          int rounding, struct sample *rounded)
{
  struct array **kept = points_nudge (points, rounding == FE_UPWARD ? INFINITY : -INFINITY);
  bool known = take_rounded (claims, claim, points, rounding, rounded)
               && shape_equal (&rounded->given->shape, &sample->given->shape)
               && shape_equal (&rounded->correct->shape, &sample->correct->shape);
  points_put_back (points, kept);
  return known;
}

/* Bounds of what `nearest` came to: at least so many parts of its largest element, and so many times what it is off by
   in the ways of rounding that are known. */
static struct array *
bounds_of (const struct claims *claims, const struct array *nearest, double least, double factor,
           struct array *const *rounded, size_t ways)
{
  struct array *bounds = array_filled (claims->run->arrays, &nearest->shape, least * claim_largest (nearest));
  for (size_t way = 0; way < ways; way++)
    for (size_t i = 0; i < bounds->size; i++)
      bounds->elements[i]
        = fmax (bounds->elements[i], factor * fabs (rounded[way]->elements[i] - nearest->elements[i]));
  return bounds;
}

/* Gives a sample its bounds from the ways of rounding that are known. */
static void
bound (const struct claims *claims, struct sample *sample, double least, double factor, const struct sample *rounded,
       size_t ways)
{
  struct array *given[WAYS], *correct[WAYS];
  for (size_t way = 0; way < ways; way++)
    {
      given[way] = rounded[way].given;
      correct[way] = rounded[way].correct;
    }
  array_drop (claims->run->arrays, sample->off_given);
  array_drop (claims->run->arrays, sample->off_correct);
  sample->off_given = bounds_of (claims, sample->given, least, factor, given, ways);
  sample->off_correct = bounds_of (claims, sample->correct, least, factor, correct, ways);
}

bool
claim_bound_coarsely (const struct claims *claims, const struct claim *claim, struct points *points,
                      struct sample *sample)
{
  struct arrays *arrays = claims->run->arrays;
  size_t cost = points_cost (points);
  size_t code = points->turns + area_count (&claims->run->program->code, struct instruction);
  double steps = (double)(cost > code ? cost : code);
  double least = MARGIN * DBL_EPSILON * steps, factor = MARGIN * sqrt (steps);
  struct sample rounded[WAYS] = { 0 };
  size_t element;
  bool known = take_way (claims, claim, points, sample, FE_UPWARD, &rounded[0]), differs = false;
  if (known)
    {
      bound (claims, sample, SURE * least, SURE * factor, rounded, 1);
      differs = claim_compare_all (claims, sample, &element) == DIFFERS;
      known = differs || take_way (claims, claim, points, sample, FE_DOWNWARD, &rounded[1]);
    }
  if (known && !differs)
    bound (claims, sample, least, factor, rounded, WAYS);
  for (size_t way = 0; way < WAYS; way++)
    sample_drop (&rounded[way], arrays);
  if (!known)
    {
      array_drop (arrays, sample->off_given);
      array_drop (arrays, sample->off_correct);
      sample->off_given = sample->off_correct = NULL;
    }
  return known;
}
