/* reverse.c -- adjoints: what a change of each value does to the target. Beside forward.c, which is its transpose. */
#include "tape/reverse.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "tape/careful.h"

enum
{
  AHEAD = 256 /* links that are asked for before their turn: nobody foresees that a tape is read backwards */
};

static int
by_number (const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

void
reverse_sort (uint32_t *nodes, size_t count)
{
  if (count > 1)
    qsort (nodes, count, sizeof *nodes, by_number);
}

void
reverse_open (struct reverse *reverse, const struct tape *tape, const uint32_t *keep, size_t keep_count)
{
  *reverse = (struct reverse){ .tape = tape, .keep = keep, .keep_count = keep_count };
  size_t count = tape_count (tape);
  area_open (&reverse->adjoints, tape->memory, count * sizeof (union adjoint), "the adjoints");
  area_push (&reverse->adjoints, count * sizeof (union adjoint));
  careful_open (reverse);
}

void
reverse_close (struct reverse *reverse)
{
  if (!reverse->tape)
    return;
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  /* Arrays are left at kept nodes, and below the lowest one kept. */
  size_t size;
  for (uint32_t node = 1; reverse->has_arrays && node < area_count (&reverse->adjoints, union adjoint); node++)
    if (adjoints[node].array && tape_is_array (reverse->tape, node, &size))
      array_drop (reverse->tape->arrays, adjoints[node].array);
  area_close (&reverse->adjoints);
  area_close (&reverse->connected);
  *reverse = (struct reverse){ 0 };
}

/* Gives a node the same adjoint in every element, if it has none yet. */
static bool
set_uniform (struct reverse *reverse, union adjoint *adjoint, double number)
{
  if (adjoint->array)
    return false;
  struct array *array = array_new (reverse->tape->arrays, TYPE_REAL, &(struct shape){ .rank = 0 });
  array->elements[0] = number + 0.0;
  reverse->has_arrays = true;
  adjoint->array = array;
  return true;
}

void
reverse_seed (struct reverse *reverse, uint32_t node, const double *elements, size_t step)
{
  union adjoint *adjoint = area_of (&reverse->adjoints, union adjoint) + node;
  size_t size = 1;
  bool is_array = tape_is_array (reverse->tape, node, &size);
  for (size_t i = 0; i < (step ? size : 1); i++)
    reverse->poison |= isnan (elements[i]);
  if (node > reverse->top)
    reverse->top = node;
  if (careful_reaches (reverse, node))
    careful_seed (reverse, node, elements, step);
  else if (!is_array)
    adjoint->number += elements[0];
  else if (step || !set_uniform (reverse, adjoint, elements[0]))
    {
      double *sum = reverse_writable (reverse, adjoint, size, 0);
      for (size_t i = 0; i < size; i++)
        sum[i] += elements[i * step];
    }
}

/* Of the number 1 the coefficients are the adjoint themselves: no copy of them is made. They are shared, and so never
   written to. */
static bool
take_coefficients (struct reverse *reverse, const struct linear *linear, const double *elements, size_t step,
                   union adjoint *operand)
{
  bool diagonal = linear->kind == LINEAR_DIAGONAL && linear->operand_size == linear->result_size
                  && layout_is_dense (&linear->layout),
       sum = linear->kind == LINEAR_REDUCE && linear->result_size == 1;
  if (operand->array || (step && !sum) || !linear->coefficients || !(diagonal || sum)
      || !linear->coefficients->shape.rank || !linear->operand_size || *elements != 1)
    return false;
  operand->array = array_hold (linear->coefficients);
  reverse->has_arrays = true;
  return true;
}

/* Where every element meets one of the operand, by the same number: an adjoint that is one number stays one, and of the
   identity the operand shares the result's, until either is written to. */
static bool
take_adjoint (struct reverse *reverse, const struct linear *linear, const union adjoint *result, union adjoint *operand)
{
  struct array *array = result->array;
  if (operand->array || linear->kind != LINEAR_SCALE || linear->operand_size != linear->result_size
      || !linear->operand_size || !layout_is_dense (&linear->layout))
    return false;
  if (!array->shape.rank)
    return isfinite (array->elements[0]) && set_uniform (reverse, operand, linear->scale * array->elements[0]);
  if (linear->scale != 1)
    return false;
  operand->array = array_hold (array);
  return true;
}

/* Sends the adjoint of a result through a linear map to its operand. */
static void
pass (struct reverse *reverse, const struct linear *linear, union adjoint *result, bool array_result, uint32_t node)
{
  union adjoint *operand = area_of (&reverse->adjoints, union adjoint) + node;
  const double *elements = array_result ? result->array->elements : &result->number;
  size_t step = !array_result || result->array->shape.rank > 0;
  size_t size;
  if (!tape_is_array (reverse->tape, node, &size))
    {
      linear_reverse (reverse->tape->memory, linear, elements, step, &operand->number, reverse->poison);
      return;
    }
  assert (size == linear->operand_size);
  /* A sum spreads one number over all elements: no array is needed for that. */
  if (linear->kind == LINEAR_REDUCE && !linear->coefficients && linear->result_size == 1 && isfinite (elements[0])
      && set_uniform (reverse, operand, linear->scale * elements[0]))
    return;
  if (take_coefficients (reverse, linear, elements, step, operand)
      || (array_result && take_adjoint (reverse, linear, result, operand)))
    return;
  if (!operand->array)
    {
      struct array *array = array_vector (reverse->tape->arrays, size);
      reverse->has_arrays = true;
      operand->array = array;
      if (linear_reverse_fresh (linear, elements, step, array->elements, reverse->poison))
        return;
      memset (array->elements, 0, size * sizeof *array->elements);
    }
  linear_reverse (reverse->tape->memory, linear, elements, step, reverse_writable (reverse, operand, size, 0),
                  reverse->poison);
}

/* Moves the adjoint of a result to the operand that it was made of in place, and gives its elements, for the replaced
   ones are to be set. NULL, with nothing done, where something came to the operand already or the adjoint is not an
   array of its own. */
static double *
move_adjoint (union adjoint *result, union adjoint *operand)
{
  struct array *array = result->array;
  if (operand->array || !array->shape.rank || array->references > 1)
    return NULL;
  operand->array = array;
  result->array = NULL;
  return array->elements;
}

bool
reverse_hand_over (const struct linear *linear, union adjoint *result, union adjoint *operand, double zero)
{
  double *elements = linear->kind == LINEAR_KEEP ? move_adjoint (result, operand) : NULL;
  if (elements)
    linear_keep (linear, elements, zero);
  return elements;
}

bool
reverse_keeps (const struct reverse *reverse, uint32_t node)
{
  size_t low = 0, high = reverse->keep_count;
  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      if (reverse->keep[middle] < node)
        low = middle + 1;
      else
        high = middle;
    }
  return low < reverse->keep_count && reverse->keep[low] == node;
}

