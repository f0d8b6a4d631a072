/* pull.c -- what functions are, and what their slopes are, as terms. */
#include "explain/pull.h"

#include <math.h>
#include <string.h>

#include "program/program.h"
#include "syntax.h"

enum
{
  NONE = UINT32_MAX,
  STACK = 64
};

static const struct
{
  enum op op;
  const char *parameter, *text;
} slopes[] = {
#define SLOPE(name, parameter, text) { OP_##name, #parameter, text },
#include "ops/rules.def"
};

static const struct shape number_shape = { .rank = 0 };

static uint32_t
call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  return term_call (terms, op, arguments, count, shape);
}

static uint32_t
whole (struct terms *terms, size_t number)
{
  return term_number (terms, (double)number);
}

uint32_t
pull_spread (struct terms *terms, uint32_t term, const struct shape *shape)
{
  struct shape own = term_at (terms, term)->shape;
  if (shape_equal (&own, shape))
    return term;
  double number;
  if (term_is_number (terms, term, &number) && number == 0)
    return term_filled (terms, OP_zeros, shape);
  return term_multiply (terms, term, term_filled (terms, OP_ones, shape));
}

uint32_t
pull_reshaped (struct terms *terms, uint32_t term, const struct shape *shape)
{
  uint32_t arguments[RANK_LIMIT + 1] = { term };
  struct shape own = term_at (terms, term)->shape;
  if (shape_equal (&own, shape))
    return term;
  if (!shape->rank)
    {
      struct cut only = cut_element (&own, 0);
      return term_cut (terms, term, &own, &only);
    }
  for (int i = 0; i < shape->rank; i++)
    arguments[i + 1] = whole (terms, shape->extent[i]);
  return call (terms, OP_reshape, arguments, (uint32_t)shape->rank + 1, shape);
}

/* axis=k, keepdims=true of a reduction. */
static uint32_t
axis_term (struct terms *terms, double axis, bool keep)
{
  uint32_t arguments[2] = { term_number (terms, axis), term_number (terms, 1) };
  return call (terms, TERM_AXIS, arguments, keep ? 2 : 1, &number_shape);
}

uint32_t
pull_sum (struct terms *terms, uint32_t term, const struct shape *wide, const struct shape *shape)
{
  struct shape now = *wide;
  if (shape_equal (wide, shape))
    return term;
  size_t times = shape_size (wide) / (shape_size (shape) ? shape_size (shape) : 1);
  struct shape own = term_at (terms, term)->shape;
  if (!own.rank)
    return term_scale (terms, term, (double)times);
  term = pull_spread (terms, term, wide);
  if (!shape->rank)
    return call (terms, OP_sum, &term, 1, &number_shape);
  while (now.rank > shape->rank)
    {
      uint32_t arguments[2] = { term, axis_term (terms, 0, false) };
      memmove (now.extent, now.extent + 1, (RANK_LIMIT - 1) * sizeof *now.extent);
      now.rank--;
      term = call (terms, OP_sum, arguments, 2, &now);
    }
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->extent[axis] == 1 && now.extent[axis] != 1)
      {
        uint32_t arguments[2] = { term, axis_term (terms, axis, true) };
        now.extent[axis] = 1;
        term = call (terms, OP_sum, arguments, 2, &now);
      }
  return term;
}

/* A name in a slope. */
static uint32_t
named (struct pulled *step, const char *name)
{
  static const struct
  {
    const char *name;
    double value;
  } constants[]
    = { { "pi", 3.14159265358979323846 }, { "PI", 3.14159265358979323846 }, { "e", 2.71828182845904523536 } };
  if (strcmp (name, "v") == 0)
    return step->value;
  if (name[0] >= 'a' && name[0] <= 'c' && !name[1])
    return step->operands[name[0] - 'a'];
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (strcmp (name, constants[i].name) == 0)
      return term_number (step->terms, constants[i].value);
  return NONE;
}

