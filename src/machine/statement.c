/* statement.c -- what single instructions do, but for expressions, calls and jumps. */
#include <math.h>
#include <string.h>

#include "machine/execute.h"

/* start, stop and step of a range: whole numbers, with 0 and 1 for what is left out. */
void
statement_count (struct run *run, uint32_t place, struct value *range)
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
bool
statement_next_item (struct run *run, uint32_t place, const struct instruction *instruction,
                     struct value *const bases[4])
{
  struct value *over = OPERAND (bases, instruction->b);
  char text[VALUE_TEXT];
  if (over->kind == KIND_NOTHING)
    run_unassigned (run, place, instruction->b);
  if (over->kind != KIND_ARRAY)
    ERROR (place, "'for' needs a range or an array, got %s", value_describe (text, over));
  if (over[1].number >= (double)over->array->shape.extent[0])
    return false;
  value_set (run, OPERAND (bases, instruction->c), routine_item (run, place, "for", over, over[1].number++));
  return true;
}

void
statement_unpack (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
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
    result = routine_item (run, place, "unpack", from, instruction->c);
  value_set (run, OPERAND (bases, instruction->a), result);
}

void
statement_assert (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values)
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

void
statement_print (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values)
{
  run->remarks++;
  for (uint32_t i = 0; i < instruction->c; i++)
    {
      if (values[i].kind == KIND_NOTHING)
        run_unassigned (run, place, instruction->b + i);
      if (i && run->out)
        putc (' ', run->out);
      if (run->out)
        print_value (run->out, &values[i]);
      if (values[i].kind >= KIND_ARRAY)
        value_drop (run, &values[i]);
    }
  if (run->out)
    putc ('\n', run->out);
}

void
statement_list (struct run *run, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *items = OPERAND (bases, instruction->b);
  struct tuple *list = tuple_new (run, instruction->c);
  memcpy (list->items, items, instruction->c * sizeof *items);
  memset (items, 0, instruction->c * sizeof *items);
  value_set (run, OPERAND (bases, instruction->a), (struct value){ .tuple = list, .kind = KIND_TUPLE });
}

void
statement_slice (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *parts = OPERAND (bases, instruction->b);
  for (uint32_t i = 0; i < 3; i++)
    if (instruction->op >> i & 1 && parts[i].kind == KIND_NOTHING)
      run_unassigned (run, place, instruction->b + i);
  struct tuple *slice = tuple_new (run, 3);
  memcpy (slice->items, parts, 3 * sizeof *parts);
  memset (parts, 0, 3 * sizeof *parts);
  value_set (run, OPERAND (bases, instruction->a), (struct value){ .tuple = slice, .kind = KIND_SLICE });
}

void
statement_derive (struct run *run, uint32_t place, const struct instruction *instruction, struct value *const bases[4])
{
  struct value *arguments = OPERAND (bases, instruction->b);
  for (uint32_t i = 0; i < instruction->c; i++)
    if (arguments[i].kind == KIND_NOTHING)
      run_unassigned (run, place, instruction->b + i);
  struct value result = run->program->deriver->derive (run, place, (enum op)instruction->op, arguments, instruction->c);
  for (uint32_t i = 0; i < instruction->c; i++)
    if (arguments[i].kind >= KIND_ARRAY)
      value_drop (run, &arguments[i]);
  value_set (run, OPERAND (bases, instruction->a), result);
}
