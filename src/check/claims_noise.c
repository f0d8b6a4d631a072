/* claims_noise.c -- derivatives that are rounding alone, as they are or as they are claimed: where terms cancel, what
   is left of them says nothing. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/claims.h"
#include "check/points.h"

enum
{
  MOVES = 16, /* at most: rounding may be the same at some */
  LOOSE = 16  /* times the rounding that was seen */
};

static const double TINY = 1e-9;

/* What derivatives of such a target in such a source are like: target / source, neither less than 1. */
static double
usual_size (const struct claims *claims, const struct claim *claim)
{
  const struct value *target = area_of (&claims->run->globals, struct value) + (claim->target_slot & REGISTER_MASK),
                     *source = &area_of (&claims->run->wanted, struct noted)[claim->wanted].value;
  struct shape target_shape = value_shape (target), source_shape = value_shape (source);
  return fmax (claim_largest (value_elements (target), shape_size (&target_shape)), 1)
         / fmax (claim_largest (value_elements (source), shape_size (&source_shape)), 1);
}

/* Whether both derivatives are so small beside that that they may be rounding where they differ. */
static bool
may_be_noise (const struct claims *claims, const struct sample *sample, double usual)
{
  for (size_t i = 0; i < sample->given->size; i++)
    if (!claim_agrees (claims, sample->given->elements[i], sample->correct->elements[i], sample->scale)
        && !(fmax (fabs (sample->correct->elements[i]), fabs (sample->given->elements[i])) <= 1e-6 * usual))
      return false;
  return true;
}

/* The derivative as it is and as it is claimed, where the source is a little off, by another part of itself in each
   element and each move; with move 0 where it is. False when there is none, or one of another size. `source` becomes
   what the source is there. */
static bool
derivatives (const struct claim *claim, const struct points *points, int move, struct array **source,
             struct array *found[2])
{
  const struct run *base = points->base;
  struct array **wanted = calloc (base->program->wanted_count + 1, sizeof *wanted), *moved = NULL;
  struct again again;
  if (!wanted)
    memory_exhausted (base->memory, sizeof *wanted, "the claims");
  if (move)
    {
      moved = array_new (base->arrays, TYPE_REAL, &(*source)->shape);
      for (size_t i = 0; i < moved->size; i++)
        moved->elements[i]
          = (*source)->elements[i] * (1 + ldexp ((double)((7 * i + 5 * (size_t)move) % 11) - 5.5, -22));
      wanted[claim->wanted] = moved;
    }
  found[0] = found[1] = NULL;
  if (points_run (points, &again, NULL, wanted) == POINT_GOOD)
    {
      found[0] = claim_correct (claim, &again.run, base->arrays);
      found[1] = claim_copy (base->arrays, area_of (&again.run.globals, struct value) + (claim->slot & REGISTER_MASK));
      if (!move)
        *source = claim_copy (base->arrays, &area_of (&again.run.wanted, struct noted)[claim->wanted].value);
    }
  again_close (&again);
  free (wanted);
  array_drop (base->arrays, moved);
  size_t size = claim->samples[0].given->size;
  return found[0] && found[1] && found[0]->size == size && found[1]->size == size;
}

/* By how much a derivative differs between two places: added to what is known of it. */
static void
note_changes (const struct array *here, const struct array *there, double *off)
{
  for (size_t i = 0; i < here->size; i++)
    off[i] = fmax (off[i], fabs (there->elements[i] - here->elements[i]));
}

/* Whether the changes that were seen explain all differences: a move by 10^-6 changes what is not rounding by no more
   than some such part of it. */
static bool
is_explained (const struct claims *claims, const struct sample *sample, const double *off, double usual)
{
  size_t size = sample->given->size;
  double most = LOOSE * claim_largest (off, size);
  /* What stays the same with a move may be rounding all the same, if it is next to nothing. */
  if (claim_largest (sample->given->elements, size) < TINY && claim_largest (sample->correct->elements, size) < TINY)
    most += 4 * DBL_EPSILON * usual;
  for (size_t i = 0; i < size; i++)
    {
      double given = sample->given->elements[i], correct = sample->correct->elements[i];
      if (!claim_agrees (claims, given, correct, sample->scale) && !(fabs (given - correct) <= most))
        return false;
    }
  return true;
}

bool
claim_is_noise (const struct claims *claims, const struct claim *claim, struct points *points, size_t number)
{
  const struct sample *sample = &claim->samples[number];
  struct arrays *arrays = claims->run->arrays;
  if (!claim->source || claim->jacobian)
    return false;
  double usual = usual_size (claims, claim);
  if (!may_be_noise (claims, sample, usual))
    return false;
  if (number)
    points_draw (points, sample->draw);
  else
    points_reset (points);
  struct array *source = NULL, *here[2], *there[2];
  double *off = calloc (sample->given->size + 1, sizeof *off);
  bool good = derivatives (claim, points, 0, &source, here) && off, noise = false;
  for (int move = 1; move <= MOVES && good && !noise; move++)
    {
      good = derivatives (claim, points, move, &source, there);
      for (int k = 0; k < 2; k++)
        {
          if (good)
            note_changes (here[k], there[k], off);
          array_drop (arrays, there[k]);
        }
      noise = good && is_explained (claims, sample, off, usual);
    }
  points_reset (points);
  free (off);
  array_drop (arrays, here[0]);
  array_drop (arrays, here[1]);
  array_drop (arrays, source);
  return noise;
}
