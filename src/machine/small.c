/* small.c -- the nodes of a small array's elements. */
#include "machine/small.h"

/* So many FLAT links, and nothing else, that a node may need. */
static void
link_flat (struct tape *tape, uint32_t node)
{
  tape_link (tape, node, FLAT);
}

uint32_t
small_node (struct run *run, const struct array *array)
{
  struct tape *tape = run->tape;
  const uint32_t *nodes = array_nodes (array);
  tape_size (tape, array->size);
  for (size_t i = 0; i < array->size; i++)
    if (nodes[i])
      tape_link_bits (tape, nodes[i] | LINK_ELEMENT, i);
  return tape_node (tape);
}

/* The elements of an array's node as numbers, the first one last: a sweep then comes to them in their order. They are
   made once for each node, or a few times. The node of the first is returned. */
static uint32_t
take_apart (struct run *run, uint32_t node, size_t size)
{
  struct apart *known = &run->taken_apart[node % RUN_TAKEN_APART];
  if (known->node == node)
    return known->first;
  for (size_t i = size; i-- > 0;)
    {
      tape_link_bits (run->tape, node | LINK_ELEMENT, i);
      known->first = tape_node (run->tape);
    }
  known->node = node;
  return known->first;
}

const uint32_t *
small_nodes (struct run *run, const struct array *array, uint32_t node, uint32_t room[ARRAY_SMALL])
{
  if (node == NODE_ELEMENTS)
    return array_nodes (array);
  if (!array || !node)
    {
      for (size_t i = 0; i < (array ? array->size : 1); i++)
        room[i] = node;
      return room;
    }
  uint32_t first = take_apart (run, node, array->size);
  for (size_t i = 0; i < array->size; i++)
    room[i] = first - (uint32_t)i;
  return room;
}

bool
small_is_closed (const struct array *array, uint32_t node)
{
  return node != NODE_ELEMENTS || array->closed == small_all (array->size);
}

/* The bits of elements that vary. */
static uint32_t
varying (const struct array *array)
{
  const uint32_t *nodes = array_nodes (array);
  uint32_t bits = 0;
  for (size_t i = 0; i < array->size; i++)
    bits |= (uint32_t)(nodes[i] != 0) << i;
  return bits;
}

/* Makes `whole` depend on all elements. */
static void
cover (struct run *run, struct array *array)
{
  struct tape *tape = run->tape;
  const uint32_t *nodes = array_nodes (array);
  uint32_t missing = varying (array) & ~(uint32_t)array->covered;
  if (!missing)
    return;
  if (array->whole)
    link_flat (tape, array->whole);
  for (size_t i = 0; i < array->size; i++)
    if (missing >> i & 1)
      link_flat (tape, nodes[i]);
  array->whole = tape_node (tape);
  array->covered |= (uint16_t)missing;
}

static void
close_element (struct run *run, struct array *array, size_t position)
{
  struct tape *tape = run->tape;
  uint32_t *node = &array_nodes (array)[position];
  if (*node)
    tape_link (tape, *node, 1);
  link_flat (tape, array->whole);
  *node = tape_node (tape);
  array->closed |= (uint16_t)(1u << position);
}

uint32_t
small_element (struct run *run, const struct value *value, size_t position)
{
  struct array *array = value->array;
  if (value->node != NODE_ELEMENTS)
    return take_apart (run, value->node, array->size) - (uint32_t)position;
  if (!(array->closed >> position & 1))
    {
      uint32_t others = varying (array) & ~(1u << position);
      /* One that varies alone is all that there is. */
      if (!others && !array->whole)
        return array_nodes (array)[position];
      cover (run, array);
      close_element (run, array, position);
    }
  return array_nodes (array)[position];
}

void
small_close (struct run *run, struct array *array)
{
  cover (run, array);
  for (size_t i = array->size; i-- > 0;)
    if (!(array->closed >> i & 1))
      close_element (run, array, i);
}

bool
small_literal (struct run *run, const struct value *numbers, uint32_t count, struct value *result)
{
  bool real = false, numeric = true;
  if (!small_is_on (run) || count == 0 || count > ARRAY_SMALL)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      numeric = numeric && value_is_number (&numbers[i]);
      real |= numbers[i].kind == KIND_REAL;
    }
  if (!numeric || !real)
    return false;
  *result = value_of_array (array_vector (run->arrays, count));
  for (uint32_t i = 0; i < count; i++)
    {
      result->array->elements[i] = numbers[i].number;
      array_nodes (result->array)[i] = numbers[i].node;
      if (numbers[i].node)
        result->node = NODE_ELEMENTS;
    }
  return true;
}

/* What stood there goes, and what it depended on stays connected. */
void
small_replace (struct run *run, struct value *value, size_t position, uint32_t node)
{
  struct array *array = value->array;
  uint32_t *nodes = array_nodes (array), room[ARRAY_SMALL];
  if (value->node != NODE_ELEMENTS)
    {
      memcpy (nodes, small_nodes (run, array, value->node, room), array->size * sizeof *nodes);
      array->covered = 0;
      array->whole = 0;
      value->node = NODE_ELEMENTS;
    }
  if (nodes[position])
    {
      if (node)
        tape_link (run->tape, node, 1);
      link_flat (run->tape, nodes[position]);
      node = tape_node (run->tape);
    }
  nodes[position] = node;
  array->covered &= (uint16_t) ~(1u << position);
  array->closed = 0;
}
