/* hessian.c -- the twin of hessian-dense.expr and hessian-chain.expr: second derivatives by hand, what can be other than
   0, each pair once.

   hessian dense|chain N */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
print (int i, int j, double value)
{
  printf ("d2f/dx[%d]dx[%d] = %.17g\n", i, j, value);
}

static void
dense (int n)
{
  double *x = malloc ((size_t)n * sizeof *x), f = 0;
  for (int i = 0; i < n; i++)
    x[i] = -1 + 2.0 * i / (n - 1);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      f += x[i] * x[j] / (1 + i + j) + exp (x[i] * x[j]);
  printf ("f = %.17g\n", f);
  for (int i = 0; i < n; i++)
    for (int j = i; j < n; j++)
      {
        double e = exp (x[i] * x[j]), value;
        if (i != j)
          value = 2.0 / (1 + i + j) + 2 * e * (1 + x[i] * x[j]);
        else
          {
            /* Of x_i^2/(1+2i) + exp(x_i^2), and of the exponentials with all others, each twice. */
            value = 2.0 / (1 + 2 * i) + e * (2 + 4 * x[i] * x[i]);
            for (int k = 0; k < n; k++)
              value += k == i ? 0 : 2 * exp (x[i] * x[k]) * x[k] * x[k];
          }
        print (i, j, value);
      }
  free (x);
}

static void
chain (int n)
{
  double step = 2.5 / (n - 1), f = 0;
  for (int i = 0; i + 1 < n; i++)
    {
      double a = -1 + i * step, b = -1 + (i + 1) * step;
      f += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
    }
  printf ("f = %.17g\n", f);
  for (int i = 0; i < n; i++)
    {
      double a = -1 + i * step, b = -1 + (i + 1) * step;
      print (i, i, (i + 1 < n ? 1200 * a * a - 400 * b + 2 : 0) + (i ? 200 : 0));
      if (i + 1 < n)
        print (i, i + 1, -400 * a);
    }
}

int
main (int argc, char **argv)
{
  int n = argc > 2 ? atoi (argv[2]) : 10;
  if (argc > 1 && strcmp (argv[1], "dense") == 0)
    dense (n);
  else
    chain (n);
  return 0;
}
