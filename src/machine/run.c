/* run.c -- a program run once, at a point. */
#include "machine/execute.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "machine/answer.h"
#include "machine/repeat.h"
#include "machine/sharing.h"
#include "machine/small.h"

void
run_set_constants (struct run *run)
{
  struct value *values = area_of (&run->globals, struct value);
  const struct constant *constants = area_of (&run->program->constants, struct constant);
  for (size_t i = 0; i < area_count (&run->program->constants, struct constant); i++)
    {
      struct value value = constants[i].value;
      if (value.kind == KIND_FUNCTION)
        value.function = function_new (run, (uint32_t)value.number, true, 0);
      values[constants[i].slot] = value;
    }
}

void
run_open (struct run *run, const struct program *program, struct tape *tape, struct diagnostics *diagnostics)
{
  enum
  {
    GIGABYTE = 1 << 30,
    PATIENCE = 1 << 22,
    LARGE = 1 << 16
  };
  struct memory *memory = program->names->memory;
  *run = (struct run){ .program = program,
                       .diagnostics = diagnostics,
                       .memory = memory,
                       .arrays = tape->arrays,
                       .tape = tape,
                       .random = program->random,
                       .last = UINT32_MAX,
                       .patience = PATIENCE,
                       .out = diagnostics->out };
  size_t globals = program->global_count;
  if (globals > LARGE)
    run->ahead_end = (uint32_t)area_count (&program->code, struct instruction) - 2;
  area_open (&run->globals, memory, (globals + 1) * sizeof (struct value), "the variables");
  area_push (&run->globals, (globals + 1) * sizeof (struct value));
  area_open (&run->registers, memory, (program->main_registers + 1) * sizeof (struct value), "the variables");
  area_open (&run->stack, memory, (size_t)64 * GIGABYTE, "the call stack");
  area_open (&run->frames, memory, (size_t)1 * GIGABYTE, "the call stack");
  area_open (&run->links, memory, (size_t)64 * GIGABYTE, "the tape");
  area_open (&run->scratch, memory, (size_t)1 << 24, "an array");
  area_open (&run->inputs, memory, (area_count (&program->inputs, struct input) + 1) * sizeof (struct noted),
             "the inputs");
  area_open (&run->wanted, memory, (program->wanted_count + 1) * sizeof (struct noted), "the inputs");
  area_open (&run->input_order, memory, (area_count (&program->inputs, struct input) + 1) * sizeof (uint32_t),
             "the inputs");
  area_open (&run->files, memory, (size_t)1 << 24, "the data files");
  area_open (&run->derivations, memory, (size_t)1 << 24, "the call stack");
  area_open (&run->repeats, memory, (program->loops + 1) * sizeof (struct repeat), "the loops");
  area_open (&run->sources, memory, (size_t)4 * GIGABYTE, "the tape");
  area_open (&run->noted_places, memory, 4096, "the inputs");
  area_push (&run->inputs, area_count (&program->inputs, struct input) * sizeof (struct noted));
  area_push (&run->wanted, program->wanted_count * sizeof (struct noted));
  if (program->loops)
    area_push (&run->repeats, (program->loops + 1) * sizeof (struct repeat));
  run_set_constants (run);
  if (program->derives)
    program->deriver->open (run);
}

void
run_forget_blocks (struct run *run)
{
  for (struct function *next, *function = run->functions; function; function = next)
    {
      next = function->next;
      heap_give (function);
    }
  for (struct tuple *next, *tuple = run->tuples; tuple; tuple = next)
    {
      next = tuple->next;
      heap_give (tuple);
    }
  run->functions = NULL;
  run->tuples = NULL;
}

void
run_close (struct run *run)
{
  if (!run->program)
    return;
  if (run->recorder)
    run->program->deriver->close (run);
  sharing_close (run);
  run_forget_blocks (run);
  struct area *areas[] = { &run->globals,     &run->registers, &run->stack,        &run->frames,  &run->links,
                           &run->inputs,      &run->wanted,    &run->input_order,  &run->scratch, &run->files,
                           &run->derivations, &run->sources,   &run->noted_places, &run->repeats };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  *run = (struct run){ 0 };
}

