/* product.c -- the twin of product.expr on the same BLAS.

   product ROUNDS */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  SIDE = 512,
  SIZE = SIDE * SIDE
};

void dgemm_ (const char *, const char *, const int *, const int *, const int *, const double *, const double *,
             const int *, const double *, const int *, const double *, double *, const int *);

static double a[SIZE], b[SIZE], c[SIZE], sum[SIZE];

int
main (int argc, char **argv)
{
  int rounds = argc > 1 ? atoi (argv[1]) : 11, side = SIDE;
  for (int i = 0; i < SIZE; i++)
    {
      a[i] = cos (i * 0.731);
      b[i] = sin (i * 0.37);
    }
  memcpy (c, a, sizeof c);
  double one = 1, zero = 0, total = 0;
  for (int round = 0; round < rounds; round++)
    {
      for (int i = 0; i < SIZE; i++)
        sum[i] = b[i] + c[i] * 0.001;
      /* By rows: c = a sum is c' = sum' a' by columns. */
      dgemm_ ("N", "N", &side, &side, &side, &one, sum, &side, a, &side, &zero, c, &side);
    }
  for (int i = 0; i < SIZE; i++)
    total += c[i];
  printf ("y = %.17g\ndy/ds = %.17g\n", total, total);
  return 0;
}
