/* loop-test.c -- loops that are run many iterations at once, against the same loops run step by step.

   loop-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agree.h"
#include "tape/pattern.h"
#include "tape/reverse.h"
#include "writer.h"

enum
{
  PROGRAMS = 600,
  NUMBERS = 4
};

/* What stands in a body: numbers that loops carry on, t that they do not, a constant, the index. */
static void
write_leaf (struct writer *writer, bool local)
{
  uint32_t kind = draw (writer, 12);
  if (kind < 7)
    WRITE (writer, "s%u", draw (writer, NUMBERS));
  else if (kind < 9)
    WRITE (writer, "%s", local ? "t" : "p");
  else if (kind == 9)
    WRITE (writer, "c");
  else if (kind == 10)
    WRITE (writer, "(i/400)");
  else
    WRITE (writer, "%.2f", 0.25 + 0.05 * draw (writer, 40));
}

/* Recursion ends with the depth, which is ours. */
static void
write_expression (struct writer *writer, bool local, int depth)
{
  static const char *const forms[][3] = { { "(", " + ", ")" },
                                          { "(", " - ", ")" },
                                          { "(", "*", ")" },
                                          { "(", "*", ")" },
                                          { "sin(", "", ")" },
                                          { "(", "/(2 + square(", ")))" },
                                          { "-(", "", ")" },
                                          { "tanh(", "", ")" },
                                          { "exp(-square(", "", "))" },
                                          { "reciprocal(2.5 + cos(", "", "))" },
                                          { "square(0.3*", "", ")" } };
  if (depth == 0 || draw (writer, 6) == 0)
    {
      write_leaf (writer, local);
      return;
    }
  const char *const *form = forms[draw (writer, sizeof forms / sizeof *forms)];
  WRITE (writer, "%s", form[0]);
  write_expression (writer, local, depth - 1);
  WRITE (writer, "%s", form[1]);
  if (*form[1])
    write_expression (writer, local, depth - 1);
  WRITE (writer, "%s", form[2]);
}

/* A program of a loop; `steps` puts something into its body that only single steps can do. */
static void
write_loop_program (struct writer *writer, uint32_t seed, bool steps)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 12345 };
  static const char *const ranges[] = { "0:40", "0:129", "5:263", "300:0:-2", "0:386" };
  WRITE (writer, "p = %.2f; const c = %.2f; s0 = %.2f; s1 = -%.2f; ", 0.3 + 0.01 * draw (writer, 100),
         0.3 + 0.01 * draw (writer, 100), 0.3 + 0.01 * draw (writer, 100), 0.3 + 0.01 * draw (writer, 100));
  /* Some begin without varying, and some as another name of what varies. */
  WRITE (writer, "%s; s3 = s1; q = 0; ", draw (writer, 2) ? "s2 = c*0.5" : "s2 = p*p");
  WRITE (writer, "for i in %s { %s", ranges[draw (writer, sizeof ranges / sizeof *ranges)],
         steps ? "if true { }; " : "");
  bool local = false;
  for (uint32_t k = 1 + draw (writer, 4); k > 0; k--)
    switch (draw (writer, 6))
      {
      case 0:
        WRITE (writer, "t = p + ");
        write_expression (writer, local, 2);
        WRITE (writer, "; ");
        local = true;
        break;
      case 1:
        WRITE (writer, "s%u = s%u; ", draw (writer, NUMBERS), draw (writer, NUMBERS));
        break;
      case 2:
        WRITE (writer, "q += tanh(");
        write_expression (writer, local, 2);
        WRITE (writer, "); ");
        break;
      default:
        {
          uint32_t target = draw (writer, NUMBERS);
          WRITE (writer, "s%u = %.1f*s%u + 0.4*sin(", target, 0.1 * draw (writer, 7), target);
          write_expression (writer, local, 3);
          WRITE (writer, "); ");
        }
      }
  WRITE (writer, "}; y = [s0, s1 + q, s2*s3, p*s0*s1]");
}

/* Everything that a program's tape says. */
struct said
{
  double values[NUMBERS], gradient[NUMBERS][INPUTS], tangent[NUMBERS];
  bool connected[INPUTS];
  uint32_t sets[NUMBERS]; /* the inputs that an element can depend on, by bits */
  size_t inputs, loops;
};

