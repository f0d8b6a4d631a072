/* writes.c -- the twin of writes.expr: the adjoint by hand.

   writes N */
#include <stdio.h>
#include <stdlib.h>

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 1000000;
  double *s = calloc (n, sizeof *s), *adjoint = calloc (n, sizeof *adjoint);
  if (!s || !adjoint)
    return 3;
  const double a = 0.5, b = 0.25;
  for (size_t i = 2; i < n; i++)
    s[i] = a * s[i - 1] - b * s[i - 2] + 0.1;

  double da = 0, db = 0;
  adjoint[n - 1] += 1;
  adjoint[n / 2] += 1;
  for (size_t i = n; i-- > 2;)
    {
      da += adjoint[i] * s[i - 1];
      db -= adjoint[i] * s[i - 2];
      adjoint[i - 1] += adjoint[i] * a;
      adjoint[i - 2] -= adjoint[i] * b;
    }
  printf ("loss = %.17g\ndloss/da = %.17g\ndloss/db = %.17g\n", s[n - 1] + s[n / 2], da, db);
  free (s);
  free (adjoint);
  return 0;
}
