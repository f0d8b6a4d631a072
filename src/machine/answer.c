/* answer.c -- how claims and what they are about are run, each by itself. */
#include "machine/answer.h"

#include "base/heap.h"
#include "machine/execute.h"

void
answer_cut_short (const struct run *run, uint32_t place)
{
  struct refusal *fault = run->diagnostics->fault;
  if (fault)
    fault->shape = false;
  diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place),
                 fault ? "this answer does not end" : "the run was cut short");
}

/* Drops what a claim that stopped has left behind: its calls, and the links of the node that it was about to make. */
static void
leave_claim (struct run *run)
{
  struct tape *tape = run->tape;
  uint32_t nodes = tape_count (tape), links = nodes ? area_of (&tape->ends, uint32_t)[nodes - 1] : 0;
  struct value *values = area_of (&run->stack, struct value);
  for (size_t i = 0; i < area_count (&run->stack, struct value); i++)
    value_drop (run, &values[i]);
  run->stack.used = 0;
  run->frames.used = 0;
  run->links.used = 0;
  run->derivations.used = 0;
  tape->operands.used = links * sizeof (uint32_t);
  tape->weights.used = links * sizeof (double);
}

/* Runs a piece of code up to its STOP; false when it has stopped before: its register is left without a value, and why
   goes to `fault`. */
static bool
run_alone (struct run *run, uint32_t code, struct value *frame, struct refusal *fault)
{
  struct diagnostics *diagnostics = run->diagnostics;
  struct memory *memory = run->memory;
  jmp_buf *stop = diagnostics->stop, *exhausted = memory->stop, here;
  struct refusal *outer = diagnostics->fault;
  enum status status = diagnostics->status;
  size_t steps = run->steps;
  volatile bool stopped = true;
  *fault = (struct refusal){ .shape = true };
  diagnostics->fault = fault;
  diagnostics->stop = memory->stop = &here;
  if (setjmp (here) == 0)
    {
      run_part (run, code, frame);
      stopped = false;
    }
  diagnostics->stop = stop;
  diagnostics->fault = outer;
  memory->stop = exhausted;
  if (!stopped)
    return true;
  diagnostics->status = status;
  leave_claim (run);
  /* A limit stays one. What each that does not end may still take is less, so that all of them end. */
  if (steps && !run->steps)
    run->steps = steps / 2 + 1;
  if (!fault->text)
    *fault = (struct refusal){ .text = heap_format (memory, "a message", "out of memory") };
  return false;
}

/* One of a file of answers that stops is left; another is run once more, for all to hear, unless `may_misfit` and its
   shapes do not fit. `kept`, which may be NULL, has it from then on. */
static void
run_one (struct run *run, uint32_t code, struct span span, struct value *frame, struct refusal *kept, bool may_misfit)
{
  struct refusal own = { 0 }, *fault = kept ? kept : &own;
  if (fault->text || run_alone (run, code, frame, fault))
    return;
  fault->shape &= may_misfit;
  bool aloud = !fault->shape && !sources_find (run->diagnostics->sources, span.start)->answers;
  heap_give (own.text);
  heap_give (own.hint);
  if (aloud)
    run_part (run, code, frame);
}

void
answers_run (struct run *run, struct value *frame)
{
  const struct program *program = run->program;
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  const struct target *targets = area_of (&program->targets, struct target);
  size_t claims = area_count (&program->claimed, struct claimed);
  for (size_t i = 0; i < claims; i++)
    if (!claimed[i].fault.text)
      run_one (run, claimed[i].code, claimed[i].left, frame, run->faults ? &run->faults[i] : NULL, true);
  for (size_t i = 0; i < area_count (&program->targets, struct target); i++)
    if (!targets[i].fault.text)
      run_one (run, targets[i].code, targets[i].span, frame, run->faults ? &run->faults[claims + i] : NULL, false);
}
