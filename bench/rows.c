/* rows.c -- the gradient of a logistic regression at each record of a file, by hand: numbers are read and printed by the
   routines that gradcalc has, and 128 records are computed at once.

     rows FILE         csv with columns x1,x2,x3,y, to standard output
     rows make COUNT   such a file, made up */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"

enum
{
  LANES = 128,
  BLOCK = 1 << 17,
  COLUMNS = 4,
  RESULTS = 5
};

static double in[COLUMNS][LANES], out[RESULTS][LANES];
static char text[2 * BLOCK + 1], printed[BLOCK + LANES * RESULTS * NUMBER_SIZE];
static size_t used;

static void
flush (void)
{
  if (write (STDOUT_FILENO, printed, used) != (ssize_t)used)
    exit (1);
  used = 0;
}

static void
compute (size_t count)
{
  const double w1 = 0.1, w2 = -0.2, w3 = 0.3, b = 0.05, penalty = 0.01 * (w1 * w1 + w2 * w2 + w3 * w3);
  for (size_t i = 0; i < count; i++)
    {
      double y = in[3][i];
      double p = 1 / (1 + exp (-(w1 * in[0][i] + w2 * in[1][i] + w3 * in[2][i] + b)));
      out[0][i] = -(y * log (p) + (1 - y) * log (1 - p)) + penalty;
      out[4][i] = p - y;
      out[1][i] = (p - y) * in[0][i] + 0.02 * w1;
      out[2][i] = (p - y) * in[1][i] + 0.02 * w2;
      out[3][i] = (p - y) * in[2][i] + 0.02 * w3;
    }
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < RESULTS; k++)
      {
        used += number_print (printed + used, out[k][i], 0);
        printed[used++] = k + 1 < RESULTS ? ',' : '\n';
      }
  if (used >= BLOCK)
    flush ();
}

/* Reads the records that are whole; how many bytes they take. */
static size_t
take (size_t size, size_t *count)
{
  size_t at = 0;
  for (const char *end; (end = memchr (text + at, '\n', size - at)); at++)
    {
      for (size_t k = 0; k < COLUMNS; k++, at += text[at] == ',')
        at += number_scan (text + at, (size_t)(end - text) - at, &in[k][*count]);
      if (++*count == LANES)
        {
          compute (LANES);
          *count = 0;
        }
    }
  return at;
}

static void
make (long count)
{
  unsigned long long state = 1;
  puts ("x1,x2,x3,y");
  for (long i = 0; i < count; i++)
    {
      for (int k = 0; k < 3; k++)
        {
          state = state * 6364136223846793005u + 1442695040888963407u;
          printf ("%.6g,", (double)(state >> 40) / (1 << 22) - 2);
        }
      printf ("%d\n", (int)(state >> 63));
    }
}

int
main (int words, char **word)
{
  if (words == 3)
    {
      make (atol (word[2]));
      return 0;
    }
  int file = words == 2 ? open (word[1], O_RDONLY) : -1;
  size_t size = 0, count = 0;
  for (ssize_t got; (got = read (file, text + size, BLOCK)) > 0;)
    {
      size += (size_t)got;
      static int is_below_header;
      size_t taken = is_below_header ? 0 : (size_t)((char *)memchr (text, '\n', size) + 1 - text);
      memmove (text, text + taken, size - taken);
      size -= taken;
      if (!is_below_header)
        used = (size_t)sprintf (printed, "loss,dloss_dw1,dloss_dw2,dloss_dw3,dloss_db\n");
      is_below_header = 1;
      taken = take (size, &count);
      memmove (text, text + taken, size - taken);
      size -= taken;
    }
  compute (count);
  flush ();
  return file < 0;
}
