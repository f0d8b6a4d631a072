/* term_c_logarithms.c -- logarithms of sums of exponentials, as loops in C. */
#include <string.h>

#include "formula/term_c.h"

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
