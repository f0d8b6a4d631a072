/* differences_judge.c -- what differences of a program's values say of one partial derivative.

   Central differences with steps that shrink, extrapolated after Ridders (Advances in Engineering Software 4, 1982):
   each step removes one more power of the step from the error, and what two neighbours differ by is the error. The
   slopes of both sides tell a kink from a mistake, and what does not shrink with the step is a jump. */
#include "check/differences_judge.h"

#include <math.h>

enum
{
  STEPS = DIFFERENCE_STEPS,
  LAST = STEPS - 1
};

/* A slope that a sequence of quotients tends to, and its error. */
struct slope
{
  double value, error;
  bool converges; /* the quotients come nearer to it with each step */
};

/* The three slopes, and the size of things around. */
struct slopes
{
  struct slope both, left, right;
  bool above, below; /* the program comes through there */
  double scale, tolerance;
  bool vague;   /* the values themselves are little more than rounding */
  double floor; /* an error below it is small whatever the slope: of what the values vary by over the step */
};

double
difference_size (const struct difference_values *values)
{
  double size = fabs (values->middle);
  for (int s = 0; s < STEPS; s++)
    {
      size = fmax (size, isnan (values->high[s]) ? 0 : fabs (values->high[s]));
      size = fmax (size, isnan (values->low[s]) ? 0 : fabs (values->low[s]));
    }
  return size;
}

void
difference_undecided (struct difference *difference, const char *reason)
{
  difference->verdict = DIFFERENCE_UNDECIDED;
  difference->jumps = false;
  difference->reason = reason;
}

/* Quotients that do not come nearer are those of values that swing many times within a step. */
static bool
converges (const double quotients[STEPS], double value, double noise)
{
  enum
  {
    FROM = 3
  };
  for (int s = FROM; s < LAST; s++)
    {
      double now = fabs (quotients[s + 1] - value), before = fabs (quotients[s] - value);
      if (!(now <= 0.7 * before || now <= 4 * noise * pow (4, s + 1) + 1e-4 * fabs (value)))
        return false;
    }
  return true;
}

/* Ridders' extrapolation of quotients at steps that are a quarter of the one before; `order` is the first power of the
   step in their error, and `every` how far apart the powers are. `noise` is the error of a quotient at the first step
   by rounding. */
static struct slope
extrapolate (const double quotients[STEPS], int order, int every, double noise)
{
  double row[STEPS];
  struct slope best = { NAN, INFINITY, false };
  for (int s = 0; s < STEPS; s++)
    {
      double factor = pow (4, order), before = quotients[s], rounding = noise * pow (4, s);
      for (int k = 0; k < s; k++)
        {
          double better = (factor * before - row[k]) / (factor - 1);
          double error = fmax (fabs (better - before), fabs (better - row[k])) + 2 * rounding;
          row[k] = before;
          before = better;
          factor *= pow (4, every);
          if (error < best.error)
            best = (struct slope){ better, error, false };
        }
      row[s] = before;
    }
  best.converges = converges (quotients, best.value, noise);
  return best;
}

/* The slope of one side where it is infinite: quotients that grow by about the same factor with each step, of
   differences that go to 0 and are more than rounding. Else 0. */
static double
infinite_slope (const double quotients[STEPS], const double differences[STEPS], double noise)
{
  enum
  {
    FROM = STEPS - 5
  };
  for (int s = FROM; s < STEPS; s++)
    {
      double growth = quotients[s] / quotients[s - 1];
      if (!(growth > 1.1 && growth < 3.9) || !(fabs (differences[s]) > 100 * noise))
        return 0;
    }
  double first = quotients[FROM] / quotients[FROM - 1], last = quotients[LAST] / quotients[LAST - 1];
  return fabs (first - last) < 0.1 * first ? copysign (INFINITY, quotients[LAST]) : 0;
}

/* Whether a difference stays as it is, however small the step. */
static bool
stays (const double differences[STEPS], double noise, double size)
{
  double last = differences[LAST], near = 0.01 * fabs (last);
  return fabs (differences[LAST - 1] - last) < near && fabs (differences[LAST - 2] - last) < near
         && fabs (last) > 10 * noise && fabs (last) > 1e-9 * size;
}

static bool
is_between (double number, double a, double b, double slack)
{
  return number >= fmin (a, b) - slack && number <= fmax (a, b) + slack;
}

/* A gradient that is infinite, or would be: sides that are. */
static void
judge_infinite (const struct slopes *slopes, double left, double right, struct difference *difference)
{
  double g = difference->gradient;
  difference->left = left != 0 ? left : slopes->left.value;
  difference->right = right != 0 ? right : slopes->right.value;
  difference->found = difference->error = NAN;
  if (isinf (g) && ((!slopes->below && right == g) || (!slopes->above && left == g) || (left == g && right == g)))
    difference->verdict = DIFFERENCE_OK;
  else if (slopes->above && slopes->below && left != right
           && is_between (g, difference->left, difference->right, slopes->tolerance))
    difference->verdict = DIFFERENCE_KINK;
  else
    difference_undecided (difference, "the slope is infinite there");
}

/* Whether a slope is known: not so where the values swing many times within a step. */
static bool
is_settled (const struct slopes *slopes, const struct slope *slope)
{
  return slope->converges && slope->error <= 1e-3 * fabs (slope->value) + slopes->floor;
}

