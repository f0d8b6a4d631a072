/* edge-test.c -- elementwise operators at special values: numbers, folded and as arrays, pass what the table says.

   Whatever way an operator is run, an adjoint u gives u times the partial; nothing through FLAT, but NaN where a NaN
   was sown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/elementwise.h"
#include "session.h"

static const double values[] = { 0, -0.0, 1, -1, 2, 0.5, -3, INFINITY };
static const double adjoints[] = { 1, INFINITY, -2, NAN, 0 };
enum
{
  VALUES = sizeof values / sizeof *values,
  ADJOINTS = sizeof adjoints / sizeof *adjoints
};

/* How an operator (@) stands in a program: what its partials are multiplied by, whether the last operands vary. */
struct form
{
  const char *text;
  const char *operands[3];
  double factor;
  bool alone;   /* only the first operand varies */
  bool numbers; /* not with arrays */
};

static const struct form forms[] = {
  { "y = @", { "a", "b", "c" }, 1, false, false },
  { "y = -(0.5 * @)", { "a", "b", "c" }, -0.5, false, false },
  { "y = @ * 2", { "a - 0", "b * 1", "c - 0" }, 2, false, false },
  { "y = @ / 4", { "a", "stop_gradient(b)", "stop_gradient(c)" }, 0.25, true, false },
  { "y = @", { "a", "stop_gradient(b)", "stop_gradient(c)" }, 1, true, false },
  { "y = sum([1, 0.5, 0.5] * @)", { "a", "b", "c" }, 2, false, true },
  { "y = sum([1, 0.5, 0.5] * @)", { "a", "stop_gradient(b)", "stop_gradient(c)" }, 2, true, true },
};

static double
expected (double partial, double factor, double u, bool poison)
{
  if (u == 0 || (is_flat (partial) && !(poison && isnan (u))))
    return 0;
  /* What folding does to a partial that is not finite it must not do to a zero. */
  return isfinite (partial) ? factor * partial * u : factor * u * partial;
}

/* The partial that a form passes on: of what does not vary a zero may be a rule, where the tape looks for such. */
static double
partial_of (const struct session *session, enum op op, const struct form *form, const double x[3], int k)
{
  double partial = op_partial (op, k, x[0], x[1], x[2], op_value (op, x[0], x[1], x[2]), !form->alone);
  if (form->alone && op_info[op].arity == 2 && session->tape.careful)
    op_fix_zeros (op, k, 1, &x[1 - k], 0, &partial);
  return partial;
}

static bool
agree (double a, double b)
{
  return (isnan (a) && isnan (b)) || a == b || fabs (a - b) <= 4e-15 * fabs (b);
}

/* A change of one operand alone makes of the result what an adjoint of the result makes of that operand. */
static void
check_forward (struct session *session, enum op op, const struct form *form, size_t size, double (*points)[3], int k,
               char *failure)
{
  static double change[INPUTS][LARGEST], tangent[LARGEST];
  static const double changes[] = { 1, 0, INFINITY, -2 };
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < session->input_count; j++)
      change[j][i] = (int)j == k ? changes[(size > 1 ? i : (size_t)fmin (fabs (points[0][0]), 3)) % 4] : 0;
  session_forward (session, change, tangent);
  for (size_t i = 0; i < size; i++)
    {
      const double *x = points[i];
      double partial = partial_of (session, op, form, x, k);
      double wanted = expected (partial, form->factor, change[k][i], false);
      if (!agree (tangent[i], wanted) && !*failure)
        snprintf (failure, FAILURE_SIZE, "%s, %s, operand %d at %g %g %g, partial %g: a change %g gives %g, not %g",
                  form->text, size > 1 ? "arrays" : "numbers", k, x[0], x[1], x[2], partial, change[k][i], tangent[i],
                  wanted);
    }
}

/* One form with its inputs as numbers (size 1) or as arrays, at `size` points. */
static void
check_points (struct session *session, enum op op, const struct form *form, size_t size, double (*points)[3], double u,
              char *failure)
{
  static double seeds[LARGEST], gradient[INPUTS][LARGEST];
  int arity = op_info[op].arity;
  bool poison = false;
  for (size_t k = 0; k < session->input_count; k++)
    for (size_t i = 0; i < size; i++)
      session->inputs[k].array->elements[i] = points[i][k];
  session_run (session);
  for (size_t i = 0; i < size; i++)
    {
      seeds[i] = size > 1 ? adjoints[(i + (size_t)u) % ADJOINTS] : u;
      poison |= isnan (seeds[i]);
    }
  session_reverse (session, seeds, 1, gradient);
  for (int k = 0; k < (form->alone ? 1 : arity); k++)
    check_forward (session, op, form, size, points, k, failure);
  for (int k = 0; k < (form->alone ? 1 : arity); k++)
    for (size_t i = 0; i < size; i++)
      {
        const double *x = points[i];
        double v = op_value (op, x[0], x[1], x[2]), partial = partial_of (session, op, form, x, k);
        double gradient_wanted = expected (partial, form->factor, seeds[i], poison);
        if (!agree (gradient[k][i], gradient_wanted) && !*failure)
          snprintf (failure, FAILURE_SIZE, "%s, %s, operand %d at %g %g %g, partial %g: an adjoint %g gives %g, not %g",
                    form->text, size > 1 ? "arrays" : "numbers", k, x[0], x[1], x[2], partial, seeds[i], gradient[k][i],
                    gradient_wanted);
        double found = value_elements (&session->target)[i], value = form->factor * v;
        if (!agree (found, value) && !*failure)
          snprintf (failure, FAILURE_SIZE, "%s at %g %g %g: %.17g, not %.17g", form->text, x[0], x[1], x[2], found,
                    value);
      }
}

