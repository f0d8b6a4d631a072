/* link.c -- values and their nodes: what a step made goes to who listens to the run and to who keeps it. */
#include "machine/run.h"
#include "ops/routine.h"

void
run_listen (struct run *run, const struct listener *listener)
{
  run->listener = listener;
  run->apart = run->trace || run_is_heard (run);
}

struct step *
run_keep (struct run *run, const struct heard *heard)
{
  if (!run->trace || !heard->result->node)
    return NULL;
  struct step *step = trace_add (run->trace, heard);
  if (run->outer)
    step->place = run->outer->place;
  return step;
}

void
run_tell (struct run *run, const struct heard *heard)
{
  if (run_is_heard (run))
    run->listener->step (run->listener->data, run, heard);
  run_keep (run, heard);
}

void
run_node (struct run *run, uint32_t place, struct value *result)
{
  result->node = tape_node (run->tape);
  run_keep (run, &(struct heard){ .place = place, .op = STEP_LINEAR, .result = result });
}

struct step *
run_keep_replaced (struct run *run, uint32_t place, const struct value *result, uint32_t before)
{
  struct value kept = *result;
  bool shape_alone = run->trace && before && !run->complete && !run->tape->careful;
  const struct step *step = shape_alone ? trace_find (run->trace, before) : NULL;
  if (step && step->result.kind == KIND_ARRAY)
    kept.array = step->result.array;
  return run_keep (run, &(struct heard){ .place = place, .op = STEP_LINEAR, .result = &kept });
}

void
run_source (struct run *run, struct value *value)
{
  bool is_array = value->kind == KIND_ARRAY;
  value->node = tape_source (run->tape, is_array, is_array ? value->array->size : 0);
}

void
run_may_derive_in (struct run *run, const struct value *value)
{
  if (run->purpose != PURPOSE_ANY && value->node)
    *area_add (&run->sources, uint32_t) = value->node;
}

struct value
run_filled (struct run *run, const struct shape *shape, double element)
{
  return shape->rank ? value_of_array (array_filled (run->arrays, shape, element)) : value_number (KIND_REAL, element);
}

void
run_begin (struct run *run, const struct value *result)
{
  if (result->kind == KIND_ARRAY)
    tape_size (run->tape, result->array->size);
}

void
run_link_same (struct run *run, uint32_t node, const struct shape *shape)
{
  struct layout layout = layout_dense (shape);
  struct linear map = map_scale (&layout, shape_size (shape), 1);
  tape_link_linear (run->tape, node, &map);
}

void
run_map (struct run *run, uint32_t place, struct value *result, uint32_t node, const struct linear *map)
{
  run_begin (run, result);
  tape_link_linear (run->tape, node, map);
  run_node (run, place, result);
}
