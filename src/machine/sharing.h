/* sharing.h -- calls of a function by itself that were made before, with the same arguments.

   A function that calls itself more than once often comes back to the same arguments again and again: of n! calls that
   expand a determinant 2^n differ. Such a call gives the value, and the node, that it gave before. Arguments are the
   same where they have the same bits and hang in the same way on the same numbers of the tape (origin.h), whatever was
   done to move them.

   That is done after many calls, where nobody listens and derivatives are asked for in inputs alone, for values of the
   program's variables may share nodes then. Within one call from the main program no variable that functions see can
   change. A call that drew random numbers, printed or had something to remark is made again. */
#ifndef GRADCALC_SHARING_H
#define GRADCALC_SHARING_H

#include "machine/run.h"

enum
{
  SHARING_FROM = 256 /* calls of functions by themselves, one within the other, that are made one by one */
};

/* Whether calls of this run may be shared at all. */
bool sharing_may (const struct run *run);

/* A function is about to call itself. True where it did so before with these arguments, which are dropped then: the
   result, with a reference to be dropped. Else `pending` tells sharing_keep which call it was, or is 0. */
bool sharing_find (struct run *run, uint32_t prototype, struct value *arguments, uint32_t count, struct value *result,
                  uint32_t *pending);
/* That call has returned. */
void sharing_keep (struct run *run, uint32_t pending, const struct value *result);

/* Nothing is known of any call any more: the main program goes on. */
void sharing_forget (struct run *run);
void sharing_close (struct run *run);

#endif
