/* kinds.c -- which variables can hold real numbers, as the code alone tells. */
#include "code/kinds.h"

#include <string.h>

/* Whether a function gives whole numbers or booleans, whatever it takes. */
static bool
is_never_real (uint16_t op)
{
  return op < OPS && op_info[op].traits & (TRUTH | INTEGER);
}

/* Registers of the program's own frame, and those of all. Whether each holds what is not real. */
struct registers
{
  struct area locals, globals; /* bool */
};

static bool *
register_at (const struct registers *registers, uint32_t operand)
{
  const struct area *area = operand & GLOBAL ? &registers->globals : &registers->locals;
  uint32_t at = operand & REGISTER_MASK;
  return at < area_count (area, bool) ? area_of (area, bool) + at : NULL;
}

static bool
holds_other (const struct registers *registers, uint32_t operand)
{
  const bool *other = register_at (registers, operand);
  return other && *other;
}

/* Whether an instruction that has a result gives what is not real. `last` is the last step of a group. */
static bool
gives_other (const struct registers *registers, const struct instruction *instruction, const struct instruction *last)
{
  switch (instruction->code)
    {
    case CODE_FUNCTION:
    case CODE_LEFT:
      return true;
    case CODE_MOVE:
      return holds_other (registers, instruction->b);
    case CODE_GROUP:
      return is_never_real (last->op);
    case CODE_ROUTINE:
      return is_never_real (instruction->op)
             || (instruction->op == ROUTINE_LITERAL && holds_other (registers, instruction->b));
    default:
      return false;
    }
}

/* The result of an instruction, or UINT32_MAX. */
static uint32_t
result_of (const struct instruction *instruction)
{
  switch (instruction->code)
    {
    case CODE_GROUP:
    case CODE_MOVE:
    case CODE_ROUTINE:
    case CODE_CALL:
    case CODE_DERIVE:
    case CODE_UNPACK:
    case CODE_FUNCTION:
      return instruction->a;
    case CODE_LEFT:
      return instruction->c;
    default:
      return UINT32_MAX;
    }
}

static void
open_bools (struct area *area, const struct program *program, size_t count)
{
  area_open (area, program->names->memory, (count + 1) * sizeof (bool), "the names");
  memset (area_push (area, (count + 1) * sizeof (bool)), 0, (count + 1) * sizeof (bool));
}

void
kinds_find (struct kinds *kinds, const struct program *program)
{
  const struct instruction *code = area_of (&program->code, struct instruction);
  const struct constant *constants = area_of (&program->constants, struct constant);
  size_t count = area_count (&program->code, struct instruction), constant_count;
  struct registers registers;
  open_bools (&registers.locals, program, program->main_registers);
  open_bools (&registers.globals, program, program->global_count);
  open_bools (&kinds->variables, program, program->global_count);
  open_bools (&kinds->inputs, program, area_count (&program->inputs, struct input));
  constant_count = area_count (&program->constants, struct constant);
  for (size_t i = 0; i < constant_count; i++)
    *register_at (&registers, constants[i].slot | GLOBAL) = constants[i].value.kind != KIND_REAL;
  for (size_t i = 0; i < count; i++)
    {
      const struct instruction *instruction = &code[i], *last = instruction;
      uint32_t result = result_of (instruction);
      bool *other = register_at (&registers, result);
      if (instruction->code == CODE_INPUT)
        area_of (&kinds->inputs, bool)[instruction->c] = !holds_other (&registers, instruction->a);
      /* What -D gives, and what a loop hands out, may be real. */
      if (instruction->code == CODE_DEFINE)
        {
          *register_at (&registers, instruction->a) = false;
          area_of (&kinds->variables, bool)[instruction->a & REGISTER_MASK] = true;
        }
      if (instruction->code == CODE_ITEM_NEXT && instruction->c & GLOBAL)
        area_of (&kinds->variables, bool)[instruction->c & REGISTER_MASK] = true;
      if (instruction->code == CODE_GROUP)
        last += instruction->b;
      if (result == UINT32_MAX || !other)
        continue;
      *other = gives_other (&registers, instruction, last);
      if (result & GLOBAL && !*other)
        area_of (&kinds->variables, bool)[result & REGISTER_MASK] = true;
    }
  area_close (&registers.locals);
  area_close (&registers.globals);
}

void
kinds_close (struct kinds *kinds)
{
  area_close (&kinds->variables);
  area_close (&kinds->inputs);
}
