/* special.c -- gamma and Bessel functions. */
#include "ops/special.h"

#include <stdbool.h>

#include "ops/elementwise.h"

double
log_gamma (double x)
{
  int sign;
  return lgamma_r (x, &sign);
}

/* DLMF 5.11.2 from 10 on, the recurrence below, the reflection 5.5.4 for negative numbers. */
double
digamma (double x)
{
  static const double terms[]
    = { 1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160 };
  if (x == 0)
    return copysign (INFINITY, -x);
  if (x < 0)
    return x == floor (x) ? NAN : digamma (1 - x) - PI / tan (PI * (x - rint (x)));
  if (isinf (x))
    return x;
  double before = 0;
  for (; x < 10; x++)
    before += 1 / x;
  double w = 1 / (x * x), sum = 0;
  for (int k = 7; k >= 0; k--)
    sum = (sum + terms[k]) * w;
  return log (x) - 0.5 / x - sum - before;
}

/* B_2j / (2j)!, of Euler and Maclaurin's formula: from x = 10 + s on these are enough for all digits of a power s. */
static const double maclaurin[] = { 1.0 / 12,
                                    -1.0 / 720,
                                    1.0 / 30240,
                                    -1.0 / 1209600,
                                    1.0 / 47900160,
                                    -691.0 / 1307674368000,
                                    1.0 / 74724249600,
                                    -3617.0 / 10670622842880000,
                                    43867.0 / 5109094217170944000 };

/* (x / base)^-s, where the powers themselves may have vanished. */
static double
power_beside (double base, double x, double s)
{
  return base == 1 ? pow (x, -s) : exp (-s * log1p ((x - base) / base));
}

/* The sum of ((x + k) / base)^-s, k = 0, 1, ..., for x > 0 and s >= 2: DLMF 25.11.28. */
static double
hurwitz_zeta (double s, double x, double base)
{
  double sum = 0, last = 10 + s;
  for (; x < last; x++)
    {
      double term = power_beside (base, x, s);
      sum += term;
      if (term <= 1e-19 * sum)
        return sum;
    }
  /* x^(1-s) is there when x^-s has vanished. */
  double wide = base * power_beside (base, x, s - 1), power = wide / x, factor = s / x;
  sum += wide / (s - 1) + power / 2;
  for (int j = 0; j < 9; j++)
    {
      sum += maclaurin[j] * factor * power;
      factor *= (s + 2 * j + 1) / x * ((s + 2 * j + 2) / x);
    }
  return sum;
}

/* hurwitz_zeta (s, x + step) less hurwitz_zeta (s, x), whose terms x^-s differ by x^-s expm1 (-s log ((x + step) / x)):
   all differ to the same side, and none is subtracted from another. For s = 1 too, where x^(1-s) / (s-1) becomes
   -log (x). */
static double
hurwitz_zeta_difference (double s, double x, double step)
{
  double sum = 0, last = 10 + s, first = 0, ratio;
  for (;; x++)
    {
      double end = x + step;
      ratio = step < -0.5 * x ? log (end / x) : log1p (step / x);
      if (fmin (x, end) >= last)
        break;
      /* The larger power is the one that is multiplied: the other may have vanished beside it. */
      double term = ratio > 0 ? pow (x, -s) * expm1 (-s * ratio) : -pow (end, -s) * expm1 (s * ratio);
      sum += term;
      first = fmax (first, fabs (term));
      if (isinf (sum) || (s > 30 && fabs (term) <= 1e-19 * first))
        return sum;
    }
  double base = ratio > 0 ? x : x + step, side = ratio > 0 ? 1 : -1, size = fabs (ratio);
  double wide = pow (base, 1 - s), power = wide / base, factor = s / base;
  double rest = (s == 1 ? -size : wide * expm1 (-(s - 1) * size) / (s - 1)) + power / 2 * expm1 (-s * size);
  for (int j = 0; j < 9; j++)
    {
      rest += maclaurin[j] * factor * power * expm1 (-(s + 2 * j + 1) * size);
      factor *= (s + 2 * j + 1) / base * ((s + 2 * j + 2) / base);
    }
  return sum + side * rest;
}

/* n! base^-(n+1) times a number; what comes of it may be a double where no part is one. */
static double
times_factorial (double n, double base, double number)
{
  double half = floor ((n + 1) / 2);
  int sign;
  if (n <= 170)
    return tgamma (n + 1) * pow (base, -half) * number * pow (base, half - n - 1);
  return copysign ((double)expl (lgammal_r (n + 1, &sign) - (n + 1) * logl (base) + logl (fabsl (number))), number);
}

