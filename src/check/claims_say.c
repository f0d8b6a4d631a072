/* claims_say.c -- verdicts, and how a wrong claim differs, in words. */

#include "check/claims.h"

#include "base/heap.h"

void
claim_decide (struct claim *claim, enum verdict verdict, const char *cause, char *message)
{
  claim->verdict = verdict;
  claim->cause = cause;
  heap_give (claim->message);
  claim->message = message;
}

/* "w has 3 elements", "w is 2x3", "w is one number" */
static char *
say_shape (const struct claims *claims, const char *name, const struct shape *shape)
{
  char text[SHAPE_TEXT];
  if (shape->rank == 0)
    return claim_text (claims, "%s is one number", name);
  if (shape->rank == 1)
    return claim_text (claims, "%s has %zu element%s", name, shape->extent[0], shape->extent[0] == 1 ? "" : "s");
  return claim_text (claims, "%s is %s", name, shape_text (text, shape));
}

void
claim_say_shape (struct claims *claims, struct claim *claim)
{
  const struct sample *base = &claim->samples[0];
  char *yours = say_shape (claims, "yours", &base->given->shape);
  char *other = say_shape (claims, claim->source ? claim->source : claim->target, &base->correct->shape);
  claim_decide (claim, VERDICT_WRONG, "shape", claim_text (claims, "shape: %s, %s", yours, other));
  heap_give (yours);
  heap_give (other);
}

/* Whether an element differs in some sample: a usable one, or the one that is shown. */
static bool
differs (const struct claims *claims, const struct claim *claim, size_t element)
{
  size_t size = claim->samples[claim->shown].given->size;
  for (size_t k = 0; k < claim_samples (claim); k++)
    {
      const struct sample *sample = &claim->samples[k];
      if ((sample->usable || k == claim->shown) && sample_fits (sample) && sample->given->size == size
          && claim_compare (claims, sample, element) == DIFFERS)
        return true;
    }
  return false;
}

/* Says which elements differ: "differs in 1 of 6 elements (w[1,2])", "differs in row 1 alone"; NULL when it is all. */
static char *
say_elements (const struct claims *claims, const struct claim *claim)
{
  const struct array *given = claim->samples[claim->shown].given;
  const char *name = claim->source ? claim->source : claim->target;
  size_t size = given->size, differ = 0, first = 0, last = 0;
  for (size_t i = 0; i < size; i++)
    if (differs (claims, claim, i))
      {
        first = differ++ ? first : i;
        last = i;
      }
  if (differ == size)
    return NULL;
  size_t columns = given->shape.rank == 2 ? given->shape.extent[1] : 1;
  if (columns > 1 && differ == columns && first % columns == 0 && last == first + columns - 1)
    return claim_text (claims, "differs in row %zu of %s alone", first / columns, name);
  char text[SHAPE_TEXT];
  return claim_text (claims, "differs in %zu of %zu elements (%s%s%s)", differ, size, differ > 1 ? "the first is " : "",
                     name, shape_position (text, &given->shape, first));
}

void
claim_say_difference (struct claims *claims, struct claim *claim, size_t usable, size_t wrong)
{
  char *elements = say_elements (claims, claim);
  if (elements && (wrong == usable || !usable))
    claim_decide (claim, VERDICT_WRONG, "elements", elements);
  else if (claim->samples[0].agrees && wrong == usable)
    claim_decide (claim, VERDICT_WRONG, "points",
                  claim_text (claims, "right at the program's values, wrong at all %zu random points", usable));
  else if (!wrong && usable)
    claim_decide (claim, VERDICT_WRONG, "points",
                  claim_text (claims, "right at %s %zu random point%s, not at the program's values",
                              usable == 1 ? "the" : "all", usable, usable == 1 ? "" : "s"));
  else if (wrong < usable)
    claim_decide (claim, VERDICT_WRONG, "points",
                  claim_text (claims, "differs at %zu of %zu random points%s", wrong, usable,
                              claim->samples[0].agrees ? ", not at the program's values" : ""));
  else
    claim_decide (claim, VERDICT_WRONG, NULL, NULL);
}

void
claim_add_place (const struct claims *claims, struct claim *claim, struct span span)
{
  size_t count = claim->place_count, at = count;
  for (size_t i = 0; i < count; i++)
    if (claim->places[i].start == span.start)
      return;
  struct span *places = heap_grow (claims->memory, claim->places, count + 1, sizeof *places, "the claims");
  for (; at > 1 && places[at - 1].start > span.start; at--)
    places[at] = places[at - 1];
  places[at] = span;
  claim->places = places;
  claim->place_count++;
}
