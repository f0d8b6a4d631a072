/* small-test.c -- programs of small arrays, whose elements are numbers on the tape, against the same programs with a
   node for each array: values, adjoints, tangents, what is connected with what, and patterns.

   small-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agree.h"
#include "tape/pattern.h"
#include "tape/reverse.h"
#include "writer.h"

enum
{
  PROGRAMS = 3000,
  NUMBERS = 40 /* elements of all inputs, and of a target, at most */
};

/* A number, a vector of two, one of three, a matrix of two by two: of inputs, and of what a loop carries on. */
static const char *
number (struct writer *writer)
{
  return PICK ("a", "b", "s[0]", "s[1]", "s[-1]", "m[1, 0]", "m[0][1]", "w[2]", "w[k]", "q", "sum(s)", "s @ u",
               "mean(w)", "max(s[0], a)", "min(q, b)", "max(w)", "trace(m)", "sum([a, q])", "prod(w)", "sum(s*u + 0.5)",
               "dot(w, v)", "norm(s)", "det(m)", "0.3", "2", "[a, b][1]", "sum(m[:, 0])", "mean(0.5*m)");
}

static const char *
pair (struct writer *writer)
{
  return PICK ("s", "u", "[a, q]", "[q, 0.5]", "m[0]", "m[:, 1]", "M @ s", "s @ m", "s*u", "s - a*u", "tanh(s)",
               "w[1:]", "w[[2, 0]]", "flip(s)", "sort(s)", "relu(s - 0.1)", "abs(s)", "where(s > 0, s, u)", "cumsum(s)",
               "2*s + u/3", "solve(M, s)", "softmax(s)", "maximum(s, a)", "diag(m)", "sum(m, axis=0)",
               "concat([a], [b])", "zeros(2)");
}

static const char *
triple (struct writer *writer)
{
  return PICK ("w", "v", "[a, s[0], b]", "w*v", "concat(s, [q])", "sin(w) + v", "roll(w, 1)", "w^2", "w[::-1]",
               "[q, 1, s[1]]", "outer(w, v)[1]", "cumsum(w)", "clip(w, -1, 1)", "-w", "w/(2 + v^2)");
}

static const char *
matrix (struct writer *writer)
{
  return PICK ("m", "M", "M @ m", "m @ m'", "outer(s, u)", "[s, u]", "[[a, b], [0, q]]", "m + eye(2)", "m*M",
               "exp(-m^2)", "a*m", "stack(s, u)", "m'", "diag(s)", "m - outer(s, s)", "inv(M)",
               "reshape(concat(s, u), 2, 2)", "triu(m)", "s + m");
}

static void
write_statement (struct writer *writer)
{
  switch (draw (writer, 12))
    {
    case 0:
      WRITE (writer, "q = 0.5*sin(%s) + %s*0.1; ", number (writer), number (writer));
      break;
    case 1:
      WRITE (writer, "s = 0.6*%s + 0.3*tanh(%s); ", pair (writer), pair (writer));
      break;
    case 2:
      WRITE (writer, "s = %s; ", pair (writer));
      break;
    case 3:
      WRITE (writer, "w = 0.5*%s - 0.2*%s; ", triple (writer), triple (writer));
      break;
    case 4:
      WRITE (writer, "m = 0.4*tanh(%s) + 0.5*%s; ", matrix (writer), matrix (writer));
      break;
    case 5:
      WRITE (writer, "w[%s] = %s; ", PICK ("k", "0", "-1"), number (writer));
      break;
    case 6:
      WRITE (writer, "m[%s] = tanh(%s); ", PICK ("0", "1", ":, 0"), pair (writer));
      break;
    case 7:
      WRITE (writer, "q, t = %s; ", pair (writer));
      break;
    case 8:
      WRITE (writer, "s[1] = %s*0.5; s = s*%s; ", number (writer), number (writer));
      break;
    case 9:
      WRITE (writer, "s = [%s, 0.5*%s]; ", number (writer), number (writer));
      break;
    case 10:
      WRITE (writer, "for e in %s { q = 0.5*q + 0.2*e; }; ", triple (writer));
      break;
    default:
      WRITE (writer, "m = [[%s, 0.3], [0.1, %s]]*0.5; ", number (writer), number (writer));
    }
}

/* An element is read alone and one is replaced, by what nothing else hangs on: all that is read from then on does. */
static const char *const replacing[]
  = { "a = 0.7; b = -0.4; q = 0.2; s = [a, b]; t = s[0]; s[0] = q; y = s[1]",
      "a = 0.7; b = -0.4; q = 0.2; s = [a, b]; t = s[0]; s[1] = q; y = s[0]*t",
      "a = 0.7; q = 0.2; u = [0.3, 1.1]; s = 2*u; t = s[1]; s[0] = q*t; t = s[1]; s[1] = a; y = s[0]" };

static void
write_small_program (struct writer *writer, uint32_t seed)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 12345 };
  if (seed < sizeof replacing / sizeof *replacing)
    {
      WRITE (writer, "%s", replacing[seed]);
      return;
    }
  WRITE (writer, "a = 0.7; b = -0.4; u = [0.3, 1.1]; v = [0.2, -0.6, 0.9]; M = [[1.2, 0.3], [-0.2, 0.9]]; ");
  WRITE (writer, "%s; s = %s; w = %s; m = %s; for k in 0:3 { ", PICK ("q = a*b", "q = 0.5", "q = a"),
         PICK ("u", "[a, b]", "u*v[0]", "[0.5, 0.2]"), PICK ("v", "2*v", "[0.1, b, 0.4]"),
         PICK ("M", "[u, u]", "0.1*M'"));
  for (uint32_t count = 1 + draw (writer, 4); count > 0; count--)
    write_statement (writer);
  WRITE (writer, "}; y = %s", PICK ("s", "w", "m", "q*s", "[q, s[0]]", "w[1]", "m @ s", "sum(w)*s", "m[0]"));
}

