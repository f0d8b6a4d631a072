/* diagnose_unfinished.c -- claims that are the gradient in a value on the way: the last step is missing. */
#include <string.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"
#include "tape/reverse.h"

enum
{
  STEPS = 4096 /* of more, none further; of variables neither */
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

bool
diagnose_unfinished (struct claims *claims, struct claim *claim, struct points *points)
{
  struct values *values = heap_take (claims->memory, 1, sizeof *values, "the search for causes");
  *values = (struct values){ .claims = claims, .claim = claim };
  if (match_all (values, points))
    explain (values);
  heap_give (values);
  return claim->hint != NULL;
}
