/* incomplete.c -- the incomplete gamma and beta functions, regularised, and their derivatives in the parameters.

   Each is a factor in closed form times a series or a continued fraction, which carries its derivatives along. Of the
   two tails the smaller is computed, where the terms of the derivative have one sign; the other is what is left of 1.
 */
#include <float.h>
#include <stdbool.h>

#include "ops/elementwise.h"
#include "ops/special.h"

enum
{
  TERMS = 200000 /* as many as the root of 1e9 needs */
};

/* A number and its derivatives in two parameters. */
struct dual
{
  double value, a, b;
};

static inline struct dual
times (struct dual x, struct dual y)
{
  return (struct dual){ x.value * y.value, x.a * y.value + x.value * y.a, x.b * y.value + x.value * y.b };
}

static inline struct dual
inverse (struct dual x)
{
  double v = 1 / x.value;
  return (struct dual){ v, -x.a * v * v, -x.b * v * v };
}

/* Lentz's method, one term on: h of the fraction (first + numerator / (...)), c and d its two ratios. True at its end.
 */
static inline bool
lentz (struct dual *h, struct dual *c, struct dual *d, struct dual numerator, struct dual first)
{
  struct dual down = times (numerator, *d), up = times (numerator, inverse (*c));
  down = (struct dual){ down.value + first.value, down.a + first.a, down.b + first.b };
  *c = (struct dual){ up.value + first.value, up.a + first.a, up.b + first.b };
  if (fabs (down.value) < 1e-300)
    down.value = 1e-300;
  if (fabs (c->value) < 1e-300)
    c->value = 1e-300;
  *d = inverse (down);
  struct dual ratio = times (*c, *d);
  *h = times (*h, ratio);
  double small = DBL_EPSILON;
  return fabs (ratio.value - 1) <= 2 * small && fabs (ratio.a * h->value) <= small * fabs (h->a) + DBL_MIN
         && fabs (ratio.b * h->value) <= small * fabs (h->b) + DBL_MIN;
}

/* x^a e^-x / gamma(a + 1); with a large all three are large and nearly cancel. */
static double
gamma_factor (double a, double x)
{
  if (a < 10)
    return exp (a * log (x) - x) / tgamma (a + 1);
  double part = (x - a) / a, w = 1 / (a * a);
  double exponent = fabs (part) < 0.5 ? log1p (part) - part : log (x / a) - part;
  double rest = (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w * (1.0 / 1188 - w / 521.5))))) / a;
  return exp (a * exponent - rest) / sqrt (2 * PI * a);
}

/* Is the lower tail the one to compute? */
static bool
gamma_lower (double a, double x)
{
  return x < 1 || x < a;
}

/* The smaller tail and its derivative in a, for a >= 0 and 0 < x < inf. DLMF 8.7.1 and 8.9.2. */
static struct dual
gamma_tail (double a, double x)
{
  struct dual sum = { 1, 0, 0 };
  if (gamma_lower (a, x))
    {
      struct dual term = sum;
      for (int n = 1; n < TERMS && term.value > 1e-17 * sum.value; n++)
        {
          term.a = (term.a - term.value / (a + n)) * x / (a + n);
          term.value *= x / (a + n);
          sum.value += term.value;
          sum.a += term.a;
        }
    }
  else
    {
      struct dual c = { 1e300, 0, 0 }, d = inverse ((struct dual){ x + 1 - a, -1, 0 });
      sum = d;
      for (int n = 1; n < TERMS; n++)
        if (lentz (&sum, &c, &d, (struct dual){ -n * (n - a), n, 0 }, (struct dual){ x + 2.0 * n + 1 - a, -1, 0 }))
          break;
      /* a times, for x^a e^-x / gamma(a) */
      sum = times (sum, (struct dual){ a, 1, 0 });
    }
  double factor = gamma_factor (a, x);
  double slope = factor * (sum.value * (log (x) - digamma (a + 1)) + sum.a);
  return (struct dual){ factor * sum.value, slope, 0 };
}

double
gammainc (double a, double x)
{
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (isinf (a) && isinf (x)))
    return NAN;
  if (x == 0 || isinf (a))
    return 0;
  if (a == 0 || isinf (x))
    return 1;
  double tail = gamma_tail (a, x).value;
  return gamma_lower (a, x) ? tail : 1 - tail;
}

