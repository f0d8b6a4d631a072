/* diagnose_may.c -- whether a wrong rule may be there that does not show at the program's values.

   A search for one goes through all steps of a run, which takes long where loops make many turns. That a rule is wrong
   shows within few of them, unless the values are such that it makes no difference. */
#include <setjmp.h>

#include "base/heap.h"
#include "diagnose/diagnose.h"
#include "diagnose/search.h"

enum
{
  TURNS = 24,  /* of all loops together */
  STEPS = 400, /* of the program, of which more tell no faster than a search */
  FITS = 64,   /* that are followed further */
  DRAWS = 3    /* until the program comes through at one */
};

/* A run of some turns, and the slips that leave its gradient as it is. */
struct brief_run
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  struct replay replay;
  unsigned char *path;
  struct array *right;
  double scale;
  struct fit fits[FITS];
  size_t count;
  bool full;
};

/* Makes the run at the point of a draw, to be closed whatever comes of it; false where it tells nothing. */
static bool
open_brief (struct brief_run *brief, size_t draw)
{
  struct points *points = brief->points;
  points->variation.leaves = points->steps > TURNS ? points->steps - TURNS : 0;
  bool good = replay_open (&brief->replay, points, draw);
  points->variation.leaves = 0;
  if (!good || trace_count (&brief->replay.trace) > STEPS)
    return false;
  brief->path = search_path (&brief->replay, brief->claim);
  brief->right = claim_correct (brief->claim, &brief->replay.again.run, brief->claims->run->arrays);
  if (!brief->right || !elements_are_finite (brief->right->elements, brief->right->size))
    return false;
  brief->scale = claim_largest (brief->right);
  replay_tangents (&brief->replay, brief->claim);
  return true;
}

static void
close_brief (struct brief_run *brief)
{
  array_drop (brief->claims->run->arrays, brief->right);
  heap_give (brief->path);
  brief->right = NULL;
  brief->path = NULL;
  replay_close (&brief->replay);
}

/* Whether a slip leaves the gradient as it is. */
static bool
changes_nothing (struct brief_run *brief, const struct fit *fit)
{
  bool same = false;
  if (fit_apply (brief->claims, &brief->replay, brief->path, fit))
    {
      struct arrays *arrays = brief->claims->run->arrays;
      struct array *slipped = claim_correct (brief->claim, &brief->replay.again.run, arrays);
      same = claim_agrees_all (brief->claims, slipped, brief->right, brief->scale);
      array_drop (arrays, slipped);
    }
  slip_undo (&brief->replay);
  return same;
}

/* Adds the slips at a place that do. */
static void
find_at (struct brief_run *brief, const struct step *step)
{
  for (int slip = 0; slip < SLIPS; slip++)
    for (int operand = 0; operand < (slip_info[slip].joint ? 1 : (int)step->count); operand++)
      for (enum likeness like = ALONE; like <= LIKE_FUNCTION; like++)
        {
          struct fit fit = { (enum slip)slip, operand, step->place, like, true };
          if (!(slip_info[slip].joint || step->operands[operand].node) || !changes_nothing (brief, &fit))
            continue;
          if (brief->count < FITS)
            brief->fits[brief->count++] = fit;
          else
            brief->full = true;
        }
}

static void
find_all (struct brief_run *brief)
{
  const struct trace *trace = &brief->replay.trace;
  for (uint32_t place = 0, count; place < trace_places (trace); place++)
    {
      const uint32_t *numbers = trace_at_place (trace, place, &count);
      bool on_path = false;
      for (uint32_t k = 0; k < count && !on_path; k++)
        on_path = brief->path[trace_at (trace, numbers[k])->result.node];
      if (on_path)
        find_at (brief, trace_at (trace, *numbers));
    }
}

/* Whether one of them changes something at another point. What does not is right, too. */
static bool
any_changes (struct brief_run *brief)
{
  bool good = false, any = false;
  for (size_t draw = 0; draw < DRAWS && !good; draw++)
    {
      good = open_brief (brief, draw);
      for (size_t i = 0; i < brief->count && good && !any; i++)
        any = !changes_nothing (brief, &brief->fits[i]);
      close_brief (brief);
    }
  return any || !good;
}

bool
diagnose_may_slip (struct claims *claims, struct claim *claim, struct points *points)
{
  struct memory *memory = claims->memory;
  jmp_buf *outer = memory->stop, stop;
  struct brief_run *brief = heap_take_zeroed (memory, 1, sizeof *brief, "the search for causes");
  volatile bool may = true;
  brief->claims = claims;
  brief->claim = claim;
  brief->points = points;
  bool good = open_brief (brief, POINTS_OWN);
  memory->stop = &stop;
  if (good && setjmp (stop) == 0)
    {
      find_all (brief);
      may = brief->full;
    }
  memory->stop = outer;
  close_brief (brief);
  if (!may && brief->count)
    may = any_changes (brief);
  points_reset (points);
  heap_give (brief);
  return may;
}
