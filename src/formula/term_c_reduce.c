/* term_c_reduce.c -- what goes over an axis or all elements, as loops in C: sums, products, logarithms of sums. */
#include <string.h>

#include "formula/term_c.h"

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

bool
term_c_matmul (struct term_c *writer, const struct term *term, uint32_t own)
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
bool
term_c_sums (struct term_c *writer, const struct term *term, uint32_t own)
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

/* Sums or products of the elements so far, along an axis; of all in their order without one. */
bool
term_c_running (struct term_c *writer, const struct term *term, uint32_t own)
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

bool
term_c_trace (struct term_c *writer, const struct term *term, uint32_t own)
{
  uint32_t x = term_parts (writer->printer.terms, term)[0].term;
  const struct shape *shape = &term_c_at (writer, x)->shape;
  struct c_position positions[2] = { { .rank = 2 } };
  if (shape->rank != 2)
    return term_c_fail (writer, "trace");
  bool wide = shape->extent[0] < shape->extent[1];
  const struct shape inner = { .rank = 1, .extent = { shape->extent[wide ? 0 : 1] } };
  for (int axis = 0; axis < 2; axis++)
    term_c_name_index (positions[0].index[axis], "p", 0, inner.extent[0]);
  return write_reduction (writer, term, own, &inner, (const uint32_t[2]){ x, UINT32_MAX }, positions);
}

bool
term_c_dot (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *shape = &term_c_at (writer, parts[0].term)->shape;
  struct c_position positions[2] = { { .rank = 1 }, { .rank = 1 } };
  if (shape->rank != 1 || term_c_at (writer, parts[1].term)->shape.rank != 1)
    return term_c_fail (writer, "dot");
  for (int k = 0; k < 2; k++)
    term_c_name_index (positions[k].index[0], "p", 0, shape->extent[0]);
  return write_reduction (writer, term, own, shape, (const uint32_t[2]){ parts[0].term, parts[1].term }, positions);
}

/* logsumexp and log_softmax: the greatest element, and the logarithm of what the others add to 1. */
bool
term_c_logarithms (struct term_c *writer, const struct term *term, uint32_t own)
{
  uint32_t x = term_parts (writer->printer.terms, term)[0].term;
  const struct shape shape = term_c_at (writer, x)->shape;
  int axis, indent = 2, deeper, last;
  bool each = term->op == OP_log_softmax;
  if (!term_c_axis (writer, term, each ? shape.rank - 1 : -1, &axis))
    return term_c_fail (writer, op_info[term->op].name);
  struct shape outside = shape, inner = shape;
  for (int k = 0; k < shape.rank; k++)
    (axis < 0 || k == axis ? &outside : &inner)->extent[k] = 1;
  struct c_position position = term_c_loops (writer, &outside, "i", &indent), result = { .rank = term->shape.rank };
  for (int k = 0; k < shape.rank; k++)
    if (axis < 0 || k == axis)
      term_c_name_index (position.index[k], "p", k, shape.extent[k]);
  for (int k = 0, from = 0; k < term->shape.rank; k++, from++)
    {
      from += !each && from == axis && term->shape.rank < shape.rank;
      memcpy (result.index[k], position.index[from], INDEX_TEXT);
    }
  term_c_put (writer, "{\n%*sdouble most = -INFINITY, rest = 0.0;\n", indent + 2, "");
  term_c_put (writer, "%*sint found = 0;\n", indent + 2, "");
  deeper = indent + 2;
  term_c_loops (writer, &inner, "p", &deeper);
  term_c_put (writer, "most = fmax(most, ");
  bool good = term_c_element (writer, x, &position);
  term_c_put (writer, ");\n");
  deeper = indent + 2;
  term_c_loops (writer, &inner, "p", &deeper);
  term_c_put (writer, "if (found || ");
  good = good && term_c_factor (writer, x, &position);
  term_c_put (writer, " != most)\n%*srest += ", deeper + 2, "");
  good = good && term_c_factor (writer, x, &position);
  term_c_put (writer, " == most ? 1.0 : exp(");
  good = good && term_c_factor (writer, x, &position);
  term_c_put (writer, " - most);\n%*selse\n%*sfound = 1;\n", deeper, "", deeper + 2, "");
  last = indent + 2;
  term_c_loops (writer, each ? &inner : &(struct shape){ .rank = 0 }, "p", &last);
  term_c_put (writer, "%c%u", writer->letter, own);
  term_c_index (writer, &term->shape, &result);
  term_c_put (writer, " = ");
  if (each)
    good = good && term_c_factor (writer, x, &position);
  term_c_put (writer, each ? " - most - log1p(rest);\n%*s}\n" : "most + log1p(rest);\n%*s}\n", indent, "");
  return good;
}
