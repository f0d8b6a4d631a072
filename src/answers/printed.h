/* printed.h -- numbers as R, Octave and TensorFlow print them, over lines and without brackets that say what they are.
 */
#ifndef GRADCALC_PRINTED_H
#define GRADCALC_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"

/* Whether brackets in a text part their elements by blanks, so that [a -b] has two. */
bool printed_is (const char *text, size_t size);
/* What a right side is so far, line by line. */
enum printed_state
{
  PRINTED_NOTHING,
  PRINTED_NAMES, /* of R's columns or elements, which its numbers stand below */
  PRINTED_NUMBERS,
  PRINTED_NAMED, /* numbers below names */
  PRINTED_OTHER
};
enum printed_state printed_begins (const char *line, size_t size);
/* Whether a line goes on with it. */
bool printed_goes_on (enum printed_state *state, const char *line, size_t size);
/* What a right side has as a text with brackets, to be given back; NULL where it is nothing that is printed so.
   `below`: it begins on a line of its own. */
char *printed_read (struct memory *memory, const char *text, size_t size, bool below);
/* Lines of numbers with labels, or without; NULL where others are among them. */
char *printed_lines (struct memory *memory, const char *text, size_t size);
/* printed_slices.c: matrices, one below the other, as the slices of one array; NULL where they are something else. */
char *printed_slices (struct memory *memory, const char *text, size_t size);

#endif
