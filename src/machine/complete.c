/* complete.c -- runs in which everything is on the tape and kept as a step. */
#include "machine/complete.h"

#include <math.h>

bool
complete_needs_node (const struct value *value)
{
  if (value->kind == KIND_ARRAY)
    return value->array->type == TYPE_REAL;
  return value->kind == KIND_REAL && value->number != rint (value->number);
}

void
complete_seed (struct run *run, struct value *seed)
{
  if (seed->node)
    return;
  run_source (run, seed);
  run_keep (run, &(struct heard){ .place = run->place, .op = STEP_NONE, .result = seed });
}

void
complete_value (struct run *run, struct value *value)
{
  if (value->kind == KIND_TUPLE)
    for (uint32_t i = 0; i < value->tuple->count; i++)
      complete_value (run, &value->tuple->items[i]);
  else if (!value->node && complete_needs_node (value))
    run_source (run, value);
}

void
complete_open (struct run *run)
{
  struct value *values = area_of (&run->globals, struct value);
  const struct constant *constants = area_of (&run->program->constants, struct constant);
  if (!run->recorder)
    run->program->deriver->open (run);
  run->complete = true;
  for (size_t i = 0; i < area_count (&run->program->constants, struct constant); i++)
    {
      struct value *value = &values[constants[i].slot];
      complete_value (run, value);
      run_keep (run, &(struct heard){ .op = STEP_NONE, .result = value });
    }
  run->constants = tape_count (run->tape) - 1;
}
