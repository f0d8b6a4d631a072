/* finding.c -- what is said of a kink, or of a step whose value or slope is not finite. */
#include "explain/finding.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

/* A step as one would write it with the numbers it had: `log(-0.2)`, `1 / 0`. */
static void
write_step (const struct finding *finding, char text[200])
{
  const struct op_info *info = &op_info[finding->op];
  char number[3][NUMBER_SIZE];
  for (int k = 0; k < info->arity; k++)
    number_print (number[k], finding->operand[k], 6);
  if (!info->arity)
    snprintf (text, 200, "%s", info->name);
  else if (finding->op == OP_square || finding->op == OP_power)
    snprintf (text, 200, finding->operand[0] < 0 ? "(%s)^%s" : "%s^%s", number[0],
              finding->op == OP_square ? "2" : number[1]);
  else if (*info->sign && info->arity == 2)
    snprintf (text, 200, "%s %s %s", number[0], info->sign, number[1]);
  else if (*info->sign)
    snprintf (text, 200, "%s%s", info->sign, number[0]);
  else
    snprintf (text, 200, "%s(%s%s%s%s%s)", info->name, number[0], info->arity > 1 ? ", " : "",
              info->arity > 1 ? number[1] : "", info->arity > 2 ? ", " : "", info->arity > 2 ? number[2] : "");
}

/* Functions that are infinite at such operands only for want of range. */
static bool
overflows (const struct finding *finding)
{
  bool inverts = op_is_power (finding->op) || finding->op == OP_reciprocal;
  bool pole = (inverts && finding->operand[0] == 0) || (finding->op == OP_divide && finding->operand[1] == 0);
  return isinf (finding->value) && op_info[finding->op].traits & GROWS && !pole;
}

/* " in 3 elements", or nothing. */
static const char *
elements_text (const struct finding *finding, char text[60])
{
  *text = 0;
  if (finding->is_array && finding->passed > 1)
    snprintf (text, 60, " in %zu %selements", finding->passed, finding->more ? "or more " : "");
  return text;
}

static struct warned *
warn_value (const struct trouble *trouble, const struct finding *finding, struct span span)
{
  char step[200], elements[60];
  write_step (finding, step);
  elements_text (finding, elements);
  struct diagnostics *diagnostics = trouble->run->diagnostics;
  const char *name = op_written (finding->op), *after = *trouble->nan ? trouble->nan : trouble->infinite;
  bool structured = !op_info[finding->op].arity;
  if (overflows (finding))
    return warn (diagnostics, WARNING_OVERFLOW, name, span, "%s overflows to %s%s", step,
                 finding->value < 0 ? "-Inf" : "Inf", elements);
  if (isinf (finding->value))
    return warn (diagnostics, WARNING_DOMAIN, name, span, "%s is %s%s%s%s", step, finding->value < 0 ? "-Inf" : "Inf",
                 elements, *after ? "; " : "", after);
  return warn (diagnostics, WARNING_DOMAIN, name, span, "%s is not a %snumber%s%s%s", step,
               structured || finding->late || finding->op == OP_divide || finding->op == OP_modulo ? "" : "real ",
               elements, *after ? "; " : "", after);
}

/* Writes which element it was, and of how many: " (element [0,2], one of 3)"; nothing for a number. */
static const char *
element_text (const struct finding *finding, char text[120])
{
  char index[SHAPE_TEXT];
  *text = 0;
  if (*shape_position (index, &finding->shape, finding->element) && finding->passed > 1)
    snprintf (text, 120, " (element %.60s, one of %zu%s)", index, finding->passed, finding->more ? " or more" : "");
  else if (*index)
    snprintf (text, 120, " (element %.60s)", index);
  return text;
}

/* The variable that the operand is, and which element: " and x[0] is exactly 0 (one of 2 elements)". */
static const char *
operand_text (const struct trouble *trouble, const struct finding *finding, char text[240])
{
  char number[NUMBER_SIZE], index[SHAPE_TEXT], element[120];
  number_print (number, finding->operand[0], 6);
  shape_position (index, &finding->shape, finding->element);
  element_text (finding, element);
  if (finding->names[0] == UINT32_MAX)
    {
      strcpy (text, element);
      return text;
    }
  const char *name = names_text (trouble->run->program->names, finding->names[0]);
  size_t used
    = (size_t)snprintf (text, 240, " and %.60s%.60s is exactly %s", name, finding->aligned ? index : "", number);
  if (!finding->aligned)
    snprintf (text + used, 240 - used, "%s", element);
  else if (*index && finding->passed > 1)
    snprintf (text + used, 240 - used, " (one of %zu %selements)", finding->passed, finding->more ? "or more " : "");
  return text;
}