static void
say (struct session *session, struct said *said)
{
  static double change[INPUTS][LARGEST];
  size_t offsets[INPUTS];
  *said = (struct said){ .inputs = session->input_count, .loops = area_count (&session->tape.loops, struct loop) };
  memcpy (said->values, value_elements (&session->target), session->size * sizeof (double));
  session_run (session);
  for (size_t k = 0; k < said->inputs; k++)
    {
      change[k][0] = 1 - 0.3 * (double)k;
      offsets[k] = k;
    }
  session_forward (session, change, said->tangent);
  struct reverse reverse;
  for (int again = 0; again < 2; again++)
    {
      reverse_open (&reverse, &session->tape, session->nodes, session->input_count);
      for (size_t e = again; e < session->size; e += 2)
        {
          double seed[NUMBERS] = { 0 };
          seed[e] = 1;
          /* Half of the elements in a row, the others each in a sweep of its own. */
          if (again)
            reverse_again (&reverse);
          reverse_seed (&reverse, session->target.node, seed, 1);
          reverse_run (&reverse);
          for (size_t k = 0; k < said->inputs; k++)
            reverse_read (&reverse, session->nodes[k], 1, &said->gradient[e][k]);
          reverse_connect (&reverse, &session->target.node, 1);
          for (size_t k = 0; k < said->inputs; k++)
            said->connected[k] = area_of (&reverse.connected, unsigned char)[session->nodes[k]];
          if (again)
            continue;
          reverse_close (&reverse);
          reverse_open (&reverse, &session->tape, session->nodes, session->input_count);
        }
      reverse_close (&reverse);
    }
  struct pattern pattern;
  pattern_open (&pattern, &session->tape, session->nodes, offsets, session->input_count, &session->target.node, 1);
  for (size_t e = 0; e < session->size; e++)
    {
      struct pattern_set set = pattern_of (&pattern, session->target.node, e);
      for (uint32_t i = 0; i < set.count; i++)
        said->sets[e] |= 1u << area_of (&pattern.elements, uint32_t)[set.start + i];
    }
  pattern_close (&pattern);
}

static bool
close_to (double a, double b)
{
  return fabs (a - b) <= 1e-12 * (1 + fabs (b)) || (isnan (a) && isnan (b));
}

/* Whether a run of which values alone are asked gives the same to the last digit, and records nothing. */
static bool
values_alone (struct session *session, const struct said *said, char *failure)
{
  session->purpose = PURPOSE_VALUES;
  session_run (session);
  bool same = memcmp (said->values, value_elements (&session->target), session->size * sizeof (double)) == 0;
  if (same && tape_count (&session->tape) == 1)
    return true;
  snprintf (failure, FAILURE_SIZE, "values alone are %s", same ? "recorded" : "others");
  return false;
}

/* What a program says of itself; false when it stops. */
static bool
hear (const char *text, struct said *said, char *failure)
{
  static struct session session;
  volatile bool heard = false;
  session_clear (&session);
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      say (&session, said);
      heard = values_alone (&session, said, failure);
    }
  else
    snprintf (failure, FAILURE_SIZE, "stopped: %s", session_said (&session));
  session_close (&session);
  return heard;
}

static bool
compare (uint32_t seed, struct writer *writer, bool *at_once, char *failure)
{
  static struct said many, single;
  write_loop_program (writer, seed, true);
  if (!hear (writer->text, &single, failure))
    return false;
  write_loop_program (writer, seed, false);
  if (!hear (writer->text, &many, failure))
    return false;
  *at_once = many.loops > 0;
  if (single.loops)
    return !snprintf (failure, FAILURE_SIZE, "a loop that should go step by step does not");
  for (size_t e = 0; e < NUMBERS; e++)
    {
      bool same = close_to (many.values[e], single.values[e]) && close_to (many.tangent[e], single.tangent[e])
                  && many.sets[e] == single.sets[e];
      for (size_t k = 0; k < many.inputs; k++)
        same
          = same && close_to (many.gradient[e][k], single.gradient[e][k]) && many.connected[k] == single.connected[k];
      if (!same)
        {
          snprintf (failure, FAILURE_SIZE,
                    "element %zu: %.17g moves by %.17g, first slope %.17g; by steps %.17g %.17g %.17g", e,
                    many.values[e], many.tangent[e], many.gradient[e][0], single.values[e], single.tangent[e],
                    single.gradient[e][0]);
          return false;
        }
    }
  return true;
}

int
main (int count, char **words)
{
  uint32_t first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  uint32_t programs = count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : PROGRAMS;
  uint32_t failures = 0, many = 0, differing = 0, judged = 0;
  printf ("1..3\n");
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      static struct writer writer;
      char failure[FAILURE_SIZE] = "";
      bool at_once = false;
      if (!compare (seed, &writer, &at_once, failure))
        {
          failures++;
          printf ("# seed %u: %s\n#   in: %s\n", seed, failure, writer.text);
        }
      many += at_once;
      int points = seed % 4 ? 0 : check_program (writer.text, NULL, 1, failure);
      differing += points < 0;
      judged += points > 0;
      if (points < 0)
        printf ("# seed %u: %s\n#   in: %s\n", seed, failure, writer.text);
    }
  printf ("%sok 1 - %u loops: both ways agree in values, adjoints, tangents and patterns\n", failures ? "not " : "",
          programs);
  printf ("%sok 2 - most were run many iterations at once (%u)\n", many >= programs / 2 ? "" : "not ", many);
  bool differences = !differing && judged >= programs / 10;
  printf ("%sok 3 - differences agree (%u)\n", differences ? "" : "not ", judged);
  return failures || many < programs / 2 || !differences;
}