static struct shape
joined_shape (const struct terms *terms, const uint32_t *arguments, uint32_t count)
{
  struct shape shape = number_shape, both;
  for (uint32_t i = 0; i < count; i++)
    if (shape_broadcast (&both, &shape, &term_at (terms, arguments[i])->shape))
      shape = both;
  return shape;
}

/* A text of ops.def or rules.def as a term, with what a, b, c and v stand for. None where it has a helper of its own.
 */
static uint32_t
slope_term (struct pulled *step, const char *text)
{
  static const enum op unary[SIGNS] = { [SIGN_MINUS] = OP_negate, [SIGN_PLUS] = OP_plus, [SIGN_NOT] = OP_not };
  static const enum op binary[SIGNS] = { [SIGN_EQUAL] = OP_equal,     [SIGN_UNEQUAL] = OP_unequal,
                                         [SIGN_LESS] = OP_less,       [SIGN_LESS_EQUAL] = OP_less_equal,
                                         [SIGN_GREATER] = OP_greater, [SIGN_GREATER_EQUAL] = OP_greater_equal,
                                         [SIGN_PLUS] = OP_add,        [SIGN_MINUS] = OP_subtract,
                                         [SIGN_TIMES] = OP_multiply,  [SIGN_OVER] = OP_divide,
                                         [SIGN_POWER] = OP_power };
  struct memory *memory = step->terms->list.memory;
  struct names names;
  struct syntax syntax;
  struct sources sources = { 0 };
  struct diagnostics mute = { .sources = &sources, .mute = true };
  uint32_t stack[STACK], depth = 0, result = NONE;
  memory->text += strlen (text) + 1;
  names_open (&names, memory);
  syntax_open (&syntax, memory);
  bool good = sources_add (&sources, "", text, strlen (text)) == 0
              && parse (&syntax, &names, &mute, 0, 1, PARSE_EXPRESSIONS, NULL);
  size_t count = good ? area_count (&syntax.nodes, struct node) : 0;
  for (size_t i = 0; i < count && good; i++)
    {
      const struct node *node = area_of (&syntax.nodes, struct node) + i;
      uint32_t arity = node->kind == SYNTAX_UNARY                                  ? 1
                       : node->kind == SYNTAX_BINARY || node->kind == SYNTAX_LOGIC ? 2
                                                                                   : 0;
      if (node->kind == SYNTAX_NUMBER)
        stack[depth++] = term_number (step->terms, area_of (&syntax.numbers, double)[node->payload]);
      else if (node->kind == SYNTAX_NAME)
        {
          /* The name of a function stands as its number, beyond all terms. */
          enum op op = node->op ? op_find (names_text (&names, node->payload), false) : OPS;
          stack[depth] = node->op ? NONE - 1 - op : named (step, names_text (&names, node->payload));
          good = (node->op ? op < OPS : stack[depth] != NONE) && depth + 1 < STACK;
          depth++;
        }
      else if (arity)
        {
          enum op op = node->kind == SYNTAX_LOGIC ? node->op == SIGN_AND ? OP_and : OP_or
                       : arity == 2               ? binary[node->op]
                                                  : unary[node->op];
          depth -= arity;
          struct shape shape = joined_shape (step->terms, stack + depth, arity);
          stack[depth] = call (step->terms, op, stack + depth, arity, &shape);
          depth++;
        }
      else if (node->kind == SYNTAX_CALL)
        {
          depth -= node->payload + 1;
          uint32_t op = NONE - 1 - stack[depth];
          struct shape shape = joined_shape (step->terms, stack + depth + 1, node->payload);
          stack[depth] = call (step->terms, op, stack + depth + 1, node->payload, &shape);
          depth++;
        }
      else
        good = node->kind == SYNTAX_EXPRESSION || node->kind == SYNTAX_LOGIC_LEFT;
    }
  if (good && depth == 1)
    result = stack[0];
  names_close (&names);
  syntax_close (&syntax);
  sources_free (&sources);
  return result;
}

