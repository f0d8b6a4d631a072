/* loop-test.c -- loops of any body that are run many iterations at once, against the same loops run step by step.

   loop-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agree.h"
#include "loop_arrays.h"
#include "tape/pattern.h"
#include "tape/reverse.h"
#include "writer.h"

enum
{
  PROGRAMS = 600,
  NUMBERS = LOOP_NUMBERS
};

/* What stands in a body: numbers that loops carry on, t that they do not, constants, the index, elements of data. */
static void
write_leaf (struct writer *writer, bool local)
{
  static const char *const leaves[]
    = { "c",        "(i/400)",        "z[i % 5]",    "z[-1]",        "k",    "u[i % 3]",
        "w[i % 6]", "w[(i - 1) % 6]", "w[b[i % 5]]", "m[i % 2, -1]", "l[i]", "l[i - 1]" };
  uint32_t kind = draw (writer, 10 + (writer->replaces ? 12 : 6));
  if (writer->arrays && draw (writer, 3) == 0)
    WRITE (writer, "(%s)", number_of_arrays (writer));
  else if (kind < 7)
    WRITE (writer, "s%u", draw (writer, NUMBERS));
  else if (kind < 9)
    WRITE (writer, "%s", local ? "t" : "p");
  else if (kind == 9)
    WRITE (writer, "%.2f", 0.25 + 0.05 * draw (writer, 40));
  else
    WRITE (writer, "%s", leaves[kind - 10]);
}

/* Whether the program that was written last works on small arrays. Then the pattern of elements may have less than that
   of arrays, or more where less of them was run step by step, and has all that is not 0. */
static bool on_arrays;

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
                                          { "square(0.3*", "", ")" },
                                          { "abs(", "", ")" },
                                          { "floor(3*", "", ")" },
                                          { "(tanh(", ")*2 % 0.7 + ", ")" },
                                          { "tanh(", "", "^3)" },
                                          { "(1.5 + sin(", "))^", "" },
                                          { "hypot(", ", 1 + ", ")" },
                                          { "min(", " + 0, ", " + 0)" },
                                          { "max(0.1 + ", "", ", 0)" },
                                          { "maximum(", ", ", ")" },
                                          { "relu(", "", " - 0.2)" },
                                          { "clip(", "", ", -0.4, 0.5)" },
                                          { "where(", " > 0.2, ", ", s1*0.4)" },
                                          { "((", ") > 0.1)*", "" },
                                          { "(s0 > ", " ? ", " : s1*0.3)" },
                                          { "f(", ", ", ")" },
                                          { "g(", ", ", ")" },
                                          { "h(", "", ")" },
                                          { "sign(", ")*", "" },
                                          { "sqrt(0.01 + square(", "", "))" },
                                          { "max(", " + 0, 0.4*", ", s1 + 0)" },
                                          { "min(", " + 0, s0 + 0, 0.3, ", " + 0)" },
                                          { "max(", "*(i % 2), 0*s1, -abs(", ")*(i % 3))" },
                                          { "min(", "*(i % 2), 0, s2*(i % 3), ", "*(i % 5))" },
                                          { "max([", "*(i % 2), 0, -abs(", ")*(i % 3)])" },
                                          { "min([s0, s0 + 9, ", "", ", s0])" },
                                          { "max(s1 + 0, s2 - 9, s1 + 0, ", "", " - 9)" },
                                          { "copysign(0.3, max(", "*(i % 2), 0*", "))" },
                                          { "e(", "", ", i % 3)" },
                                          { "d(u, ", "", ", i % 4)" } };
  if (depth == 0 || draw (writer, 6) == 0 || writer->used + 650 > TEXT)
    {
      write_leaf (writer, local);
      return;
    }
  const char *const *form = forms[draw (writer, sizeof forms / sizeof *forms)];
  on_arrays |= strchr (form[0], '[') != NULL;
  WRITE (writer, "%s", form[0]);
  write_expression (writer, local, depth - 1);
  WRITE (writer, "%s", form[1]);
  if (*form[1])
    write_expression (writer, local, depth - 1);
  WRITE (writer, "%s", form[2]);
}

