/* listener.h -- who hears what a run does, while it does it. */
#ifndef GRADCALC_LISTENER_H
#define GRADCALC_LISTENER_H

#include "value/value.h"

struct run;

/* A step that was just taken: its operator, of ops.def or a ROUTINE_, and of a call how many elements of the result are
   at a kink. Values are where the run has them, for the time of the call. */
struct heard
{
  uint32_t place, op, count;
  const struct value *const *operands;
  const struct value *result;
  size_t kinks;
};

/* Any of the functions may be NULL. */
struct listener
{
  /* Before each instruction, with the registers of the current frame. */
  void (*instruction) (void *data, const struct run *run, uint32_t place, const struct value *frame);
  /* After each step of an expression and each call of a built-in function: each is a node of its own then. Steps of
     rules are not heard. */
  void (*step) (void *data, const struct run *run, const struct heard *heard);
  /* The value of the step that was heard last is now in this register. */
  void (*settle) (void *data, const struct run *run, const struct value *where);
  void *data;
  bool parts; /* hears of ROUTINE_ITEM and ROUTINE_REPLACE too: items of loops and unpackings, x[i] = y */
  bool kinks; /* asks for kinks alone: many iterations of a loop that meet none may be run at once, unheard */
  bool stops; /* what stop_gradient gives of a value that varies is a node too, which depends on nothing */
};

#endif
