/* forget.h -- what nobody can ask for any more goes from the tape of a run that derives. */
#ifndef GRADCALC_FORGET_H
#define GRADCALC_FORGET_H

#include "machine/run.h"

/* Between two instructions, after a derivative was taken: where the tape has grown to twice what was left of it last,
   only that stays of it by which a value that is alive depends on something that it can still be differentiated in:
   what a variable is bound to, or a function called with, that the program takes derivatives in, and what is asked of
   the run at its end. What depends on nothing else any more becomes a source: it still varies, as ties want to know. */
void forget (struct run *run);

#endif
