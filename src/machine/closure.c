/* closure.c -- functions of the program: made, entered, left. */
#include "machine/execute.h"

#include <stdio.h>
#include <string.h>

#include "machine/answer.h"

void
closure_make (struct run *run, const struct instruction *instruction, struct value *const bases[4])
{
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + instruction->b;
  const struct capture *captures = area_of (&run->program->captures, struct capture) + prototype->captured;
  struct function *function = function_new (run, instruction->b, false, prototype->captured_count);
  for (uint32_t i = 0; i < prototype->captured_count; i++)
    {
      function->captured[i] = *OPERAND (bases, captures[i].from);
      value_hold (&function->captured[i]);
    }
  value_set (run, OPERAND (bases, instruction->a), (struct value){ .function = function, .kind = KIND_FUNCTION });
}

_Noreturn void
closure_refuse (const struct run *run, uint32_t place, const struct instruction *instruction,
                const struct value *callee)
{
  char text[VALUE_TEXT];
  if (callee->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  uint32_t name = run_name_of (run, instruction->b);
  /* Elsewhere this writes a product, or an element. */
  const char *hint = value_is_number (callee) ? "; a product needs *" : "";
  if (run->diagnostics->fault)
    run->diagnostics->fault->shape = false;
  else
    run->diagnostics->misread = value_is_number (callee);
  if (callee->kind == KIND_ARRAY)
    hint = "; elements stand in square brackets";
  if (name != UINT32_MAX)
    ERROR (place, "'%s' is %s, not a function%s", names_text (run->program->names, name),
           value_describe (text, callee), hint);
  ERROR (place, "%s is not a function%s", value_describe (text, callee), hint);
}

const struct function *
closure_begin (struct run *run, uint32_t place, const struct instruction *instruction, const struct function *function,
               struct value *const bases[4])
{
  struct value *arguments = OPERAND (bases, instruction->c);
  while (function->derivative)
    {
      if (function->argument >= instruction->op)
        ERROR (place, "a derivative in argument %u, counted from 0, but there %s %u", function->argument,
               instruction->op == 1 ? "is" : "are", instruction->op);
      answer_check (run, place, (enum op) (function->derivative - 1));
      struct value *argument = &arguments[function->argument];
      *argument = run->program->deriver->source (run, place, *argument);
      value_hold (argument);
      *area_add (&run->derivations, struct derivation)
        = (struct derivation){ area_count (&run->frames, struct frame), (enum op) (function->derivative - 1),
                               *argument };
      const struct value *inner = &function->captured[0];
      if (inner->kind != KIND_FUNCTION)
        closure_refuse (run, place, instruction, inner);
      function = inner->function;
    }
  return function;
}

struct value
closure_end (struct run *run, uint32_t place, size_t depth, struct value result)
{
  while (run->derivations.used)
    {
      struct derivation last
        = area_of (&run->derivations, struct derivation)[area_count (&run->derivations, struct derivation) - 1];
      if (last.depth != depth)
        break;
      run->derivations.used -= sizeof last;
      run->place = place;
      result = run->program->deriver->result (run, place, last.op, result, &last.source);
      value_drop (run, &last.source);
    }
  return result;
}

static _Noreturn void
report_recursion (const struct run *run, uint32_t place)
{
  const struct frame *frames = area_of (&run->frames, struct frame);
  size_t count = area_count (&run->frames, struct frame);
  diagnose (run->diagnostics, SEVERITY_ERROR, run_span (run, place), "calls are nested more than %d deep",
            RUN_CALLS);
  if (frames[0].place != frames[count - 1].place)
    diagnose (run->diagnostics, SEVERITY_NOTE, run_span (run, frames[0].place), "the first call is here");
  if (run->diagnostics->fault)
    run->diagnostics->fault->shape = false;
  run->diagnostics->status = STATUS_PROGRAM;
  longjmp (*run->diagnostics->stop, 1);
}

struct value *
closure_frame (struct run *run, uint32_t place, const struct prototype *prototype)
{
  size_t base = run->stack.used;
  struct value *frame = area_push (&run->stack, prototype->registers * sizeof *frame);
  memset (frame, 0, prototype->registers * sizeof *frame);
  *area_add (&run->frames, struct frame) = (struct frame){ prototype, place, base, 0 };
  return frame;
}

struct value *
closure_enter (struct run *run, uint32_t place, const struct instruction *instruction, const struct function *function,
               struct value *const bases[4])
{
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + function->prototype;
  if (instruction->op != prototype->parameters)
    {
      bool named = prototype->name != UINT32_MAX;
      char takes[20] = "no";
      if (prototype->parameters)
        snprintf (takes, sizeof takes, "%u", prototype->parameters);
      ERROR (place, "%s%s%s takes %s argument%s, %u given", named ? "'" : "",
             named ? names_text (run->program->names, prototype->name) : "this function", named ? "'" : "", takes,
             prototype->parameters == 1 ? "" : "s", instruction->op);
    }
  if (area_count (&run->frames, struct frame) == RUN_CALLS)
    report_recursion (run, place);
  struct value *arguments = OPERAND (bases, instruction->c);
  struct value *frame = closure_frame (run, place, prototype);
  if (run->deepest < area_count (&run->frames, struct frame))
    run->deepest = area_count (&run->frames, struct frame);
  /* Arguments move in. */
  for (uint32_t i = 0; i < instruction->op; i++)
    {
      if (arguments[i].kind == KIND_NOTHING)
        run_unassigned (run, place, GLOBAL | REGISTER_MASK);
      frame[i] = arguments[i];
      arguments[i] = (struct value){ 0 };
    }
  const struct value *globals = area_of (&run->globals, struct value);
  const struct capture *captures = area_of (&run->program->captures, struct capture);
  for (uint32_t i = 0; i < prototype->captured_count; i++)
    {
      struct capture capture = captures[prototype->captured + i];
      const struct value *value = &function->captured[i];
      if (value->kind == KIND_NOTHING && capture.global)
        value = &globals[capture.global & REGISTER_MASK];
      frame[capture.to] = *value;
      value_hold (value);
    }
  for (uint32_t i = 0; i < prototype->imported_count; i++)
    {
      struct capture capture = captures[prototype->imported + i];
      frame[capture.to] = globals[capture.from & REGISTER_MASK];
      value_hold (&frame[capture.to]);
    }
  return frame;
}
