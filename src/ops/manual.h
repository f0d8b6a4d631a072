/* manual.h -- what the tables say of a function, for who asks. */
#ifndef GRADCALC_OPS_MANUAL_H
#define GRADCALC_OPS_MANUAL_H

#include "ops/ops.h"

enum
{
  MANUAL_TEXT = 400
};

/* The derivative in one of the parameters, which has a name of `size` bytes, as a textbook writes it; NULL where
   rules.def has none. */
const char *manual_slope (enum op op, const char *parameter, size_t size);

/* Where an elementwise function has a kink or a jump, as a condition on its operands; NULL where the function has none,
   or has structure. */
const char *manual_kink (enum op op);

/* The derivative in words, of a function whose rule is nothing to read; NULL of others. */
const char *manual_words (enum op op);

/* A program with the function in it. */
const char *manual_example (enum op op, char text[MANUAL_TEXT]);

#endif
