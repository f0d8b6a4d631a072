/* term_element.c -- one element of a formula as an expression of C: what goes element by element is written where it is
   needed, within the loops of the statement around it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explain/term_c.h"

const char *
term_c_form (uint32_t op, uint32_t count, char text[FORM_TEXT])
{
  static const struct
  {
    enum op op;
    const char *text;
  } forms[] = { { OP_abs, "fabs($1)" },
                { OP_sign, "(($1 > 0) - ($1 < 0))" },
                { OP_where, "($1 ? $2 : $3)" },
                { OP_maximum, "fmax($1, $2)" },
                { OP_minimum, "fmin($1, $2)" },
                { OP_clip, "fmin(fmax($1, $2), $3)" },
                { OP_relu, "fmax($1, 0.0)" },
                { OP_sigmoid, "(1.0/(1.0 + exp(-($1))))" },
                { OP_softplus, "(fmax($1, 0.0) + log1p(exp(-fabs($1))))" },
                { OP_logsigmoid, "(fmin($1, 0.0) - log1p(exp(-fabs($1))))" },
                { OP_gamma, "tgamma($1)" },
                { OP_power, "pow($1, $2)" },
                { OP_pow, "pow($1, $2)" },
                { OP_round, "rint($1)" },
                { OP_ndtr, "(0.5*erfc(-($1)/sqrt(2.0)))" },
                { OP_xlogy, "($1 == 0.0 ? 0.0 : ($1)*log($2))" },
                { OP_xlog1py, "($1 == 0.0 ? 0.0 : ($1)*log1p($2))" } };
  static const char *const same[]
    = { "sqrt", "cbrt",  "exp",  "exp2",     "expm1", "log",  "log2",   "log10", "log1p", "sin",   "cos",   "tan",
        "asin", "acos",  "atan", "atan2",    "sinh",  "cosh", "tanh",   "asinh", "acosh", "atanh", "hypot", "floor",
        "ceil", "trunc", "fmod", "copysign", "erf",   "erfc", "lgamma", "j0",    "j1",    "y0",    "y1" };
  if (op >= OPS)
    return NULL;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (forms[i].op == op)
      return forms[i].text;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    if (strcmp (same[i], op_info[op].name) == 0)
      {
        snprintf (text, FORM_TEXT, count > 1 ? "%s($1, $2)" : "%s($1)", same[i]);
        return text;
      }
  if (op_info[op].traits & TRUTH && op_info[op].arity == 2)
    {
      snprintf (text, FORM_TEXT, "($1 %s $2)", op_info[op].sign);
      return text;
    }
  return NULL;
}

static const struct term *
at (const struct term_c *writer, uint32_t term)
{
  return term_at (writer->printer.terms, term);
}

static const struct part *
parts_of (const struct term_c *writer, const struct term *term)
{
  return area_of (&writer->printer.terms->parts, struct part) + term->first;
}

void
term_c_put (struct term_c *writer, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  int size = vfprintf (writer->printer.out, format, arguments);
  va_end (arguments);
  writer->printer.room = size < 0 || (size_t)size > writer->printer.room ? 0 : writer->printer.room - (size_t)size;
}

bool
term_c_fail (struct term_c *writer, const char *without)
{
  if (!writer->printer.without)
    writer->printer.without = without;
  return false;
}

/* A constant that an argument of a function has to be. */
static bool
constant (const struct term_c *writer, uint32_t term, double *number)
{
  return term_is_number (writer->printer.terms, term, number);
}

/* The position of an operand that is spread to a result. */
static struct c_position
spread (const struct c_position *result, const struct shape *result_shape, const struct shape *shape)
{
  struct c_position position = { .rank = shape->rank };
  for (int axis = 0; axis < shape->rank; axis++)
    {
      int from = axis + result_shape->rank - shape->rank;
      bool one = shape->extent[axis] == 1;
      snprintf (position.index[axis], INDEX_TEXT, "%s", one ? "0" : result->index[from]);
    }
  return position;
}

