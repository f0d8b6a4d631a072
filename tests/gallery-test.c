/* gallery-test.c -- every elementwise row of ops.def against tests/gallery.tsv: values, first partials, and second ones
   as programs that ask for them.

   The file says of each number how exact it must be, and tests/gallery.py how it came to be. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

enum
{
  LINE_SIZE = 2000,
  COLUMNS = 6,
  OPERANDS = 3
};

struct row
{
  char failure[FAILURE_SIZE]; /* the first; empty is none */
  int points;
};

/* The numbers of a list with commas; how many there are. */
static int
read_numbers (const char *text, double *numbers, int room)
{
  int count = 0;
  for (const char *p = text; count < room; p++)
    {
      char *end;
      numbers[count++] = strtod (p, &end);
      p = end;
      if (*p != ',')
        break;
    }
  return count;
}

/* Numbers near the smallest have fewer digits. */
static bool
is_near (double found, double expected, double tolerance)
{
  if (isnan (expected) || isnan (found))
    return isnan (expected) && isnan (found);
  return found == expected || fabs (found - expected) <= tolerance * fabs (expected) + 1e-307;
}

static void
check_number (struct row *row, const char *what, const char *arguments, double found, double expected, double tolerance)
{
  if (!is_near (found, expected, tolerance) && !*row->failure)
    snprintf (row->failure, FAILURE_SIZE, "%s at %s: %.17g, expected %.17g within %g, off by %.2g", what, arguments,
              found, expected, tolerance, fabs (found / expected - 1));
}

/* The second partial in operands k and m. Next to what the first one changes by over the operand, it has as many digits
   as that; where it is nearly 0 it has fewer of its own. */
static void
check_second (struct row *row, enum op op, const char *arguments, const double *x, int k, int m, double expected,
              double first, double tolerance)
{
  static struct session session;
  static const char *const names = "abc";
  char text[4 * TEXT], expression[TEXT];
  session_clear (&session);
  snprintf (text, sizeof text, "a = %.17g; b = %.17g; c = %.17g; r = %s; g = grad(r, %c); h = grad(g, %c)", x[0], x[1],
            x[2], write_operator (expression, op, "a", "b", "c"), names[k], names[m]);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      double found = session.target.number, scale = fabs (first) / fmin (1, fabs (x[m]) + 1e-300);
      double within = tolerance == 1e-8 ? 1e-7 : tolerance;
      if (!is_near (found, expected, within) && !(fabs (found - expected) <= 1e-11 * scale))
        check_number (row, "second partial", arguments, found, expected, within);
    }
  else if (!*row->failure)
    snprintf (row->failure, FAILURE_SIZE, "%.200s: %.200s", text, session_said (&session));
  session_close (&session);
}

/* Those of the fifth column, row by row; `-` is one that the file leaves out. */
static void
check_seconds (struct row *row, enum op op, const char *arguments, const double *x, const double *first, char *seconds,
               const double *tolerances)
{
  int arity = op_info[op].arity;
  if (op_info[op].traits & (TRUTH | INTEGER) || op == OP_polygamma)
    return;
  for (int i = 0; i < arity * arity; i++)
    {
      const char *word = strsep (&seconds, ",");
      int k = i / arity, m = i % arity;
      if (!word)
        snprintf (row->failure, FAILURE_SIZE, "at %s: too few second partials", arguments);
      else if (strcmp (word, "-") != 0)
        check_second (row, op, arguments, x, k, m, strtod (word, NULL), first[k],
                      fmax (tolerances[0], fmax (tolerances[k + 1], tolerances[m + 1])));
    }
}

static void
check_line (struct row *rows, char *line)
{
  static const char *const partials[OPERANDS] = { "partial in a", "partial in b", "partial in c" };
  char *columns[COLUMNS];
  for (int k = 0; k < COLUMNS; k++)
    columns[k] = strsep (&line, "\t");
  int op = 0;
  while (op < OPS && strcmp (op_info[op].name, columns[0]) != 0)
    op++;
  if (op == OPS || !columns[COLUMNS - 1])
    return;
  struct row *row = &rows[op];
  row->points++;
  double x[OPERANDS] = { 0 }, value, first[OPERANDS], tolerances[OPERANDS + 1];
  int arity = op_info[op].arity;
  if (read_numbers (columns[1], x, OPERANDS) != arity || read_numbers (columns[2], &value, 1) != 1
      || read_numbers (columns[3], first, OPERANDS) != arity
      || read_numbers (columns[5], tolerances, OPERANDS + 1) != arity + 1)
    {
      snprintf (row->failure, FAILURE_SIZE, "at %s: the columns do not go together", columns[1]);
      return;
    }
  double v = op_value ((enum op)op, x[0], x[1], x[2]);
  check_number (row, "value", columns[1], v, value, tolerances[0]);
  for (int k = 0; k < arity; k++)
    check_number (row, partials[k], columns[1], op_partial ((enum op)op, k, x[0], x[1], x[2], v, true), first[k],
                  tolerances[k + 1]);
  check_seconds (row, (enum op)op, columns[1], x, first, columns[4], tolerances);
}

int
main (void)
{
  static struct row rows[OPS];
  char path[LINE_SIZE], line[LINE_SIZE];
  const char *folder = getenv ("srcdir");
  snprintf (path, sizeof path, "%s/tests/gallery.tsv", folder ? folder : ".");
  FILE *file = fopen (path, "r");
  if (!file)
    {
      printf ("Bail out! %s cannot be read\n", path);
      return 1;
    }
  while (fgets (line, sizeof line, file))
    if (*line != '#')
      check_line (rows, line);
  fclose (file);
  int count = 0, failures = 0;
  for (int op = 0; op < OPS_NAMED; op++)
    {
      if (op_info[op].arity == 0)
        continue;
      if (rows[op].points == 0)
        snprintf (rows[op].failure, FAILURE_SIZE, "the gallery has no points");
      failures += *rows[op].failure != 0;
      printf ("%sok %d - %s: value, partials and second partials at %d points\n", *rows[op].failure ? "not " : "",
              ++count, op_info[op].name, rows[op].points);
      if (*rows[op].failure)
        printf ("# %s\n", rows[op].failure);
    }
  printf ("1..%d\n", count);
  return failures > 0;
}
