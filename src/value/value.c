/* value.c -- what a variable holds. */
#include "value/value.h"

#include <stdio.h>

struct shape
value_shape (const struct value *value)
{
  return value->kind == KIND_ARRAY ? value->array->shape : (struct shape){ .rank = 0 };
}

size_t
value_size (const struct value *value)
{
  return value->kind == KIND_ARRAY ? value->array->size : 1;
}

enum type
value_type (const struct value *value)
{
  return value->kind == KIND_ARRAY     ? value->array->type
         : value->kind == KIND_INTEGER ? TYPE_INTEGER
         : value->kind == KIND_BOOLEAN ? TYPE_BOOLEAN
                                       : TYPE_REAL;
}

const double *
value_elements (const struct value *value)
{
  return value->kind == KIND_ARRAY ? value->array->elements : &value->number;
}

struct array *
value_copy (struct arrays *arrays, const struct value *value)
{
  struct shape shape = value_shape (value);
  return array_copied (arrays, &shape, value_elements (value));
}

const char *
value_describe (char text[VALUE_TEXT], const struct value *value)
{
  static const char *const words[] = { "nothing",  "a number",   "an integer",     "a boolean", NULL,
                                       "a string", "a function", "several values", "a slice",   "None" };
  static const char *const several[] = { "number", "integer", "boolean" };
  if (value->kind != KIND_ARRAY)
    {
      snprintf (text, VALUE_TEXT, "%s", words[value->kind]);
      return text;
    }
  char shape[SHAPE_TEXT];
  const struct array *array = value->array;
  snprintf (text, VALUE_TEXT, "%s %s%s", shape_text (shape, &array->shape), several[array->type],
            array->size == 1 ? "" : "s");
  return text;
}
