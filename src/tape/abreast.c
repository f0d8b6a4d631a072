/* abreast.c -- many reverse sweeps in one, beside reverse.c: where everything is finite, so that neither zeros nor FLAT
   need care. */
#include "tape/abreast.h"

#include "tape/reverse.h"

enum
{
  MOST = 64,               /* sweeps abreast: more gain nothing */
  FEWEST = 4,              /* that are worth it */
  MOST_ELEMENTS = 1 << 23, /* of all adjoints of one array, ... */
  MOST_NUMBERS = 1 << 22   /* ... and of all numbers */
};

/* Whether there is a product of matrices, for of these alone many are cheaper than each by itself. */
static bool
has_products (const struct tape *tape)
{
  const struct linear *linears = area_of (&tape->linears, struct linear);
  for (size_t i = 0; i < area_count (&tape->linears, struct linear); i++)
    if (linears[i].kind == LINEAR_MATMUL_LEFT || linears[i].kind == LINEAR_MATMUL_RIGHT)
      return true;
  return false;
}

bool
abreast_open (struct abreast *abreast, const struct tape *tape, const uint32_t *keep, size_t keep_count, size_t wanted)
{
  size_t count = tape_count (tape), largest = 1, size, width = wanted < MOST ? wanted : MOST;
  for (uint32_t node = 1; node < count; node++)
    if (tape_is_array (tape, node, &size) && size > largest)
      largest = size;
  if (width > MOST_ELEMENTS / largest)
    width = MOST_ELEMENTS / largest;
  if (width > MOST_NUMBERS / count)
    width = MOST_NUMBERS / count;
  *abreast = (struct abreast){ .tape = tape, .keep = keep, .keep_count = keep_count, .width = width };
  if (width < FEWEST || !keep_count || tape->unbounded || tape->loops.used || !has_products (tape))
    return false;
  area_open (&abreast->numbers, tape->memory, count * width * sizeof (double), "the adjoints");
  area_open (&abreast->arrays, tape->memory, count * sizeof (struct array *), "the adjoints");
  area_push (&abreast->numbers, count * width * sizeof (double));
  area_push (&abreast->arrays, count * sizeof (struct array *));
  return true;
}

static struct array **
array_at (const struct abreast *abreast, uint32_t node)
{
  return area_of (&abreast->arrays, struct array *) + node;
}

/* The adjoints of a node, which become zeros if there are none yet. */
static double *
rows_of (const struct abreast *abreast, uint32_t node)
{
  size_t size;
  struct array **array = array_at (abreast, node);
  if (!tape_is_array (abreast->tape, node, &size))
    return area_of (&abreast->numbers, double) + node * abreast->width;
  if (!*array)
    {
      *array = array_vector (abreast->tape->arrays, abreast->width * size);
      memset ((*array)->elements, 0, abreast->width * size * sizeof (double));
    }
  return (*array)->elements;
}

static void
clear (struct abreast *abreast, uint32_t node)
{
  struct array **array = array_at (abreast, node);
  array_drop (abreast->tape->arrays, *array);
  *array = NULL;
  memset (area_of (&abreast->numbers, double) + node * abreast->width, 0, abreast->width * sizeof (double));
}

void
abreast_again (struct abreast *abreast)
{
  for (size_t i = 0; i < abreast->keep_count; i++)
    clear (abreast, abreast->keep[i]);
  abreast->top = 0;
}

void
abreast_close (struct abreast *abreast)
{
  abreast_again (abreast);
  area_close (&abreast->numbers);
  area_close (&abreast->arrays);
}

void
abreast_seed (struct abreast *abreast, size_t sweep, uint32_t node, const double *elements)
{
  size_t size = 1;
  tape_is_array (abreast->tape, node, &size);
  double *row = rows_of (abreast, node) + sweep * size;
  for (size_t i = 0; i < size; i++)
    row[i] += elements[i];
  if (node > abreast->top)
    abreast->top = node;
}

void
abreast_read (const struct abreast *abreast, size_t sweep, uint32_t node, size_t size, double *elements)
{
  size_t length;
  bool none = tape_is_array (abreast->tape, node, &length) && !*array_at (abreast, node);
  const double *row = none ? NULL : rows_of (abreast, node) + sweep * size;
  for (size_t i = 0; i < size; i++)
    elements[i] = row ? row[i] + 0.0 : 0;
}