static void
write_condition (struct writer *writer)
{
  static const char *const conditions[] = { "i % 2 == 0",
                                            "s0 > s1",
                                            "i > 60",
                                            "s0 + s1 > 0 and s2 < 1",
                                            "i % 7 == 3 or s1 > 0.4",
                                            "not (s3 > 0.1)",
                                            "z[i % 5] > 0.5",
                                            "u[i % 2] > 0.6",
                                            "k < 0.4",
                                            "s2 > 100",
                                            "(i % 3)*s0 == 0",
                                            "(i % 2)*s1 % 0.5 > 0.1",
                                            "s0 >= s0*(i % 5 > 0)",
                                            "true" };
  WRITE (writer, "%s", conditions[draw (writer, sizeof conditions / sizeof *conditions)]);
}

/* What is rarely met: a kink, a tie, an infinite slope, a failed assertion, an index that is out of range. */
static void
write_trouble (struct writer *writer)
{
  static const char *const troubles[] = { "q += abs((i - %u)*s0)",
                                          "q += relu((i - %u)*s1)",
                                          "q += max((i - %u)*s1, 0)",
                                          "if (i - %u)*s0 > 0 { q += s1 }",
                                          "q += 0.01*sqrt(square((i - %u)*s0))",
                                          "q += 0.1*maximum((i - %u)*s0, (i - 50)*s1)",
                                          "q += clip(i*0.01, %u*0.01, s0)*s1",
                                          "q += s0*floor((i - %u)*s1)",
                                          "assert i != %u + 300, \"here\"",
                                          "w[where(i == %u + 300, 6, 1)] = s0",
                                          "w[0] += 0.001*sqrt(square((i - %u)*s0))",
                                          "m[1, 2] = max((i - %u)*s1, 0)*0.01",
                                          "q += 0.01*square((i - %u)*s0)^0.75",
                                          "q += 0.01*s1*(i - %u)^3",
                                          "q += 0.01*s0/(0.001 + square((i - %u)*s1))",
                                          "q += z[where(i == %u + 300, 7, 1)]" };
  WRITE (writer, troubles[draw (writer, sizeof troubles / sizeof *troubles)], 40 + draw (writer, 60));
  WRITE (writer, "; ");
}

/* Elements of arrays that are replaced: w of few, m of two axes, l of many. */
static void
write_element (struct writer *writer, bool local)
{
  static const char *const replaced[] = { "w[i % 6] = ",
                                          "w[-1 - i % 3] = ",
                                          "w[b[i % 5]] += 0.1*",
                                          "m[i % 2, i % 3] = ",
                                          "m[-1, 0] -= 0.1*",
                                          "l[i] = 0.3*l[i - 1] + ",
                                          "l[i] = ",
                                          "l[i - 1] = l[i]*" };
  static const char *const moved[] = { "t = w[1]; w[1] = w[i % 6]; w[i % 6] = t; ", "w[2] = w[i % 6]; ",
                                       "w[i % 6] = 0.2; ", "m[0, 0] = s0; s1 = m[0, i % 3]; " };
  if (draw (writer, 6) == 0)
    {
      WRITE (writer, "%s", moved[draw (writer, sizeof moved / sizeof *moved)]);
      return;
    }
  WRITE (writer, "%ssin(", replaced[draw (writer, sizeof replaced / sizeof *replaced)]);
  write_expression (writer, local, 2);
  WRITE (writer, "); ");
}

/* Numbers that are moved on, and read before or after. */
static void
write_turn (struct writer *writer, uint32_t one, uint32_t other)
{
  static const char *const turns[] = { "t = 0.5*s%u + 0.4*s%u; s%u = s%u; s%u = t; ",
                                       "t = 0.5*s%u + 0.4*s%u; q = 0.5*q + s%u; s%u = t; s%u = 0.3 + t*0.1; ",
                                       "q = 0.5*q + s%u*s%u; t = 0.3*s%u - 0.2; s%u = t; q += t*s%u*0.1; " };
  WRITE (writer, turns[draw (writer, sizeof turns / sizeof *turns)], one, other, one, other, other);
}

