/* property-test.c -- generated programs, whose derivatives every way must agree: reverse, forward, recorded,
   differences, of first and of second order.

   property-test [FIRST [COUNT]]: the programs of COUNT seeds from FIRST on. */
#include <stdio.h>
#include <stdlib.h>

#include "agree.h"
#include "writer.h"

enum
{
  PROGRAMS = 2000
};

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
      if (points >= 0 && second)
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
  uint32_t first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  uint32_t programs = count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : PROGRAMS, judged;
  bool failed = false;
  printf ("1..4\n");
  for (int i = 0; i < 2; i++)
    {
      uint32_t share = (programs + kinds[i].share - 1) / kinds[i].share;
      uint32_t failures = check_programs (kinds[i].write, first, share, &judged);
      printf ("%sok %d - %u %s: reverse, forward, recorded and differences agree\n", failures ? "not " : "", 2 * i + 1,
              share, kinds[i].what);
      bool enough = judged >= share / 2;
      printf ("%sok %d - differences can judge most of them (%u)\n", enough ? "" : "not ", 2 * i + 2, judged);
      failed |= failures || !enough;
    }
  return failed;
}
