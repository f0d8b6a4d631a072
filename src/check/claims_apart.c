/* claims_apart.c -- answers that cannot be judged: out of the way of the others, and back among them. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "check/claims.h"

/* A value that is no answer, or an element that is not there. */
static void
find_fault (const struct claims *claims, struct claim *claim, const struct run *run)
{
  const struct value *given = claim_given_in (claim, run);
  char text[VALUE_TEXT];
  if (claim->source)
    {
      const struct value *source = claim_source_in (claim, run);
      struct shape part, shape = value_is_numeric (source) ? value_shape (source) : (struct shape){ 0 };
      if (value_is_numeric (source) && !claim_part_shape (claim, &shape, &part))
        {
          claim->fault.text = claim_text (claims, "%.*s has no such element", (int)claim->source_span.length,
                                          sources_text (run->diagnostics->sources, claim->source_span));
          return;
        }
    }
  if (!claim->none && !value_is_numeric (given) && given->kind != KIND_NOTHING)
    claim->fault.text = claim_text (claims, "a claim is a number or an array, not %s", value_describe (text, given));
}

/* Says what is the matter: shapes that do not fit make a wrong answer, all else none. */
static void
settle (struct claim *claim)
{
  claim->verdict = claim->fault.shape ? VERDICT_WRONG : VERDICT_UNREADABLE;
  claim->cause = claim->fault.shape ? "shape" : NULL;
  claim->message = claim->fault.text;
  claim->hint = claim->fault.hint;
  claim->level = REVEAL_VERDICT;
  claim->fault = (struct refusal){ 0 };
}

void
claims_add_apart (struct claims *claims, const struct claim *claim)
{
  claims->apart
    = heap_grow (claims->memory, claims->apart, claims->apart_count + 1, sizeof *claims->apart, "the claims");
  claims->apart[claims->apart_count++] = *claim;
}

/* Why an expression that claims are about has no value; without a text where it has one. */
static const struct refusal *
fault_of (const struct run *run, uint32_t number, const struct refusal *faults)
{
  const struct target *target = area_of (&run->program->targets, struct target) + number;
  return target->fault.text ? &target->fault : &faults[area_count (&run->program->claimed, struct claimed) + number];
}

void
claims_set_apart (struct claims *claims, const struct run *run, struct refusal *faults)
{
  size_t kept = 0;
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      bool answer = sources_find (run->diagnostics->sources, claim->left.start)->answers;
      const struct refusal *about = claim->expression == UINT32_MAX ? NULL : fault_of (run, claim->expression, faults);
      if (!claim->fault.text && faults[claim->number].text)
        claim->fault = faults[claim->number];
      else if (!claim->fault.text && about && about->text)
        claim->fault.text = claim_text (claims, "%s", about->text);
      else if (!claim->fault.text && answer)
        find_fault (claims, claim, run);
      if (!claim->fault.text)
        {
          claims->list[kept++] = *claim;
          continue;
        }
      settle (claim);
      claims_add_apart (claims, claim);
    }
  bool whole = kept == claims->count;
  claims->count = kept;
  if (!whole)
    claims_chain (claims, run->program);
}

static int
by_order (const void *a, const void *b)
{
  const struct claim *x = a, *y = b;
  return (x->order > y->order) - (x->order < y->order);
}

/* Of several right sides the worst stays, in the place of the first. */
static void
join_sides (struct claims *claims)
{
  static const int bad[VERDICTS] = {
    [VERDICT_OK] = 0, [VERDICT_UNDECIDED] = 1, [VERDICT_CARRIED] = 2, [VERDICT_UNREADABLE] = 3, [VERDICT_WRONG] = 4
  };
  size_t kept = 0;
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i], *before = kept ? &claims->list[kept - 1] : NULL;
      if (!claim->again || !before)
        {
          claims->list[kept++] = *claim;
          continue;
        }
      bool worse = bad[claim->verdict] > bad[before->verdict];
      struct claim out = worse ? *before : *claim;
      if (worse)
        *before = *claim;
      claim_free (&out);
    }
  claims->count = kept;
}

void
claims_put_back (struct claims *claims)
{
  size_t count = claims->count + claims->apart_count;
  struct claim *all = heap_take_zeroed (claims->memory, count + 1, sizeof *all, "the claims");
  if (claims->count)
    memcpy (all, claims->list, claims->count * sizeof *all);
  if (claims->apart_count)
    memcpy (all + claims->count, claims->apart, claims->apart_count * sizeof *all);
  /* What a claim was carried from is found again by its order. */
  for (size_t i = 0; i < count; i++)
    if (all[i].from)
      all[i].carried_from = all[i].from->order + 1;
  qsort (all, count, sizeof *all, by_order);
  heap_give (claims->list);
  heap_give (claims->apart);
  claims->list = all;
  claims->count = count;
  claims->apart = NULL;
  claims->apart_count = 0;
  join_sides (claims);
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      if (!claim->samples)
        claim->samples = heap_take_zeroed (claims->memory, 1, sizeof *claim->samples, "the claims");
      for (size_t k = 0; claim->carried_from && k < claims->count; k++)
        if (claims->list[k].order + 1 == claim->carried_from)
          claim->from = &claims->list[k];
    }
}
