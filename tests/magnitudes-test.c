/* magnitudes-test.c -- elementwise functions from 1e-300 to 1e300 against tests/magnitudes.tsv: the value and the
   derivatives up to the third order, of numbers and of arrays of 1, 3 and 20, which the vector kernels take.

   magnitudes-test [STEP]: each STEP-th group of arguments (7); 1 is all of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

enum
{
  LINE_SIZE = 2000,
  POINTS = 400, /* of one function */
  ORDERS = 6,   /* numbers of one point */
  FUNCTIONS = 100,
  NAME_SIZE = 40,
  LONGEST = 20,
  PROGRAM_SIZE = 3000,
  SHOWN = 8
};

struct point
{
  double x[2], expected[ORDERS];
};

struct subject
{
  char name[NAME_SIZE];
  enum op op;
  double tolerance[4], absolute; /* relative by order; of all */
  size_t count;
  struct point *points;
  int failures;
};

/* Which order a number has, and which number it is the derivative of, in which argument. */
struct order
{
  int order, from, argument;
};
static const struct order orders_one[] = { { 0, 0, 0 }, { 1, 0, 0 }, { 2, 1, 0 }, { 3, 2, 0 } };
static const struct order orders_two[]
  = { { 0, 0, 0 }, { 1, 0, 0 }, { 1, 0, 1 }, { 2, 1, 0 }, { 2, 1, 1 }, { 2, 2, 1 } };

/* The numbers of a list; `-` is none. */
static size_t
read_numbers (char *text, double *numbers, size_t room)
{
  size_t count = 0;
  for (char *word; count < room && (word = strsep (&text, ","));)
    numbers[count++] = strcmp (word, "-") == 0 ? NAN : strtod (word, NULL);
  return count;
}

/* Near the smallest doubles there are fewer digits; where a derivative is near a zero of its own, it has as many as the
   one it comes from has over the argument. Behind an infinite one anything goes that is not finite. */
static bool
is_near (const struct subject *subject, const struct point *point, int number, double found)
{
  const struct order *order = op_info[subject->op].arity == 1 ? &orders_one[number] : &orders_two[number];
  double expected = point->expected[number], tolerance = subject->tolerance[order->order];
  double before = point->expected[order->from], x = fabs (point->x[order->argument]);
  if (isnan (expected))
    return true;
  if (isinf (expected))
    return found == expected || (isinf (before) && !isfinite (found) && order->order);
  double near = tolerance * fabs (expected) + subject->absolute + 1e-322;
  if (order->order && x >= 0.01 && isfinite (before))
    near += tolerance * fabs (before) / x;
  return fabs (found - expected) <= near;
}

/* Appends a list, or the number alone when `size` is 0. */
static void
append_list (char *text, char name, const struct subject *subject, size_t first, size_t size, int argument)
{
  char *end = text + strlen (text);
  end += sprintf (end, "%c = %s", name, size ? "[" : "");
  for (size_t i = 0; i < (size ? size : 1); i++)
    end += sprintf (end, "%s%.17g", i ? ", " : "", subject->points[(first + i) % subject->count].x[argument]);
  sprintf (end, "%s; ", size ? "]" : "");
}

/* The program that computes everything of `size` points; of one as a number when `size` is 0. */
static void
write_program (char *text, const struct subject *subject, size_t first, size_t size)
{
  char expression[TEXT], ones[40] = "1";
  bool two = op_info[subject->op].arity == 2;
  *text = 0;
  append_list (text, 'a', subject, first, size, 0);
  if (two)
    append_list (text, 'b', subject, first, size, 1);
  if (size)
    snprintf (ones, sizeof ones, "ones(%zu)", size);
  char *end = text + strlen (text);
  end += sprintf (end, "y = %s; w = %s; ", write_operator (expression, subject->op, "a", "b", ""), ones);
  if (two)
    sprintf (end, "f = vjp(y, a, w); g = vjp(y, b, w); r = [y, f, g, vjp(f, a, w), vjp(f, b, w), vjp(g, b, w)]");
  else
    sprintf (end, "f = vjp(y, a, w); g = vjp(f, a, w); r = [y, f, g, vjp(g, a, w)]");
}

