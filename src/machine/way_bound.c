/* way_bound.c -- whether the coefficients of iterations are finite, as the ranges of what they are made of tell,
   without computing them. */
#include <fenv.h>
#include <math.h>

#include "machine/body.h"

static struct interval
around_zero (double most)
{
  return (struct interval){ -most, most };
}

static double
magnitude (struct interval range)
{
  const double low = fabs (range.low), high = fabs (range.high);
  return low > high ? low : high;
}

/* From which of its operands' ranges that of an operator's value or partial is known. */
enum known_by
{
  NOTHING,
  MAGNITUDES,  /* it is at most their sum and 4 */
  ENDS,        /* it rises or falls in each, so it is largest and smallest at ends */
  ENDS_OF_SIGN /* the same, where none has 0 within */
};

static enum known_by
known_by (const struct lane_step *step)
{
  switch (step->op)
    {
    case OP_add:
    case OP_subtract:
    case OP_negate:
    case OP_plus:
    case OP_exp:
    case OP_exp2:
      return ENDS;
    case OP_multiply:
    case OP_through:
    case OP_carry:
      return step->partial ? NOTHING : ENDS;
    case OP_square:
      return step->partial ? ENDS : ENDS_OF_SIGN;
    case OP_divide:
    case OP_reciprocal:
    case OP_sqrt:
    case OP_cbrt:
    case OP_log:
    case OP_log2:
    case OP_log10:
    case OP_power:
    case OP_pow:
      return ENDS_OF_SIGN;
    default:;
    }
  /* What is linear by pieces and finite has slopes of at most 1, and rounds to a whole number if it does. */
  const int traits = op_info[step->op].traits;
  return traits & MILD || (traits & LINEAR && traits & FINITE) ? MAGNITUDES : NOTHING;
}

/* What a step gives for ends of its operands and of its value, bit k choosing that of the k-th. */
static double
at_ends (const struct lane_step *step, const struct interval *operands, unsigned ends)
{
  double x[3];
  for (int k = 0; k < 3; k++)
    x[k] = ends >> k & 1 ? operands[k].high : operands[k].low;
  if (!step->partial)
    return op_value ((enum op)step->op, x[0], x[1], 0);
  return op_partial ((enum op)step->op, step->partial - 1, x[0], x[1], 0, x[2], step->both);
}

/* From the least to the largest product of two ranges. An end that is no number, 0 times an infinite one, stands beside
   an infinite end, or all are none. */
static struct interval
product_of (struct interval a, struct interval b)
{
  const double ends[4] = { a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high };
  struct interval range = { ends[0], ends[0] };
  for (int i = 1; i < 4; i++)
    {
      range.low = ends[i] < range.low ? ends[i] : range.low;
      range.high = ends[i] > range.high ? ends[i] : range.high;
    }
  return range;
}

/* The range of a sum or a product, which most steps are: what is rounded rises where what it is rounded from does.
   False of other steps. */
static bool
span_plain (const struct lane_step *step, const struct interval *operands, struct interval *range)
{
  const struct interval a = operands[0], b = operands[1];
  if (step->partial)
    return false;
  switch (step->op)
    {
    case OP_add:
      *range = (struct interval){ a.low + b.low, a.high + b.high };
      break;
    case OP_subtract:
      *range = (struct interval){ a.low - b.high, a.high - b.low };
      break;
    case OP_negate:
      *range = (struct interval){ -a.high, -a.low };
      break;
    case OP_multiply:
    case OP_through:
    case OP_carry:
      *range = product_of (a, b);
      break;
    default:
      return false;
    }
  if (!(range->low <= range->high))
    *range = around_zero (INFINITY);
  return true;
}

/* From the least to the largest of a step's results at ends, and a little more: the library's functions do not quite
   rise or fall. Of what is no number at some end nothing is known. */
static struct interval
span_ends (const struct lane_step *step, const struct interval *operands)
{
  const double little = 1e-12;
  struct interval range = { INFINITY, -INFINITY };
  unsigned single = 0;
  for (int k = 0; k < 3; k++)
    single |= (unsigned)(operands[k].low == operands[k].high) << k;
  for (unsigned ends = 0; ends < 8; ends++)
    {
      if (ends & single)
        continue;
      const double end = at_ends (step, operands, ends);
      if (isnan (end))
        return around_zero (INFINITY);
      range.low = fmin (range.low, end);
      range.high = fmax (range.high, end);
    }
  return (struct interval){ range.low - little * fabs (range.low), range.high + little * fabs (range.high) };
}