/* One boolean, or an error that names the word it stands after. */
static bool
truth (const struct run *run, uint32_t place, const struct instruction *instruction, const struct value *value)
{
  static const char *const words[CONDITION_WORDS] = { "if", "while", "?" };
  char text[VALUE_TEXT];
  if (value->kind == KIND_BOOLEAN)
    return value->number != 0;
  if (value->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  ERROR (place, "'%s' needs one boolean, got %s", words[instruction->op], value_describe (text, value));
}

/* The value of a condition, which a variation of the run may turn. */
static inline bool
chosen (const struct run *run, uint32_t place, bool holds)
{
  const struct forced_choice *choice = &run->variation.choice;
  if (__builtin_expect (choice->way == FORCE_NOTHING, true) || choice->place != place)
    return holds;
  return choice->way == FORCE_OTHER ? !holds : choice->way == FORCE_TRUE;
}

/* Both sides of && and || are booleans, single or in arrays. */
static void
need_booleans (const struct run *run, uint32_t place, const struct instruction *instruction, const struct value *value)
{
  char text[VALUE_TEXT];
  if (value->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  if (value->kind != KIND_BOOLEAN && !(value->kind == KIND_ARRAY && value->array->type == TYPE_BOOLEAN))
    ERROR (place, "'%s' needs booleans, got %s", instruction->op == SIGN_AND ? "&&" : "||",
           value_describe (text, value));
}

/* x[i, j] with a number for each axis, the commonest index of all: a number out of an array. False when it is anything
   else. */
static inline bool
index_number (struct run *run, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *arguments = OPERAND (bases, instruction->b);
  size_t position;
  if (run_is_heard (run) || arguments[0].kind != KIND_ARRAY
      || !element_position (arguments[0].array, &arguments[1], instruction->c - 1, &position))
    return false;
  const struct array *array = arguments[0].array;
  static const uint8_t kinds[]
    = { [TYPE_REAL] = KIND_REAL, [TYPE_INTEGER] = KIND_INTEGER, [TYPE_BOOLEAN] = KIND_BOOLEAN };
  struct value result = { .number = array->elements[position], .kind = kinds[array->type] };
  if (arguments[0].node == NODE_ELEMENTS || (arguments[0].node && small_is_on (run) && small_fits (&arguments[0])))
    result.node = small_element (run, &arguments[0], position);
  else if (arguments[0].node)
    {
      tape_link_bits (run->tape, arguments[0].node | LINK_ELEMENT, position);
      run_node (run, run->place, &result);
    }
  value_drop (run, &arguments[0]);
  value_set (run, OPERAND (bases, instruction->a), result);
  return true;
}

/* Whether a function calls itself, for the many-th time within one call from the main program, which forgets all calls
   before it. One that closes over values is left alone: it may be another one each time. */
static bool
is_self_call (struct run *run, const struct instruction *instruction, const struct function *function)
{
  size_t depth = area_count (&run->frames, struct frame);
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + function->prototype;
  if (!depth)
    {
      sharing_forget (run);
      return false;
    }
  return area_of (&run->frames, struct frame)[depth - 1].prototype == prototype && !prototype->captured_count
         && instruction->op == prototype->parameters && ++run->self_calls > SHARING_FROM && sharing_may (run);
}

/* Runs from `place` on, with the registers of the current frame, until the program stops or as many frames as `floor`
   are left by a return, whose value it gives. */
static struct value
execute (struct run *run, uint32_t place, struct value *registers, size_t floor)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  struct value *frame = area_of (&run->registers, struct value);
  struct value *globals = area_of (&run->globals, struct value);
  struct value *bases[4] = { registers, NULL, globals, registers };
  for (;;)
    {
      const struct instruction *instruction = &code[place];
      run->place = place;
      if (__builtin_expect (run->listener != NULL, false) && run->listener->instruction)
        run->listener->instruction (run->listener->data, run, place, bases[0]);
      switch (instruction->code)
        {
        case CODE_GROUP:
          if (instruction->op & GROUP_ARITHMETIC && !run->apart && !run->tape->careful)
            {
              uint32_t next = run_arithmetic (run, place, bases);
              if (next > place)
                {
                  place = next;
                  continue;
                }
            }
          run_ahead (run, instruction, place, bases);
          run_group (run, place, instruction, bases);
          if (instruction->op & GROUP_ASSIGNS
              && (!(instruction->op & GROUP_MIXED) || OPERAND (bases, instruction->a)->kind != KIND_BOOLEAN))
            run->last = instruction->a & REGISTER_MASK;
          place += instruction->b + 1;
          continue;
        case CODE_MOVE:
          {
            struct value *from = OPERAND (bases, instruction->b);
            struct value value = *from;
            if (value.kind >= KIND_ARRAY && instruction->op)
              from->kind = KIND_NOTHING;
            else if (value.kind >= KIND_ARRAY)
              value_hold (&value);
            value_set (run, OPERAND (bases, instruction->a), value);
            break;
          }
        case CODE_ROUTINE:
          if (instruction->op != ROUTINE_INDEX || !index_number (run, instruction, bases))
            routine_call (run, place, instruction, bases);
          break;
        case CODE_REPLACE:
          routine_replace (run, place, instruction, bases);
          break;
        case CODE_CALL:
          {
            const struct value *callee = OPERAND (bases, instruction->b);
            if (callee->kind != KIND_FUNCTION)
              closure_refuse (run, place, instruction, callee);
            const struct function *function = callee->function;
            if (__builtin_expect (function->derivative, false))
              function = closure_begin (run, place, instruction, function, bases);
            if (function->built_in)
              {
                routine_apply (run, place, (enum op)function->prototype, instruction, bases);
                if (run->derivations.used)
                  {
                    struct value *result = OPERAND (bases, instruction->a);
                    *result = closure_end (run, place, area_count (&run->frames, struct frame), *result);
                  }
                break;
              }
            if (__builtin_expect (run->steps != 0, false) && --run->steps == 0)
              answer_cut_short (run, place);
            uint32_t pending = 0;
            if (run->shares && is_self_call (run, instruction, function))
              {
                struct value result;
                if (sharing_find (run, function->prototype, OPERAND (bases, instruction->c), instruction->op, &result,
                                 &pending))
                  {
                    value_set (run, OPERAND (bases, instruction->a), result);
                    break;
                  }
              }
            bases[0] = bases[3] = closure_enter (run, place, instruction, function, bases);
            area_of (&run->frames, struct frame)[area_count (&run->frames, struct frame) - 1].pending = pending;
            place = area_of (&run->frames, struct frame)[area_count (&run->frames, struct frame) - 1].prototype->entry;
            continue;
          }
        case CODE_RETURN:
          {
            struct value *from = OPERAND (bases, instruction->b);
            struct value result = *from;
            if (result.kind == KIND_NOTHING)
              run_unassigned (run, place, instruction->b);
            value_hold (&result);
            run->frames.used -= sizeof (struct frame);
            struct frame left = area_of (&run->frames, struct frame)[area_count (&run->frames, struct frame)];
            for (uint32_t i = 0; i < left.prototype->registers; i++)
              if (bases[0][i].kind >= KIND_ARRAY)
                value_drop (run, &bases[0][i]);
            run->stack.used = left.base;
            size_t depth = area_count (&run->frames, struct frame);
            bases[0] = depth ? (struct value *)(run->stack.start + area_of (&run->frames, struct frame)[depth - 1].base)
                             : frame;
            bases[3] = bases[0];
            place = left.place;
            if (__builtin_expect (left.pending != 0, false))
              sharing_keep (run, left.pending, &result);
            bool derived = run->derivations.used != 0;
            if (__builtin_expect (derived, false))
              result = closure_end (run, place, depth, result);
            if (depth == floor)
              return result;
            value_set (run, OPERAND (bases, code[place].a), result);
            if (__builtin_expect (derived, false))
              run->program->deriver->derived (run);
            break;
          }
        case CODE_MISSING:
          {
            const struct frame *frames = area_of (&run->frames, struct frame);
            uint32_t name = frames[area_count (&run->frames, struct frame) - 1].prototype->name;
            ERROR (place, "'%s' ended without 'return'", names_text (run->program->names, name));
          }
        case CODE_DERIVE:
          statement_derive (run, place, instruction, bases);
          run->program->deriver->derived (run);
          break;
        case CODE_LIST:
          statement_list (run, instruction, bases);
          break;
        case CODE_SLICE:
          statement_slice (run, place, instruction, bases);
          break;
        case CODE_JUMP:
          if (__builtin_expect (run->steps != 0, false) && --run->steps == 0)
            answer_cut_short (run, place);
          /* What follows a loop stands behind its way back. */
          if (instruction->op && __builtin_expect (run->steps < run->variation.leaves, false))
            break;
          place = instruction->op ? repeat_run (run, place, bases) : instruction->a;
          continue;
        case CODE_UNLESS:
          if (!chosen (run, place, truth (run, place, instruction, OPERAND (bases, instruction->b))))
            {
              place = instruction->a;
              continue;
            }
          break;
        case CODE_LEFT:
          {
            struct value *left = OPERAND (bases, instruction->b);
            need_booleans (run, place, instruction, left);
            struct value value = *left;
            value_hold (&value);
            value_set (run, OPERAND (bases, instruction->c), value);
            if (value.kind == KIND_BOOLEAN && (value.number != 0) == (instruction->op == SIGN_OR))
              {
                place = instruction->a;
                continue;
              }
            break;
          }
        case CODE_BOOLEAN:
          need_booleans (run, place, instruction, OPERAND (bases, instruction->b));
          break;
        case CODE_COUNT:
          statement_count (run, place, OPERAND (bases, instruction->a));
          break;
        case CODE_COUNT_NEXT:
          {
            struct value *range = OPERAND (bases, instruction->b);
            double step = range[2].number;
            if (!(step > 0 ? range[0].number < range[1].number : range[0].number > range[1].number))
              {
                place = instruction->a;
                continue;
              }
            struct value *variable = OPERAND (bases, instruction->c);
            if (variable->kind >= KIND_ARRAY)
              value_drop (run, variable);
            *variable = (struct value){ .number = range[0].number, .kind = range[0].kind };
            range[0].number += step;
            break;
          }
        case CODE_ITEM_NEXT:
          if (!statement_next_item (run, place, instruction, bases))
            {
              place = instruction->a;
              continue;
            }
          break;
        case CODE_FUNCTION:
          closure_make (run, instruction, bases);
          break;
        case CODE_PRINT:
          statement_print (run, place, instruction, OPERAND (bases, instruction->b));
          break;
        case CODE_ASSERT:
          statement_assert (run, place, instruction, OPERAND (bases, instruction->b));
          break;
        case CODE_UNPACK:
          statement_unpack (run, place, instruction, bases);
          break;
        case CODE_UNBOUND:
          area_of (&run->inputs, struct noted)[instruction->c].unbound
            = OPERAND (bases, instruction->a)->kind == KIND_NOTHING;
          break;
        case CODE_DEFINE:
          input_define (run, place, instruction, OPERAND (bases, instruction->a));
          break;
        case CODE_INPUT:
          input_note (run, instruction, OPERAND (bases, instruction->a));
          break;
        case CODE_ASSIGNED:
          {
            uint8_t kind = OPERAND (bases, instruction->a)->kind;
            if (kind == KIND_REAL || kind == KIND_ARRAY || kind == KIND_INTEGER)
              run->last = instruction->a & REGISTER_MASK;
            else if (kind == KIND_NOTHING)
              run_unassigned (run, place, instruction->a);
            break;
          }
        case CODE_KEEP:
          input_keep (run, instruction, OPERAND (bases, instruction->a));
          break;
        case CODE_RECALL:
          input_recall (run, place, instruction, OPERAND (bases, instruction->a));
          break;
        case CODE_SOURCE:
          input_source (run, place, OPERAND (bases, instruction->a), (enum source_kind)instruction->op);
          break;
        default: /* STOP */
          return (struct value){ 0 };
        }
      place++;
    }
}

void
run_part (struct run *run, uint32_t place, struct value *registers)
{
  execute (run, place, registers, SIZE_MAX);
}

void
run_program (struct run *run)
{
  struct value *frame = area_push (&run->registers, (run->program->main_registers + 1) * sizeof *frame);
  bool may_be_small = !run->apart && !run->listener && !run->program->derives && !run->complete && !run->outer
                      && !run->variation.axis && !run->variation.symmetric;
  run->small = may_be_small && run->small_at_once;
  run->before_small = may_be_small ? SMALL_FROM : 0;
  execute (run, 0, frame, SIZE_MAX);
  if (area_count (&run->program->claimed, struct claimed))
    answers_run (run, frame);
  struct value *globals = area_of (&run->globals, struct value);
  for (uint32_t i = 0; i < run->program->global_count; i++)
    small_settle (run, &globals[i]);
  run->small = false;
  run->before_small = 0;
}

struct value
run_call (struct run *run, uint32_t number, const struct value *arguments)
{
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + number;
  size_t floor = area_count (&run->frames, struct frame);
  struct value *frame = closure_frame (run, 0, prototype);
  memcpy (frame, arguments, prototype->parameters * sizeof *frame);
  struct value result = execute (run, prototype->entry, frame, floor);
  small_settle (run, &result);
  return result;
}

struct value
run_apply (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count)
{
  size_t base = run->stack.used;
  struct value *registers = area_push (&run->stack, count * sizeof *registers);
  memcpy (registers, arguments, count * sizeof *registers);
  struct value result = { 0 };
  struct value *bases[4] = { registers, NULL, &result, registers };
  routine_apply (run, place, op, &(struct instruction){ CODE_CALL, (uint16_t)count, GLOBAL, 0, 0 }, bases);
  run->stack.used = base;
  small_settle (run, &result);
  return result;
}