/* A link of one element of an array's node, without a linear map; false, with nothing done, where the rest of an array
   cannot be handed over. */
static bool
pass_element (struct reverse *reverse, union adjoint *result, uint32_t from, size_t position, bool last)
{
  union adjoint *operand = area_of (&reverse->adjoints, union adjoint) + from;
  size_t size;
  if (!tape_is_array (reverse->tape, from, &size))
    {
      operand->number += result->array->elements[result->array->shape.rank ? position : 0];
      return true;
    }
  double *elements = last ? move_adjoint (result, operand) : NULL;
  if (elements)
    elements[position] = 0;
  return elements;
}

/* All links of one node that are not plain numbers. */
static void
reverse_structured (struct reverse *reverse, uint32_t node, uint32_t first, uint32_t end)
{
  const struct tape *tape = reverse->tape;
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  union adjoint *result = &adjoints[node];
  bool array_result = operands[first] == LINK_SIZE;
  bool kept = array_result && reverse_keeps (reverse, node);
  for (uint32_t link = first + array_result; link < end; link++)
    {
      uint32_t from = operands[link] & ~(uint32_t)LINK_SIZE;
      if (array_result || operands[link] & LINK_LINEAR)
        {
          struct linear room;
          bool last = array_result && !kept && link + 1 == end;
          if (!(operands[link] & LINK_LINEAR)
              && pass_element (reverse, result, from, bits_of (weights[link]), last))
            continue;
          const struct linear *linear = tape_map (tape, node, link, &room);
          if (!last || !reverse_hand_over (linear, result, &adjoints[from], 0))
            pass (reverse, linear, result, array_result, from);
        }
      else if (operands[link] & LINK_ELEMENT)
        {
          size_t size = 0;
          tape_is_array (tape, from, &size);
          reverse_writable (reverse, &adjoints[from], size, 0)[bits_of (weights[link])] += result->number;
        }
      else if (isfinite (result->number) || !is_flat (weights[link]) || (reverse->poison && isnan (result->number)))
        adjoints[from].number += result->number * weights[link];
    }
  if (array_result && !kept && result->array)
    {
      array_drop (tape->arrays, result->array);
      result->array = NULL;
    }
}

