/* loop.c -- the twin of loop.expr: the adjoint by hand. It keeps the two states of each iteration and nothing
   else, in one piece of huge pages, as fresh small pages would cost more than the arithmetic.

   loop N */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct state
{
  double x, y;
};

int
main (int argc, char **argv)
{
  size_t n = argc > 1 ? strtoul (argv[1], NULL, 10) : 1000000;
  size_t huge = 2 << 20, size = (n * sizeof (struct state) + huge - 1) / huge * huge;
  struct state *before = aligned_alloc (huge, size);
  if (!before)
    return 3;
  madvise (before, size, MADV_HUGEPAGE);

  const double a = 2.5, k = 1.02, b = 0.1, c = 2.3, m = 0.98, d = 0.05;
  double x = 0.3, y = 0.4, loss = 0;
  for (size_t i = 0; i < n; i++)
    {
      before[i] = (struct state){ x, y };
      x = a * x * (k - x) + b * y;
      y = c * y * (m - y) + d * x;
      loss += x;
    }

  double da = 0, dk = 0, db = 0, dc = 0, dm = 0, dd = 0, dx = 0, dy = 0;
  double after = x; /* the x that the second line of the body read */
  for (size_t i = n; i-- > 0;)
    {
      double x0 = before[i].x, y0 = before[i].y;
      dx += 1 + dy * d;
      dd += dy * after;
      dc += dy * y0 * (m - y0);
      dm += dy * c * y0;
      dy = dy * c * (m - 2 * y0) + dx * b;
      da += dx * x0 * (k - x0);
      dk += dx * a * x0;
      db += dx * y0;
      dx = dx * a * (k - 2 * x0);
      after = x0;
    }
  printf ("loss = %.17g\n", loss);
  printf ("dloss/da = %.17g\ndloss/dk = %.17g\ndloss/db = %.17g\n", da, dk, db);
  printf ("dloss/dc = %.17g\ndloss/dm = %.17g\ndloss/dd = %.17g\n", dc, dm, dd);
  free (before);
  return 0;
}
