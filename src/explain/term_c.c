/* term_c.c -- formulas with arrays as statements in C.

   What goes element by element is written into the loops that need it; what does not (products of matrices, sums,
   lists) gets an array of its own, `t1` and so on, in loops before. */
#include "explain/term_c.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum
{
  DEEPEST = 300,
  INDEX_TEXT = 60
};

/* An index along each axis of an array, as C has it. */
struct position
{
  int rank;
  char index[RANK_LIMIT][INDEX_TEXT];
};

static bool write_element (struct term_c *writer, uint32_t term, const struct position *position);
static bool prepare (struct term_c *writer, uint32_t term);

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

static __attribute__ ((format (printf, 2, 3))) void
put (struct term_c *writer, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  int size = vfprintf (writer->printer.out, format, arguments);
  va_end (arguments);
  writer->printer.room = size < 0 || (size_t)size > writer->printer.room ? 0 : writer->printer.room - (size_t)size;
}

static void
put_number (struct term_c *writer, double number)
{
  char text[NUMBER_SIZE];
  number_print (text, number, 0);
  /* In C 2/3 is a quotient of integers. */
  put (writer, "%s%s", text, strpbrk (text, ".eIN") ? "" : ".0");
}

static bool
fail (struct term_c *writer, const char *without)
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
static struct position
spread (const struct position *result, const struct shape *result_shape, const struct shape *shape)
{
  struct position position = { .rank = shape->rank };
  for (int axis = 0; axis < shape->rank; axis++)
    {
      int from = axis + result_shape->rank - shape->rank;
      bool one = shape->extent[axis] == 1;
      snprintf (position.index[axis], INDEX_TEXT, "%s", one ? "0" : result->index[from]);
    }
  return position;
}

/* (i*n + j)*m + k */
static void
put_flat (struct term_c *writer, const struct shape *shape, const struct position *position)
{
  for (int axis = 2; axis < shape->rank; axis++)
    put (writer, "(");
  for (int axis = 0; axis < shape->rank; axis++)
    {
      if (axis)
        put (writer, "*%zu + ", shape->extent[axis]);
      put (writer, "%s%s", position->index[axis], axis && axis + 1 < shape->rank ? ")" : "");
    }
}

static void
put_index (struct term_c *writer, const struct shape *shape, const struct position *position)
{
  if (shape->rank == 0)
    return;
  put (writer, "[");
  put_flat (writer, shape, position);
  put (writer, "]");
}

static bool
write_operand (struct term_c *writer, const struct term *result, uint32_t operand, const struct position *position)
{
  struct position own = spread (position, &result->shape, &at (writer, operand)->shape);
  return write_element (writer, operand, &own);
}

/* Whether an element is written as something that binds as tightly as a name. */
static bool
is_tight (const struct term_c *writer, uint32_t number)
{
  char text[FORM_TEXT];
  const struct term *term = at (writer, number);
  if (writer->own[number] || term->kind == TERM_NAME)
    return true;
  if (term->kind == TERM_NUMBER)
    return term->number >= 0;
  if (term->kind != TERM_CALL)
    return false;
  if (term->op == TERM_INDEX || term->op == OP_transpose || term->op == OP_expand_dims)
    return is_tight (writer, parts_of (writer, term)[0].term);
  return term->op == OP_ones || term->op == OP_zeros || term->op == OP_eye || term->op == OP_one_hot
         || term_c_form (term->op, term->count, text) != NULL;
}

/* base^exponent, the exponent positive. */
static bool
write_power (struct term_c *writer, const struct term *result, uint32_t base, double exponent,
             const struct position *position)
{
  bool plain = exponent == 1, bare = plain && is_tight (writer, base);
  put (writer, "%s", bare ? "" : plain ? "(" : exponent == 0.5 ? "sqrt(" : "pow(");
  bool good = write_operand (writer, result, base, position);
  if (!plain && exponent != 0.5)
    {
      put (writer, ", ");
      put_number (writer, exponent);
    }
  put (writer, "%s", bare ? "" : ")");
  return good;
}

