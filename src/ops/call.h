/* call.h -- one call of a function with structure: arguments in, a value and its linear maps out. */
#ifndef GRADCALC_CALL_H
#define GRADCALC_CALL_H

#include "base/diagnostic.h"
#include "linear/linear.h"
#include "value/random.h"
#include "value/value.h"

/* A link of the result to an argument that varies. */
struct call_link
{
  uint32_t node; /* of the argument */
  const struct array *array; /* that it is, or NULL */
  uint32_t item; /* of a tuple: which of its items; else 0 */
  struct linear map;
};

struct call
{
  struct arrays *arrays;
  struct diagnostics *diagnostics;
  struct span (*where) (const void *run, uint32_t place); /* asked for in messages only */
  void *run;
  uint32_t place;
  struct random *random;
  struct array *(*load) (struct call *call, const char *path); /* a data file, as an array that the run holds */
  const char *name;
  /* Arguments by parameter; one that was left out is KIND_NOTHING. Of a function that takes any number, those stand at
     the end, from `rest` on. */
  struct value *arguments;
  int count;
  int rest;
  /* What the routine leaves: a number, an array or a tuple, with a reference of its own, and a link for each argument
     that varies (node != 0). `links` is scratch that the caller empties. */
  struct value result;
  struct area *links; /* struct call_link */
  size_t kinks;       /* elements of the result that are at a kink in what varies */
};

/* Records that the result depends on an argument through a map, which is then owned by the call. An argument that does
   not vary is passed over (and the map dropped), so routines may always call it. */
void call_link (struct call *call, const struct value *argument, struct linear map);
void call_link_item (struct call *call, uint32_t item, const struct value *argument, struct linear map);

/* Ends the run with a message at the call's place. */
#define call_error(call, ...)                                                                                          \
  diagnose_stop ((call)->diagnostics, STATUS_PROGRAM, (call)->where ((call)->run, (call)->place), __VA_ARGS__)

/* An argument as a whole number (a real that is whole will do), as an axis of `rank` (negative counts from the end), as
   a boolean, as a shape; errors name the function and the parameter. */
ptrdiff_t call_whole (struct call *call, int argument, const char *parameter);
int call_axis (struct call *call, int argument, int rank);
bool call_flag (struct call *call, int argument, const char *parameter, bool otherwise);
/* Sizes given as one array or as several numbers, from argument `first` to the last. */
struct shape call_shape (struct call *call, int first);

/* The argument as an array value: a number, an array; anything else is an error. */
void call_need_array (struct call *call, int argument);

/* A new array for the result; `call->result` holds it. A rank of 0 leaves a number: `call_result_number` is for that.
 */
double *call_result (struct call *call, enum type type, const struct shape *shape);
void call_result_number (struct call *call, enum type type, double number);

/* A tuple of `count` empty items as the result. */
struct tuple *call_result_tuple (struct call *call, uint32_t count);

#endif
