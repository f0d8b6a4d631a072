/* special.h -- the special functions that the cells of ops.def mention, under their names in the language. */
#ifndef GRADCALC_SPECIAL_H
#define GRADCALC_SPECIAL_H

#include <math.h>
#include <stdbool.h>

/* <math.h> has the first name for something else, and the second stores a sign in a global. */
#define gamma(x) tgamma (x)
#define lgamma(x) log_gamma (x)

double log_gamma (double x);
double digamma (double x);
/* n is whole and not negative; else NaN. */
double polygamma (double n, double x);
/* polygamma (n, x + step) less polygamma (n, x), to all digits; x and x + step are not negative, else NaN. */
double polygamma_difference (double n, double x, double step);
/* The n-th derivatives of gamma and of cbrt: n is whole, not negative, and below 30; else NaN. */
double gamma_derivative (double n, double x);
double cbrt_derivative (double n, double x);
/* beta.c; the slope of beta in a, its own in a and in b, and that of the last in a. */
double beta (double a, double b);
double lbeta (double a, double b);
double beta_slope (double a, double b);
double beta_curve (double a, double b);
double beta_mixed (double a, double b);
double beta_third (double a, double b);
/* log gamma(a) less Stirling's formula, (a - 1/2) log(a) - a + log(2 pi) / 2, for a >= 10. */
double stirling_rest (double a);
double lchoose (double n, double k);

/* densities.c. The logarithms of densities, and their slopes. */
double poisson_log (double k, double rate);
double gamma_log (double shape, double rate, double y);
double gamma_log_slope (double shape, double rate, double y);
/* a / b - c to the digits of its result. */
double share_gap (double a, double b, double c);
double beta_log (double a, double b, double x);
double beta_log_slope_a (double a, double b, double x);
double beta_log_slope_b (double a, double b, double x);
double beta_log_slope_x (double a, double b, double x);
double student_t_log (double z, double nu);
double student_t_slope (double z, double nu);
double student_t_slope_nu (double z, double nu);
/* The slopes of these: of the first in z, of either in the other's argument, of the second in nu. */
double student_t_curve (double z, double nu);
double student_t_mixed (double z, double nu);
double student_t_curve_nu (double z, double nu);
/* The n-th derivative of digamma((x + 1) / 2) - digamma(x / 2) - 1/x, for x > 0; n = -1 is the integral from infinity.
 */
double half_step (double n, double x);
/* log(1 + m) - m, whose terms nearly cancel for small m. */
double log_less (double m);
/* Whether a and b are large and x near a / (a + b), and the distance (a + b) x - a to all its digits; with it the
   logarithm of x^a (1 - x)^b / beta(a, b). */
bool beta_near (double a, double b, double x, double *distance);
double beta_exponent (double a, double b, double distance);

/* normal.c. */
double erfinv (double x);
double ndtr (double x);
double ndtri (double p);
double log_ndtr (double x);
/* The density over the distribution function: the slope of log_ndtr. */
double log_ndtr_slope (double x);
/* The n-th derivative of log_ndtr, n >= 1, and of the normal density, n >= 0: n is whole and below 30, else NaN. */
double log_ndtr_derivative (double n, double x);
double normal_derivative (double n, double x);

double i0 (double x);
double i1 (double x);
double sinc (double x);
double sinc_slope (double x);
/* The n-th derivative of sinc. */
double sinc_derivative (double n, double x);
/* Bessel functions of whole order. */
double bessel_j (double n, double x);
double bessel_y (double n, double x);
double bessel_i (double n, double x);

double xlogy (double x, double y);
double xlog1py (double x, double y);
double logit (double p);

/* incomplete.c. Regularised; the slopes are those in the parameters. */
double gammainc (double a, double x);
double gammaincc (double a, double x);
double gammainc_slope (double a, double x);
/* The slope of gammainc in x: x^(a-1) e^-x / gamma(a). */
double gamma_density (double a, double x);
/* The slopes of these slopes: of gammainc_slope in a, of betainc_slope_a (`of_a`) or _b in a or b (`in_b`). Differences
   of high order: for parameters from 1e-3 to 1e6 right to eight digits, but where they pass through 0, near x = a, off
   by up to 1e-9 of the slope over the root of a. */
double gammainc_curve (double a, double x);
double betainc_curve (double a, double b, double x, bool of_a, bool in_b);
double betainc (double a, double b, double x);
double betainc_slope_a (double a, double b, double x);
double betainc_slope_b (double a, double b, double x);

#endif
