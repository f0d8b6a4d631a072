/* slips_text.c -- wrong rules in words, beside the right ones. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "diagnose/slips.h"
#include "ops/ops.h"

enum
{
  TEXT = 160,
  SHOWN = 40 /* bytes of the program's text */
};

static const char *const textbook[OPS] = {
#define NOTATION(name, latex, c, rule) [OP_##name] = rule,
#define NONE NULL
#include "ops/notation.def"
};

/* The right rule of a step; of a power with its own exponent. */
static const char *
right_rule (const struct step *step, char text[TEXT])
{
  char exponent[NUMBER_SIZE], less[NUMBER_SIZE];
  const struct value *n = &step->operands[1];
  if ((step->op == OP_power || step->op == OP_pow) && n->kind == KIND_REAL && !n->node && n->number != 2
      && n->number > 0)
    {
      number_print (exponent, n->number, 6);
      number_print (less, n->number - 1, 6);
      snprintf (text, TEXT, "d(u^%s) = %s*u^%s*du", exponent, exponent, less);
      return text;
    }
  if ((step->op == OP_power || step->op == OP_pow) && n->kind == KIND_REAL && !n->node && n->number == 2)
    return "d(u^2) = 2*u*du";
  if ((step->op == OP_power || step->op == OP_pow) && n->node)
    return "d(u^v) = v*u^(v-1)*du + u^v*log(u)*dv";
  return step->op < OPS ? textbook[step->op] : NULL;
}

/* Where an operand of the step at a place stands: of two the left or the right one, of a call its only argument; start
   0 when that is not known. */
static struct span
operand_span (const struct claims *claims, uint32_t place, int operand)
{
  const struct run *run = claims->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span span = run_span (run, place);
  for (size_t i = 1; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i], *right = node - 1, *left = right;
      if (node->start != span.start || node->length != span.length)
        continue;
      if (node->kind == SYNTAX_UNARY || (node->kind == SYNTAX_CALL && node->payload == 1))
        return node_span (right);
      if (node->kind != SYNTAX_BINARY)
        continue;
      while (left > nodes && left->start >= right->start)
        left--;
      return operand ? node_span (right) : node_span (left);
    }
  return (struct span){ 0, 0 };
}

bool
slip_is_sayable (const struct claims *claims, enum slip slip, uint32_t place, int operand)
{
  if (slip != SLIP_MINUS && slip != SLIP_KEPT_SIGN)
    return true;
  struct span span = operand_span (claims, place, 1 - operand);
  return span.start && *sources_text (claims->run->diagnostics->sources, span) == '-';
}

/* The text of a span, cut when it is long; "this" when there is none. */
static const char *
shown_text (const struct claims *claims, struct span span, char text[TEXT])
{
  const char *from = sources_text (claims->run->diagnostics->sources, span);
  if (!span.start)
    return "this operand";
  size_t size = span.length < SHOWN ? span.length : SHOWN;
  while (size < span.length && size && ((unsigned char)from[size] & 0xc0) == 0x80)
    size--;
  snprintf (text, TEXT, "%.*s%s", (int)size, from, size < span.length ? "..." : "");
  for (char *at = text; *at; at++)
    if (*at == '\n' || *at == '\t' || *at == '\r')
      *at = ' ';
  return text;
}

/* x^2 is a square, which is no name that the text has. */
static const char *
step_name (const struct step *step)
{
  if (step->op == OP_square)
    return "the square";
  if (step->op == OP_power || step->op == OP_pow)
    return "the power";
  return step->op < OPS ? op_written (step->op) : step->op == ROUTINE_INDEX ? "the index" : "[ ]";
}