static bool
write_sum (struct term_c *writer, const struct term *term, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  bool good = true, any = term->number != 0 || term->count == 0;
  if (any)
    put_number (writer, term->number);
  for (uint32_t i = 0; i < term->count && good; i++, any = true)
    {
      bool minus = parts[i].coefficient < 0, product = at (writer, parts[i].term)->kind == TERM_PRODUCT;
      put (writer, "%s", any ? minus ? " - " : " + " : minus ? "-" : "");
      if (fabs (parts[i].coefficient) != 1)
        {
          put_number (writer, fabs (parts[i].coefficient));
          put (writer, "*");
        }
      bool bare = product ? !writer->own[parts[i].term] : is_tight (writer, parts[i].term);
      put (writer, "%s", bare ? "" : "(");
      good = write_operand (writer, term, parts[i].term, position);
      put (writer, "%s", bare ? "" : ")");
    }
  return good;
}

static bool
write_product (struct term_c *writer, const struct term *term, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  bool good = true;
  int written = 0;
  for (uint32_t i = 0; i < term->count && good; i++)
    if (parts[i].coefficient > 0)
      {
        put (writer, written++ ? "*" : "");
        good = write_power (writer, term, parts[i].term, parts[i].coefficient, position);
      }
  if (!written)
    put (writer, "1.0");
  for (uint32_t i = 0; i < term->count && good; i++)
    if (parts[i].coefficient < 0)
      {
        put (writer, "/");
        good = write_power (writer, term, parts[i].term, -parts[i].coefficient, position);
      }
  return good;
}

static bool
write_form (struct term_c *writer, const struct term *term, const char *form, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  bool good = true;
  for (; *form && good; form++)
    if (*form == '$')
      good = write_operand (writer, term, parts[*++form - '1'].term, position);
    else
      put (writer, "%c", *form);
  return good;
}

/* x[i, a:b]: the element of x that an element of the part is. */
static bool
write_part (struct term_c *writer, const struct term *term, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  const struct shape *whole = &at (writer, parts[0].term)->shape;
  struct position inner = { .rank = whole->rank };
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
        return fail (writer, "this index");
      if (strlen (position->index[taken]) > INDEX_TEXT - 30)
        return fail (writer, "an index of an index so deep");
      if (first != 0)
        snprintf (inner.index[axis], INDEX_TEXT, "(%.25s + %.0f)", position->index[taken], first);
      else
        snprintf (inner.index[axis], INDEX_TEXT, "%s", position->index[taken]);
      taken++;
    }
  return write_element (writer, parts[0].term, &inner);
}

/* Parts of a vector, one behind the other. */
static bool
write_joined (struct term_c *writer, const struct term *term, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  size_t before = 0;
  bool good = term->shape.rank == 1;
  for (uint32_t i = 0; i < term->count && good; i++)
    {
      const struct shape *shape = &at (writer, parts[i].term)->shape;
      struct position own = { .rank = 1 };
      if (shape->rank != 1 || strlen (position->index[0]) > INDEX_TEXT - 30)
        return fail (writer, "concat");
      snprintf (own.index[0], INDEX_TEXT, "(%.25s - %zu)", position->index[0], before);
      before += shape->extent[0];
      if (i + 1 < term->count)
        put (writer, "(%s < %zu ? ", position->index[0], before);
      good = write_element (writer, parts[i].term, &own);
      put (writer, i + 1 < term->count ? " : " : "");
    }
  for (uint32_t i = 1; i < term->count; i++)
    put (writer, ")");
  return good || fail (writer, "concat");
}

/* What is found where it is needed, from elements of the operands; false, with nothing written, when it is not. */
static bool
is_local (const struct term_c *writer, const struct term *term)
{
  char text[FORM_TEXT];
  double number;
  if (term->kind != TERM_CALL)
    return true;
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
      return term_c_form (term->op, term->count, text) != NULL;
    }
}

