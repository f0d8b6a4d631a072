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

/* The places of the instructions from one head of a loop to the next; behind each call that of the function that it
   enters stands, as the number of a prototype. */
enum
{
  PASSAGE_CALLS = 16 /* in one another, at most */
};

struct passage
{
  const uint32_t *places;
  uint32_t count;
};

/* Iterations that were run at once: by iteration the number of its way, and by number what is passed on it. */
struct turns
{
  const uint8_t *ways;
  uint32_t count;
  const struct passage *const *passages;
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
  /* After many iterations of a loop, whose instructions are not heard then. */
  void (*turns) (void *data, const struct run *run, const struct turns *turns, const struct value *frame);
  void *data;
  bool parts; /* hears of ROUTINE_ITEM and ROUTINE_REPLACE too: items of loops and unpackings, x[i] = y */
  bool kinks; /* asks for kinks alone: many iterations of a loop that meet none may be run at once, unheard, */
  bool enough; /* and others too, for it has heard enough of them */
  bool stops; /* what stop_gradient gives of a value that varies is a node too, which depends on nothing */
};

#endif
