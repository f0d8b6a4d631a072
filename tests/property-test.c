/* property-test.c -- generated programs, whose derivatives every way must agree: reverse, forward, recorded,
   differences, of first and of second order.

   property-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"
#include "seeds.h"
#include "tape/pattern.h"
#include "writer.h"

enum
{
  PROGRAMS = 2000,
  DERIVING = 16 /* of so many programs one goes on to take derivatives, which takes longer than all the rest */
};

/* Whether the pattern of the target has every element of its Jacobian that is not 0. */
static bool
check_pattern (const char *text, char *failure)
{
  static struct session session;
  static double gradient[INPUTS][LARGEST], u[LARGEST];
  size_t offsets[INPUTS] = { 0 };
  volatile bool holds = true;
  session_clear (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      session_run (&session);
      for (size_t k = 1; k < session.input_count; k++)
        offsets[k] = offsets[k - 1] + session.inputs[k - 1].array->size;
      struct pattern pattern;
      pattern_open (&pattern, &session.tape, session.nodes, offsets, session.input_count, &session.target.node, 1);
      for (size_t e = 0; e < session.size; e++)
        {
          struct pattern_set set = pattern_of (&pattern, session.target.node, e);
          const uint32_t *members = area_of (&pattern.elements, uint32_t) + set.start;
          bool has[INPUTS * LARGEST] = { false };
          for (uint32_t i = 0; i < set.count; i++)
            has[members[i]] = true;
          u[e] = 1;
          session_reverse (&session, u, 1, gradient);
          u[e] = 0;
          for (size_t k = 0; k < session.input_count; k++)
            for (size_t i = 0; i < session.inputs[k].array->size; i++)
              holds = holds && (gradient[k][i] == 0 || has[offsets[k] + i]);
        }
      pattern_close (&pattern);
    }
  session_close (&session);
  if (!holds)
    snprintf (failure, FAILURE_SIZE, "the pattern misses what is not 0");
  return holds;
}

/* Derivatives of derivatives, in loops too: of what `y` was before. */
static const char derived[] = "; l = sum(y); p, q = grad(l, [s0, v0]); u = p^2 + sum(q*v0)\n"
                              "m = grad(fn(a) sum(a^2*q) + u*sum(a))(v0); r = grad(u, s0)\n"
                              "for k in 0:4 {\n"
                              "  t = sum(m*v0)*s1 + r\n"
                              "  m = 0.25*grad(t, v0) + 0.1*hvp(u, s0, 0.5)*m\n"
                              "  r = r*0.5 + grad(fn(b) grad(fn(c) b*c^2*r)(b))(t)\n"
                              "}\n"
                              "y = concat(m, [r, sum(q), p])";

/* Derivatives that nobody differentiates, the last of the program. */
static const char *const last[]
  = { "; l = sum(y); p, q, m = grad(l, [s0, v0, s1]); y = concat(q, [p, m])",
      "; q = vjp(y, v0, sin(y)); y = concat(q, [sum(y)])", "; q = jacobian(concat([sum(y)], v0*sum(y)), v0); y = q[1]",
      "; l = sum(y); q = hvp(l, v0, cos(v0)); y = q*1",
      "; l = sum(y); q = grad(fn(a) sum(a^2)*sum(y) + abs(a[0]))(v0); y = q*2" };

/* Whether gradients are the same; where sums were added up in another order, nearly. */
static bool
are_alike (const double *a, const double *b, size_t size, bool nearly)
{
  double most = 0, difference = 0;
  for (size_t i = 0; i < size && nearly; i++)
    {
      most = fmax (most, fabs (a[i]));
      difference = fmax (difference, fabs (a[i] - b[i]));
    }
  return memcmp (a, b, size * sizeof *a) == 0 || (nearly && difference <= 1e-9 * most);
}

/* The values, and the gradient of their weighed sum, of runs from which all was forgotten that they may forget, and in
   which what was left was condensed. */
