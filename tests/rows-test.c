/* rows-test.c -- records in blocks, by several threads and one by one: programs made up from a seed, over records with
   zeros, ties, huge and tiny numbers, and fields that are none, print the same bytes and say the same.

     tests/rows-test [FIRST [COUNT]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/session.h"

enum
{
  TEXT = 4000,
  RECORDS = 300,
  PROGRAMS = 120
};

static uint32_t state;

static uint32_t
draw (uint32_t below)
{
  state = state * 1664525u + 1013904223u;
  return (state >> 16) % below;
}

struct text
{
  char bytes[TEXT];
  size_t used;
};

#define WRITE(text, ...)                                                                                               \
  ((text)->used += (size_t)snprintf ((text)->bytes + (text)->used, TEXT - (text)->used, __VA_ARGS__))

/* A name that has a value by then. */
static void
write_name (struct text *text, int names)
{
  static const char *const given[] = { "x", "y", "z", "a", "b" };
  uint32_t which = draw (5 + (uint32_t)names);
  if (which < 5)
    WRITE (text, "%s", given[which]);
  else
    WRITE (text, "s%u", which - 5);
}

/* An expression of some depth, iteratively: operands and operators, from the left. */
static void
write_expression (struct text *text, int names)
{
  static const char *const forms[] = { "exp(-abs(%s))",
                                       "log(%s)",
                                       "sqrt(%s)",
                                       "relu(%s)",
                                       "sigmoid(%s)",
                                       "tanh(%s)",
                                       "(%s)^2",
                                       "abs(%s)",
                                       "sin(%s)",
                                       "-(%s)",
                                       "1/(%s)",
                                       "max(%s, x)",
                                       "min(%s, 0.5)",
                                       "where(%s > y, a, z)",
                                       "floor(%s)",
                                       "(x > %s ? a*x : b - y)",
                                       "clip(%s, -1, 1)",
                                       "(%s)",
                                       "(%s)",
                                       "0.5*(%s)",
                                       "(%s)^a",
                                       "2^(%s)",
                                       "softplus(%s)",
                                       "sign(%s)" };
  static const char *const signs[] = { " + ", " - ", "*", "/" };
  int terms = 1 + (int)draw (4);
  for (int i = 0; i < terms; i++)
    {
      struct text inner = { .used = 0 };
      write_name (&inner, names);
      for (uint32_t more = draw (3); more > 0; more--)
        {
          WRITE (&inner, "%s", signs[draw (3)]);
          write_name (&inner, names);
        }
      if (i)
        WRITE (text, "%s", signs[draw (draw (4) ? 3 : 4)]);
      if (draw (2))
        WRITE (text, "%s", inner.bytes);
      else
        {
          const char *form = forms[draw (sizeof forms / sizeof *forms)], *at = strstr (form, "%s");
          WRITE (text, "%.*s%s%s", (int)(at - form), form, inner.bytes, at + 2);
        }
    }
}

/* Functions f0, f1, ... of two numbers, with branches, loops, and names from outside: what they are given by then. */
static void
write_function (struct text *text, int which)
{
  static const char *const bodies[] = { "(u, v) = u*v + exp(-abs(u))",
                                        "(u, v) { if u > v { return u^2 }; return a*v - u }",
                                        "(u, v) { s = u; for i in 0:3 { s = s*0.5 + v*i }; return s }",
                                        "(u, v) = x*u - v*b",
                                        "(u, v) { g = fn(t) t*u + sin(v); u = 3; return g(v) + g(0.5)*u }",
                                        "(u, v) { s = v; while s > 1 && s < 1e6 { s = s/2 - 0.1 }; return s*u }",
                                        "(u, v) = u > 1e-3 && u < 9 ? 1 + f%d(u/8 - 0.2, v*v) : v",
                                        "(u, v) { k = 0; for k in 0:0 { k = u }; return k + (u + v)*2 }" };
  uint32_t body = draw (sizeof bodies / sizeof *bodies);
  WRITE (text, "%sf%d", strchr (bodies[body], '{') ? "def " : "", which);
  WRITE (text, bodies[body], which);
  WRITE (text, "\n");
}

