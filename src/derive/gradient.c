/* gradient.c -- the reverse sweep as steps of the program.

   Nodes are taken from the latest to the earliest, as the numeric sweep does, but only those that are reached: a heap
   has the ones that wait. What an adjoint is the sum of waits in a list until its node's turn. Only an adjoint that is
   zero and does not vary is passed over: x * (x + 1) at 0 has a second derivative. */
#include "derive/gradient.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "derive/kink.h"
#include "derive/mend.h"
#include "derive/pullback.h"
#include "derive/rest.h"
#include "machine/complete.h"
#include "ops/routine.h"
#include "tape/careful.h"

enum
{
  WHOLE_VALUE = UINT32_MAX,
  SPARSE = 8 /* elements of an array for each that is added on its own */
};

/* A part of an adjoint: of all its elements, or of the one at `position`. */
struct term
{
  struct value value;
  uint32_t position;
  uint32_t next; /* plus one */
};

struct slot
{
  uint32_t node;
  uint32_t first, last; /* terms, plus one */
};

struct recorder
{
  struct pullbacks pullbacks;
  bool ready;    /* the rules are compiled */
  bool values;   /* nothing is recorded (gradient_values), ... */
  bool doubtful; /* ... but it cannot be told what would have been passed over */
  struct trace trace;
  struct area slot_of; /* uint32_t, by node: of a sweep at work, its slot plus one */
  struct area slots, terms, heap;
  struct area places; /* uint32_t, by position: where the next term of an element goes */
};

void
gradient_open (struct run *run)
{
  struct recorder *recorder = heap_take_zeroed (run->memory, 1, sizeof *recorder, "the rules");
  run->recorder = recorder;
  trace_open (&recorder->trace, run->memory, "the tape");
  area_open (&recorder->slot_of, run->memory, (size_t)4 << 30, "the adjoints");
  area_open (&recorder->slots, run->memory, (size_t)32 << 30, "the adjoints");
  area_open (&recorder->terms, run->memory, (size_t)64 << 30, "the adjoints");
  area_open (&recorder->places, run->memory, (size_t)16 << 30, "the adjoints");
  area_open (&recorder->heap, run->memory, (size_t)16 << 30, "the adjoints");
  run->trace = &recorder->trace;
  run->apart = true;
}

