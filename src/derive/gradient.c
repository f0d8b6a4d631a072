/* gradient.c -- the reverse sweep as steps of the program.

   Nodes are taken from the latest to the earliest, as the numeric sweep does, but only those that are reached. Only an
   adjoint that is zero and does not vary is passed over: x * (x + 1) at 0 has a second derivative. */
#include "derive/gradient.h"

#include <math.h>

#include "base/heap.h"
#include "derive/adjoint.h"
#include "derive/kink.h"
#include "derive/mend.h"
#include "derive/pullback.h"
#include "derive/rest.h"
#include "machine/complete.h"
#include "ops/routine.h"
#include "tape/careful.h"

struct recorder
{
  struct pullbacks pullbacks;
  bool ready;    /* the rules are compiled */
  bool values;   /* nothing is recorded (gradient_values), ... */
  bool doubtful; /* ... but it cannot be told whether a kink is to be passed over */
  struct trace trace;
  struct adjoints adjoints;
  struct area passes; /* struct pass, in the order of nodes; of runs that are complete */
};

/* The nodes of a sweep, up to before `end`, that came of passing an adjoint through the step at `place`. */
struct pass
{
  uint32_t end, place;
};

void
gradient_open (struct run *run)
{
  struct recorder *recorder = heap_take_zeroed (run->memory, 1, sizeof *recorder, "the rules");
  run->recorder = recorder;
  trace_open (&recorder->trace, run->memory, "the tape");
  adjoints_open (&recorder->adjoints, run->memory);
  area_open (&recorder->passes, run->memory, (size_t)32 << 30, "the adjoints");
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
  adjoints_close (&recorder->adjoints);
  area_close (&recorder->passes);
  heap_give (recorder);
  run->recorder = NULL;
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

/* The values of an adjoint's way through a linear map, in the shape of its operand. */
static struct value
pass_linear (struct run *run, const struct linear *linear, const double *adjoint, const struct shape *shape)
{
  if (!run->tape->careful && shape->rank)
    {
      struct value result = value_of_array (array_new (run->arrays, TYPE_REAL, shape));
      if (linear_reverse_fresh (linear, adjoint, 1, value_room (&result), false))
        return result;
      value_drop (run, &result);
    }
  struct value result = adjoint_empty (run, shape);
  if (!run->tape->careful)
    {
      linear_reverse (run->memory, linear, adjoint, 1, value_room (&result), false);
      return result;
    }
  size_t size = linear_careful_room (linear);
  struct array *room = array_new (run->arrays, TYPE_REAL, &(struct shape){ .rank = 1, .extent = { size + 1 } });
  linear_reverse_careful (run->memory, linear, adjoint, 1, value_room (&result), false, room->elements);
  array_drop (run->arrays, room);
  return result;
}

/* Through one link that depends on no value: the transposed map. */
static struct value
transposed (struct run *run, const struct linear *linear, const struct value *adjoint, const struct value *operand)
{
  struct shape shape = value_shape (operand);
  struct linear map = {
    .kind = LINEAR_TRANSPOSE, .operand_size = linear->result_size, .result_size = shape_size (&shape), .of = linear
  };
  struct value result = pass_linear (run, linear, value_elements (adjoint), &shape);
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
        adjoints_add (&recorder->adjoints, from, rest_of (run, rest, adjoint), ADJOINT_WHOLE);
      else if (operand & LINK_LINEAR)
        {
          const struct linear *linear = area_of (&tape->linears, struct linear) + bits_of (weight);
          adjoints_add (&recorder->adjoints, from, transposed (run, linear, adjoint, value), ADJOINT_WHOLE);
        }
      else if (operand & LINK_ELEMENT)
        adjoints_add (&recorder->adjoints, from, *adjoint, (uint32_t)bits_of (weight));
      else if (!is_flat (weight))
        adjoints_add (&recorder->adjoints, from, scaled (run, adjoint, weight), ADJOINT_WHOLE);
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
      adjoints_add (&recorder->adjoints, from, value, ADJOINT_WHOLE);
    }
}

