/* careful.c -- the part of a reverse sweep that tells zeros apart. */
#include "tape/careful.h"

/* The numbers among some nodes. */
static void
set_flat (const struct reverse *reverse, uint32_t first, uint32_t end)
{
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  size_t size;
  for (uint32_t node = first; node < end; node++)
    if (!tape_is_array (reverse->tape, node, &size))
      adjoints[node].number = FLAT;
}

void
careful_open (struct reverse *reverse)
{
  if (reverse->tape->unbounded)
    set_flat (reverse, reverse->tape->unbounded, tape_count (reverse->tape));
}

void
careful_seed (struct reverse *reverse, uint32_t node, const double *elements, size_t step)
{
  union adjoint *adjoint = area_of (&reverse->adjoints, union adjoint) + node;
  size_t size = 1;
  bool is_array = tape_is_array (reverse->tape, node, &size);
  double *sum = is_array ? reverse_writable (reverse, adjoint, size, FLAT) : &adjoint->number;
  for (size_t i = 0; i < size; i++)
    sum[i] += elements[i * step] == 0 ? FLAT : elements[i * step];
}

/* Through a linear map. */
static void
pass_linear (const struct tape *tape, const struct linear *linear, const double *Y, size_t Y_step, double *X,
             bool poison)
{
  size_t size = linear_careful_room (linear);
  struct array *room = size ? array_vector (tape->arrays, size) : NULL;
  linear_reverse_careful (tape->memory, linear, Y, Y_step, X, poison, room ? room->elements : NULL);
  array_drop (tape->arrays, room);
}

/* Through one link, from the adjoint of a node, to a sum of what comes to the operand. */
static void
pass (const struct tape *tape, uint32_t node, uint32_t link, const double *Y, size_t Y_step, double *X, bool poison)
{
  struct linear room;
  if (area_of (&tape->operands, uint32_t)[link] & LINK_SIZE)
    pass_linear (tape, tape_map (tape, node, link, &room), Y, Y_step, X, poison);
  else
    *X += careful_product (area_of (&tape->weights, double)[link], *Y, false, poison);
}

/* All links of one node. */
static void
pass_node (struct reverse *reverse, uint32_t node, bool is_array)
{
  const struct tape *tape = reverse->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint), *result = &adjoints[node];
  const double *Y = is_array ? result->array->elements : &result->number;
  size_t Y_step = !is_array || result->array->shape.rank > 0;
  bool kept = is_array && reverse_keeps (reverse, node);
  for (uint32_t link = ends[node - 1] + is_array; link < ends[node]; link++)
    {
      uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
      size_t size;
      struct linear room;
      if (is_array && !kept && link + 1 == ends[node] && careful_reaches (reverse, from)
          && reverse_hand_over (tape_map (tape, node, link, &room), result, &adjoints[from], FLAT))
        return;
      double *X = &adjoints[from].number;
      if (tape_is_array (tape, from, &size))
        X = reverse_writable (reverse, &adjoints[from], size, FLAT);
      pass (tape, node, link, Y, Y_step, X, reverse->poison);
    }
}

uint32_t
careful_run (struct reverse *reverse, uint32_t lowest)
{
  const struct tape *tape = reverse->tape;
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  uint32_t top = reverse->top;
  size_t size;
  for (; top > lowest && careful_reaches (reverse, top); top--)
    {
      union adjoint *adjoint = &adjoints[top];
      bool is_array = tape_is_array (tape, top, &size);
      if (is_array ? !adjoint->array : is_flat (adjoint->number))
        continue;
      pass_node (reverse, top, is_array);
      if (reverse_keeps (reverse, top))
        continue;
      if (is_array)
        array_drop (tape->arrays, adjoint->array);
      if (is_array)
        adjoint->array = NULL;
      else if (reverse->again)
        adjoint->number = FLAT;
    }
  return top;
}

void
careful_pass (const struct tape *tape, uint32_t node, uint32_t operand, const double *elements, double *sum)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
    if (operands[link] != LINK_SIZE && (operands[link] & ~(uint32_t)LINK_SIZE) == operand)
      pass (tape, node, link, elements, 1, sum, false);
}
