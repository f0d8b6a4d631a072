/* densities.c -- the logarithms of densities made of gamma functions, and their slopes.

   Each is a sum of terms that nearly cancel where a parameter is large: the powers and exponentials are those of
   Stirling's formula. There only what is left over is computed, from how far the argument is from the middle. */
#include <stdbool.h>

#include "ops/elementwise.h"
#include "ops/special.h"

#define LOG_ROOT_2PI 0.918938533204672741780

enum
{
  LARGE = 10, /* parameters from which on Stirling's formula is used */
  ORDERS = 30 /* of derivatives; beyond, NaN */
};

double
log_less (double m)
{
  double sum = 0;
  if (fabs (m) >= 0.05)
    return log1p (m) - m;
  for (int k = 14; k > 1; k--)
    sum = (k % 2 ? 1.0 : -1.0) / k + m * sum;
  return m * m * sum;
}

/* digamma(x) - log(x), for x >= 10. (DLMF 5.11.2.) */
static double
digamma_less_log (double x)
{
  double w = 1 / (x * x);
  return -0.5 / x - w * (1.0 / 12 - w * (1.0 / 120 - w * (1.0 / 252 - w * (1.0 / 240 - w * (1.0 / 132 - w / 47.4)))));
}

/* The logarithm of x / a, of which x exceeds a by the part m: near 1 from m, whose digits the quotient has not. */
static double
log_ratio (double x, double a, double m)
{
  return fabs (m) < 0.5 ? log1p (m) : log (x) - log (a);
}

/* The logarithm of x^a e^-x / gamma(a + 1) for a large a; m = x / a - 1. */
static double
gamma_exponent (double a, double x, double m)
{
  double part = fabs (m) < 0.5 ? log_less (m) : log_ratio (x, a, m) - m;
  return a * part - stirling_rest (a) - LOG_ROOT_2PI - 0.5 * log (a);
}

/* The logarithm of gamma(x + 1), which has the digits of a small x too. */
static double
log_factorial (double x)
{
  return fabs (x) < 1e-5 ? x * (-0.57721566490153286061 + x * (0.82246703342411321824 - x * 0.40068563438653142847))
                         : log_gamma (x + 1);
}

double
poisson_log (double k, double rate)
{
  if (!(rate >= 0))
    return NAN;
  if (k < LARGE || isinf (k) || rate == 0 || isinf (rate))
    return xlogy (k, rate) - rate - log_factorial (k);
  return gamma_exponent (k, rate, (rate - k) / k);
}

double
gamma_log (double shape, double rate, double y)
{
  double x = rate * y, m = fma (rate, y, -shape) / shape;
  if (!(shape >= LARGE) || isinf (shape) || !(x > 0) || isinf (x))
    return shape * log (rate) - log_gamma (shape) + xlogy (shape - 1, y) - x;
  return gamma_exponent (shape, x, m) + log (shape) - log (y);
}

/* log(rate y) - digamma(shape). */
double
gamma_log_slope (double shape, double rate, double y)
{
  double x = rate * y;
  if (!(shape >= LARGE) || isinf (shape) || !(x > 0) || isinf (x))
    return log (rate) + log (y) - digamma (shape);
  return log_ratio (x, shape, fma (rate, y, -shape) / shape) - digamma_less_log (shape);
}

double
share_gap (double a, double b, double c)
{
  double gap = fma (-b, c, a);
  return a == 0 ? -c : isfinite (gap) && b != 0 ? gap / b : a / b - c;
}

/* (a + b) x - a to the digits of its result: what the sum and the product lose is added again. */
static double
beta_distance (double a, double b, double x)
{
  double large = fmax (a, b), small = fmin (a, b), both = a + b, lost = small - (both - large);
  double product = both * x;
  return (product - a) + (fma (both, x, -product) + lost * x);
}

bool
beta_near (double a, double b, double x, double *distance)
{
  *distance = beta_distance (a, b, x);
  return a >= LARGE && b >= LARGE && fabs (*distance) < 0.5 * fmin (a, b);
}

double
beta_exponent (double a, double b, double distance)
{
  return a * log_less (distance / a) + b * log_less (-distance / b) - stirling_rest (a) - stirling_rest (b)
         + stirling_rest (a + b) + 0.5 * (log (a / (a + b)) + log (b)) - LOG_ROOT_2PI;
}

double
beta_log (double a, double b, double x)
{
  double distance;
  if (!(x > 0 && x < 1) || isinf (a) || isinf (b) || !beta_near (a, b, x, &distance))
    return xlogy (a - 1, x) + xlog1py (b - 1, -x) - lbeta (a, b);
  return beta_exponent (a, b, distance) - log (x) - log1p (-x);
}

