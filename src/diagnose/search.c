/* search.c -- what searches for a slip go by. */
#include "diagnose/search.h"

#include <string.h>

#include "base/heap.h"
#include "ops/ops.h"

/* Moves the random samples at which a claim differs before the others. */
static void
move_differing (struct claim *claim)
{
  size_t next = 1;
  for (size_t k = 1; k < claim->sample_count; k++)
    {
      if (!claim->samples[k].usable || claim->samples[k].agrees)
        continue;
      struct sample sample = claim->samples[k];
      memmove (&claim->samples[next + 1], &claim->samples[next], (k - next) * sizeof sample);
      claim->samples[next] = sample;
      if (claim->shown == k)
        claim->shown = next;
      else if (claim->shown >= next && claim->shown < k)
        claim->shown++;
      next++;
    }
}

size_t
search_samples (struct claims *claims, struct claim *claim, const struct points *points)
{
  enum
  {
    FEW = 3,
    WORK = 80000 /* of all runs whose steps are heard, which take many times as long as others */
  };
  size_t all = claim_samples (claim), most = points->work ? WORK / points->work : all;
  if (points_are_long (points) || most < FEW)
    most = FEW;
  claims->cut |= (claims->sampling.few && points_are_long (points)) || all > most;
  if (all <= most)
    return all;
  move_differing (claim);
  return most;
}

size_t
search_first (const struct claims *claims, const struct claim *claim, size_t samples, size_t *differing)
{
  size_t first = 0;
  *differing = 0;
  for (size_t k = samples; k-- > 0;)
    {
      const struct sample *sample = &claim->samples[k];
      if (!sample->usable || claim_is_given (claims, claim, sample, sample->correct))
        continue;
      ++*differing;
      first = k || *differing == 1 ? k : first;
    }
  return first;
}

unsigned char *
search_path (const struct replay *replay, const struct claim *claim)
{
  const struct run *run = &replay->again.run;
  const struct tape *tape = run->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  uint32_t count = tape_count (tape);
  uint32_t source = area_of (&run->wanted, struct noted)[claim->wanted].value.node;
  uint32_t target = claim_target_in (claim, run)->node;
  unsigned char *path = heap_take_zeroed (run->memory, count, 1, "the search for causes");
  enum
  {
    FROM_SOURCE = 1,
    TO_TARGET = 2
  };
  path[source] = FROM_SOURCE;
  path[target] |= TO_TARGET;
  for (uint32_t node = source + 1; node < count; node++)
    for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
      path[node] |= operands[link] == LINK_SIZE ? 0 : path[operands[link] & ~(uint32_t)LINK_SIZE] & FROM_SOURCE;
  for (uint32_t node = target; node > source; node--)
    for (uint32_t link = ends[node - 1]; link < ends[node] && path[node] & TO_TARGET; link++)
      if (operands[link] != LINK_SIZE)
        path[operands[link] & ~(uint32_t)LINK_SIZE] |= TO_TARGET;
  path[0] = 0;
  for (uint32_t node = 1; node < count; node++)
    path[node] = path[node] == (FROM_SOURCE | TO_TARGET);
  return path;
}

size_t
search_cost (const struct replay *replay)
{
  const struct tape *tape = replay->again.run.tape;
  const struct linear *linears = area_of (&tape->linears, struct linear);
  size_t cost = area_count (&tape->operands, uint32_t) + tape_count (tape) + 1000;
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    cost += linears[i].operand_size + linears[i].result_size;
  return cost;
}

const struct step *
search_step (const struct replay *replay, uint32_t place)
{
  uint32_t count;
  const uint32_t *numbers = trace_at_place (&replay->trace, place, &count);
  return count ? trace_at (&replay->trace, *numbers) : NULL;
}

bool
fit_is_at (const struct claims *claims, const struct replay *replay, const unsigned char *path, const struct fit *fit,
           uint32_t place)
{
  if (place == fit->place || fit->like == ALONE)
    return place == fit->place;
  const struct step *mine = search_step (replay, fit->place), *other = search_step (replay, place);
  if (!mine || !other || mine->op != other->op || !path[other->result.node])
    return false;
  struct span a = run_span (claims->run, fit->place), b = run_span (claims->run, place);
  const struct sources *sources = claims->run->diagnostics->sources;
  /* Rules have steps of their own at the place of what they derive. */
  if (a.start == b.start)
    return false;
  return fit->like == LIKE_FUNCTION
         || (a.length == b.length && memcmp (sources_text (sources, a), sources_text (sources, b), a.length) == 0);
}

bool
fit_apply (const struct claims *claims, struct replay *replay, const unsigned char *path, const struct fit *fit)
{
  size_t made = 0;
  if (fit->like == ALONE)
    return slip_apply (replay, fit->slip, fit->place, fit->operand);
  for (uint32_t place = fit->place; place < trace_places (&replay->trace); place++)
    if (fit_is_at (claims, replay, path, fit, place))
      made += slip_apply (replay, fit->slip, place, fit->operand);
  if (made < 2)
    slip_undo (replay);
  return made > 1;
}

bool
fit_is_better (const struct claims *claims, const struct fit *a, const struct fit *b)
{
  struct span x = run_span (claims->run, a->place), y = run_span (claims->run, b->place);
  if (a->like != b->like)
    return a->like < b->like;
  if (a->slip != b->slip)
    return a->slip < b->slip;
  if (x.start <= y.start && x.start + x.length >= y.start + y.length)
    return true;
  if (y.start <= x.start && y.start + y.length >= x.start + x.length)
    return false;
  return x.start > y.start;
}

bool
search_has_one_term (const struct claims *claims, const struct replay *replay, const unsigned char *path,
                     const struct step *step, int operand)
{
  const struct step *inner = trace_find (&replay->trace, step->operands[operand].node);
  if ((step->op != OP_add && step->op != OP_subtract) || inner->count != 2
      || (inner->op != OP_add && inner->op != OP_subtract))
    return false;
  struct span outer = run_span (claims->run, step->place), span = run_span (claims->run, inner->place);
  return span.start >= outer.start && span.start + span.length <= outer.start + outer.length
         && path[inner->operands[0].node] != path[inner->operands[1].node];
}
