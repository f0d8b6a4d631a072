/* run.c -- a program run once, at a point. */
#include "program/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/functions.h"
#include "program/derive.h"
#include "program/gradient.h"
#include "program/pullback.h"

enum
{
  RECURSION_LIMIT = 10000
};

void
run_open (struct run *run, const struct program *program, struct tape *tape, struct diagnostics *diagnostics)
{
  enum
  {
    GIGABYTE = 1 << 30,
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
                       .out = diagnostics->out };
  size_t globals = program->global_count;
  if (globals > LARGE)
    run->ahead_end = (uint32_t)area_count (&program->code, struct instruction) - 2;
  area_open (&run->globals, memory, (globals + 1) * sizeof (struct value), "the variables");
  area_push (&run->globals, (globals + 1) * sizeof (struct value));
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
  area_open (&run->noted_places, memory, 4096, "the inputs");
  area_push (&run->inputs, area_count (&program->inputs, struct input) * sizeof (struct noted));
  area_push (&run->wanted, program->wanted_count * sizeof (struct noted));
  struct value *values = area_of (&run->globals, struct value);
  const struct constant *constants = area_of (&program->constants, struct constant);
  for (size_t i = 0; i < area_count (&program->constants, struct constant); i++)
    {
      struct value value = constants[i].value;
      if (value.kind == KIND_FUNCTION)
        value.function = function_new (run, (uint32_t)value.number, true, 0);
      values[constants[i].slot] = value;
    }
  if (program->derives)
    gradient_open (run);
}

void
run_close (struct run *run)
{
  if (!run->program)
    return;
  gradient_close (run);
  /* Everything alive goes, whoever holds it. */
  for (struct function *next, *function = run->functions; function; function = next)
    {
      next = function->next;
      free (function);
    }
  for (struct tuple *next, *tuple = run->tuples; tuple; tuple = next)
    {
      next = tuple->next;
      free (tuple);
    }
  struct area *areas[]
    = { &run->globals,     &run->stack,   &run->frames, &run->links,       &run->inputs,      &run->wanted,
        &run->input_order, &run->scratch, &run->files,  &run->derivations, &run->noted_places };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
  *run = (struct run){ 0 };
}

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

static struct span
where (const void *run, uint32_t place)
{
  return run_span (run, place);
}

static struct call
begin_call (struct run *run, uint32_t place, const char *name, struct value *arguments, uint32_t count)
{
  return (struct call){ .arrays = run->arrays,
                        .diagnostics = run->diagnostics,
                        .where = where,
                        .run = run,
                        .place = place,
                        .random = &run->random,
                        .load = run_load,
                        .name = name,
                        .arguments = arguments,
                        .count = (int)count,
                        .links = &run->links };
}

#define ERROR(place, ...) diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place), __VA_ARGS__)

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

void
run_record (struct run *run, uint32_t place, uint32_t op, const struct value *result,
            const struct value *const operands[], uint32_t count)
{
  if (run->record && result->node)
    record_step (run->record, result->node, run->outer ? run->outer->place : place, op, result, operands, count);
}

/* Moves the links that a routine left to the tape, and gives the result, or the items of a tuple, their nodes. */
static void
record_call (struct run *run, struct call *call)
{
  struct tape *tape = run->tape;
  if (call->result.kind == KIND_TUPLE)
    tuple_adopt (run, call->result.tuple);
  struct call_link *links = area_of (&run->links, struct call_link);
  size_t count = area_count (&run->links, struct call_link);
  if (!count)
    return;
  bool tuple = call->result.kind == KIND_TUPLE;
  for (uint32_t item = 0; item < (tuple ? call->result.tuple->count : 1); item++)
    {
      struct value *value = tuple ? &call->result.tuple->items[item] : &call->result;
      bool any = false;
      for (size_t i = 0; i < count; i++)
        if (links[i].item == item)
          {
            if (!any && value->kind == KIND_ARRAY)
              tape_size (tape, value->array->size);
            any = true;
            tape_link_linear (tape, links[i].node, &links[i].map);
          }
      if (any)
        value->node = tape_node (tape);
    }
  run->links.used = 0;
}

