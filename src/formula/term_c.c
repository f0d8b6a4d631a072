/* term_c.c -- formulas with arrays as statements in C.

   What goes element by element is written into the loops that need it; what does not (products of matrices, sums,
   lists) gets an array of its own, `t1` and so on, in loops before. */
#include "formula/term_c.h"

#include <stdio.h>
#include <string.h>

enum
{
  DEEPEST = 300
};

static bool prepare (struct term_c *writer, uint32_t term);

/* One of one element has no loop. */
void
term_c_name_index (char index[INDEX_TEXT], const char *name, int axis, size_t extent)
{
  if (extent == 1)
    strcpy (index, "0");
  else
    snprintf (index, INDEX_TEXT, "%s%d", name, axis);
}

struct c_position
term_c_loops (struct term_c *writer, const struct shape *shape, const char *name, int *indent)
{
  struct c_position position = { .rank = shape->rank };
  term_c_put (writer, "%*s", *indent, "");
  for (int axis = 0; axis < shape->rank; axis++)
    {
      char *index = position.index[axis];
      term_c_name_index (index, name, axis, shape->extent[axis]);
      if (shape->extent[axis] == 1)
        continue;
      *indent += 2;
      term_c_put (writer, "for (size_t %s = 0; %s < %zu; %s++)\n%*s", index, index, shape->extent[axis], index, *indent,
                  "");
    }
  return position;
}

/* `name[...] = element;` in loops, for the elements from `offset` on. */
bool
term_c_fill (struct term_c *writer, const char *name, size_t offset, uint32_t number, const struct shape *shape)
{
  int indent = 2;
  struct c_position position = term_c_loops (writer, shape, "i", &indent);
  term_c_put (writer, "%s", name);
  if (offset)
    {
      bool many = shape_size (shape) > 1;
      term_c_put (writer, "[%zu%s", offset, many ? " + " : "");
      term_c_flat (writer, many ? shape : &(struct shape){ .rank = 0 }, &position);
      term_c_put (writer, "]");
    }
  else
    term_c_index (writer, shape, &position);
  term_c_put (writer, " = ");
  /* What stands for all elements has fewer axes. */
  struct c_position own = term_c_spread (&position, shape, &term_c_at (writer, number)->shape);
  bool good = term_c_element (writer, number, &own);
  term_c_put (writer, ";\n");
  return good;
}

bool
term_c_assign (struct term_c *writer, const char *name, size_t offset, uint32_t number, const struct shape *shape)
{
  return prepare (writer, number) && term_c_fill (writer, name, offset, number, shape);
}

bool
term_c_number (struct term_c *writer, const char *head, const char *name, uint32_t number)
{
  if (!prepare (writer, number))
    return false;
  term_c_put (writer, "  %s%s%s", head, name ? name : "", name ? " = " : "");
  bool good = term_c_element (writer, number, &(struct c_position){ 0 });
  term_c_put (writer, ";\n");
  return good;
}

uint32_t
term_c_declare (struct term_c *writer, const struct shape *shape)
{
  size_t size = shape_size (shape);
  uint32_t own = ++writer->own_count;
  writer->elements += size;
  term_c_put (writer, shape->rank ? "  double %c%u[%zu];\n" : "  double %c%u;\n", writer->letter, own, size ? size : 1);
  return own;
}

/* How a reduction goes over elements: what it begins with, and what becomes of it with each. Of equal ones the first is
   the extreme, as zeros have signs, and NaN is one before numbers. */
struct fold
{
  const char *name, *begin, *before, *after;
};

static struct fold
fold_of (uint32_t op)
{
  switch (op)
    {
    case OP_max:
      return (struct fold){ "most", "-INFINITY", "most = larger(", ", most)" };
    case OP_min:
      return (struct fold){ "least", "INFINITY", "least = smaller(", ", least)" };
    case OP_prod:
      return (struct fold){ "product", "1", "product *= ", "" };
    default:
      return (struct fold){ "sum", "0", "sum += ", "" };
    }
}

