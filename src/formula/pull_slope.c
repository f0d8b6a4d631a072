/* pull_slope.c -- slopes of functions of elements, as terms: as a textbook writes them where that is right at the
   values of the run, else the way that is right at edges and in tails too. */
#include <math.h>
#include <string.h>

#include "code/program.h"
#include "formula/pull.h"

enum
{
  STACK = 100
};

/* The slopes of rules.def. An exact one is needed always, or only to keep an infinite adjoint from a zero. */
enum need
{
  TEXTBOOK,
  ALWAYS,
  BLOCKING
};

static const struct row
{
  enum op op;
  enum need need;
  const char *parameter, *text;
} rows[] = {
#define SLOPE(name, parameter, text) { OP_##name, TEXTBOOK, #parameter, text },
#define EXACT(name, parameter, need, text) { OP_##name, need, #parameter, text },
#include "ops/rules.def"
};

/* What functions are that the language has not. */
static const struct
{
  enum op op;
  const char *text;
} meanings[] = {
#define MEANING(name, text) { OP_##name, text },
#include "ops/rules.def"
};

/* What a slope is given: the operands, the value, the share of each at a tie; that of a reduction has in the places of
   the operands its one, how many elements are reduced to one, and what is taken from that number. */
static const char *const given_names[] = { "a", "b", "c", "v", "both", "x", "n", "ddof" };
enum
{
  GIVEN_VALUE = 3,
  GIVEN_SHARE,
  GIVEN
};

/* One step of a slope: a number, one of what is given, or a function of the last ones. */
enum slope_kind
{
  SLOPE_NUMBER,
  SLOPE_GIVEN,
  SLOPE_CALL
};

struct slope_step
{
  enum slope_kind kind;
  uint32_t op, count; /* of a CALL; of what is GIVEN, which */
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
  for (uint32_t i = 0; i < sizeof given_names / sizeof *given_names; i++)
    if (strcmp (given_names[i], name) == 0)
      {
        *step = (struct slope_step){ .kind = SLOPE_GIVEN, .op = i % GIVEN };
        return true;
      }
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
    if (strcmp (constants[i].name, name) == 0)
      {
        *step = (struct slope_step){ .kind = SLOPE_NUMBER, .number = constants[i].value };
        return true;
      }
  return false;
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
  uint32_t callees[STACK], waiting = 0, depth = 0;
  memory->text += strlen (text) + 1;
  names_open (&names, memory);
  syntax_open (&syntax, memory);
  bool good = parse_text (&syntax, &names, text, strlen (text));
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
  return good && depth == 1;
}

static bool
both_vary (const struct pulled *step)
{
  return step->count > 1 && step->values[0].node && step->values[1].node;
}

static uint32_t slope_term (const struct pulled *step, const struct slope *slope);

/* What such a function is; NO_TERM for others. */
static uint32_t
meaning (const struct pulled *step)
{
  struct slope slope;
  for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
    if (meanings[i].op == step->op)
      return read_slope (step->terms->list.memory, meanings[i].text, &slope) ? slope_term (step, &slope) : NO_TERM;
  return NO_TERM;
}

/* A call in a slope. What the language has not is what it means: meanings have no such calls themselves. C has a
   function of its own for it. */
static uint32_t
slope_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count)
{
  struct pulled call = { .terms = terms, .op = op, .count = count, .shape = terms_shape (terms, arguments, count) };
  memcpy (call.operands, arguments, count * sizeof *arguments);
  uint32_t meant = terms->expands ? NO_TERM : meaning (&call);
  return meant == NO_TERM ? term_call (terms, op, arguments, count, &call.shape) : meant;
}

static uint32_t
slope_term (const struct pulled *step, const struct slope *slope)
{
  struct terms *terms = step->terms;
  uint32_t stack[STACK + 1], depth = 0;
  for (uint32_t i = 0; i < slope->count; i++)
    {
      const struct slope_step *code = &slope->steps[i];
      depth -= code->kind == SLOPE_CALL ? code->count : 0;
      stack[depth] = code->kind == SLOPE_CALL && !op_info[code->op].arity
                       ? pull_folded (step, (enum op)code->op, stack[depth])
                     : code->kind == SLOPE_CALL   ? slope_call (terms, code->op, stack + depth, code->count)
                     : code->kind == SLOPE_NUMBER ? term_number (terms, code->number)
                     : code->op == GIVEN_SHARE    ? term_number (terms, both_vary (step) ? 0.5 : 0)
                     : code->op == GIVEN_VALUE    ? step->value
                                                  : step->operands[code->op];
      depth++;
    }
  return stack[0];
}

