/* claims_points.c -- the random points at which claims are sampled: how many, and which. */
#include "base/heap.h"
#include "check/trial.h"

enum
{
  TRIES = 10,       /* draws for each point that is wanted */
  FEWEST = 2,       /* of a program of very many steps */
  FEWEST_WRONG = 1, /* where all claims are wrong at its own values */
  TRIES_WRONG = 3   /* draws for each of those */
};

/* Whether a claim has as many random points as are wanted. */
static bool
has_enough (const struct claims *claims, const struct claim *claim)
{
  size_t usable = claim->digits ? claims->options.points : 0;
  for (size_t i = 1; i < claim->sample_count; i++)
    usable += claim->samples[i].usable;
  return usable >= claims->options.points;
}

/* How many random points claims are compared at: where a program takes many turns or has many elements, as many as all
   of them together do not take very many, but some. At a kink a claim that differs may be right. */
static size_t
count_wanted (const struct claims *claims, const struct points *points)
{
  enum
  {
    WORK = 220000, /* of all points together */
    ELEMENTS = 5   /* that take no longer than an instruction */
  };
  size_t wanted = claims->options.points, least = FEWEST_WRONG;
  size_t most = WORK / (points->work + (points_cost (points) - points->turns) / ELEMENTS + 1);
  for (size_t i = 0; i < claims->count; i++)
    if (claims->run->suspicious || claims->run->tied
        || !(claims->list[i].digits || sample_differs_clearly (&claims->list[i].samples[0])))
      least = FEWEST;
  if (points_are_long (points) || most < least)
    most = least;
  return claims->options.all_points || wanted < most ? wanted : most;
}

/* Of random points of long programs, those where a claim and what is right have both left the range of normal numbers
   and differ by what rounding has left of them tell nothing, and take long to be looked at. Whether this is one. */
static bool
drop_underflown (struct claims *claims, size_t draw)
{
  static const double TINY = 1e-290;
  bool dropped = false;
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      struct sample *sample = &claim->samples[claim->sample_count - 1];
      size_t element;
      if (sample->draw == draw && sample->usable && sample_fits (sample)
          && claim_largest (sample->given) < TINY && claim_largest (sample->correct) < TINY)
        sample->usable = claim_compare_all (claims, sample, &element) <= AGREES;
      dropped |= !sample->usable;
    }
  return dropped;
}

/* The draws that random points are, one by one. Where there are to be few, those come first that tell most: near the
   program's values, with other signs, near them once more, and away from them. */
static size_t
draw_of (size_t number, bool few)
{
  static const size_t telling[] = { 0, 9, 2, 3 };
  enum
  {
    TELLING = sizeof telling / sizeof *telling,
    REST = 12 /* what comes behind begins as all draws do, which go round by sixteen */
  };
  return !few ? number : number < TELLING ? telling[number] : number + REST;
}

/* The next draw; of few points one of the kind, near or away, that has not failed more often than the other. */
static size_t
next_draw (struct sampling *sampling)
{
  size_t draw = draw_of (sampling->number++, sampling->few);
  while (sampling->few && sampling->failures[draw % 2] > sampling->failures[!(draw % 2)] + 1)
    draw = draw_of (sampling->number++, sampling->few);
  return draw;
}

/* What moves at the first of few points; it is the one that a search for numbers put in begins with. */
static void
keep_moves (struct claims *claims, const struct run *run)
{
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      claim->moved = heap_take_zeroed (claims->memory, claim->mentioned_count, sizeof *claim->moved, "the claims");
      claim_note_moves (claims, claim, run, claim->moved);
    }
}

/* Samples all claims at one point; false where the program does not come through. */
static bool
sample_point (struct claims *claims, struct points *points, struct sampling *sampling, size_t draw)
{
  struct again again;
  points_draw (points, draw);
  bool good = points_run (points, &again, NULL, NULL) == POINT_GOOD, useful = good;
  if (good)
    claims_sample (claims, &again.run, points->base->arrays, draw);
  if (good && sampling->few && draw == 0)
    keep_moves (claims, &again.run);
  if (good && sampling->few)
    useful = !drop_underflown (claims, draw);
  again_close (&again);
  sampling->failures[draw % 2] = useful ? 0 : sampling->failures[draw % 2] + 1;
  return good;
}

bool
claim_may_be_held (const struct claims *claims, const struct claim *claim, const struct points *points)
{
  size_t element;
  bool plain = claims->sampling.few && points_are_long (points) && claim->mentions && claim->source && !claim->jacobian;
  for (size_t i = 0; i < points->input_count && plain; i++)
    plain = points->inputs[i].keeps == KEEP_NOTHING && points->inputs[i].otherwise == KEEP_NOTHING;
  return plain && claim->sample_count > 1 && claim->samples[1].draw == 0 && sample_fits (&claim->samples[0])
         && claim_compare_all (claims, &claim->samples[0], &element) <= AGREES
         && sample_differs_clearly (&claim->samples[1]);
}

/* Whether each claim has enough, or may be right with what is put in, which is looked for before there are more. */
static bool
have_enough (struct claims *claims, const struct points *points)
{
  bool enough = true, held = !claims->sampling.further;
  for (size_t i = 0; i < claims->count; i++)
    {
      enough &= has_enough (claims, &claims->list[i]);
      held = held && claim_may_be_held (claims, &claims->list[i], points);
    }
  claims->sampling.left = held && !enough;
  return enough || held;
}

/* Samples all claims at random points until each has as many as are wanted, in so many draws. */
static void
sample_points (struct claims *claims, struct points *points)
{
  struct sampling *sampling = &claims->sampling;
  bool settled = claims->draws > 0;
  for (; claims->draws < sampling->tries; claims->draws++)
    {
      if (have_enough (claims, points))
        return;
      size_t draw = next_draw (sampling);
      /* What has to stay as it is shows by the first. */
      if (!sample_point (claims, points, sampling, draw) && !settled)
        {
          points_settle (points);
          sampling->failures[draw % 2] = 0;
          sample_point (claims, points, sampling, draw);
        }
      settled = true;
    }
}

void
claims_sample_points (struct claims *claims, struct points *points)
{
  size_t wanted = count_wanted (claims, points);
  claims->sampling = (struct sampling){ .few = wanted < claims->options.points };
  points->scaled = claims->sampling.few;
  claims->options.points = wanted;
  claims->draws = 0;
  claims->sampling.tries = (claims->sampling.few && wanted < FEWEST ? TRIES_WRONG : TRIES) * wanted;
  sample_points (claims, points);
}

bool
claims_sample_more (struct claims *claims, struct points *points)
{
  struct sampling *sampling = &claims->sampling;
  if (!sampling->few || (claims->options.points >= FEWEST && !sampling->left))
    return false;
  if (claims->options.points < FEWEST)
    {
      claims->options.points = FEWEST;
      sampling->tries = TRIES_WRONG * FEWEST;
    }
  sampling->further = true;
  sampling->left = false;
  sample_points (claims, points);
  return true;
}
