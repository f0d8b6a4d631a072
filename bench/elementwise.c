/* elementwise.c -- the twin of elementwise.expr: value and gradient in one loop over the elements, with vector
   tanh and exp from SLEEF. Like the program it fills x and w first and stores the gradient in all of w, which is
   then summed into that of the scale. Its arrays lie in huge pages.

   elementwise N */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

/* <math.h> hides that SLEEF has these for vectors. */
__attribute__ ((simd ("notinbranch"))) double tanh (double);
__attribute__ ((simd ("notinbranch"))) double exp (double);

#define VECTOR __attribute__ ((target_clones ("default", "avx2"), noinline))

struct sums
{
  double value, db;
};

VECTOR static void
linspace (double *restrict to, double first, double last, size_t n, double scale)
{
  double step = (last - first) / (double)(n - 1);
  for (size_t i = 0; i < n; i++)
    to[i] = scale * (first + (double)(long)i * step);
}

VECTOR static struct sums
value_and_gradient (double *restrict dw, const double *restrict x, const double *restrict w, double b, size_t n)
{
  double value = 0, db = 0;
  for (size_t i = 0; i < n; i++)
    {
      double t = tanh (x[i] * w[i] + b), e = exp (-x[i] * x[i]);
      double dz = 2 * t * (1 - t * t) * e / (double)n;
      value += t * t * e;
      db += dz;
      dw[i] = dz * x[i];
    }
  return (struct sums){ value / (double)n, db };
}

VECTOR static double
dot (const double *restrict a, const double *restrict b, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

static double *
allocate (size_t n)
{
  size_t huge = 2 << 20, size = (n * sizeof (double) + huge - 1) / huge * huge;
  double *array = aligned_alloc (huge, size);
  if (!array)
    exit (3);
  madvise (array, size, MADV_HUGEPAGE);
  return array;
}

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 1000000;
  const double s = 0.9, b = 0.1;
  double *x = allocate (n), *w = allocate (n), *dw = allocate (n);
  linspace (x, -2, 2, n, 1);
  linspace (w, 0.5, 1.5, n, s);
  struct sums sums = value_and_gradient (dw, x, w, b, n);
  printf ("loss = %.17g\ndloss/ds = %.17g\ndloss/db = %.17g\n", sums.value, dot (dw, w, n) / s, sums.db);
  free (x);
  free (w);
  free (dw);
  return 0;
}
