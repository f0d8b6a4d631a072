/* tape.c -- the program run once: for every value that varies, its links to the values it was made of. */
#include "tape/tape.h"

void
tape_open (struct tape *tape, struct memory *memory, struct arrays *arrays)
{
  *tape = (struct tape){ .memory = memory, .arrays = arrays };
  enum
  {
    LINKS = 256 /* of a small run, which then needs no address space of its own */
  };
  area_open_small (&tape->ends, memory, LINKS * sizeof (uint32_t), (size_t)4 << 30, "the tape");
  area_open_small (&tape->weights, memory, LINKS * sizeof (double), (size_t)32 << 30, "the tape");
  area_open_small (&tape->operands, memory, LINKS * sizeof (uint32_t), (size_t)16 << 30, "the tape");
  area_open (&tape->linears, memory, (size_t)1 << 40, "the tape");
  tape_node (tape);
}

static void
drop_linears (struct tape *tape)
{
  struct linear *linears = area_of (&tape->linears, struct linear);
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    linear_drop (tape->arrays, &linears[i]);
  tape->linears.used = 0;
}

void
tape_close (struct tape *tape)
{
  if (!tape->memory)
    return;
  drop_linears (tape);
  area_close (&tape->ends);
  area_close (&tape->weights);
  area_close (&tape->operands);
  area_close (&tape->linears);
}

void
tape_clear (struct tape *tape)
{
  drop_linears (tape);
  tape->ends.used = tape->weights.used = tape->operands.used = 0;
  tape_node (tape);
}

void
tape_link_linear (struct tape *tape, uint32_t operand, const struct linear *linear)
{
  size_t index = area_count (&tape->linears, struct linear);
  *area_add (&tape->linears, struct linear) = *linear;
  tape_link_bits (tape, operand | LINK_LINEAR, index);
}

uint32_t
tape_source (struct tape *tape, bool is_array, size_t size)
{
  if (is_array)
    tape_size (tape, size);
  return tape_node (tape);
}

bool
tape_is_array (const struct tape *tape, uint32_t node, size_t *size)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  uint32_t first = ends[node - 1];
  if (first == ends[node] || area_of (&tape->operands, uint32_t)[first] != LINK_SIZE)
    return false;
  *size = weight_bits (area_of (&tape->weights, double)[first]);
  return true;
}

void
tape_dump (const struct tape *tape, FILE *out)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  static const char *const kinds[LINEAR_KINDS]
    = { "scale",   "diagonal",    "reduce", "gather",  "scatter",  "keep",     "matmul left", "matmul right",
        "softmax", "log_softmax", "cumsum", "cumprod", "sandwich", "cholesky", "terms",       "transpose" };
  for (uint32_t node = 1; node < tape_count (tape); node++)
    {
      fprintf (out, "%6u ", node);
      for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
        {
          uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
          if (operands[link] == LINK_SIZE)
            fprintf (out, " array of %zu", (size_t)weight_bits (weights[link]));
          else if (operands[link] & LINK_LINEAR)
            fprintf (out, "  %u %s", from,
                     kinds[area_of (&tape->linears, struct linear)[weight_bits (weights[link])].kind]);
          else if (operands[link] & LINK_ELEMENT)
            fprintf (out, "  %u element %zu", from, (size_t)weight_bits (weights[link]));
          else
            fprintf (out, "  %u * %.17g", from, weights[link]);
        }
      putc ('\n', out);
    }
}
