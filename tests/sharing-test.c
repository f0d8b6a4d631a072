/* sharing-test.c -- programs of functions that call themselves, where calls that were made before are shared, against
   the same programs with each call made: values, adjoints, tangents, and what is connected with what.

   sharing-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "session.h"
#include "tape/reverse.h"
#include "writer.h"

enum
{
  PROGRAMS = 200,
  NUMBERS = 40 /* elements of all inputs */
};

/* What a function hands to itself: a number, an array of three, one of five by five. */
static const char *
number (struct writer *writer)
{
  return draw (writer, 3) ? "p"
           : PICK ("b", "0.5*p", "q[0]", "q[-1]", "q[1]", "[p, b][0]", "r[0, 1]", "r[2][2]", "1", "sin(p)",
                  "[b, p][1]", "h(p)", "v[1]", "[0, p][0]", "stop_gradient(p)", "max(p, b)");
}

static const char *
triple (struct writer *writer)
{
  return draw (writer, 3) ? "q"
           : PICK ("flip(q)", "roll(q, 1)", "q[[1, 2, 0]]", "concat(q[1:], q[:1])", "[p, q[0], q[1]]", "v",
                  "r[0, :3]", "concat(r[1, :1], q[:2])", "take(v, [2, 0, 1])", "q*0.5", "t", "[1, 2, 3]", "r[:3, 2]",
                  "concat(q[:2], [p])", "where(q > 0.5, q, v)", "stack(p, b, p)", "pad(q[1:], 1)[:3]");
}

static const char *
square (struct writer *writer)
{
  return draw (writer, 3) ? "r"
           : PICK ("r'", "flip(r)", "roll(r, 1)", "concat(r[1:], r[:1], axis=0)", "M", "M[[1, 0, 2, 3, 4]]",
                  "concat(r[:, 2:], r[:, :2], axis=1)", "r[::-1, ::-1]", "0.5*r", "z",
                  "take(r, [4, 1, 2, 3, 0], axis=1)", "reshape(flatten(r), 5, 5)");
}

static void
write_call (struct writer *writer)
{
  WRITE (writer, "%s*f(n - %s, %s, %s, %s)", PICK ("0.5", "p", "q[0]", "r[0, 0]", "-0.3", "0.4*(n % 2)"),
         PICK ("1", "1", "1", "2"), number (writer), triple (writer), square (writer));
}

static void
write_recursion (struct writer *writer, uint32_t seed)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 12345 };
  WRITE (writer, "a = 0.7; b = -0.4; v = [0.9, -0.6, 0.8]; ");
  WRITE (writer, "M = reshape(sin(linspace(1, 25, 25)), 5, 5); w = 0.5*v; M = M*a; ");
  WRITE (writer, "h(x) = %s; ", PICK ("0.5*x*x", "b*x", "x", "x > 0 ? x : b", "cos(x)"));
  WRITE (writer, "def f(n, p, q, r) { if n <= 0 { return %s }; ",
         PICK ("p*q[0] + r[0, 0]", "q @ v + p", "sum(r)*p + q[1]", "0.3*p", "abs(p) + q[2]*r[1, 1]", "rand()*p + q[0]",
               "h(p) + r[2, 2]"));
  WRITE (writer, "t = q; %s; z = r; %s; ", PICK ("t[0] = p", "t[n % 3] = 0.5", "t[1] = q[2]", "t = t + 0"),
         PICK ("z[0, 1] = p", "z[n % 5] = r[0]", "z = 2*z/2", "z[1:3] = M[1:3]"));
  if (draw (writer, 3) == 0)
    WRITE (writer, "s = 0; for i in 0:(n %% 2) { s = s + f(n - 1, %s, %s, %s)/3 }; return s + ",
           PICK ("p", "q[i]", "r[i, i]"), triple (writer), square (writer));
  else
    WRITE (writer, "return ");
  const uint32_t calls = 2 + draw (writer, 2);
  for (uint32_t count = calls; count > 0; count--)
    {
      write_call (writer);
      WRITE (writer, "%s", count > 1 ? " + " : "");
    }
  WRITE (writer, " }; y = f(%s, %s, %s, M) + f(2, b, v, M')", calls == 2 ? "10" : "7", PICK ("a", "b", "v[1]"),
         PICK ("v", "w", "M[0, :3]"));
}