static bool
write_call (struct term_c *writer, const struct term *term, const struct position *position)
{
  const struct part *parts = parts_of (writer, term);
  char text[FORM_TEXT];
  double number;
  switch (term->op)
    {
    case TERM_INDEX:
      return write_part (writer, term, position);
    case OP_concat:
      return write_joined (writer, term, position);
    case OP_ones:
    case OP_zeros:
      put (writer, term->op == OP_ones ? "1.0" : "0.0");
      return true;
    case OP_eye:
      put (writer, "(%s == %s ? 1.0 : 0.0)", position->index[0], position->index[1]);
      return true;
    case OP_expand_dims:
      {
        struct position inner = { .rank = term->shape.rank - 1 };
        constant (writer, parts[1].term, &number);
        int added = (int)number + (number < 0 ? term->shape.rank : 0);
        for (int axis = 0; axis < inner.rank; axis++)
          memcpy (inner.index[axis], position->index[axis + (axis >= added)], INDEX_TEXT);
        return write_element (writer, parts[0].term, &inner);
      }
    case OP_one_hot:
      constant (writer, parts[0].term, &number);
      put (writer, "(%s == %.0f ? 1.0 : 0.0)", position->index[0], number);
      return true;
    case OP_transpose:
      {
        struct position turned = { .rank = term->shape.rank };
        for (int axis = 0; axis < term->shape.rank; axis++)
          memcpy (turned.index[axis], position->index[term->shape.rank - 1 - axis], INDEX_TEXT);
        return write_element (writer, parts[0].term, &turned);
      }
    case OP_outer:
      {
        bool good = true;
        for (int k = 0; k < 2 && good; k++)
          {
            struct position own = { .rank = 1 };
            memcpy (own.index[0], position->index[k], INDEX_TEXT);
            put (writer, k ? "*(" : "(");
            good = at (writer, parts[k].term)->shape.rank == 1 && write_element (writer, parts[k].term, &own);
            put (writer, ")");
          }
        return good || fail (writer, "outer");
      }
    default:
      {
        const char *form = term_c_form (term->op, term->count, text);
        return form ? write_form (writer, term, form, position) : fail (writer, op_info[term->op].name);
      }
    }
}

/* One element, at a position of the term's own rank. Recursion is as deep as the formula, which has a limit. */
static bool
write_element (struct term_c *writer, uint32_t number, const struct position *position)
{
  const struct term *term = at (writer, number);
  bool good = writer->printer.room > 0 && ++writer->depth <= DEEPEST;
  if (!good)
    return false;
  if (number < writer->term_count && writer->own[number])
    {
      put (writer, "t%u", writer->own[number]);
      put_index (writer, &term->shape, position);
    }
  else if (term->kind == TERM_NUMBER)
    put_number (writer, term->number);
  else if (term->kind == TERM_NAME)
    {
      writer->printer.write_name (&writer->printer, term->name);
      put_index (writer, &term->shape, position);
    }
  else
    good = term->kind == TERM_SUM       ? write_sum (writer, term, position)
           : term->kind == TERM_PRODUCT ? write_product (writer, term, position)
                                        : write_call (writer, term, position);
  writer->depth--;
  return good;
}

/* for (size_t i0 = 0; ...) for each axis, up to where the body begins; the indices. */
static struct position
begin_loops (struct term_c *writer, const struct shape *shape, const char *name, int indent)
{
  struct position position = { .rank = shape->rank };
  put (writer, "%*s", indent, "");
  for (int axis = 0; axis < shape->rank; axis++)
    {
      char *index = position.index[axis];
      indent += 2;
      snprintf (index, INDEX_TEXT, "%s%d", name, axis);
      put (writer, "for (size_t %s = 0; %s < %zu; %s++)\n%*s", index, index, shape->extent[axis], index, indent, "");
    }
  return position;
}

bool
term_c_assign (struct term_c *writer, const char *name, size_t offset, uint32_t number, const struct shape *shape)
{
  if (!prepare (writer, number))
    return false;
  struct position position = begin_loops (writer, shape, "i", 2);
  put (writer, "%s", name);
  if (offset)
    {
      put (writer, "[%zu%s", offset, shape->rank ? " + " : "");
      put_flat (writer, shape, &position);
      put (writer, "]");
    }
  else
    put_index (writer, shape, &position);
  put (writer, " = ");
  struct position own = spread (&position, shape, &at (writer, number)->shape);
  bool good = write_element (writer, number, &own);
  put (writer, ";\n");
  return good;
}

