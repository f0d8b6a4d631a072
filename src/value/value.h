/* value.h -- what a variable holds. */
#ifndef GRADCALC_VALUE_H
#define GRADCALC_VALUE_H

#include "value/array.h"

enum kind
{
  KIND_NOTHING, /* not assigned, or an argument that was left out */
  KIND_REAL,
  KIND_INTEGER,
  KIND_BOOLEAN,
  KIND_ARRAY,
  KIND_STRING,
  KIND_FUNCTION,
  KIND_TUPLE, /* several values, to be unpacked */
  KIND_SLICE, /* start, stop, step of an index; parts left out are KIND_NOTHING */
  KIND_NONE,  /* None: a new axis */
};

enum
{
  NODE_ELEMENTS = 1 << 30 /* no node has this number */
};

struct value
{
  union
  {
    double number; /* REAL, INTEGER, BOOLEAN */
    struct array *array;
    const char *string;
    struct function *function;
    struct tuple *tuple; /* TUPLE, SLICE */
  };
  uint32_t node; /* its place on the tape; 0: it does not vary; NODE_ELEMENTS: each element of the array has its own */
  uint8_t kind;
};

struct tuple
{
  uint32_t references;
  uint32_t count;
  struct tuple *next, *previous;
  struct value items[];
};

/* A function as a value: one of the program's, with what it closes over, or a built-in one. */
struct function
{
  uint32_t references;
  uint32_t prototype;
  bool built_in;
  uint16_t derivative; /* of the function that is captured: which function of ops.def, plus one; or 0 */
  uint16_t argument;   /* in which of its arguments, from 0 */
  uint32_t count;
  struct function *next, *previous;
  struct value captured[];
};

static inline bool
value_is_number (const struct value *value)
{
  return value->kind >= KIND_REAL && value->kind <= KIND_BOOLEAN;
}

static inline bool
value_is_numeric (const struct value *value)
{
  return value_is_number (value) || value->kind == KIND_ARRAY;
}

static inline struct value
value_number (enum kind kind, double number)
{
  return (struct value){ .number = number, .kind = (uint8_t)kind };
}

static inline struct value
value_of_array (struct array *array)
{
  return (struct value){ .array = array, .kind = KIND_ARRAY };
}

/* "3 numbers", "a string", "a function", "2x3 booleans": what a message calls a value. */
enum
{
  VALUE_TEXT = 240
};
const char *value_describe (char text[VALUE_TEXT], const struct value *value);

/* Shape and type of a number or array, and its elements (of a number: itself). What is neither has the shape of a
   number. */
struct shape value_shape (const struct value *value);
size_t value_size (const struct value *value);
enum type value_type (const struct value *value);
const double *value_elements (const struct value *value);
/* A new array of reals with its shape and elements. */
struct array *value_copy (struct arrays *arrays, const struct value *value);

#endif
