/* term_c_join.c -- the elements of arrays that are joined, or copied and repeated, as C finds them. */
#include <string.h>

#include "formula/term_c.h"

/* Arrays one behind the other along an axis, or along a new one. */
void
term_c_write_joined (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct term *last = term_c_at (writer, parts[term->count - 1].term);
  uint32_t count = term->count - (last->kind == TERM_CALL && last->op == TERM_AXIS);
  int axis = term_c_axis_of (writer, term, term->shape.rank, term->op == OP_hstack && term->shape.rank > 1 ? 1 : 0);
  bool adds = term->op == OP_stack;
  size_t before = 0;
  for (uint32_t k = 0; k < count; k++)
    {
      const struct shape *shape = &term_c_at (writer, parts[k].term)->shape;
      struct c_position inner = *position;
      /* A number is a vector of one, and on top of others a vector is a row. */
      int lacks = term->shape.rank - shape->rank;
      if (adds)
        memmove (&inner.index[axis], &inner.index[axis + 1], (size_t)(term->shape.rank - 1 - axis) * INDEX_TEXT);
      else if (lacks)
        memmove (inner.index[0], inner.index[lacks], (size_t)shape->rank * INDEX_TEXT);
      else if (shape->extent[axis] == 1)
        strcpy (inner.index[axis], "0");
      else if (before)
        term_c_put_index (writer, inner.index[axis], "(%s - %zu)", position->index[axis], before);
      inner.rank = shape->rank;
      before += adds || lacks ? 1 : shape->extent[axis];
      if (k + 1 < count)
        term_c_put (writer, "(%s < %zu ? ", position->index[axis], before);
      term_c_operand (writer, term, k, &inner);
      term_c_put (writer, k + 1 < count ? " : " : "");
    }
  for (uint32_t k = 1; k < count; k++)
    term_c_put (writer, ")");
}

/* Copies along axes: the last ones of the result are those of the operand. */
void
term_c_write_copies (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct shape *from = &term_c_at (writer, term_parts (writer->printer.terms, term)[0].term)->shape;
  struct c_position inner = { .rank = from->rank };
  int more = term->shape.rank - from->rank;
  for (int axis = 0; axis < from->rank; axis++)
    if (from->extent[axis] == 1)
      strcpy (inner.index[axis], "0");
    else if (from->extent[axis] == term->shape.extent[axis + more])
      memcpy (inner.index[axis], position->index[axis + more], INDEX_TEXT);
    else
      term_c_put_index (writer, inner.index[axis], "%s%%%zu", position->index[axis + more], from->extent[axis]);
  term_c_operand (writer, term, 0, &inner);
}

/* Each element n times, along an axis or of all elements in a row. */
void
term_c_write_repeated (struct term_c *writer, const struct term *term, const struct c_position *position)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct shape *from = &term_c_at (writer, parts[0].term)->shape;
  struct c_position inner = *position;
  int axis = term_c_axis_of (writer, term, term->shape.rank, -1);
  char element[INDEX_TEXT];
  size_t behind = shape_size (from);
  double times;
  if (!term_c_constant (writer, parts[1].term, &times))
    {
      term_c_fail (writer, "repeat, unless n is a number");
      return;
    }
  inner.rank = from->rank;
  term_c_put_index (writer, element, times == 1 ? "%s" : "(%s/%.0f)", position->index[axis < 0 ? 0 : axis], times);
  for (int k = 0; k < from->rank; k++)
    {
      behind /= from->extent[k] ? from->extent[k] : 1;
      if (axis == k || (axis < 0 && from->rank == 1))
        memcpy (inner.index[k], element, INDEX_TEXT);
      else if (axis < 0 && behind == 1)
        term_c_put_index (writer, inner.index[k], "%s%%%zu", element, from->extent[k]);
      else if (axis < 0)
        term_c_put_index (writer, inner.index[k], k ? "%s/%zu%%%zu" : "%s/%zu", element, behind, from->extent[k]);
    }
  term_c_operand (writer, term, 0, &inner);
}
