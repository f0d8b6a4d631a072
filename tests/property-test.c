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

int
main (int count, char **words)
{
  uint32_t first = count > 1 ? (uint32_t)strtoul (words[1], NULL, 10) : 0;
  uint32_t programs = count > 2 ? (uint32_t)strtoul (words[2], NULL, 10) : PROGRAMS, judged = 0, failures = 0;
  printf ("1..2\n");
  for (uint32_t seed = first; seed < first + programs; seed++)
    {
      static struct writer writer;
      char failure[FAILURE_SIZE] = "";
      write_program (&writer, seed);
      int points = check_program (writer.text, NULL, 1, failure);
      judged += points > 0;
      bool second = points < 0 || check_second (writer.text, failure);
      if (points >= 0 && second)
        continue;
      failures++;
      if (failures <= 10)
        printf ("# seed %u: %s\n#   in: %s\n", seed, failure, writer.text);
    }
  printf ("%sok 1 - %u programs: reverse, forward, recorded and differences agree\n", failures ? "not " : "", programs);
  bool enough = judged >= programs / 2;
  printf ("%sok 2 - differences can judge most of them (%u)\n", enough ? "" : "not ", judged);
  return failures || !enough;
}