static void
check (struct subject *subject, size_t first, size_t size)
{
  static struct session session;
  static char text[PROGRAM_SIZE];
  size_t length = size ? size : 1;
  int numbers = op_info[subject->op].arity == 1 ? 4 : 6;
  session_clear (&session);
  write_program (text, subject, first, size);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      const double *found = value_elements (&session.target);
      for (size_t i = 0; i < length * (size_t)numbers; i++)
        {
          const struct point *point = &subject->points[(first + i % length) % subject->count];
          int number = (int)(i / length);
          if (!is_near (subject, point, number, found[i]) && subject->failures++ < SHOWN)
            printf ("# %s(%.17g, %.17g), array of %zu, number %d: %.17g, expected %.17g, off by %.2g\n", subject->name,
                    point->x[0], point->x[1], size, number, found[i], point->expected[number],
                    fabs (found[i] / point->expected[number] - 1));
        }
    }
  else if (subject->failures++ < SHOWN)
    printf ("# %.200s: %.200s\n", text, session_said (&session));
  session_close (&session);
}

/* A line that begins with % opens a function, the others are its points. */
static bool
read_line (struct subject *functions, size_t *count, char *line)
{
  char *name = strsep (&line, "\t"), *first = strsep (&line, "\t"), *second = strsep (&line, "\t\n");
  if (!first || !second)
    return false;
  if (*name == '%')
    {
      int op = 0;
      while (op < OPS && strcmp (op_info[op].name, name + 1) != 0)
        op++;
      if (op == OPS || *count == FUNCTIONS)
        return false;
      struct subject *subject = &functions[(*count)++];
      *subject = (struct subject){ .op = (enum op)op, .points = malloc (POINTS * sizeof (struct point)) };
      snprintf (subject->name, NAME_SIZE, "%s", name + 1);
      double numbers[5];
      size_t orders = op_info[op].arity == 1 ? 4 : 3;
      bool good = read_numbers (first, numbers, 5) == orders + 1;
      memcpy (subject->tolerance, numbers, orders * sizeof *numbers);
      subject->absolute = numbers[orders];
      return good;
    }
  for (size_t i = 0; i < *count; i++)
    if (strcmp (functions[i].name, name) == 0 && functions[i].count < POINTS)
      {
        struct point *point = &functions[i].points[functions[i].count++];
        *point = (struct point){ 0 };
        bool two = op_info[functions[i].op].arity == 2;
        return read_numbers (first, point->x, 2) == (two ? 2u : 1u)
               && read_numbers (second, point->expected, ORDERS) == (two ? 6u : 4u);
      }
  return false;
}

static size_t
read_table (struct subject *functions)
{
  char path[LINE_SIZE], line[LINE_SIZE];
  const char *folder = getenv ("srcdir");
  size_t count = 0;
  snprintf (path, sizeof path, "%s/tests/magnitudes.tsv", folder ? folder : ".");
  FILE *file = fopen (path, "r");
  bool good = file != NULL;
  while (good && fgets (line, sizeof line, file))
    good = *line == '#' || read_line (functions, &count, line);
  if (file)
    fclose (file);
  return good ? count : 0;
}

int
main (int argc, char **argv)
{
  static const size_t sizes[] = { 0, 1, 3, LONGEST };
  static struct subject functions[FUNCTIONS];
  size_t step = argc > 1 ? strtoul (argv[1], NULL, 10) : 7, count = read_table (functions);
  if (!count || !step)
    {
      printf ("Bail out! tests/magnitudes.tsv cannot be read\n");
      return 1;
    }
  bool failed = false;
  for (size_t i = 0; i < count; i++)
    {
      struct subject *subject = &functions[i];
      size_t turn = 0;
      for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (size_t first = 0; first < subject->count; first += sizes[k] ? sizes[k] : 1)
          if (sizes[k] == LONGEST || turn++ % step == 0)
            check (subject, first, sizes[k]);
      printf ("%sok %zu - %s: %zu points, %d failures\n", subject->failures ? "not " : "", i + 1, subject->name,
              subject->count, subject->failures);
      failed |= subject->failures > 0;
      free (subject->points);
    }
  printf ("1..%zu\n", count);
  return failed;
}
