/* diagnose_axis.c -- claims that are right of a program in which one call goes over another axis. */
#include <stdlib.h>

#include "check/diagnose.h"
#include "check/search.h"
#include "ops/ops.h"

enum
{
  FITS = 64 /* calls and axes that are tried */
};

static const size_t PATIENCE = 100000000; /* links and elements of all runs */

/* A call, and the axis that it is given instead of its own. */
struct axis_fit
{
  struct moved_axis moved;
  uint32_t op;
  int own;
  bool alive;
};

struct axes
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  struct axis_fit fits[FITS];
  size_t count;
};

/* Which argument of a function is its axis; 0 when it has none that sums go over. */
static int
axis_argument (uint32_t op)
{
  switch (op)
    {
    case OP_softmax:
    case OP_log_softmax:
    case OP_sum:
    case OP_mean:
    case OP_prod:
    case OP_max:
    case OP_min:
    case OP_var:
    case OP_std:
    case OP_logsumexp:
    case OP_median:
    case OP_cumsum:
    case OP_cumprod:
      return 1;
    case OP_norm:
      return 2;
    default:
      return 0;
    }
}

/* The axis of a call; -1 when it has none, or several. */
static int
axis_of_step (const struct told_step *step, int argument)
{
  const struct value *axis = &step->operands[argument];
  int rank = value_shape (&step->operands[0]).rank;
  if ((uint32_t)argument >= step->count || axis->kind == KIND_NOTHING)
    return step->op == OP_softmax || step->op == OP_log_softmax ? rank - 1 : -1;
  if (!value_is_number (axis))
    return -1;
  return axis->number < 0 ? (int)axis->number + rank : (int)axis->number;
}

/* A call with another axis: as it is, and with keepdims, which the shapes may need then. */
static void
add_fits (struct axes *axes, const struct told_step *step, int argument, int axis, int own)
{
  bool scans = step->op == OP_softmax || step->op == OP_log_softmax || step->op == OP_cumsum || step->op == OP_cumprod;
  for (int keeps = 0; keeps < (scans ? 1 : 2) && axes->count < FITS; keeps++)
    axes->fits[axes->count++] = (struct axis_fit){ { step->place, argument, axis, keeps }, step->op, own, true };
}

/* All calls on the way, each with every other axis. */
static void
find_calls (struct axes *axes, const struct replay *replay)
{
  const struct told_step *steps = area_of (&replay->steps, struct told_step);
  unsigned char *path = search_path (replay, axes->claim);
  size_t patience = PATIENCE, cost = search_cost (replay);
  for (size_t i = 0; path && i < area_count (&replay->steps, struct told_step); i++)
    {
      const struct told_step *step = &steps[(uint32_t)replay->by_place[i]];
      int argument = step->op < OPS ? axis_argument (step->op) : 0, rank = value_shape (&step->operands[0]).rank;
      int own = argument && rank > 1 ? axis_of_step (step, argument) : -1;
      if (own < 0 || !path[step->result.node] || (i && replay->by_place[i - 1] >> 32 == step->place))
        continue;
      for (int axis = 0; axis < rank; axis++)
        if (axis != own && patience > 2 * cost)
          {
            add_fits (axes, step, argument, axis, own);
            patience -= 2 * cost;
          }
    }
  free (path);
}

/* Whether the gradient of the program with another axis is what was claimed at a sample's point. */
static bool
gives_claim (struct axes *axes, const struct axis_fit *fit, const struct sample *sample)
{
  struct claims *claims = axes->claims;
  const struct claim *claim = axes->claim;
  struct again again;
  bool same = false;
  if (sample == &claim->samples[0])
    points_reset (axes->points);
  else
    points_draw (axes->points, sample->draw);
  axes->points->moved_axis = &fit->moved;
  if (points_run (axes->points, &again, NULL, NULL) == POINT_GOOD)
    {
      const struct value *target = area_of (&again.run.globals, struct value) + (claim->target_slot & REGISTER_MASK);
      const struct value *own = area_of (&claims->run->globals, struct value) + (claim->target_slot & REGISTER_MASK);
      struct shape shape = value_shape (target), right = value_shape (own);
      struct array *gradient = claim_correct (claim, &again.run, claims->run->arrays);
      size_t element;
      same = gradient && shape_equal (&shape, &right) && shape_equal (&gradient->shape, &sample->given->shape)
             && claim_agrees_all (claims, sample->given->elements, gradient->elements, gradient->size, sample->scale,
                                  &element);
      array_drop (claims->run->arrays, gradient);
    }
  axes->points->moved_axis = NULL;
  again_close (&again);
  return same;
}

static void
explain (const struct axes *axes, size_t count, const struct axis_fit *best)
{
  struct claim *claim = axes->claim;
  claim->cause = "axis";
  claim->hint = claim_text (axes->claims, "you get this if %s is taken over axis %d here instead of axis %d",
                            op_written (best->op), (int)best->moved.axis, best->own);
  claim->hint_span = run_span (axes->claims->run, best->moved.place);
  claim_add_place (axes->claims, claim, claim->hint_span);
  for (size_t i = 0; i < count; i++)
    if (axes->fits[i].alive)
      claim_add_place (axes->claims, claim, run_span (axes->claims->run, axes->fits[i].moved.place));
}

bool
diagnose_axis (struct claims *claims, struct claim *claim, struct points *points)
{
  struct axes *axes = calloc (1, sizeof *axes);
  const struct axis_fit *best = NULL;
  struct replay replay;
  size_t places = 0;
  if (!axes)
    return false;
  *axes = (struct axes){ .claims = claims, .claim = claim, .points = points };
  if (replay_open (&replay, points, true, 0))
    find_calls (axes, &replay);
  replay_close (&replay);
  for (size_t i = 0; i < axes->count; i++)
    {
      struct axis_fit *fit = &axes->fits[i];
      for (size_t k = 0; k < claim_samples (claim) && fit->alive; k++)
        fit->alive = !claim->samples[k].usable || gives_claim (axes, fit, &claim->samples[k]);
      places += fit->alive && (!best || best->moved.place != fit->moved.place);
      struct fit mine = { .place = fit->moved.place }, other = { .place = best ? best->moved.place : 0 };
      if (fit->alive && (!best || fit_is_better (claims, &mine, &other)))
        best = fit;
    }
  points_reset (points);
  /* Numbers fit by accident more easily. */
  if (best && (claim->mentions || places == 1))
    explain (axes, axes->count, best);
  free (axes);
  return claim->hint != NULL;
}
