/* claims_reach.c -- points far from the program's values, where a mistake shows that held inputs hide near them.

   Where v = w*x + b with b = 1e5 held, sigmoid(v) is 1 wherever w and x are drawn; but there is a w at which v is of an
   ordinary size. It is looked for along one input at a time: on a grid of all sizes, then by halving. */
#include <math.h>
#include <stdlib.h>

#include "base/heap.h"
#include "check/trial.h"

enum
{
  WIDE_POINTS = 20,
  LOW = -6, /* powers of ten on the grid, on both sides of 0 */
  HIGH = 12,
  HALVINGS = 60,
  TRIES = 4 /* for each pair of a value and an input */
};

/* How near a value has to come to its goal, of which it is a part. */
static const double NEAR = 0.3;

/* A value that is to be of an ordinary size, by one input. Elements go together one by one where there are as many of
   both; else one of each is looked at. */
struct reach
{
  struct trial *trial;
  struct point_input *input;
  uint32_t name;
  size_t count;  /* of unknowns */
  size_t number; /* of the try */
  /* By unknown: where it is; its value less the goal; both ends of a part where that changes its sign, or the program's
     domain ends; its sign at `low`; whether both ends have one; whether it is not the same everywhere. */
  struct unknown
  {
    double at, off, low, high, before, off_before;
    bool minus, bracketed, sure, moves;
  } * unknowns;
};

static double
goal (const struct reach *reach, size_t i)
{
  static const double goals[] = { 0.7, -0.4, 1.6, 0.25 };
  return goals[(i + reach->number) % (sizeof goals / sizeof *goals)];
}

static size_t
element (const struct reach *reach, size_t i, size_t size)
{
  return size == reach->count ? i : (i + reach->number) % size;
}

/* Runs the program with the unknowns where they are. */
static void
look (struct reach *reach)
{
  struct points *points = reach->trial->points;
  struct array *moved = reach->input->moved;
  struct again again;
  size_t watched = points->watched_count;
  for (size_t i = 0; i < reach->count; i++)
    {
      moved->elements[element (reach, i, moved->size)] = reach->unknowns[i].at;
      reach->unknowns[i].off = NAN;
    }
  reach->trial->runs -= reach->trial->runs > 0;
  points->watched_count = 0;
  if (points_run (points, &again, NULL, NULL) == POINT_GOOD)
    {
      const struct value *value = trial_value (&again.run, reach->name);
      size_t size = value_is_numeric (value) ? value_size (value) : 0;
      for (size_t i = 0; i < reach->count && size; i++)
        reach->unknowns[i].off = value_elements (value)[element (reach, i, size)] - goal (reach, i);
    }
  again_close (&again);
  points->watched_count = watched;
}

/* Notes the parts of the grid that the unknowns are to be looked for in. */
static void
bracket (struct reach *reach)
{
  for (size_t i = 0; i < reach->count; i++)
    {
      struct unknown *unknown = &reach->unknowns[i];
      double off = unknown->off, before = unknown->off_before;
      bool sure = !isnan (off) && !isnan (before) && (off < 0) != (before < 0), edge = isnan (off) != isnan (before);
      if ((sure && !unknown->sure) || (edge && !unknown->bracketed))
        {
          bool turned = isnan (before);
          unknown->low = turned ? unknown->at : unknown->before;
          unknown->high = turned ? unknown->before : unknown->at;
          unknown->minus = (turned ? off : before) < 0;
          unknown->bracketed = true;
          unknown->sure = sure;
        }
      unknown->moves |= isnan (off) ? !isnan (before) : off != before;
      unknown->before = unknown->at;
      unknown->off_before = off;
    }
}

/* Whether any is found; `moves`: whether the input makes any difference. */
static bool
find_brackets (struct reach *reach, bool *moves)
{
  enum
  {
    SIDE = HIGH - LOW + 1
  };
  bool any = false;
  for (int k = -SIDE; k <= SIDE; k++)
    {
      double at = k == 0 ? 0 : copysign (pow (10, LOW + abs (k) - 1), k);
      for (size_t i = 0; i < reach->count; i++)
        reach->unknowns[i].at = at;
      look (reach);
      if (k == -SIDE)
        for (size_t i = 0; i < reach->count; i++)
          reach->unknowns[i].off_before = reach->unknowns[i].off;
      bracket (reach);
    }
  *moves = false;
  for (size_t i = 0; i < reach->count; i++)
    {
      any |= reach->unknowns[i].bracketed;
      *moves |= reach->unknowns[i].moves;
    }
  return any;
}

