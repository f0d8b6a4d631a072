/* random.c -- random numbers that depend on a seed, a call and a position, and on nothing else. Random123's
   Philox4x32-10 gives 64 bits for each element; what is made of them takes only operations that are rounded the same
   everywhere: no logarithm of the system's, whose last digit differs with the processor. */
#include "value/random.h"

#include <Random123/philox.h>
#include <math.h>

/* The 64 bits of elements 2 * block and 2 * block + 1. Some elements need another attempt. */
static inline void
draw (const struct random *random, uint64_t block, uint32_t attempt, uint64_t bits[2])
{
  philox4x32_ctr_t counter = { { (uint32_t)block, (uint32_t)(block >> 32) | attempt << 16, (uint32_t)random->call,
                                 (uint32_t)(random->call >> 32) } };
  philox4x32_key_t key = { { (uint32_t)random->seed, (uint32_t)(random->seed >> 32) } };
  philox4x32_ctr_t words = philox4x32 (counter, key);
  bits[0] = words.v[0] | (uint64_t)words.v[1] << 32;
  bits[1] = words.v[2] | (uint64_t)words.v[3] << 32;
}

/* The logarithm of 0 < x < 1, from log(m) = 2 artanh((m - 1) / (m + 1)) = 2 (s + s^3/3 + s^5/5 + ...) with |s| < 0.172.
 */
static double
logarithm (double x)
{
  static const double log_2 = 0.69314718055994530942;
  int exponent;
  double m = frexp (x, &exponent);
  if (m < 0.70710678118654752440)
    {
      m *= 2;
      exponent--;
    }
  double s = (m - 1) / (m + 1), square = s * s, sum = 0;
  for (int k = 21; k >= 1; k -= 2)
    sum = sum * square + 1.0 / k;
  return exponent * log_2 + 2 * s * sum;
}

/* A polynomial of degree 7 over another, highest coefficients first. */
static inline double
ratio (const double above[8], const double below[8], double r)
{
  double a = above[0], b = below[0];
  for (int i = 1; i < 8; i++)
    {
      a = a * r + above[i];
      b = b * r + below[i];
    }
  return a / b;
}

/* Algorithm AS 241, PPND16, of M. J. Wichura, Applied Statistics 37 (1988), 477-484; it is right to about 1 part in
   10^16. The distances from the middle and from the nearer end are exact. */
double
random_normal_point (uint64_t bits)
{
  static const double middle[2][8] = {
    { 2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
      1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e+0 },
    { 5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
      5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1 },
  };
  static const double side[2][8] = {
    { 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e+0,
      3.64784832476320460504e+0, 5.76949722146069140550e+0, 4.63033784615654529590e+0, 1.42343711074968357734e+0 },
    { 1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
      6.89767334985100004550e-1, 1.67638483018380384940e+0, 2.05319162663775882187e+0, 1 },
  };
  static const double end[2][8] = {
    { 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
      2.96560571828504891230e-1, 1.78482653991729133580e+0, 5.46378491116411436990e+0, 6.65790464350110377720e+0 },
    { 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
      1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1 },
  };
  static const int64_t half = INT64_C (1) << 52;
  static const double unit = 0x1p-53;
  double from_middle = ((double)((int64_t)bits - half) + 0.5) * unit;
  if (fabs (from_middle) <= 0.425)
    return from_middle * ratio (middle[0], middle[1], 0.180625 - from_middle * from_middle);
  uint64_t above = (UINT64_C (1) << 53) - 1 - bits;
  double from_end = ((double)(bits < above ? bits : above) + 0.5) * unit;
  double r = sqrt (-logarithm (from_end));
  double size = r <= 5 ? ratio (side[0], side[1], r - 1.6) : ratio (end[0], end[1], r - 5);
  return copysign (size, from_middle);
}

void
random_uniform (struct random *random, size_t count, double *numbers)
{
  for (size_t i = 0; i < count; i += 2)
    {
      uint64_t bits[2];
      draw (random, i / 2, 0, bits);
      for (size_t k = 0; k < 2 && i + k < count; k++)
        numbers[i + k] = (double)(bits[k] >> 11) * 0x1p-53;
    }
  random->call++;
}

void
random_normal (struct random *random, size_t count, double *numbers)
{
  for (size_t i = 0; i < count; i += 2)
    {
      uint64_t bits[2];
      draw (random, i / 2, 0, bits);
      for (size_t k = 0; k < 2 && i + k < count; k++)
        numbers[i + k] = random_normal_point (bits[k] >> 11);
    }
  random->call++;
}

void
random_whole (struct random *random, int64_t low, uint64_t range, size_t count, double *numbers)
{
  /* 2^64 is no multiple of most ranges: so many of its numbers are left over, and are drawn again. */
  uint64_t left_over = -range % range;
  for (size_t i = 0; i < count; i += 2)
    {
      uint64_t first[2];
      draw (random, i / 2, 0, first);
      for (size_t k = 0; k < 2 && i + k < count; k++)
        {
          uint64_t bits[2] = { first[0], first[1] };
          for (uint32_t attempt = 1; bits[k] < left_over; attempt++)
            draw (random, i / 2, attempt, bits);
          numbers[i + k] = (double)(int64_t)((uint64_t)low + bits[k] % range);
        }
    }
  random->call++;
}
