/* zeros-test.c -- chains of functions at points where their slopes are 0 or infinite: every way to a derivative gives
   what the chain rule gives, with NaN for a zero that came out times infinity, and 0 for a zero that is a rule.

   zeros-test [FIRST [COUNT]]: the chains of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linear/linear.h"
#include "seeds.h"
#include "writer.h"

enum
{
  CHAINS = 1000,
  LONGEST = 5
};

/* A step: @ is what it is made of; its value, and its slope, FLAT where it is a rule. */
struct link
{
  const char *text;
  double (*value) (double a);
  double (*slope) (double a, double v);
};

#define LINK(name, text, v_of_a, slope_of_a)                                                                           \
  static double value_##name (double a)                                                                                \
  {                                                                                                                    \
    (void)a;                                                                                                           \
    return v_of_a;                                                                                                     \
  }                                                                                                                    \
  static double slope_##name (double a, double v)                                                                      \
  {                                                                                                                    \
    (void)a;                                                                                                           \
    (void)v;                                                                                                           \
    return slope_of_a;                                                                                                 \
  }
#define LINKS                                                                                                          \
  LINK (sqrt, "sqrt(@)", sqrt (a), 0.5 / fabs (v))                                                                     \
  LINK (cbrt, "cbrt(@)", cbrt (a), 1 / (3 * v * v))                                                                    \
  LINK (log, "log(@)", log (a), a < 0 ? NAN : 1 / fabs (a))                                                            \
  LINK (log1p, "log1p(@)", log1p (a), 1 / (1 + a))                                                                     \
  LINK (inverse, "1/(@)", 1 / a, -(1 / a) / a + 0.0)                                                                   \
  LINK (exp, "exp(@)", exp (a), v)                                                                                     \
  LINK (square, "(@)^2", a *a, 2 * a + 0.0)                                                                            \
  LINK (cube, "(@)^3", a *a *a, 3 * a * a)                                                                             \
  LINK (root, "(@)^0.5", pow (a, 0.5), 0.5 * pow (a, -0.5))                                                            \
  LINK (asin, "asin(@)", asin (a), 1 / sqrt ((1 - a) * (1 + a)))                                                       \
  LINK (acos, "acos(@)", acos (a), -1 / sqrt ((1 - a) * (1 + a)))                                                      \
  LINK (atanh, "atanh(@)", atanh (a), 1 / ((1 - a) * (1 + a)))                                                         \
  LINK (tanh, "tanh(@)", tanh (a), 4 * exp (-2 * fabs (a)) / pow (1 + exp (-2 * fabs (a)), 2))                         \
  LINK (more, "1 + (@)", 1 + a, 1)                                                                                     \
  LINK (less, "1 - (@)", 1 - a, -1)                                                                                    \
  LINK (twice, "(@)*2", 2 * a, 2)                                                                                      \
  LINK (none, "0*(@)", 0 * a, FLAT)                                                                                    \
  LINK (nothing, "(@)*k", 0 * a, FLAT)                                                                                 \
  LINK (varying, "z*(@)", 0 * a, 0)                                                                                    \
  LINK (times, "(@)*(@)", a *a, 2 * a + 0.0)                                                                           \
  LINK (masked, "where(x < -7, @, 0.25)", 0.25, FLAT)                                                                  \
  LINK (relu, "relu(@)", a > 0 ? a : 0, a > 0 ? 1 : FLAT)                                                              \
  LINK (abs, "abs(@)", fabs (a), a > 0 ? 1 : a < 0 ? -1 : FLAT)                                                        \
  LINK (floor, "floor(@)", floor (a), FLAT)                                                                            \
  LINK (clip, "clip(@, -1, 1)", fmin (fmax (a, -1), 1), a > -1 && a < 1 ? 1 : FLAT)                                    \
  LINK (larger, "maximum(@, 0.5)", fmax (a, 0.5), a > 0.5 ? 1 : FLAT)
LINKS
#undef LINK
#define LINK(name, text, v_of_a, slope_of_a) { text, value_##name, slope_##name },
static const struct link links[] = { LINKS };

static const double points[] = { 0, 1, -1, 2, 0.5, 1000 };

struct chain
{
  double point;
  const struct link *links[LONGEST];
  int count;
};

/* The ways: how a chain is written, and whether its derivative is what the program comes to, or the sweep's. */
static const struct way
{
  const char *name, *start, *end;
  bool statements, loops, recorded;
} ways[] = {
  { "an expression", "x = %.17g", "y = u", false, false, false },
  { "statements", "x = %.17g", "y = u", true, false, false },
  { "loops", "x = %.17g", "y = u", true, true, false },
  { "an array", "x = [%.17g, 0.25]", "y = u[0]", false, false, false },
  { "statements of arrays", "x = [%.17g, 0.25]", "y = u @ [1, 0]", true, false, false },
  { "grad", "x = %.17g", "d = grad(u, x)", false, false, true },
  { "grad of statements", "x = %.17g", "d = grad(u, x)", true, false, true },
  { "grad of arrays", "x = [%.17g, 0.25]", "d = grad(u[0], x)[0]", true, false, true },
  { "jvp", "x = %.17g", "d = jvp(u, x, 1)", false, false, true },
  { "jvp of arrays", "x = [%.17g, 0.25]", "d = jvp(u, x, [1, 0])[0]", false, false, true },
};
enum
{
  LINK_COUNT = sizeof links / sizeof *links,
  WAYS = sizeof ways / sizeof *ways
};