double
gammaincc (double a, double x)
{
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (isinf (a) && isinf (x)))
    return NAN;
  if (x == 0 || isinf (a))
    return 1;
  if (a == 0 || isinf (x))
    return 0;
  double tail = gamma_tail (a, x).value;
  return gamma_lower (a, x) ? 1 - tail : tail;
}

double
gammainc_slope (double a, double x)
{
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0))
    return NAN;
  if (x == 0 || isinf (x) || isinf (a))
    return 0;
  double slope = gamma_tail (a, x).a;
  return gamma_lower (a, x) ? slope : -slope;
}

/* Is the tail from 0 to x the one to compute? */
static bool
beta_lower (double a, double b, double x)
{
  return x < (a + 1) / (a + b + 2);
}

/* The tail from 0 to x and its derivatives; y = 1 - x, and both have their logarithms. DLMF 8.17.22. */
static struct dual
beta_tail (double a, double b, double x, double log_x, double log_y)
{
  struct dual c = { 1, 0, 0 };
  double e = a + 1;
  struct dual d = inverse ((struct dual){ 1 - (a + b) * x / e, -x / e + (a + b) * x / (e * e), -x / e });
  struct dual h = d, one = { 1, 0, 0 };
  for (int m = 1; m < TERMS; m++)
    {
      double p = a + 2.0 * m - 1, q = a + 2.0 * m, r = a + 2.0 * m + 1;
      double even = m * (b - m) * x / (p * q), odd = -(a + m) * (a + b + m) * x / (q * r);
      bool end = lentz (&h, &c, &d, (struct dual){ even, -even * (1 / p + 1 / q), m * x / (p * q) }, one);
      struct dual numerator = { odd, odd * (1 / (a + m) + 1 / (a + b + m) - 1 / q - 1 / r), -(a + m) * x / (q * r) };
      if (lentz (&h, &c, &d, numerator, one) && end)
        break;
    }
  double factor = exp (a * log_x + b * log_y - lbeta (a, b)) / a, both = digamma (a + b);
  return (struct dual){ factor * h.value, factor * (h.value * (log_x - digamma (a + 1) + both) + h.a),
                        factor * (h.value * (log_y - digamma (b) + both) + h.b) };
}

/* betainc and its derivatives in a and b. */
static struct dual
beta_parts (double a, double b, double x)
{
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1) || isinf (a) || isinf (b))
    return (struct dual){ NAN, NAN, NAN };
  if (x == 0 || x == 1)
    return (struct dual){ x, 0, 0 };
  if (beta_lower (a, b, x))
    return beta_tail (a, b, x, log (x), log1p (-x));
  struct dual other = beta_tail (b, a, 1 - x, log1p (-x), log (x));
  return (struct dual){ 1 - other.value, -other.b, -other.a };
}

double
betainc (double a, double b, double x)
{
  return beta_parts (a, b, x).value;
}

double
betainc_slope_a (double a, double b, double x)
{
  return beta_parts (a, b, x).a;
}

double
betainc_slope_b (double a, double b, double x)
{
  return beta_parts (a, b, x).b;
}

/* Central differences of order 8: sum of w_k (f(+kh) - f(-kh)) / h. */
static const double stencil[] = { 4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280 };

/* A step that is small against what the slopes change over, and leaves the parameter positive four steps down. Far from
   the middle they change like the power `rate` of e. */
static double
stencil_step (double parameter, double rate)
{
  return 0.02 * fmin (parameter, (1 + sqrt (parameter)) / (1 + fabs (rate)));
}

double
gammainc_curve (double a, double x)
{
  double h = stencil_step (a, x > 0 ? log (x / a) : 0), sum = 0;
  for (int k = 1; k <= 4; k++)
    sum += stencil[k - 1] * (gammainc_slope (a + k * h, x) - gammainc_slope (a - k * h, x));
  return sum / h;
}

double
betainc_curve (double a, double b, double x, bool of_a, bool in_b)
{
  double (*slope) (double, double, double) = of_a ? betainc_slope_a : betainc_slope_b;
  double h = stencil_step (in_b ? b : a, log ((in_b ? 1 - x : x) * (a + b) / (in_b ? b : a))), sum = 0;
  for (int k = 1; k <= 4; k++)
    {
      double d = k * h;
      sum += stencil[k - 1]
             * (in_b ? slope (a, b + d, x) - slope (a, b - d, x) : slope (a + d, b, x) - slope (a - d, b, x));
    }
  return sum / h;
}
