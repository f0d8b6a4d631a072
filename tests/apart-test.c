/* apart-test.c -- generated programs against themselves with the arguments and the result of every call bound to names
   of their own: the same value, gradient, change in a direction and second derivatives.

   What differs is where values wait while others are computed, which names the compiler sees, and how expressions are
   cut into groups: nothing of that may be seen in a result. No other program is needed to tell.

   apart-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdlib.h>

#include "apart.h"
#include "seeds.h"
#include "session.h"

enum
{
  PROGRAMS = 500
};

/* What a program comes to. */
struct answer
{
  double value[LARGEST], change[LARGEST], gradient[INPUTS][LARGEST];
  size_t size, sizes[INPUTS], inputs;
  char said[FAILURE_SIZE];
};

static void
answer (struct answer *answer, const char *program)
{
  static struct session session;
  static double change[INPUTS][LARGEST], weights[LARGEST];
  memset (answer, 0, sizeof *answer);
  session_clear (&session);
  if (setjmp (session.stop))
    {
      const char *said = session_said (&session);
      snprintf (answer->said, FAILURE_SIZE, "stopped: %.400s", said);
      session_close (&session);
      return;
    }
  session_open (&session, program);
  session_run (&session);
  answer->size = session.size;
  answer->inputs = session.input_count;
  memcpy (answer->value, value_elements (&session.target), session.size * sizeof (double));
  for (size_t k = 0; k < session.input_count; k++)
    {
      answer->sizes[k] = session.inputs[k].array->size;
      for (size_t i = 0; i < answer->sizes[k]; i++)
        change[k][i] = session_random (&session);
    }
  for (size_t i = 0; i < session.size; i++)
    weights[i] = 0.7 + 0.2 * (double)i;
  if (session.target.node)
    {
      session_forward (&session, change, answer->change);
      session_reverse (&session, weights, 1, answer->gradient);
    }
  session_close (&session);
}

/* Rounding differs where groups are cut differently, and grows where terms cancel. */
static bool
close_to (const double *a, const double *b, size_t count, double slack)
{
  double largest = 1;
  for (size_t i = 0; i < count; i++)
    largest = fmax (largest, fabs (a[i]));
  for (size_t i = 0; i < count; i++)
    if (!(fabs (a[i] - b[i]) <= slack * largest) && !(isnan (a[i]) && isnan (b[i])) && a[i] != b[i])
      return false;
  return true;
}

static bool
agree (const char *whole, const char *apart, double slack, bool *judged, char *failure)
{
  static struct answer a, b;
  answer (&a, whole);
  answer (&b, apart);
  const char *differs = *a.said || *b.said                                 ? "one stopped"
                        : a.size != b.size || a.inputs != b.inputs         ? "shapes differ"
                        : !close_to (a.value, b.value, a.size, slack)      ? "values differ"
                        : !close_to (a.change, b.change, a.size, 1e-9)     ? "changes in a direction differ"
                                                                           : NULL;
  double size = 0;
  for (size_t k = 0; !differs && k < a.inputs; k++)
    {
      if (!close_to (a.gradient[k], b.gradient[k], a.sizes[k], 1e-9))
        differs = "gradients differ";
      for (size_t i = 0; i < a.sizes[k]; i++)
        size += fabs (a.gradient[k][i]);
    }
  *judged = isfinite (size) && size > 0;
  if (differs)
    snprintf (failure, FAILURE_SIZE, "%s: %.17g and %.17g, gradients %.17g and %.17g; %.160s %.160s", differs,
              a.value[0], b.value[0], a.gradient[0][0], b.gradient[0][0], a.said, b.said);
  return !differs;
}

int
main (int count, char **words)
{
  static struct maker maker;
  static char second[2][PROGRAM_TEXT + 400];
  /* Second derivatives, each gradient weighed with something that differs from element to element. */
  static const char more[]
    = "; q_q = grad(y, s0)*sin(s0 + 2) + grad(y, s1)*sin(s1 + 3) + sum(grad(y, v0)*sin(v0 + 4))";
  uint32_t first, programs = seeds_to_try (count, words, PROGRAMS, &first), judged = 0, failures = 0;
  printf ("1..2\n");
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      char failure[FAILURE_SIZE] = "";
      bool finite = false, more_finite = false;
      make_program (&maker, seed);
      if (!is_whole (&maker))
        continue;
      /* Without derivatives in it, a value is the same to the last digit. */
      double slack = maker.derivatives ? 1e-9 : 0;
      bool good = agree (maker.whole, maker.apart, slack, &finite, failure);
      snprintf (second[0], sizeof second[0], "%s%s", maker.whole, more);
      snprintf (second[1], sizeof second[1], "%s%s", maker.apart, more);
      if (good && finite)
        good = agree (second[0], second[1], 1e-9, &more_finite, failure);
      judged += finite;
      if (good)
        continue;
      failures++;
      if (failures <= 10)
        printf ("# seed %u: %s\n#   whole: %s\n#   apart: %s\n", seed, failure, maker.whole, maker.apart);
    }
  printf ("%sok 1 - %u programs are the same with each call apart\n", failures ? "not " : "", programs);
  bool enough = judged >= programs / 2;
  printf ("%sok 2 - most of them are finite and vary (%u)\n", enough ? "" : "not ", judged);
  return failures || !enough;
}