/* t[result] = a reduction over `inner` of elements of an operand, or of products of those of two. */
static bool
write_reduction (struct term_c *writer, const struct term *term, uint32_t own, const struct shape *inner,
                 const uint32_t operands[2], const struct c_position positions[2])
{
  int indent = 2, deeper;
  struct fold fold = fold_of (term->op);
  struct c_position result = term_c_loops (writer, &term->shape, "i", &indent);
  term_c_put (writer, "{\n%*sdouble %s = %s;\n", indent + 2, "", fold.name, fold.begin);
  deeper = indent + 2;
  term_c_loops (writer, inner, "p", &deeper);
  bool good, alone = operands[1] == UINT32_MAX;
  term_c_put (writer, "%s", fold.before);
  good = (alone ? term_c_element : term_c_factor) (writer, operands[0], &positions[0]);
  if (good && !alone)
    {
      term_c_put (writer, "*");
      good = term_c_factor (writer, operands[1], &positions[1]);
    }
  term_c_put (writer, "%s;\n%*s%c%u", fold.after, indent + 2, "", writer->letter, own);
  term_c_index (writer, &term->shape, &result);
  term_c_put (writer, " = %s", fold.name);
  if (term->op == OP_mean)
    term_c_put (writer, "/%zu", shape_size (inner));
  term_c_put (writer, ";\n%*s}\n", indent, "");
  return good;
}

static bool
write_matmul (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *a = &term_c_at (writer, parts[0].term)->shape, *b = &term_c_at (writer, parts[1].term)->shape;
  struct c_position positions[2] = { { .rank = a->rank }, { .rank = b->rank } };
  int result = 0;
  if (a->rank == 0 || b->rank == 0 || a->rank > 2 || b->rank > 2)
    return term_c_fail (writer, "this matrix product");
  if (a->rank == 2)
    term_c_name_index (positions[0].index[0], "i", result++, a->extent[0]);
  term_c_name_index (positions[0].index[a->rank - 1], "p", 0, b->extent[0]);
  term_c_name_index (positions[1].index[0], "p", 0, b->extent[0]);
  if (b->rank == 2)
    term_c_name_index (positions[1].index[1], "i", result, b->extent[1]);
  const struct shape inner = { .rank = 1, .extent = { a->extent[a->rank - 1] } };
  return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, parts[1].term }, positions);
}

/* A reduction over all axes, or over one. */
static bool
write_sums (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *shape = &term_c_at (writer, parts[0].term)->shape;
  struct c_position positions[2] = { { .rank = shape->rank } };
  struct shape inner = *shape;
  for (int axis = 0; axis < shape->rank; axis++)
    term_c_name_index (positions[0].index[axis], "p", axis, shape->extent[axis]);
  if (term->count == 2)
    {
      const struct term *axes = term_c_at (writer, parts[1].term);
      double axis;
      if (axes->op != TERM_AXIS || axes->count == 0
          || !term_c_constant (writer, term_parts (writer->printer.terms, axes)[0].term, &axis))
        return term_c_fail (writer, "a sum over several axes");
      int over = (int)axis + (axis < 0 ? shape->rank : 0), result = 0;
      inner = (struct shape){ .rank = 1, .extent = { shape->extent[over] } };
      bool kept = term->shape.rank == shape->rank;
      for (int k = 0; k < shape->rank; k++)
        if (k == over)
          {
            term_c_name_index (positions[0].index[k], "p", 0, shape->extent[k]);
            result += kept;
          }
        else
          term_c_name_index (positions[0].index[k], "i", result++, shape->extent[k]);
    }
  return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, UINT32_MAX }, positions);
}