/* The instruction that moved an argument into its register, or the call itself. */
static uint32_t
argument_place (const struct run *run, uint32_t place, uint32_t target)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  for (uint32_t i = place; code[place].code == CODE_ROUTINE && i-- > 0;)
    if (code[i].code == CODE_MOVE && code[i].a == target)
      return i;
  return place;
}

/* An argument without a value was left out, or it is a variable that has none, whose own place tells. */
static void
check_argument (const struct run *run, uint32_t place, uint32_t target, bool optional)
{
  uint32_t from = argument_place (run, place, target);
  struct span whole = run_span (run, place), span = run_span (run, from);
  if (optional && (from == place || (span.start == whole.start && span.length == whole.length)))
    return;
  run_unassigned (run, from, from == place ? target : area_of (&run->program->code, struct instruction)[from].b);
}

static void
tell_call (const struct run *run, uint32_t place, const struct call *call, uint32_t routine)
{
  enum
  {
    MANY = 65
  };
  const struct value *operands[MANY];
  uint32_t count = call->count < MANY ? (uint32_t)call->count : MANY;
  for (uint32_t i = 0; i < count; i++)
    operands[i] = &call->arguments[i];
  run->witness->tell (run->witness->data, run, place, routine, operands, count, &call->result, call->kinks);
}

/* A function without a rule of its own is what its links are. */
static void
keep_result (struct run *run, uint32_t place, const struct call *call, uint32_t routine, const struct value *result)
{
  enum
  {
    MANY = 16
  };
  const struct value *operands[MANY];
  /* The largest of the sizes is piecewise linear, and so is an einsum of one operand. */
  bool largest = routine == OP_norm && call->arguments[1].kind == KIND_REAL && isinf (call->arguments[1].number);
  bool alone = routine == OP_einsum && call->count == 2;
  bool linear = !pullback_exists (routine) || call->count > MANY || largest || alone;
  for (int i = 0; !linear && i < call->count; i++)
    operands[i] = &call->arguments[i];
  run_record (run, place, linear ? STEP_LINEAR : routine, result, operands, linear ? 0 : (uint32_t)call->count);
}

static void
keep_call (struct run *run, uint32_t place, const struct call *call, uint32_t routine)
{
  if (call->result.kind == KIND_TUPLE)
    for (uint32_t i = 0; i < call->result.tuple->count; i++)
      {
        const struct value *item = &call->result.tuple->items[i];
        keep_result (run, place, call, routine, item);
        if (item->node)
          record_at (run->record, item->node)->item = (uint8_t)i;
      }
  else
    keep_result (run, place, call, routine, &call->result);
}

static void
move_axis (struct run *run, struct value *arguments)
{
  const struct moved_axis *moved = run->moved_axis;
  value_set (run, &arguments[moved->argument], value_number (KIND_INTEGER, moved->axis));
  if (moved->keeps)
    value_set (run, &arguments[moved->argument + 1], value_number (KIND_BOOLEAN, 1));
}

static void
call_routine (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  uint32_t routine = instruction->op;
  struct value *arguments = OPERAND (bases, instruction->b);
  uint32_t count = instruction->c;
  static void (*const others[]) (struct call *) = { function_index, function_literal, function_item };
  static const char *const names[] = { "index", "[ ]", "item" };
  struct call call
    = begin_call (run, place, routine < OPS ? op_info[routine].name : names[routine - OPS], arguments, count);
  if (run->moved_axis && run->moved_axis->place == place)
    move_axis (run, arguments);
  if (routine < OPS)
    {
      const char *name;
      size_t size;
      bool optional;
      while (op_parameter (op_info[routine].parameters, call.rest, &name, &size, &optional))
        {
          if (arguments[call.rest].kind == KIND_NOTHING)
            check_argument (run, place, instruction->b + (uint32_t)call.rest, optional);
          call.rest++;
        }
    }
  for (uint32_t i = (uint32_t)call.rest; i < count; i++)
    if (arguments[i].kind == KIND_NOTHING)
      check_argument (run, place, instruction->b + i, false);
  if (routine == OP_matmul)
    run_check_product (run, place, &arguments[0], &arguments[1]);
  if (routine < OPS)
    op_info[routine].routine (&call);
  else
    others[routine - OPS](&call);
  record_call (run, &call);
  run->suspicious |= call.kinks > 0;
  if (run->witness && call.result.kind != KIND_TUPLE)
    tell_call (run, place, &call, routine);
  if (run->record)
    keep_call (run, place, &call, routine);
  for (uint32_t i = 0; i < count; i++)
    if (arguments[i].kind >= KIND_ARRAY)
      value_drop (run, &arguments[i]);
  value_set (run, OPERAND (bases, instruction->a), call.result);
}

