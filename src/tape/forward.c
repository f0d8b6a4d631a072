/* forward.c -- tangents: what a change of the sources does to each value. Beside reverse.c, which is its transpose. */
#include "tape/forward.h"

void
forward_open (struct forward *forward, const struct tape *tape)
{
  *forward = (struct forward){ .tape = tape };
  size_t count = tape_count (tape);
  area_open (&forward->tangents, tape->memory, count * sizeof (union tangent), "the tangents");
  area_push (&forward->tangents, count * sizeof (union tangent));
  area_open (&forward->elements, tape->memory, (size_t)1 << 40, "the tangents");
}

void
forward_close (struct forward *forward)
{
  if (!forward->tape)
    return;
  area_close (&forward->tangents);
  area_close (&forward->elements);
  *forward = (struct forward){ 0 };
}

static double *
writable (struct forward *forward, union tangent *tangent, size_t size)
{
  if (!tangent->elements)
    tangent->elements = area_push (&forward->elements, size * sizeof (double));
  return tangent->elements;
}

void
forward_seed (struct forward *forward, uint32_t node, const double *elements)
{
  union tangent *tangent = area_of (&forward->tangents, union tangent) + node;
  size_t size;
  if (tape_is_array (forward->tape, node, &size))
    memcpy (writable (forward, tangent, size), elements, size * sizeof *elements);
  else
    tangent->number = elements[0];
}

/* A link of a node that has others than plain numbers: what the operand's tangent makes of the result's. */
static void
pass (struct forward *forward, uint32_t node, uint32_t link, bool is_array, size_t size)
{
  const struct tape *tape = forward->tape;
  uint32_t operand = area_of (&tape->operands, uint32_t)[link], from = operand & ~(uint32_t)LINK_SIZE;
  double weight = area_of (&tape->weights, double)[link];
  union tangent *tangents = area_of (&forward->tangents, union tangent), *source = tangents + from;
  union tangent *result = tangents + node;
  size_t length;
  if (!source->elements)
    return;
  if (!(operand & LINK_SIZE))
    {
      result->number += is_flat (weight) ? 0 : source->number * weight;
      return;
    }
  if (!is_array && !(operand & LINK_LINEAR))
    {
      result->number += source->elements[bits_of (weight)];
      return;
    }
  struct linear room;
  const double *x = tape_is_array (tape, from, &length) ? source->elements : &source->number;
  linear_forward (tape->memory, tape_map (tape, node, link, &room), x,
                  is_array ? writable (forward, result, size) : &result->number);
}

/* An array that was changed in place takes over the tangents of the one before, but where elements were replaced: its
   last link is to that, which nobody else reads from here on. */
static bool
take_over (const struct forward *forward, uint32_t node, uint32_t link)
{
  const struct tape *tape = forward->tape;
  uint32_t from = area_of (&tape->operands, uint32_t)[link] & ~(uint32_t)LINK_SIZE;
  union tangent *tangents = area_of (&forward->tangents, union tangent), *source = tangents + from;
  union tangent *result = tangents + node;
  struct linear room;
  if (result->elements || !source->elements)
    return false;
  const struct linear *linear = tape_map (tape, node, link, &room);
  if (!linear->in_place)
    return false;
  linear_keep (linear, source->elements, 0);
  result->elements = source->elements;
  source->elements = NULL;
  return true;
}

/* The arrays that a loop changes in place take over the tangents from before it. */
static void
take_over_arrays (struct forward *forward, const struct loop *loop, struct loop_sums *x)
{
  const struct tape *tape = forward->tape;
  union tangent *tangents = area_of (&forward->tangents, union tangent);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      const uint32_t before = loop_before (tape, loop, cell), after = loop_after (tape, loop, cell);
      if (!after || !tape_is_array (tape, after, &x->sizes[cell]))
        continue;
      if (before)
        {
          tangents[after].elements = tangents[before].elements;
          tangents[before].elements = NULL;
        }
      x->elements[cell] = writable (forward, &tangents[after], x->sizes[cell]);
    }
}

/* From what a loop began with to its results. */
static void
pass_loop (struct forward *forward, const struct loop *loop)
{
  const struct tape *tape = forward->tape;
  union tangent *tangents = area_of (&forward->tangents, union tangent);
  struct loop_sums x = { 0 };
  bool any = false;
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      const uint32_t node = loop_before (tape, loop, cell);
      const union tangent *before = &tangents[node];
      bool is_array = node && tape_is_array (tape, node, &x.sizes[cell]);
      if (!node)
        continue;
      if (is_array)
        x.elements[cell] = before->elements;
      else
        x.numbers[cell] = before->number;
      any |= is_array ? before->elements != NULL : before->number != 0;
    }
  if (!any)
    return;
  take_over_arrays (forward, loop, &x);
  loop_forward (tape, loop, &x);
  for (uint32_t cell = 0, after; cell < loop->cell_count; cell++)
    if ((after = loop_after (tape, loop, cell)) && !(x.elements[cell] && loop->assigned & cell_bit (cell)))
      tangents[after].number += x.numbers[cell];
}

void
forward_run (struct forward *forward, uint32_t last)
{
  const struct tape *tape = forward->tape;
  const uint32_t *ends = area_of (&tape->ends, uint32_t);
  const uint32_t *operands = area_of (&tape->operands, uint32_t);
  const double *weights = area_of (&tape->weights, double);
  union tangent *tangents = area_of (&forward->tangents, union tangent);
  const struct loop *loop = area_of (&tape->loops, struct loop), *loops_end = tape_loops_end (tape);
  for (uint32_t node = 1; node <= last; node++)
    {
      uint32_t first = ends[node - 1], end = ends[node];
      if (loop < loops_end && loop->first == node)
        pass_loop (forward, loop++);
      if (first < end && operands[first] & LINK_SIZE)
        {
          size_t size = 0;
          bool is_array = tape_is_array (tape, node, &size);
          if (is_array && end > first + 1 && take_over (forward, node, end - 1))
            end--;
          for (uint32_t link = first + is_array; link < end; link++)
            pass (forward, node, link, is_array, size);
          continue;
        }
      for (uint32_t link = first; link < end; link++)
        {
          double tangent = tangents[operands[link]].number;
          if (tangent != 0 && !is_flat (weights[link]))
            tangents[node].number += tangent * weights[link];
        }
    }
}

void
forward_read (const struct forward *forward, uint32_t node, size_t size, double *elements)
{
  const union tangent *tangent = area_of (&forward->tangents, union tangent) + node;
  size_t length;
  if (!tape_is_array (forward->tape, node, &length))
    elements[0] = tangent->number;
  else
    for (size_t i = 0; i < size; i++)
      elements[i] = tangent->elements ? tangent->elements[i] : 0;
}