void
term_c_flat (struct term_c *writer, const struct shape *shape, const struct c_position *position)
{
  for (int axis = 2; axis < shape->rank; axis++)
    term_c_put (writer, "(");
  for (int axis = 0; axis < shape->rank; axis++)
    {
      if (axis)
        term_c_put (writer, "*%zu + ", shape->extent[axis]);
      term_c_put (writer, "%s%s", position->index[axis], axis && axis + 1 < shape->rank ? ")" : "");
    }
}

void
term_c_index (struct term_c *writer, const struct shape *shape, const struct c_position *position)
{
  if (shape->rank == 0)
    return;
  term_c_put (writer, "[");
  term_c_flat (writer, shape, position);
  term_c_put (writer, "]");
}

static bool write_element (struct term_c *writer, uint32_t number, const struct c_position *position, bool tight);

/* x[i, a:b]: the element of x that an element of the part is. */
static bool
write_index (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = parts_of (writer, term);
  const struct shape *whole = &at (writer, parts[0].term)->shape;
  struct c_position inner = { .rank = whole->rank };
  int taken = 0;
  for (int axis = 0; axis < whole->rank; axis++)
    {
      const struct term *index = (uint32_t)axis + 1 < term->count ? at (writer, parts[axis + 1].term) : NULL;
      double first = 0;
      if (index && index->kind == TERM_NUMBER)
        {
          double number = index->number < 0 ? index->number + (double)whole->extent[axis] : index->number;
          snprintf (inner.index[axis], INDEX_TEXT, "%.0f", number);
          continue;
        }
      if (index
          && (index->kind != TERM_CALL || index->op != TERM_SLICE
              || !constant (writer, parts_of (writer, index)[0].term, &first)))
        return term_c_fail (writer, "this index");
      if (strlen (position->index[taken]) > INDEX_TEXT - 30)
        return term_c_fail (writer, "an index of an index so deep");
      if (first != 0)
        snprintf (inner.index[axis], INDEX_TEXT, "(%.25s + %.0f)", position->index[taken], first);
      else
        snprintf (inner.index[axis], INDEX_TEXT, "%s", position->index[taken]);
      taken++;
    }
  return write_element (writer, parts[0].term, &inner, true);
}

/* Parts of a vector, one behind the other. */
static bool
write_joined (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = parts_of (writer, term);
  size_t before = 0;
  bool good = term->shape.rank == 1;
  for (uint32_t i = 0; i < term->count && good; i++)
    {
      const struct shape *shape = &at (writer, parts[i].term)->shape;
      struct c_position own = { .rank = 1 };
      if (shape->rank != 1 || strlen (position->index[0]) > INDEX_TEXT - 30)
        return term_c_fail (writer, "concat");
      snprintf (own.index[0], INDEX_TEXT, "(%.25s - %zu)", position->index[0], before);
      before += shape->extent[0];
      if (i + 1 < term->count)
        term_c_put (writer, "(%s < %zu ? ", position->index[0], before);
      good = write_element (writer, parts[i].term, &own, true);
      term_c_put (writer, i + 1 < term->count ? " : " : "");
    }
  for (uint32_t i = 1; i < term->count; i++)
    term_c_put (writer, ")");
  return good || term_c_fail (writer, "concat");
}

/* Whether a call moves elements of its operands, or has elements that are known by their position. */
static bool
is_moved (const struct term_c *writer, const struct term *term)
{
  double number;
  const struct part *parts = parts_of (writer, term);
  switch (term->op)
    {
    case TERM_INDEX:
    case OP_outer:
    case OP_ones:
    case OP_zeros:
    case OP_eye:
    case OP_concat:
      return true;
    case OP_expand_dims:
      return term->count == 2 && constant (writer, parts[1].term, &number);
    case OP_one_hot:
      return constant (writer, parts[0].term, &number);
    case OP_transpose:
      return term->count == 1;
    default:
      return false;
    }
}

bool
term_c_is_local (const struct term_c *writer, const struct term *term)
{
  char text[FORM_TEXT];
  return term->kind != TERM_CALL || is_moved (writer, term) || term_c_form (term->op, term->count, text) != NULL;
}