/* Where the rest of an array with elements replaced is all that waits for the result's adjoints, the operand takes them
   over, less those elements. False, with nothing done, where it has some already, or the map is another. */
static bool
hand_over (struct abreast *abreast, const struct linear *linear, uint32_t node, uint32_t from)
{
  struct array **result = array_at (abreast, node), **operand = array_at (abreast, from);
  if (*operand || linear->kind != LINEAR_KEEP)
    return false;
  *operand = *result;
  *result = NULL;
  for (size_t k = 0; k < abreast->width; k++)
    linear_keep (linear, (*operand)->elements + k * linear->operand_size, 0);
  return true;
}

/* A link of an array's node, or one that is no plain number times number. */
static void
pass_structured (struct abreast *abreast, uint32_t node, uint32_t link, bool last)
{
  const struct tape *tape = abreast->tape;
  uint32_t operand = area_of (&tape->operands, uint32_t)[link], from = operand & ~(uint32_t)LINK_SIZE;
  struct linear room;
  const struct linear *linear = tape_map (tape, node, link, &room);
  if (last && hand_over (abreast, linear, node, from))
    return;
  const double *Y = rows_of (abreast, node);
  double *X = rows_of (abreast, from);
  if (operand & LINK_LINEAR || room.kind == LINEAR_KEEP)
    linear_reverse_rows (tape->memory, linear, abreast->width, Y, X);
  else
    {
      /* An element of one side is the other. */
      size_t position = bits_of (area_of (&tape->weights, double)[link]);
      bool to_array = room.kind == LINEAR_SCALE;
      for (size_t k = 0; k < abreast->width; k++)
        X[to_array ? k * room.operand_size + position : k] += Y[to_array ? k : k * room.result_size + position];
    }
}

static void
pass_array (struct abreast *abreast, uint32_t node, uint32_t first, uint32_t end, bool kept)
{
  const uint32_t *operands = area_of (&abreast->tape->operands, uint32_t);
  if (!*array_at (abreast, node))
    return;
  for (uint32_t link = first + 1; link < end; link++)
    if ((operands[link] & ~(uint32_t)LINK_SIZE) >= abreast->keep[0])
      pass_structured (abreast, node, link, !kept && link + 1 == end);
  if (!kept)
    clear (abreast, node);
}

static void
pass_number (struct abreast *abreast, uint32_t node, uint32_t first, uint32_t end, bool kept)
{
  const uint32_t *operands = area_of (&abreast->tape->operands, uint32_t);
  const double *weights = area_of (&abreast->tape->weights, double);
  double *numbers = area_of (&abreast->numbers, double), *own = numbers + node * abreast->width;
  size_t width = abreast->width;
  if (elements_are_zero (own, width))
    return;
  for (uint32_t link = first; link < end; link++)
    {
      uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
      if (from < abreast->keep[0])
        continue;
      if (operands[link] & LINK_SIZE)
        pass_structured (abreast, node, link, false);
      else if (!is_flat (weights[link]))
        for (size_t k = 0; k < width; k++)
          numbers[from * width + k] += own[k] * weights[link];
    }
  if (!kept)
    memset (own, 0, width * sizeof *own);
}

void
abreast_run (struct abreast *abreast)
{
  const struct tape *tape = abreast->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  struct sweep none, *told = tape->sweep ? tape->sweep : &none;
  size_t kept = abreast->keep_count;
  told->top = abreast->top;
  for (uint32_t node = abreast->top; node > abreast->keep[0]; node--)
    {
      uint32_t first = ends[node - 1], end = ends[node];
      told->at = node;
      while (kept && abreast->keep[kept - 1] > node)
        kept--;
      bool keep = kept && abreast->keep[kept - 1] == node;
      if (first == end)
        continue;
      if (operands[first] == LINK_SIZE)
        pass_array (abreast, node, first, end, keep);
      else
        pass_number (abreast, node, first, end, keep);
    }
  told->top = 0;
}
