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
  double exponent = fabs (part) < 0.5 ? log_less (part) : log (x / a) - part;
  double rest = (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w * (1.0 / 1188 - w / 521.5))))) / a;
  return exp (a * exponent - rest) / sqrt (2 * PI * a);
}

/* Is the lower tail the one to compute? */
static bool
gamma_lower (double a, double x)
{
  return x < 1 || x < a;
}

/* As gamma_tail, for a >= 1e8, where the others take too many terms: Temme's uniform expansion, DLMF 8.12.4 and 8.12.7.
   With m = x / a - 1 and z^2 = a (m - log(1 + m)) the upper tail is erfc(z) / 2 + e^-z^2 (c_0 + c_1 / a) / sqrt(2 pi
   a); of the coefficients, series in y = z sqrt(2 / a), as many terms as m <= 0.01 needs. Beyond, nothing is left. */
static struct dual
gamma_tail_of_large (double a, double x)
{
  double m = (x - a) / a, less = -log_less (m), z = copysign (sqrt (a) * sqrt (less), m),
         y = copysign (sqrt (2 * less), m);
  if (!(fabs (m) <= 0.01))
    return (struct dual){ 0, 0, 0 };
  double c = -1.0 / 3 + y * (1.0 / 12 - y * (2.0 / 135 - y * (1.0 / 864 + y * 3.527336860670194e-4)));
  double slope = 1.0 / 12 - y * (4.0 / 135 - y * (3.0 / 864 + y * 4 * 3.527336860670194e-4));
  double next = (-1.0 / 540 - y / 288) / a, scale = exp (-z * z) / (sqrt (2 * PI) * sqrt (a)),
         ratio = m == 0 ? 1 : m / y;
  double upper = scale * (m == 0 ? 1 : log1p (m) / y)
                 + scale * ((c + next) * (log1p (m) - 0.5 / a) - slope * ratio / a - next / a);
  double lower_sign = gamma_lower (a, x) ? -1 : 1;
  return (struct dual){ 0.5 * erfc (lower_sign * z) + lower_sign * scale * (c + next), lower_sign * upper, 0 };
}

