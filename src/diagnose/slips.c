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
      return true;
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

/* The slips that are made in a quotient alone. */
static bool
quotient_partial (enum slip slip, int operand, const struct slip_element *element, double right, double *partial)
{
  double a = element->x[0], b = element->x[1], v = element->v, part = element->part;
  double slope = element->tangent ? element->tangent[1] : 0;
  switch (slip)
    {
    case SLIP_SQUARE:
      *partial = -v;
      return operand == 1;
    case SLIP_WHOLE_SQUARE:
      *partial = operand ? -v : 1;
      return true;
    case SLIP_NUMERATOR:
      *partial = -1 / (b * b);
      return operand == 1;
    case SLIP_KEPT_NUMERATOR:
      *partial = 1 / (b * b);
      return operand == 1;
    case SLIP_FIRST_FACTOR:
      *partial = 1 / (b * b);
      return operand == 0;
    case SLIP_PART_SQUARE:
      *partial = -v / part;
      return operand == 1 && element->made == MADE_MULTIPLE;
    case SLIP_UNDIVIDED:
      *partial = operand ? -a : b;
      return true;
    case SLIP_UNDER:
      *partial = operand ? a / (slope * slope) : 0;
      return slope != 0;
    case SLIP_MINUS_UNDER:
      *partial = operand ? -1 : 0;
      return true;
    case SLIP_QUOTIENT_SIGN:
      *partial = -right;
      return element->both;
    case SLIP_OVERTURNED:
      *partial = operand ? 1 / a : -b / (a * a);
      return element->both;
    case SLIP_EXPONENT:
      *partial = right * part;
      return operand == 1 && element->made == MADE_POWER;
    case SLIP_RAISED:
      *partial = right * part * part;
      return operand == 1 && element->made == MADE_POWER;
    case SLIP_LOWERED:
      *partial = right / (element->made == MADE_POWER ? part : b);
      return operand == 1 && element->made != MADE_MULTIPLE;
    default:
      return false;
    }
}

/* The derivative of a function of one operand, or of a power of it, taken at something else. */
static bool
partial_elsewhere (uint32_t op, int operand, const struct slip_element *element, double at, double *partial)
{
  double x[STEP_OPERANDS] = { at, element->x[1], element->x[2] };
  if (operand != 0 || !(is_curved (op) || (op_is_power (op) && !element->both)))
    return false;
  *partial = partial_at (op, 0, x, op_value ((enum op)op, at, x[1], x[2]), false);
  return true;
}

double
slip_second_partial (uint32_t op, int i, int k, const double at[STEP_OPERANDS], bool both)
{
  static const double WIDTHS[] = { 1e-3, 5e-4 };
  double slopes[2], x[STEP_OPERANDS] = { at[0], at[1], at[2] };
  for (int w = 0; w < 2; w++)
    {
      double width = WIDTHS[w] * fmax (fabs (at[k]), 1e-3), partials[2];
      for (int side = 0; side < 2; side++)
        {
          x[k] = side ? at[k] + width : at[k] - width;
          partials[side] = partial_at (op, i, x, op_value ((enum op)op, x[0], x[1], x[2]), both);
        }
      slopes[w] = (partials[1] - partials[0]) / (2 * width);
    }
  return slopes[1] + (slopes[1] - slopes[0]) / 3;
}

/* The derivative of a step that is left out: it changes as much as the source. A factor that does not change with it is
   told of alone (DROP). */
static bool
step_partial (uint32_t op, int operand, const double *tangent, double *partial)
{
  bool joins = op == OP_add || op == OP_subtract || op == OP_multiply || op == OP_divide || op_is_power (op);
  if (!joins || !tangent || tangent[1] == 0 || (tangent[0] == 0 && op != OP_divide))
    return false;
  *partial = tangent[operand] == 0 ? 0 : 1 / (tangent[operand] * (tangent[0] == 0 ? 1 : 2));
  return true;
}

