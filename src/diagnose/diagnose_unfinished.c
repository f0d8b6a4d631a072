/* diagnose_unfinished.c -- claims that are the gradient in a value on the way: the last step is missing. */
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"
#include "tape/reverse.h"

enum
{
  STEPS = 4096, /* of more, none further; of variables neither */
  LEAST = 3,    /* samples, where several steps are missing */
  NAMES = 160   /* bytes */
};

/* Values on the way: the program's variables by name, then the results of the steps of one run by their order, which is
   the same in every run of a straight program. */
struct values
{
  struct claims *claims;
  struct claim *claim;
  size_t variables, count;
  bool matches[2 * STEPS];
};

static const struct value *
value_at (const struct values *values, const struct replay *replay, size_t i)
{
  static const struct value nothing = { 0 };
  const struct run *run = &replay->again.run;
  if (i >= values->variables)
    return &trace_at (&replay->trace, i - values->variables + 1)->result;
  const struct variable *variable = program_variable (run->program, (uint32_t)i);
  if (!(variable->flags & VARIABLE_ASSIGNED) || variable->slot == UINT32_MAX)
    return &nothing;
  const struct value *value = &area_of (&run->globals, struct value)[variable->slot & REGISTER_MASK];
  return value_is_numeric (value) ? value : &nothing;
}

/* Marks the values whose adjoint is the claim, and counts them. One that was no match before is passed over. */
static size_t
match (struct values *values, const struct sample *sample, const struct replay *replay)
{
  const struct run *run = &replay->again.run;
  uint32_t target = claim_target_in (values->claim, run)->node;
  uint32_t *keep = heap_take (run->memory, values->count + 1, sizeof *keep, "the search for causes");
  unsigned char *path = search_path (replay, values->claim);
  size_t left = 0, kept = 0;
  for (size_t i = 0; i < values->count; i++)
    {
      const struct value *value = value_at (values, replay, i);
      struct shape shape = value_shape (value);
      values->matches[i]
        = values->matches[i] && value->node && path[value->node] && shape_equal (&shape, &sample->given->shape);
      if (values->matches[i])
        keep[kept++] = value->node;
    }
  if (!kept)
    {
      heap_give (keep);
      heap_give (path);
      return 0;
    }
  reverse_sort (keep, kept);
  struct reverse reverse;
  reverse_from (&reverse, run->tape, target, keep, kept);
  for (size_t i = 0; i < values->count; i++)
    {
      if (!values->matches[i])
        continue;
      struct array *adjoint = array_new (run->arrays, TYPE_REAL, &sample->given->shape);
      reverse_read (&reverse, value_at (values, replay, i)->node, adjoint->size, adjoint->elements);
      values->matches[i] = claim_is_given (values->claims, values->claim, sample, adjoint);
      array_drop (run->arrays, adjoint);
      left += values->matches[i];
    }
  reverse_close (&reverse);
  heap_give (keep);
  heap_give (path);
  return left;
}

/* All at the first point, and what is left at the others: how many are left. The first replay says how many there
   are. */
static size_t
match_all (struct values *values, struct points *points)
{
  struct claim *claim = values->claim;
  size_t left = 0, samples = search_samples (values->claims, claim, points);
  bool is_long = points_are_long (points);
  for (size_t k = 0; k < samples && (k == 0 || left); k++)
    {
      struct replay replay;
      const struct sample *sample = &claim->samples[k];
      if (!sample->usable)
        continue;
      if (is_long ? replay_open_values (&replay, points, sample->draw) : replay_open (&replay, points, sample->draw))
        {
          size_t steps = trace_count (&replay.trace);
          steps = steps < STEPS ? steps : STEPS;
          if (k == 0)
            {
              size_t variables = area_count (&replay.again.run.program->variables, struct variable);
              values->variables = variables < STEPS ? variables : STEPS;
              values->count = values->variables + steps;
              memset (values->matches, true, values->count);
            }
          if (values->variables + steps < values->count)
            values->count = values->variables + steps;
          left = match (values, sample, &replay);
          claim->place_count = 0;
          for (size_t i = values->variables; i < values->count; i++)
            if (values->matches[i])
              claim_add_place (
                values->claims, claim,
                run_span (values->claims->run, trace_at (&replay.trace, i - values->variables + 1)->place));
        }
      replay_close (&replay);
    }
  points_reset (points);
  return left;
}

/* A step is told by its place, a variable that is the result of none by its name. */
static void
explain (const struct values *values)
{
  const struct program *program = values->claims->run->program;
  struct claim *claim = values->claim;
  claim->cause = "chain";
  if (claim->place_count)
    {
      claim->hint_span = claim->places[0];
      claim->hint = claim_text (values->claims,
                                "yours is the derivative of %s in the value here; the step from it to %s is missing",
                                claim->target, claim->source);
      return;
    }
  for (size_t i = 0; i < values->variables; i++)
    if (values->matches[i] && !claim->hint)
      {
        const struct variable *variable = program_variable (program, (uint32_t)i);
        const char *name = names_text (program->names, (uint32_t)i);
        claim->hint_span = (struct span){ variable->first, variable->length };
        claim->hint = claim_text (values->claims, "yours is d%s/d%s; the step from %s to %s is missing", claim->target,
                                  name, name, claim->source);
      }
}

