/* rounding-test.c -- bounds of what rounding can do, against tests/rounding.tsv: programs in which terms cancel.

   No number of a program is further from the right one than the bound says, by either way to add it up, and half of the
   bounds are within a factor of what rounding really did. Prints TAP, one test a program, then one of all. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/rounding.h"
#include "session.h"

enum
{
  LINE = 2000,
  RATIOS = 4000,
  FACTOR = 1000
};

struct table
{
  double ratios[RATIOS]; /* bound / error, where rounding did something */
  size_t count;
  char failure[FAILURE_SIZE];
};

/* A number that was computed beside the right one: what is off is known to three digits more than a double has. */
static void
compare (struct table *table, const char *what, size_t element, double found, const char **expected, double bound)
{
  char *end;
  long double right = strtold (*expected, &end);
  double off = (double)fabsl ((long double)found - right);
  *expected = end;
  /* Right digits beyond those of a long double. */
  double slack = (double)fabsl (right) * 0x1p-60;
  if (off > slack && table->count < RATIOS)
    table->ratios[table->count++] = bound / off;
  if (!(off <= bound + slack) && !*table->failure)
    snprintf (table->failure, FAILURE_SIZE, "%s %zu: %.17g is off by %g, but the bound is %g", what, element, found,
              off, bound);
}

static void
check_values (struct table *table, struct rounding *rounding, const char *what, const struct value *value,
              const double *computed, const char *expected)
{
  struct shape shape = value_shape (value);
  size_t size = shape_size (&shape);
  double bounds[LARGEST];
  const double *elements = value_elements (value);
  rounding_of_value (rounding, value, bounds);
  for (size_t i = 0; i < size; i++)
    {
      const char *again = expected;
      double sharp = rounding_of_element (rounding, value, i);
      compare (table, what, i, elements[i], &again, bounds[i]);
      again = expected;
      if (computed)
        compare (table, "the sweep's gradient", i, computed[i], &again, sharp);
      compare (table, what, i, elements[i], &expected, sharp);
      if (!(sharp <= bounds[i] * (1 + 1e-6) + 1e-300) && !*table->failure)
        snprintf (table->failure, FAILURE_SIZE, "%s %zu: the sharp bound %g is above the running one %g", what, i,
                  sharp, bounds[i]);
    }
}

static void
check_program (struct table *table, struct session *session, char *line)
{
  char *value = strchr (line, '\t'), *gradient = value ? strchr (value + 1, '\t') : NULL;
  static double found[INPUTS][LARGEST];
  double one = 1;
  session_clear (session);
  if (!gradient || setjmp (session->stop))
    {
      snprintf (table->failure, FAILURE_SIZE, "it does not run: %s", gradient ? session_said (session) : "a bad line");
      return;
    }
  *value = *gradient = 0;
  session_open (session, line);
  session_run (session);
  session_reverse (session, &one, 0, found);
  struct points points;
  struct rounding rounding;
  struct value derivative;
  points_open (&points, &session->run, 1);
  if (rounding_open (&rounding, &points))
    {
      const struct run *run = &rounding.again.run;
      const struct value *target = area_of (&run->globals, struct value) + run->last,
                         *source
                         = &area_of (&run->inputs, struct noted)[area_of (&run->input_order, uint32_t)[0]].value;
      check_values (table, &rounding, "the value", target, NULL, value + 1);
      if (rounding_derivative (&rounding, target, ROUNDING_ALL, source, &derivative))
        check_values (table, &rounding, "the gradient", &derivative, found[0], gradient + 1);
      else
        snprintf (table->failure, FAILURE_SIZE, "there is no derivative");
    }
  else
    snprintf (table->failure, FAILURE_SIZE, "it does not run again");
  rounding_close (&rounding);
  points_close (&points);
}

static int
by_size (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int
main (void)
{
  static struct session session;
  static struct table table;
  char path[4096], line[LINE];
  int count = 0, failed = 0;
  snprintf (path, sizeof path, "%s/tests/rounding.tsv", getenv ("srcdir") ? getenv ("srcdir") : ".");
  FILE *file = fopen (path, "r");
  if (!file)
    {
      printf ("Bail out! there is no %s\n", path);
      return 1;
    }
  while (fgets (line, sizeof line, file))
    {
      *table.failure = 0;
      check_program (&table, &session, line);
      session_close (&session);
      failed += *table.failure != 0;
      printf ("%sok %d - %s\n", *table.failure ? "not " : "", ++count, line);
      if (*table.failure)
        printf ("# %s\n", table.failure);
    }
  fclose (file);
  qsort (table.ratios, table.count, sizeof *table.ratios, by_size);
  double median = table.count ? table.ratios[table.count / 2] : INFINITY;
  failed += !(median < FACTOR);
  printf ("%sok %d - half of the bounds are within %d times the error: %.0f times, 9 of 10 within %.0f\n",
          median < FACTOR ? "" : "not ", ++count, FACTOR, median, table.count ? table.ratios[table.count * 9 / 10] : 0);
  printf ("1..%d\n", count);
  return failed != 0;
}
