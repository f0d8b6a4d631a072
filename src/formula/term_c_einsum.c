/* term_c_einsum.c -- products that are summed over letters, as loops in C. */
#include <string.h>

#include "formula/term_c.h"

/* Letters of einsum: of each operand, and of the result; how often each stands in all operands. */
struct letters
{
  char parts[RANK_LIMIT + 1][RANK_LIMIT + 1];
  uint32_t operands;
  char result[RANK_LIMIT + 1];
};

static bool
read_letters (const struct term_c *writer, const struct term *term, struct letters *letters)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  const struct term *text = term_c_at (writer, parts[0].term);
  const struct part *codes = term_parts (writer->printer.terms, text);
  char *to = letters->parts[0];
  size_t used = 0;
  letters->operands = 1;
  bool arrow = false;
  for (uint32_t i = 0; i < text->count; i++)
    {
      char code = (char)term_c_at (writer, codes[i].term)->number;
      if (code == ' ' || code == '>')
        continue;
      to[used] = 0;
      if (code == ',' && !arrow && letters->operands <= RANK_LIMIT)
        to = letters->parts[letters->operands++];
      else if (code == '-' && !arrow)
        to = letters->result;
      else if (code == ',' || code == '-' || code == '.' || used == RANK_LIMIT)
        return false;
      else
        {
          to[used++] = code;
          continue;
        }
      arrow |= code == '-';
      used = 0;
    }
  to[used] = 0;
  return arrow && letters->operands + 1 == term->count;
}

/* The products of elements of all operands, summed over the letters that the result has not. */
bool
term_c_einsum (struct term_c *writer, const struct term *term, uint32_t own)
{
  const struct part *parts = term_parts (writer->printer.terms, term);
  struct letters letters;
  char summed[RANK_LIMIT + 1] = "";
  struct shape inner = { .rank = 0 };
  int indent = 2, deeper;
  if (!read_letters (writer, term, &letters))
    return term_c_fail (writer, "einsum");
  for (uint32_t k = 0; k < letters.operands; k++)
    for (int axis = 0; letters.parts[k][axis]; axis++)
      {
        char letter = letters.parts[k][axis];
        if (strchr (letters.result, letter) || strchr (summed, letter))
          continue;
        if (inner.rank == RANK_LIMIT)
          return term_c_fail (writer, "einsum");
        summed[inner.rank] = letter;
        inner.extent[inner.rank++] = term_c_at (writer, parts[k + 1].term)->shape.extent[axis];
        summed[inner.rank] = 0;
      }
  struct c_position result = term_c_loops (writer, &term->shape, "i", &indent);
  term_c_put (writer, "{\n%*sdouble sum = 0;\n", indent + 2, "");
  deeper = indent + 2;
  struct c_position sum = term_c_loops (writer, &inner, "p", &deeper);
  term_c_put (writer, "sum += ");
  bool good = true;
  for (uint32_t k = 0; k < letters.operands && good; k++)
    {
      struct c_position position = { .rank = (int)strlen (letters.parts[k]) };
      for (int axis = 0; axis < position.rank; axis++)
        {
          const char *outside = strchr (letters.result, letters.parts[k][axis]);
          memcpy (position.index[axis],
                  outside ? result.index[outside - letters.result]
                          : sum.index[strchr (summed, letters.parts[k][axis]) - summed],
                  INDEX_TEXT);
        }
      term_c_put (writer, k ? "*" : "");
      good = term_c_factor (writer, parts[k + 1].term, &position);
    }
  term_c_put (writer, ";\n%*s%c%u", indent + 2, "", writer->letter, own);
  term_c_index (writer, &term->shape, &result);
  term_c_put (writer, " = sum;\n%*s}\n", indent, "");
  return good;
}
