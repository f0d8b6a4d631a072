/* generate.c -- writes the long straight-line program of the workloads text and window, and its right answer.

   generate WINDOW STATEMENTS INPUTS PROGRAM ANSWER

   Every statement is t_k = t_i * t_j + sin(t_l) with random i, j, l below k. If WINDOW is 0 they are any
   earlier ones and the inputs stand first; else they are among the last WINDOW, and the inputs stand in groups
   of WINDOW, spread evenly, so that no part of the program forgets them. Every 100 t are summed in a
   line of their own, those sums again by hundreds, and the last line is the sum of all t. The answer, in the text
   that gradcalc prints, is computed here by a hand-written sweep over the indices.

   Inputs lie in (-0.03, -0.02) and are all of one sign and size: then t*t + sin(t) stays negative and closer to
   0 than t, and goes to 0 ever slower, so that values neither grow nor vanish. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum
{
  CHUNK = 100
};

/* t_k = t_i * t_j + sin(t_l); all zero for an input, and then `input` says so. */
struct statement
{
  uint32_t i, j, l;
  int input;
};

static uint64_t
random_below (uint64_t *state, uint64_t bound) /* splitmix64 */
{
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (z ^ (z >> 31)) % bound;
}

/* NAME = PART_from + ... + PART_(to-1) */
static void
write_sum (FILE *program, const char *part, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++)
    fprintf (program, "%s%s_%zu", i == from ? "" : " + ", part, i);
  fputc ('\n', program);
}

/* Every t by its definition, from a fixed seed. */
static void
draw (struct statement *statements, double *t, size_t total, size_t inputs, size_t window)
{
  uint64_t state = 20240229;
  size_t group = window ? window : inputs, period = total / (inputs / group);
  for (size_t k = 0; k < total; k++)
    {
      struct statement *s = &statements[k];
      size_t range = window && window < k ? window : k;
      s->input = k % period < group;
      if (s->input)
        t[k] = -(double)(200000 + random_below (&state, 100000)) / 1e7;
      else
        {
          s->i = (uint32_t)(k - 1 - random_below (&state, range));
          s->j = (uint32_t)(k - 1 - random_below (&state, range));
          s->l = (uint32_t)(k - 1 - random_below (&state, range));
          t[k] = t[s->i] * t[s->j] + sin (t[s->l]);
        }
    }
}

static void
write_program (FILE *program, const struct statement *statements, const double *t, size_t total)
{
  size_t sums = 0, sums_of_sums = 0;
  for (size_t k = 0; k < total; k++)
    {
      struct statement s = statements[k];
      if (s.input)
        fprintf (program, "t_%zu = %.7f\n", k, t[k]);
      else
        fprintf (program, "t_%zu = t_%u * t_%u + sin(t_%u)\n", k, s.i, s.j, s.l);
      if ((k + 1) % CHUNK == 0 || k + 1 == total)
        {
          fprintf (program, "s_%zu = ", sums++);
          write_sum (program, "t", k - k % CHUNK, k + 1);
        }
    }
  for (size_t from = 0; from < sums; from += CHUNK)
    {
      fprintf (program, "u_%zu = ", sums_of_sums++);
      write_sum (program, "s", from, from + CHUNK < sums ? from + CHUNK : sums);
    }
  fprintf (program, "loss = ");
  write_sum (program, "u", 0, sums_of_sums);
}

/* The sum of all t and its derivative in each input. */
static void
write_answer (FILE *answer, const struct statement *statements, const double *t, double *adjoints, size_t total)
{
  double loss = 0;
  for (size_t k = 0; k < total; k++)
    {
      loss += t[k];
      adjoints[k] = 1;
    }
  for (size_t k = total; k-- > 0;)
    if (!statements[k].input)
      {
        struct statement s = statements[k];
        adjoints[s.i] += adjoints[k] * t[s.j];
        adjoints[s.j] += adjoints[k] * t[s.i];
        adjoints[s.l] += adjoints[k] * cos (t[s.l]);
      }
  fprintf (answer, "loss = %.17g\n", loss);
  for (size_t k = 0; k < total; k++)
    if (statements[k].input)
      fprintf (answer, "dloss/dt_%zu = %.17g\n", k, adjoints[k]);
}

int
main (int argc, char **argv)
{
  if (argc != 6)
    {
      fprintf (stderr, "usage: generate WINDOW STATEMENTS INPUTS PROGRAM ANSWER\n");
      return 2;
    }
  size_t window = strtoul (argv[1], NULL, 10), inputs = strtoul (argv[3], NULL, 10);
  size_t total = inputs + strtoul (argv[2], NULL, 10);
  if (inputs == 0 || (window && inputs % window != 0))
    {
      fprintf (stderr, "generate: the inputs must be a multiple of the window\n");
      return 2;
    }
  FILE *program = fopen (argv[4], "w"), *answer = fopen (argv[5], "w");
  struct statement *statements = calloc (total, sizeof *statements);
  double *t = calloc (total, sizeof *t), *adjoints = calloc (total, sizeof *adjoints);
  if (!program || !answer || !statements || !t || !adjoints)
    {
      perror ("generate");
      return 3;
    }
  draw (statements, t, total, inputs, window);
  write_program (program, statements, t, total);
  write_answer (answer, statements, t, adjoints, total);
  free (statements);
  free (t);
  free (adjoints);
  if (fclose (program) || fclose (answer))
    {
      perror ("generate");
      return 3;
    }
  return 0;
}