/* A text with another in the place of each @. */
static bool
put (char to[TEXT], const char *text, const char *inner)
{
  size_t used = 0;
  for (; *text; text++)
    used += (size_t)snprintf (to + used, used < TEXT ? TEXT - used : 0, "%.*s", *text == '@' ? TEXT : 1,
                              *text == '@' ? inner : text);
  return used < TEXT / 2;
}

static bool
write_chain (char text[2 * TEXT], const struct chain *chain, const struct way *way)
{
  char inner[TEXT] = "x", outer[TEXT], start[80];
  snprintf (start, sizeof start, way->start, chain->point);
  size_t used = (size_t)snprintf (text, 2 * TEXT, "%s; z = 0; const k = 0\n", start);
  for (int i = 0; i < chain->count; i++)
    {
      if (!put (outer, chain->links[i]->text, inner))
        return false;
      strcpy (inner, outer);
      if (!way->statements)
        continue;
      used += (size_t)snprintf (text + used, 2 * TEXT - used, "u%d = %s\n", i, inner);
      if (way->loops)
        used += (size_t)snprintf (text + used, 2 * TEXT - used, "for i in 0:40 { u%d = u%d*1 }\n", i, i);
      snprintf (inner, sizeof inner, "u%d", i);
    }
  snprintf (text + used, 2 * TEXT - used, "u = %s\n%s\n", inner, way->end);
  return true;
}

/* What the chain rule gives; false where a value is not a number, or vectors have another last digit. */
static bool
by_hand (const struct chain *chain, double *derivative)
{
  double a[LONGEST + 1] = { chain->point }, adjoint = 1;
  for (int i = 0; i < chain->count; i++)
    {
      a[i + 1] = chain->links[i]->value (a[i]);
      bool exact = a[i] == 0 || a[i + 1] == 0 || isinf (a[i + 1]);
      if (isnan (a[i + 1]) || (chain->links[i]->value == value_exp && !exact))
        return false;
    }
  for (int i = chain->count; i-- > 0 && !is_flat (adjoint);)
    {
      double slope = chain->links[i]->slope (a[i], a[i + 1]);
      adjoint = is_flat (slope) ? FLAT : adjoint * slope + 0.0;
    }
  *derivative = adjoint + 0.0;
  return true;
}

static bool
agree (double a, double b)
{
  return (isnan (a) && isnan (b)) || a == b || fabs (a - b) <= 1e-9 * fabs (b);
}

/* One way; true when it gives what it should. */
static bool
check (const char *text, const struct way *way, double wanted, double *found)
{
  static struct session session;
  static double gradient[INPUTS][LARGEST];
  const double one = 1;
  *found = -12345;
  session_clear (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      if (!way->recorded)
        session_reverse (&session, &one, 0, gradient);
      *found = way->recorded ? session.target.number : gradient[0][0];
    }
  session_close (&session);
  return agree (*found, wanted);
}

int
main (int count, char **words)
{
  uint32_t first, chains = seeds_to_try (count, words, CHAINS, &first);
  uint32_t judged = 0, not_numbers = 0, failures = 0;
  printf ("1..2\n");
  for (uint32_t seed = first; seed < first + chains; seed++)
    {
      struct writer writer = { .seed = seed * 2654435761u + 1 };
      struct chain chain = { .point = points[draw (&writer, sizeof points / sizeof *points)] };
      chain.count = 2 + (int)draw (&writer, LONGEST - 1);
      for (int i = 0; i < chain.count; i++)
        chain.links[i] = &links[draw (&writer, LINK_COUNT)];
      double wanted, found;
      if (!by_hand (&chain, &wanted))
        continue;
      judged++;
      not_numbers += isnan (wanted);
      for (int w = 0; w < WAYS; w++)
        {
          char text[2 * TEXT];
          if (!write_chain (text, &chain, &ways[w]) || check (text, &ways[w], wanted, &found))
            continue;
          failures++;
          if (failures <= 10)
            printf ("# seed %u: %s gives %g, not %g\n#   in: %s\n", seed, ways[w].name, found, wanted, text);
        }
    }
  printf ("%sok 1 - %u chains: every way gives what the chain rule gives\n", failures ? "not " : "", judged);
  bool enough = judged >= chains / 3 && not_numbers >= judged / 50;
  printf ("%sok 2 - enough of them are judged, and meet 0 times infinity (%u)\n", enough ? "" : "not ", not_numbers);
  return failures || !enough;
}