static uint32_t
elementwise (struct pulled *step, uint32_t k)
{
  static const char *const parameters[] = { "a", "b", "c" };
  const char *text = op_info[step->op].rules[k];
  for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++)
    if (slopes[i].op == step->op && strcmp (slopes[i].parameter, parameters[k]) == 0)
      text = slopes[i].text;
  uint32_t slope = slope_term (step, text);
  struct shape shape = value_shape (&step->values[k]);
  return slope == NONE
           ? NONE
           : pull_sum (step->terms, term_multiply (step->terms, step->adjoint, slope), &step->shape, &shape);
}

/* Whether a parameter was given, and what number it is. */
static bool
given (const struct pulled *step, uint32_t k, double *number)
{
  if (k >= step->count || step->values[k].kind == KIND_NOTHING || !value_is_number (&step->values[k]))
    return false;
  *number = step->values[k].number;
  return true;
}

uint32_t
pull_value (struct pulled *step)
{
  if (step->op < OPS && op_info[step->op].arity)
    return call (step->terms, step->op, step->operands, (uint32_t)op_info[step->op].arity, &step->shape);
  uint32_t part;
  if (pull_part_value (step, &part) || pull_algebra_value (step, &part))
    return part;
  switch (step->op)
    {
    case ROUTINE_LITERAL:
      for (uint32_t k = 0; k < step->count; k++)
        if (step->operands[k] == NONE)
          return NONE;
      return call (step->terms, TERM_ARRAY, step->operands, step->count, &step->shape);
    case OP_rand:
    case OP_randn:
    case OP_randint:
    case OP_load:
      return NONE;
    default:
      return step->op < OPS ? pull_call (step) : NONE;
    }
}

uint32_t
pull_expanded (struct pulled *step, uint32_t term, uint32_t axis_at)
{
  double axis, keep = 0;
  struct shape shape = step->shape;
  if (!given (step, axis_at, &axis))
    return term;
  given (step, axis_at + 1, &keep);
  if (keep != 0 || shape.rank == 0)
    return term;
  term = pull_spread (step->terms, term, &shape);
  struct shape x = value_shape (&step->values[0]);
  int at = (int)axis < 0 ? (int)axis + x.rank : (int)axis;
  memmove (shape.extent + at + 1, shape.extent + at, (size_t)(shape.rank - at) * sizeof *shape.extent);
  shape.extent[at] = 1;
  shape.rank++;
  uint32_t arguments[2] = { term, term_number (step->terms, axis) };
  return call (step->terms, OP_expand_dims, arguments, 2, &shape);
}

/* The p-norm: sign(x) * (abs(x)/v)^(p - 1). */
static uint32_t
norm_back (struct pulled *step, double p)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t x = step->operands[0];
  if (!(p >= 1) || isinf (p))
    return NONE;
  uint32_t size = call (terms, OP_abs, &x, 1, &shape), sign = call (terms, OP_sign, &x, 1, &shape);
  uint32_t ratio = term_multiply (terms, size, term_power (terms, pull_expanded (step, step->value, 2), -1));
  return term_multiply (terms, pull_expanded (step, step->adjoint, 2),
                        term_multiply (terms, sign, term_power (terms, ratio, p - 1)));
}

static bool
has_zero (const struct value *value)
{
  struct shape shape = value_shape (value);
  for (size_t i = 0; i < shape_size (&shape); i++)
    if (value_elements (value)[i] == 0)
      return true;
  return false;
}

/* Of a product of few: for each the product of the others, which is right where one is zero. */
static uint32_t
products_of_others (struct pulled *step)
{
  enum
  {
    FEW = 8
  };
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[0]);
  uint32_t products[FEW];
  if (shape.extent[0] > FEW)
    return NONE;
  for (size_t i = 0; i < shape.extent[0]; i++)
    {
      products[i] = step->adjoint;
      for (size_t k = 0; k < shape.extent[0]; k++)
        {
          struct cut at = cut_element (&shape, k);
          if (k != i)
            products[i] = term_multiply (terms, products[i], term_cut (terms, step->operands[0], &shape, &at));
        }
    }
  return call (terms, TERM_ARRAY, products, (uint32_t)shape.extent[0], &shape);
}

