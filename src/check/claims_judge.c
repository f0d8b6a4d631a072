/* claims_judge.c -- right or wrong: claims at the program's values and at random points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "check/claims.h"
#include "check/points.h"
#include "check/trial.h"

enum
{
  FEW = 5 /* random points are too few below this */
};

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
  double *sizes = heap_take (claims->memory, claim->sample_count, sizeof *sizes, "the claims"), usual = 0;
  size_t count = 0;
  for (size_t i = 1; i < claim->sample_count; i++)
    if (claim->samples[i].usable && claim->samples[i].draw % 2 == 0)
      sizes[count++] = claim_largest (claim->samples[i].correct);
  if (count)
    {
      qsort (sizes, count, sizeof *sizes, by_size);
      usual = sizes[count / 2];
    }
  heap_give (sizes);
  for (size_t i = 0; i < claim->sample_count; i++)
    {
      double own = claim_largest (claim->samples[i].correct);
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
  double *off = heap_take_zeroed (claims->memory, size, sizeof *off, "the claims");
  int *digits = heap_take_zeroed (claims->memory, size, sizeof *digits, "the claims");
  bool good = claim_digits (sources_text (diagnostics->sources, claim->right), claim->right.length, size, off, digits);
  *least = 0;
  for (size_t i = 0; i < size && good; i++)
    {
      double given = sample->given->elements[i], correct = sample->correct->elements[i];
      if (claim_compare (claims, sample, i) <= ROUNDING_ZERO)
        continue;
      good = fabs (given - correct) <= off[i];
      *element = i;
      if (!*least || digits[i] < *least)
        *least = digits[i];
    }
  heap_give (off);
  heap_give (digits);
  return good;
}

/* An empty field of a table where NaN belongs: programs that read and write tables have one word for both. */
static bool
is_lost_nan (const struct claim *claim)
{
  const struct array *correct = claim->samples[0].correct;
  bool nan = claim->table && claim->none && correct && correct->size;
  for (size_t i = 0; nan && i < correct->size; i++)
    nan = isnan (correct->elements[i]);
  return nan;
}