double
beta_log_slope_a (double a, double b, double x)
{
  double distance;
  if (!beta_near (a, b, x, &distance) || isinf (a) || isinf (b))
    return log (x) + polygamma_difference (0, a, b);
  return log1p (distance / a) + digamma_less_log (a + b) - digamma_less_log (a);
}

double
beta_log_slope_b (double a, double b, double x)
{
  double distance;
  if (!beta_near (a, b, x, &distance) || isinf (a) || isinf (b))
    return log1p (-x) + polygamma_difference (0, b, a);
  return log1p (-distance / b) + digamma_less_log (a + b) - digamma_less_log (b);
}

double
beta_log_slope_x (double a, double b, double x)
{
  if (x > 0 && x < 1 && a > 1 && b > 1 && isfinite (a + b))
    return -beta_distance (a - 1, b - 1, x) / x / (1 - x);
  return (a == 1 ? 0 : (a - 1) / x) - (b == 1 ? 0 : (b - 1) / (1 - x));
}

/* The n-th derivative of what digamma((x + 1) / 2) - digamma(x / 2) differs from 1/x by, for n = -1 the integral from
   infinity: its asymptotic series has (2^2k - 1) B_2k / k before x^-2k. Each step up is 1 / (x (x + 1)) less the one
   above. */
double
half_step (double n, double x)
{
  static const double terms[]
    = { 1.0 / 2, -1.0 / 4, 1.0 / 2, -17.0 / 8, 31.0 / 2, -691.0 / 4, 5461.0 / 2, -929569.0 / 16 };
  double steps = 0, sign = 1, factorial = 1;
  if (!(n >= -1 && n < ORDERS) || n != floor (n) || !(x > 0))
    return NAN;
  for (double k = 2; k <= n; k++)
    factorial *= k;
  if (fmod (n, 2) != 0)
    factorial = -factorial;
  for (; x < 24 + n; x++, sign = -sign)
    steps += sign * (n < 0 ? -log1p (1 / x) : -factorial * pow (x, -n - 1) * expm1 (-(n + 1) * log1p (1 / x)));
  double sum = 0, power = pow (x, -n - 2);
  for (int k = 0; k < 8; k++)
    {
      /* (-1)^n m (m + 1) ... (m + n - 1), or 1 / (1 - m) for the integral. */
      double m = 2 * k + 2, factor = n < 0 ? -1 / (m - 1) : 1;
      for (int i = 0; i < n; i++)
        factor *= -(m + i);
      sum += terms[k] * factor * power;
      power /= x * x;
    }
  return steps + sign * sum;
}

/* log(1 + z^2 / nu), where the square may overflow too. */
static double
log_spread (double z, double nu)
{
  double size = fabs (z);
  return size < 1e150 ? log1p (z * z / nu) : 2 * log (size) - log (nu);
}

double
student_t_log (double z, double nu)
{
  if (nu < 12 || isinf (nu))
    return -lbeta (0.5 * nu, 0.5) - 0.5 * log (nu) - 0.5 * (nu + 1) * log_spread (z, nu);
  return 0.5 * half_step (-1, nu) - LOG_ROOT_2PI - 0.5 * (nu + 1) * log_spread (z, nu);
}

double
student_t_slope (double z, double nu)
{
  return fabs (z) < 1e-100 ? -(nu + 1) / nu * z : -(nu + 1) / (nu / z + z);
}

/* With w = z^2 / nu: w / (1 + w) - log(1 + w), which nearly cancel for small w, z^2 / (nu (nu + z^2)), and what the
   gamma functions have. */
double
student_t_slope_nu (double z, double nu)
{
  double w = z * z / nu, share = isinf (w) ? 1 : w / (1 + w);
  double rest = w < 0.1 ? log_less (-share) : share - log_spread (z, nu);
  return 0.5 * (rest + share / nu + half_step (0, nu));
}

double
student_t_curve (double z, double nu)
{
  double q = nu + z * z;
  return isinf (q) ? 0 : (nu + 1) / q * ((z * z - nu) / q);
}

double
student_t_mixed (double z, double nu)
{
  double q = nu + z * z;
  return isinf (q) ? -1 / z : z / q * ((1 - z * z) / q);
}

double
student_t_curve_nu (double z, double nu)
{
  double q = nu + z * z, share = isinf (q) ? 1 : z * z / q;
  return 0.5 * ((share * share - share * (1 / nu + 1 / q)) / nu + half_step (1, nu));
}