/* The program's text, with one point as numbers or with all of them as arrays. */
static void
write_program (char *text, size_t room, enum op op, const struct form *form, size_t size)
{
  char expression[TEXT];
  write_operator (expression, op, form->operands[0], form->operands[1], form->operands[2]);
  size_t used = 0;
  for (int k = 0; k < op_info[op].arity; k++)
    {
      if (size == 1)
        used += (size_t)snprintf (text + used, room - used, "%c = 1\n", 'a' + k);
      else
        used += (size_t)snprintf (text + used, room - used, "%c = ones(%zu)\n", 'a' + k, size);
    }
  for (const char *p = form->text; *p; p++)
    used += (size_t)snprintf (text + used, room - used, "%.*s", *p == '@' ? TEXT : 1, *p == '@' ? expression : p);
}

static void
check_form (enum op op, const struct form *form, size_t count, double (*points)[3], bool arrays, char *failure)
{
  static struct session session;
  char text[2 * TEXT];
  session_clear (&session);
  write_program (text, sizeof text, op, form, arrays ? count : 1);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      for (size_t i = 0; i < (arrays ? 1 : count); i++)
        for (int u = 0; u < ADJOINTS; u++)
          check_points (&session, op, form, arrays ? count : 1, points + i, arrays ? u : adjoints[u], failure);
    }
  else
    snprintf (failure, FAILURE_SIZE, "%s", session_said (&session));
  session_close (&session);
}

/* Whatever gives booleans or integers has no gradient. */
static bool
has_gradient (enum op op)
{
  return !(op_info[op].traits & (TRUTH | INTEGER));
}

/* What is made of it alone does not vary: numbers, arrays, a number among arrays. Operands that must be booleans are.
 */
static void
check_constant (enum op op, char *failure)
{
  static const struct form plain[] = {
    { "y = 1.5 * @", { "a", "b", "c" }, 1, false, false },
    { "y = ones(3) * (1.5 * @)", { "a", "b", "c" }, 1, false, false },
    { "y = 1.5 * @", { "(a > 0)", "(b > 0)", "(c > 0)" }, 1, false, false },
  };
  static struct session session;
  volatile int ran = 0;
  for (volatile int i = 0; i < 6; i++)
    {
      char text[2 * TEXT];
      session_clear (&session);
      write_program (text, sizeof text, op, &plain[i / 2], i % 2 ? 3 : 1);
      if (setjmp (session.stop) == 0)
        {
          session_open (&session, text);
          session_run (&session);
          ran++;
          if (session.target.node && !*failure)
            snprintf (failure, FAILURE_SIZE, "the result varies in: %.400s", text);
        }
      session_close (&session);
    }
  if (ran < 2)
    snprintf (failure, FAILURE_SIZE, "no program runs");
}

int
main (void)
{
  static double points[VALUES * VALUES * VALUES][3];
  int count = 0, number = 0, failures = 0;
  for (int op = 0; op < OPS_NAMED; op++)
    count += op_info[op].arity > 0;
  printf ("1..%d\n", count);
  for (int op = 0; op < OPS_NAMED; op++)
    {
      int arity = op_info[op].arity;
      char failure[FAILURE_SIZE] = "";
      if (!arity)
        continue;
      size_t size = arity == 1 ? VALUES : arity == 2 ? VALUES * VALUES : VALUES * VALUES * VALUES;
      for (size_t i = 0, rest = 0; i < size; i++)
        {
          rest = i;
          for (int k = 0; k < 3; k++, rest /= VALUES)
            points[i][k] = k < arity ? values[rest % VALUES] : 0;
        }
      if (!has_gradient ((enum op)op))
        check_constant ((enum op)op, failure);
      for (size_t f = 0; f < sizeof forms / sizeof *forms && has_gradient ((enum op)op); f++)
        for (int arrays = 0; arrays < (forms[f].numbers ? 1 : 2) && !*failure; arrays++)
          check_form ((enum op)op, &forms[f], size, points, arrays, failure);
      failures += *failure != 0;
      printf ("%sok %d - %s at special values\n", *failure ? "not " : "", ++number, op_info[op].name);
      if (*failure)
        printf ("# %s\n", failure);
      fflush (stdout);
    }
  return failures > 0;
}
