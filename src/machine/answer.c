/* answer.c -- how claims are run, each by itself. */
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

void
answer_run (struct run *run, size_t number, struct value *frame)
{
  const struct claimed *claimed = area_of (&run->program->claimed, struct claimed) + number;
  struct diagnostics *diagnostics = run->diagnostics;
  struct memory *memory = run->memory;
  jmp_buf *stop = diagnostics->stop, *exhausted = memory->stop, here;
  struct refusal own = { 0 }, *fault = run->faults ? &run->faults[number] : &own, *outer = diagnostics->fault;
  enum status status = diagnostics->status;
  size_t steps = run->steps;
  if (claimed->fault.text || fault->text)
    return;
  bool answer = sources_find (diagnostics->sources, claimed->left.start)->answers;
  volatile bool stopped = true;
  *fault = (struct refusal){ .shape = true };
  diagnostics->fault = fault;
  diagnostics->stop = memory->stop = &here;
  if (setjmp (here) == 0)
    {
      run_part (run, claimed->code, frame);
      stopped = false;
    }
  diagnostics->stop = stop;
  diagnostics->fault = outer;
  memory->stop = exhausted;
  if (!stopped)
    return;
  diagnostics->status = status;
  leave_claim (run);
  /* A limit stays one. What each that does not end may still take is less, so that all of them end. */
  if (steps && !run->steps)
    run->steps = steps / 2 + 1;
  if (!fault->text)
    {
      fault->text = heap_format (memory, "a message", "out of memory");
      fault->shape = false;
    }
  /* Once more, for all to hear. */
  bool aloud = !answer && !fault->shape;
  heap_give (own.text);
  heap_give (own.hint);
  if (aloud)
    run_part (run, claimed->code, frame);
}