/* Whether there is any path from a target down to a node, also one through which nothing passes. */
static bool
is_connected (struct run *run, uint32_t target, uint32_t source)
{
  struct recorder *recorder = run->recorder;
  const struct tape *tape = run->tape;
  bool found = false;
  adjoints_add (&recorder->adjoints, target, (struct value){ 0 }, ADJOINT_WHOLE);
  for (struct waiting waiting; adjoints_next (&recorder->adjoints, &waiting);)
    {
      uint32_t node = waiting.node;
      found |= node == source;
      uint32_t end = area_of (&tape->ends, uint32_t)[node];
      for (uint32_t link = area_of (&tape->ends, uint32_t)[node - 1]; link < end && !found; link++)
        {
          uint32_t from = area_of (&tape->operands, uint32_t)[link] & ~(uint32_t)LINK_SIZE;
          if (from >= source && from && !adjoints_have (&recorder->adjoints, from))
            adjoints_add (&recorder->adjoints, from, (struct value){ 0 }, ADJOINT_WHOLE);
        }
    }
  adjoints_clear (&recorder->adjoints);
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

uint32_t
gradient_origin (const struct run *run, uint32_t node)
{
  const struct pass *passes = area_of (&run->recorder->passes, struct pass);
  size_t low = 0, high = area_count (&run->recorder->passes, struct pass);
  /* The first that ends behind the node. */
  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      if (passes[middle].end <= node)
        low = middle + 1;
      else
        high = middle;
    }
  return low < area_count (&run->recorder->passes, struct pass) ? passes[low].place : 0;
}

/* The nodes since the last pass came of one through this node, or of none. */
static void
note_pass (struct run *run, uint32_t node)
{
  uint32_t place = gradient_origin (run, node);
  if (!place && node)
    place = trace_find (&run->recorder->trace, node)->place;
  *area_add (&run->recorder->passes, struct pass) = (struct pass){ tape_count (run->tape), place };
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
      adjoints_add (&recorder->adjoints, target->node, start, ADJOINT_WHOLE);
    }
  if (run->complete || run->listener)
    note_pass (run, 0);
  for (struct waiting waiting; adjoints_next (&recorder->adjoints, &waiting);)
    {
      uint32_t node = waiting.node;
      struct shape shape = value_shape (&trace_find (&recorder->trace, node)->result);
      struct value adjoint = adjoints_sum (&recorder->adjoints, run, &waiting, &shape);
      for (uint32_t i = 0; i < count; i++)
        if (sources[i].node == node)
          {
            results[i] = adjoint;
            value_hold (&adjoint);
          }
      /* To look for zeros in every version of an array would take too long. */
      bool nothing = node > lowest && !rest_map (run->tape, node) && is_nothing (&adjoint);
      /* Where values are all that is made nobody knows whether zeros vary: they are passed on, but for kinks, which are
         told of zeros that vary alone. */
      bool passes = node > lowest && (!nothing || recorder->values);
      if (nothing && recorder->values && kink_count (run, trace_find (&recorder->trace, node)))
        {
          recorder->doubtful = true;
          passes = false;
        }
      if (passes)
        pass_step (run, recorder, node, &adjoint, lowest);
      if (run->complete || run->listener)
        note_pass (run, node);
      value_drop (run, &adjoint);
    }
  adjoints_clear (&recorder->adjoints);
}

static bool
are_finite (const struct value *values, uint32_t count)
{
  bool finite = true;
  for (uint32_t i = 0; i < count; i++)
    if (values[i].kind != KIND_NOTHING)
      finite &= elements_of_are_finite (&values[i]);
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

/* The same where nobody differentiates it again: false, with nothing done, where something is not finite or a zero came
   to a kink: then zeros may have to be told apart. */
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