static struct warned *
warn_slope (const struct trouble *trouble, const struct finding *finding, struct span span)
{
  char step[200], number[NUMBER_SIZE], elements[60];
  write_step (finding, step);
  number_print (number, finding->operand[0], 6);
  elements_text (finding, elements);
  struct diagnostics *diagnostics = trouble->run->diagnostics;
  const char *name = op_written (finding->op);
  if (isnan (finding->slope))
    return warn (diagnostics, WARNING_DOMAIN, name, span, "%s has no derivative%s%s%s", step, elements,
                 *trouble->nan ? "; " : "", trouble->nan);
  char where[260];
  if (op_info[finding->op].arity == 1)
    snprintf (where, sizeof where, "%s has an infinite derivative at %s", name, number);
  else
    snprintf (where, sizeof where, "%s has an infinite derivative", step);
  if (*trouble->became)
    return warn (diagnostics, WARNING_DOMAIN, name, span, "%s%s; %s became 0*Inf = NaN here", where, elements,
                 trouble->became);
  return warn (diagnostics, WARNING_DOMAIN, name, span, "%s%s%s%s", where, elements, *trouble->infinite ? "; " : "",
               trouble->infinite);
}

static struct warned *
warn_kink (const struct trouble *trouble, const struct finding *finding, struct span span)
{
  struct diagnostics *diagnostics = trouble->run->diagnostics;
  const char *name = op_written (finding->op);
  struct kink kink = op_kink ((enum op)finding->op);
  char number[NUMBER_SIZE], exactly[240], element[120], left[NUMBER_SIZE], right[NUMBER_SIZE];
  struct warned *warned;
  number_print (number, finding->operand[0], 6);
  number_print (left, kink.left, 6);
  number_print (right, kink.right, 6);
  operand_text (trouble, finding, exactly);
  if (!op_info[finding->op].arity)
    {
      char text[KINK_TEXT];
      kink = op_kink_text ((enum op)finding->op, finding->tie, text);
      warned = warn (diagnostics, WARNING_KINK, name, span, "%s", text);
    }
  else if (kink.rule == FLAT_PIECE)
    warned = warn (diagnostics, WARNING_KINK, name, span, "'%s' jumps at %s%s; 0 was used", name, number, exactly);
  else if (kink.rule == SPLIT)
    warned = warn (
      diagnostics, WARNING_KINK, name, span, "%s has a kink where both are equal%s; %s (%s to %s are possible)", name,
      element_text (finding, element), finding->both_vary ? "the slope was shared" : "0 was used", left, right);
  else if (op_is_power (finding->op))
    warned = warn (diagnostics, WARNING_KINK, name, span, "0^0 has no one derivative; 0 was used");
  else
    warned = warn (diagnostics, WARNING_KINK, name, span, "%s has a kink at %s%s; 0 was used (%s to %s are possible)",
                   name, number, exactly, left, right);
  if (warned)
    {
      warned->rule = kink_rule_names[kink.rule];
      warned->left = kink.left;
      warned->right = kink.right;
    }
  return warned;
}

static struct warned *
warn_adjoint (const struct trouble *trouble, const struct finding *finding, struct span span)
{
  char adjoint[NUMBER_SIZE], slope[NUMBER_SIZE];
  const char *after = *trouble->nan ? trouble->nan : trouble->infinite;
  number_print (adjoint, finding->operand[0], 6);
  number_print (slope, finding->operand[1], 6);
  return warn (trouble->run->diagnostics, WARNING_OVERFLOW, op_written (finding->op), span,
               "the derivative overflows here on its way back (%s * %s); %s", adjoint, slope, after);
}

struct warned *
finding_warn (const struct trouble *trouble, const struct finding *finding, struct span span)
{
  return finding->fault == FAULT_VALUE     ? warn_value (trouble, finding, span)
         : finding->fault == FAULT_SLOPE   ? warn_slope (trouble, finding, span)
         : finding->fault == FAULT_ADJOINT ? warn_adjoint (trouble, finding, span)
                                           : warn_kink (trouble, finding, span);
}
