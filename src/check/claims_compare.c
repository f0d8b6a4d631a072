/* claims_compare.c -- whether a sample of a claim agrees with what is right there, each element on its own scale, and
   what rounding leaves open. */
#include <math.h>

#include "check/claims.h"

/* By how much an element may differ, rounding apart. */
static double
tolerance (const struct claims *claims, double given, double correct)
{
  return claims->options.atol + claims->options.rtol * fmax (fabs (given), fabs (correct));
}

/* Whether an element agrees within the tolerances. */
static bool
matches (const struct claims *claims, const struct sample *sample, size_t element)
{
  double given = sample->given->elements[element], correct = sample->correct->elements[element];
  if (given == correct || (isnan (given) && isnan (correct)))
    return true;
  return isfinite (given) && isfinite (correct) && fabs (given - correct) <= tolerance (claims, given, correct);
}

enum agreement
claim_compare (const struct claims *claims, const struct sample *sample, size_t element)
{
  double given = sample->given->elements[element], correct = sample->correct->elements[element];
  if (matches (claims, sample, element))
    return given == 0 && correct == 0 ? AGREES_ZERO : AGREES;
  /* A number that is not finite is not known to be wrong: an overflow on the way is rounding, too. */
  if (!isfinite (given) || !isfinite (correct))
    return NOT_FINITE;
  if (!sample->off_given)
    return DIFFERS;
  double off_given = ROUNDING_LOOSE * sample->off_given->elements[element],
         off_correct = ROUNDING_LOOSE * sample->off_correct->elements[element];
  if (fabs (given) <= off_given && fabs (correct) <= off_correct && isfinite (off_given) && isfinite (off_correct))
    return ROUNDING_ZERO;
  return fabs (given - correct) <= tolerance (claims, given, correct) + off_given + off_correct ? ROUNDING : DIFFERS;
}

enum agreement
claim_compare_all (const struct claims *claims, const struct sample *sample, size_t *element)
{
  enum agreement worst = AGREES_ZERO;
  for (size_t i = 0; i < sample->given->size; i++)
    {
      enum agreement agreement = claim_compare (claims, sample, i);
      if (agreement > worst)
        {
          worst = agreement;
          *element = i;
        }
    }
  return worst;
}

bool
sample_fits (const struct sample *sample)
{
  return sample->given && sample->correct && shape_equal (&sample->given->shape, &sample->correct->shape);
}

bool
sample_differs_clearly (const struct sample *sample)
{
  static const double CLEARLY = 1e-3;
  bool differs = false;
  for (size_t i = 0; sample->usable && sample_fits (sample) && i < sample->given->size; i++)
    {
      double given = sample->given->elements[i], correct = sample->correct->elements[i];
      differs |= fabs (given - correct) > CLEARLY * fmax (fabs (given), fabs (correct));
    }
  return differs;
}

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

bool
claim_gives (const struct claims *claims, const struct claim *claim, const struct sample *sample, size_t element,
             double number)
{
  double given = sample->given->elements[element];
  return claim_agrees (claims, given, number, sample->scale)
         || (claim->off && fabs (given - number) <= claim->off[element]);
}

bool
claim_is_given (const struct claims *claims, const struct claim *claim, const struct sample *sample,
                const struct array *gradient)
{
  const struct array *given = sample->given;
  bool same = given && gradient && shape_equal (&given->shape, &gradient->shape);
  for (size_t i = 0; same && i < given->size; i++)
    same = claim_gives (claims, claim, sample, i, gradient->elements[i]);
  return same;
}

double
claim_largest (const struct array *array)
{
  double most = 0;
  for (size_t i = 0; array && i < array->size; i++)
    most = fmax (most, fabs (array->elements[i]));
  return most;
}