static double
slope_number (const struct slope *slope, const double given[GIVEN])
{
  double stack[STACK + 3];
  uint32_t depth = 0;
  for (uint32_t i = 0; i < slope->count; i++)
    {
      const struct slope_step *code = &slope->steps[i];
      depth -= code->kind == SLOPE_CALL ? code->count : 0;
      stack[depth] = code->kind == SLOPE_NUMBER ? code->number
                     : code->kind == SLOPE_GIVEN
                       ? given[code->op]
                       : op_value ((enum op)code->op, stack[depth], code->count > 1 ? stack[depth + 1] : 0,
                                   code->count > 2 ? stack[depth + 2] : 0);
      depth++;
    }
  return stack[0];
}

/* The element of an operand that broadcasting puts at a position of the result. */
static double
element_at (const struct value *operand, const struct shape *result, size_t position)
{
  struct shape own = value_shape (operand);
  double element;
  if (!own.rank)
    return value_elements (operand)[0];
  if (shape_equal (&own, result))
    return value_elements (operand)[position];
  struct layout layout = layout_broadcast (&own, result);
  return *layout_block (&layout, value_elements (operand), position, 1, &element);
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
      double x[GIVEN] = { [GIVEN_SHARE] = both ? 0.5 : 0 };
      for (int n = 0; n < arity; n++)
        x[n] = element_at (&step->values[n], &step->shape, i);
      x[GIVEN_VALUE] = op_value ((enum op)step->op, x[0], x[1], x[2]);
      double right = op_partial ((enum op)step->op, (int)k, x[0], x[1], x[2], x[GIVEN_VALUE], both);
      double given = slope_number (textbook, x);
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
  if (step->op == OP_copysign)
    return term_of_two (step->terms, OP_copysign, step->operands[0], sign_giver (step), &step->shape);
  uint32_t meant = meaning (step);
  return meant == NO_TERM
           ? term_call (step->terms, step->op, step->operands, (uint32_t)op_info[step->op].arity, &step->shape)
           : meant;
}

static void
find_rows (uint32_t op, const char *parameter, const struct row **textbook, const struct row **exact)
{
  *textbook = *exact = NULL;
  for (const struct row *row = rows; row < rows + sizeof rows / sizeof *rows; row++)
    if (row->op == op && strcmp (row->parameter, parameter) == 0)
      *(row->need == TEXTBOOK ? textbook : exact) = row;
}

uint32_t
pull_slope (const struct pulled *step, bool exactly)
{
  struct slope slope;
  const struct row *textbook, *exact;
  find_rows (step->op, "x", &textbook, &exact);
  const struct row *row = exactly && exact ? exact : textbook;
  return row && read_slope (step->terms->list.memory, row->text, &slope) ? slope_term (step, &slope) : NO_TERM;
}

uint32_t
pull_elementwise (const struct pulled *given, uint32_t k)
{
  struct pulled signs = *given;
  const struct pulled *step = &signs;
  struct terms *terms = step->terms;
  struct shape shape = value_shape (&step->values[k]);
  struct slope slope;
  uint32_t term;
  bool guarded = terms->guards;
  if (step->op == OP_copysign)
    signs.operands[1] = sign_giver (step);
  if (!is_known (step, k, &term))
    {
      const struct row *textbook, *exact;
      find_rows (step->op, given_names[k], &textbook, &exact);
      if (!read_slope (terms->list.memory, textbook ? textbook->text : op_info[step->op].rules[k], &slope))
        return NO_TERM;
      bool always = !exact || exact->need == ALWAYS;
      bool unbounded = term_at (terms, step->adjoint)->traits & TERM_UNBOUNDED, better = always || unbounded;
      if (!terms->guards)
        {
          struct met met = meet (step, k, &slope);
          better = (always && met.differs) || (unbounded && met.flat);
          guarded = met.infinite || (unbounded && met.flat);
        }
      better = better && exact;
      if (better && !read_slope (terms->list.memory, exact->text, &slope))
        return NO_TERM;
      /* What is written with an eye to what overflows stays as it is written. */
      bool apart = terms->apart;
      terms->apart |= better;
      term = slope_term (step, &slope);
      terms->apart = apart;
    }
  uint32_t passed = guarded ? term_carry_guarded (terms, step->adjoint, term) : term_carry (terms, step->adjoint, term);
  return term_summed (terms, passed, &step->shape, &shape);
}
