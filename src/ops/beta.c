/* beta.c -- the beta function, its logarithm, and its mixed derivative. */
#include "ops/elementwise.h"
#include "ops/special.h"

#define LOG_ROOT_2PI 0.918938533204672741780

/* DLMF 5.11.1. */
double
stirling_rest (double a)
{
  static const double terms[]
    = { 1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360.0, 1.0 / 156, -3617.0 / 122400 };
  double w = 1 / (a * a), sum = 0;
  for (int k = 7; k >= 0; k--)
    sum = sum * w + terms[k];
  return sum / a;
}

/* Logarithms of gamma cancel where an argument is large; Stirling's formula is subtracted from itself in closed form.
 */
double
lbeta (double a, double b)
{
  double small = fmin (a, b), large = fmax (a, b);
  if (!(a >= 0 && b >= 0))
    return NAN;
  if (small == 0)
    return isinf (large) ? NAN : INFINITY;
  if (large < 10)
    return log_gamma (a) + log_gamma (b) - log_gamma (a + b);
  double rests = stirling_rest (large) - stirling_rest (small + large), part = log1p (small / large);
  if (isinf (large))
    return -INFINITY;
  if (small < 10)
    return log_gamma (small) + rests - (large - 0.5) * part - small * log (small + large) + small;
  return LOG_ROOT_2PI - 0.5 * log (large) + (small - 0.5) * log (small / (small + large)) - large * part + rests
         + stirling_rest (small);
}

double
beta (double a, double b)
{
  double sum = a + b, lost = fmin (a, b) - (sum - fmax (a, b));
  if (!(a > 0 && b > 0 && sum < 80))
    return exp (lbeta (a, b));
  /* Gamma is steep: it is taken to where the sum was before it was rounded. */
  return tgamma (a) * (tgamma (b) / tgamma (sum)) * (1 - digamma (sum) * lost);
}

double
beta_slope (double a, double b)
{
  return -beta (a, b) * polygamma_difference (0, a, b);
}

double
beta_curve (double a, double b)
{
  double difference = polygamma_difference (0, a, b);
  return beta (a, b) * (difference * difference - polygamma_difference (1, a, b));
}

/* A number, its derivatives in a and b, and the mixed one. */
struct mixed
{
  double value, a, b, ab;
};

static struct mixed
times (struct mixed x, struct mixed y)
{
  return (struct mixed){ x.value * y.value, x.a * y.value + x.value * y.a, x.b * y.value + x.value * y.b,
                         x.ab * y.value + x.a * y.b + x.b * y.a + x.value * y.ab };
}

static void
add (struct mixed *sum, struct mixed x, double factor)
{
  sum->value += factor * x.value;
  sum->a += factor * x.a;
  sum->b += factor * x.b;
  sum->ab += factor * x.ab;
}

/* Both are small: the function is 1/a + 1/b, which has no mixed derivative, and (a + b) h with h = (e^m - 1) / (a b).
   Of m the Taylor series, DLMF 5.7.3, has ((a + b)^k - a^k - b^k) / (a b) in it, polynomials q that follow from one
   another. */
static double
mixed_of_small (double a, double b)
{
  struct mixed sum = { a + b, 1, 1, 0 }, product = { a * b, b, a, 1 }, q = { 2, 0, 0, 0 }, n = { 0 }, h = { 0 };
  double power_a = 1, power_b = 1;
  for (int k = 2; k < 40; k++)
    {
      add (&n, q, (k % 2 ? 1 : -1) * fabs (polygamma (k - 1, 1)) / tgamma (k + 1));
      q = times (sum, q);
      add (&q, (struct mixed){ power_a * a + power_b * b, (k - 1) * power_a, (k - 1) * power_b, 0 }, 1);
      power_a *= a;
      power_b *= b;
    }
  struct mixed term = n, m = times (product, n);
  double factorial = 1;
  for (int j = 1; j < 16; j++)
    {
      factorial *= j;
      add (&h, term, 1 / factorial);
      term = times (term, m);
    }
  return sum.value * h.ab + h.a + h.b;
}

/* The small argument s alone is small: the function is e^l / s, and its slope in the other one, t, -e^l d with d =
   (digamma (s + t) - digamma (t)) / s, whose slope in s is an integral: by Gauss's rule. */
static double
mixed_of_one_small (double s, double t)
{
  static const double nodes[]
    = { 0.18343464249564980494, 0.52553240991632898582, 0.79666647741362673959, 0.96028985649753623168 };
  static const double weights[]
    = { 0.36268378337836198297, 0.31370664587788728734, 0.22238103445337447054, 0.10122853629037625915 };
  double power = s < 1e-100 ? 1 : s * beta (s, t);
  double d = s < 1e-17 ? polygamma (1, t) : polygamma_difference (0, t, s) / s, slope = 0;
  for (int i = 0; i < 4; i++)
    for (int side = -1; side <= 1; side += 2)
      {
        double u = 0.5 * (1 + side * nodes[i]);
        slope += 0.5 * weights[i] * u * polygamma (2, t + u * s);
      }
  return -power * ((digamma (1 + s) - digamma (s + t)) * d + slope);
}

double
beta_mixed (double a, double b)
{
  double small = fmin (a, b), large = fmax (a, b);
  if (!(a >= 0 && b >= 0))
    return NAN;
  if (small >= 0.1)
    return beta (a, b) * (polygamma_difference (0, a, b) * polygamma_difference (0, b, a) - polygamma (1, a + b));
  return large < 0.25 ? mixed_of_small (a, b) : mixed_of_one_small (small, large);
}

double
beta_third (double a, double b)
{
  double of_a = polygamma_difference (0, a, b), of_b = polygamma_difference (0, b, a);
  return beta (a, b)
         * (of_b * (polygamma_difference (1, a, b) - of_a * of_a) + 2 * of_a * polygamma (1, a + b)
            - polygamma (2, a + b));
}
