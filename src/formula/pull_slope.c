/* pull_slope.c -- slopes of functions of elements, as terms: as a textbook writes them where that is right at the
   values of the run, else the way that is right at edges and in tails too. */
#include <math.h>
#include <string.h>

#include "code/program.h"
#include "formula/pull.h"
#include "linear/linear.h"

enum
{
  NONE = UINT32_MAX,
  STACK = 100
};

/* Whether the exact form is needed where the adjoint is finite, or only to keep an infinite one from a zero. */
enum need
{
  ALWAYS,
  BLOCKING
};

static const struct
{
  enum op op;
  const char *parameter, *text;
} slopes[] = {
#define SLOPE(name, parameter, text) { OP_##name, #parameter, text },
#include "ops/rules.def"
};

static const struct
{
  enum op op;
  const char *parameter;
  enum need need;
  const char *text;
} exact_slopes[] = {
#define EXACT(name, parameter, need, text) { OP_##name, #parameter, need, text },
#include "ops/rules.def"
};

static const struct
{
  enum op op;
  const char *text;
} meanings[] = {
#define MEANING(name, text) { OP_##name, text },
#include "ops/rules.def"
};

static const char *const parameters[] = { "a", "b", "c" };

/* One step of a slope: a number, an operand (0 to 2), the value, the share at a tie, or a function of the last ones. */
enum slope_kind
{
  SLOPE_NUMBER,
  SLOPE_OPERAND,
  SLOPE_VALUE,
  SLOPE_SHARE,
  SLOPE_CALL
};

struct slope_step
{
  enum slope_kind kind;
  uint32_t op, count; /* of a CALL; of an OPERAND, which */
  double number;
};

struct slope
{
  struct slope_step steps[STACK];
  uint32_t count;
};

static bool
read_name (const char *name, struct slope_step *step)
{
  static const struct
  {
    const char *name;
    double value;
  } constants[] = {
    { "pi", 3.14159265358979323846 }, { "PI", 3.14159265358979323846 }, { "e", 2.71828182845904523536 }, { "nan", NAN }
  };
  *step = (struct slope_step){ .kind = SLOPE_NUMBER };
  if (strcmp (name, "v") == 0)
    step->kind = SLOPE_VALUE;
  else if (strcmp (name, "both") == 0)
    step->kind = SLOPE_SHARE;
  else if (name[0] >= 'a' && name[0] <= 'c' && !name[1])
    *step = (struct slope_step){ .kind = SLOPE_OPERAND, .op = (uint32_t)(name[0] - 'a') };
  else
    {
      size_t i = 0;
      while (i < sizeof constants / sizeof *constants && strcmp (name, constants[i].name) != 0)
        i++;
      if (i == sizeof constants / sizeof *constants)
        return false;
      step->number = constants[i].value;
    }
  return true;
}

/* The step that a node of a parsed text is; false for what a slope has not. `callees` are the functions that wait for
   their arguments. */
static bool
read_node (const struct syntax *syntax, const struct names *names, const struct node *node, struct slope_step *step,
           uint32_t callees[STACK], uint32_t *waiting)
{
  *step = (struct slope_step){ .kind = SLOPE_CALL };
  switch (node->kind)
    {
    case SYNTAX_NUMBER:
      *step = (struct slope_step){ .kind = SLOPE_NUMBER, .number = area_of (&syntax->numbers, double)[node->payload] };
      return true;
    case SYNTAX_NAME:
      if (!node->op)
        return read_name (names_text (names, node->payload), step);
      step->op = op_find (names_text (names, node->payload), true);
      callees[(*waiting)++] = step->op;
      step->count = UINT32_MAX;
      return step->op < OPS && *waiting < STACK;
    case SYNTAX_CALL:
      step->op = callees[--*waiting];
      step->count = node->payload;
      return true;
    case SYNTAX_UNARY:
      step->op = program_operator (node->op, 1);
      step->count = 1;
      return true;
    case SYNTAX_BINARY:
      step->op = program_operator (node->op, 2);
      step->count = 2;
      return true;
    case SYNTAX_LOGIC:
      step->op = node->op == SIGN_AND ? OP_and : OP_or;
      step->count = 2;
      return true;
    default:
      step->count = UINT32_MAX;
      return node->kind == SYNTAX_EXPRESSION || node->kind == SYNTAX_LOGIC_LEFT;
    }
}