/* Declares the array of a term; its number. */
static uint32_t
declare (struct term_c *writer, const struct shape *shape)
{
  size_t size = shape_size (shape);
  uint32_t own = ++writer->own_count;
  writer->elements += size;
  put (writer, shape->rank ? "  double t%u[%zu];\n" : "  double t%u;\n", own, size ? size : 1);
  return own;
}

/* t[result] = sum over `inner` of a product of elements of one or two operands. */
static bool
write_reduction (struct term_c *writer, const struct term *term, uint32_t own, const struct shape *inner,
                 const uint32_t operands[2], const struct position positions[2])
{
  int indent = 2 + 2 * term->shape.rank;
  struct position result = begin_loops (writer, &term->shape, "i", 2);
  put (writer, "{\n%*sdouble sum = 0;\n", indent + 2, "");
  begin_loops (writer, inner, "p", indent + 2);
  put (writer, "sum += ");
  bool good = true, alone = operands[1] == UINT32_MAX;
  for (int k = 0; k < 2 && good && operands[k] != UINT32_MAX; k++)
    {
      bool bare = alone || is_tight (writer, operands[k]);
      put (writer, "%s%s", k ? "*" : "", bare ? "" : "(");
      good = write_element (writer, operands[k], &positions[k]);
      put (writer, "%s", bare ? "" : ")");
    }
  put (writer, ";\n%*st%u", indent + 2, "", own);
  put_index (writer, &term->shape, &result);
  put (writer, " = sum");
  if (term->op == OP_mean)
    put (writer, "/%zu", shape_size (inner));
  put (writer, ";\n%*s}\n", indent, "");
  return good;
}

static bool
write_matmul (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = parts_of (writer, term);
  const struct shape *a = &at (writer, parts[0].term)->shape, *b = &at (writer, parts[1].term)->shape;
  struct position positions[2] = { { .rank = a->rank }, { .rank = b->rank } };
  int result = 0;
  if (a->rank == 0 || b->rank == 0 || a->rank > 2 || b->rank > 2)
    return fail (writer, "this matrix product");
  if (a->rank == 2)
    snprintf (positions[0].index[0], INDEX_TEXT, "i%d", result++);
  strcpy (positions[0].index[a->rank - 1], "p0");
  strcpy (positions[1].index[0], "p0");
  if (b->rank == 2)
    snprintf (positions[1].index[1], INDEX_TEXT, "i%d", result);
  const struct shape inner = { .rank = 1, .extent = { a->extent[a->rank - 1] } };
  return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, parts[1].term }, positions);
}

/* A sum over all axes, or over one. */
static bool
write_sums (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = parts_of (writer, term);
  const struct shape *shape = &at (writer, parts[0].term)->shape;
  struct position positions[2] = { { .rank = shape->rank } };
  struct shape inner = *shape;
  for (int axis = 0; axis < shape->rank; axis++)
    snprintf (positions[0].index[axis], INDEX_TEXT, "p%d", axis);
  if (term->count == 2)
    {
      const struct term *axes = at (writer, parts[1].term);
      double axis;
      if (axes->op != TERM_AXIS || axes->count == 0 || !constant (writer, parts_of (writer, axes)[0].term, &axis))
        return fail (writer, "a sum over several axes");
      int over = (int)axis + (axis < 0 ? shape->rank : 0), result = 0;
      inner = (struct shape){ .rank = 1, .extent = { shape->extent[over] } };
      bool kept = term->shape.rank == shape->rank;
      for (int k = 0; k < shape->rank; k++)
        if (k == over)
          {
            strcpy (positions[0].index[k], "p0");
            result += kept;
          }
        else
          snprintf (positions[0].index[k], INDEX_TEXT, "i%d", result++);
    }
  return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, UINT32_MAX }, positions);
}

/* [a, b] or [[a, b], [c, d]] */
static bool
write_list (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = parts_of (writer, term);
  for (uint32_t i = 0; i < term->count; i++)
    {
      const struct term *row = at (writer, parts[i].term);
      char name[40];
      snprintf (name, sizeof name, "t%u", own);
      size_t size = shape_size (&row->shape);
      if (i == 0 && row->shape.rank == 0)
        {
          put (writer, "  %s[0] = ", name);
          if (!write_element (writer, parts[i].term, &(struct position){ 0 }))
            return false;
          put (writer, ";\n");
        }
      else if (i == 0)
        {
          if (!term_c_assign (writer, name, 0, parts[i].term, &row->shape))
            return false;
        }
      else if (!term_c_assign (writer, name, i * size, parts[i].term, &row->shape))
        return false;
    }
  return true;
}

