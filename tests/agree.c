/* agree.c -- whole programs: both sweeps against differences and against each other; and the same once more for the
   gradient that a program asks for itself, which has to agree with the sweep's. */
#include "agree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The target's elements with every input moved by `times` its change; they stay there. */
static void
run_at (struct session *session, double point[INPUTS][LARGEST], double change[INPUTS][LARGEST], double times,
        double *elements)
{
  for (size_t k = 0; k < session->input_count; k++)
    for (size_t i = 0; i < session->inputs[k].array->size; i++)
      session->inputs[k].array->elements[i] = point[k][i] + times * change[k][i];
  session_run (session);
  if (session->size <= LARGEST)
    memcpy (elements, value_elements (&session->target), session->size * sizeof (double));
}

enum
{
  STEPS = 6
};

/* The derivative along a change, by central differences and Richardson's extrapolation, and its error. False where the
   sides differ, or nothing converges: that point says nothing. */
static bool
differentiate (struct session *session, double point[INPUTS][LARGEST], double change[INPUTS][LARGEST], double *slope,
               double *error)
{
  static double middle[LARGEST], above[STEPS][LARGEST], below[STEPS][LARGEST];
  run_at (session, point, change, 0, middle);
  for (int s = 0; s < STEPS; s++)
    {
      run_at (session, point, change, ldexp (0.01, -s), above[s]);
      run_at (session, point, change, -ldexp (0.01, -s), below[s]);
    }
  for (size_t i = 0; i < session->size; i++)
    {
      double before = NAN, extrapolated = NAN, sides = 0;
      error[i] = INFINITY;
      for (int s = 1; s < STEPS; s++)
        {
          double step = ldexp (0.01, -s), wide = (above[s - 1][i] - below[s - 1][i]) / (4 * step);
          double narrow = (above[s][i] - below[s][i]) / (2 * step), better = (4 * narrow - wide) / 3;
          double rounding = 1e-15 * (fabs (above[s][i]) + fabs (below[s][i])) / step;
          extrapolated = (16 * better - before) / 15;
          before = better;
          if (s > 1 && fabs (extrapolated - better) + rounding < error[i])
            {
              error[i] = fabs (extrapolated - better) + rounding;
              slope[i] = extrapolated;
            }
          sides = fabs ((above[s][i] + below[s][i] - 2 * middle[i]) / step);
        }
      if (!(error[i] <= 1e-6 * (1 + fabs (slope[i]))) || !(sides <= 1e-2 * (1 + fabs (slope[i]))))
        return false;
    }
  return true;
}

/* <J' u, v>, and the size of its terms. */
static double
product (const struct session *session, double gradient[INPUTS][LARGEST], double change[INPUTS][LARGEST], double *size)
{
  double sum = 0;
  for (size_t k = 0; k < session->input_count; k++)
    for (size_t i = 0; i < session->inputs[k].array->size; i++)
      {
        sum += gradient[k][i] * change[k][i];
        *size += fabs (gradient[k][i] * change[k][i]);
      }
  return sum;
}

static bool
sweeps_agree (struct session *session, double change[INPUTS][LARGEST], const double *tangent, bool uniform,
              char *failure)
{
  static double u[LARGEST], gradient[INPUTS][LARGEST];
  double forward = 0, size = 1e-300;
  for (size_t i = 0; i < session->size; i++)
    {
      u[i] = uniform ? 0.75 : session_random (session);
      forward += u[i] * tangent[i];
      size += fabs (u[i] * tangent[i]);
    }
  session_reverse (session, u, !uniform, gradient);
  double reverse = product (session, gradient, change, &size);
  if (fabs (forward - reverse) <= 1e-12 * size + 1e-14)
    return true;
  snprintf (failure, FAILURE_SIZE, "<u, J v> = %.17g, <J' u, v> = %.17g%s", forward, reverse,
            uniform ? " (u uniform)" : "");
  return false;
}

/* Both sweeps at the point of the text and at others near it. The number of points that differences could judge, or -1.
 */
