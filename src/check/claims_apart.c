/* claims_apart.c -- answers that cannot be judged: out of the way of the others, and back among them. */
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
claims_set_apart (struct claims *claims, const struct run *run, struct refusal *faults)
{
  size_t kept = 0;
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      bool answer = sources_find (run->diagnostics->sources, claim->left.start)->answers;
      if (!claim->fault.text && faults[claim->number].text)
        claim->fault = faults[claim->number];
      else if (!claim->fault.text && answer)
        find_fault (claims, claim, run);
      if (!claim->fault.text)
        {
          claims->list[kept++] = *claim;
          continue;
        }
      claims->apart = heap_grow (claims->memory, claims->apart, claims->apart_count + 1, sizeof *claims->apart,
                                 "the claims");
      struct claim *apart = &claims->apart[claims->apart_count++];
      *apart = *claim;
      settle (apart);
    }
  bool whole = kept == claims->count;
  claims->count = kept;
  if (!whole)
    claims_chain (claims, run->program);
}

void
claims_put_back (struct claims *claims)
{
  size_t count = claims->count + claims->apart_count;
  if (!claims->apart_count)
    return;
  struct claim *all = heap_take (claims->memory, count, sizeof *all, "the claims");
  for (size_t i = 0, own = 0, apart = 0; i < count; i++)
    {
      bool first = apart == claims->apart_count
                   || (own < claims->count && claims->list[own].number < claims->apart[apart].number);
      all[i] = first ? claims->list[own++] : claims->apart[apart++];
      if (!all[i].samples)
        all[i].samples = heap_take_zeroed (claims->memory, 1, sizeof *all[i].samples, "the claims");
    }
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; all[i].from && k < count; k++)
      if (all[k].number == all[i].from->number)
        {
          all[i].from = &all[k];
          break;
        }
  heap_give (claims->list);
  heap_give (claims->apart);
  claims->list = all;
  claims->count = count;
  claims->apart = NULL;
  claims->apart_count = 0;
}