void
gradient_close (struct run *run)
{
  struct recorder *recorder = run->recorder;
  if (recorder->ready)
    pullbacks_close (&recorder->pullbacks);
  trace_close (&recorder->trace);
  area_close (&recorder->slot_of);
  area_close (&recorder->slots);
  area_close (&recorder->terms);
  area_close (&recorder->places);
  area_close (&recorder->heap);
  heap_give (recorder);
  run->recorder = NULL;
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
slot_of (struct recorder *recorder, uint32_t node)
{
  while (area_count (&recorder->slot_of, uint32_t) <= node)
    *area_add (&recorder->slot_of, uint32_t) = 0;
  return area_of (&recorder->slot_of, uint32_t) + node;
}

/* Adds to the adjoint of a node. Takes over the reference. */
static void
contribute (struct recorder *recorder, uint32_t node, struct value value, uint32_t position)
{
  uint32_t *known = slot_of (recorder, node);
  if (!*known)
    {
      *area_add (&recorder->slots, struct slot) = (struct slot){ .node = node };
      *known = (uint32_t)area_count (&recorder->slots, struct slot);
      heap_push (&recorder->heap, node);
    }
  struct slot *slot = area_of (&recorder->slots, struct slot) + *known - 1;
  *area_add (&recorder->terms, struct term) = (struct term){ .value = value, .position = position };
  uint32_t added = (uint32_t)area_count (&recorder->terms, struct term);
  if (slot->last)
    area_of (&recorder->terms, struct term)[slot->last - 1].next = added;
  else
    slot->first = added;
  slot->last = added;
}

/* What adjoints are added to: where the tape is careful, FLAT is where none came. */
static struct value
empty_adjoint (struct run *run, const struct shape *shape)
{
  return run_filled (run, shape, run->tape->careful ? FLAT : 0);
}

/* The sum of values of one shape, each with its link. Takes over the references. */
static struct value
sum_of (struct run *run, const struct term *terms, size_t count, const struct shape *shape)
{
  if (count == 1)
    return terms[0].value;
  struct value result = empty_adjoint (run, shape);
  double *sum = value_room (&result);
  size_t size = shape_size (shape);
  bool varies = false;
  for (size_t i = 0; i < count; i++)
    {
      const double *elements = value_elements (&terms[i].value);
      for (size_t k = 0; k < size; k++)
        sum[k] += elements[k];
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
gather_elements (struct recorder *recorder, const struct slot *slot, size_t count, size_t size)
{
  const struct term *all = area_of (&recorder->terms, struct term);
  struct term *row = area_push (&recorder->terms, count * sizeof *row);
  uint32_t order = 0, *places = NULL;
  /* Where they are many they are put in their places, else sorted. */
  if (SPARSE * count >= size)
    {
      places = area_push (&recorder->places, (size + 1) * sizeof *places);
      memset (places, 0, (size + 1) * sizeof *places);
      for (uint32_t at = slot->first; at; at = all[at - 1].next)
        if (all[at - 1].position != WHOLE_VALUE)
          places[all[at - 1].position + 1]++;
      for (size_t i = 0; i < size; i++)
        places[i + 1] += places[i];
    }
  for (uint32_t at = slot->first; at; at = all[at - 1].next)
    if (all[at - 1].position != WHOLE_VALUE)
      {
        struct term *term = places ? &row[places[all[at - 1].position]++] : &row[order];
        *term = all[at - 1];
        term->next = order++;
      }
  if (!places)
    qsort (row, count, sizeof *row, by_position);
  recorder->places.used = 0;
}

/* An array that has a number at each of some positions, which rise, and else zeros. */
static struct value
scattered (struct run *run, const struct term *terms, size_t count, const struct shape *shape)
{
  struct value result = empty_adjoint (run, shape);
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
        struct linear map = map_reduce (NULL, &layout, 1, result.array->size);
        map.operand_size = 1;
        tape_link_linear (run->tape, terms[i].value.node, &map);
      }
  run_node (run, run->place, &result);
  return result;
}

/* The adjoint of a node, out of its terms. Few single elements are added to what is of all of them one by one. */
static struct value
collect (struct run *run, struct recorder *recorder, const struct slot *slot)
{
  const struct value *value = &trace_find (&recorder->trace, slot->node)->result;
  struct shape shape = value_shape (value);
  size_t start = area_count (&recorder->terms, struct term), whole = 0, elements = 0;
  /* In a row behind all others, those of single elements last. */
  for (uint32_t at = slot->first; at;)
    {
      struct term term = area_of (&recorder->terms, struct term)[at - 1];
      at = term.next;
      elements += term.position != WHOLE_VALUE;
      if (term.position != WHOLE_VALUE)
        continue;
      *area_add (&recorder->terms, struct term) = term;
      whole++;
    }
  if (elements)
    gather_elements (recorder, slot, elements, shape_size (&shape));
  struct term *terms = area_of (&recorder->terms, struct term) + start, *single = terms + whole;
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
      if (whole && SPARSE * kept < shape_size (&shape))
        {
          struct value sum = sum_of (run, terms, whole, &shape);
          for (size_t i = 0; i < kept; i++)
            rest_add (run, &sum, single[i].position, &single[i].value);
          recorder->terms.used = start * sizeof *terms;
          return sum;
        }
      struct value array = scattered (run, single, kept, &shape);
      single[0] = (struct term){ .value = array, .position = WHOLE_VALUE };
      whole++;
    }
  struct value sum = sum_of (run, terms, whole, &shape);
  recorder->terms.used = start * sizeof *terms;
  return sum;
}

static bool
is_nothing (const struct value *value)
{
  if (value->node)
    return false;
  struct shape shape = value_shape (value);
  const double *elements = value_elements (value);
  for (size_t i = 0, size = shape_size (&shape); i < size; i++)
    if (elements[i] != 0)
      return false;
  return true;
}

/* The values of an adjoint's way through a linear map. */
static void
pass_linear (struct run *run, const struct linear *linear, const double *adjoint, double *elements)
{
  size_t size = linear_careful_room (linear);
  if (!run->tape->careful)
    {
      linear_reverse (run->memory, linear, adjoint, 1, elements, false);
      return;
    }
  struct array *room = array_new (run->arrays, TYPE_REAL, &(struct shape){ .rank = 1, .extent = { size + 1 } });
  linear_reverse_careful (run->memory, linear, adjoint, 1, elements, false, room->elements);
  array_drop (run->arrays, room);
}

/* Through one link that depends on no value: the transposed map. */
static struct value
transposed (struct run *run, const struct linear *linear, const struct value *adjoint, const struct value *operand)
{
  struct shape shape = value_shape (operand);
  struct linear map = {
    .kind = LINEAR_TRANSPOSE, .operand_size = linear->result_size, .result_size = shape_size (&shape), .of = linear
  };
  struct value result = empty_adjoint (run, &shape);
  pass_linear (run, linear, value_elements (adjoint), value_room (&result));
  if (adjoint->node)
    run_map (run, run->place, &result, adjoint->node, &map);
  return result;
}

static struct value
scaled (struct run *run, const struct value *adjoint, double weight)
{
  if (weight == 1)
    return *adjoint;
  double product = careful_product (weight, adjoint->number, false, false);
  struct value result = value_number (KIND_REAL, run->tape->careful ? product : product + 0.0);
  if (adjoint->node)
    {
      tape_link (run->tape, adjoint->node, weight);
      run_node (run, run->place, &result);
    }
  return result;
}

static void
pass_links (struct run *run, struct recorder *recorder, uint32_t node, struct value *adjoint, uint32_t lowest)
{
  const struct tape *tape = run->tape;
  const struct linear *rest = rest_map (tape, node);
  uint32_t first = area_of (&tape->ends, uint32_t)[node - 1], end = area_of (&tape->ends, uint32_t)[node];
  for (uint32_t link = first; link < end; link++)
    {
      uint32_t operand = area_of (&tape->operands, uint32_t)[link], from = operand & ~(uint32_t)LINK_SIZE;
      double weight = area_of (&tape->weights, double)[link];
      if (from < lowest)
        continue;
      const struct value *value = &trace_find (&recorder->trace, from)->result;
      if (link + 1 == end && rest)
        contribute (recorder, from, rest_of (run, rest, adjoint), WHOLE_VALUE);
      else if (operand & LINK_LINEAR)
        {
          const struct linear *linear = area_of (&tape->linears, struct linear) + weight_bits (weight);
          contribute (recorder, from, transposed (run, linear, adjoint, value), WHOLE_VALUE);
        }
      else if (operand & LINK_ELEMENT)
        contribute (recorder, from, *adjoint, (uint32_t)weight_bits (weight));
      else if (!is_flat (weight))
        contribute (recorder, from, scaled (run, adjoint, weight), WHOLE_VALUE);
    }
}

static void
pass_step (struct run *run, struct recorder *recorder, uint32_t node, struct value *adjoint, uint32_t lowest)
{
  struct step *step = trace_find (&recorder->trace, node);
  if (step->op == STEP_NONE)
    return;
  kink_tell (run, step);
  if (step->op == STEP_LINEAR)
    {
      pass_links (run, recorder, node, adjoint, lowest);
      return;
    }
  for (uint32_t k = 0; k < step->count; k++)
    {
      const uint32_t from = step->operands[k].node, place = run->place;
      if (from < lowest || !from)
        continue;
      run->place = step->place;
      struct value value = pullback (&recorder->pullbacks, step, k, adjoint, recorder->values);
      run->place = place;
      if (value.kind == KIND_NOTHING)
        continue;
      bool alone = true;
      for (uint32_t i = 0; run->tape->careful && i < step->count; i++)
        alone &= i == k || step->operands[i].node != from;
      mend_pullback (run, node, from, alone, adjoint, &value);
      contribute (recorder, from, value, WHOLE_VALUE);
    }
}

/* Whether there is any path from a target down to a node, also one through which nothing passes. */
static bool
is_connected (struct run *run, uint32_t target, uint32_t source)
{
  struct recorder *recorder = run->recorder;
  const struct tape *tape = run->tape;
  bool found = false;
  contribute (recorder, target, (struct value){ 0 }, WHOLE_VALUE);
  while (recorder->heap.used)
    {
      uint32_t node = heap_pop (&recorder->heap);
      *slot_of (recorder, node) = 0;
      found |= node == source;
      uint32_t end = area_of (&tape->ends, uint32_t)[node];
      for (uint32_t link = area_of (&tape->ends, uint32_t)[node - 1]; link < end && !found; link++)
        {
          uint32_t from = area_of (&tape->operands, uint32_t)[link] & ~(uint32_t)LINK_SIZE;
          if (from >= source && from && !*slot_of (recorder, from))
            contribute (recorder, from, (struct value){ 0 }, WHOLE_VALUE);
        }
    }
  recorder->slots.used = recorder->terms.used = 0;
  return found;
}

static struct value
zeros_like (struct run *run, const struct value *value)
{
  struct shape shape = value_shape (value);
  return run_filled (run, &shape, 0);
}

/* A derivative that happens to be constant still depends on what its target depends on. One that is NaN depends on its
   source whatever the rules made of it, and on all that its target does where that is NaN itself. */
static struct value
tied (struct run *run, struct value value, const struct value *source, const struct value *target)
{
  struct tape *tape = run->tape;
  struct shape from = value_shape (target), shape = value_shape (&value);
  struct value result = value;
  if (!target->node)
    return value;
  bool numbers = !shape.rank && !from.rank, is_nan = mend_has_nan (&value);
  if (numbers && !is_nan)
    {
      if (value.node)
        tape_link (tape, value.node, 1);
      tape_link (tape, target->node, FLAT);
    }
  else
    {
      struct linear nothing = mend_tie (run, &value, source, target);
      run_begin (run, &value);
      if (value.node)
        run_link_same (run, value.node, &shape);
      if (is_nan)
        {
          struct linear own = mend_tie_own (run, &value);
          tape_link_linear (tape, source->node, &own);
        }
      tape_link_linear (tape, target->node, &nothing);
    }
  run_node (run, run->place, &result);
  return result;
}

/* Ones in the shape of the target, NaN where it is NaN. */
static struct value
ones_like (struct run *run, const struct value *target)
{
  struct shape shape = value_shape (target);
  struct value seed = run_filled (run, &shape, 1);
  const double *values = value_elements (target);
  for (size_t i = 0, size = shape_size (&shape); i < size; i++)
    if (isnan (values[i]))
      value_room (&seed)[i] = NAN;
  return seed;
}

/* The sweep from the target down to the earliest source. */
static void
sweep (struct run *run, const struct value *target, const struct value *seed, uint32_t count,
       const struct value *sources, struct value *results)
{
  struct recorder *recorder = run->recorder;
  uint32_t lowest = UINT32_MAX;
  for (uint32_t i = 0; i < count; i++)
    {
      results[i] = (struct value){ 0 };
      if (sources[i].node && sources[i].node < lowest)
        lowest = sources[i].node;
    }
  if (target->node && target->node >= lowest)
    {
      struct value start = seed ? *seed : ones_like (run, target);
      if (seed)
        value_hold (seed);
      mend_seed (run, &start);
      if (run->complete)
        complete_seed (run, &start);
      contribute (recorder, target->node, start, WHOLE_VALUE);
    }
  while (recorder->heap.used)
    {
      uint32_t node = heap_pop (&recorder->heap);
      uint32_t *known = slot_of (recorder, node);
      struct slot slot = area_of (&recorder->slots, struct slot)[*known - 1];
      *known = 0;
      struct value adjoint = collect (run, recorder, &slot);
      for (uint32_t i = 0; i < count; i++)
        if (sources[i].node == node)
          {
            results[i] = adjoint;
            value_hold (&adjoint);
          }
      bool nothing = node > lowest && !rest_map (run->tape, node) && is_nothing (&adjoint);
      /* Of zeros that vary kinks are told. */
      recorder->doubtful |= nothing && recorder->values;
      /* To look for zeros in every version of an array would take too long. */
      if (node > lowest && !nothing)
        pass_step (run, recorder, node, &adjoint, lowest);
      value_drop (run, &adjoint);
    }
  recorder->slots.used = recorder->terms.used = 0;
}

static bool
are_finite (const struct value *values, uint32_t count)
{
  bool finite = true;
  for (uint32_t i = 0; i < count; i++)
    if (values[i].kind != KIND_NOTHING)
      finite &= elements_are_finite (value_elements (&values[i]), value_size (&values[i]));
  return finite;
}

/* Whether steps of rules, and what is made of them, are kept. */
static void
keep_steps (struct run *run, bool keep)
{
  struct recorder *recorder = run->recorder;
  struct run *rules = &recorder->pullbacks.run;
  run->trace = rules->trace = keep ? &recorder->trace : NULL;
  run->apart = rules->apart = keep;
}

/* The same where nobody differentiates it again: false, with nothing done, where something is not finite or an
   adjoint came out as zero: then zeros may have to be told apart. */
static bool
find_values (struct run *run, const struct value *target, const struct value *seed, uint32_t count,
             const struct value *sources, struct value *results)
{
  struct recorder *recorder = run->recorder;
  struct value plain = seed ? *seed : (struct value){ 0 };
  if (!recorder->values || run->tape->careful || !run->trace || run->complete)
    return false;
  plain.node = 0;
  recorder->doubtful = false;
  keep_steps (run, false);
  sweep (run, target, seed ? &plain : NULL, count, sources, results);
  keep_steps (run, true);
  bool good = !recorder->doubtful && are_finite (results, count) && are_finite (target, 1) && !run->tape->careful;
  recorder->values = good;
  for (uint32_t i = 0; i < count; i++)
    if (!good)
      value_drop (run, &results[i]);
    else if (results[i].kind != KIND_NOTHING)
      {
        mend_zeros (run, &results[i]);
        run_source (run, &results[i]);
      }
    else if (sources[i].node && sources[i].node <= target->node && is_connected (run, target->node, sources[i].node))
      {
        results[i] = zeros_like (run, &sources[i]);
        run_source (run, &results[i]);
      }
  return good;
}

/* `element` is the target alone, or SIZE_MAX. */
static void
record (struct run *run, const struct value *target, size_t element, const struct value *seed, uint32_t count,
        const struct value *sources, struct value *results)
{
  struct recorder *recorder = run->recorder;
  if (!recorder->ready)
    {
      pullbacks_open (&recorder->pullbacks, run);
      recorder->ready = true;
    }
  if (find_values (run, target, seed, count, sources, results))
    return;
  bool careful = run->tape->careful;
  sweep (run, target, seed, count, sources, results);
  /* Where a slope of a slope is the first that is not finite, the zeros before it count from now on. */
  if (!careful && run->tape->careful)
    {
      for (uint32_t i = 0; i < count; i++)
        value_drop (run, &results[i]);
      sweep (run, target, seed, count, sources, results);
    }
  for (uint32_t i = 0; i < count; i++)
    if (results[i].kind != KIND_NOTHING)
      mend_zeros (run, &results[i]);
    else if (sources[i].node && sources[i].node <= target->node && is_connected (run, target->node, sources[i].node))
      results[i] = zeros_like (run, &sources[i]);
  mend_not_numbers (run, target, element, count, sources, results);
  for (uint32_t i = 0; i < count; i++)
    if (results[i].kind != KIND_NOTHING)
      results[i] = tied (run, results[i], &sources[i], target);
}

void
gradient_record (struct run *run, const struct value *target, const struct value *seed, uint32_t count,
                 const struct value *sources, struct value *results)
{
  record (run, target, SIZE_MAX, seed, count, sources, results);
}

void
gradient_record_row (struct run *run, const struct value *target, size_t element, const struct value *source,
                     struct value *result)
{
  struct shape shape = value_shape (target);
  struct value seed = run_filled (run, &shape, 0);
  seed.array->elements[element] = isnan (value_elements (target)[element]) ? NAN : 1;
  record (run, target, element, &seed, 1, source, result);
  value_drop (run, &seed);
}

struct run *
gradient_rules (const struct run *run)
{
  return run->recorder->ready ? &run->recorder->pullbacks.run : NULL;
}

void
gradient_values (struct run *run, bool alone)
{
  run->recorder->values = alone;
}

void
gradient_last (struct run *run)
{
  struct recorder *recorder = run->recorder;
  run->trace = NULL;
  run->apart = false;
  if (recorder->ready)
    {
      recorder->pullbacks.run.trace = NULL;
      recorder->pullbacks.run.apart = false;
    }
}
