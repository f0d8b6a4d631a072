/* term_c.c -- formulas with arrays as statements in C.

   What goes element by element is written into the loops that need it; what does not (products of matrices, sums,
   lists) gets an array of its own, `t1` and so on, in loops before. */
#include "formula/term_c.h"

#include <stdio.h>

enum
{
  DEEPEST = 300
};

static bool prepare (struct term_c *writer, uint32_t term);

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
      else if (!term_c_assign (writer, name, i * size, parts[i].term, &row->shape))
        return false;
    }
  return true;
}

/* Statements for the array of a call. */
static bool
write_own (struct term_c *writer, const struct term *term, uint32_t own)
{
  static bool (*const loops[OPS]) (struct term_c *writer, const struct term *term, uint32_t own) = {
#define NOTATION(name, latex, c, rule) [OP_##name] = c,
#define LOOP(how) term_c_##how
#define MOVE(how, values) NULL
#define SAME NULL
#define C(text) NULL
#define NONE NULL
#include "ops/notation.def"
  };
  if (term->op == TERM_ARRAY)
    return write_list (writer, term, own);
  if (term->op >= OPS || !loops[term->op])
    return term_c_fail (writer, term->op < OPS ? op_info[term->op].name : "this index");
  return loops[term->op](writer, term, own);
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