/* What comes after "you get this if". */
static void
say (const struct claims *claims, const struct step *step, enum slip slip, int operand, struct span *span,
     char text[2 * TEXT])
{
  char own[TEXT], other[TEXT];
  const char *name = step_name (step);
  struct span at = operand_span (claims, step->place, operand);
  const char *mine = shown_text (claims, at, own);
  const char *theirs = shown_text (claims, operand_span (claims, step->place, 1 - operand), other);
  switch (slip)
    {
    case SLIP_FACTOR:
      if (step->op == OP_square)
        snprintf (text, 2 * TEXT, "the factor 2 is left out here");
      else if ((step->op == OP_power || step->op == OP_pow) && !step->operands[1].node)
        snprintf (text, 2 * TEXT, "the factor %.60s is left out here", theirs);
      else
        snprintf (text, 2 * TEXT, "the constant factor is left out of the derivative of %s here", name);
      break;
    case SLIP_DROP:
      if (step->op == OP_multiply)
        snprintf (text, 2 * TEXT, "the factor %s is left out of the derivative here", theirs);
      else if (step->op == OP_divide)
        snprintf (text, 2 * TEXT, "the division by %s is left out of the derivative here", theirs);
      else
        snprintf (text, 2 * TEXT, "the derivative of %s is left out here", name);
      break;
    case SLIP_MEAN:
      snprintf (text, 2 * TEXT,
                step->op == OP_sum ? "the derivative of %s is divided by the number of elements here"
                                   : "the division by the number of elements is left out of the derivative of %s here",
                name);
      break;
    case SLIP_ROWS:
    case SLIP_COLUMNS:
      snprintf (text, 2 * TEXT, "the derivative of %s is divided by the number of %s here", name,
                slip == SLIP_ROWS ? "rows" : "columns");
      break;
    case SLIP_WHOLE:
      snprintf (text, 2 * TEXT,
                step->op == OP_softmax || step->op == OP_log_softmax
                  ? "the sum in the derivative of %s goes over all elements here"
                  : "the derivative of %s is divided by the number of all elements here",
                name);
      break;
    case SLIP_AXIS:
      snprintf (text, 2 * TEXT, "the derivative of %s is taken along the other axis here", name);
      break;
    case SLIP_SIGN:
      snprintf (text, 2 * TEXT, "the minus before %s is lost here", mine);
      break;
    case SLIP_SLOPE_SIGN:
      if (step->op == OP_divide)
        snprintf (text, 2 * TEXT, "the minus of the quotient rule is lost here");
      else
        snprintf (text, 2 * TEXT, "the sign of the derivative of %s is wrong here", name);
      break;
    case SLIP_TERM_SIGN:
      snprintf (text, 2 * TEXT, "the sign of the term %s is wrong", mine);
      *span = at.start ? at : *span;
      break;
    case SLIP_TURNED:
      snprintf (text, 2 * TEXT, "%s and %s change places here", theirs, mine);
      break;
    case SLIP_MINUS:
      snprintf (text, 2 * TEXT, "the sign of the factor %s is lost here", theirs);
      break;
    case SLIP_KEPT_SIGN:
      snprintf (text, 2 * TEXT, "the factor %s is left out here, all but its sign", theirs);
      break;
    case SLIP_ZERO:
      if (step->op == OP_add || step->op == OP_subtract)
        {
          snprintf (text, 2 * TEXT, "the term %s contributes nothing", mine);
          *span = at.start ? at : *span;
        }
      else if (step->op == OP_multiply || step->op == OP_matmul || step->op == OP_dot)
        snprintf (text, 2 * TEXT, "%s is held constant in the product here", mine);
      else if (step->op == OP_divide)
        snprintf (text, 2 * TEXT, "the %s %s is held constant in the quotient here",
                  operand ? "denominator" : "numerator", mine);
      else if (step->count == 2 && step->op < OPS && op_info[step->op].arity == 2 && at.start
               && (step->op == OP_power || step->op == OP_pow))
        snprintf (text, 2 * TEXT, "the %s %s is held constant here", operand ? "exponent" : "base", mine);
      else
        snprintf (text, 2 * TEXT, "%s is held constant here", at.start ? mine : name);
      break;
    case SLIP_EXPONENT:
      snprintf (text, 2 * TEXT, "the exponent is not reduced here");
      break;
    case SLIP_BASE:
      snprintf (text, 2 * TEXT, "only the exponent is left of the power here");
      break;
    case SLIP_OUTPUT:
      snprintf (text, 2 * TEXT, "the derivative of %s is taken at its result instead of its operand here", name);
      break;
    case SLIP_VALUE:
      snprintf (text, 2 * TEXT, "%s itself stands in the place of its derivative here", name);
      break;
    case SLIP_HALF:
      snprintf (text, 2 * TEXT,
                step->op == OP_asin ? "the root is left out of the derivative of %s here"
                                    : "only a part of the derivative of %s is taken here",
                name);
      break;
    case SLIP_SQUARE:
    case SLIP_WHOLE_SQUARE:
      snprintf (text, 2 * TEXT, "the denominator is not squared here");
      break;
    case SLIP_QUOTIENT_SIGN:
      snprintf (text, 2 * TEXT, "the two parts of the quotient rule are swapped here");
      break;
    case SLIP_LOGARITHM:
      snprintf (text, 2 * TEXT, "the logarithm of the base is left out here");
      break;
    case SLIP_POWER_RULE:
      snprintf (text, 2 * TEXT, "the rule for powers is used on an exponential here");
      break;
    case SLIP_TRANSPOSE:
      snprintf (text, 2 * TEXT, "a matrix is not transposed in the derivative here");
      break;
    case SLIP_ORDER:
      snprintf (text, 2 * TEXT, "the factors of the derivative stand in the wrong order here");
      break;
    case SLIP_DIAGONAL:
      snprintf (text, 2 * TEXT, "softmax is differentiated as if its elements were independent here");
      break;
    case SLIP_LENGTH:
      snprintf (text, 2 * TEXT,
                step->op == OP_det ? "the determinant is left out of its derivative here"
                                   : "the division by the norm is left out here");
      break;
    case SLIP_BRANCH:
      snprintf (text, 2 * TEXT, "the other side of %s is taken here", name);
      break;
    case SLIP_FIRST_SIDE:
    case SLIP_SECOND_SIDE:
      snprintf (text, 2 * TEXT, "the %s side of %s is taken everywhere here",
                slip == SLIP_FIRST_SIDE ? "first" : "second", name);
      break;
    case SLIP_MASK:
      snprintf (text, 2 * TEXT, "both sides of %s are taken everywhere here", name);
      break;
    default:
      snprintf (text, 2 * TEXT, "the derivatives of both operands are %s here",
                step->op == OP_divide ? "divided" : "multiplied");
    }
}

char *
slip_words (const struct claims *claims, const struct step *step, enum slip slip, int operand, struct span *span)
{
  char text[2 * TEXT] = "";
  *span = run_span (claims->run, step->place);
  say (claims, step, slip, operand, span, text);
  return claim_text (claims, "%s", text);
}

char *
slip_text (const struct claims *claims, const struct claim *claim, const struct step *step, enum slip slip,
           int operand, struct span *span)
{
  char text[2 * TEXT] = "", rule_text[TEXT];
  const char *rule = right_rule (step, rule_text);
  *span = run_span (claims->run, step->place);
  say (claims, step, slip, operand, span, text);
  /* A slip is made in the steps of the program, which of a second derivative is the second differentiation. */
  const char *when = claim->value ? "in the second derivative " : "";
  return rule ? claim_text (claims, "you get this if %s%s; the rule is %s", when, text, rule)
              : claim_text (claims, "you get this if %s%s", when, text);
}