static bool
write_own (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = parts_of (writer, term);
  struct position positions[2] = { { .rank = 1 }, { .rank = 1 } };
  switch (term->op)
    {
    case OP_matmul:
      return write_matmul (writer, term, own);
    case OP_sum:
    case OP_mean:
      return write_sums (writer, term, own);
    case OP_trace:
      strcpy (positions[0].index[0], "p0");
      strcpy (positions[0].index[1], "p0");
      positions[0].rank = 2;
      if (at (writer, parts[0].term)->shape.rank != 2)
        return fail (writer, "trace");
      return write_reduction (writer, term, own,
                              &(struct shape){ .rank = 1, .extent = { at (writer, parts[0].term)->shape.extent[0] } },
                              (const uint32_t[2]){ parts[0].term, UINT32_MAX }, positions);
    case OP_dot:
      strcpy (positions[0].index[0], "p0");
      strcpy (positions[1].index[0], "p0");
      if (at (writer, parts[0].term)->shape.rank != 1 || at (writer, parts[1].term)->shape.rank != 1)
        return fail (writer, "dot");
      return write_reduction (writer, term, own, &at (writer, parts[0].term)->shape,
                              (const uint32_t[2]){ parts[0].term, parts[1].term }, positions);
    case OP_norm:
      if (term->count != 1)
        return fail (writer, "norm");
      positions[0].rank = positions[1].rank = at (writer, parts[0].term)->shape.rank;
      for (int axis = 0; axis < positions[0].rank; axis++)
        for (int k = 0; k < 2; k++)
          snprintf (positions[k].index[axis], INDEX_TEXT, "p%d", axis);
      if (!write_reduction (writer, term, own, &at (writer, parts[0].term)->shape,
                            (const uint32_t[2]){ parts[0].term, parts[0].term }, positions))
        return false;
      put (writer, "  t%u = sqrt(t%u);\n", own, own);
      return true;
    case TERM_ARRAY:
      return write_list (writer, term, own);
    default:
      return fail (writer, term->op < OPS ? op_info[term->op].name : "this index");
    }
}

/* The arrays of all that does not go element by element, what is inside first. Operands of products that are more than
   names get arrays too, lest they are found again for every element. */
static bool
prepare (struct term_c *writer, uint32_t number)
{
  const struct term *term = at (writer, number);
  bool good = number < writer->term_count && ++writer->depth <= DEEPEST;
  if (good && writer->own[number])
    {
      writer->depth--;
      return true;
    }
  bool compound = term->kind == TERM_SUM || term->kind == TERM_PRODUCT || term->kind == TERM_CALL;
  const struct part *parts = parts_of (writer, term);
  if (term->kind == TERM_CALL && (term->op == TERM_AXIS || term->op == TERM_SLICE || term->op == TERM_STEP))
    compound = false;
  for (uint32_t i = 0; compound && i < term->count && good; i++)
    {
      const struct term *part = at (writer, parts[i].term);
      good = prepare (writer, parts[i].term);
      if (good && term->kind == TERM_CALL && term->op == OP_matmul && !writer->own[parts[i].term]
          && (part->kind == TERM_SUM || part->kind == TERM_PRODUCT
              || (part->kind == TERM_CALL && part->op != OP_transpose)))
        {
          char name[40];
          uint32_t own = declare (writer, &part->shape);
          snprintf (name, sizeof name, "t%u", own);
          good = term_c_assign (writer, name, 0, parts[i].term, &part->shape);
          writer->own[parts[i].term] = own;
        }
    }
  if (good && compound && !is_local (writer, term))
    {
      uint32_t own = declare (writer, &term->shape);
      good = write_own (writer, term, own);
      writer->own[number] = own;
    }
  writer->depth--;
  return good && writer->printer.room > 0;
}
