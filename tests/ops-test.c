/* ops-test.c -- every elementwise row of ops.def: scalars against kernels, partials against differences of both sides.

   No operator is named here. Which points say nothing about a partial is decided from differences alone, before the
   partial is looked at; each operand of each row must have points that do say something, in either set. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/processor.h"
#include "ops/elementwise.h"
#include "ops/ops.h"
#include "ops/vector.h"

/* Zero, one, whole numbers, halves, large and tiny ones; and numbers without any pattern but one, for operands that are
 * whole. */
static const double special[] = { 0, 1, -1, 2, 3, -2, -3, 0.5, -0.5, 1e-3, -1e-3, 1e-8, 1000, -5000, 1e6 };
static const double general[]
  = { 0.3718, -0.8264, 0.0917, -0.1236, 1.7321, -2.4495, 5.291, -7.77, 1.3e-4, -41.3, 123.4, -3.1e-7, 2 };
enum
{
  SPECIALS = sizeof special / sizeof *special,
  GENERALS = sizeof general / sizeof *general
};

enum
{
  FAILURE_SIZE = 400,
  LARGEST = SPECIALS * SPECIALS * SPECIALS
};

struct point
{
  double x[3];
};

/* What was found out about one row. */
struct row
{
  enum op op;
  int arity;
  char failure[FAILURE_SIZE]; /* the first; empty is none */
  int decided;                /* points at which one operand's partial was compared */
  bool flat;                  /* some partial was FLAT */
};

#define FAIL(row, ...)                                                                                                 \
  do                                                                                                                   \
    {                                                                                                                  \
      if (!*(row)->failure)                                                                                            \
        snprintf ((row)->failure, FAILURE_SIZE, __VA_ARGS__);                                                          \
    }                                                                                                                  \
  while (0)

static double
value_at (const struct row *row, struct point p)
{
  return op_value (row->op, p.x[0], p.x[1], p.x[2]);
}

/* Points of a set, every combination of operands; how many there are. */
static size_t
fill_points (const struct row *row, bool specials, struct point *points)
{
  const double *set = specials ? special : general;
  size_t count = specials ? SPECIALS : GENERALS, total = 1;
  for (int k = 0; k < row->arity; k++)
    total *= count;
  for (size_t i = 0; i < total; i++)
    {
      size_t rest = i;
      for (int k = 0; k < 3; k++, rest /= count)
        points[i].x[k] = k < row->arity ? set[rest % count] : 0;
    }
  return total;
}

/* Differences to one side of a point. */
struct slope
{
  enum
  {
    SLOPE_UNKNOWN,
    SLOPE_FOUND,
    SLOPE_INFINITE,
    SLOPE_OUTSIDE
  } state;
  double slope, error;
};

enum
{
  STEPS = 36, /* down to 1e-11: far smaller steps do not move what is added to 1 */
  STEP_USED = STEPS - 3
};

/* Difference quotients with steps that are halved each time; Richardson's extrapolation of three orders. The error is
   the distance to what fewer orders and the neighbouring steps give, and what rounding of the values makes of so small
   a step. */
static void
extrapolate (const struct row *row, struct point p, int k, double step, struct slope *best)
{
  double x = p.x[k], v = value_at (row, p), quotient[STEPS], size[STEPS], third[STEP_USED];
  for (int i = 0; i < STEPS; i++)
    {
      volatile double there = x + ldexp (step, -i);
      struct point q = p;
      q.x[k] = there;
      double w = value_at (row, q);
      quotient[i] = there == x ? NAN : (w - v) / (there - x);
      size[i] = (12 * DBL_EPSILON * fmax (fabs (v), fabs (w)) + DBL_MIN) / fabs (there - x);
    }
  for (int i = 0; i < STEP_USED; i++)
    {
      double first[3], second[2];
      for (int j = 0; j < 3; j++)
        first[j] = 2 * quotient[i + j + 1] - quotient[i + j];
      for (int j = 0; j < 2; j++)
        second[j] = (4 * first[j + 1] - first[j]) / 3;
      third[i] = (8 * second[1] - second[0]) / 7;
      if (i < 2)
        continue;
      double error = fmax (fabs (third[i] - third[i - 1]), fabs (third[i - 1] - third[i - 2]));
      error = fmax (error, fabs (third[i - 1] - second[0])) + size[i + 3];
      if (error < best->error)
        *best = (struct slope){ SLOPE_FOUND, third[i - 1], error };
    }
}

/* Does the quotient grow by a constant factor, less than a jump's 2, each time the step is halved? */
static bool
grows_without_end (const struct row *row, struct point p, int k, double step, double *sign)
{
  double x = p.x[k], v = value_at (row, p), before = 0;
  for (int i = 10; i < 30; i++)
    {
      struct point q = p;
      q.x[k] = x + ldexp (step, -i);
      double quotient = (value_at (row, q) - v) / (q.x[k] - x);
      if (i > 10 && !(quotient / before > 1.1 && quotient / before < 1.95))
        return false;
      before = quotient;
    }
  *sign = copysign (1, before);
  return true;
}

