/* claims_judge.c -- right or wrong: claims at the program's values and at random points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "check/claims.h"
#include "check/diagnose.h"
#include "check/points.h"

enum
{
  TRIES = 10, /* draws for each point that is wanted */
  FEW = 5     /* random points are too few below this */
};

const struct claim_options claim_options_default = { .points = 20, .rtol = 1e-6, .atol = 1e-9, .seed = 1 };

bool
claim_agrees (const struct claims *claims, double given, double correct, double scale)
{
  if (given == correct || (isnan (given) && isnan (correct)))
    return true;
  double larger = fabs (given) > fabs (correct) ? fabs (given) : fabs (correct);
  return isfinite (larger) && fabs (given - correct) <= claims->options.atol * scale + claims->options.rtol * larger;
}

bool
claim_agrees_all (const struct claims *claims, const double *given, const double *correct, size_t size, double scale,
                  size_t *element)
{
  for (size_t i = 0; i < size; i++)
    if (!claim_agrees (claims, given[i], correct[i], scale))
      {
        *element = i;
        return false;
      }
  return true;
}

double
claim_largest (const double *elements, size_t count)
{
  double most = 0;
  for (size_t i = 0; i < count; i++)
    most = fmax (most, fabs (elements[i]));
  return most;
}

static double
largest (const struct array *array)
{
  return array ? claim_largest (array->elements, array->size) : 0;
}

