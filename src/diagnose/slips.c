/* slips.c -- what wrong rules make of the partials of elementwise steps. */
#include "diagnose/slips.h"

#include <math.h>

#include "ops/ops.h"

const struct slip_info slip_info[SLIPS] = {
#define SLIP(name, cause, joint, words) { cause, joint, words },
#include "diagnose/slips.def"
};

static double
partial_at (uint32_t op, int operand, const double x[STEP_OPERANDS], double v, bool both)
{
  return op_partial ((enum op)op, operand, x[0], x[1], x[2], v, both);
}

/* A function of one operand whose derivative is no constant. */
static bool
is_curved (uint32_t op)
{
  return op_info[op].arity == 1 && !(op_info[op].traits & (TRUTH | INTEGER | WHOLE | LINEAR));
}

static bool
is_dropped (uint32_t op, int operand, double *partial)
{
  *partial = 1;
  switch (op)
    {
    case OP_add:
    case OP_subtract:
    case OP_negate:
    case OP_plus:
    case OP_real:
    case OP_where:
    case OP_maximum:
    case OP_minimum:
      return false;
    case OP_divide:
      return operand == 0;
    case OP_power:
    case OP_pow:
      return operand == 0;
    default:
      return op_info[op].arity < 3 || op == OP_clip;
    }
}

/* A slip that is made in some functions alone. */
static bool
partial_of (enum slip slip, uint32_t op, double a, double v, double right, double *partial)
{
  switch ((uint32_t)slip * OPS + op)
    {
#define PARTIAL(name, function, value)                                                                                 \
  case SLIP_##name *OPS + OP_##function:                                                                               \
    *partial = value;                                                                                                  \
    return true;
#include "diagnose/slips.def"
    default:
      return false;
    }
}

bool
slip_partial (enum slip slip, uint32_t op, int operand, const double x[STEP_OPERANDS], double v, bool both,
              const double tangent[STEP_OPERANDS], double *partial)
{
  double right = partial_at (op, operand, x, v, both), a = x[0], b = x[1];
  switch (slip)
    {
    case SLIP_FACTOR:
      if (!op_is_power (op))
        return partial_of (slip, op, a, v, right, partial);
      *partial = pow (a, b - 1);
      return operand == 0 && b != 1;
    case SLIP_DROP:
      return is_dropped (op, operand, partial);
    case SLIP_SIGN:
      *partial = -right;
      return (op == OP_subtract && operand == 1) || op == OP_negate;
    case SLIP_SLOPE_SIGN:
      *partial = -right;
      return (op == OP_divide && operand == 1) || partial_of (slip, op, a, v, right, partial);
    case SLIP_TERM_SIGN:
      *partial = -right;
      return op == OP_add || (op == OP_subtract && operand == 0);
    case SLIP_ZERO:
      *partial = 0;
      return true;
    case SLIP_EXPONENT:
      *partial = op == OP_square ? 2 * a * a : b * v;
      return op == OP_square || (op_is_power (op) && operand == 0);
    case SLIP_BASE:
      *partial = op == OP_square ? 2 : b;
      return op == OP_square || (op_is_power (op) && operand == 0);
    case SLIP_OUTPUT:
      {
        const double at[STEP_OPERANDS] = { v };
        if (!is_curved (op))
          return false;
        *partial = partial_at (op, 0, at, op_value ((enum op)op, v, 0, 0), false);
        return true;
      }
    case SLIP_VALUE:
      *partial = v;
      return is_curved (op) && op != OP_exp;
    case SLIP_SQUARE:
      *partial = -v;
      return op == OP_divide && operand == 1;
    case SLIP_WHOLE_SQUARE:
      *partial = operand ? -v : 1;
      return op == OP_divide;
    case SLIP_LOGARITHM:
      *partial = v;
      return op_is_power (op) && operand == 1;
    case SLIP_POWER_RULE:
      *partial = op == OP_exp ? a * exp (a - 1) : b * pow (a, b - 1);
      return op == OP_exp || (op_is_power (op) && operand == 1);
    case SLIP_BRANCH:
      *partial = 1 - right;
      return (op == OP_where && operand > 0) || partial_of (slip, op, a, v, right, partial);
    case SLIP_FIRST_SIDE:
    case SLIP_SECOND_SIDE:
      *partial = (operand == (op == OP_where)) == (slip == SLIP_FIRST_SIDE);
      return op == OP_maximum || op == OP_minimum || (op == OP_where && operand > 0);
    case SLIP_MASK:
      *partial = 1;
      return op == OP_maximum || op == OP_minimum || (op == OP_where && operand > 0);
    case SLIP_PRODUCT:
      if (!tangent || !both)
        return false;
      *partial = operand ? 0 : op == OP_multiply ? tangent[1] : 1 / tangent[1];
      return op == OP_multiply || op == OP_divide;
    default:
      return partial_of (slip, op, a, v, right, partial);
    }
}
