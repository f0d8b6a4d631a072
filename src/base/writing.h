/* writing.h -- a text that is being written, in memory. */
#ifndef GRADCALC_WRITING_H
#define GRADCALC_WRITING_H

#include <stdio.h>

#include "base/memory.h"

/* Print to `out`; the text is a block of the heap (heap.h), charged as it grows. */
struct writing
{
  FILE *out;
  struct memory *memory;
  const char *what;
  char *text;
  size_t size;
  size_t refused; /* bytes that there was no memory for; 0: it is whole */
};

/* `what` names the purpose when memory runs out, which stops the run. */
struct writing *writing_open (struct memory *memory, const char *what);

/* Ends it: the text, with a NUL behind its `*size` bytes (NULL: nobody asks), to be given back by heap_give. */
char *writing_close (struct writing *writing, size_t *size);

#endif