/* x[i] with one whole number, the commonest of all: a number out of a vector. False when it is anything else. */
static bool
index_number (struct run *run, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *arguments = OPERAND (bases, instruction->b);
  if (run->witness || instruction->c != 2 || arguments[0].kind != KIND_ARRAY || arguments[0].array->shape.rank != 1
      || arguments[1].kind > KIND_INTEGER || arguments[1].kind == KIND_NOTHING)
    return false;
  const struct array *array = arguments[0].array;
  double position = arguments[1].number;
  double size = (double)array->size;
  if (position < 0)
    position += size;
  if (!(position >= 0 && position < size && position == floor (position)))
    return false;
  static const uint8_t kinds[]
    = { [TYPE_REAL] = KIND_REAL, [TYPE_INTEGER] = KIND_INTEGER, [TYPE_BOOLEAN] = KIND_BOOLEAN };
  struct value result = { .number = array->elements[(size_t)position], .kind = kinds[array->type] };
  if (arguments[0].node)
    {
      tape_link_bits (run->tape, arguments[0].node | LINK_ELEMENT, (uint64_t)position);
      result.node = tape_node (run->tape);
      run_record (run, run->place, STEP_LINEAR, &result, NULL, 0);
    }
  value_drop (run, &arguments[0]);
  value_set (run, OPERAND (bases, instruction->a), result);
  return true;
}

static void
replace (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *variable = OPERAND (bases, instruction->a);
  struct value *arguments = OPERAND (bases, instruction->b);
  if (variable->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->a);
  for (uint32_t i = 1; i < instruction->c; i++)
    if (arguments[i].kind == KIND_NOTHING)
      run_unassigned (run, place, instruction->b + i);
  /* The variable gives its array away, so that an array that nothing else holds is changed in place. */
  arguments[0] = *variable;
  variable->kind = KIND_NOTHING;
  struct call call = begin_call (run, place, "index", arguments, instruction->c);
  struct value old = arguments[0];
  bool told = run->witness && run->witness->parts;
  /* What is told stays as it is: then the elements are replaced in a copy. */
  if (told)
    value_hold (&old);
  function_replace (&call);
  record_call (run, &call);
  if (told)
    {
      tell_call (run, place, &call, ROUTINE_REPLACE);
      value_drop (run, &old);
    }
  run_record (run, place, STEP_LINEAR, &call.result, NULL, 0);
  for (uint32_t i = 0; i < instruction->c; i++)
    if (arguments[i].kind >= KIND_ARRAY)
      value_drop (run, &arguments[i]);
  *variable = call.result;
}

/* start, stop and step of a range: whole numbers, with 0 and 1 for what is left out. */
static void
prepare_count (struct run *run, uint32_t place, struct value *range)
{
  static const char *const names[] = { "start", "stop", "step" };
  char text[VALUE_TEXT];
  if (range[2].kind == KIND_NOTHING)
    range[2] = value_number (KIND_INTEGER, 1);
  if (range[0].kind == KIND_NOTHING)
    range[0] = value_number (KIND_INTEGER, 0);
  for (int i = 0; i < 3; i++)
    {
      if (range[i].kind == KIND_NOTHING)
        ERROR (place, "this range has no %s", names[i]);
      if (!value_is_number (&range[i]))
        ERROR (place, "%s in a range is not a whole number", value_describe (text, &range[i]));
      if (range[i].number != floor (range[i].number) || isinf (range[i].number))
        ERROR (place, "%.15g in a range is not a whole number", range[i].number);
      range[i] = value_number (KIND_INTEGER, range[i].number);
    }
  if (range[2].number == 0)
    ERROR (place, "the step of a range cannot be 0");
}

