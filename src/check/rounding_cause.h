/* rounding_cause.h -- the steps of a program that most of a bound of rounding is due to. */
#ifndef GRADCALC_ROUNDING_CAUSE_H
#define GRADCALC_ROUNDING_CAUSE_H

#include "check/rounding.h"

enum rounding_kind
{
  ROUNDED_READING, /* a number that was read is off by the rest of its digits */
  ROUNDED_STEP,    /* a step rounds its result */
  ROUNDED_AWAY,    /* cancellation: the leading digits of what a step adds up, or subtracts, take each other away */
  ROUNDED_STEEP,   /* the value of a function changes by a larger part than its operand does */
  ROUNDED_OVER,    /* a jump lies within the bound of what a function is taken of */
  ROUNDED_BELOW    /* underflow: a result is too small to have all its digits, or any */
};
extern const char *const rounding_kind_names[];

struct rounding_cause
{
  enum rounding_kind kind;
  const char *op;   /* the operator or function; NULL where there is none */
  struct span span; /* start 0: nowhere */
  double share;     /* of the bound that is due to the step's own rounding, or comes through it, 0 to 1 */
};

enum
{
  ROUNDING_CAUSES = 3
};

/* What the sharp bound of one element is mostly due to, the first of them most: into `causes`; how many there are. Of a
   bound of 0 or without end there are none. */
size_t rounding_causes (struct rounding *rounding, const struct value *value, size_t element,
                        struct rounding_cause causes[ROUNDING_CAUSES]);

#endif
