/* diagnose_unfinished.c -- claims that are the gradient in a value on the way: the last step is missing. */
#include <stdlib.h>

#include "check/diagnose.h"
#include "check/slips.h"
#include "ops/ops.h"
#include "tape/reverse.h"

enum
{
  STEPS = 4096 /* of more, none further */
};

/* Which steps' results have an adjoint that is the claim: those of one run, by their order, which is the same in every
   run of a straight program. What was no match before is passed over. */
static size_t
match (const struct claims *claims, const struct claim *claim, const struct sample *sample, struct replay *replay,
       bool *matches, size_t count)
{
  const struct run *run = &replay->again.run;
  const struct told_step *steps = area_of (&replay->steps, struct told_step);
  uint32_t target = area_of (&run->globals, struct value)[claim->target_slot & REGISTER_MASK].node;
  uint32_t *keep = calloc (count + 1, sizeof *keep);
  size_t left = 0, kept = 0, element;
  double one = 1;
  if (!keep)
    return 0;
  for (size_t i = 0; i < count; i++)
    if (matches[i])
      keep[kept++] = steps[i].result.node;
  reverse_sort (keep, kept);
  struct reverse reverse;
  reverse_open (&reverse, run->tape, keep, kept);
  reverse_seed (&reverse, target, &one, 0);
  reverse_run (&reverse);
  for (size_t i = 0; i < count; i++)
    {
      struct shape shape = value_shape (&steps[i].result);
      matches[i] = matches[i] && steps[i].result.node <= target && shape_equal (&shape, &sample->given->shape);
      if (!matches[i])
        continue;
      struct array *adjoint = array_new (run->arrays, TYPE_REAL, &shape);
      reverse_read (&reverse, steps[i].result.node, adjoint->size, adjoint->elements);
      matches[i]
        = claim_agrees_all (claims, sample->given->elements, adjoint->elements, adjoint->size, sample->scale, &element);
      array_drop (run->arrays, adjoint);
      left += matches[i];
    }
  reverse_close (&reverse);
  free (keep);
  return left;
}

bool
diagnose_unfinished (struct claims *claims, struct claim *claim, struct points *points)
{
  bool matches[STEPS];
  size_t count = 0, left = 0, tested = 0;
  for (size_t k = 0; k < claim_samples (claim) && (k == 0 || left); k++)
    {
      struct replay replay;
      const struct sample *sample = &claim->samples[k];
      bool good = sample->usable && replay_open (&replay, points, k == 0, sample->draw);
      if (good)
        {
          size_t steps = area_count (&replay.steps, struct told_step);
          if (k == 0)
            {
              count = steps < STEPS ? steps : STEPS;
              for (size_t i = 0; i < count; i++)
                matches[i] = true;
            }
          if (steps < count)
            count = steps;
          left = match (claims, claim, sample, &replay, matches, count);
          tested++;
          claim->place_count = 0;
          for (size_t i = 0; i < count; i++)
            if (matches[i])
              claim_add_place (claims, claim,
                               run_span (claims->run, area_of (&replay.steps, struct told_step)[i].place));
        }
      if (sample->usable)
        replay_close (&replay);
    }
  points_reset (points);
  if (!tested || !left)
    return false;
  claim->hint_span = claim->places[0];
  claim->cause = "chain";
  claim->hint
    = claim_text (claims, "yours is the derivative of %s in the value here; the step from it to %s is missing",
                  claim->target, claim->source);
  return true;
}