/* A value or a gradient that is not there. */
static void
judge_missing (struct claims *claims, struct claim *claim)
{
  const struct sample *base = &claim->samples[0];
  const char *what = claim->source;
  bool zero = base->given && claim_largest (base->given) == 0 && !claim->none;
  if (is_lost_nan (claim))
    claim_decide (claim, VERDICT_OK, NULL, claim_text (claims, "an empty field, where NaN belongs"));
  else if (!claim->source)
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

/* How a claim fared at all its samples. */
struct tally
{
  size_t usable, wrong; /* random points, and those where it is wrong */
  enum agreement base;  /* at the program's values, the worst element */
  bool open;            /* rounding leaves an element open at every point */
};

/* The verdict on one element over all samples. */
struct fate
{
  bool agrees, open;
};

/* Compares one sample; what rounding can do is looked at where something differs, until something surely does. */
static enum agreement
compare_sample (struct claims *claims, struct claim *claim, struct points *points, size_t k, bool look,
                struct fate *fates, size_t *element)
{
  struct sample *sample = &claim->samples[k];
  enum agreement worst = claim_compare_all (claims, sample, element);
  if (worst == DIFFERS && look)
    {
      claim_bound_at (claims, claim, points, k);
      worst = claim_compare_all (claims, sample, element);
    }
  for (size_t i = 0; i < sample->given->size; i++)
    {
      enum agreement agreement = claim_compare (claims, sample, i);
      fates[i].agrees |= agreement == AGREES;
      fates[i].open |= agreement == ROUNDING;
    }
  return worst;
}

/* Compares all samples; the first that is wrong is shown. */
static struct tally
count_points (struct claims *claims, struct claim *claim, struct points *points)
{
  struct tally tally = { .base = AGREES_ZERO };
  size_t shown = claim->sample_count, size = claim->samples[0].given->size;
  struct fate *fates = heap_take_zeroed (claims->memory, size, sizeof *fates, "the claims");
  for (size_t k = 0; k < claim_samples (claim); k++)
    {
      struct sample *sample = &claim->samples[k];
      if (!sample_fits (sample) || (k && !sample->usable))
        continue;
      size_t element = 0;
      enum agreement worst = compare_sample (claims, claim, points, k, shown == claim->sample_count, fates, &element);
      sample->agrees = worst <= ROUNDING;
      tally.usable += k > 0;
      tally.wrong += k > 0 && worst == DIFFERS;
      tally.base = k ? tally.base : worst;
      if (worst == DIFFERS && shown == claim->sample_count)
        {
          shown = k;
          claim->element = element;
        }
    }
  for (size_t i = 0; i < size; i++)
    tally.open |= fates[i].open && !fates[i].agrees;
  heap_give (fates);
  claim->shown = shown < claim->sample_count ? shown : 0;
  return tally;
}

/* At a kink the claim is right at the program's values if it lies between the slopes. */
static void
look_for_kink (struct claims *claims, struct claim *claim, struct points *points, struct tally *tally)
{
  struct slopes kink = { 0 };
  char least[NUMBER_SIZE], most[NUMBER_SIZE];
  if (tally->base != DIFFERS || !claim_at_kink (claims, claim, points, &kink))
    return;
  claim->samples[0].agrees = true;
  tally->base = AGREES;
  number_print (least, kink.low, 0);
  number_print (most, kink.high, 0);
  claim->cause = kink.jumps ? "jump" : "kink";
  claim->detail
    = claim_text (claims, kink.jumps ? "%s and %s are right" : "every value from %s to %s is right", least, most);
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

/* Right as it stands, or in what it is about. */
static void
decide_right (struct claims *claims, struct claim *claim)
{
  static const char *const forms[]
    = { NULL, "the symmetric part, for a symmetric %s", "elements of a symmetric %s off the diagonal counted twice" };
  if (claim->detail)
    claim_decide (claim, VERDICT_OK, claim->cause, claim_text (claims, "at a %s", claim->cause));
  else if (claim->column)
    claim_decide (claim, VERDICT_OK, "layout",
                  claim_text (claims, "a Jacobian as a %s", claim->turned ? "row" : "column"));
  else if (claim->turned)
    claim_decide (claim, VERDICT_OK, "layout",
                  claim_text (claims, "a Jacobian with the axes of %s first", claim->source));
  else if (claim->form == FORM_SYMMETRISED)
    claim_decide (claim, VERDICT_OK, "form", claim_text (claims, forms[1], claim->source));
  else if (claim->form == FORM_TEXTBOOK)
    claim_decide (claim, VERDICT_OK, "form", claim_text (claims, forms[2], claim->source));
  else
    claim_decide (claim, VERDICT_OK, NULL, NULL);
}

static void
decide_digits (struct claims *claims, struct claim *claim, int digits)
{
  claim_decide (claim, VERDICT_OK, "digits",
                claim_text (claims, "to the %d digit%s given", digits, digits == 1 ? "" : "s"));
}

/* Notes of numbers, none of them 0, that they are right to the digits given whatever rounding does. Of a long or large
   program: it takes no run of it. */
static void
note_digits (struct claims *claims, struct claim *claim, const struct points *points)
{
  const struct sample *base = &claim->samples[0];
  size_t element;
  bool noted = (points_are_long (points) || points_are_large (points)) && !claim->mentions && !claim->none
               && base->usable && sample_fits (base);
  for (size_t i = 0; noted && i < base->given->size; i++)
    noted = base->given->elements[i] != 0;
  if (!noted || !agrees_by_digits (claims, claim, base, &claim->digits, &element))
    claim->digits = 0;
}

/* Numbers say something of the program's values alone. */
static void
judge_numbers (struct claims *claims, struct claim *claim, struct points *points, const struct tally *tally)
{
  struct sample *base = &claim->samples[0];
  size_t element = claim->element;
  int digits = 0;
  bool lost = tally->base >= ROUNDING_ZERO && !claim_zeros_are_small (claims, claim, points);
  bool typed = tally->base > ROUNDING_ZERO && agrees_by_digits (claims, claim, base, &digits, &element);
  if (tally->base <= ROUNDING_ZERO && !lost)
    decide_right (claims, claim);
  else if (typed && !lost)
    decide_digits (claims, claim, digits);
  else if (tally->base <= ROUNDING || typed)
    claim_decide (claim, VERDICT_UNDECIDED, "rounding",
                  claim_text (claims, "rounding alone can make that difference at the program's values"));
  else
    claim_say_difference (claims, claim, 0, 0);
}

/* One of both is not finite at the program's values, and right or unknown elsewhere. */
static void
judge_not_finite (struct claims *claims, struct claim *claim, struct points *points)
{
  const struct sample *base = &claim->samples[0];
  bool finite = elements_are_finite (base->correct->elements, base->correct->size);
  if (finite && !claim->mentions)
    {
      claim_decide (claim, VERDICT_WRONG, "finite", claim_text (claims, "yours is not finite, the derivative is"));
      return;
    }
  claim_decide (claim, VERDICT_UNDECIDED, finite ? "finite" : "domain",
                claim_text (claims, finite ? "yours is not finite at the program's values"
                                           : "the derivative is not finite at the program's values"));
  points_reset (points);
  claim_find_trouble (claims, claim, points);
}

/* Other forms that are right too, of a symmetric matrix and of a square Jacobian. */
static bool
has_other_form (const struct claim *claim, int number)
{
  const struct sample *base = &claim->samples[0];
  const struct shape *shape = base->whole ? &base->whole->shape : NULL;
  if (!shape || claim->part_count)
    return false;
  if (number == 0)
    return claim->jacobian && shape->rank % 2 == 0 && !claim->turned && !claim->column;
  return !claim->jacobian && shape_is_square (shape) && shape->extent[0] > 1
         && claim_source_is_symmetric (claim);
}

/* Tries the forms; true when the claim is right in one, which it has from then on. */
static bool
find_other_form (struct claims *claims, struct claim *claim, struct points *points, struct tally *tally)
{
  size_t shown = claim->shown, element = claim->element;
  for (int number = 0; number < 3; number++)
    {
      if (!has_other_form (claim, number))
        continue;
      claim->turned ^= number == 0;
      claim->form = number == 1 ? FORM_SYMMETRISED : number == 2 ? FORM_TEXTBOOK : FORM_FREE;
      claim_reform (claims, claim);
      struct tally other = count_points (claims, claim, points);
      if (!other.wrong && other.base < NOT_FINITE && !other.open)
        {
          *tally = other;
          return true;
        }
      claim->turned ^= number == 0;
      claim->form = FORM_FREE;
      claim_reform (claims, claim);
    }
  count_points (claims, claim, points);
  claim->shown = shown;
  claim->element = element;
  return false;
}

/* Right, and whether that needs what arrays show. */
static void
decide_shown (struct claims *claims, struct claim *claim, struct points *points)
{
  decide_right (claims, claim);
  if (claim->form == FORM_FREE)
    claim_check_shown (claims, claim, points);
}

/* Where X is symmetric, X' is the Jacobian of X @ w in either layout; that it is in one of them for any X is enough. */
static void
decide_layout (struct claims *claims, struct claim *claim, struct points *points)
{
  decide_shown (claims, claim, points);
  bool needs = claim->cause && (strcmp (claim->cause, "shown") == 0 || strcmp (claim->cause, "chance") == 0);
  if (!needs || !has_other_form (claim, 0))
    return;
  claim->turned = true;
  claim_reform (claims, claim);
  struct tally other = count_points (claims, claim, points);
  if (!other.wrong && other.base < NOT_FINITE && !other.open)
    {
      decide_shown (claims, claim, points);
      if (claim->cause && strcmp (claim->cause, "layout") == 0)
        return;
    }
  claim->turned = false;
  claim_reform (claims, claim);
  count_points (claims, claim, points);
  decide_shown (claims, claim, points);
}

bool
claims_look_further (struct claims *claims)
{
  if (!claims_sample_more (claims, claims->points))
    return false;
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      size_t element;
      claim->points = 0;
      find_scales (claims, claim);
      for (size_t k = 1; k < claim_samples (claim); k++)
        {
          struct sample *sample = &claim->samples[k];
          sample->agrees = sample->usable && claim_compare_all (claims, sample, &element) <= ROUNDING;
          claim->points += sample->usable;
        }
    }
  return true;
}

static void
judge (struct claims *claims, struct claim *claim, struct points *points)
{
  struct sample *base = &claim->samples[0];
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
  if (claim->digits)
    {
      decide_digits (claims, claim, claim->digits);
      return;
    }
  bool held = claim_may_be_held (claims, claim, points);
  if (held && claim_hold (claims, claim, points))
    {
      claim->points = claims->options.points;
      return;
    }
  if (held)
    claims_look_further (claims);
  struct tally tally = count_points (claims, claim, points);
  claim->points = claim->mentions ? tally.usable : 0;
  look_for_kink (claims, claim, points, &tally);
  bool wrong = tally.wrong || tally.base == DIFFERS;
  /* What looked wrong at the program's values may be so by rounding alone. */
  if (!wrong && claim->mentions && claims_look_further (claims))
    {
      tally = count_points (claims, claim, points);
      claim->points = tally.usable;
      wrong = tally.wrong || tally.base == DIFFERS;
    }
  if (wrong && find_other_form (claims, claim, points, &tally))
    wrong = false;
  bool sided = wrong && claim->mentions && tally.base <= ROUNDING && claim_keep_domain (claim, points);
  if (sided)
    {
      tally = count_points (claims, claim, points);
      claim->points = tally.usable;
      wrong = false;
    }
  size_t least = claims->options.points < FEW ? claims->options.points : FEW;
  if (tally.base == NOT_FINITE && !tally.wrong)
    judge_not_finite (claims, claim, points);
  else if (!claim->mentions)
    judge_numbers (claims, claim, points, &tally);
  else if (wrong && tally.base <= ROUNDING
           && (claim_show_otherwise (claims, claim, points) || (!held && claim_hold (claims, claim, points))))
    return;
  else if (wrong)
    claim_say_difference (claims, claim, tally.usable, tally.wrong);
  else if (tally.usable < least)
    judge_undecided (claims, claim, points, tally.usable);
  else if (tally.open)
    claim_decide (claim, VERDICT_UNDECIDED, "rounding",
                  claim_text (claims, "rounding alone can make the difference at every point"));
  else
    decide_layout (claims, claim, points);
  if (sided && claim->verdict == VERDICT_OK && !claim->cause)
    claim_decide (claim, VERDICT_OK, "signs", claim_text (claims, "while the signs stay as they are here"));
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
          || (sample_fits (base) && !claims->list[i].digits && claim_compare_all (claims, base, &element) > AGREES))
        return true;
    }
  return false;
}

void
claims_judge (struct claims *claims, const struct run *run, const struct claim_options *options)
{
  claims->run = run;
  claims->options = *options;
  claims_sample (claims, run, run->arrays, POINTS_OWN);
  struct points *points = claims->points = heap_take_zeroed (claims->memory, 1, sizeof *points, "the claims");
  claims->watched = heap_take_zeroed (claims->memory, claims->count, sizeof *claims->watched, "the claims");
  points_open (points, run, options->seed);
  /* What is not finite at the program's own values says nothing of points for claims about something else. */
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].leads && claims->list[i].target_slot != UINT32_MAX
        && elements_of_are_finite (claim_target_in (&claims->list[i], run)))
      claims->watched[points->watched_count++] = claims->list[i].target_slot;
  points->watched = claims->watched;
  points_limit (points, options->turns);
  for (size_t i = 0; i < claims->count; i++)
    note_digits (claims, &claims->list[i], points);
  if (options->points && points->input_count && needs_points (claims))
    claims_sample_points (claims, points);
  for (size_t i = 0; i < claims->count; i++)
    judge (claims, &claims->list[i], points);
  claims_carry (claims, points);
  for (size_t i = 0; i < claims->count; i++)
    claim_say_where (claims, &claims->list[i], points);
}
