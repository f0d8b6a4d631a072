/* link.c -- what is kept of a step beside the tape: who listens to the run is told of it. */
#include "machine/execute.h"

void
run_record (struct run *run, uint32_t place, uint32_t op, const struct value *result,
            const struct value *const operands[], uint32_t count)
{
  if (run->record && result->node)
    record_step (run->record, result->node, run->outer ? run->outer->place : place, op, result, operands, count);
}

void
run_node (struct run *run, uint32_t place, struct value *result)
{
  result->node = tape_node (run->tape);
  run_record (run, place, STEP_LINEAR, result, NULL, 0);
}

void
run_listen (struct run *run, const struct listener *listener)
{
  run->listener = listener;
  run->apart = run->record || run_is_heard (run);
}

void
run_tell (struct run *run, uint32_t place, enum op op, const struct value *const operands[], const struct value *result)
{
  uint32_t arity = (uint32_t)op_info[op].arity;
  if (run_is_heard (run))
    run->listener->step (run->listener->data, run, &(struct heard){ place, op, arity, operands, result, 0 });
  run_record (run, place, op, result, operands, arity);
}