/* A statement of arrays, where the program has such and comes to one. */
static bool
write_of_arrays (struct writer *writer, bool local)
{
  if (writer->replaces && draw (writer, 3) == 0)
    write_element (writer, local);
  else if (writer->arrays && draw (writer, 2))
    write_array (writer);
  else
    return false;
  return true;
}

/* Statements of a body, of which `local` says whether there is a t. Recursion ends with the depth. */
static void
write_statements (struct writer *writer, bool *local, uint32_t count, int depth)
{
  while (count-- > 0 && writer->used + 600 < TEXT)
    {
      uint32_t target = draw (writer, NUMBERS), kind = draw (writer, depth ? 14 : 6);
      if (write_of_arrays (writer, *local))
        continue;
      bool inner = *local;
      switch (kind)
        {
        case 0:
          WRITE (writer, "t = p + ");
          write_expression (writer, *local, 2);
          WRITE (writer, "; ");
          *local = true;
          break;
        case 1:
          WRITE (writer, "s%u = s%u; ", target, draw (writer, NUMBERS));
          break;
        case 13:
          write_turn (writer, target, draw (writer, NUMBERS));
          *local = true;
          break;
        case 2:
          WRITE (writer, "q += tanh(");
          write_expression (writer, *local, 2);
          WRITE (writer, "); ");
          break;
        case 6:
        case 7:
          WRITE (writer, "if ");
          write_condition (writer);
          WRITE (writer, " { ");
          write_statements (writer, &inner, 1 + draw (writer, 2), depth - 1);
          if (draw (writer, 2))
            {
              WRITE (writer, "} elif ");
              write_condition (writer);
              WRITE (writer, " { ");
              inner = *local;
              write_statements (writer, &inner, 1, depth - 1);
            }
          if (draw (writer, 2))
            {
              WRITE (writer, "} else { ");
              inner = *local;
              write_statements (writer, &inner, 1, depth - 1);
            }
          WRITE (writer, "}; ");
          break;
        case 8:
          WRITE (writer, "for j in 0:%u { ", draw (writer, 5));
          write_statements (writer, &inner, 1 + draw (writer, 2), depth - 1);
          WRITE (writer, "}; ");
          break;
        case 9:
          WRITE (writer, "m%d = 0; while m%d < %u + (i %% 3) { m%d += 1; ", depth, depth, draw (writer, 3), depth);
          write_statements (writer, &inner, 1, depth - 1);
          WRITE (writer, "}; ");
          break;
        case 10:
          WRITE (writer, "k = %.1f; ", 0.1 * draw (writer, 9));
          break;
        case 11:
          WRITE (writer, "if ");
          write_condition (writer);
          WRITE (writer, " { %s }; ", draw (writer, 3) ? "continue" : "s1 = 0.3");
          break;
        case 12:
          write_trouble (writer);
          break;
        default:
          WRITE (writer, "s%u = %.1f*s%u + 0.4*sin(", target, 0.1 * draw (writer, 7), target);
          write_expression (writer, *local, 3);
          WRITE (writer, "); ");
        }
    }
}

