/* numeral.h -- a right side that is a number with a comma for its point, or with a unit behind it. */
#ifndef GRADCALC_NUMERAL_H
#define GRADCALC_NUMERAL_H

#include "answers/left.h"

/* The text with a point, or without the unit, to be given back; NULL where it is neither. A comma that may be two
   things is refused in `*fault`. */
char *number_read (struct memory *memory, const struct vocabulary *words, const char *text, size_t size,
                   const struct left *left, char **fault);

#endif
