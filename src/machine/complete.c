/* complete.c -- runs in which everything is on the tape and in the record. */
#include "machine/complete.h"

#include <math.h>

static bool
may_be_off (const struct value *value)
{
  if (value->kind == KIND_ARRAY)
    return value->array->type == TYPE_REAL;
  return value->kind == KIND_REAL && value->number != rint (value->number);
}

static void
make_source (struct run *run, struct value *value)
{
  bool is_array = value->kind == KIND_ARRAY;
  value->node = tape_source (run->tape, is_array, is_array ? value->array->size : 0);
}

void
complete_seed (struct run *run, struct value *seed)
{
  if (seed->node)
    return;
  make_source (run, seed);
  run_record (run, run->place, STEP_NONE, seed, NULL, 0);
}

void
complete_value (struct run *run, struct value *value)
{
  if (value->kind == KIND_TUPLE)
    for (uint32_t i = 0; i < value->tuple->count; i++)
      complete_value (run, &value->tuple->items[i]);
  else if (!value->node && may_be_off (value))
    make_source (run, value);
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
      run_record (run, 0, STEP_NONE, value, NULL, 0);
    }
  run->constants = tape_count (run->tape) - 1;
}