/* False, with nothing written, for calls that are functions of elements. */
static bool
write_moved (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = parts_of (writer, term);
  struct c_position inner = { .rank = term->shape.rank };
  double number = 0;
  if (!is_moved (writer, term))
    return false;
  switch (term->op)
    {
    case TERM_INDEX:
      write_index (writer, term, position);
      break;
    case OP_concat:
      write_joined (writer, term, position);
      break;
    case OP_ones:
    case OP_zeros:
      term_c_put (writer, term->op == OP_ones ? "1.0" : "0.0");
      break;
    case OP_eye:
      term_c_put (writer, "(%s == %s ? 1.0 : 0.0)", position->index[0], position->index[1]);
      break;
    case OP_expand_dims:
      {
        constant (writer, parts[1].term, &number);
        int added = (int)number + (number < 0 ? inner.rank : 0);
        inner.rank--;
        for (int axis = 0; axis < inner.rank; axis++)
          memcpy (inner.index[axis], position->index[axis + (axis >= added)], INDEX_TEXT);
        write_element (writer, parts[0].term, &inner, true);
        break;
      }
    case OP_one_hot:
      constant (writer, parts[0].term, &number);
      term_c_put (writer, "(%s == %.0f ? 1.0 : 0.0)", position->index[0], number);
      break;
    case OP_transpose:
      for (int axis = 0; axis < inner.rank; axis++)
        memcpy (inner.index[axis], position->index[inner.rank - 1 - axis], INDEX_TEXT);
      write_element (writer, parts[0].term, &inner, true);
      break;
    case OP_outer:
      inner.rank = 1;
      for (int k = 0; k < 2; k++)
        {
          memcpy (inner.index[0], position->index[k], INDEX_TEXT);
          term_c_put (writer, k ? "*" : "(");
          if (at (writer, parts[k].term)->shape.rank == 1)
            write_element (writer, parts[k].term, &inner, true);
          else
            term_c_fail (writer, "outer");
        }
      term_c_put (writer, ")");
      break;
    }
  return true;
}

/* The element of a name or of a call that moves elements: at the place of the element that is being written. */
static bool
write_leaf (struct term_printer *printer, const struct term *term)
{
  struct term_c *writer = (struct term_c *)printer;
  struct c_position own = spread (writer->position, writer->shape, &term->shape);
  if (term->kind != TERM_NAME)
    return write_moved (writer, term, &own);
  printer->write_name (printer, term->name);
  term_c_index (writer, &term->shape, &own);
  return true;
}

/* The element of an array of its own. */
static void
write_own (struct term_printer *printer, uint32_t term)
{
  struct term_c *writer = (struct term_c *)printer;
  const struct shape *shape = &at (writer, term)->shape;
  struct c_position own = spread (writer->position, writer->shape, shape);
  term_c_put (writer, "%c%u", writer->letter, writer->own[term]);
  term_c_index (writer, shape, &own);
}

void
term_c_open (struct term_c *writer, uint32_t *own, uint32_t term_count)
{
  writer->own = own;
  writer->printer.format = TERM_C;
  writer->printer.parts = own;
  writer->printer.part_terms = term_count;
  writer->printer.write_leaf = write_leaf;
  writer->printer.write_part = write_own;
}

static bool
write_element (struct term_c *writer, uint32_t number, const struct c_position *position, bool tight)
{
  const struct c_position *position_around = writer->position;
  const struct shape *shape_around = writer->shape, shape = at (writer, number)->shape;
  writer->position = position;
  writer->shape = &shape;
  bool good = (tight ? term_print_tight : term_print) (&writer->printer, number);
  writer->position = position_around;
  writer->shape = shape_around;
  return good && !writer->printer.without;
}

bool
term_c_element (struct term_c *writer, uint32_t number, const struct c_position *position)
{
  return write_element (writer, number, position, false);
}

bool
term_c_factor (struct term_c *writer, uint32_t number, const struct c_position *position)
{
  return write_element (writer, number, position, true);
}
