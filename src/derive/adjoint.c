/* adjoint.c -- the adjoints of a sweep that is recorded.

   A heap has the nodes that wait. What an adjoint is the sum of waits in a list until its node's turn. */
#include "derive/adjoint.h"

#include <stdlib.h>
#include <string.h>

#include "derive/rest.h"
#include "ops/routine.h"

enum
{
  SPARSE = 8 /* elements of an array for each that is added on its own */
};

/* A part of an adjoint: of all its elements, or of the one at `position`. */
struct term
{
  struct value value;
  uint32_t position;
  uint32_t next; /* plus one */
};

void
adjoints_open (struct adjoints *adjoints, struct memory *memory)
{
  area_open (&adjoints->slot_of, memory, (size_t)4 << 30, "the adjoints");
  area_open (&adjoints->slots, memory, (size_t)32 << 30, "the adjoints");
  area_open (&adjoints->terms, memory, (size_t)64 << 30, "the adjoints");
  area_open (&adjoints->places, memory, (size_t)16 << 30, "the adjoints");
  area_open (&adjoints->heap, memory, (size_t)16 << 30, "the adjoints");
}

void
adjoints_close (struct adjoints *adjoints)
{
  struct area *areas[] = { &adjoints->slot_of, &adjoints->slots, &adjoints->terms, &adjoints->places, &adjoints->heap };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
}

static void
heap_push (struct area *heap, uint32_t node)
{
  area_add (heap, uint32_t);
  uint32_t *nodes = area_of (heap, uint32_t);
  size_t at = area_count (heap, uint32_t) - 1;
  for (; at && nodes[(at - 1) / 2] < node; at = (at - 1) / 2)
    nodes[at] = nodes[(at - 1) / 2];
  nodes[at] = node;
}

static uint32_t
heap_pop (struct area *heap)
{
  uint32_t *nodes = area_of (heap, uint32_t), top = nodes[0];
  heap->used -= sizeof *nodes;
  size_t count = area_count (heap, uint32_t), at = 0;
  uint32_t last = nodes[count];
  for (size_t child; (child = 2 * at + 1) < count; at = child)
    {
      child += child + 1 < count && nodes[child + 1] > nodes[child];
      if (nodes[child] <= last)
        break;
      nodes[at] = nodes[child];
    }
  if (count)
    nodes[at] = last;
  return top;
}

static uint32_t *
slot_of (struct adjoints *adjoints, uint32_t node)
{
  while (area_count (&adjoints->slot_of, uint32_t) <= node)
    *area_add (&adjoints->slot_of, uint32_t) = 0;
  return area_of (&adjoints->slot_of, uint32_t) + node;
}

bool
adjoints_have (struct adjoints *adjoints, uint32_t node)
{
  return *slot_of (adjoints, node) != 0;
}

void
adjoints_add (struct adjoints *adjoints, uint32_t node, struct value value, uint32_t position)
{
  uint32_t *known = slot_of (adjoints, node);
  if (!*known)
    {
      *area_add (&adjoints->slots, struct waiting) = (struct waiting){ .node = node };
      *known = (uint32_t)area_count (&adjoints->slots, struct waiting);
      heap_push (&adjoints->heap, node);
    }
  struct waiting *slot = area_of (&adjoints->slots, struct waiting) + *known - 1;
  *area_add (&adjoints->terms, struct term) = (struct term){ .value = value, .position = position };
  uint32_t added = (uint32_t)area_count (&adjoints->terms, struct term);
  if (slot->last)
    area_of (&adjoints->terms, struct term)[slot->last - 1].next = added;
  else
    slot->first = added;
  slot->last = added;
}

bool
adjoints_next (struct adjoints *adjoints, struct waiting *waiting)
{
  if (!adjoints->heap.used)
    return false;
  uint32_t *known = slot_of (adjoints, heap_pop (&adjoints->heap));
  *waiting = area_of (&adjoints->slots, struct waiting)[*known - 1];
  *known = 0;
  return true;
}

void
adjoints_clear (struct adjoints *adjoints)
{
  adjoints->slots.used = adjoints->terms.used = 0;
}

struct value
adjoint_empty (struct run *run, const struct shape *shape)
{
  return run_filled (run, shape, run->tape->careful ? FLAT : 0);
}

/* The sum of arrays, without links: in the room of the first where nobody else holds it. */
static struct value
sum_arrays (struct run *run, const struct term *terms, size_t count, double zero)
{
  struct value result = value_of_array (terms[0].value.array);
  size_t size = result.array->size;
  const double *first = result.array->elements;
  if (result.array->references > 1)
    result.array = array_new (run->arrays, TYPE_REAL, &result.array->shape);
  double *sum = result.array->elements;
  for (size_t k = 0; k < size; k++)
    sum[k] = zero + first[k];
  for (size_t i = 1; i < count; i++)
    {
      const double *elements = terms[i].value.array->elements;
      for (size_t k = 0; k < size; k++)
        sum[k] += elements[k];
    }
  return result;
}

