/* result.h -- what a test says of a case. */
#ifndef TESTS_RESULT_H
#define TESTS_RESULT_H

#include <stdbool.h>
#include <stdio.h>

/* A line of TAP; 1 for a failure. */
static inline int
tell_result (int number, bool passed, const char *what)
{
  printf ("%sok %d - %s\n", passed ? "" : "not ", number, what);
  return !passed;
}

#endif