static int
by_size (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The scale of each sample: of its own gradient, but not less than what is usual near the program's values, so that
   rounding does not count where a gradient happens to vanish. */
static void
find_scales (struct claims *claims, struct claim *claim)
{
  double *sizes = calloc (claim->sample_count + 1, sizeof *sizes), usual = 0;
  size_t count = 0;
  if (!sizes)
    memory_exhausted (claims->memory, claim->sample_count * sizeof *sizes, "the claims");
  for (size_t i = 1; i < claim->sample_count; i++)
    if (claim->samples[i].usable && claim->samples[i].draw % 2 == 0)
      sizes[count++] = largest (claim->samples[i].correct);
  if (count)
    {
      qsort (sizes, count, sizeof *sizes, by_size);
      usual = sizes[count / 2];
    }
  free (sizes);
  for (size_t i = 0; i < claim->sample_count; i++)
    {
      double own = largest (claim->samples[i].correct);
      claim->samples[i].scale = own > usual ? own : usual;
    }
}

/* Whether a claim that is numbers agrees to the digits typed; how many those are, where it is by them. */
static bool
agrees_by_digits (struct claims *claims, const struct claim *claim, const struct sample *sample, int *least,
                  size_t *element)
{
  const struct diagnostics *diagnostics = claims->run->diagnostics;
  size_t size = sample->given->size;
  double *off = calloc (size + 1, sizeof *off);
  int *digits = calloc (size + 1, sizeof *digits);
  if (!off || !digits)
    memory_exhausted (claims->memory, size * sizeof *off, "the claims");
  bool good = claim_digits (sources_text (diagnostics->sources, claim->right), claim->right.length, size, off, digits);
  *least = 0;
  for (size_t i = 0; i < size && good; i++)
    {
      double given = sample->given->elements[i], correct = sample->correct->elements[i];
      if (claim_agrees (claims, given, correct, sample->scale))
        continue;
      good = fabs (given - correct) <= off[i];
      *element = i;
      if (!*least || digits[i] < *least)
        *least = digits[i];
    }
  free (off);
  free (digits);
  return good;
}

/* A value or a gradient that is not there. */
static void
judge_missing (struct claims *claims, struct claim *claim)
{
  const struct sample *base = &claim->samples[0];
  const char *what = claim->source;
  bool zero = base->given && largest (base->given) == 0 && !claim->none;
  if (!claim->source)
    claim_decide (claim, VERDICT_WRONG, "value",
                  claim_text (claims, "%s is %sa number or an array", claim->target, base->correct ? "" : "not "));
  else if (area_of (&claims->run->wanted, struct noted)[claim->wanted].value.kind == KIND_NOTHING)
    claim_decide (claim, VERDICT_UNDECIDED, "unbound", claim_text (claims, "%s has no value", what));
  else if (base->correct)
    claim_decide (claim, VERDICT_WRONG, "connected", claim_text (claims, "%s depends on %s", claim->target, what));
  else if (claim->none || zero)
    claim_decide (claim, VERDICT_OK, NULL,
                  zero ? claim_text (claims, "%s does not depend on %s", claim->target, what) : NULL);
  else
    claim_decide (claim, VERDICT_WRONG, "unconnected",
                  claim_text (claims, "%s does not depend on %s", claim->target, what));
}

/* How many random points there are, and at how many the claim does not agree; the first sample that does not is
   shown. */
static size_t
count_points (struct claims *claims, struct claim *claim, struct points *points, size_t *wrong)
{
  size_t usable = 0, shown = claim->sample_count;
  *wrong = 0;
  for (size_t i = 0; i < claim_samples (claim); i++)
    {
      struct sample *sample = &claim->samples[i];
      if (!sample->usable || !sample_fits (sample))
        continue;
      size_t element = 0;
      sample->agrees = claim_agrees_all (claims, sample->given->elements, sample->correct->elements,
                                         sample->given->size, sample->scale, &element);
      /* The first that is more than rounding decides. */
      if (!sample->agrees && shown == claim->sample_count)
        sample->agrees = claim_is_noise (claims, claim, points, i);
      usable += i > 0;
      *wrong += i > 0 && !sample->agrees;
      if (!sample->agrees && shown == claim->sample_count)
        {
          shown = i;
          claim->element = element;
        }
    }
  claim->shown = shown < claim->sample_count ? shown : 0;
  return usable;
}

/* At a kink the claim is right at the program's values if it lies between the slopes. */
static void
look_for_kink (struct claims *claims, struct claim *claim, struct points *points)
{
  double low, high;
  char least[NUMBER_SIZE], most[NUMBER_SIZE];
  if (claim->samples[0].agrees || !claim_at_kink (claims, claim, points, &low, &high))
    return;
  claim->samples[0].agrees = true;
  number_print (least, low, 0);
  number_print (most, high, 0);
  claim->detail = claim_text (claims, "every value from %s to %s is right", least, most);
}

/* Too few points: where the program leaves its domain, or needs more memory than there is. */
static void
judge_undecided (struct claims *claims, struct claim *claim, struct points *points, size_t usable)
{
  claim_decide (claim, VERDICT_UNDECIDED, "domain",
                claim_text (claims, "the program %s at %zu of %zu random points",
                            claims->memory->failure.what ? "leaves its domain or its memory" : "leaves its domain",
                            claims->draws - usable, claims->draws));
  points_draw (points, 0);
  claim_find_trouble (claims, claim, points);
}

static void
judge (struct claims *claims, struct claim *claim, struct points *points)
{
  struct sample *base = &claim->samples[0];
  size_t usable, wrong, element = 0;
  int digits = 0;
  claim->level = REVEAL_VERDICT;
  find_scales (claims, claim);
  if (!base->correct || claim->none)
    {
      judge_missing (claims, claim);
      return;
    }
  if (!sample_fits (base))
    {
      claim_say_shape (claims, claim);
      return;
    }
  usable = count_points (claims, claim, points, &wrong);
  claim->points = claim->mentions ? usable : 0;
  look_for_kink (claims, claim, points);
  bool finite = elements_are_finite (base->correct->elements, base->correct->size);
  if (!base->usable && finite)
    claim_decide (claim, VERDICT_WRONG, "finite", claim_text (claims, "yours is not finite, the derivative is"));
  else if (!base->usable
           && claim_agrees_all (claims, base->given->elements, base->correct->elements, base->given->size, 0, &element))
    claim_decide (claim, VERDICT_OK, NULL, NULL);
  else if (!base->usable && !usable)
    {
      claim_decide (claim, VERDICT_UNDECIDED, "domain",
                    claim_text (claims, "the derivative is not finite at the program's values"));
      points_reset (points);
      claim_find_trouble (claims, claim, points);
    }
  else if (!claim->mentions && base->agrees)
    claim_decide (claim, VERDICT_OK, claim->detail ? "kink" : NULL,
                  claim->detail ? claim_text (claims, "at a kink") : NULL);
  else if (!claim->mentions && agrees_by_digits (claims, claim, base, &digits, &element))
    claim_decide (claim, VERDICT_OK, "digits",
                  claim_text (claims, "to the %d digit%s given", digits, digits == 1 ? "" : "s"));
  else if (!claim->mentions)
    claim_say_difference (claims, claim, 0, 0);
  else if (wrong || (base->usable && !base->agrees))
    claim_say_difference (claims, claim, usable, wrong);
  else if (claims->options.points && usable < (claims->options.points < FEW ? claims->options.points : FEW))
    judge_undecided (claims, claim, points, usable);
  else if (claim->detail)
    claim_decide (claim, VERDICT_OK, "kink", claim_text (claims, "at a kink"));
  else if (claim->turned)
    claim_decide (claim, VERDICT_OK, "layout",
                  claim_text (claims, "a Jacobian with the axes of %s first", claim->source));
  else
    claim_decide (claim, VERDICT_OK, NULL, NULL);
}

/* Whether a claim has as many random points as are wanted. */
static bool
has_enough (const struct claims *claims, const struct claim *claim)
{
  size_t usable = 0;
  for (size_t i = 1; i < claim->sample_count; i++)
    usable += claim->samples[i].usable;
  return usable >= claims->options.points;
}

static void
sample_points (struct claims *claims, struct points *points)
{
  for (size_t number = 0, wanted = claims->options.points; number < TRIES * wanted; number++)
    {
      bool enough = true;
      for (size_t i = 0; i < claims->count && enough; i++)
        enough = has_enough (claims, &claims->list[i]);
      if (enough)
        return;
      struct again again;
      claims->draws = number + 1;
      points_draw (points, number);
      if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
        claims_sample (claims, &again.run, points->base->arrays, number);
      again_close (&again);
    }
}

/* Numbers that agree at the program's values as they are need no more. */
static bool
needs_points (const struct claims *claims)
{
  for (size_t i = 0; i < claims->count; i++)
    {
      const struct sample *base = &claims->list[i].samples[0];
      size_t element;
      if (claims->list[i].mentions
          || (sample_fits (base)
              && !claim_agrees_all (claims, base->given->elements, base->correct->elements, base->given->size,
                                    largest (base->correct), &element)))
        return true;
    }
  return false;
}

void
claims_judge (struct claims *claims, const struct run *run, const struct claim_options *options)
{
  claims->run = run;
  claims->options = *options;
  claims_sample (claims, run, run->arrays, 0);
  struct points *points = claims->points = calloc (1, sizeof *points);
  claims->watched = calloc (claims->count + 1, sizeof *claims->watched);
  if (!points || !claims->watched)
    memory_exhausted (claims->memory, claims->count * sizeof *claims->watched, "the claims");
  points_open (points, run, options->seed);
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].target_slot != UINT32_MAX)
      claims->watched[points->watched_count++] = claims->list[i].target_slot;
  points->watched = claims->watched;
  if (options->points && points->input_count && needs_points (claims))
    {
      points_settle (points);
      sample_points (claims, points);
    }
  for (size_t i = 0; i < claims->count; i++)
    judge (claims, &claims->list[i], points);
  claims_carry (claims, points);
  for (size_t i = 0; i < claims->count; i++)
    {
      claim_say_where (claims, &claims->list[i], points);
      if (options->explains)
        diagnose_claim (claims, &claims->list[i], points);
    }
}