/* The slope of a power in its base. An exponent that is no single number may turn it; a whole one takes it through
   0. */
static bool
span_power (const struct interval *operands, bool signs, struct interval *range)
{
  const double exponent = operands[1].low;
  if (exponent != operands[1].high)
    *range = around_zero (INFINITY);
  else if (!signs && exponent >= 1 && exponent == floor (exponent))
    *range = around_zero (op_partial (OP_power, 0, magnitude (operands[0]), exponent, 0, 0, false) * 2);
  else
    return false;
  return true;
}

bool
way_bound_step (const struct lane_step *step, const struct interval *ranges, struct interval *range)
{
  const int arity = op_info[step->op].arity;
  const struct interval zero = { 0, 0 };
  const bool reads_value = step->partial && op_partial_reads_value ((enum op)step->op, step->partial - 1);
  const struct interval operands[3]
    = { ranges[step->a], arity > 1 ? ranges[step->b] : zero, reads_value ? ranges[step->value] : zero };
  const bool signs = operands[0].low > 0 || operands[0].high < 0;
  switch (known_by (step))
    {
    case MAGNITUDES:
      *range = around_zero (magnitude (operands[0]) + magnitude (operands[1]) + 4
                            + (arity > 2 ? magnitude (ranges[step->c]) : 0));
      return true;
    case ENDS:
      if (!span_plain (step, operands, range))
        *range = span_ends (step, operands);
      return true;
    case ENDS_OF_SIGN:
      if (op_is_power (step->op) && step->partial == 1 && span_power (operands, signs, range))
        return true;
      if (signs && (arity == 1 || op_is_power (step->op) || operands[1].low > 0 || operands[1].high < 0))
        *range = span_ends (step, operands);
      else
        *range = around_zero (INFINITY);
      return true;
    default:
      return false;
    }
}

bool
way_bound_needs_signs (const struct lane_step *step)
{
  return known_by (step) == ENDS_OF_SIGN;
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

/* From the least to the largest of some numbers, all finite. */
static struct interval
interval_of (const double *numbers, uint32_t count)
{
  double lows[4], highs[4];
  uint32_t i = 0;
  for (int k = 0; k < 4; k++)
    lows[k] = highs[k] = numbers[0];
  for (; i + 4 <= count; i += 4)
    for (int k = 0; k < 4; k++)
      {
        lows[k] = numbers[i + k] < lows[k] ? numbers[i + k] : lows[k];
        highs[k] = numbers[i + k] > highs[k] ? numbers[i + k] : highs[k];
      }
  for (; i < count; i++)
    {
      lows[0] = fmin (lows[0], numbers[i]);
      highs[0] = fmax (highs[0], numbers[i]);
    }
  return (struct interval){ fmin (fmin (lows[0], lows[1]), fmin (lows[2], lows[3])),
                         fmax (fmax (highs[0], highs[1]), fmax (highs[2], highs[3])) };
}

static bool
is_bounded (const struct body_way *way, const double *entry, uint32_t count)
{
  struct interval *ranges = way->ranges;
  double total = 0;
  if (!ranges)
    return false;
  for (uint32_t k = 0; k < way->fixed_count; k++)
    {
      const double fixed = entry[way->fixed[2 * k + 1]];
      ranges[way->fixed[2 * k]] = (struct interval){ fixed, fixed };
    }
  for (uint32_t k = 0; k < way->form.kept_count; k++)
    {
      const double *kept = way->kept + (size_t)k * LOOP_BLOCK, sum = sum_of_magnitudes (kept, count);
      ranges[way->kept_columns[k]] = way->needs_signs && isfinite (sum) ? interval_of (kept, count) : around_zero (sum);
    }
  for (const struct lane_step *step = way->column_steps, *end = step + way->column_step_count; step < end; step++)
    way_bound_step (step, ranges, &ranges[step->to]);
  for (uint32_t link = 0; link < way->form.link_count; link++)
    total += magnitude (ranges[way->links[link]]);
  return isfinite (total);
}

/* What ends overflow to says nothing of the numbers, so it leaves no mark for who asks whether these did. */
bool
body_is_bounded (const struct body *body, const uint32_t *counts, const double *entry)
{
  bool bounded = true;
  const int raised = fetestexcept (FE_ALL_EXCEPT);
  for (uint32_t k = 0; k < body->form_count && bounded; k++)
    bounded = !counts[k] || is_bounded ((const struct body_way *)body->forms[k], entry, counts[k]);
  const int own = fetestexcept (FE_ALL_EXCEPT) & ~raised;
  if (own)
    feclearexcept (own);
  return bounded;
}