/* A text of ops.def or rules.def; false where it has a helper of its own. */
static bool
read_slope (struct memory *memory, const char *text, struct slope *slope)
{
  struct names names;
  struct syntax syntax;
  struct sources sources = { 0 };
  struct diagnostics mute = { .sources = &sources, .memory = memory, .mute = true };
  uint32_t callees[STACK], waiting = 0, depth = 0;
  memory->text += strlen (text) + 1;
  names_open (&names, memory);
  syntax_open (&syntax, memory);
  sources_add (&sources, memory, "", text, strlen (text));
  bool good = parse (&syntax, &names, &mute, 0, 1, PARSE_EXPRESSIONS, NULL);
  size_t count = good ? area_count (&syntax.nodes, struct node) : 0;
  slope->count = 0;
  for (size_t i = 0; i < count && good; i++)
    {
      struct slope_step step;
      good = read_node (&syntax, &names, area_of (&syntax.nodes, struct node) + i, &step, callees, &waiting)
             && slope->count < STACK;
      if (!good || (step.kind == SLOPE_CALL && step.count == UINT32_MAX))
        continue;
      depth += step.kind == SLOPE_CALL ? 1 - step.count : 1;
      slope->steps[slope->count++] = step;
    }
  names_close (&names);
  syntax_close (&syntax);
  sources_free (&sources);
  return good && depth == 1;
}

static bool
both_vary (const struct pulled *step)
{
  return step->count > 1 && step->values[0].node && step->values[1].node;
}

static uint32_t slope_term (const struct pulled *step, const struct slope *slope);

/* A call in a slope. What the language has not is what it means: meanings have no such calls themselves. C has a
   function of its own for it. */
static uint32_t
slope_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count)
{
  struct pulled call = { .terms = terms, .op = op, .count = count, .shape = terms_shape (terms, arguments, count) };
  struct slope meaning;
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings && !terms->expands; i++)
    if (meanings[i].op == op && read_slope (terms->list.memory, meanings[i].text, &meaning))
      {
        memcpy (call.operands, arguments, count * sizeof *arguments);
        return slope_term (&call, &meaning);
      }
  return term_call (terms, op, arguments, count, &call.shape);
}

static uint32_t
slope_term (const struct pulled *step, const struct slope *slope)
{
  struct terms *terms = step->terms;
  uint32_t stack[STACK + 1], depth = 0;
  for (uint32_t i = 0; i < slope->count; i++)
    {
      const struct slope_step *code = &slope->steps[i];
      switch (code->kind)
        {
        case SLOPE_NUMBER:
          stack[depth++] = term_number (terms, code->number);
          break;
        case SLOPE_OPERAND:
          stack[depth++] = step->operands[code->op];
          break;
        case SLOPE_VALUE:
          stack[depth++] = step->value;
          break;
        case SLOPE_SHARE:
          stack[depth++] = term_number (terms, both_vary (step) ? 0.5 : 0);
          break;
        case SLOPE_CALL:
          depth -= code->count;
          stack[depth] = slope_call (terms, code->op, stack + depth, code->count);
          depth++;
        }
    }
  return stack[0];
}

static double
slope_number (const struct slope *slope, const double x[3], double v, bool both)
{
  double stack[STACK + 3];
  uint32_t depth = 0;
  for (uint32_t i = 0; i < slope->count; i++)
    {
      const struct slope_step *code = &slope->steps[i];
      if (code->kind == SLOPE_CALL)
        {
          depth -= code->count;
          stack[depth] = op_value ((enum op)code->op, stack[depth], code->count > 1 ? stack[depth + 1] : 0,
                                   code->count > 2 ? stack[depth + 2] : 0);
          depth++;
        }
      else
        stack[depth++] = code->kind == SLOPE_NUMBER    ? code->number
                         : code->kind == SLOPE_OPERAND ? x[code->op]
                         : code->kind == SLOPE_VALUE   ? v
                         : both                        ? 0.5
                                                       : 0;
    }
  return stack[0];
}

/* The element of an operand that broadcasting puts at a position of the result. */
static double
element_at (const struct value *operand, const struct shape *result, size_t position)
{
  struct shape own = value_shape (operand);
  const double *elements = value_elements (operand);
  if (!own.rank)
    return elements[0];
  if (shape_equal (&own, result))
    return elements[position];
  size_t at = 0, stride = 1;
  for (int i = own.rank - 1, from = result->rank - 1; i >= 0; i--, from--)
    {
      size_t index = position % result->extent[from];
      position /= result->extent[from];
      at += own.extent[i] == 1 ? 0 : index * stride;
      stride *= own.extent[i];
    }
  return elements[at];
}

/* What the slope is at the values of the run. */
struct met
{
  bool differs;  /* the textbook's is another number somewhere */
  bool flat;     /* it passes nothing somewhere */
  bool infinite; /* it is not finite somewhere */
};

