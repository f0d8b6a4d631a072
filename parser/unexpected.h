/* unexpected.h -- what is said of a token that cannot stand where it is. */
#ifndef GRADCALC_UNEXPECTED_H
#define GRADCALC_UNEXPECTED_H

#include "scan.h"

enum
{
  EXPECTED_FEW = 4
};

/* The tokens that could stand there. */
struct expected
{
  int count;
  const char *names[EXPECTED_FEW]; /* of the first of them, as messages have them */
  bool signs[256];                 /* by the character, those of a single one */
  bool operand, comparison;        /* whether one of these is among them */
};

/* Reports the token that `reader` gave last. */
void unexpected (struct reader *reader, const struct expected *expected);

#endif
