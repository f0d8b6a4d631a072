/* arrays.c -- the twin of arrays.expr: each statement a plain loop, exp from SLEEF, buffers used again.

   arrays ROUNDS */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum
{
  SIDE = 1000,
  SIZE = SIDE * SIDE
};

/* <math.h> hides that SLEEF has this for vectors. */
__attribute__ ((simd ("notinbranch"))) double exp (double);

#define LOOP __attribute__ ((target_clones ("default", "avx2"), noinline)) static void

LOOP
scale (double *restrict z, const double *restrict x, double by)
{
  for (int i = 0; i < SIZE; i++)
    z[i] = x[i] * by;
}

LOOP
add (double *restrict to, const double *restrict z, const double *restrict x)
{
  for (int i = 0; i < SIZE; i++)
    to[i] = z[i] + x[i];
}

LOOP
bell (double *restrict to, const double *restrict z)
{
  for (int i = 0; i < SIZE; i++)
    to[i] = exp (-z[i] * z[i]) + 0.5 * z[i];
}

LOOP
add_row (double *restrict to, const double *restrict z, const double *restrict row)
{
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      to[i * SIDE + j] = z[i * SIDE + j] + row[j];
}

LOOP
scale_rows (double *restrict to, const double *restrict z, const double *restrict column)
{
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      to[i * SIDE + j] = z[i * SIDE + j] * column[i];
}

__attribute__ ((target_clones ("default", "avx2"), noinline)) static double
sum (const double *z, int count)
{
  double total = 0;
  for (int i = 0; i < count; i++)
    total += z[i];
  return total;
}

LOOP
add_rows (double *restrict sums, const double *restrict z)
{
  memset (sums, 0, SIDE * sizeof *sums);
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++)
      sums[j] += z[i * SIDE + j];
}

static double *
allocate (size_t count)
{
  size_t huge = 2 << 20, size = (count * sizeof (double) + huge - 1) / huge * huge;
  double *array = aligned_alloc (huge, size);
  if (!array)
    exit (3);
  madvise (array, size, MADV_HUGEPAGE);
  return array;
}

int
main (int argc, char **argv)
{
  int rounds = argc > 1 ? atoi (argv[1]) : 41;
  double *x = allocate (SIZE), *z = allocate (SIZE), *w = allocate (SIZE), row[SIDE], column[SIDE], sums[SIDE];
  for (int i = 0; i < SIZE; i++)
    x[i] = cos (i * 0.731);
  for (int i = 0; i < SIDE; i++)
    {
      row[i] = sin (i * 0.37);
      column[i] = sin (i * 0.53);
    }
  double total = 0;
  for (int round = 0; round < rounds; round++)
    {
      scale (z, x, 1.5);
      add (w, z, x);
      bell (z, w);
      add_row (w, z, row);
      scale_rows (z, w, column);
      add_rows (sums, z);
      double dot = 0;
      for (int i = 0; i < SIDE; i++)
        dot += sums[i] * row[i];
      total += sum (z, SIZE) + dot;
    }
  printf ("y = %.17g\ndy/ds = %.17g\n", total, total);
  free (x);
  free (z);
  free (w);
  return 0;
}
