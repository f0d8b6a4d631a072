/* answer.h -- how claims are run, each by itself, and what answers, the claims of options, may not do: let the machine
   work out what is asked for, read files, or roll dice. */
#ifndef GRADCALC_ANSWER_H
#define GRADCALC_ANSWER_H

#include "machine/run.h"

/* Stops with a message at the answer when such a function is called, at `place`, on the way through an answer: by a
   function of the program, or by a value that stands for it. */
void answer_check (const struct run *run, uint32_t place, uint32_t op);

/* Runs the claims, behind the program, and the expressions that they are about. One of a file of answers that stops
   leaves its register without a value, and the others go on; so does any other claim whose shapes do not fit. Why goes
   to the run's `faults`. */
void answers_run (struct run *run, struct value *frame);

/* The run has made as many loops and calls as it may: that ends an answer, or the run. */
_Noreturn void answer_cut_short (const struct run *run, uint32_t place);

#endif
