/* execute.h -- what the instructions of a program do, for run.c, which goes from one to the next. `bases` is as for
   groups (run.h); an error ends the run with a message at `place`. */
#ifndef GRADCALC_EXECUTE_H
#define GRADCALC_EXECUTE_H

#include <math.h>

#include "machine/run.h"

#define ERROR(place, ...) diagnose_stop (run->diagnostics, STATUS_PROGRAM, run_span (run, place), __VA_ARGS__)

/* The position of the element that numbers name, one for each axis of an array; false where they are not that. */
static inline bool
element_position (const struct array *array, const struct value *indices, uint32_t count, size_t *position)
{
  if (count != (uint32_t)array->shape.rank)
    return false;
  *position = 0;
  for (uint32_t i = 0; i < count; i++)
    {
      double extent = (double)array->shape.extent[i], at = indices[i].number + (indices[i].number < 0 ? extent : 0);
      if ((indices[i].kind != KIND_REAL && indices[i].kind != KIND_INTEGER) || !(at >= 0 && at < extent)
          || at != floor (at))
        return false;
      *position = *position * array->shape.extent[i] + (size_t)at;
    }
  return true;
}

/* run.c: the constants of the program, into their registers. */
void run_set_constants (struct run *run);
/* Functions and tuples that are still alive go, whoever holds them, be it each other. */
void run_forget_blocks (struct run *run);

/* routine.c */
void routine_call (struct run *run, uint32_t place, const struct instruction *instruction,
                   struct value *const bases[4]);
/* A function of ops.def that is called as a value. */
void routine_apply (struct run *run, uint32_t place, enum op op, const struct instruction *instruction,
                    struct value *bases[4]);
/* Item `index` of an array, along its first axis, for the statement `name`. */
struct value routine_item (struct run *run, uint32_t place, const char *name, const struct value *from, double index);
/* x[i] = value. */
void routine_replace (struct run *run, uint32_t place, const struct instruction *instruction,
                      struct value *const bases[4]);

/* statement.c */
/* Checks the start, stop and step of a range, and makes them whole numbers, 0 and 1 for what is left out. */
void statement_count (struct run *run, uint32_t place, struct value *range);
/* The next item of what a `for` runs over; false at its end. */
bool statement_next_item (struct run *run, uint32_t place, const struct instruction *instruction,
                          struct value *const bases[4]);
void statement_unpack (struct run *run, uint32_t place, const struct instruction *instruction,
                       struct value *const bases[4]);
void statement_assert (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values);
void statement_print (struct run *run, uint32_t place, const struct instruction *instruction, struct value *values);
/* Several values as one; the parts of an index; a derivative. */
void statement_list (struct run *run, const struct instruction *instruction, struct value *const bases[4]);
void statement_slice (struct run *run, uint32_t place, const struct instruction *instruction,
                      struct value *const bases[4]);
void statement_derive (struct run *run, uint32_t place, const struct instruction *instruction,
                       struct value *const bases[4]);

/* run.c: runs from a place up to a STOP, in the registers of the main program. */
void run_part (struct run *run, uint32_t place, struct value *registers);

/* closure.c */
void closure_make (struct run *run, const struct instruction *instruction, struct value *const bases[4]);
_Noreturn void closure_refuse (const struct run *run, uint32_t place, const struct instruction *instruction,
                               const struct value *callee);
/* Registers of a function, all empty, on the stack. */
struct value *closure_frame (struct run *run, uint32_t place, const struct prototype *prototype);
/* Enters a function, into which its arguments move; the new frame's registers. */
struct value *closure_enter (struct run *run, uint32_t place, const struct instruction *instruction,
                             const struct function *function, struct value *const bases[4]);
/* A function made by grad or its like is about to be called: its arguments become sources, as often as it is derived;
   the function that is called in the end. */
const struct function *closure_begin (struct run *run, uint32_t place, const struct instruction *instruction,
                                      const struct function *function, struct value *const bases[4]);
/* The value returned to `depth` frames, differentiated as often as was asked for. Takes over the reference. */
struct value closure_end (struct run *run, uint32_t place, size_t depth, struct value result);

/* input.c: a variable's first value becomes a source of gradients when it is real; -D gives it another; what -w asks
   for is a source even if it depends on no input, and so is what the program takes derivatives in. */
void input_note (struct run *run, const struct instruction *instruction, struct value *variable);
void input_define (struct run *run, uint32_t place, const struct instruction *instruction, struct value *variable);
void input_keep (struct run *run, const struct instruction *instruction, struct value *variable);
/* Puts a value that was kept so into a register. */
void input_recall (struct run *run, uint32_t place, const struct instruction *instruction, struct value *result);
/* A real value gets a node if it has none; one that is not plain gets one of its own. */
void input_source (struct run *run, uint32_t place, struct value *variable, enum source_kind source);

#endif
