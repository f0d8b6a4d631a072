/* normal.c -- the error function's inverse, the normal distribution, and derivatives of any order of both. */
#include "ops/elementwise.h"
#include "ops/special.h"

#define ROOT_2 1.41421356237309504880
#define LOG_ROOT_2PI 0.918938533204672741780

enum
{
  ORDERS = 30 /* of derivatives; beyond, NaN */
};

/* Giles's approximation (GPU Computing Gems 2, 2010), good to 1e-6, and two steps of Halley's. Near 1, where it ends,
   by ndtri, which takes what is missing to 1. */
double
erfinv (double x)
{
  static const double middle[] = { 2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                                   -0.00125372503, -0.00417768164, 0.246640727,    1.50140941 };
  static const double tail[] = { -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
                                 -0.0076224613,   0.00943887047,  1.00167406,    2.83297682 };
  double size = fabs (x), w = -log ((1 - size) * (1 + size)), y = 0;
  if (!(size < 1))
    return size == 1 ? copysign (INFINITY, x) : NAN;
  if (size < 1e-9)
    return x * (0.5 * sqrt (PI));
  if (size > 0.999)
    return copysign (ndtri (0.5 * (1 - size)) / ROOT_2, x);
  const double *terms = w < 5 ? middle : tail;
  w = w < 5 ? w - 2.5 : sqrt (w) - 3;
  for (int k = 0; k < 9; k++)
    y = y * w + terms[k];
  y *= size;
  for (int step = 0; step < 2; step++)
    {
      double excess = size < 0.5 ? erf (y) - size : (1 - size) - erfc (y);
      double newton = excess * (0.5 * sqrt (PI)) * exp (y * y);
      y -= newton / (1 + y * newton);
    }
  return copysign (y, x);
}

double
ndtr (double x)
{
  return 0.5 * erfc (-x / ROOT_2);
}

double
normal_derivative (double n, double x)
{
  if (!(n >= 0 && n < ORDERS) || isnan (x))
    return NAN;
  double density = exp (-0.5 * x * x) / sqrt (2 * PI), before = 0, polynomial = 1;
  /* Hermite's polynomials, DLMF 18.9.1. Where the density has vanished they may be infinite. */
  for (int k = 0; k < n; k++)
    {
      double next = -x * polynomial - k * before;
      before = polynomial;
      polynomial = next;
    }
  return density == 0 ? 0 : polynomial * density;
}

/* What is beyond t over the density at t, for t >= 10: Laplace's continued fraction, DLMF 7.9.2. */
static double
mills_ratio (double t)
{
  double f = t;
  for (int k = 60; k > 0; k--)
    f = t + k / f;
  return 1 / f;
}

double
log_ndtr (double x)
{
  if (x < -10)
    return -0.5 * x * x - LOG_ROOT_2PI + log (mills_ratio (-x));
  return x < 0 ? log (ndtr (x)) : log1p (-ndtr (-x));
}

double
log_ndtr_slope (double x)
{
  return x < -10 ? 1 / mills_ratio (-x) : exp (-0.5 * x * x) / sqrt (2 * PI) / ndtr (x);
}

/* The Taylor series at t >= 1 of the inverse of Mills' ratio less t, up to the power `last`. The same continued
   fraction, e = 1/(t + 2/(t + 3/(t + ...))), has no cancellation, and carries the series along; what is left out at its
   end is near (t + sqrt(t^2 + 4k))/2. */
static void
excess_series (double t, int last, double e[ORDERS])
{
  int terms = 40 + (int)(600 / t);
  double root = sqrt (t * t + 4.0 * terms), f[ORDERS] = { 0.5 * (t + root), 0.5 * (1 + t / root) };
  for (int k = terms; k > 0; k--)
    {
      for (int i = 0; i <= last; i++)
        {
          double sum = i == 0 ? k : 0;
          for (int j = 1; j <= i; j++)
            sum -= f[j] * e[i - j];
          e[i] = sum / f[0];
        }
      for (int i = 0; i <= last; i++)
        f[i] = e[i] + (i == 0 ? t : i == 1);
    }
}

double
log_ndtr_derivative (double n, double x)
{
  if (!(n >= 1 && n <= ORDERS) || isnan (x))
    return NAN;
  if (isinf (x))
    return x > 0 || n > 2 ? 0 : n == 1 ? INFINITY : -1;
  int last = (int)n - 1;
  double slope[ORDERS] = { 0 }, excess[ORDERS], factorial = 1;
  if (x < -1)
    {
      excess_series (-x, last, excess);
      slope[last] = (last % 2 ? -1 : 1) * (excess[last] + (last == 0 ? -x : last == 1));
    }
  else
    for (int i = 0; i <= last; i++)
      {
        /* The slope is s, s' = -s (s + x). */
        double sum = 0;
        for (int j = 0; j < i; j++)
          sum -= slope[j] * excess[i - 1 - j];
        slope[i] = i == 0 ? log_ndtr_slope (x) : sum / i;
        excess[i] = slope[i] + (i == 0 ? x : i == 1);
      }
  for (int i = 2; i <= last; i++)
    factorial *= i;
  return factorial * slope[last];
}

/* In the tail Newton's method for log_ndtr(z) = log(p), from the first terms of its asymptotic series. */
double
ndtri (double p)
{
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;
  if (!(p > 0 && p < 1))
    return NAN;
  if (p >= 0.05 && p <= 0.95)
    return ROOT_2 * erfinv (2 * p - 1);
  double q = fmin (p, 1 - p), w = -2 * log (q), z = -sqrt (w - log (2 * PI * (w - log (2 * PI * w))));
  for (int step = 0; step < 5; step++)
    z -= (log_ndtr (z) - log (q)) / log_ndtr_slope (z);
  return p < 0.5 ? z : -z;
}
