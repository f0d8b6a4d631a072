/* hold.c -- who holds what: references of values to arrays, functions and tuples. */

#include "machine/run.h"

#include "base/heap.h"

void
value_hold (const struct value *value)
{
  if (value->kind == KIND_ARRAY)
    value->array->references++;
  else if (value->kind == KIND_FUNCTION)
    value->function->references++;
  else if (value->kind == KIND_TUPLE || value->kind == KIND_SLICE)
    value->tuple->references++;
}

void
value_set (struct run *run, struct value *place, struct value value)
{
  struct value old = *place;
  *place = value;
  if (old.kind >= KIND_ARRAY)
    value_drop (run, &old);
}

void
run_show_values (const struct run *run, void (*show) (void *data, struct value *values, size_t count), void *data)
{
  const struct area *values[] = { &run->globals, &run->registers, &run->stack };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    show (data, area_of (values[i], struct value), area_count (values[i], struct value));
  for (size_t k = 0; k < area_count (&run->wanted, struct noted); k++)
    show (data, &area_of (&run->wanted, struct noted)[k].value, 1);
  for (size_t i = 0; i < area_count (&run->derivations, struct derivation); i++)
    show (data, &area_of (&run->derivations, struct derivation)[i].source, 1);
  for (struct function *function = run->functions; function; function = function->next)
    show (data, function->captured, function->count);
  for (struct tuple *tuple = run->tuples; tuple; tuple = tuple->next)
    show (data, tuple->items, tuple->count);
}

static void *
block_new (struct run *run, size_t size, size_t count)
{
  size_t bytes = size + count * sizeof (struct value);
  return heap_take_zeroed (run->memory, bytes, 1, "a value");
}

struct tuple *
tuple_new (struct run *run, uint32_t count)
{
  struct tuple *tuple = block_new (run, sizeof *tuple, count);
  tuple->references = 1;
  tuple->count = count;
  tuple_adopt (run, tuple);
  return tuple;
}

void
tuple_adopt (struct run *run, struct tuple *tuple)
{
  tuple->next = run->tuples;
  if (run->tuples)
    run->tuples->previous = tuple;
  run->tuples = tuple;
}

struct function *
function_new (struct run *run, uint32_t prototype, bool built_in, uint32_t count)
{
  struct function *function = block_new (run, sizeof *function, count);
  function->references = 1;
  function->prototype = prototype;
  function->built_in = built_in;
  function->count = count;
  function->next = run->functions;
  if (run->functions)
    run->functions->previous = function;
  run->functions = function;
  return function;
}

#define UNLINK(list, item)                                                                                             \
  do                                                                                                                   \
    {                                                                                                                  \
      if ((item)->next)                                                                                                \
        (item)->next->previous = (item)->previous;                                                                     \
      if ((item)->previous)                                                                                            \
        (item)->previous->next = (item)->next;                                                                         \
      else                                                                                                             \
        (list) = (item)->next;                                                                                         \
    }                                                                                                                  \
  while (0)

/* Functions hold functions that hold functions: what is to be given up waits in a chain through `next`, so that nothing
 * recurses. */
static void
function_drop (struct run *run, struct function *function)
{
  struct function *doomed = NULL;
  while (function || doomed)
    {
      if (function && --function->references == 0)
        {
          UNLINK (run->functions, function);
          function->next = doomed;
          doomed = function;
        }
      function = NULL;
      if (doomed && doomed->count)
        {
          struct value *last = &doomed->captured[--doomed->count];
          if (last->kind == KIND_FUNCTION)
            function = last->function;
          else
            value_drop (run, last);
        }
      else if (doomed)
        {
          struct function *next = doomed->next;
          heap_give (doomed);
          doomed = next;
        }
    }
}

static void
tuple_drop (struct run *run, struct tuple *tuple)
{
  if (--tuple->references)
    return;
  UNLINK (run->tuples, tuple);
  /* Items of tuples are numbers and arrays. */
  for (uint32_t i = 0; i < tuple->count; i++)
    if (tuple->items[i].kind == KIND_ARRAY)
      array_drop (run->arrays, tuple->items[i].array);
  heap_give (tuple);
}

void
value_drop (struct run *run, struct value *value)
{
  if (value->kind == KIND_ARRAY)
    array_drop (run->arrays, value->array);
  else if (value->kind == KIND_FUNCTION)
    function_drop (run, value->function);
  else if (value->kind == KIND_TUPLE || value->kind == KIND_SLICE)
    tuple_drop (run, value->tuple);
  *value = (struct value){ 0 };
}
