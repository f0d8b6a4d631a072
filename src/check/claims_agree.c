/* claims_agree.c -- whether numbers of a claim are those of a slip. */
#include <math.h>

#include "check/claims.h"

bool
claim_agrees (const struct claims *claims, double given, double correct, double scale)
{
  /* Of what a slip would give, rounding is not looked at. */
  static const double SLACK = 1e-9;
  if (given == correct || (isnan (given) && isnan (correct)))
    return true;
  double larger = fabs (given) > fabs (correct) ? fabs (given) : fabs (correct);
  return isfinite (larger)
         && fabs (given - correct) <= claims->options.atol + SLACK * scale + claims->options.rtol * larger;
}

bool
claim_agrees_all (const struct claims *claims, const struct array *given, const struct array *correct, double scale)
{
  bool same = given && correct && shape_equal (&given->shape, &correct->shape);
  for (size_t i = 0; same && i < given->size; i++)
    same = claim_agrees (claims, given->elements[i], correct->elements[i], scale);
  return same;
}

double
claim_largest (const double *elements, size_t count)
{
  double most = 0;
  for (size_t i = 0; i < count; i++)
    most = fmax (most, fabs (elements[i]));
  return most;
}
