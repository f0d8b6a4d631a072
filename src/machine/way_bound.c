/* way_bound.c -- whether the coefficients of iterations are finite, as the magnitudes of what they are made of tell,
   without computing them. */
#include <math.h>

#include "machine/body.h"

bool
way_bound_step (const struct lane_step *step, const double *most, double *bound)
{
  const struct op_info *info = &op_info[step->op];
  const double a = most[step->a], b = info->arity > 1 ? most[step->b] : 0, c = info->arity > 2 ? most[step->c] : 0;
  /* What is linear by pieces and finite has slopes of at most 1, and rounds to a whole number if it does. */
  if (info->traits & MILD || (info->traits & LINEAR && info->traits & FINITE))
    *bound = a + b + c + 4;
  else if (!step->partial && (step->op == OP_multiply || step->op == OP_through || step->op == OP_carry))
    *bound = a * b;
  else
    return false;
  return true;
}

/* At least the largest magnitude, and not finite where a number is not. */
static double
sum_of_magnitudes (const double *numbers, uint32_t count)
{
  double sums[4] = { 0 };
  uint32_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (int k = 0; k < 4; k++)
      sums[k] += fabs (numbers[i + k]);
  for (; i < count; i++)
    sums[0] += fabs (numbers[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static bool
is_bounded (const struct body_way *way, const double *entry, uint32_t count)
{
  double *most = way->most, sum = 0;
  if (!most)
    return false;
  for (uint32_t k = 0; k < way->fixed_count; k++)
    most[way->fixed[2 * k]] = fabs (entry[way->fixed[2 * k + 1]]);
  for (uint32_t k = 0; k < way->form.kept_count; k++)
    most[way->kept_columns[k]] = sum_of_magnitudes (way->kept + (size_t)k * LOOP_BLOCK, count);
  for (const struct lane_step *step = way->column_steps, *end = step + way->column_step_count; step < end; step++)
    way_bound_step (step, most, &most[step->to]);
  for (uint32_t link = 0; link < way->form.link_count; link++)
    sum += most[way->links[link]];
  return isfinite (sum);
}

bool
body_is_bounded (const struct body *body, const uint32_t *counts, const double *entry)
{
  bool bounded = true;
  for (uint32_t k = 0; k < body->form_count && bounded; k++)
    bounded = !counts[k] || is_bounded ((const struct body_way *)body->forms[k], entry, counts[k]);
  return bounded;
}
