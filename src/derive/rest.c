/* rest.c -- adjoints of arrays of which elements were replaced, in a recorded sweep. */
#include "derive/rest.h"

#include "ops/routine.h"

const struct linear *
rest_map (const struct tape *tape, uint32_t node)
{
  uint32_t first = area_of (&tape->ends, uint32_t)[node - 1], end = area_of (&tape->ends, uint32_t)[node];
  if (first == end || (area_of (&tape->operands, uint32_t)[end - 1] & LINK_SIZE) != LINK_LINEAR)
    return NULL;
  const struct linear *map
    = area_of (&tape->linears, struct linear) + bits_of (area_of (&tape->weights, double)[end - 1]);
  return map->kind == LINEAR_KEEP ? map : NULL;
}

/* An adjoint that nobody else holds; whether it is the one that was given, which is KIND_NOTHING then. */
static bool
take (struct run *run, struct value *adjoint, struct value *taken)
{
  const struct array *array = adjoint->array;
  *taken = *adjoint;
  if (array->references == 1)
    {
      *adjoint = (struct value){ 0 };
      return true;
    }
  taken->array = array_copied (run->arrays, &array->shape, array->elements);
  return false;
}

/* Closes the node of an array whose other elements are those of the node before, if that varies. */
static void
close_node (struct run *run, uint32_t before, struct linear *map, struct value *result)
{
  if (before)
    tape_link_linear (run->tape, before, map);
  result->node = tape_node (run->tape);
  run_keep_replaced (run, run->place, result, before);
}

struct value
rest_of (struct run *run, const struct linear *map, struct value *adjoint)
{
  struct linear own = *map;
  struct value rest;
  own.in_place = take (run, adjoint, &rest);
  linear_keep (map, rest.array->elements, run->tape->careful ? FLAT : 0);
  if (!rest.node)
    return rest;
  if (own.positions)
    array_hold (own.positions);
  run_begin (run, &rest);
  close_node (run, rest.node, &own, &rest);
  return rest;
}

void
rest_add (struct run *run, struct value *adjoint, size_t position, const struct value *number)
{
  struct value sum;
  size_t size = adjoint->array->size;
  struct layout layout = { .offset = (ptrdiff_t)position };
  struct linear part = map_reduce (NULL, &layout, size), rest = { .kind = LINEAR_KEEP, .scale = 1 };
  rest.in_place = take (run, adjoint, &sum);
  if (!rest.in_place)
    value_drop (run, adjoint);
  sum.array->elements[position] += number->number;
  *adjoint = sum;
  if (!sum.node && !number->node)
    return;
  struct value element = value_number (KIND_REAL, sum.array->elements[position]);
  if (sum.node)
    tape_link_bits (run->tape, sum.node | LINK_ELEMENT, position);
  if (number->node)
    tape_link (run->tape, number->node, 1);
  run_node (run, run->place, &element);
  part.operand_size = 1;
  rest.operand_size = rest.result_size = size;
  rest.layout = layout;
  run_begin (run, &sum);
  tape_link_linear (run->tape, element.node, &part);
  close_node (run, sum.node, &rest, adjoint);
}
