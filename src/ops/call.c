/* call.c -- arguments of functions checked and read, results and links left. */

#include "base/heap.h"
#include "base/number.h"
#include "ops/routine.h"

void
call_link_item (struct call *call, uint32_t item, const struct value *argument, struct linear map)
{
  if (argument->node == 0)
    {
      linear_drop (call->arrays, &map);
      return;
    }
  struct call_link *link = area_add (call->links, struct call_link);
  link->node = argument->node;
  link->array = argument->kind == KIND_ARRAY ? argument->array : NULL;
  link->item = item;
  link->map = map;
}

void
call_link (struct call *call, const struct value *argument, struct linear map)
{
  call_link_item (call, 0, argument, map);
}

/* A value for a message: a number itself, else what it is. */
static const char *
value_text (char text[VALUE_TEXT], const struct value *value)
{
  if (!value_is_number (value) || value->kind == KIND_BOOLEAN)
    return value_describe (text, value);
  number_print (text, value->number, 0);
  return text;
}

static _Noreturn void
refuse (struct call *call, const struct value *value, const char *parameter, const char *wanted)
{
  char text[VALUE_TEXT];
  value_text (text, value);
  if (value_is_number (value) && fabs (value->number) >= 4503599627370496.0)
    call_error (call, "'%s': %s is too large for %s", call->name, text, parameter);
  call_error (call, "'%s': %s must be %s, not %s", call->name, parameter, wanted, text);
}

ptrdiff_t
call_whole (struct call *call, int argument, const char *parameter)
{
  const struct value *value = &call->arguments[argument];
  if (!value_is_whole (value))
    refuse (call, value, parameter, "a whole number");
  return (ptrdiff_t)value->number;
}

int
call_axis_number (struct call *call, double axis, int rank)
{
  char text[NUMBER_SIZE];
  number_print (text, axis, 0);
  if (axis != rint (axis))
    call_error (call, "'%s': axis must be a whole number, not %s", call->name, text);
  if (!(axis >= -rank && axis < rank))
    call_error (call, "axis %s is out of range for rank %d", text, rank);
  return axis < 0 ? (int)axis + rank : (int)axis;
}

int
call_axis (struct call *call, int argument, int rank)
{
  return call_axis_number (call, (double)call_whole (call, argument, "axis"), rank);
}

bool
call_axes (struct call *call, int argument, int rank, bool named[RANK_LIMIT])
{
  bool all = !call_given (call, argument) || call->arguments[argument].kind == KIND_NONE;
  for (int i = 0; i < RANK_LIMIT; i++)
    named[i] = all;
  if (all)
    return true;
  double axes[RANK_LIMIT];
  int count = call_wholes (call, argument, argument + 1, "axis", axes);
  for (int i = 0; i < count; i++)
    {
      int axis = call_axis_number (call, axes[i], rank);
      if (named[axis])
        call_error (call, "'%s': axis %d is named twice", call->name, axis);
      named[axis] = true;
    }
  return false;
}

bool
call_flag (struct call *call, int argument, const char *parameter, bool otherwise)
{
  if (!call_given (call, argument))
    return otherwise;
  const struct value *value = &call->arguments[argument];
  if (!value_is_number (value) || (value->number != 0 && value->number != 1))
    refuse (call, value, parameter, "true or false");
  return value->number != 0;
}

double
call_number (struct call *call, int argument, const char *parameter)
{
  const struct value *value = &call->arguments[argument];
  if (!value_is_number (value))
    refuse (call, value, parameter, "one number");
  return value->number;
}

int
call_wholes (struct call *call, int first, int end, const char *what, double *wholes)
{
  struct operand all = { .size = 0 };
  bool as_array = end - first == 1 && call->arguments[first].kind == KIND_ARRAY;
  if (as_array)
    {
      all = call_operand (call, first);
      if (all.shape.rank != 1)
        call_error (call, "'%s': %s must stand in one vector, not in an array of rank %d", call->name, what,
                    all.shape.rank);
    }
  size_t count = as_array ? all.size : (size_t)(end - first);
  if (count > RANK_LIMIT)
    call_error (call, "an array has at most %d axes, got %zu numbers for %s", RANK_LIMIT, count, what);
  for (size_t i = 0; i < count; i++)
    {
      struct value number = as_array ? value_number (KIND_REAL, all.elements[i]) : call->arguments[first + (int)i];
      if (!value_is_whole (&number))
        refuse (call, &number, what, "whole numbers");
      wholes[i] = number.number;
    }
  return (int)count;
}