/* Whether one at least comes to its goal. */
static bool
halve (struct reach *reach)
{
  bool near = false;
  for (int step = 0; step < HALVINGS && reach->trial->runs && !near; step++)
    {
      for (size_t i = 0; i < reach->count; i++)
        {
          struct unknown *unknown = &reach->unknowns[i];
          unknown->at = unknown->bracketed ? unknown->low + (unknown->high - unknown->low) / 2 : goal (reach, i);
        }
      look (reach);
      near = true;
      for (size_t i = 0; i < reach->count; i++)
        {
          struct unknown *unknown = &reach->unknowns[i];
          bool side = !isnan (unknown->off) && (unknown->off < 0) == unknown->minus;
          *(side ? &unknown->low : &unknown->high) = unknown->at;
          near &= !unknown->bracketed || fabs (unknown->off) <= NEAR * fabs (goal (reach, i));
        }
    }
  return near;
}

/* The sizes of both; false where the input stays, or the value is none. */
static bool
open_reach (struct reach *reach)
{
  const struct value *value = trial_value (reach->trial->claims->run, reach->name);
  const struct point_input *input = reach->input;
  bool stays = input->held || input->still || input->keeps != KEEP_NOTHING;
  if (stays || !value_is_numeric (value))
    return false;
  size_t size = value_size (value), inner = value_size (&input->value);
  if (!size || !inner)
    return false;
  reach->count = size == inner ? size : 1;
  return true;
}

/* Whether the claim is wrong where the value is of an ordinary size. What else moves is of that size, too, or of any.
 */
static bool
is_wrong_there (struct reach *reach)
{
  enum
  {
    ORDINARY = 4 /* number of a draw where very large and very small inputs are of that size, in steps of 8 */
  };
  struct points *points = reach->trial->points;
  bool wrong = false, moves = true;
  if (!open_reach (reach))
    return false;
  for (reach->number = 0; reach->number < TRIES && moves && reach->trial->runs && !wrong; reach->number++)
    {
      points->wide = reach->number % 2;
      points_draw (points, ORDINARY + 8 * reach->number);
      points->wide = false;
      reach->unknowns
        = heap_take_zeroed (reach->trial->claims->memory, reach->count, sizeof *reach->unknowns, "the claims");
      wrong = find_brackets (reach, &moves) && halve (reach) && trial_compare (reach->trial) == DIFFERS;
      heap_give (reach->unknowns);
    }
  points_reset (points);
  return wrong;
}

static bool
is_input (const struct points *points, uint32_t name)
{
  bool is = false;
  for (size_t i = 0; i < points->input_count; i++)
    is |= points->inputs[i].name == name;
  return is;
}

/* Reaches by each of the inputs in turn. */
static bool
is_wrong_by_any (struct reach *reach, uint32_t name)
{
  const struct points *points = reach->trial->points;
  bool wrong = false;
  reach->name = name;
  if (is_input (points, name))
    return false;
  for (size_t i = 0; i < points->input_count && reach->trial->runs && !wrong; i++)
    {
      reach->input = &points->inputs[i];
      wrong = is_wrong_there (reach);
    }
  return wrong;
}

static bool
mentions (const struct claim *claim, uint32_t name)
{
  bool does = false;
  for (size_t i = 0; i < claim->mentioned_count; i++)
    does |= claim->mentioned[i] == name;
  return does;
}

bool
claim_is_wrong_afar (struct trial *trial)
{
  struct points *points = trial->points;
  const struct claim *claim = trial->claim;
  const struct program *program = points->base->program;
  if (!trial->runs)
    return false;
  points->wide = true;
  bool wrong = trial_run (trial, WIDE_POINTS, false) == TRIAL_WRONG;
  points->wide = false;
  struct reach reach = { .trial = trial };
  /* Variables that the claim names come first. */
  for (size_t i = 0; i < claim->mentioned_count && !wrong; i++)
    wrong = is_wrong_by_any (&reach, claim->mentioned[i]);
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable) && !wrong; name++)
    wrong = program_variable (program, name)->slot != claim->target_slot && !mentions (claim, name)
            && is_wrong_by_any (&reach, name);
  return wrong;
}
