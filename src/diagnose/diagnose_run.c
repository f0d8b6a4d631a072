/* diagnose_run.c -- claims that are right of another program: one in which a call goes over another axis, or in which a
   choice goes another way. */

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"
#include "ops/ops.h"

enum
{
  FITS = 64 /* changes that are tried */
};

static const size_t PATIENCE = 100000000; /* links and elements of all runs */

/* A change to the run: a call and the axis that it is given instead of its own, or a choice. */
struct change
{
  uint32_t place;
  struct moved_axis moved;
  uint32_t op;
  int own;
  struct forced_choice forced;
  bool alive; /* it gives the claim at all points so far */
};

struct changes
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  struct change fits[FITS];
  size_t count;
};

/* The argument of a function that is its axis; 0 when it has none that sums go over. */
static int
axis_argument (enum op op)
{
  bool sums = op_group (op) == GROUP_networks || op_group (op) == GROUP_reductions;
  int axis = sums && !(op_info[op].traits & (TRUTH | INTEGER)) ? op_axis (op) : -1;
  return axis < 0 ? 0 : axis;
}

/* The axis of a call; -1 when it has none, or several. */
static int
axis_of_step (const struct step *step, int argument)
{
  const struct value *axis = &step->operands[argument];
  int rank = value_shape (&step->operands[0]).rank;
  if ((uint32_t)argument >= step->count || axis->kind == KIND_NOTHING)
    return op_info[step->op].traits & LAST_AXIS ? rank - 1 : -1;
  if (!value_is_number (axis))
    return -1;
  return axis->number < 0 ? (int)axis->number + rank : (int)axis->number;
}

/* A call with another axis: as it is, and with keepdims, which the shapes may need then. */
static void
add_fits (struct changes *changes, const struct step *step, int argument, int axis, int own)
{
  bool scans = op_parameter_named (op_info[step->op].parameters, "keepdims") < 0;
  for (int keeps = 0; keeps < (scans ? 1 : 2) && changes->count < FITS; keeps++)
    changes->fits[changes->count++] = (struct change){
      .place = step->place, .moved = { step->place, argument, axis, keeps }, .op = step->op, .own = own, .alive = true
    };
}

/* All calls on the way, each with every other axis. */
static void
find_calls (struct changes *changes, const struct replay *replay)
{
  unsigned char *path = search_path (replay, changes->claim);
  size_t patience = PATIENCE, cost = search_cost (replay);
  for (uint32_t place = 0; place < trace_places (&replay->trace); place++)
    {
      const struct step *step = search_step (replay, place);
      if (!step)
        continue;
      int argument = step->op < OPS ? axis_argument (step->op) : 0, rank = value_shape (&step->operands[0]).rank;
      int own = argument && rank > 1 ? axis_of_step (step, argument) : -1;
      if (own < 0 || !path[step->result.node])
        continue;
      for (int axis = 0; axis < rank; axis++)
        if (axis != own && patience > 2 * cost)
          {
            add_fits (changes, step, argument, axis, own);
            patience -= 2 * cost;
          }
    }
  heap_give (path);
}

/* All choices, each the other way, and as if its condition held everywhere or nowhere. */
static void
find_choices (struct changes *changes, size_t cost)
{
  const struct program *program = changes->claims->run->program;
  const struct instruction *code = area_of (&program->code, struct instruction);
  size_t patience = PATIENCE;
  for (uint32_t place = 0; place < area_count (&program->code, struct instruction); place++)
    for (int way = FORCE_TRUE; way <= FORCE_OTHER; way++)
      if (code[place].code == CODE_UNLESS && code[place].op != CONDITION_WHILE && changes->count < FITS
          && patience > cost)
        {
          struct change change = { .place = place, .alive = true };
          change.forced.place = place;
          change.forced.way = way;
          changes->fits[changes->count++] = change;
          patience -= cost;
        }
}

/* Whether the gradient of the program with a change is what was claimed at a sample's point. */
static bool
gives_claim (struct changes *changes, const struct change *fit, const struct sample *sample)
{
  struct claims *claims = changes->claims;
  const struct claim *claim = changes->claim;
  struct again again;
  bool same = false;
  points_draw (changes->points, sample->draw);
  changes->points->variation.axis = fit->forced.way ? NULL : &fit->moved;
  changes->points->variation.choice = fit->forced;
  if (points_run (changes->points, &again, NULL, NULL) == POINT_GOOD)
    {
      const struct value *target = claim_target_in (claim, &again.run);
      const struct value *own = claim_target_in (claim, claims->run);
      struct shape shape = value_shape (target), right = value_shape (own);
      struct array *gradient = claim_correct (claim, &again.run, claims->run->arrays);
      same = shape_equal (&shape, &right) && claim_is_given (claims, claim, sample, gradient);
      array_drop (claims->run->arrays, gradient);
    }
  changes->points->variation.axis = NULL;
  changes->points->variation.choice = (struct forced_choice){ 0 };
  again_close (&again);
  return same;
}

static void
explain (const struct changes *changes, size_t count, const struct change *best)
{
  struct claim *claim = changes->claim;
  claim->cause = best->forced.way ? "branch" : "axis";
  claim->hint = best->forced.way
                  ? claim_text (changes->claims, "you get this if %s",
                                best->forced.way == FORCE_OTHER  ? "the other branch is taken here"
                                : best->forced.way == FORCE_TRUE ? "this condition is taken to hold everywhere"
                                                                 : "this condition is taken to hold nowhere")
                  : claim_text (changes->claims, "you get this if %s is taken over axis %d here instead of axis %d",
                                op_written (best->op), (int)best->moved.axis, best->own);
  claim->hint_span = run_span (changes->claims->run, best->place);
  claim_add_place (changes->claims, claim, claim->hint_span);
  for (size_t i = 0; i < count; i++)
    if (changes->fits[i].alive)
      claim_add_place (changes->claims, claim, run_span (changes->claims->run, changes->fits[i].place));
}

bool
diagnose_run (struct claims *claims, struct claim *claim, struct points *points)
{
  struct changes *changes = heap_take (claims->memory, 1, sizeof *changes, "the search for causes");
  const struct change *best = NULL;
  struct replay replay;
  size_t places = 0, samples = search_samples (claims, claim, points);
  *changes = (struct changes){ .claims = claims, .claim = claim, .points = points };
  if (replay_open (&replay, points, POINTS_OWN))
    {
      find_calls (changes, &replay);
      find_choices (changes, search_cost (&replay));
    }
  replay_close (&replay);
  for (size_t i = 0; i < changes->count; i++)
    {
      struct change *fit = &changes->fits[i];
      for (size_t k = 0; k < samples && fit->alive; k++)
        fit->alive = !claim->samples[k].usable || gives_claim (changes, fit, &claim->samples[k]);
      places += fit->alive && (!best || best->place != fit->place || best->forced.way != fit->forced.way);
      struct fit mine = { .place = fit->place }, other = { .place = best ? best->place : 0 };
      if (fit->alive && (!best || fit_is_better (claims, &mine, &other)))
        best = fit;
    }
  points_reset (points);
  /* Numbers fit by accident more easily. */
  if (best && (claim->mentions || places == 1))
    explain (changes, changes->count, best);
  heap_give (changes);
  return claim->hint != NULL;
}