void
call_too_many_axes (struct call *call, int rank)
{
  call_error (call, "an array has at most %d axes, this one would have %d", RANK_LIMIT, rank);
}

void
call_need_size (struct call *call, double size)
{
  char text[NUMBER_SIZE];
  number_print (text, size, 0);
  if (size < 0)
    call_error (call, "a size cannot be negative, got %s", text);
}

size_t
call_extent (struct call *call, double extent)
{
  char text[NUMBER_SIZE];
  number_print (text, extent, 4);
  if (!(extent < 4503599627370496.0))
    call_error (call, "'%s': %s elements along an axis are too many", call->name, text);
  return (size_t)extent;
}

struct shape
call_shape_between (struct call *call, int first, int end)
{
  if (first >= end)
    call_error (call, "'%s' needs a shape", call->name);
  double extents[RANK_LIMIT];
  struct shape shape = { .rank = call_wholes (call, first, end, "the shape", extents) };
  for (int i = 0; i < shape.rank; i++)
    {
      call_need_size (call, extents[i]);
      shape.extent[i] = call_extent (call, extents[i]);
    }
  return shape;
}

struct shape
call_shape (struct call *call, int first)
{
  return call_shape_between (call, first, call->count);
}

void
call_need_array (struct call *call, int argument)
{
  const struct value *value = &call->arguments[argument];
  char text[VALUE_TEXT];
  if (value->kind == KIND_NOTHING)
    call_error (call, "'%s' needs more arguments", call->name);
  if (value->kind != KIND_ARRAY && !value_is_number (value))
    call_error (call, "'%s' takes numbers and arrays, not %s", call->name, value_describe (text, value));
}

struct operand
call_operand (struct call *call, int argument)
{
  call_need_array (call, argument);
  const struct value *value = &call->arguments[argument];
  struct operand operand = { .value = *value, .shape = value_shape (value), .type = value_type (value) };
  operand.size = value->kind == KIND_ARRAY ? value->array->size : 1;
  operand.elements = value_elements (value);
  operand.varies = value->node != 0;
  return operand;
}

struct array *
operand_array (struct call *call, const struct operand *operand)
{
  if (operand->value.kind == KIND_ARRAY)
    return array_hold (operand->value.array);
  struct array *array = call_vector (call, 1);
  array->elements[0] = operand->value.number;
  return array;
}

struct array *
call_vector (struct call *call, size_t size)
{
  struct shape shape = shape_vector (size);
  return array_new (call->arrays, TYPE_REAL, &shape);
}

double *
call_result (struct call *call, enum type type, const struct shape *shape)
{
  if (shape->rank == 0)
    {
      call_result_number (call, type, 0);
      return &call->result.number;
    }
  if (shape_size (shape) > SIZE_MAX / (2 * sizeof (double)))
    memory_exhausted (call->arrays->memory, SIZE_MAX, "an array");
  call->result = value_of_array (array_new (call->arrays, type, shape));
  return call->result.array->elements;
}

void
call_result_number (struct call *call, enum type type, double number)
{
  static const enum kind kinds[]
    = { [TYPE_REAL] = KIND_REAL, [TYPE_INTEGER] = KIND_INTEGER, [TYPE_BOOLEAN] = KIND_BOOLEAN };
  call->result = value_number (kinds[type], number);
}

struct tuple *
call_result_tuple (struct call *call, uint32_t count)
{
  size_t bytes = sizeof (struct tuple) + count * sizeof (struct value);
  struct tuple *tuple = heap_take_zeroed (call->arrays->memory, bytes, 1, "a tuple");
  tuple->references = 1;
  tuple->count = count;
  call->result = (struct value){ .tuple = tuple, .kind = KIND_TUPLE };
  return tuple;
}
