/* term_c_loops.c -- loops over the elements of an array, in C. */
#include <stdio.h>
#include <string.h>

#include "formula/term_c.h"

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

uint32_t
term_c_declare (struct term_c *writer, const struct shape *shape)
{
  size_t size = shape_size (shape);
  uint32_t own = ++writer->own_count;
  writer->elements += size;
  term_c_put (writer, shape->rank ? "  double %c%u[%zu];\n" : "  double %c%u;\n", writer->letter, own, size ? size : 1);
  return own;
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
