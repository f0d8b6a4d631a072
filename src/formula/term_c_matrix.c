/* term_c_matrix.c -- what has to be solved, and factors of matrices, as calls of functions in C. */
#include <stdio.h>

#include "formula/term_c.h"

enum
{
  NAME = 40
};

/* The array of a term, which is set to an operand's elements. */
static bool
copy (struct term_c *writer, char name[NAME], uint32_t array, uint32_t operand)
{
  const struct shape shape = term_c_at (writer, operand)->shape;
  snprintf (name, NAME, "%c%u", writer->letter, array);
  return term_c_fill (writer, name, 0, operand, &shape);
}

/* The array of a term, which is set to the unit matrix. */
static void
write_unit (struct term_c *writer, uint32_t array, const struct shape *shape)
{
  int indent = 2;
  struct c_position position = term_c_loops (writer, shape, "i", &indent);
  term_c_put (writer, "%c%u", writer->letter, array);
  term_c_index (writer, shape, &position);
  term_c_put (writer, shape->extent[0] == 1 ? " = 1.0;\n" : " = i0 == i1 ? 1.0 : 0.0;\n");
}

bool
term_c_matrix (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape shape = term_c_at (writer, parts[0].term)->shape;
  char matrix[NAME], result[NAME];
  snprintf (result, sizeof result, "%c%u", writer->letter, own);
  if (shape.rank != 2 || term->shape.rank > 2 || !shape.extent[0])
    return term_c_fail (writer, op_info[term->op].name);
  if (term->op == OP_cholesky)
    {
      if (!copy (writer, result, own, parts[0].term))
        return false;
      term_c_put (writer, "  factor (%zu, %s);\n", shape.extent[0], result);
      return true;
    }
  uint32_t work = term_c_declare (writer, &shape);
  bool good = copy (writer, matrix, work, parts[0].term);
  size_t columns = 0;
  if (term->op == OP_solve)
    {
      good = good && copy (writer, result, own, parts[1].term);
      columns = term->shape.rank == 2 ? term->shape.extent[1] : 1;
    }
  else if (term->op == OP_inv)
    {
      write_unit (writer, own, &shape);
      columns = shape.extent[0];
    }
  if (columns)
    term_c_put (writer, "  eliminate (%zu, %zu, %s, %s);\n", shape.extent[0], columns, matrix, result);
  else
    term_c_put (writer, term->op == OP_logdet ? "  %s = log(eliminate (%zu, 0, %s, NULL));\n"
                                              : "  %s = eliminate (%zu, 0, %s, NULL);\n",
                result, shape.extent[0], matrix);
  return good;
}