static void
write_program (struct text *text)
{
  int names = 0, statements = 1 + (int)draw (6), functions = draw (2) ? 0 : 1 + (int)draw (2);
  text->used = 0;
  for (int i = 0; i < functions; i++)
    write_function (text, i);
  for (; names < statements; names++)
    {
      if (functions && draw (2))
        {
          WRITE (text, "s%d = f%u(", names, draw ((uint32_t)functions));
          write_name (text, names);
          WRITE (text, " - ");
          write_name (text, names);
          WRITE (text, ", ");
          write_name (text, names);
          WRITE (text, ")");
          WRITE (text, draw (2) ? "*z\n" : "\n");
          continue;
        }
      if (draw (6) == 0)
        {
          WRITE (text, "s%d = ", names);
          write_name (text, names);
          WRITE (text, "\nfor k in 1:%u { s%d = s%d*", draw (5) ? 2 + draw (12) : 30 + draw (20), names, names);
          write_name (text, names);
          WRITE (text, "/2 + k }\n");
          continue;
        }
      bool branches = draw (4) == 0;
      if (branches)
        {
          WRITE (text, "if ");
          write_name (text, names);
          WRITE (text, draw (2) ? " > " : " <= ");
          write_name (text, names);
          WRITE (text, draw (2) ? " && x < 3 { s%d = " : " { s%d = ", names);
          write_expression (text, names);
          WRITE (text, " } else { s%d = ", names);
          write_expression (text, names);
          WRITE (text, " }\n");
          continue;
        }
      WRITE (text, "s%d = ", names);
      write_expression (text, names);
      WRITE (text, "\n");
    }
}

/* How a command goes. */
struct manner
{
  const char *format, *bad, *jobs; /* NULL: no such option */
  const char *more[4];
  bool repeats, adds_up, one_by_one;
};

static void
write_records (FILE *out, bool has_bad)
{
  static const char *const odd[] = { "0", "-0", "1", "-1", "0.5", "1e300", "-1e300", "1e-300", "NaN", "inf", "3", "2" };
  uint32_t oddity = draw (4) ? 50 : 4;
  fputs ("x,y,z\n", out);
  int records = draw (8) ? RECORDS : 10 * RECORDS;
  for (int i = 0; i < records; i++)
    for (int k = 0; k < 3; k++)
      {
        if (has_bad && draw (400) == 0)
          fputs ("none", out);
        else if (has_bad && draw (400) == 0)
          fputs ("12345678901234567891", out);
        else if (draw (oddity) == 0)
          fputs (odd[draw (sizeof odd / sizeof *odd)], out);
        else
          fprintf (out, "%.6g", (double)draw (60000) / 10000 - 3);
        putc (k < 2 ? ',' : '\n', out);
      }
}

static char folder[] = "/tmp/gradcalc-rows-XXXXXX";

/* What a command prints, and says; the room is the heap's. */
struct outcome
{
  char *said, *printed;
  size_t said_size, printed_size;
};

static void
evaluate (const char *program, const struct manner *manner, struct outcome *outcome)
{
  enum
  {
    ROOM = 4 << 20
  };
  char data[64], output[64];
  snprintf (data, sizeof data, "%s/data.csv", folder);
  snprintf (output, sizeof output, "%s/out", folder);
  const char *words[30] = { "gradcalc", "-D", "a=0.75", "-D", "b=-1.5", "-e", program, "-r", data, "-o", output };
  int count = 11;
  words[count++] = "-f";
  words[count++] = manner->format;
  for (int i = 0; i < 4 && manner->more[i]; i++)
    words[count++] = manner->more[i];
  if (manner->bad)
    words[count++] = manner->bad;
  if (manner->jobs)
    words[count++] = manner->jobs;
  if (manner->repeats)
    words[count++] = "-a";
  if (manner->adds_up)
    words[count++] = "--reduce=sum";
  static struct session session;
  session = (struct session){ .rows.one_by_one = manner->one_by_one };
  FILE *terminal = stderr;
  stderr = open_memstream (&outcome->said, &outcome->said_size);
  unlink (output);
  session_run (&session, count, (char **)words);
  fclose (stderr);
  stderr = terminal;
  FILE *file = fopen (output, "r");
  outcome->printed = calloc (1, ROOM);
  outcome->printed_size = file ? fread (outcome->printed, 1, ROOM, file) : 0;
  if (file)
    fclose (file);
}