/* Nodes from `top` down to the one above `lowest`. In many sweeps in a row what was passed on is set to zero while it
   is in the caches. */
static void
sweep_again (struct reverse *reverse, uint32_t top, uint32_t lowest)
{
  const struct tape *tape = reverse->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  size_t kept = reverse->keep_count;
  for (uint32_t node = top, first = ends[node], end; node > lowest; node--)
    {
      end = first;
      first = ends[node - 1];
      if (!adjoints[node].array || first == end)
        continue;
      while (kept && reverse->keep[kept - 1] > node)
        kept--;
      bool keep = kept && reverse->keep[kept - 1] == node;
      if (operands[first] & LINK_SIZE)
        {
          reverse_structured (reverse, node, first, end);
          if (operands[first] != LINK_SIZE && !keep)
            adjoints[node].number = 0;
          continue;
        }
      double adjoint = adjoints[node].number;
      if (!keep)
        adjoints[node].number = 0;
      for (uint32_t link = first; link < end; link++)
        if (isfinite (adjoint) || !is_flat (weights[link]) || (reverse->poison && isnan (adjoint)))
          adjoints[operands[link]].number += adjoint * weights[link];
    }
}

void
reverse_again (struct reverse *reverse)
{
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  size_t size;
  for (size_t i = 0; i < reverse->keep_count; i++)
    {
      union adjoint *adjoint = &adjoints[reverse->keep[i]];
      if (adjoint->array && tape_is_array (reverse->tape, reverse->keep[i], &size))
        array_drop (reverse->tape->arrays, adjoint->array);
      adjoint->array = NULL;
      if (careful_reaches (reverse, reverse->keep[i]) && !tape_is_array (reverse->tape, reverse->keep[i], &size))
        adjoint->number = FLAT;
    }
  reverse->again = true;
  reverse->poison = false;
  reverse->top = 0;
}

/* One sweep only: adjoints are left as they are. */
static void
sweep_once (struct reverse *reverse, uint32_t top, uint32_t lowest)
{
  const struct tape *tape = reverse->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  union adjoint *adjoints = area_of (&reverse->adjoints, union adjoint);
  for (uint32_t node = top, first = ends[node], end; node > lowest; node--)
    {
      end = first;
      first = ends[node - 1];
      if (!adjoints[node].array || first == end)
        continue;
      if (operands[first] & LINK_SIZE)
        {
          reverse_structured (reverse, node, first, end);
          continue;
        }
      uint32_t ahead = first > AHEAD ? first - AHEAD : 0;
      __builtin_prefetch (&weights[ahead]);
      __builtin_prefetch (&operands[ahead]);
      double adjoint = adjoints[node].number;
      if (isfinite (adjoint))
        for (uint32_t link = first; link < end; link++)
          adjoints[operands[link]].number += adjoint * weights[link];
      else
        for (uint32_t link = first; link < end; link++)
          if (!is_flat (weights[link]) || (reverse->poison && isnan (adjoint)))
            adjoints[operands[link]].number += adjoint * weights[link];
    }
}

/* Sweeps the nodes from `top` to above `lowest`, in stretches after each of which it is told how far it is. */
static void
sweep_told (struct reverse *reverse, struct sweep *told, uint32_t top, uint32_t lowest)
{
  const uint32_t stretch = 1 << 20;
  void (*sweep) (struct reverse *, uint32_t, uint32_t) = reverse->again ? sweep_again : sweep_once;
  for (; top > lowest && top - lowest > stretch; told->at = top -= stretch)
    sweep (reverse, top, top - stretch);
  sweep (reverse, top, lowest);
}

