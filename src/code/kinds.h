/* kinds.h -- which variables can hold real numbers, as the code alone tells: nothing is run. */
#ifndef GRADCALC_KINDS_H
#define GRADCALC_KINDS_H

#include "code/program.h"

/* Whether a real number or an array of them can be assigned: by a variable's place among the globals (in whatever
   assignment), and by an input (in its first one). What cannot be known counts as real: it is what programs compute. */
struct kinds
{
  struct area variables, inputs; /* bool */
};
void kinds_find (struct kinds *kinds, const struct program *program);
void kinds_close (struct kinds *kinds);

#endif
