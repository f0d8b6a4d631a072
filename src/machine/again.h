/* again.h -- the program run once more, for what only a second look can tell. */
#ifndef GRADCALC_AGAIN_H
#define GRADCALC_AGAIN_H

#include "machine/run.h"

/* A run with a tape of its own, of which nobody hears: what the program prints is dropped, messages are muted, an error
   goes to `stop`. It gets the same random numbers and, of data files, what was read before. It stays where it was
   opened. */
struct again
{
  struct diagnostics diagnostics;
  struct arrays arrays;
  struct tape tape;
  struct run run;
  jmp_buf stop;
};

/* Ready to be run; `files` are those of the run before. */
void again_open (struct again *again, const struct program *program, const struct diagnostics *diagnostics,
                 const struct area *files);
void again_close (struct again *again);

#endif
