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

/* The factor that a rule brings down, left out. */
static bool
without_factor (uint32_t op, int operand, const double x[STEP_OPERANDS], double v, double *partial)
{
  double a = x[0], b = x[1];
  switch (op)
    {
    case OP_power:
    case OP_pow:
      *partial = pow (a, b - 1);
      return operand == 0 && b != 1;
    case OP_square:
      *partial = a;
      return true;
    case OP_sqrt:
      *partial = 1 / v;
      return true;
    case OP_cbrt:
      *partial = 1 / (v * v);
      return true;
    case OP_log2:
    case OP_log10:
      *partial = 1 / a;
      return true;
    case OP_exp2:
      *partial = v;
      return true;
    default:
      return false;
    }
}

static bool
has_sign (uint32_t op, int operand)
{
  switch (op)
    {
    case OP_divide:
      return operand == 1;
    case OP_sin:
    case OP_cos:
    case OP_cosh:
    case OP_acos:
    case OP_reciprocal:
    case OP_erfc:
      return true;
    default:
      return false;
    }
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

/* A part of the derivative instead of the whole. */
static bool
part_of (uint32_t op, const double x[STEP_OPERANDS], double v, double *partial)
{
  switch (op)
    {
    case OP_sigmoid:
    case OP_tanh:
      *partial = 1 - v;
      return true;
    case OP_sqrt:
      *partial = v / 2;
      return true;
    case OP_reciprocal:
      *partial = -v;
      return true;
    case OP_atan:
      *partial = 1 / (1 + x[0]);
      return true;
    case OP_asin:
      *partial = 1 / (1 - x[0] * x[0]);
      return true;
    default:
      return false;
    }
}

static bool
other_branch (uint32_t op, int operand, double partial, double *other)
{
  switch (op)
    {
    case OP_abs:
      *other = -partial;
      return true;
    case OP_relu:
    case OP_maximum:
    case OP_minimum:
      *other = 1 - partial;
      return true;
    case OP_where:
      *other = 1 - partial;
      return operand > 0;
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
      return without_factor (op, operand, x, v, partial);
    case SLIP_DROP:
      return is_dropped (op, operand, partial);
    case SLIP_SIGN:
      *partial = -right;
      return (op == OP_subtract && operand == 1) || op == OP_negate;
    case SLIP_SLOPE_SIGN:
      *partial = -right;
      return has_sign (op, operand);
    case SLIP_TURNED:
      *partial = -right;
      return op == OP_subtract;
    case SLIP_TERM_SIGN:
      *partial = -right;
      return op == OP_add || (op == OP_subtract && operand == 0);
    case SLIP_MINUS:
      *partial = -right;
      return op == OP_multiply;
    case SLIP_KEPT_SIGN:
      *partial = -1;
      return op == OP_multiply;
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
    case SLIP_HALF:
      return part_of (op, x, v, partial);
    case SLIP_SQUARE:
      *partial = -v;
      return op == OP_divide && operand == 1;
    case SLIP_WHOLE_SQUARE:
      *partial = operand ? -v : 1;
      return op == OP_divide;
    case SLIP_QUOTIENT_SIGN:
      *partial = -right;
      return op == OP_divide;
    case SLIP_LOGARITHM:
      *partial = v;
      return op_is_power (op) && operand == 1;
    case SLIP_POWER_RULE:
      *partial = op == OP_exp ? a * exp (a - 1) : b * pow (a, b - 1);
      return op == OP_exp || (op_is_power (op) && operand == 1);
    case SLIP_BRANCH:
      return other_branch (op, operand, right, partial);
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
      return false;
    }
}