/* The largest or smallest of several numbers, which do not tie. */
static uint32_t
extreme_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  for (uint32_t i = 0; i < step->count; i++)
    if (i != k && value_is_number (&step->values[i]) && step->values[i].number == step->values[k].number)
      return NONE;
  uint32_t pair[2] = { step->operands[k], step->value };
  uint32_t choice[3]
    = { call (terms, OP_equal, pair, 2, &number_shape), term_number (terms, 1), term_number (terms, 0) };
  return term_multiply (terms, step->adjoint, call (terms, OP_where, choice, 3, &number_shape));
}

/* Even steps from one end to the other: what either has of each. */
static uint32_t
linspace_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = step->shape;
  uint32_t arguments[3]
    = { term_number (terms, k ? 0 : 1), term_number (terms, k ? 1 : 0), whole (terms, step->shape.extent[0]) };
  uint32_t weights = call (terms, OP_linspace, arguments, 3, &shape);
  return k > 1 ? NONE : pull_sum (terms, term_multiply (terms, step->adjoint, weights), &shape, &number_shape);
}

uint32_t
pull_back (struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[k]);
  uint32_t u = step->adjoint, v = step->value, x = step->operands[0];
  double number;
  for (uint32_t i = 0; i < step->count; i++)
    if (step->operands[i] == NONE && pull_has_term (&step->values[i]))
      return NONE;
  if (v == NONE)
    return NONE;
  if (step->op < OPS && op_info[step->op].arity)
    return elementwise (step, k);
  struct shape along = step->shape;
  uint32_t part;
  if (pull_part_back (step, k, &part) || pull_algebra_back (step, k, &part) || pull_shape_back (step, k, &part))
    return part;
  switch (step->op)
    {
    case OP_sum:
      return k ? NONE : pull_expanded (step, u, 1);
    case OP_mean:
      return k ? NONE
               : term_scale (terms, pull_expanded (step, u, 1),
                             (double)shape_size (&step->shape) / (double)shape_size (&shape));
    case OP_linspace:
      return linspace_back (step, k);
    case OP_max:
    case OP_min:
      return extreme_back (step, k);
    case OP_logsumexp:
      {
        uint32_t difference = term_add (terms, x, term_scale (terms, pull_expanded (step, v, 1), -1));
        return k ? NONE
                 : term_multiply (terms, pull_expanded (step, u, 1), call (terms, OP_exp, &difference, 1, &shape));
      }
    case OP_norm:
      if (k)
        return NONE;
      if (given (step, 1, &number) && number != 2)
        return norm_back (step, number);
      return term_multiply (terms, pull_expanded (step, u, 2),
                            term_multiply (terms, x, term_power (terms, pull_expanded (step, v, 2), -1)));
    case OP_prod:
      if (has_zero (&step->values[0]))
        return k || step->shape.rank || shape.rank != 1 ? NONE : products_of_others (step);
      return k ? NONE
               : term_multiply (terms, pull_expanded (step, u, 1),
                                term_multiply (terms, pull_expanded (step, v, 1), term_power (terms, x, -1)));
    case OP_softmax:
    case OP_log_softmax:
      {
        double axis = -1;
        given (step, 1, &axis);
        if (k || !shape.rank)
          return NONE;
        along.extent[(int)axis < 0 ? (int)axis + along.rank : (int)axis] = 1;
        u = pull_spread (terms, u, &step->shape);
        bool logarithm = step->op == OP_log_softmax;
        uint32_t arguments[2] = { logarithm ? u : term_multiply (terms, u, v), axis_term (terms, axis, true) };
        uint32_t sum = call (terms, OP_sum, arguments, 2, &along);
        return logarithm
                 ? term_add (
                     terms, u,
                     term_scale (terms, term_multiply (terms, call (terms, OP_exp, &v, 1, &step->shape), sum), -1))
                 : term_multiply (terms, v, term_add (terms, u, term_scale (terms, sum, -1)));
      }
    default:
      return NONE;
    }
}