static bool
check_forgotten (const char *text, const char *more, char *failure)
{
  static const struct
  {
    enum purpose purpose;
    bool condenses;
  } ways[] = { { PURPOSE_ANY, false },
               { PURPOSE_GRADIENTS, false },
               { PURPOSE_GRADIENTS, true },
               { PURPOSE_VALUES, false } };
  static struct session session;
  static double gradients[2][INPUTS][LARGEST], values[2][LARGEST], u[LARGEST];
  volatile bool holds = true;
  volatile uint32_t count = 0;
  char whole[2 * TEXT];
  snprintf (whole, sizeof whole, "%s%s", text, more);
  session_clear (&session);
  for (size_t i = 0; i < LARGEST; i++)
    u[i] = session_random (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, whole);
      for (size_t way = 0; holds && way < sizeof ways / sizeof *ways; way++)
        {
          session.purpose = ways[way].purpose;
          session.condenses = ways[way].condenses;
          session_run (&session);
          const struct noted *noted = area_of (&session.run.inputs, struct noted);
          for (size_t k = 0; k < session.input_count; k++)
            session.nodes[k] = noted[area_of (&session.run.input_order, uint32_t)[k]].value.node;
          memcpy (values[way > 0], value_elements (&session.target), session.size * sizeof (double));
          if (session.purpose != PURPOSE_VALUES)
            session_reverse (&session, u, 1, gradients[way > 0]);
          holds = way == 0 || memcmp (values[0], values[1], session.size * sizeof (double)) == 0;
          for (size_t k = 0; k < session.input_count && way > 0 && session.purpose != PURPOSE_VALUES; k++)
            holds &= are_alike (gradients[0][k], gradients[1][k], session.inputs[k].array->size, session.condenses);
          holds &= way == 0 || more != derived || tape_count (&session.tape) < count;
          count = way == 0 ? tape_count (&session.tape) : count;
        }
    }
  else
    holds = false;
  if (!holds)
    snprintf (failure, FAILURE_SIZE, "not the same where what is not asked for is forgotten: %.100s",
              session_said (&session));
  session_close (&session);
  return holds;
}

/* The same for a program that goes on to take derivatives, in loops and as the last that it does. */
static bool
check_derived (const char *text, uint32_t number, char *failure)
{
  return check_forgotten (text, derived, failure)
         && check_forgotten (text, last[number % (sizeof last / sizeof *last)], failure);
}

/* Of a program without derivatives values alone are the same, and nothing is recorded. */
static bool
check_values (const char *text, char *failure)
{
  static struct session session;
  static double values[LARGEST];
  volatile bool holds = false;
  session_clear (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      memcpy (values, value_elements (&session.target), session.size * sizeof (double));
      session.purpose = PURPOSE_VALUES;
      session_run (&session);
      holds = memcmp (values, value_elements (&session.target), session.size * sizeof (double)) == 0
              && (session.program.derives || tape_count (&session.tape) == 1);
    }
  session_close (&session);
  if (!holds)
    snprintf (failure, FAILURE_SIZE, "values alone are others, or recorded");
  return holds;
}

/* The programs that `write` makes of some seeds; the number of failures, and of those that differences could judge. */
static uint32_t
check_programs (void (*write) (struct writer *writer, uint32_t seed), uint32_t first, uint32_t programs,
                uint32_t *judged)
{
  uint32_t failures = 0;
  *judged = 0;
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      static struct writer writer;
      char failure[FAILURE_SIZE] = "";
      write (&writer, seed);
      int points = check_program (writer.text, NULL, 1, failure);
      *judged += points > 0;
      bool second = points < 0 || check_second (writer.text, failure);
      if (points >= 0 && second && check_pattern (writer.text, failure)
          && (seed % DERIVING != 0 || check_derived (writer.text, seed / DERIVING, failure))
          && check_values (writer.text, failure))
        continue;
      failures++;
      if (failures <= 10)
        printf ("# seed %u: %s\n#   in: %s\n", seed, failure, writer.text);
    }
  return failures;
}

int
main (int count, char **words)
{
  static const struct
  {
    void (*write) (struct writer *writer, uint32_t seed);
    const char *what;
    uint32_t share; /* of the programs, one in so many */
  } kinds[] = { { write_program, "programs", 1 }, { write_replacements, "programs that replace elements", 4 } };
  uint32_t first, programs = seeds_to_try (count, words, PROGRAMS, &first), judged;
  bool failed = false;
  printf ("1..4\n");
  for (int i = 0; i < 2; i++)
    {
      uint32_t share = (programs + kinds[i].share - 1) / kinds[i].share;
      uint32_t failures = check_programs (kinds[i].write, first, share, &judged);
      printf ("%sok %d - %u %s: reverse, forward, recorded, differences and patterns agree\n", failures ? "not " : "",
              2 * i + 1, share, kinds[i].what);
      bool enough = judged >= share / 2;
      printf ("%sok %d - differences can judge most of them (%u)\n", enough ? "" : "not ", 2 * i + 2, judged);
      failed |= failures || !enough;
    }
  return failed;
}
