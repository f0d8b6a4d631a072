/* chance.c -- data and random numbers: values that come from outside of the program and depend on nothing in it. */
#include "ops/routine.h"

/* The shape asked for with the arguments from `rest` on: none at all is one number. */
static struct shape
shape_asked (struct call *call)
{
  return call->rest == call->count ? (struct shape){ .rank = 0 } : call_shape (call, call->rest);
}

void
function_rand (struct call *call)
{
  struct shape shape = shape_asked (call);
  double *result = call_result (call, TYPE_REAL, &shape);
  random_uniform (call->random, shape_size (&shape), result);
}

void
function_randn (struct call *call)
{
  struct shape shape = shape_asked (call);
  double *result = call_result (call, TYPE_REAL, &shape);
  random_normal (call->random, shape_size (&shape), result);
}

void
function_randint (struct call *call)
{
  ptrdiff_t low = call_whole (call, 0, "lo"), high = call_whole (call, 1, "hi");
  struct shape shape = shape_asked (call);
  if (low >= high)
    call_error (call, "'randint': lo must be less than hi, got %td and %td", low, high);
  double *result = call_result (call, TYPE_INTEGER, &shape);
  random_whole (call->random, low, (uint64_t)high - (uint64_t)low, shape_size (&shape), result);
}

void
function_load (struct call *call)
{
  const struct value *path = &call->arguments[0];
  char text[VALUE_TEXT];
  if (path->kind != KIND_STRING)
    call_error (call, "'load' needs the name of a file, a string, not %s", value_describe (text, path));
  struct array *array = call->load (call, path->string);
  if (array->shape.rank)
    call->result = value_of_array (array_hold (array));
  else
    call_result_number (call, array->type, array->elements[0]);
}