/* The slips that take the change of an operand for something else. */
static bool
tangent_partial (enum slip slip, uint32_t op, int operand, const struct slip_element *element, double right,
                 double *partial)
{
  const double *tangent = element->tangent;
  double slope = tangent ? tangent[operand] : 0, twice;
  if (!tangent || slope == 0)
    return false;
  switch (slip)
    {
    case SLIP_PRODUCT:
      *partial = operand ? 0 : op == OP_multiply ? tangent[1] : 1 / tangent[1];
      return element->both && (op == OP_multiply || op == OP_divide);
    case SLIP_ADDED:
      *partial = right / slope + 1;
      return is_curved (op) || (op_is_power (op) && operand == 0 && !element->both);
    case SLIP_TERM:
      *partial = (op == OP_subtract && operand ? -1 : 1) * element->x[operand] / slope;
      return op == OP_add || op == OP_subtract;
    case SLIP_WHOLE_RECIPROCAL:
      *partial = 1 / (right * slope * slope);
      return op == OP_log && fabs (slope) != 1;
    case SLIP_INSIDE:
      if (!partial_elsewhere (op, operand, element, slope, partial))
        return false;
      *partial /= slope;
      return slope != 1;
    case SLIP_INSIDE_TIMES:
      /* Of a logarithm 1/u' times u' is 1, which is what is left of much. */
      return slope != 1 && partial_elsewhere (op, operand, element, 2 * slope, &twice)
             && partial_elsewhere (op, operand, element, slope, partial)
             && !(fabs (2 * twice - *partial) <= 1e-12 * fabs (*partial));
    default:
      return false;
    }
}

/* The function itself, or a derivative of it, but not the one that belongs there. */
static bool
instead_of_partial (enum slip slip, uint32_t op, int operand, const struct slip_element *element, double right,
                    double *partial)
{
  switch (slip)
    {
    case SLIP_RECIPROCAL:
      *partial = 1 / right;
      return is_curved (op) && right != 0;
    case SLIP_OUTPUT:
      return is_curved (op) && partial_elsewhere (op, operand, element, element->v, partial);
    case SLIP_VALUE:
      *partial = element->v;
      return op != OP_exp && (is_curved (op) || partial_of (slip, op, element->x[0], element->v, right, partial));
    default: /* FURTHER */
      *partial = slip_second_partial (op, operand, operand, element->x, element->both);
      return is_curved (op) || (op_is_power (op) && operand == 0) || (op == OP_divide && operand == 1);
    }
}

bool
slip_partial (enum slip slip, uint32_t op, int operand, const struct slip_element *element, double *partial)
{
  double a = element->x[0], b = element->x[1], v = element->v;
  double right = partial_at (op, operand, element->x, v, element->both);
  if (op == OP_divide && quotient_partial (slip, operand, element, right, partial))
    return true;
  switch (slip)
    {
    case SLIP_FACTOR:
      if (!op_is_power (op))
        return partial_of (slip, op, a, v, right, partial);
      *partial = pow (a, b - 1);
      return operand == 0;
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
    case SLIP_RAISED:
      *partial = op == OP_square ? 2 * a * a * a : b * pow (a, b + 1);
      return op == OP_square || (op_is_power (op) && operand == 0);
    case SLIP_LOWERED:
      *partial = b * pow (a, b - 2);
      return op_is_power (op) && operand == 0;
    case SLIP_BASE:
      *partial = op == OP_square ? 2 : b;
      return op == OP_square || (op_is_power (op) && operand == 0);
    case SLIP_OUTPUT:
    case SLIP_VALUE:
    case SLIP_RECIPROCAL:
    case SLIP_FURTHER:
      return instead_of_partial (slip, op, operand, element, right, partial);
    case SLIP_STEP:
      return step_partial (op, operand, element->tangent, partial);
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
    case SLIP_SUM:
      *partial = 1;
      return slip == SLIP_SUM ? op == OP_multiply && element->both
                              : op == OP_maximum || op == OP_minimum || (op == OP_where && operand > 0);
    case SLIP_PRODUCT:
    case SLIP_ADDED:
    case SLIP_TERM:
    case SLIP_WHOLE_RECIPROCAL:
    case SLIP_INSIDE:
    case SLIP_INSIDE_TIMES:
      return tangent_partial (slip, op, operand, element, right, partial);
    case SLIP_TURNED:
      *partial = -right;
      return op == OP_subtract && element->both;
    default:
      return partial_of (slip, op, a, v, right, partial);
    }
}