/* That for x < 0 between two poles. If n is even, the terms of either side are subtracted in pairs: halfway all of them
   cancel but those that are beyond x, which may be all that is left. */
static double
polygamma_below (double n, double x, double sign)
{
  double right = x - floor (x), left = ceil (x) - x, pairs = -floor (x), base = fmin (right, left), s = n + 1, sum = 0;
  if (sign > 0 || pairs > 1000)
    {
      double beyond = hurwitz_zeta (s, left, base) - hurwitz_zeta (s, 1 - x, base);
      return times_factorial (n, base, sign * hurwitz_zeta (s, right, base) + beyond);
    }
  for (double k = 0; k < pairs; k++)
    sum += power_beside (base, left + k, s) - power_beside (base, right + k, s);
  if (sum == 0)
    base = right + pairs;
  return times_factorial (n, base, sum - hurwitz_zeta (s, right + pairs, base));
}

/* (-1)^(n+1) n! times the sum of (x + k)^-(n+1). */
double
polygamma (double n, double x)
{
  if (!(n >= 0) || n != floor (n) || isinf (n) || isnan (x))
    return NAN;
  if (n == 0)
    return digamma (x);
  double sign = fmod (n, 2) == 1 ? 1 : -1;
  if (x <= 0 && x == floor (x))
    return isinf (x) ? NAN : sign * INFINITY;
  if (isinf (x))
    return 0 * sign;
  if (x < 0)
    return polygamma_below (n, x, sign);
  double zeta = n < 100 ? hurwitz_zeta (n + 1, x, 1) : 0;
  return zeta > 1e-290 ? times_factorial (n, 1, sign * zeta)
                       : times_factorial (n, x, sign * hurwitz_zeta (n + 1, x, x));
}

/* By polygamma's formula. */
double
polygamma_difference (double n, double x, double step)
{
  if (!(n >= 0 && x >= 0 && x + step >= 0) || n != floor (n) || isinf (n) || isnan (step))
    return NAN;
  if (step == 0 && x > 0)
    return 0;
  double difference = hurwitz_zeta_difference (n + 1, x, step);
  return times_factorial (n, 1, fmod (n, 2) == 1 ? difference : -difference);
}

/* gamma(x) times y_n, where y_0 = 1 and y_(m+1) is the sum of binomials (m, k) times polygamma (k, x) y_(m-k): the
   derivative of gamma' = gamma digamma, by Leibniz's rule. Large gamma is multiplied last, once. */
double
gamma_derivative (double n, double x)
{
  double y[31] = { 1 }, slopes[30];
  if (!(n >= 0 && n < 30))
    return NAN;
  for (int m = 0; m < (int)n; m++)
    {
      double binomial = 1;
      slopes[m] = polygamma (m, x);
      y[m + 1] = 0;
      for (int k = 0; k <= m; k++)
        {
          y[m + 1] += binomial * slopes[k] * y[m - k];
          binomial *= (double)(m - k) / (k + 1);
        }
    }
  return tgamma (x) * y[(int)n];
}

/* Divided by x once for each derivative: 1 / x^n may overflow where the quotient does not. */
double
cbrt_derivative (double n, double x)
{
  double value = cbrt (x);
  if (!(n >= 0 && n < 30))
    return NAN;
  for (double k = 0; k < n; k++)
    value = x == 0 ? (k == 0 ? INFINITY : NAN) : value * (1.0 / 3 - k) / x;
  return value;
}

/* The logarithm for a small k, where that of beta cancels: the slope in k, integrated by Gauss's rule from 0. */
static double
lchoose_near (double n, double k)
{
  static const double nodes[]
    = { 0, 0.53846931010568309104, -0.53846931010568309104, 0.90617984593866399280, -0.90617984593866399280 };
  static const double weights[] = { 0.56888888888888888889, 0.47862867049936646804, 0.47862867049936646804,
                                    0.23692688505618908751, 0.23692688505618908751 };
  double sum = 0;
  for (int i = 0; i < 5; i++)
    {
      double t = 0.5 * k * (1 + nodes[i]);
      sum += weights[i] * polygamma_difference (0, t + 1, n - 2 * t);
    }
  return 0.5 * k * sum;
}