/* Where the slopes of both sides are the derivative, or differ. */
static void
judge_finite (const struct slopes *slopes, const struct difference_rounding *rounding, struct difference *difference)
{
  const struct slope *both = &slopes->both, *left = &slopes->left, *right = &slopes->right;
  double g = difference->gradient, own = 2 * rounding->gradient, scale = slopes->scale;
  bool bent
    = fabs (left->value - right->value) > 1e-4 * scale + 10 * (left->error + right->error) + slopes->tolerance + own;
  bool agrees = fabs (g - both->value) <= slopes->tolerance + 3 * both->error + own;
  if (agrees && !bent && (both->error <= 0.03 * scale || both->error <= slopes->tolerance))
    difference->verdict = DIFFERENCE_OK;
  else if (!bent && fabs (g) <= own && fabs (both->value) <= slopes->tolerance + 3 * both->error)
    difference->verdict = DIFFERENCE_OK; /* 0 but for rounding, as the differences are */
  else if (agrees && !bent)
    difference_undecided (difference, "rounding hides the derivative");
  else if (bent ? !is_settled (slopes, left) || !is_settled (slopes, right) : !is_settled (slopes, both))
    difference_undecided (difference, "differences do not settle there");
  else if (bent && is_between (g, left->value, right->value, 1e-3 * scale + 10 * (left->error + right->error) + own))
    difference->verdict = DIFFERENCE_KINK;
  else if (!bent && !(both->error <= 1e-3 * scale + slopes->tolerance))
    difference_undecided (difference, "differences do not settle there");
  else if (slopes->vague)
    difference_undecided (difference, "rounding hides the derivative");
  else
    difference->verdict = DIFFERENCE_WRONG;
}

static void
judge_one_side (const struct slopes *slopes, const struct difference_rounding *rounding, struct difference *difference)
{
  const struct slope *side = slopes->above ? &slopes->right : &slopes->left;
  difference->found = side->value;
  difference->error = side->error;
  if (fabs (difference->gradient - side->value) <= slopes->tolerance + 3 * side->error + 2 * rounding->gradient)
    difference->verdict = DIFFERENCE_OK;
  else
    difference_undecided (difference, "the program does not come through on one side");
}

void
difference_judge (const struct difference_values *values, const struct difference_rounding *rounding,
                  const struct difference_options *options, struct difference *difference)
{
  double central[STEPS], left[STEPS], right[STEPS], ahead[STEPS], behind[STEPS];
  double size = difference_size (values), g = difference->gradient, most = 0;
  struct slopes slopes = { .above = true, .below = true };
  difference->reason = NULL;
  difference->jumps = false;
  for (int s = 0; s < STEPS; s++)
    {
      ahead[s] = values->high[s] - values->middle;
      behind[s] = values->middle - values->low[s];
      central[s] = (values->high[s] - values->low[s]) / (values->up[s] + values->down[s]);
      right[s] = ahead[s] / values->up[s];
      left[s] = behind[s] / values->down[s];
      most = fmax (most, fmax (isnan (ahead[s]) ? 0 : fabs (ahead[s]), isnan (behind[s]) ? 0 : fabs (behind[s])));
      slopes.above &= !isnan (values->high[s]);
      slopes.below &= !isnan (values->low[s]);
    }
  if (isnan (values->middle) || (!slopes.above && !slopes.below))
    {
      difference_undecided (difference, "the program has no finite value there, or does not come through nearby");
      return;
    }
  double noise = rounding->value / values->step;
  slopes.both = extrapolate (central, 2, 2, noise);
  slopes.left = extrapolate (left, 1, 1, 2 * noise);
  slopes.right = extrapolate (right, 1, 1, 2 * noise);
  slopes.vague = rounding->value > 0.01 * size;
  slopes.floor = 1e-4 * most / values->step + 10 * noise;
  slopes.scale = fmax (fabs (g), fmax (fabs (slopes.left.value), fabs (slopes.right.value)));
  /* Of the values next to the middle one: those further off may be of another size. */
  double near = fmax (fabs (values->middle), fmax (fabs (ahead[LAST]), fabs (behind[LAST])));
  slopes.tolerance = options->rtol * slopes.scale + 1e-300;
  if (isfinite (near))
    slopes.tolerance += options->atol * near / fmax (fabs (values->at), 1);
  difference->found = slopes.both.value;
  difference->error = slopes.both.error;
  difference->left = slopes.left.value;
  difference->right = slopes.right.value;
  double left_end = infinite_slope (left, behind, rounding->value),
         right_end = infinite_slope (right, ahead, rounding->value);
  if (isnan (g))
    difference_undecided (difference, "the gradient is NaN, and differences cannot say whether it should be");
  else if (left_end != 0 || right_end != 0)
    judge_infinite (&slopes, left_end, right_end, difference);
  else if (isinf (g))
    {
      difference->found = difference->error = NAN;
      difference_undecided (difference, "the gradient is infinite, and differences do not grow like that");
    }
  else if (!slopes.above || !slopes.below)
    judge_one_side (&slopes, rounding, difference);
  else if (stays (ahead, rounding->value, size) || stays (behind, rounding->value, size))
    {
      difference_undecided (difference, "the program jumps there");
      difference->jumps = true;
    }
  else
    judge_finite (&slopes, rounding, difference);
}