static struct met
meet (const struct pulled *step, uint32_t k, const struct slope *textbook)
{
  struct met met = { 0 };
  bool both = both_vary (step);
  int arity = op_info[step->op].arity;
  for (size_t i = 0; i < shape_size (&step->shape); i++)
    {
      double x[3] = { 0 };
      for (int n = 0; n < arity; n++)
        x[n] = element_at (&step->values[n], &step->shape, i);
      double v = op_value ((enum op)step->op, x[0], x[1], x[2]);
      double right = op_partial ((enum op)step->op, (int)k, x[0], x[1], x[2], v, both);
      double given = slope_number (textbook, x, v, both);
      met.differs |= !(fabs (given - right) <= 1e-11 * fabs (right)) && given != right;
      met.flat |= right == 0;
      met.infinite |= !isfinite (right);
    }
  return met;
}

/* The slope where all operands are known numbers. */
static bool
is_known (const struct pulled *step, uint32_t k, uint32_t *slope)
{
  double x[3] = { 0 };
  int arity = op_info[step->op].arity;
  for (int n = 0; n < arity; n++)
    if (!term_is_number (step->terms, step->operands[n], &x[n]))
      return false;
  double v = op_value ((enum op)step->op, x[0], x[1], x[2]);
  *slope = term_number (step->terms, op_partial ((enum op)step->op, (int)k, x[0], x[1], x[2], v, both_vary (step)));
  return true;
}

/* What gives copysign its sign. Where that is 0 in the run, the formula may come to the other zero, as 3 - z does for
   -(z - 3): the run's sign is told beside it. Of zeros of both signs nothing is told, nor in C, which is for other
   inputs. */
static uint32_t
sign_giver (const struct pulled *step)
{
  struct terms *terms = step->terms;
  uint32_t giver = step->operands[1], zero = term_number (terms, 0), found = 0, negative = 0;
  struct shape shape = value_shape (&step->values[1]), own = term_at (terms, giver)->shape;
  const double *elements = value_elements (&step->values[1]);
  for (size_t i = 0; i < shape_size (&shape); i++)
    {
      found += elements[i] == 0;
      negative += elements[i] == 0 && signbit (elements[i]);
    }
  if (terms->expands || term_at (terms, giver)->kind == TERM_NAME || !found || (negative && negative != found))
    return giver;
  uint32_t there = term_call (terms, OP_equal, (uint32_t[2]){ giver, zero }, 2, &own);
  return term_choice (terms, there, term_number (terms, negative ? -1 : 1), giver);
}

uint32_t
pull_meaning (const struct pulled *step)
{
  struct slope meaning;
  if (step->op == OP_copysign)
    return term_call (step->terms, OP_copysign, (uint32_t[2]){ step->operands[0], sign_giver (step) }, 2, &step->shape);
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
    if (meanings[i].op == step->op)
      return read_slope (step->terms->list.memory, meanings[i].text, &meaning) ? slope_term (step, &meaning) : NONE;
  return term_call (step->terms, step->op, step->operands, (uint32_t)op_info[step->op].arity, &step->shape);
}

uint32_t
pull_elementwise (const struct pulled *step, uint32_t k)
{
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[k]);
  const char *text = op_info[step->op].rules[k], *exact = NULL;
  enum need need = ALWAYS;
  struct slope slope;
  uint32_t term;
  bool guarded = terms->guards;
  struct pulled signs = *step;
  if (step->op == OP_copysign)
    signs.operands[1] = sign_giver (step);
  step = &signs;
  if (!is_known (step, k, &term))
    {
      for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++)
        if (slopes[i].op == step->op && strcmp (slopes[i].parameter, parameters[k]) == 0)
          text = slopes[i].text;
      for (size_t i = 0; i < sizeof exact_slopes / sizeof *exact_slopes; i++)
        if (exact_slopes[i].op == step->op && strcmp (exact_slopes[i].parameter, parameters[k]) == 0)
          {
            exact = exact_slopes[i].text;
            need = exact_slopes[i].need;
          }
      if (!read_slope (terms->list.memory, text, &slope))
        return NONE;
      bool unbounded = term_at (terms, step->adjoint)->traits & TERM_UNBOUNDED, better = need == ALWAYS || unbounded;
      if (!terms->guards)
        {
          struct met met = meet (step, k, &slope);
          better = (need == ALWAYS && met.differs) || (unbounded && met.flat);
          guarded = met.infinite || (unbounded && met.flat);
        }
      if (exact && better && !read_slope (terms->list.memory, exact, &slope))
        return NONE;
      /* What is written with an eye to what overflows stays as it is written. */
      bool apart = terms->apart;
      terms->apart |= exact && better;
      term = slope_term (step, &slope);
      terms->apart = apart;
    }
  uint32_t passed = guarded ? term_carry_guarded (terms, step->adjoint, term) : term_carry (terms, step->adjoint, term);
  return term_summed (terms, passed, &step->shape, &shape);
}