void
reverse_run (struct reverse *reverse)
{
  const struct loop *loops = area_of (&reverse->tape->loops, struct loop);
  uint32_t lowest = reverse->keep_count ? reverse->keep[0] : 1, top = careful_run (reverse, lowest);
  struct sweep none, *told = reverse->tape->sweep ? reverse->tape->sweep : &none;
  told->top = told->at = top;
  for (const struct loop *loop = tape_loops_end (reverse->tape); loop > loops && loop[-1].first > lowest; loop--)
    {
      if (loop[-1].first > top)
        continue;
      if (top > loop[-1].last)
        sweep_told (reverse, told, top, loop[-1].last);
      reverse_loop (reverse, &loop[-1]);
      top = loop[-1].first - 1;
    }
  sweep_told (reverse, told, top, lowest);
  told->top = 0;
}

void
reverse_from (struct reverse *reverse, const struct tape *tape, uint32_t node, const uint32_t *keep, size_t keep_count)
{
  const double one = 1;
  reverse_open (reverse, tape, keep, keep_count);
  reverse_seed (reverse, node, &one, 0);
  reverse_run (reverse);
}

static void
connect_loop (const struct tape *tape, const struct loop *loop, unsigned char *connected)
{
  bool cells[LOOP_ALL_CELLS] = { false };
  for (uint32_t cell = 0, after; cell < loop->cell_count; cell++)
    cells[cell] = (after = loop_after (tape, loop, cell)) && connected[after];
  loop_connect (tape, loop, cells);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    connected[loop_before (tape, loop, cell)] |= cells[cell];
}

void
reverse_connect (struct reverse *reverse, const uint32_t *seeds, size_t count)
{
  const struct tape *tape = reverse->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const struct loop *loops = area_of (&tape->loops, struct loop), *loop = tape_loops_end (tape);
  if (reverse->connected.start)
    return;
  area_open (&reverse->connected, tape->memory, tape_count (tape), "the adjoints");
  unsigned char *connected = area_push (&reverse->connected, tape_count (tape));
  for (size_t i = 0; i < count; i++)
    connected[seeds[i]] = 1;
  for (uint32_t node = reverse->top; node > 0; node--)
    {
      for (uint32_t link = ends[node - 1]; connected[node] && link < ends[node]; link++)
        connected[operands[link] & ~(uint32_t)LINK_SIZE] = 1;
      while (loop > loops && loop[-1].first > node)
        loop--;
      if (loop > loops && loop[-1].first == node)
        connect_loop (tape, &loop[-1], connected);
    }
}

bool
reverse_is_zero (const struct reverse *reverse, uint32_t node)
{
  union adjoint adjoint = area_of (&reverse->adjoints, union adjoint)[node];
  /* A pointer is no negative zero. */
  return !adjoint.array || is_flat (adjoint.number);
}

bool
reverse_reaches (struct reverse *reverse, uint32_t node, const uint32_t *seeds, size_t count)
{
  if (!reverse_is_zero (reverse, node))
    return true;
  reverse_connect (reverse, seeds, count);
  return area_of (&reverse->connected, unsigned char)[node];
}

bool
reverse_came (const struct reverse *reverse, uint32_t node, size_t element)
{
  union adjoint adjoint = area_of (&reverse->adjoints, union adjoint)[node];
  size_t size;
  if (!tape_is_array (reverse->tape, node, &size))
    return !is_flat (adjoint.number);
  return adjoint.array && !is_flat (adjoint.array->elements[adjoint.array->shape.rank ? element : 0]);
}

void
reverse_read (const struct reverse *reverse, uint32_t node, size_t size, double *elements)
{
  union adjoint adjoint = area_of (&reverse->adjoints, union adjoint)[node];
  size_t length;
  if (!tape_is_array (reverse->tape, node, &length))
    elements[0] = adjoint.number + 0.0;
  else
    for (size_t i = 0; i < size; i++)
      /* 0 is added to what FLAT may have left. */
      elements[i] = !adjoint.array ? 0 : adjoint.array->elements[adjoint.array->shape.rank ? i : 0] + 0.0;
}
