/* where.c -- where in the text a run is, and messages that hang on it alone. */
#include "machine/answer.h"
#include "machine/execute.h"

#include "base/warning.h"

struct span
run_span (const struct run *run, uint32_t place)
{
  if (run->outer)
    {
      run = run->outer;
      place = run->place;
    }
  return area_of (program_spans (run->program, run->diagnostics), struct span)[place];
}

uint32_t
run_name_of (const struct run *run, uint32_t operand)
{
  const struct program *program = run->program;
  for (uint32_t name = 0; operand >> 30 == 2 && name < area_count (&program->variables, struct variable); name++)
    if (program_variable (program, name)->slot == (operand & REGISTER_MASK))
      return name;
  return UINT32_MAX;
}

/* Where a name stands within the text of an instruction. */
static struct span
span_of_name (const struct run *run, uint32_t place, uint32_t name)
{
  struct span span = run_span (run, place);
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_NAME && nodes[i].payload == name && nodes[i].start >= span.start
        && nodes[i].start < span.start + span.length)
      return node_span (&nodes[i]);
  return span;
}

void
run_unassigned (const struct run *run, uint32_t place, uint32_t operand)
{
  const struct program *program = run->program;
  uint32_t name = run_name_of (run, operand);
  if (name != UINT32_MAX)
    {
      struct place first = sources_place (run->diagnostics->sources, program_variable (program, name)->first);
      diagnose_stop (run->diagnostics, STATUS_PROGRAM, span_of_name (run, place, name),
                     "'%s' is used before it is assigned (first assigned at %zu:%zu)",
                     names_text (program->names, name), first.line, first.column);
    }
  struct span span = run_span (run, place);
  ERROR (place, "'%.*s' is used before it is assigned", (int)(span.length < 60 ? span.length : 60),
         sources_text (run->diagnostics->sources, span));
}

void
warn_tie (struct run *run, uint32_t place, enum op op, const char *element, double number)
{
  run->tied = true;
  run->remarks++;
  const char *sign = op_info[op].sign;
  struct span span = run_span (run, place);
  if (op == OP_equal || op == OP_unequal)
    warn (run->diagnostics, WARNING_EQUALITY, sign, span,
          "'%s' of values that vary decides here, and they are equal%s; the derivative is that of the branch taken",
          sign, element);
  else
    warn (run->diagnostics, WARNING_TIE, sign, span,
          "both sides of '%s' are %.15g%s, a tie; the derivative is that of the branch taken", sign, number, element);
}

void
answer_check (const struct run *run, uint32_t place, uint32_t op)
{
  const struct program *program = run->program;
  uint32_t outermost = run->frames.used ? area_of (&run->frames, struct frame)->place : place;
  if (!(outermost >= program->answers && outermost < program->answers_end && op_asks_machine (op)))
    return;
  if (run->diagnostics->fault)
    run->diagnostics->fault->shape = false;
  diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, outermost),
                 "an answer may not call '%s', nor a function that does", op_info[op].name);
}