bool
term_c_axis (const struct term_c *writer, const struct term *term, int otherwise, int *axis)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct term *keywords = term->count > 1 ? term_c_at (writer, parts[1].term) : NULL;
  double number;
  *axis = otherwise;
  if (term->count > 2 || (keywords && (keywords->op != TERM_AXIS || keywords->count == 0)))
    return false;
  if (keywords && term_c_constant (writer, term_parts (writer->printer.terms, keywords)[0].term, &number))
    *axis = (int)number + (number < 0 ? term_c_at (writer, parts[0].term)->shape.rank : 0);
  return true;
}

/* Sums or products of the elements so far, along an axis; of all in their order without one. */
static bool
write_running (struct term_c *writer, const struct term *term, uint32_t own)
{
  uint32_t x = term_parts (writer->printer.terms, term)[0].term;
  /* One number may stand for all elements. */
  const struct shape own_shape = term_c_at (writer, x)->shape, shape = own_shape.rank > 1 ? own_shape : term->shape;
  struct fold fold = fold_of (term->op == OP_cumprod ? OP_prod : OP_sum);
  int axis, indent = 2, deeper;
  if (!term_c_axis (writer, term, -1, &axis))
    return term_c_fail (writer, op_info[term->op].name);
  struct shape outside = shape, inner = shape;
  for (int k = 0; k < shape.rank; k++)
    (axis < 0 || k == axis ? &outside : &inner)->extent[k] = 1;
  struct c_position position = term_c_loops (writer, &outside, "i", &indent);
  for (int k = 0; k < shape.rank; k++)
    if (axis < 0 || k == axis)
      term_c_name_index (position.index[k], "p", k, shape.extent[k]);
  term_c_put (writer, "{\n%*sdouble %s = %s;\n", indent + 2, "", fold.name, fold.begin);
  deeper = indent + 2;
  term_c_loops (writer, &inner, "p", &deeper);
  term_c_put (writer, "{\n%*s%s", deeper + 2, "", fold.before);
  struct c_position inside = term_c_spread (&position, &shape, &own_shape);
  bool good = term_c_element (writer, x, &inside);
  term_c_put (writer, "%s;\n%*s%c%u", fold.after, deeper + 2, "", writer->letter, own);
  term_c_index (writer, &shape, &position);
  term_c_put (writer, " = %s;\n%*s}\n%*s}\n", fold.name, deeper, "", indent, "");
  return good;
}

/* [a, b] or [[a, b], [c, d]] */
static bool
write_list (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  for (uint32_t i = 0; i < term->count; i++)
    {
      const struct term *row = term_c_at (writer, parts[i].term);
      char name[40];
      snprintf (name, sizeof name, "%c%u", writer->letter, own);
      size_t size = shape_size (&row->shape);
      if (i == 0 && row->shape.rank == 0)
        {
          term_c_put (writer, "  %s[0] = ", name);
          if (!term_c_element (writer, parts[i].term, &(struct c_position){ 0 }))
            return false;
          term_c_put (writer, ";\n");
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
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *shape = term->count ? &term_c_at (writer, parts[0].term)->shape : NULL;
  struct shape inner = { .rank = 1 };
  struct c_position positions[2] = { { .rank = 1 }, { .rank = 1 } };
  switch (term->op)
    {
    case OP_matmul:
      return write_matmul (writer, term, own);
    case OP_sum:
    case OP_mean:
    case OP_prod:
    case OP_max:
    case OP_min:
      return write_sums (writer, term, own);
    case OP_log_softmax:
    case OP_logsumexp:
      return term_c_logarithms (writer, term, own);
    case OP_cumsum:
    case OP_cumprod:
      return write_running (writer, term, own);
    case OP_trace:
      if (shape->rank != 2)
        return term_c_fail (writer, "trace");
      inner.extent[0] = shape->extent[0] < shape->extent[1] ? shape->extent[0] : shape->extent[1];
      for (int axis = 0; axis < 2; axis++)
        term_c_name_index (positions[0].index[axis], "p", 0, inner.extent[0]);
      positions[0].rank = 2;
      return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, UINT32_MAX }, positions);
    case OP_dot:
      if (shape->rank != 1 || term_c_at (writer, parts[1].term)->shape.rank != 1)
        return term_c_fail (writer, "dot");
      inner.extent[0] = shape->extent[0];
      for (int k = 0; k < 2; k++)
        term_c_name_index (positions[k].index[0], "p", 0, inner.extent[0]);
      return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ parts[0].term, parts[1].term },
                              positions);
    case OP_einsum:
      return term_c_einsum (writer, term, own);
    case TERM_ARRAY:
      return write_list (writer, term, own);
    case OP_det:
    case OP_logdet:
    case OP_inv:
    case OP_solve:
    case OP_cholesky:
      return term_c_matrix (writer, term, own);
    default:
      return term_c_fail (writer, term->op < OPS ? op_info[term->op].name : "this index");
    }
}