/* The smaller tail and its derivative in a, for a >= 0 and 0 < x < inf. DLMF 8.7.1 and 8.9.2. */
static struct dual
gamma_tail (double a, double x)
{
  if (a >= 1e8)
    return gamma_tail_of_large (a, x);
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
gamma_density (double a, double x)
{
  if (!(a >= 0 && x >= 0) || isinf (x))
    return NAN;
  if (x == 0)
    return a < 1 ? INFINITY : a == 1 ? 1 : 0;
  return a == 0 || isinf (a) ? 0 : a < 10 ? exp ((a - 1) * log (x) - x) / tgamma (a) : gamma_factor (a, x) * (a / x);
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

/* gammaincc for a small a, beside which gammainc is nearly 1: the other series of DLMF 8.7.1, whose first term is what
   differs. log_gamma is taken to where 1 + a was before it was rounded. */
static double
gamma_rest (double a, double x)
{
  double next = 1 + a, sum = 0, power = 1, term;
  double exponent = a * log (x) - log_gamma (next) - digamma (next) * (a - (next - 1));
  for (int n = 1; n < TERMS; n++)
    {
      power *= -x / n;
      term = power / (a + n);
      sum += term;
      if (fabs (term) <= 1e-18 * fabs (sum))
        break;
    }
  return -expm1 (exponent) - exp (exponent) * a * sum;
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
  if (a < 0.5 && gamma_lower (a, x))
    return gamma_rest (a, x);
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

/* x^a (1 - x)^b / beta(a, b), and the derivatives of its logarithm in a and b. */
static struct dual
beta_factor (double a, double b, double x)
{
  double distance;
  double value = beta_near (a, b, x, &distance) ? exp (beta_exponent (a, b, distance))
                                                : exp (a * log (x) + b * log1p (-x) - lbeta (a, b));
  return (struct dual){ value, beta_log_slope_a (a, b, x), beta_log_slope_b (a, b, x) };
}

/* Is the tail from 0 to x the one to compute? */
static bool
beta_lower (double a, double b, double x)
{
  return x < (a + 1) / (a + b + 2);
}

/* The tail from 0 to x and its derivatives, from their factor and the distance (a + b) x - a: the even part of DLMF
   8.17.22, in which nothing cancels where x is near 1. */
static struct dual
beta_tail (double a, double b, double x, double y, double distance, struct dual factor)
{
  double first = (1 - distance) / (a + 1);
  struct dual h = { a * first, first + a * (y - first) / (a + 1), -a * x / (a + 1) }, c = h, d = { 0, 0, 0 };
  for (int m = 1; m < TERMS; m++)
    {
      double p = a + 2.0 * m - 1, q = a + 2.0 * m + 1, r = a + m - 1, s = a + b + m - 1;
      double part = r / p * (x / p) * x * m, numerator = part * s * (b - m);
      double sum = 1 - distance + m * (2 - x), odd = m * x / p, even = (a + m) / q;
      if (lentz (&h, &c, &d, (struct dual){ numerator, numerator * (1 / r + 1 / s - 2 / p), part * (s + b - m) },
                 (struct dual){ m + odd * (b - m) + even * sum,
                                -odd * (b - m) / p + (sum + (a + m) * y - even * sum) / q, odd - even * x }))
        break;
    }
  return times ((struct dual){ factor.value, factor.value * factor.a, factor.value * factor.b }, inverse (h));
}

/* For a and b >= 1e8, where it takes too many terms: Temme's uniform expansion, DLMF 8.18.9. With s^2 the exponent, d
   the distance and t = d / root, of which root^2 = a b / (a + b), the lower tail is erfc(-s) / 2 + e^(-s^2) (1 / (s
   root 2)
   - 1 / t) / sqrt(2 pi); the difference is skew / 3 + bend t for small t. */
static struct dual
beta_of_large (double a, double b, double d)
{
  double both = a + b, root = sqrt (a / both * b), t = d / root, in_a = log1p (d / a), in_b = log1p (-d / b);
  double square = -a * log_less (d / a) - b * log_less (-d / b), s = copysign (sqrt (square), d);
  if (!(fabs (d) < 0.01 * fmin (a, b)))
    return (struct dual){ d > 0, 0, 0 };
  double ra = root / a, rb = root / b, skew = (ra - rb) * (ra + rb) * root;
  double bend = skew * skew / 6 - (ra * ra * ra + rb * rb * rb) * root / 4;
  double density = exp (-square) / sqrt (2 * PI);
  double rest = fabs (t) < 0.1 ? skew / 3 + bend * t : 1 / (s * sqrt (2)) - 1 / t;
  double move_a = b / both / a, move_b = a / both / b, x = (a + d) / both, y = (b - d) / both;
  double skew_a = -2 * ra * ra * ra + 1.5 * skew * move_a, skew_b = 2 * rb * rb * rb + 1.5 * skew * move_b;
  return (struct dual){ 0.5 * erfc (-s) + density * rest,
                        density * (-(d == 0 ? ra : in_a / t) + skew_a / 3 + bend * (-y / root - 0.5 * t * move_a)),
                        density * ((d == 0 ? rb : -in_b / t) + skew_b / 3 + bend * (x / root - 0.5 * t * move_b)) };
}

/* The lower tail up to 1 - y and its derivatives, for a small b, beside which the upper one is nearly 1: 1 less
   e^l (1 + b s), which the upper tail is by DLMF 8.17.7, taken from what differs. l is log(y^b / (b beta(a, b))), of
   which the gammas are integrals of digamma: by Gauss's rule. */
static struct dual
beta_rest (double a, double b, double y, double log_y)
{
  static const double nodes[]
    = { 0.18343464249564980494, 0.52553240991632898582, 0.79666647741362673959, 0.96028985649753623168 };
  static const double weights[]
    = { 0.36268378337836198297, 0.31370664587788728734, 0.22238103445337447054, 0.10122853629037625915 };
  struct dual s = { 0, 0, 0 }, power = { 1, 0, 0 };
  for (int n = 1; n < TERMS && fabs (power.value) + fabs (power.a) > 1e-18; n++)
    {
      power.a = (power.a * (n - a) - power.value) * (y / n);
      power.value *= (n - a) * (y / n);
      s.value += power.value / (b + n);
      s.a += power.a / (b + n);
      s.b -= power.value / ((b + n) * (b + n));
    }
  double mean = 0;
  for (int i = 0; i < 4; i++)
    for (int side = -1; side <= 1; side += 2)
      {
        double u = 0.5 * (1 + side * nodes[i]) * b;
        mean += 0.5 * weights[i] * (digamma (1 + a + u) - digamma (1 + u));
      }
  struct dual l = { b * (log_y + mean) - log1p (b / a), polygamma_difference (0, a, b),
                    log_y - (digamma (1 + b) - digamma (a + b)) };
  double whole = exp (l.value), sum = 1 + b * s.value;
  return (struct dual){ -expm1 (l.value) - whole * b * s.value, -whole * (l.a * sum + b * s.a),
                        -whole * (l.b * sum + s.value + b * s.b) };
}

/* betainc and its derivatives in a and b. */
static struct dual
beta_parts (double a, double b, double x)
{
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1) || isinf (a) || isinf (b))
    return (struct dual){ NAN, NAN, NAN };
  if (x == 0 || x == 1)
    return (struct dual){ x, 0, 0 };
  double distance;
  beta_near (a, b, x, &distance);
  if (fmin (a, b) >= 1e8)
    return beta_of_large (a, b, distance);
  bool is_lower = beta_lower (a, b, x);
  if (!is_lower && b < 0.5)
    return beta_rest (a, b, 1 - x, log1p (-x));
  if (is_lower && a < 0.5 && a < b)
    {
      struct dual upper = beta_rest (b, a, x, log (x));
      return (struct dual){ 1 - upper.value, -upper.b, -upper.a };
    }
  struct dual factor = beta_factor (a, b, x);
  if (is_lower)
    return beta_tail (a, b, x, 1 - x, distance, factor);
  struct dual other = beta_tail (b, a, 1 - x, x, -distance, (struct dual){ factor.value, factor.b, factor.a });
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
