/* answer_left.c -- the left side of a claim that stands for a row or a member of answers. */
#include "check/claims_file.h"

#include <string.h>

void
answer_left (FILE *out, const char *target, const char *source, const char *second)
{
  bool plain = strpbrk (target, "+-*/^@%()[]<>=!&|?:, '\"") == NULL;
  if (second)
    fprintf (out, plain ? "d2%s/d%sd%s = " : "d2(%s)/d%sd%s = ", target, source, second);
  else if (source)
    fprintf (out, plain ? "d%s/d%s = " : "d(%s)/d%s = ", target, source);
  else
    fprintf (out, "%s = ", target);
}
