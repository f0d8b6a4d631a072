/* shared.h -- formulas in which what they have in common stands in front, as CasADi prints them:
   @1=exp(x), @2=(1+@1), (@1/@2). */
#ifndef GRADCALC_SHARED_H
#define GRADCALC_SHARED_H

#include "answers/part.h"
#include "base/memory.h"

/* Whether a right side is one of them. */
bool shared_is (struct part right);
/* The formula alone, with everything in its place, to be given back; NULL where there is no end to it. `*fault` is
   then the reason. */
char *shared_read (struct memory *memory, struct part right, const char **fault);

#endif