double
lchoose (double n, double k)
{
  if (!(n > -1 && k >= -1 && k <= n + 1))
    return NAN;
  if (k == 0 || k == n)
    return 0;
  if (k == -1 || k == n + 1)
    return -INFINITY;
  double near = fabs (k) < fabs (n - k) ? k : n - k;
  if (fabs (near) < 0.02 && n > -0.5)
    return lchoose_near (n, near);
  return -log1p (n) - lbeta (n - k + 1, k + 1);
}

/* Bessel's I of whole order, at x >= 0: the series of positive terms, from 30 on (for small orders) the asymptotic one,
   DLMF 10.25.2 and 10.40.1. */
static double
bessel_i_positive (double order, double x)
{
  if (isinf (x))
    return x;
  double term = 1, sum;
  for (double k = 1; k <= order; k++)
    term *= x / 2 / k;
  if (x < 30 + order * order)
    {
      sum = term;
      for (int k = 1; term > 1e-18 * sum; k++)
        sum += term *= (x / 2) * (x / 2) / (k * (k + order));
      return sum;
    }
  term = sum = 1;
  for (int k = 1; k < 50 && fabs (term) > 1e-18; k++)
    sum += term *= ((2.0 * k - 1) * (2.0 * k - 1) - 4 * order * order) / (8 * k * x);
  double half = exp (x / 2);
  return half * (sum / sqrt (2 * PI * x)) * half;
}

double
bessel_i (double n, double x)
{
  if (n != n || x != x || fabs (n) > 1000)
    return NAN;
  double value = bessel_i_positive (fabs (n), fabs (x));
  return x < 0 && fmod (n, 2) != 0 ? -value : value;
}

double
bessel_j (double n, double x)
{
  return n == n && fabs (n) < 1e6 ? jn ((int)n, x) : NAN;
}

double
bessel_y (double n, double x)
{
  return n == n && fabs (n) < 1e6 ? yn ((int)n, x) : NAN;
}

double
i0 (double x)
{
  return bessel_i (0, x);
}

double
i1 (double x)
{
  return x == 0 ? x : bessel_i (1, x);
}

/* sin(pi x), which is 0 at whole numbers. */
static double
sin_pi (double x)
{
  double whole = rint (x), part = x - whole;
  return (fmod (whole, 2) == 0 ? 1 : -1) * sin (PI * part);
}

double
sinc (double x)
{
  return x == 0 ? 1 : isinf (x) ? 0 : sin_pi (x) / (PI * x);
}

double
sinc_slope (double x)
{
  double u = PI * x, term = u, series = 0;
  if (isinf (x))
    return 0;
  if (fabs (u) > 1)
    return (sin_pi (x + 0.5) - sinc (x)) / x;
  /* cos(u)/u - sin(u)/u^2 cancels; its series does not. */
  for (int k = 1; k < 14; k++)
    {
      term *= (k > 1 ? u * u : 1) / (2.0 * k * (2 * k + 1));
      series += (k % 2 ? -1 : 1) * 2 * k * term;
    }
  return PI * series;
}

/* With t = pi x it is pi^n times the n-th derivative g_n of sin(t)/t: by its series where that does not cancel much,
   else by t g_n = sin(t + n pi/2) - n g_(n-1), whose errors shrink while n < t. */
double
sinc_derivative (double n, double x)
{
  double t = PI * x;
  if (!(n >= 0 && n < 100) || isnan (x))
    return NAN;
  if (isinf (x))
    return 0;
  if (fabs (t) > n + 3)
    {
      double g = sinc (x);
      for (double k = 1; k <= n; k++)
        g = (sin_pi (x + k / 2) - k * g) / t;
      return pow (PI, n) * g;
    }
  /* The terms (-1)^k t^(2k-n) / ((2k+1) (2k-n)!) with 2k >= n. */
  long double sum = 0, power = fmod (n, 2) != 0 ? t : 1;
  for (double k = ceil (n / 2), m = 2 * k - n; k < n + 100; k++, m += 2)
    {
      sum += (fmod (k, 2) != 0 ? -1 : 1) * power / (2 * k + 1);
      power *= (long double)t * t / ((m + 1) * (m + 2));
    }
  return pow (PI, n) * (double)sum;
}

double
xlogy (double x, double y)
{
  return x == 0 && y == y ? 0 : x * log (y);
}

double
xlog1py (double x, double y)
{
  return x == 0 && y == y ? 0 : x * log1p (y);
}

/* Between, the difference from a half is exact. */
double
logit (double p)
{
  return p > 0.3 && p < 0.7 ? 2 * atanh (2 * (p - 0.5)) : log (p / (1 - p));
}
