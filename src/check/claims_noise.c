/* claims_noise.c -- derivatives that are rounding alone: where terms cancel, what is left of them says nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/claims.h"
#include "check/points.h"

enum
{
  MOVES = 3,
  LOOSE = 16 /* times the rounding that was seen */
};

static double
largest (const double *elements, size_t count)
{
  double most = 0;
  for (size_t i = 0; i < count; i++)
    most = fmax (most, fabs (elements[i]));
  return most;
}

/* Whether the right derivative is so small beside target / source that it may be rounding where it differs. */
static bool
may_be_noise (const struct claims *claims, const struct claim *claim, const struct sample *sample)
{
  const struct value *target = area_of (&claims->run->globals, struct value) + (claim->target_slot & REGISTER_MASK),
                     *source = &area_of (&claims->run->wanted, struct noted)[claim->wanted].value;
  struct shape target_shape = value_shape (target), source_shape = value_shape (source);
  double usual = largest (value_elements (target), shape_size (&target_shape))
                 / fmax (largest (value_elements (source), shape_size (&source_shape)), 1e-300);
  for (size_t i = 0; i < sample->given->size; i++)
    if (!claim_agrees (claims, sample->given->elements[i], sample->correct->elements[i], sample->scale)
        && !(fabs (sample->correct->elements[i]) <= 1e-6 * usual))
      return false;
  return true;
}

/* The derivative where the source is a little off, by another part of itself in each element and each move; with move
   0 where it is. NULL when there is none. `source` becomes what the source is there. */
static struct array *
derivative (const struct claim *claim, const struct points *points, int move, struct array **source)
{
  const struct run *base = points->base;
  struct array **wanted = calloc (base->program->wanted_count + 1, sizeof *wanted), *moved = NULL, *result = NULL;
  struct again again;
  if (!wanted)
    memory_exhausted (base->memory, sizeof *wanted, "the claims");
  if (move)
    {
      moved = array_new (base->arrays, TYPE_REAL, &(*source)->shape);
      for (size_t i = 0; i < moved->size; i++)
        moved->elements[i]
          = (*source)->elements[i] * (1 + ldexp ((double)((7 * i + 5 * (size_t)move) % 11) - 5.5, -32));
      wanted[claim->wanted] = moved;
    }
  if (points_run (points, &again, NULL, wanted) == POINT_GOOD)
    {
      const struct value *value = &area_of (&again.run.wanted, struct noted)[claim->wanted].value;
      struct shape shape = value_shape (value);
      result = claim_correct (claim, &again.run, base->arrays);
      if (!move)
        {
          *source = array_new (base->arrays, TYPE_REAL, &shape);
          memcpy ((*source)->elements, value_elements (value), (*source)->size * sizeof (double));
        }
    }
  again_close (&again);
  free (wanted);
  array_drop (base->arrays, moved);
  return result;
}

bool
claim_is_noise (const struct claims *claims, const struct claim *claim, struct points *points, size_t number)
{
  const struct sample *sample = &claim->samples[number];
  struct arrays *arrays = claims->run->arrays;
  if (!claim->source || claim->jacobian || !may_be_noise (claims, claim, sample))
    return false;
  if (number)
    points_draw (points, sample->draw);
  else
    points_reset (points);
  struct array *source = NULL, *here = derivative (claim, points, 0, &source);
  size_t size = here ? here->size : 0;
  double *off = calloc (size + 1, sizeof *off), most = 0;
  bool noise = off && here && size == sample->given->size;
  for (int move = 1; move <= MOVES && noise; move++)
    {
      struct array *there = derivative (claim, points, move, &source);
      noise = there && there->size == size;
      for (size_t i = 0; i < size && noise; i++)
        off[i] = fmax (off[i], fabs (there->elements[i] - here->elements[i]));
      array_drop (arrays, there);
    }
  most = noise ? largest (off, size) : 0;
  /* A move by 10^-9 changes what is not rounding by no more than some such part of it. */
  for (size_t i = 0; i < size && noise; i++)
    if (!claim_agrees (claims, sample->given->elements[i], sample->correct->elements[i], sample->scale))
      noise = off[i] >= 1e-3 * fabs (here->elements[i])
              && fabs (sample->given->elements[i] - sample->correct->elements[i]) <= LOOSE * most;
  points_reset (points);
  free (off);
  array_drop (arrays, here);
  array_drop (arrays, source);
  return noise;
}