static struct slope
slope_beside (const struct row *row, struct point p, int k, double side)
{
  struct slope best = { .state = SLOPE_UNKNOWN, .error = INFINITY };
  double x = p.x[k], near = 0.29 * side, sign;
  struct point close = p;
  /* Steps much longer than another operand could meet only whole periods. */
  for (int j = 0; j < row->arity; j++)
    if (j != k && p.x[j] != 0 && fabs (p.x[j]) < 1)
      near = copysign (fmin (fabs (near), 0.29 * fabs (p.x[j])), side);
  close.x[k] = x + near * fmax (1e-6, DBL_EPSILON * 1e4 * fabs (x));
  if (isnan (value_at (row, close)))
    return (struct slope){ .state = SLOPE_OUTSIDE };
  extrapolate (row, p, k, near, &best);
  if (x != 0 && fabs (x) < fabs (near))
    extrapolate (row, p, k, 0.29 * side * fabs (x), &best);
  if (best.state == SLOPE_FOUND && best.error <= 1e-5 * fabs (best.slope) + 1e-7)
    return best;
  if (grows_without_end (row, p, k, near, &sign))
    return (struct slope){ SLOPE_INFINITE, copysign (INFINITY, sign), 0 };
  return (struct slope){ .state = SLOPE_UNKNOWN };
}

/* Does the value stay the same when the operand moves, also with the others moved a little? */
static bool
is_flat_around (const struct row *row, struct point p, int k)
{
  static const double moves[3] = { 0, 1e-4, -1e-4 };
  for (int m = 0; m < 27; m++)
    {
      struct point q = p, r;
      for (int j = 0, rest = m; j < row->arity; j++, rest /= 3)
        q.x[j] += j == k ? 0 : moves[rest % 3];
      for (int side = -1; side <= 1; side++)
        {
          r = q;
          r.x[k] += side * 1e-3;
          if (value_at (row, r) != value_at (row, q))
            return false;
        }
    }
  return true;
}

static void
check_partial (struct row *row, struct point p, int k, bool both)
{
  double v = value_at (row, p);
  if (isinf (v))
    return;
  struct slope left = slope_beside (row, p, k, -1), right = slope_beside (row, p, k, 1);
  bool flat = fabs (p.x[0]) <= 3 && fabs (p.x[1]) <= 3 && fabs (p.x[2]) <= 3 && is_flat_around (row, p, k);
  double partial = op_partial (row->op, k, p.x[0], p.x[1], p.x[2], v, both);
#define FAIL_HERE(text, ...)                                                                                           \
  FAIL (row, "operand %d at %g %g %g (both %d): partial %.17g, " text, k, p.x[0], p.x[1], p.x[2], both, partial,       \
        __VA_ARGS__)
  row->flat |= is_flat (partial);
  if (isnan (v) || (left.state == SLOPE_OUTSIDE && right.state == SLOPE_OUTSIDE))
    {
      /* Outside of the domain nothing finite may come out. */
      if (isfinite (partial))
        FAIL_HERE ("value %g, outside of the domain", v);
      /* An operand that cannot move. */
      row->decided += isfinite (v) && isnan (partial);
      return;
    }
  if (flat && !(op_info[row->op].traits & (TRUTH | INTEGER)) && !is_flat (partial))
    FAIL_HERE ("%s", "but the value does not move");
  if (is_flat (partial) && !(op_info[row->op].traits & BLOCKS))
    FAIL_HERE ("%s", "FLAT without the trait BLOCKS");
  if (left.state == SLOPE_OUTSIDE)
    left = right;
  if (right.state == SLOPE_OUTSIDE)
    right = left;
  if (left.state == SLOPE_UNKNOWN || right.state == SLOPE_UNKNOWN)
    return;
  row->decided++;
  if (left.state == SLOPE_INFINITE || right.state == SLOPE_INFINITE)
    {
      if (left.slope == right.slope && partial != left.slope)
        FAIL_HERE ("slope %g", left.slope);
      return;
    }
  double margin = 3 * (left.error + right.error);
  double low = fmin (left.slope, right.slope) - margin, high = fmax (left.slope, right.slope) + margin;
  /* At a kink the smallest element, where no other operand shares it. */
  bool kink = !both && high - low > 4 * margin + 1e-6;
  if (kink && low < margin && high > -margin ? partial != 0 : !(partial >= low && partial <= high))
    FAIL_HERE ("differences %.17g +- %.1g and %.17g +- %.1g", left.slope, left.error, right.slope, right.error);
  p.x[k] = NAN;
  if (fabs (left.slope) > margin && fabs (right.slope) > margin && !isnan (value_at (row, p)))
    FAIL_HERE ("but with NaN the value is %g", value_at (row, p));
}