/* Everything that a program's tape says. */
struct said
{
  double value, gradient[NUMBERS], tangent;
  bool connected[INPUTS];
  size_t inputs, count;
  uint32_t nodes;
};

static void
say (struct session *session, void *data)
{
  struct said *said = data;
  static double change[INPUTS][LARGEST];
  struct reverse reverse;
  session_run (session);
  *said = (struct said){ .inputs = session->input_count, .nodes = tape_count (&session->tape) };
  said->value = session->target.number;
  for (size_t k = 0; k < said->inputs; k++)
    for (size_t i = 0; i < session->inputs[k].array->size; i++)
      change[k][i] = 1 - 0.3 * (double)k + 0.2 * (double)i;
  if (!session->target.node)
    return;
  session_forward (session, change, &said->tangent);
  reverse_open (&reverse, &session->tape, session->nodes, session->input_count);
  reverse_seed (&reverse, session->target.node, &(double){ 1 }, 1);
  reverse_run (&reverse);
  for (size_t k = 0; k < said->inputs; k++)
    {
      reverse_read (&reverse, session->nodes[k], session->inputs[k].array->size, &said->gradient[said->count]);
      said->count += session->inputs[k].array->size;
    }
  reverse_connect (&reverse, &session->target.node, 1);
  for (size_t k = 0; k < said->inputs; k++)
    said->connected[k] = area_of (&reverse.connected, unsigned char)[session->nodes[k]];
  reverse_close (&reverse);
}

/* What a program says of itself; false when it stops. */
static bool
hear (const char *text, bool shares, bool small, struct said *said, char *failure)
{
  static struct session session;
  session_clear (&session);
  session.shares = shares;
  session.small_at_once = small;
  return session_hear (&session, text, say, said, failure);
}

static bool
close_to (double a, double b)
{
  return fabs (a - b) <= 1e-11 * (1 + fabs (b)) || (isnan (a) && isnan (b)) || a == b;
}

static bool
compare_in (const char *text, bool small, bool *differs, char *failure)
{
  static struct said shared, single;
  char other[FAILURE_SIZE] = "";
  bool heard = hear (text, false, small, &single, failure);
  if (hear (text, true, small, &shared, other) != heard || strcmp (failure, other) != 0)
    return !snprintf (failure, FAILURE_SIZE, "one of them stopped, or both in different words: %s", other);
  if (!heard)
    return true;
  *differs = *differs || shared.nodes != single.nodes;
  if (memcmp (&shared.value, &single.value, sizeof shared.value) != 0)
    return !snprintf (failure, FAILURE_SIZE, "values differ: %.17g, not %.17g", shared.value, single.value);
  if (memcmp (shared.connected, single.connected, sizeof shared.connected) != 0)
    return !snprintf (failure, FAILURE_SIZE, "what is connected differs");
  if (!close_to (shared.tangent, single.tangent))
    return !snprintf (failure, FAILURE_SIZE, "moves by %.17g, not %.17g", shared.tangent, single.tangent);
  for (size_t i = 0; i < single.count; i++)
    if (!close_to (shared.gradient[i], single.gradient[i]))
      return !snprintf (failure, FAILURE_SIZE, "slope %zu is %.17g, not %.17g", i, shared.gradient[i],
                        single.gradient[i]);
  return true;
}

static bool
compare (const char *text, bool *differs, char *failure)
{
  return compare_in (text, false, differs, failure) && compare_in (text, true, differs, failure);
}

int
main (int count, char **words)
{
  static const struct both_ways ways
    = { write_recursion, compare, PROGRAMS,
        "programs: shared calls and single ones agree in values, adjoints, tangents and connections",
        "had calls to share" };
  return test_both_ways (&ways, count, words);
}
