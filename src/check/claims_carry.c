/* claims_carry.c -- right steps from wrong answers: of claims about one target, those that follow from the ones before
   them as they were given.

   A sweep is made in which the adjoint of each claimed value is what was claimed of it: before it goes on, that node
   gets as a further seed what the claim adds to the adjoint. */
#include <stdlib.h>

#include "base/heap.h"
#include "check/claims.h"
#include "check/points.h"
#include "tape/reverse.h"

/* The claims about one target, those nearest to it first, at one point. */
struct chain
{
  const struct run *run;
  struct claim **claims;
  size_t count;
  size_t sample; /* which of the claims' samples this is */
};

static const struct value *
source_of (const struct chain *chain, size_t i)
{
  return claim_source_in (chain->claims[i], chain->run);
}

/* The adjoint of a claim's source in a sweep from the target with the seeds so far. */
static struct array *
sweep (const struct chain *chain, struct array *const *seeds, size_t count, size_t claim)
{
  const struct run *run = chain->run;
  uint32_t target = claim_target_in (chain->claims[0], run)->node;
  const struct value *source = source_of (chain, claim);
  struct shape shape = value_shape (source);
  struct array *result = array_new (run->arrays, TYPE_REAL, &shape);
  struct reverse reverse;
  double one = 1;
  reverse_open (&reverse, run->tape, &source->node, 1);
  reverse_seed (&reverse, target, &one, 0);
  for (size_t i = 0; i < count; i++)
    if (seeds[i])
      reverse_seed (&reverse, source_of (chain, i)->node, seeds[i]->elements, 1);
  reverse_run (&reverse);
  reverse_read (&reverse, source->node, result->size, result->elements);
  reverse_close (&reverse);
  return result;
}

/* Takes from each claim that is still possible what does not follow here. */
static void
follow (const struct claims *claims, const struct chain *chain, bool *possible)
{
  struct array **seeds = heap_take_zeroed (claims->memory, chain->count, sizeof *seeds, "the claims");
  for (size_t i = 0; i < chain->count; i++)
    {
      const struct sample *sample = &chain->claims[i]->samples[chain->sample];
      const struct value *source = source_of (chain, i);
      struct shape shape = value_shape (source);
      /* What is claimed of a part is no adjoint of the whole. */
      if (!source->node || !sample->given || !sample->correct || !shape_equal (&sample->given->shape, &shape)
          || chain->claims[i]->jacobian)
        {
          possible[i] = false;
          continue;
        }
      struct array *found = sweep (chain, seeds, i, i);
      if (possible[i] && sample->usable)
        possible[i] = claim_agrees_all (claims, sample->given, found, sample->scale);
      for (size_t k = 0; k < found->size; k++)
        found->elements[k] = sample->given->elements[k] - found->elements[k];
      seeds[i] = found;
    }
  for (size_t i = 0; i < chain->count; i++)
    array_drop (chain->run->arrays, seeds[i]);
  heap_give (seeds);
}

/* By the nodes of their sources, the last first, and of one node in order of the answers. */
static int
by_node (const void *a, const void *b, void *run)
{
  const struct claim *one = *(struct claim *const *)a, *other = *(struct claim *const *)b;
  const struct noted *wanted = area_of (&((const struct run *)run)->wanted, struct noted);
  uint32_t x = wanted[one->wanted].value.node, y = wanted[other->wanted].value.node;
  return x != y ? (x < y) - (x > y) : (one > other) - (one < other);
}

/* Whether the source of one claim was made of that of another one. */
static bool
depends (const struct chain *chain, size_t later, size_t earlier)
{
  uint32_t from = source_of (chain, later)->node, to = source_of (chain, earlier)->node;
  if (!from || !to || from <= to)
    return false;
  struct reverse reverse;
  double one = 1;
  reverse_open (&reverse, chain->run->tape, &to, 1);
  reverse_seed (&reverse, from, &one, 0);
  reverse_connect (&reverse, &from, 1);
  bool found = area_of (&reverse.connected, unsigned char)[to];
  reverse_close (&reverse);
  return found;
}

/* The nearest wrong claim that one depends on, or NULL. */
static const struct claim *
wrong_before (const struct chain *chain, size_t claim)
{
  for (size_t i = claim; i-- > 0;)
    {
      enum verdict verdict = chain->claims[i]->verdict;
      if ((verdict == VERDICT_WRONG || verdict == VERDICT_CARRIED) && depends (chain, i, claim))
        return chain->claims[i];
    }
  return NULL;
}

static void
settle (const struct claims *claims, const struct chain *chain, const bool *possible)
{
  for (size_t i = 0; i < chain->count; i++)
    {
      struct claim *claim = chain->claims[i];
      const struct claim *from = claim->verdict == VERDICT_WRONG && possible[i] ? wrong_before (chain, i) : NULL;
      if (!from)
        continue;
      claim->verdict = VERDICT_CARRIED;
      claim->cause = "carried";
      claim->from = from;
      claim->level = REVEAL_VERDICT;
      heap_give (claim->message);
      claim->message = claim_text (claims, "the step from your %s to %s is right", from->name, claim->name);
    }
}

/* Follows the claims about one target through all their points. */
static void
carry (const struct claims *claims, struct chain *chain, struct points *points)
{
  bool *possible = heap_take_zeroed (claims->memory, chain->count, sizeof *possible, "the claims");
  size_t samples = SIZE_MAX;
  chain->run = claims->run;
  qsort_r (chain->claims, chain->count, sizeof *chain->claims, by_node, (void *)chain->run);
  for (size_t i = 0; i < chain->count; i++)
    {
      possible[i] = chain->claims[i]->samples[0].usable;
      samples = claim_samples (chain->claims[i]) < samples ? claim_samples (chain->claims[i]) : samples;
    }
  chain->sample = 0;
  follow (claims, chain, possible);
  for (size_t k = 1; k < samples; k++)
    {
      struct again again;
      points_draw (points, chain->claims[0]->samples[k].draw);
      if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
        {
          chain->run = &again.run;
          chain->sample = k;
          follow (claims, chain, possible);
        }
      again_close (&again);
    }
  points_reset (points);
  chain->run = claims->run;
  settle (claims, chain, possible);
  heap_give (possible);
}

void
claims_carry (struct claims *claims, struct points *points)
{
  struct claim **list = heap_take_zeroed (claims->memory, claims->count, sizeof *list, "the claims");
  for (size_t i = 0; i < claims->count; i++)
    {
      struct chain chain = { .claims = list };
      size_t wrong = 0;
      if (!claims->list[i].leads)
        continue;
      for (size_t k = i; k != SIZE_MAX; k = claims->list[k].next)
        if (claims->list[k].source)
          {
            list[chain.count++] = &claims->list[k];
            wrong += claims->list[k].verdict == VERDICT_WRONG;
          }
      if (wrong > 1)
        carry (claims, &chain, points);
    }
  heap_give (list);
}