/* The sum of values of one shape, each with its link. Takes over the references. */
static struct value
sum_of (struct run *run, const struct term *terms, size_t count, const struct shape *shape)
{
  if (count == 1)
    return terms[0].value;
  double zero = run->tape->careful ? FLAT : 0;
  struct value result = value_number (KIND_REAL, zero);
  bool varies = false;
  if (shape->rank)
    result = sum_arrays (run, terms, count, zero);
  for (size_t i = 0; i < count; i++)
    {
      if (!shape->rank)
        result.number += terms[i].value.number;
      varies |= terms[i].value.node != 0;
    }
  if (varies)
    run_begin (run, &result);
  for (size_t i = 0; i < count; i++)
    {
      struct value value = terms[i].value;
      if (value.node && shape->rank)
        run_link_same (run, value.node, shape);
      else if (value.node)
        tape_link (run->tape, value.node, 1);
      if (shape->rank && value.array != result.array)
        value_drop (run, &value);
    }
  if (varies)
    run_node (run, run->place, &result);
  return result;
}

static int
by_position (const void *a, const void *b)
{
  const struct term *x = a, *y = b;
  if (x->position != y->position)
    return x->position < y->position ? -1 : 1;
  return (x->next > y->next) - (x->next < y->next);
}

/* Puts the terms of single elements into a row behind those that are there, by position, and those of one position in
   the order in which they came. `size` is the number of elements of the array. */
static void
gather_elements (struct adjoints *adjoints, const struct waiting *slot, size_t count, size_t size)
{
  const struct term *all = area_of (&adjoints->terms, struct term);
  struct term *row = area_push (&adjoints->terms, count * sizeof *row);
  uint32_t order = 0, *places = NULL;
  /* Where they are many they are put in their places, else sorted. */
  if (SPARSE * count >= size)
    {
      places = area_push (&adjoints->places, (size + 1) * sizeof *places);
      memset (places, 0, (size + 1) * sizeof *places);
      for (uint32_t at = slot->first; at; at = all[at - 1].next)
        if (all[at - 1].position != ADJOINT_WHOLE)
          places[all[at - 1].position + 1]++;
      for (size_t i = 0; i < size; i++)
        places[i + 1] += places[i];
    }
  for (uint32_t at = slot->first; at; at = all[at - 1].next)
    if (all[at - 1].position != ADJOINT_WHOLE)
      {
        struct term *term = places ? &row[places[all[at - 1].position]++] : &row[order];
        *term = all[at - 1];
        term->next = order++;
      }
  if (!places)
    qsort (row, count, sizeof *row, by_position);
  adjoints->places.used = 0;
}

/* An array that has a number at each of some positions, which rise, and else zeros. */
static struct value
scattered (struct run *run, const struct term *terms, size_t count, const struct shape *shape)
{
  struct value result = adjoint_empty (run, shape);
  bool varies = false;
  for (size_t i = 0; i < count; i++)
    {
      result.array->elements[terms[i].position] = terms[i].value.number;
      varies |= terms[i].value.node != 0;
    }
  if (!varies)
    return result;
  run_begin (run, &result);
  for (size_t i = 0; i < count; i++)
    if (terms[i].value.node)
      {
        struct layout layout = { .offset = (ptrdiff_t)terms[i].position };
        struct linear map = map_reduce (NULL, &layout, result.array->size);
        map.operand_size = 1;
        tape_link_linear (run->tape, terms[i].value.node, &map);
      }
  run_node (run, run->place, &result);
  return result;
}

/* Few single elements are added to what is of all of them one by one. */
struct value
adjoints_sum (struct adjoints *adjoints, struct run *run, const struct waiting *waiting, const struct shape *shape)
{
  size_t start = area_count (&adjoints->terms, struct term), whole = 0, elements = 0;
  /* In a row behind all others, those of single elements last. */
  for (uint32_t at = waiting->first; at;)
    {
      struct term term = area_of (&adjoints->terms, struct term)[at - 1];
      at = term.next;
      elements += term.position != ADJOINT_WHOLE;
      if (term.position != ADJOINT_WHOLE)
        continue;
      *area_add (&adjoints->terms, struct term) = term;
      whole++;
    }
  if (elements)
    gather_elements (adjoints, waiting, elements, shape_size (shape));
  struct term *terms = area_of (&adjoints->terms, struct term) + start, *single = terms + whole;
  if (elements)
    {
      struct shape number = { .rank = 0 };
      size_t kept = 0;
      for (size_t i = 0, end; i < elements; i = end)
        {
          for (end = i + 1; end < elements && single[end].position == single[i].position;)
            end++;
          struct value sum = sum_of (run, &single[i], end - i, &number);
          single[kept++] = (struct term){ .value = sum, .position = single[i].position };
        }
      if (whole && SPARSE * kept < shape_size (shape))
        {
          struct value sum = sum_of (run, terms, whole, shape);
          for (size_t i = 0; i < kept; i++)
            rest_add (run, &sum, single[i].position, &single[i].value);
          adjoints->terms.used = start * sizeof *terms;
          return sum;
        }
      struct value array = scattered (run, single, kept, shape);
      single[0] = (struct term){ .value = array, .position = ADJOINT_WHOLE };
      whole++;
    }
  struct value sum = sum_of (run, terms, whole, shape);
  adjoints->terms.used = start * sizeof *terms;
  return sum;
}
