/* repeat.h -- many iterations of a loop at once. */
#ifndef GRADCALC_REPEAT_H
#define GRADCALC_REPEAT_H

#include "machine/run.h"

struct body;

/* A loop of the program, while it runs. */
struct repeat
{
  struct body *body; /* as far as it is known */
  uint32_t met;      /* how often it went back to its head, as far as that counts */
  uint32_t wait;     /* times that it goes back before it is tried again: what was in the way comes no sooner */
  uint32_t failures; /* in a row */
};

/* A loop has just gone back to its head, by the jump at `place`, which has the loop's number: goes on from there, as
   one entry of the tape, while all is numbers that single steps would only add up. Where the program goes on then: at
   some head of the loop, or of a loop in it, with registers as they are there. What comes next is to be run step by
   step. It does nothing where somebody wants to be told of each step, and gives up where it comes to be of no use. */
uint32_t repeat_run (struct run *run, uint32_t place, struct value *const bases[4]);

#endif
