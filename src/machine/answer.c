/* answer.c -- what answers, the claims of options, may not do. */
#include "machine/answer.h"

void
answer_check (const struct run *run, uint32_t place, uint32_t op)
{
  const struct program *program = run->program;
  uint32_t outermost = run->frames.used ? area_of (&run->frames, struct frame)->place : place;
  if (outermost >= program->answers && outermost < program->answers_end && op_asks_machine (op))
    diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, outermost),
                   "an answer may not call '%s', nor a function that does", op_info[op].name);
}
