/* claims_trial.c -- a claim tried at points of another kind: with some inputs held, or with all of them free of what
   they show. */
#include <string.h>

#include "base/heap.h"
#include "check/claims.h"
#include "check/points.h"
#include "check/trial.h"

enum
{
  TRIES = 5,           /* draws for each point that is wanted */
  AFAR_STEPS = 1 << 24 /* that all runs take which searches afar make */
};

void
trial_open (struct trial *trial, struct claims *claims, struct claim *claim, struct points *points)
{
  size_t runs = AFAR_STEPS / points_cost (points);
  *trial = (struct trial){ .claims = claims,
                           .claim = claim,
                           .points = points,
                           .runs = runs < AFAR_RUNS ? runs : AFAR_RUNS,
                           .brief = claims->sampling.few && points_are_long (points) };
  trial->moves = heap_take_zeroed (claims->memory, claim->mentioned_count, sizeof *trial->moves, "the claims");
}

void
trial_close (struct trial *trial)
{
  points_reset (trial->points);
  points_release (trial->points);
  heap_give (trial->moves);
}

const struct value *
trial_value (const struct run *run, uint32_t name)
{
  static const struct value nothing = { 0 };
  const struct variable *variable = program_variable (run->program, name);
  return variable->slot == UINT32_MAX ? &nothing
                                      : area_of (&run->globals, struct value) + (variable->slot & REGISTER_MASK);
}

static bool
same_value (const struct value *a, const struct value *b)
{
  if (a->kind != b->kind)
    return false;
  if (value_is_number (a))
    return a->number == b->number;
  if (a->kind != KIND_ARRAY)
    return true;
  return shape_equal (&a->array->shape, &b->array->shape)
         && memcmp (a->array->elements, b->array->elements, a->array->size * sizeof (double)) == 0;
}

void
claim_note_moves (const struct claims *claims, const struct claim *claim, const struct run *run, bool *moves)
{
  for (size_t i = 0; i < claim->mentioned_count; i++)
    moves[i]
      |= !same_value (trial_value (claims->run, claim->mentioned[i]), trial_value (run, claim->mentioned[i]));
}

/* The claim at the point where the inputs are now. */
static enum agreement
compare_here (struct trial *trial, const struct run *run)
{
  struct claims *claims = trial->claims;
  struct sample sample = claim_take (trial->claim, run, claims->run->arrays);
  enum agreement agreement = NOT_FINITE;
  size_t element;
  if (sample.usable)
    {
      agreement = claim_compare_all (claims, &sample, &element);
      if (agreement == DIFFERS && !(trial->brief && sample_differs_clearly (&sample)))
        {
          claim_bound (claims, trial->claim, trial->points, &sample);
          agreement = claim_compare_all (claims, &sample, &element);
        }
    }
  sample_drop (&sample, claims->run->arrays);
  return agreement;
}

enum agreement
trial_compare (struct trial *trial)
{
  struct again again;
  enum agreement agreement = NOT_FINITE;
  if (points_run (trial->points, &again, NULL, NULL) == POINT_GOOD)
    {
      claim_note_moves (trial->claims, trial->claim, &again.run, trial->moves);
      agreement = compare_here (trial, &again.run);
    }
  again_close (&again);
  return agreement;
}

enum trial_outcome
trial_run (struct trial *trial, size_t wanted, bool near)
{
  size_t usable = 0, decided = 0;
  memset (trial->moves, 0, trial->claim->mentioned_count * sizeof *trial->moves);
  trial->next = trial->first;
  while (trial->next < trial->first + TRIES * wanted && decided < wanted)
    {
      points_draw (trial->points, near ? points_near (trial->next) : trial->next);
      trial->next++;
      enum agreement agreement = trial_compare (trial);
      usable += agreement != NOT_FINITE;
      decided += agreement <= ROUNDING_ZERO;
      if (agreement == DIFFERS)
        {
          points_reset (trial->points);
          return TRIAL_WRONG;
        }
    }
  points_reset (trial->points);
  return decided >= (wanted < LEAST_DECIDED ? wanted : LEAST_DECIDED) ? TRIAL_RIGHT
         : usable                                                     ? TRIAL_OPEN
                                                                      : TRIAL_OUTSIDE;
}

void
trial_note_moves (struct trial *trial, bool wide)
{
  size_t usable = 0, wanted = wide ? 20 : trial->brief ? 1 : 3;
  if (trial->brief && !wide && trial->claim->moved)
    {
      memcpy (trial->moves, trial->claim->moved, trial->claim->mentioned_count * sizeof *trial->moves);
      return;
    }
  trial->points->wide = wide;
  memset (trial->moves, 0, trial->claim->mentioned_count * sizeof *trial->moves);
  for (size_t number = 0; number < TRIES * wanted && usable < wanted; number++)
    {
      struct again again;
      points_draw (trial->points, number);
      if (points_run (trial->points, &again, NULL, NULL) == POINT_GOOD)
        {
          claim_note_moves (trial->claims, trial->claim, &again.run, trial->moves);
          usable++;
        }
      again_close (&again);
    }
  trial->points->wide = false;
  points_reset (trial->points);
}
