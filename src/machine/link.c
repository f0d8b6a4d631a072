/* link.c -- values and their nodes: what a step made goes to who listens to the run and to who keeps it. */
#include "machine/execute.h"

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

void
run_source (struct run *run, struct value *value)
{
  bool is_array = value->kind == KIND_ARRAY;
  value->node = tape_source (run->tape, is_array, is_array ? value->array->size : 0);
}
