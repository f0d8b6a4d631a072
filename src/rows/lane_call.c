/* lane_call.c -- functions of the program: what moves into the registers of their frames, and out. */
#include <string.h>

#include "rows/lane_learn.h"

/* What an instruction moves is known before it is run, and where to when the next one is about to be. */

void
lane_learn_closure (struct learner *learner, const struct instruction *instruction, struct value *const bases[4])
{
  learner->made = instruction;
  memcpy (learner->made_bases, bases, sizeof learner->made_bases);
}

/* A function was made: it has copies of what it captured. */
static void
enter_captured (struct learner *learner)
{
  const struct program *program = learner->run->program;
  struct value *const *bases = learner->made_bases;
  const struct prototype *prototype = area_of (&program->prototypes, struct prototype) + learner->made->b;
  const struct capture *captures = area_of (&program->captures, struct capture) + prototype->captured;
  const struct function *function = OPERAND (bases, learner->made->a)->function;
  for (uint32_t i = 0; i < prototype->captured_count; i++)
    lane_set (learner, &function->captured[i], lane_get (learner, OPERAND (bases, captures[i].from)));
}

void
lane_learn_call (struct learner *learner, const struct instruction *instruction, struct value *const bases[4])
{
  const struct value *callee = OPERAND (bases, instruction->b), *arguments = OPERAND (bases, instruction->c);
  if (callee->kind != KIND_FUNCTION || callee->function->derivative || callee->function->built_in
      || instruction->op > LANE_ARGUMENTS)
    {
      learner->failed = true;
      return;
    }
  learner->called = callee->function;
  for (uint32_t i = 0; i < instruction->op; i++)
    learner->arguments[i] = lane_get (learner, &arguments[i]);
}

/* A function was entered, whose frame has what it was called with, what it captured and what it imports. */
static void
enter_frame (struct learner *learner, const struct value *frame)
{
  const struct run *run = learner->run;
  const struct program *program = run->program;
  const struct function *function = learner->called;
  const struct prototype *prototype = area_of (&program->prototypes, struct prototype) + function->prototype;
  const struct capture *captures = area_of (&program->captures, struct capture);
  const struct value *globals = area_of (&run->globals, struct value);
  for (uint32_t i = 0; i < prototype->registers; i++)
    lane_set (learner, &frame[i], i < prototype->parameters ? learner->arguments[i] : LANE_ZERO);
  for (uint32_t i = 0; i < prototype->captured_count; i++)
    {
      struct capture capture = captures[prototype->captured + i];
      const struct value *value = &function->captured[i];
      if (value->kind == KIND_NOTHING && capture.global)
        value = &globals[capture.global & REGISTER_MASK];
      lane_set (learner, &frame[capture.to], lane_get (learner, value));
    }
  for (uint32_t i = 0; i < prototype->imported_count; i++)
    {
      struct capture capture = captures[prototype->imported + i];
      lane_set (learner, &frame[capture.to], lane_get (learner, &globals[capture.from & REGISTER_MASK]));
    }
}

void
lane_learn_return (struct learner *learner, const struct instruction *instruction, struct value *const bases[4])
{
  const struct run *run = learner->run;
  const struct frame *frames = area_of (&run->frames, struct frame);
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  learner->returned = &code[frames[area_count (&run->frames, struct frame) - 1].place];
  learner->result = lane_get (learner, OPERAND (bases, instruction->b));
}

void
lane_settle (struct learner *learner, struct value *const bases[4])
{
  if (learner->made)
    enter_captured (learner);
  if (learner->called)
    enter_frame (learner, bases[0]);
  if (learner->returned)
    lane_set (learner, OPERAND (bases, learner->returned->a), learner->result);
  learner->made = learner->returned = NULL;
  learner->called = NULL;
}
