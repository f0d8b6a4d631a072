/* diagnose.c -- why a claim is wrong, the simplest explanation first. */
#include "diagnose/diagnose.h"

#include "base/heap.h"

/* Numbers of few digits agree with something by accident. */
static bool
says_enough (struct claims *claims, const struct claim *claim)
{
  enum
  {
    DIGITS = 4
  };
  const struct array *given = claim->samples[0].given;
  int sum = 0;
  if (claim->mentions)
    return true;
  double *off = heap_take_zeroed (claims->memory, given->size, sizeof *off, "the claims");
  int *digits = heap_take_zeroed (claims->memory, given->size, sizeof *digits, "the claims");
  const char *text = sources_text (claims->run->diagnostics->sources, claim->right);
  if (claim_digits (text, claim->right.length, given->size, off, digits))
    for (size_t i = 0; i < given->size; i++)
      sum += given->elements[i] != 0 ? digits[i] : 0;
  else
    sum = DIGITS;
  heap_give (off);
  heap_give (digits);
  return sum >= DIGITS;
}

static bool
is_zero (const struct claim *claim)
{
  for (size_t k = 0; k < claim_samples (claim); k++)
    for (size_t i = 0; i < claim->samples[k].given->size; i++)
      if (claim->samples[k].given->elements[i] != 0)
        return false;
  return true;
}

static void
diagnose_claim (struct claims *claims, struct claim *claim, struct points *points)
{
  const struct sample *base = &claim->samples[0];
  if (claim->verdict != VERDICT_WRONG || claim->none || !claim->source || !base->given || !base->correct
      || is_zero (claim))
    return;
  bool enough = says_enough (claims, claim);
  if (diagnose_shape (claims, claim))
    return;
  bool same = shape_equal (&base->given->shape, &base->correct->shape);
  if (same && base->usable)
    diagnose_ratio (claims, claim);
  /* An answer that is right for another variable is often no swap of names: without the factor x, dloss/dw is
     dloss/db. */
  if (enough && same && base->usable && !claim->jacobian && diagnose_rules (claims, claim, points))
    return;
  if (enough && same && base->usable && !claim->jacobian && diagnose_run (claims, claim, points))
    return;
  if (!enough || diagnose_swapped (claims, claim, points))
    return;
  if (claim->jacobian || !base->usable || diagnose_unfinished (claims, claim, points))
    return;
  if (same && !diagnose_symmetric (claims, claim, points))
    diagnose_pairs (claims, claim, points);
}

void
diagnose_claims (struct claims *claims)
{
  for (size_t i = 0; i < claims->count; i++)
    diagnose_claim (claims, &claims->list[i], claims->points);
}