/* A program of a loop. */
static void
write_loop_program (struct writer *writer, uint32_t seed)
{
  *writer = (struct writer){ .seed = seed * 2654435761u + 12345 };
  static const char *const heads[] = { "for i in 0:40 { ",
                                       "for i in 0:129 { ",
                                       "for i in 5:263 { ",
                                       "for i in 300:0:-2 { ",
                                       "for i in 0:386 { ",
                                       "for v in u[2]*z3 { i = 40*v; ",
                                       "i = -1; while i < 200 { i += 1; ",
                                       "i = 0; while true { i += 1; if i > 170 { break }; ",
                                       "for i in z2 { ",
                                       "i = 0; for e0 in reshape(z3, [70, 2]) { i += 1; s0 = s0*e0[1]; ",
                                       "for n in 0:9 { for i in n:30 { " };
  WRITE (writer, "p = %.2f; const c = %.2f; s0 = %.2f; s1 = -%.2f; ", 0.3 + 0.01 * draw (writer, 100),
         0.3 + 0.01 * draw (writer, 100), 0.3 + 0.01 * draw (writer, 100), 0.3 + 0.01 * draw (writer, 100));
  /* Some begin without varying, and some as another name of what varies. */
  WRITE (writer, "%s; s3 = s1; q = 0; k = 0.5; ", draw (writer, 2) ? "s2 = c*0.5" : "s2 = p*p");
  WRITE (writer, "const z = linspace(0.2, 0.9, 5); const z2 = range(150); const z3 = linspace(0, 1, 140); u = [p, "
                 "2*p*p, 0.3]; f(x, y) = x*y + 0.3*x; ");
  WRITE (writer, "def g(x, y) { w = x*y; if w > 0.2 { return sin(w) }; w = w - x; return w }; h = fn(x) x*p; ");
  WRITE (writer, "e(x, j) = x*u[j]; def d(v, x, j) { y = 0; for o in 0:j { y += x*v[o] }; return y }; ");
  /* The half of the programs that come to replace elements. */
  writer->replaces = draw (writer, 2);
  WRITE (writer, "const b = [0, 3, 3, 1, 5]; l = c*zeros(450); t = c*0; w = %s(%u); ",
         draw (writer, 2) ? "c*zeros" : "p*ones", draw (writer, 3) ? 30 : 6);
  static const char *const matrices[]
    = { "c*zeros(2, 3)", "[[p, 1, c], [0.2, p*p, 0.1]]", "c*zeros(6, 5)", "p*ones(6, 5)" };
  WRITE (writer, "m = %s; ", matrices[draw (writer, sizeof matrices / sizeof *matrices)]);
  /* And a third of them to work on small arrays. */
  on_arrays = writer->arrays = draw (writer, 3) == 0;
  write_arrays_before (writer);
  uint32_t head = draw (writer, sizeof heads / sizeof *heads);
  WRITE (writer, "%s", heads[head]);
  bool local = false;
  write_statements (writer, &local, 1 + draw (writer, 4), 2);
  WRITE (writer,
         "}%s; y = [s0 + x[0], s1 + q + A[1, 0], s2*s3 + w[0]*w[5] + sum(l), p*s0*s1 + sum(w) + "
         "sum(m*m) + sum(A*A) + x @ r + sum(S*S) + sum(T)]",
         head + 1 == sizeof heads / sizeof *heads ? " }" : "");
}

/* Everything that a program's tape says. */
struct said
{
  double values[NUMBERS], gradient[NUMBERS][INPUTS], tangent[NUMBERS];
  bool connected[INPUTS], suspicious, tied, alone;
  uint32_t sets[NUMBERS]; /* the inputs that an element can depend on, by bits */
  size_t inputs, loops, spoken;
  size_t steps, left; /* that a run counts, and what is left of one more */
};

static void
say (struct session *session, struct said *said)
{
  static double change[INPUTS][LARGEST];
  size_t offsets[INPUTS];
  *said = (struct said){ .inputs = session->input_count, .loops = area_count (&session->tape.loops, struct loop) };
  memcpy (said->values, value_elements (&session->target), session->size * sizeof (double));
  session_run (session);
  said->suspicious = session->run.suspicious;
  said->tied = session->run.tied;
  said->spoken = session->diagnostics.spoken;
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
  return a == b || fabs (a - b) <= 1e-12 * (1 + fabs (b)) || (isnan (a) && isnan (b));
}

/* Whether a run of which values alone are asked gives the same to the last digit, and records nothing. */
static bool
values_alone (struct session *session, const struct said *said)
{
  session->purpose = PURPOSE_VALUES;
  session_run (session);
  bool same = memcmp (said->values, value_elements (&session->target), session->size * sizeof (double)) == 0;
  return same && tape_count (&session->tape) == 1;
}