static bool
agree (double a, double b)
{
  if (isnan (a) || isnan (b))
    return isnan (a) && isnan (b);
  return a == b || fabs (a - b) <= 2e-15 * fabs (b) + DBL_MIN;
}

/* A table of kernels in blocks of odd lengths against the scalars, and nothing written beyond a block. */
static void
check_kernels (struct row *row, const char *name, const struct kernels *kernels, const struct point *points,
               size_t count)
{
  static const size_t lengths[] = { 1, 3, 7, 2, 17, 61, 5, 129 };
  double x[3][130], v[130], partial[130];
  for (size_t first = 0, n = 0; first < count; n++)
    {
      size_t length = lengths[n % (sizeof lengths / sizeof *lengths)];
      if (length > count - first)
        length = count - first;
      for (size_t i = 0; i < length; i++)
        for (int k = 0; k < 3; k++)
          x[k][i] = points[first + i].x[k];
      v[length] = 4711;
      kernels->values[row->op](length, x[0], row->arity > 1 ? x[1] : NULL, row->arity > 2 ? x[2] : NULL, v);
      if (v[length] != 4711)
        FAIL (row, "%s: the values of a block of %zu run over", name, length);
      for (size_t i = 0; i < length; i++)
        {
          double expected = value_at (row, points[first + i]);
          if (!agree (v[i], expected))
            FAIL (row, "%s: value %.17g, not %.17g, at %g %g %g", name, v[i], expected, x[0][i], x[1][i], x[2][i]);
          v[i] = expected;
        }
      for (int k = 0; k < 2 * row->arity; k++)
        {
          bool both = k % 2;
          partial[length] = 4711;
          kernels->partials[row->op][k / 2](length, x[0], row->arity > 1 ? x[1] : NULL, row->arity > 2 ? x[2] : NULL, v,
                                            both, partial);
          if (partial[length] != 4711)
            FAIL (row, "%s: the partials of a block of %zu run over", name, length);
          for (size_t i = 0; i < length; i++)
            {
              double expected = op_partial (row->op, k / 2, x[0][i], x[1][i], x[2][i], v[i], both);
              if (!agree (partial[i], expected) || is_flat (partial[i]) != is_flat (expected))
                FAIL (row, "%s: partial %d is %.17g, not %.17g, at %g %g %g", name, k / 2, partial[i], expected,
                      x[0][i], x[1][i], x[2][i]);
            }
        }
      first += length;
    }
}

/* Rows with the same partials agree on whether these may be FLAT. */
static void
check_others (struct row *row)
{
  const struct op_info *info = &op_info[row->op];
  for (int op = 0; op < OPS_NAMED; op++)
    {
      bool same = op_info[op].arity == info->arity;
      for (int k = 0; same && k < info->arity; k++)
        same = strcmp (op_info[op].rules[k], info->rules[k]) == 0;
      if (same && ((op_info[op].traits ^ info->traits) & BLOCKS))
        FAIL (row, "the partials of %s, but not its trait BLOCKS", op_info[op].name);
    }
}

/* What is said to be MILD is so at finite points. */
static void
check_mild (struct row *row, const struct point *points, size_t count)
{
  for (size_t i = 0; i < count; i++)
    {
      const double *x = points[i].x, most = fabs (x[0]) + fabs (x[1]) + 4, value = op_value (row->op, x[0], x[1], x[2]);
      bool mild = fabs (value) <= most || !isfinite (most);
      for (int k = 0; k < row->arity && isfinite (most); k++)
        mild = mild && fabs (op_partial (row->op, k, x[0], x[1], x[2], value, false)) <= 2;
      if (!mild)
        FAIL (row, "MILD, but not at %g, %g", x[0], x[1]);
    }
}

/* Registers of eight give the bits that those of four give, whatever the length: at numbers of many sizes, some of them
   huge. */
static void
check_wide (struct row *row)
{
#ifdef HAVE_KERNELS_AVX512
  enum
  {
    LENGTH = 300
  };
  static double x[3][LENGTH], four[LENGTH], eight[LENGTH];
  for (int i = 0; i < LENGTH; i++)
    for (int k = 0; k < 3; k++)
      x[k][i] = i % 37 == 36 ? 1e200 * special[i % SPECIALS] : general[(i + 5 * k) % GENERALS] * (1 + i / 7 % 11 / 9.0);
  for (size_t length = 1; length <= LENGTH && processor_lanes () == 8; length++)
    {
      const double *b = row->arity > 1 ? x[1] : NULL, *c = row->arity > 2 ? x[2] : NULL;
      kernels_avx2.values[row->op](length, x[0], b, c, four);
      kernels_avx512.values[row->op](length, x[0], b, c, eight);
      if (memcmp (four, eight, length * sizeof *four) != 0)
        FAIL (row, "registers of eight have other values than those of four in a block of %zu", length);
      for (int k = 0; k < row->arity; k++)
        {
          double slopes[2][LENGTH];
          kernels_avx2.partials[row->op][k](length, x[0], b, c, four, true, slopes[0]);
          kernels_avx512.partials[row->op][k](length, x[0], b, c, four, true, slopes[1]);
          if (memcmp (slopes[0], slopes[1], length * sizeof *four) != 0)
            FAIL (row, "registers of eight have other partials than those of four in a block of %zu", length);
        }
    }
#else
  (void)row;
#endif
}

