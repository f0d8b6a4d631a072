/* textbook.c -- the rules of derivatives as a textbook has them. */
#include "ops/textbook.h"

#include <stdio.h>

#include "base/number.h"
#include "ops/ops.h"

static const char *const rules[OPS] = {
#define NOTATION(name, latex, c, rule) [OP_##name] = rule,
#define NONE NULL
#include "ops/notation.def"
};

const char *
textbook_rule (unsigned op, const double *exponent, char text[TEXTBOOK_RULE])
{
  char power[NUMBER_SIZE], less[NUMBER_SIZE];
  if (op_is_power (op) && !exponent)
    return "d(u^v) = v*u^(v-1)*du + u^v*log(u)*dv";
  if (op_is_power (op) && *exponent == 0)
    return "d(u^0) = 0";
  if (op_is_power (op) && *exponent == 1)
    return "d(u^1) = du";
  if (op_is_power (op) && *exponent == 2)
    return "d(u^2) = 2*u*du";
  if (op_is_power (op) && *exponent > 0)
    {
      number_print (power, *exponent, 6);
      number_print (less, *exponent - 1, 6);
      snprintf (text, TEXTBOOK_RULE, "d(u^%s) = %s*u^%s*du", power, power, less);
      return text;
    }
  return op < OPS ? rules[op] : NULL;
}