static int
check_points (struct session *session, const char *text, struct session *like, int rounds, char *failure)
{
  /* Second derivatives in the parameters of the incomplete functions are differences themselves. */
  double slack = !strstr (text, "grad") ? 1e-12 : strstr (text, "inc") ? 1e-8 : 1e-11;
  static double point[INPUTS][LARGEST], change[INPUTS][LARGEST], slope[LARGEST], error[LARGEST], tangent[LARGEST],
    elements[LARGEST];
  int judged = 0;
  for (int round = 0; round < rounds; round++)
    {
      for (size_t k = 0; k < session->input_count; k++)
        for (size_t i = 0; i < session->inputs[k].array->size; i++)
          {
            point[k][i] = session->written[k][i] * (1 + (round ? 0.05 * session_random (session) : 0));
            change[k][i] = session_random (session);
          }
      if (!differentiate (like, point, change, slope, error))
        continue;
      run_at (session, point, change, 0, elements);
      if (!session->target.node)
        {
          snprintf (failure, FAILURE_SIZE, "the target does not vary");
          return -1;
        }
      session_forward (session, change, tangent);
      for (size_t i = 0; i < session->size; i++)
        if (!(fabs (tangent[i] - slope[i]) <= 20 * error[i] + slack * (0.1 + fabs (slope[i]))))
          {
            snprintf (failure, FAILURE_SIZE, "element %zu moves by %.17g, by differences %.17g +- %.1g", i, tangent[i],
                      slope[i], error[i]);
            return -1;
          }
      if (!sweeps_agree (session, change, tangent, false, failure)
          || !sweeps_agree (session, change, tangent, true, failure))
        return -1;
      judged++;
    }
  return judged;
}

/* The points of a program that could be judged, or -1 after a failure. Differences are those of `like`, if it is not
 * NULL. */
int
check_program (const char *text, const char *like, int rounds, char *failure)
{
  static struct session session, other;
  volatile int judged = -1;
  session_clear (&session);
  session_clear (&other);
  if (setjmp (session.stop) == 0)
    {
      if (setjmp (other.stop) == 0)
        {
          session_open (&session, text);
          if (like)
            session_open (&other, like);
          judged = check_points (&session, text, like ? &other : &session, rounds, failure);
        }
    }
  else
    snprintf (failure, FAILURE_SIZE, "stopped: %s", session_said (&session));
  session_close (&session);
  session_close (&other);
  return judged;
}

/* Compares a recorded gradient with what the sweep said of the same input, unless that is NULL. */
static bool
check_recorded (const char *text, const double *gradient, bool *varies, char *failure)
{
  static struct session session;
  volatile bool agrees = true;
  session_clear (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      const double *recorded = value_elements (&session.target);
      *varies = session.target.node != 0;
      for (size_t i = 0; gradient && i < session.size && agrees; i++)
        if (!(fabs (recorded[i] - gradient[i]) <= 1e-12 * (0.1 + fabs (gradient[i])))
            && !(isnan (recorded[i]) && isnan (gradient[i])))
          {
            snprintf (failure, FAILURE_SIZE, "element %zu of the recorded gradient is %.17g, of the sweep's %.17g", i,
                      recorded[i], gradient[i]);
            agrees = false;
          }
    }
  else
    {
      snprintf (failure, FAILURE_SIZE, "stopped: %s", session_said (&session));
      agrees = false;
    }
  session_close (&session);
  return agrees;
}

/* The gradient in each input as a program of its own: second derivatives. */
bool
check_second (const char *text, char *failure)
{
  static struct session session;
  static double ones[LARGEST], gradient[INPUTS][LARGEST];
  char names[INPUTS][TEXT];
  bool rebound[INPUTS];
  session_clear (&session);
  if (setjmp (session.stop))
    {
      snprintf (failure, FAILURE_SIZE, "stopped: %s", session_said (&session));
      session_close (&session);
      return false;
    }
  session_open (&session, text);
  size_t count = session.input_count;
  for (size_t i = 0; i < LARGEST; i++)
    ones[i] = i < session.size && isnan (value_elements (&session.target)[i]) ? NAN : 1;
  session_reverse (&session, ones, 1, gradient);
  for (size_t k = 0; k < count; k++)
    {
      uint32_t name = session.inputs[k].name;
      snprintf (names[k], TEXT, "%s", names_text (&session.names, name));
      rebound[k] = program_variable (&session.program, name)->flags & VARIABLE_REBOUND;
    }
  session_close (&session);
  /* All second derivatives together, each gradient weighed with something that differs from element to element. */
  char all[6 * TEXT];
  bool any = false;
  size_t used = (size_t)snprintf (all, sizeof all, "%s; q_q = 0", text);
  for (size_t k = 0; k < count; k++)
    {
      char again[3 * TEXT];
      bool varies = true;
      snprintf (again, sizeof again, "%s; q_q = grad(y, %.60s)", text, names[k]);
      if (!check_recorded (again, rebound[k] ? NULL : gradient[k], &varies, failure))
        {
          snprintf (failure + strlen (failure), FAILURE_SIZE - strlen (failure), " (grad in %s)", names[k]);
          return false;
        }
      any |= varies;
      used += (size_t)snprintf (all + used, sizeof all - used, " + sum(grad(y, %.60s) * sin(%.60s + %zu))", names[k],
                                names[k], k + 2);
    }
  if (any && check_program (all, NULL, 1, failure) < 0)
    {
      snprintf (failure + strlen (failure), FAILURE_SIZE - strlen (failure), " (second derivatives)");
      return false;
    }
  return true;
}