static void
check_row (struct row *row)
{
  static struct point points[LARGEST];
  const struct op_info *info = &op_info[row->op];
  for (int specials = 0; specials < 2; specials++)
    {
      size_t count = fill_points (row, specials, points);
      if (info->traits & MILD)
        check_mild (row, points, count);
      check_kernels (row, "kernels_plain", &kernels_plain, points, count);
      check_kernels (row, "kernels_find", kernels_find (), points, count);
      for (int k = 0; k < row->arity; k++)
        {
          row->decided = 0;
          for (size_t i = 0; i < count; i++)
            for (int both = 0; both < 2; both++)
              check_partial (row, points[i], k, both);
          if (row->decided < 4)
            FAIL (row, "operand %d: differences decide only %d points", k, row->decided);
        }
    }
  check_others (row);
  check_wide (row);
  if (info->traits & BLOCKS && !row->flat)
    FAIL (row, "%s", "BLOCKS, but no partial is FLAT");
  if (!*info->sign && op_find (info->name, true) != row->op)
    FAIL (row, "%s", "not found by its name");
}

/* Powers from 0.5^0 down to the smallest numbers, rounded up, as <math.h> has them. */
static bool
check_one_by_one (void)
{
  enum
  {
    POWERS = 1000
  };
  double base[POWERS], exponent[POWERS], powers[POWERS];
  bool same = true;
  for (int i = 0; i < POWERS; i++)
    {
      base[i] = 0.7;
      exponent[i] = 3 * i;
    }
  fesetround (FE_UPWARD);
  feclearexcept (FE_ALL_EXCEPT);
  vector_one_by_one (true);
  kernels_find ()->values[OP_power](POWERS, base, exponent, NULL, powers);
  vector_one_by_one (false);
  same = !fetestexcept (FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
  for (int i = 0; i < POWERS; i++)
    same = same && powers[i] == pow (base[i], exponent[i]);
  fesetround (FE_TONEAREST);
  return same;
}

/* Whether powers that take no logarithm have the digits of pow (): of numbers without a pattern, and of such whose
   powers are near the middle between two doubles, or near a power of two. */
static bool
check_powers (void)
{
  static const double exponents[] = { 2, 3, 0.5, -0.5, 1.5 };
  static const double starts[] = { 1, 1.2345, 1.4142135623730951, 1.2599210498948732, 1.7320508075688772 };
  for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++)
    for (size_t j = 0; j < sizeof starts / sizeof *starts; j++)
      for (int i = 0; i < 40000; i++)
        {
          const double step = i % 2 ? DBL_EPSILON : 1e-5, a = ldexp (starts[j] + (i - 20000) * step, i % 140 - 70);
          const double power = op_value (OP_power, a, exponents[k], 0);
          const double other = op_value (OP_power, -a, exponents[k], 0);
          if (power != pow (a, exponents[k]) || (other == other && other != pow (-a, exponents[k])))
            {
              printf ("# %.17g^%g is %.17g\n", a, exponents[k], power);
              return false;
            }
        }
  return true;
}

int
main (void)
{
  int count = 2, failures = 0;
  for (int op = 0; op < OPS_NAMED; op++)
    count += op_info[op].arity > 0;
  printf ("1..%d\n", count);
  for (int op = 0, number = 0; op < OPS_NAMED; op++)
    {
      if (op_info[op].arity == 0)
        continue;
      struct row row = { .op = (enum op)op, .arity = op_info[op].arity };
      check_row (&row);
      failures += *row.failure != 0;
      printf ("%sok %d - %s: value and partials\n", *row.failure ? "not " : "", ++number, op_info[op].name);
      if (*row.failure)
        printf ("# %s\n", row.failure);
    }
  const bool alone = check_one_by_one ();
  printf ("%sok %d - functions one by one round as they are told to, and raise no exception of others\n",
          alone ? "" : "not ", count - 1);
  const bool powers = check_powers ();
  printf ("%sok %d - powers without a logarithm have its digits\n", powers ? "" : "not ", count);
  return failures > 0 || !alone || !powers;
}