/* Counts the steps of a run, which lasts with one more, and stops with that many. */
static void
count_steps (struct session *session, struct said *said)
{
  session->steps = SIZE_MAX;
  session_run (session);
  said->steps = SIZE_MAX - session->run.steps;
  session->steps = said->steps + 1;
  session_run (session);
  said->left = session->run.steps;
  session->steps = said->steps;
  if (said->steps)
    session_run (session);
}

/* What a program says of itself, and why it stops, in the end where its steps are counted. */
static void
hear (const char *text, bool stepwise, struct said *said, char *stopped)
{
  static struct session session;
  *said = (struct said){ 0 };
  session_clear (&session);
  session.stepwise = stepwise;
  if (setjmp (session.stop) == 0)
    {
      session_open (&session, text);
      say (&session, said);
      said->alone = values_alone (&session, said);
      count_steps (&session, said);
    }
  else
    snprintf (stopped, FAILURE_SIZE, "stopped: %.400s", session_said (&session));
  session_close (&session);
}

static bool
compare (const char *text, bool *at_once, char *failure)
{
  static struct said many, single;
  char stopped[2][FAILURE_SIZE] = { "", "" };
  hear (text, true, &single, stopped[0]);
  hear (text, false, &many, stopped[1]);
  *at_once = many.loops > 0;
  if (strcmp (stopped[0], stopped[1]) != 0)
    return !snprintf (failure, FAILURE_SIZE, "%.200s, and by steps: %.200s", stopped[1], stopped[0]);
  if (many.steps != single.steps || (single.steps && (many.left != 1 || single.left != 1)))
    return !snprintf (failure, FAILURE_SIZE, "%zu steps, %zu left; by steps %zu, %zu", many.steps, many.left,
                      single.steps, single.left);
  if (single.steps && !(many.alone && single.alone))
    return !snprintf (failure, FAILURE_SIZE, "values alone are recorded, or others");
  if (single.loops)
    return !snprintf (failure, FAILURE_SIZE, "a loop that should go step by step does not");
  if (many.suspicious != single.suspicious || many.tied != single.tied || many.spoken != single.spoken)
    return !snprintf (failure, FAILURE_SIZE, "kinks %d, ties %d, warnings %zu; by steps %d, %d, %zu", many.suspicious,
                      many.tied, many.spoken, single.suspicious, single.tied, single.spoken);
  /* Of a program that grows without bound each sum of derivatives is rounding, in whatever order it is made. */
  bool wild = false;
  for (size_t e = 0; e < NUMBERS; e++)
    wild |= fabs (single.values[e]) > 1e15;
  for (size_t e = 0; e < NUMBERS; e++)
    {
      bool same = (many.values[e] == single.values[e] || (isnan (many.values[e]) && isnan (single.values[e])))
                  && (wild || close_to (many.tangent[e], single.tangent[e]))
                  && (on_arrays || many.sets[e] == single.sets[e]);
      for (size_t k = 0; k < many.inputs; k++)
        same = same && (wild || close_to (many.gradient[e][k], single.gradient[e][k]))
               && many.connected[k] == single.connected[k]
               && (many.gradient[e][k] == 0 || many.sets[e] >> k & 1);
      if (!same)
        {
          snprintf (failure, FAILURE_SIZE,
                    "element %zu: %.17g moves by %.17g, slopes %.17g %.17g, sets %x; by steps %.17g %.17g, %.17g "
                    "%.17g, %x",
                    e, many.values[e], many.tangent[e], many.gradient[e][0], many.gradient[e][1], many.sets[e],
                    single.values[e], single.tangent[e], single.gradient[e][0], single.gradient[e][1], single.sets[e]);
          return false;
        }
    }
  return true;
}

int
main (int count, char **words)
{
  static const struct both_ways ways
    = { write_loop_program, compare, PROGRAMS,
        "loops: both ways agree in values, adjoints, tangents, patterns, kinks and messages",
        "were run many iterations at once" };
  return test_both_ways (&ways, count, words);
}