/* Everything that a program's tape says. */
struct said
{
  double values[NUMBERS], gradient[NUMBERS][NUMBERS], tangent[NUMBERS];
  bool connected[INPUTS];
  uint64_t sets[NUMBERS]; /* the elements of inputs that an element can depend on, by bits */
  size_t inputs, count, size;
  uint32_t nodes;
};

static void
say_pattern (struct session *session, struct said *said, const size_t *offsets)
{
  struct pattern pattern;
  pattern_open (&pattern, &session->tape, session->nodes, offsets, session->input_count, &session->target.node, 1);
  for (size_t e = 0; e < session->size; e++)
    {
      struct pattern_set set = pattern_of (&pattern, session->target.node, e);
      for (uint32_t i = 0; i < set.count; i++)
        said->sets[e] |= (uint64_t)1 << area_of (&pattern.elements, uint32_t)[set.start + i];
    }
  pattern_close (&pattern);
}

static void
say (struct session *session, void *data)
{
  struct said *said = data;
  static double change[INPUTS][LARGEST];
  size_t offsets[INPUTS] = { 0 };
  session_run (session);
  *said = (struct said){ .inputs = session->input_count, .size = session->size, .nodes = tape_count (&session->tape) };
  memcpy (said->values, value_elements (&session->target), session->size * sizeof (double));
  for (size_t k = 0; k < said->inputs; k++)
    {
      offsets[k] = said->count;
      said->count += session->inputs[k].array->size;
      for (size_t i = 0; i < session->inputs[k].array->size; i++)
        change[k][i] = 1 - 0.3 * (double)k + 0.2 * (double)i;
    }
  if (!session->target.node)
    return;
  session_forward (session, change, said->tangent);
  struct reverse reverse;
  for (size_t e = 0; e < session->size; e++)
    {
      double seed[NUMBERS] = { 0 };
      seed[e] = 1;
      reverse_open (&reverse, &session->tape, session->nodes, session->input_count);
      reverse_seed (&reverse, session->target.node, seed, 1);
      reverse_run (&reverse);
      for (size_t k = 0; k < said->inputs; k++)
        reverse_read (&reverse, session->nodes[k], session->inputs[k].array->size, &said->gradient[e][offsets[k]]);
      reverse_connect (&reverse, &session->target.node, 1);
      for (size_t k = 0; k < said->inputs; k++)
        said->connected[k] = area_of (&reverse.connected, unsigned char)[session->nodes[k]];
      reverse_close (&reverse);
    }
  say_pattern (session, said, offsets);
}

/* What a program says of itself; false when it stops. */
static bool
hear (const char *text, bool small, struct said *said, char *failure)
{
  static struct session session;
  session_clear (&session);
  session.small_at_once = small;
  return session_hear (&session, text, say, said, failure);
}

static bool
close_to (double a, double b)
{
  return fabs (a - b) <= 1e-11 * (1 + fabs (b)) || (isnan (a) && isnan (b));
}

/* The pattern of elements may have less than that of arrays, and has all that is not 0. */
static bool
compare (const char *text, bool *differs, char *failure)
{
  static struct said small, whole;
  char other[FAILURE_SIZE] = "";
  bool heard = hear (text, false, &whole, failure);
  if (hear (text, true, &small, other) != heard || strcmp (failure, other) != 0)
    return !snprintf (failure, FAILURE_SIZE, "one of them stopped, or both in different words: %s", other);
  if (!heard)
    return true;
  *differs = small.nodes != whole.nodes;
  if (small.size != whole.size || memcmp (small.values, whole.values, sizeof small.values) != 0)
    return !snprintf (failure, FAILURE_SIZE, "the values differ");
  if (memcmp (small.connected, whole.connected, sizeof small.connected) != 0)
    return !snprintf (failure, FAILURE_SIZE, "what is connected differs");
  for (size_t e = 0; e < small.size; e++)
    {
      bool same = close_to (small.tangent[e], whole.tangent[e]) && (small.sets[e] & ~whole.sets[e]) == 0;
      for (size_t i = 0; i < small.count; i++)
        same = same && close_to (small.gradient[e][i], whole.gradient[e][i])
               && (small.gradient[e][i] == 0 || small.sets[e] >> i & 1);
      if (!same)
        {
          snprintf (failure, FAILURE_SIZE,
                    "element %zu: moves by %.17g, not %.17g; first slope %.17g, not %.17g; %llx %llx", e,
                    small.tangent[e], whole.tangent[e], small.gradient[e][0], whole.gradient[e][0],
                    (unsigned long long)small.sets[e], (unsigned long long)whole.sets[e]);
          return false;
        }
    }
  return true;
}

int
main (int count, char **words)
{
  static const struct both_ways ways
    = { write_small_program, compare, PROGRAMS,
        "programs: both ways agree in values, adjoints, tangents, connections and patterns",
        "had nodes for elements" };
  return test_both_ways (&ways, count, words);
}
