/* claims_twin.c -- slips that give a claim that is right at the points that were looked at. */
#include "base/heap.h"
#include "check/trial.h"

enum
{
  POINTS = 8, /* that a slip has to agree at */
  BRIEF = 3,  /* the same in a long program, as many as who searches looks at there (search.c) */
  TRIES = 40
};

bool
claim_find_twin (struct claims *claims, struct claim *claim, struct points *points)
{
  struct arrays *arrays = claims->run->arrays;
  struct claim twin = *claim;
  size_t usable = 0, wanted = claims->sampling.few && points_are_long (points) ? BRIEF : POINTS;
  /* Claims about a Jacobian or a value have no slips. */
  if (!claim->source || claim->jacobian || !claims->options.find_slip)
    return false;
  twin.samples = heap_take_zeroed (claims->memory, TRIES + 1, sizeof *twin.samples, "the claims");
  twin.samples[0] = claim->samples[0];
  twin.sample_count = 1;
  /* There the slip changes nothing. */
  twin.samples[0].usable = false;
  twin.hint = NULL;
  twin.places = NULL;
  twin.place_count = 0;
  for (size_t draw = 0; draw < TRIES && usable < wanted; draw++)
    {
      struct again again;
      points_draw (points, draw);
      if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
        {
          struct sample sample = claim_take (claim, &again.run, arrays);
          sample.draw = draw;
          sample.scale = claim_largest (sample.correct);
          if (sample.usable && shape_equal (&sample.given->shape, &claim->samples[0].given->shape))
            {
              twin.samples[twin.sample_count++] = sample;
              usable++;
            }
          else
            sample_drop (&sample, arrays);
        }
      again_close (&again);
    }
  points_reset (points);
  bool found = usable && claims->options.find_slip (claims, &twin, points);
  for (size_t i = 1; i < twin.sample_count; i++)
    sample_drop (&twin.samples[i], arrays);
  heap_give (twin.samples);
  heap_give (twin.places);
  if (found)
    {
      heap_give (claim->hint);
      claim->hint = twin.hint;
      claim->hint_span = twin.hint_span;
    }
  else
    heap_give (twin.hint);
  return found;
}