/* A variable for what goes element by element; what is in it is prepared. */
static bool
write_local (struct term_c *writer, uint32_t number)
{
  const struct term *term = term_c_at (writer, number);
  char name[40];
  bool good;
  if (term->shape.rank == 0)
    {
      term_c_put (writer, "  const double %c%u = ", writer->letter, writer->own_count + 1);
      good = term_c_element (writer, number, &(struct c_position){ 0 });
      term_c_put (writer, ";\n");
      writer->own[number] = ++writer->own_count;
      return good;
    }
  uint32_t own = term_c_declare (writer, &term->shape);
  snprintf (name, sizeof name, "%c%u", writer->letter, own);
  good = term_c_fill (writer, name, 0, number, &term->shape);
  writer->own[number] = own;
  return good;
}

/* What is no value, but says something of the call around it. */
static bool
is_word (uint32_t op)
{
  return op == TERM_AXIS || op == TERM_SLICE || op == TERM_STEP || op == TERM_NOTHING || op == TERM_NEW_AXIS
         || op == TERM_STRING;
}

/* Whether an operand of a matrix product is more than a name: it gets an array too, lest it is found again for every
   element of the product. And so where elements are compared with the greatest of them. */
static bool
is_found_again (const struct term_c *writer, const struct term *around, uint32_t number)
{
  const struct term *term = term_c_at (writer, number);
  bool again = around->op == OP_matmul || around->op == OP_log_softmax || around->op == OP_logsumexp;
  return around->kind == TERM_CALL && again && !writer->own[number]
         && (term->kind == TERM_SUM || term->kind == TERM_PRODUCT
             || (term->kind == TERM_CALL && term->op != OP_transpose && !is_word (term->op)));
}

/* Variables for all that does not go element by element, and for what is wanted in one; what is inside comes first. */
static bool
prepare (struct term_c *writer, uint32_t number)
{
  const struct term *term = term_c_at (writer, number);
  if (number < writer->printer.part_terms && writer->own[number])
    return true;
  bool good = number < writer->printer.part_terms && ++writer->depth <= DEEPEST;
  bool compound = term->kind == TERM_SUM || term->kind == TERM_PRODUCT || term->kind == TERM_CALL;
  const struct part *parts = term_parts (writer->printer.terms, term);
  if (term->kind == TERM_CALL && is_word (term->op))
    compound = false;
  /* Positions are written where they are used. */
  uint32_t values = term_c_values (term);
  for (uint32_t i = 0; compound && i < values && good; i++)
    {
      good = prepare (writer, parts[i].term);
      if (good && is_found_again (writer, term, parts[i].term))
        good = write_local (writer, parts[i].term);
    }
  if (good && compound && !term_c_is_local (term))
    {
      uint32_t own = term_c_declare (writer, &term->shape);
      good = write_own (writer, term, own);
      writer->own[number] = own;
    }
  else if (good && compound && number < writer->wanted_count && writer->wanted[number])
    good = write_local (writer, number);
  writer->depth--;
  return good && writer->printer.room > 0;
}
