/* answer.h -- what answers, the claims of options, may not do: let the machine work out what is asked for, read files,
   or roll dice. */
#ifndef GRADCALC_ANSWER_H
#define GRADCALC_ANSWER_H

#include "machine/run.h"

/* Stops with a message at the answer when such a function is called, at `place`, on the way through an answer: by a
   function of the program, or by a value that stands for it. */
void answer_check (const struct run *run, uint32_t place, uint32_t op);

#endif
