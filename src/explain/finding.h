/* finding.h -- one thing that trouble.c found, and what is said of it. */
#ifndef GRADCALC_FINDING_H
#define GRADCALC_FINDING_H

#include "base/warning.h"
#include "explain/trouble.h"

enum fault
{
  FAULT_VALUE, /* the value is not finite */
  FAULT_SLOPE, /* a slope is not finite */
  FAULT_KINK,
  FAULT_ADJOINT /* the adjoint `operand[0]` times the slope `operand[1]` overflows */
};

/* The first case at one place. */
struct finding
{
  enum fault fault;
  uint32_t place, op;
  uint32_t names[3]; /* of the operands that are variables, or UINT32_MAX */
  double operand[3], value, slope;
  bool is_array, both_vary;
  bool tie; /* of the elements that a norm takes the largest of */
  bool late; /* an operand was infinite already: told when nothing else is */
  struct shape shape; /* of an elementwise step's result */
  uint32_t element;   /* which of its elements this is */
  bool aligned;       /* the first operand has the same shape */
  size_t passed;
  bool more; /* than were looked at */
};

/* Warns of it at its place; NULL when that kind of warning is off. */
struct warned *finding_warn (const struct trouble *trouble, const struct finding *finding, struct span span);

#endif
