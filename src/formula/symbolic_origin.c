/* symbolic_origin.c -- which step gave what a register holds: values are moved where calls, functions and their results
   want them, and no step tells of that. */
#include "formula/symbolic.h"

#include "formula/symbolic_step.h"

enum
{
  MAIN, /* areas of origins: of the registers of the main program, and of those of functions */
  STACK
};

/* The place for the origin of a register, or of a variable of the program; NULL for what is neither. */
static uint32_t *
origin_of (struct symbolic *formulas, const struct run *run, const struct value *where)
{
  const struct value *globals = area_of (&run->globals, struct value);
  if (where >= globals && where < globals + run->program->global_count)
    return (size_t)(where - globals) < area_count (&formulas->writers, uint32_t)
             ? area_of (&formulas->writers, uint32_t) + (where - globals)
             : NULL;
  const struct area *areas[] = { [MAIN] = &run->registers, [STACK] = &run->stack };
  for (int i = MAIN; i <= STACK; i++)
    {
      const struct value *first = area_of (areas[i], struct value);
      if (where < first || where >= first + area_count (areas[i], struct value))
        continue;
      struct area *origins = &formulas->origins[i];
      size_t at = (size_t)(where - first);
      while (area_count (origins, uint32_t) <= at)
        *area_add (origins, uint32_t) = 0;
      return area_of (origins, uint32_t) + at;
    }
  return NULL;
}

void
symbolic_set_origin (struct symbolic *formulas, const struct run *run, const struct value *where, uint32_t step)
{
  uint32_t *origin = origin_of (formulas, run, where);
  if (origin)
    *origin = step;
}

uint32_t
symbolic_giver (struct symbolic *formulas, const struct run *run, const struct value *where)
{
  const uint32_t *origin = origin_of (formulas, run, where);
  if (!origin || !*origin)
    return 0;
  const struct value *result = &trace_at (&formulas->trace, *origin)->result;
  bool same = value_is_number (where)
                ? value_is_number (result) && result->number == where->number
                : where->kind == KIND_ARRAY && result->kind == KIND_ARRAY && result->array == where->array;
  return same ? *origin : 0;
}

/* What a register holds, if the step that is its origin gave a number of numbers: sizes and positions stay what they
   are. */
uint32_t
symbolic_origin (struct symbolic *formulas, const struct run *run, const struct value *where)
{
  uint32_t origin = symbolic_giver (formulas, run, where);
  const struct step *step = trace_at (&formulas->trace, origin);
  return origin && value_is_number (where) && step->op < OPS && op_info[step->op].arity ? origin : 0;
}

/* Before each instruction: origins move with values. Those of the arguments of a call, and that of what is returned,
   are kept until the instruction after, when the registers that they go to are there. */
void
symbolic_instruction (void *data, const struct run *run, uint32_t place, const struct value *frame)
{
  struct symbolic *formulas = data;
  const struct instruction *code = area_of (&run->program->code, struct instruction), *instruction = &code[place];
  const struct value *bases[4] = { frame, NULL, area_of (&run->globals, struct value), frame };
  struct symbolic_moving *moving = &formulas->moving;
  if (frame != moving->frame)
    for (uint32_t i = 0; i < moving->count; i++)
      symbolic_set_origin (formulas, run, moving->returns ? OPERAND (bases, code[place - 1].a) : &frame[i],
                           moving->origins[i]);
  *moving = (struct symbolic_moving){ .frame = frame };
  switch (instruction->code)
    {
    case CODE_MOVE:
      symbolic_set_origin (formulas, run, OPERAND (bases, instruction->a),
                           symbolic_giver (formulas, run, OPERAND (bases, instruction->b)));
      break;
    case CODE_CALL:
      for (; moving->count < instruction->op && moving->count < SYMBOLIC_MOVING; moving->count++)
        moving->origins[moving->count]
          = symbolic_giver (formulas, run, OPERAND (bases, instruction->c) + moving->count);
      break;
    case CODE_RETURN:
      moving->returns = true;
      moving->count = 1;
      moving->origins[0] = symbolic_giver (formulas, run, OPERAND (bases, instruction->b));
      break;
    default:
      break;
    }
}