/* How the program of a seed goes. */
static struct manner
draw_manner (void)
{
  static const char *const formats[] = { "csv", "csv", "json", "tsv", "text" };
  static const char *const bads[] = { "skip", "nan", "fail" };
  struct manner manner = { .format = formats[draw (5)] };
  static const char *const more[][4] = { { "-wa,b,x" },
                                         { "-wa,b,x" },
                                         { "-wa,x,y" },
                                         { "--value" },
                                         { "-wb,x", "-ts0,x*a" },
                                         { "-wa,b,x", "-ts0,s0*s0,x", "--sum" },
                                         { "-wa,x", "-us0=-2.5", "-ts0" },
                                         { "--along=a=1", "--along=x=-0.3" },
                                         { "--along=b=2", "-ts0,b,3*y" } };
  memcpy (manner.more, more[draw (sizeof more / sizeof *more)], sizeof manner.more);
  manner.adds_up = draw (5) == 0;
  if (manner.adds_up)
    manner.format = draw (2) ? "json" : "csv";
  manner.repeats = !manner.adds_up && strcmp (manner.format, "text") != 0;
  if (draw (3) == 0)
    {
      static char word[30];
      snprintf (word, sizeof word, "--bad-rows=%s", bads[draw (3)]);
      manner.bad = word;
    }
  return manner;
}

/* The first line that differs, of both. */
static void
show_difference (const char *a, const char *b)
{
  size_t at = 0;
  while (a[at] && a[at] == b[at])
    at++;
  while (at && a[at - 1] != '\n')
    at--;
  printf ("#   %.*s\n#   %.*s\n", (int)strcspn (a + at, "\n"), a + at, (int)strcspn (b + at, "\n"), b + at);
}

static bool
is_same (const struct outcome *a, const struct outcome *b, uint32_t seed, const char *how, const char *program)
{
  bool same_output = a->printed_size == b->printed_size && memcmp (a->printed, b->printed, a->printed_size) == 0,
       same_words = strcmp (a->said, b->said) == 0;
  if (!same_output || !same_words)
    printf ("# seed %u, %s: %s differs\n#   in: %s\n", seed, how, same_output ? "what is said" : "the output", program);
  if (!same_output)
    show_difference (a->printed, b->printed);
  else if (!same_words)
    show_difference (a->said, b->said);
  return same_output && same_words;
}

static void
forget (struct outcome *outcome)
{
  free (outcome->said);
  free (outcome->printed);
}

/* A program each way; false after a message. */
static bool
compare (uint32_t seed, size_t *printed)
{
  static struct text text;
  char data[64];
  struct outcome blocks, single, threads;
  state = seed * 2654435761u + 1;
  write_program (&text);
  struct manner manner = draw_manner ();
  snprintf (data, sizeof data, "%s/data.csv", folder);
  FILE *out = fopen (data, "w");
  write_records (out, manner.bad != NULL);
  fclose (out);
  evaluate (text.bytes, &manner, &blocks);
  manner.jobs = "-j3";
  evaluate (text.bytes, &manner, &threads);
  manner.jobs = NULL;
  manner.one_by_one = true;
  evaluate (text.bytes, &manner, &single);
  bool is_good = is_same (&blocks, &single, seed, "in blocks", text.bytes)
                 && is_same (&threads, &single, seed, "by threads", text.bytes);
  *printed += single.printed_size > 0;
  forget (&blocks);
  forget (&threads);
  forget (&single);
  return is_good;
}

int
main (int count, char **words)
{
  uint32_t first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  uint32_t programs = count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : PROGRAMS;
  uint32_t failures = 0;
  size_t printed = 0;
  if (!mkdtemp (folder))
    return 1;
  printf ("1..2\n");
  for (uint32_t seed = first; seed < first + programs; seed++)
    failures += !compare (seed, &printed);
  printf ("%sok 1 - %u programs give the same in blocks, by threads and one by one\n", failures ? "not " : "",
          programs);
  printf ("%sok 2 - most of them run (%zu)\n", printed >= programs / 2 ? "" : "not ", printed);
  char command[100];
  snprintf (command, sizeof command, "rm -r %s", folder);
  return system (command) || failures || printed < programs / 2;
}