/* Keeps the variables that the source comes to first, of numbers on the way from it to the target; false for none. */
static bool
find_first (struct values *values, const struct replay *replay, const unsigned char *path, uint32_t source)
{
  const struct tape *tape = replay->again.run.tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  uint32_t count = tape_count (tape);
  unsigned char *reached
    = heap_take_zeroed (values->claims->memory, count, sizeof *reached, "the search for causes");
  enum
  {
    NAMED = 1, /* a variable has the value */
    BEHIND = 2 /* it hangs on one that has a name */
  };
  bool any = false;
  for (size_t i = 0; i < values->count; i++)
    {
      const struct value *value = value_at (values, replay, i);
      if (value->node > source && path[value->node] && value_is_number (value))
        reached[value->node] = NAMED;
    }
  for (uint32_t node = source + 1; node < count; node++)
    for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
      if (operands[link] != LINK_SIZE && reached[operands[link] & ~(uint32_t)LINK_SIZE])
        reached[node] |= BEHIND;
  for (size_t i = 0; i < values->count; i++)
    {
      uint32_t node = value_at (values, replay, i)->node;
      values->matches[i] = reached[node] == NAMED;
      any |= values->matches[i];
      reached[node] |= BEHIND;
    }
  heap_give (reached);
  return any;
}

/* Whether the claim is what comes out when those variables change as the source does. */
static bool
takes_steps_for_one (struct values *values, struct replay *replay, const struct sample *sample)
{
  const struct run *run = &replay->again.run;
  const struct claim *claim = values->claim;
  uint32_t target = claim_target_in (claim, run)->node;
  unsigned char *path = search_path (replay, claim);
  double change = *sample->correct->elements, adjoint;
  replay_tangents (replay, claim);
  bool any = replay->tangents && find_first (values, replay, path, claim_source_in (claim, run)->node);
  heap_give (path);
  if (!any)
    return false;
  struct reverse reverse;
  reverse_from (&reverse, run->tape, target, NULL, 0);
  for (size_t i = 0; i < values->count; i++)
    if (values->matches[i])
      {
        uint32_t node = value_at (values, replay, i)->node;
        reverse_read (&reverse, node, 1, &adjoint);
        change += adjoint * (1 - replay->tangents[node]);
      }
  reverse_close (&reverse);
  return claim_gives (values->claims, claim, sample, 0, change);
}

/* The names of the variables that are left, at most three, and where the first one is. */
static void
say_names (const struct values *values, char text[NAMES], struct span *span)
{
  const struct program *program = values->claims->run->program;
  size_t said = 0, used = 0;
  *text = 0;
  for (size_t i = 0; i < values->count && said < 3; i++)
    if (values->matches[i])
      {
        const struct variable *variable = program_variable (program, (uint32_t)i);
        *span = said ? *span : (struct span){ variable->first, variable->length };
        used += (size_t)snprintf (text + used, NAMES - used, "%s%.40s", said++ ? ", " : "",
                                  names_text (program->names, (uint32_t)i));
      }
}

/* Of several ways to the target no step from a variable on the way to the source is there. */
static void
explain_steps (struct values *values, struct points *points)
{
  struct claim *claim = values->claim;
  size_t variables = area_count (&values->claims->run->program->variables, struct variable), tested = 0,
         samples = search_samples (values->claims, claim, points);
  bool good = claim->mentions && variables <= STEPS && claim->samples[0].given->size == 1 && !points_are_long (points)
              && value_is_number (claim_source_in (claim, values->claims->run))
              && value_is_number (claim_target_in (claim, values->claims->run));
  values->count = values->variables = good ? variables : 0;
  for (size_t k = 0; k < samples && good; k++)
    {
      struct replay replay;
      if (!claim->samples[k].usable)
        continue;
      if (replay_open (&replay, points, claim->samples[k].draw))
        {
          good = takes_steps_for_one (values, &replay, &claim->samples[k]);
          tested++;
        }
      replay_close (&replay);
    }
  points_reset (points);
  if (!good || tested < LEAST)
    return;
  char names[NAMES];
  say_names (values, names, &claim->hint_span);
  claim->cause = "chain";
  claim->hint
    = claim_text (values->claims, "you get this if the steps from %s to %s are left out", names, claim->source);
}

bool
diagnose_unfinished (struct claims *claims, struct claim *claim, struct points *points)
{
  struct values *values = heap_take (claims->memory, 1, sizeof *values, "the search for causes");
  *values = (struct values){ .claims = claims, .claim = claim };
  if (match_all (values, points))
    explain (values);
  else
    explain_steps (values, points);
  heap_give (values);
  return claim->hint != NULL;
}