/* The next item of what a `for` runs over; false at its end. */
static bool
next_item (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *over = OPERAND (bases, instruction->b);
  char text[VALUE_TEXT];
  if (over->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  if (over->kind != KIND_ARRAY)
    ERROR (place, "'for' needs a range or an array, got %s", value_describe (text, over));
  if (over[1].number >= (double)over->array->shape.extent[0])
    return false;
  struct value arguments[2] = { over[0], over[1] };
  struct call call = begin_call (run, place, "for", arguments, 2);
  function_item (&call);
  record_call (run, &call);
  if (run->witness && run->witness->parts)
    tell_call (run, place, &call, ROUTINE_ITEM);
  run_record (run, place, STEP_LINEAR, &call.result, NULL, 0);
  over[1].number++;
  value_set (run, OPERAND (bases, instruction->c), call.result);
  return true;
}

static void
unpack (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *from = OPERAND (bases, instruction->b);
  char text[VALUE_TEXT];
  size_t there = from->kind == KIND_TUPLE   ? from->tuple->count
                 : from->kind == KIND_ARRAY ? from->array->shape.extent[0]
                                            : 0;
  if (from->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  if (from->kind != KIND_TUPLE && from->kind != KIND_ARRAY)
    ERROR (place, "cannot unpack %s into %u names", value_describe (text, from), instruction->op);
  if (there != instruction->op)
    ERROR (place, "cannot unpack %zu element%s into %u names", there, there == 1 ? "" : "s", instruction->op);
  struct value result;
  if (from->kind == KIND_TUPLE)
    {
      result = from->tuple->items[instruction->c];
      value_hold (&result);
    }
  else
    {
      struct value arguments[2] = { *from, value_number (KIND_INTEGER, instruction->c) };
      struct call call = begin_call (run, place, "unpack", arguments, 2);
      function_item (&call);
      record_call (run, &call);
      if (run->witness && run->witness->parts)
        tell_call (run, place, &call, ROUTINE_ITEM);
      run_record (run, place, STEP_LINEAR, &call.result, NULL, 0);
      result = call.result;
    }
  value_set (run, OPERAND (bases, instruction->a), result);
}

static void
make_function (struct run *run, const struct instruction *instruction, struct value *const bases[4])
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

/* A function of ops.def that is called as a value. */
static void
call_built_in (struct run *run, uint32_t place, enum op op, const struct instruction *instruction,
               struct value *bases[4])
{
  const struct op_info *info = &op_info[op];
  struct value *arguments = OPERAND (bases, instruction->c);
  uint32_t least = 0, most = 0;
  const char *name;
  size_t size;
  bool optional;
  for (; op_parameter (info->parameters, (int)most, &name, &size, &optional); most++)
    least += !optional;
  bool rest = op_takes_rest (info->parameters);
  if (instruction->op < least || (!rest && instruction->op > most))
    ERROR (place, "'%s' takes %u argument%s, %u given", info->name, least, least == 1 ? "" : "s", instruction->op);
  if (is_derivative (op))
    {
      struct value derived = derive (run, place, op, arguments, instruction->op);
      for (uint32_t i = 0; i < instruction->op; i++)
        if (arguments[i].kind >= KIND_ARRAY)
          value_drop (run, &arguments[i]);
      value_set (run, OPERAND (bases, instruction->a), derived);
      return;
    }
  if (info->arity)
    {
      /* The same as a group of one step over the arguments. */
      uint32_t first = instruction->c | TEMPORARY;
      const struct instruction group[2]
        = { { CODE_GROUP, (info->traits & BLOCKS ? GROUP_BLOCKS : 0) | GROUP_MIXED, instruction->a, 1, 0 },
            { CODE_STEP, (uint16_t)op, first, first + 1, first + 2 } };
      run_group (run, place, group, bases);
      return;
    }
  /* Parameters that were left out stand between the required ones and the rest. */
  size_t base = run->stack.used;
  uint32_t extra = instruction->op > most ? instruction->op : most;
  struct value *laid = area_push (&run->stack, (most + extra) * sizeof *laid);
  memset (laid, 0, (most + extra) * sizeof *laid);
  uint32_t used = most;
  for (uint32_t i = 0; i < instruction->op; i++)
    laid[i < (rest ? least : most) ? i : used++] = arguments[i];
  memset (arguments, 0, instruction->op * sizeof *arguments);
  struct value result = { 0 };
  struct value *const own[4] = { laid, NULL, &result, laid };
  call_routine (run, place, &(struct instruction){ CODE_ROUTINE, op, GLOBAL, 0, used }, own);
  run->stack.used = base;
  value_set (run, OPERAND (bases, instruction->a), result);
}

static _Noreturn void
report_callee (const struct run *run, uint32_t place, const struct instruction *instruction, const struct value *callee)
{
  char text[VALUE_TEXT];
  if (callee->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  uint32_t name = run_name_of (run, instruction->b);
  if (name != UINT32_MAX)
    ERROR (place, "'%s' is %s, not a function", names_text (run->program->names, name), value_describe (text, callee));
  ERROR (place, "%s is not a function", value_describe (text, callee));
}

/* A function made by grad or its like is about to be called: its arguments become sources, as often as it is derived;
   the function that is called in the end. */
static const struct function *
begin_derivations (struct run *run, uint32_t place, const struct instruction *instruction,
                   const struct function *function, struct value *const bases[4])
{
  struct value *arguments = OPERAND (bases, instruction->c);
  while (function->derivative)
    {
      if (function->argument >= instruction->op)
        ERROR (place, "a derivative in argument %u, counted from 0, but there %s %u", function->argument,
               instruction->op == 1 ? "is" : "are", instruction->op);
      struct value *argument = &arguments[function->argument];
      *argument = derive_source (run, place, *argument);
      value_hold (argument);
      *area_add (&run->derivations, struct derivation)
        = (struct derivation){ area_count (&run->frames, struct frame), (enum op) (function->derivative - 1),
                               *argument };
      const struct value *inner = &function->captured[0];
      if (inner->kind != KIND_FUNCTION)
        report_callee (run, place, instruction, inner);
      function = inner->function;
    }
  return function;
}

/* What was returned to `depth` frames, differentiated as often as was asked for. Takes over the reference. */
static struct value
end_derivations (struct run *run, uint32_t place, size_t depth, struct value result)
{
  while (run->derivations.used)
    {
      struct derivation last
        = area_of (&run->derivations, struct derivation)[area_count (&run->derivations, struct derivation) - 1];
      if (last.depth != depth)
        break;
      run->derivations.used -= sizeof last;
      run->place = place;
      result = derive_result (run, place, last.op, result, &last.source);
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
            RECURSION_LIMIT);
  if (frames[0].place != frames[count - 1].place)
    diagnose (run->diagnostics, SEVERITY_NOTE, run_span (run, frames[0].place), "the first call is here");
  run->diagnostics->status = STATUS_PROGRAM;
  longjmp (*run->diagnostics->stop, 1);
}

static struct value *
push_frame (struct run *run, uint32_t place, const struct prototype *prototype)
{
  size_t base = run->stack.used;
  struct value *frame = area_push (&run->stack, prototype->registers * sizeof *frame);
  memset (frame, 0, prototype->registers * sizeof *frame);
  *area_add (&run->frames, struct frame) = (struct frame){ prototype, place, base };
  return frame;
}

/* Enters a function of the program; the new frame's registers. */
static struct value *
enter (struct run *run, uint32_t place, const struct instruction *instruction, const struct function *function,
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
  if (area_count (&run->frames, struct frame) == RECURSION_LIMIT)
    report_recursion (run, place);
  struct value *arguments = OPERAND (bases, instruction->c);
  struct value *frame = push_frame (run, place, prototype);
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

/* At another point: the value that a variable gets instead. */
static void
move (struct run *run, const struct array *to, struct value *variable)
{
  struct shape shape = value_shape (variable);
  if (!to || !shape_equal (&shape, &to->shape))
    return;
  uint32_t node = variable->node;
  if (variable->kind == KIND_ARRAY)
    {
      struct array *copy = array_new (run->arrays, TYPE_REAL, &shape);
      memcpy (copy->elements, to->elements, to->size * sizeof *to->elements);
      value_set (run, variable, value_of_array (copy));
    }
  else
    variable->number = to->elements[0];
  variable->node = node;
}

/* A variable's first value becomes a source of gradients when it is real. */
static void
note_input (struct run *run, const struct instruction *instruction, struct value *variable)
{
  struct noted *noted = area_of (&run->inputs, struct noted) + instruction->c;
  bool real = variable->kind == KIND_REAL || (variable->kind == KIND_ARRAY && variable->array->type == TYPE_REAL);
  if (!noted->unbound || !real || noted->set)
    return;
  noted->unbound = false;
  noted->set = true;
  if (run->moved_inputs)
    move (run, run->moved_inputs[instruction->c], variable);
  variable->node
    = tape_source (run->tape, variable->kind == KIND_ARRAY, variable->kind == KIND_ARRAY ? variable->array->size : 0);
  run_record (run, run->place, STEP_NONE, variable, NULL, 0);
  noted->value = *variable;
  value_hold (variable);
  *area_add (&run->input_order, uint32_t) = instruction->c;
}

static void
define (struct run *run, uint32_t place, const struct instruction *instruction, struct value *variable)
{
  if (!area_of (&run->inputs, struct noted)[instruction->c].unbound)
    return;
  const struct definition *definition = &run->program->definitions[instruction->b];
  struct array *array = definition->array;
  struct value value = array->shape.rank
                         ? value_of_array (array_hold (array))
                         : value_number (array->type == TYPE_BOOLEAN ? KIND_BOOLEAN : KIND_REAL, array->elements[0]);
  if (variable->kind != KIND_NOTHING)
    {
      struct shape old
        = value_is_number (variable) || variable->kind == KIND_ARRAY ? value_shape (variable) : (struct shape){ 0 };
      const char *name = names_text (run->program->names, definition->name);
      char before[SHAPE_TEXT], after[SHAPE_TEXT];
      if (old.rank != array->shape.rank)
        ERROR (place, "%s %s%s%s here, but -D %s gives it %s%s%s", name, old.rank ? "has shape (" : "is a number",
               shape_text (before, &old), old.rank ? ")" : "", name, array->shape.rank ? "shape (" : "a number",
               shape_text (after, &array->shape), array->shape.rank ? ")" : "");
    }
  value_set (run, variable, value);
}

/* What -w asks for is a source even if it depends on no input. */
static void
keep (struct run *run, const struct instruction *instruction, struct value *variable)
{
  const struct wanted *wanted = &run->program->wanted[instruction->c];
  struct noted *noted = area_of (&run->wanted, struct noted) + instruction->c;
  bool real = variable->kind == KIND_REAL || (variable->kind == KIND_ARRAY && variable->array->type == TYPE_REAL);
  if (noted->set && wanted->line == 0)
    return;
  bool constant = program_variable (run->program, wanted->name)->flags & VARIABLE_CONST && !wanted->of_claim;
  if (run->moved_wanted && real)
    move (run, run->moved_wanted[instruction->c], variable);
  if (real && !variable->node && !constant)
    {
      variable->node = tape_source (run->tape, variable->kind == KIND_ARRAY,
                                    variable->kind == KIND_ARRAY ? variable->array->size : 0);
      run_record (run, run->place, STEP_NONE, variable, NULL, 0);
    }
  value_hold (variable);
  value_set (run, &noted->value, *variable);
  noted->set = true;
}

static void
check_assertion (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values)
{
  char text[VALUE_TEXT];
  bool holds = values[0].kind == KIND_BOOLEAN && values[0].number != 0;
  if (values[0].kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  if (values[0].kind != KIND_BOOLEAN)
    ERROR (place, "'assert' needs one boolean, got %s", value_describe (text, &values[0]));
  if (instruction->c == 2 && values[1].kind != KIND_STRING)
    ERROR (place, "the message of 'assert' must be a string, got %s", value_describe (text, &values[1]));
  if (!holds)
    diagnose_stop (run->diagnostics, STATUS_WORLD, run_span (run, place), "assert failed%s%s",
                   instruction->c == 2 ? ": " : "", instruction->c == 2 ? values[1].string : "");
}

static void
print (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values)
{
  for (uint32_t i = 0; i < instruction->c; i++)
    {
      if (values[i].kind == KIND_NOTHING)
        run_unassigned (run, place, instruction->b + i);
      if (i)
        putc (' ', run->out);
      print_value (run->out, &values[i]);
      if (values[i].kind >= KIND_ARRAY)
        value_drop (run, &values[i]);
    }
  putc ('\n', run->out);
}

/* Runs from `place` on, with the registers of the current frame, until the program stops or as many frames as `floor`
   are left by a return, whose value it gives. */
static struct value
execute (struct run *run, uint32_t place, struct value *registers, size_t floor)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  struct value *frame = (struct value *)run->stack.start;
  struct value *globals = area_of (&run->globals, struct value);
  struct value *bases[4] = { registers, NULL, globals, registers };
  for (;;)
    {
      const struct instruction *instruction = &code[place];
      run->place = place;
      if (__builtin_expect (run->observe != NULL, false))
        run->observe (run->observer, run, place, bases[0]);
      switch (instruction->code)
        {
        case CODE_GROUP:
          place = run_groups (run, place, bases);
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
            call_routine (run, place, instruction, bases);
          break;
        case CODE_REPLACE:
          replace (run, place, instruction, bases);
          break;
        case CODE_CALL:
          {
            const struct value *callee = OPERAND (bases, instruction->b);
            if (callee->kind != KIND_FUNCTION)
              report_callee (run, place, instruction, callee);
            const struct function *function = callee->function;
            if (__builtin_expect (function->derivative, false))
              function = begin_derivations (run, place, instruction, function, bases);
            if (function->built_in)
              {
                call_built_in (run, place, (enum op)function->prototype, instruction, bases);
                if (run->derivations.used)
                  {
                    struct value *result = OPERAND (bases, instruction->a);
                    *result = end_derivations (run, place, area_count (&run->frames, struct frame), *result);
                  }
                break;
              }
            if (__builtin_expect (run->steps != 0, false) && --run->steps == 0)
              ERROR (place, "the run was cut short");
            bases[0] = bases[3] = enter (run, place, instruction, function, bases);
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
            if (__builtin_expect (run->derivations.used != 0, false))
              result = end_derivations (run, place, depth, result);
            if (depth == floor)
              return result;
            value_set (run, OPERAND (bases, code[place].a), result);
            break;
          }
        case CODE_MISSING:
          {
            const struct frame *frames = area_of (&run->frames, struct frame);
            uint32_t name = frames[area_count (&run->frames, struct frame) - 1].prototype->name;
            ERROR (place, "'%s' ended without 'return'", names_text (run->program->names, name));
          }
        case CODE_DERIVE:
          {
            struct value *arguments = OPERAND (bases, instruction->b);
            for (uint32_t i = 0; i < instruction->c; i++)
              if (arguments[i].kind == KIND_NOTHING)
                run_unassigned (run, place, instruction->b + i);
            struct value result = derive (run, place, (enum op)instruction->op, arguments, instruction->c);
            for (uint32_t i = 0; i < instruction->c; i++)
              if (arguments[i].kind >= KIND_ARRAY)
                value_drop (run, &arguments[i]);
            value_set (run, OPERAND (bases, instruction->a), result);
            break;
          }
        case CODE_LIST:
          {
            struct value *items = OPERAND (bases, instruction->b);
            struct tuple *list = tuple_new (run, instruction->c);
            memcpy (list->items, items, instruction->c * sizeof *items);
            memset (items, 0, instruction->c * sizeof *items);
            value_set (run, OPERAND (bases, instruction->a), (struct value){ .tuple = list, .kind = KIND_TUPLE });
            break;
          }
        case CODE_SLICE:
          {
            struct value *parts = OPERAND (bases, instruction->b);
            for (uint32_t i = 0; i < 3; i++)
              if (instruction->op >> i & 1 && parts[i].kind == KIND_NOTHING)
                run_unassigned (run, place, instruction->b + i);
            struct tuple *slice = tuple_new (run, 3);
            memcpy (slice->items, parts, 3 * sizeof *parts);
            memset (parts, 0, 3 * sizeof *parts);
            value_set (run, OPERAND (bases, instruction->a), (struct value){ .tuple = slice, .kind = KIND_SLICE });
            break;
          }
        case CODE_JUMP:
          if (__builtin_expect (run->steps != 0, false) && --run->steps == 0)
            ERROR (place, "the run was cut short");
          place = instruction->a;
          continue;
        case CODE_UNLESS:
          if (!truth (run, place, instruction, OPERAND (bases, instruction->b)))
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
          prepare_count (run, place, OPERAND (bases, instruction->a));
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
          if (!next_item (run, place, instruction, bases))
            {
              place = instruction->a;
              continue;
            }
          break;
        case CODE_FUNCTION:
          make_function (run, instruction, bases);
          break;
        case CODE_PRINT:
          print (run, place, instruction, OPERAND (bases, instruction->b));
          break;
        case CODE_ASSERT:
          check_assertion (run, place, instruction, OPERAND (bases, instruction->b));
          break;
        case CODE_UNPACK:
          unpack (run, place, instruction, bases);
          break;
        case CODE_UNBOUND:
          area_of (&run->inputs, struct noted)[instruction->c].unbound
            = OPERAND (bases, instruction->a)->kind == KIND_NOTHING;
          break;
        case CODE_DEFINE:
          define (run, place, instruction, OPERAND (bases, instruction->a));
          break;
        case CODE_INPUT:
          note_input (run, instruction, OPERAND (bases, instruction->a));
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
          keep (run, instruction, OPERAND (bases, instruction->a));
          break;
        default: /* STOP */
          return (struct value){ 0 };
        }
      place++;
    }
}

void
run (struct run *run)
{
  struct value *frame = area_push (&run->stack, (run->program->main_registers + 1) * sizeof *frame);
  memset (frame, 0, run->program->main_registers * sizeof *frame);
  execute (run, 0, frame, SIZE_MAX);
}

struct value
run_call (struct run *run, uint32_t number, const struct value *arguments)
{
  const struct prototype *prototype = area_of (&run->program->prototypes, struct prototype) + number;
  size_t floor = area_count (&run->frames, struct frame);
  struct value *frame = push_frame (run, 0, prototype);
  memcpy (frame, arguments, prototype->parameters * sizeof *frame);
  return execute (run, prototype->entry, frame, floor);
}

struct value
run_apply (struct run *run, uint32_t place, enum op op, const struct value *arguments, uint32_t count)
{
  size_t base = run->stack.used;
  struct value *registers = area_push (&run->stack, count * sizeof *registers);
  memcpy (registers, arguments, count * sizeof *registers);
  struct value result = { 0 };
  struct value *bases[4] = { registers, NULL, &result, registers };
  call_built_in (run, place, op, &(struct instruction){ CODE_CALL, (uint16_t)count, GLOBAL, 0, 0 }, bases);
  run->stack.used = base;
  return result;
}
