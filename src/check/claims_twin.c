/* claims_twin.c -- slips that give a claim that is right at the points that were looked at. */
#include "base/heap.h"
#include "check/trial.h"

enum
{
  POINTS = 8, /* that a slip has to agree at */
  BRIEF = 3,  /* the same in a long program, as many as who searches looks at there (search.c) */
  TRIES = 40
};

/* Whether two values are alike at the program's values though they are not one. */
static bool
are_alike (const struct claims *claims, const struct value *a, const struct value *b)
{
  if (!value_is_numeric (a) || !value_is_numeric (b) || a->node == b->node)
    return false;
  struct shape left = value_shape (a), right = value_shape (b);
  const double *x = value_elements (a), *y = value_elements (b);
  bool alike = shape_equal (&left, &right);
  for (size_t i = 0; i < shape_size (&left) && alike; i++)
    alike = claim_agrees (claims, x[i], y[i], 0);
  return alike;
}

/* Whether a variable that the claim mentions may stand in the place of another one, which has its value here. */
static bool
may_be_another (const struct claims *claims, const struct claim *claim)
{
  const struct run *run = claims->run;
  uint32_t count = (uint32_t)area_count (&run->program->variables, struct variable);
  for (size_t i = 0; i < claim->mentioned_count; i++)
    for (uint32_t name = 0; name < count; name++)
      if (are_alike (claims, trial_value (run, claim->mentioned[i]), trial_value (run, name)))
        return true;
  return false;
}

bool
claim_is_past (const struct run *run, const struct point_input *input)
{
  uint32_t slot = program_variable (run->program, input->name)->slot,
           first = area_of (&run->inputs, struct noted)[input->number].value.node,
           last = slot == UINT32_MAX ? 0 : area_of (&run->globals, struct value)[slot & REGISTER_MASK].node;
  return first && last && first != last;
}

bool
claim_find_twin (struct claims *claims, struct claim *claim, struct points *points)
{
  struct arrays *arrays = claims->run->arrays;
  struct claim twin = *claim;
  bool brief = claims->sampling.few && points_are_long (points);
  size_t usable = 0, wanted = brief ? BRIEF : POINTS;
  /* Claims about a Jacobian or a value have no slips. */
  if (!claim->source || claim->jacobian || !claims->options.find_slip)
    return false;
  /* The claim is right at the program's values, and what gives it changes nothing there. */
  if (brief && !may_be_another (claims, claim) && !claims->options.may_slip (claims, claim, points))
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
      claim->cause = claim->verdict == VERDICT_WRONG ? twin.cause : claim->cause;
      claim->hint_span = twin.hint_span;
    }
  else
    heap_give (twin.hint);
  return found;
}
