/* picture.h -- formulas that a program draws over several lines, fractions with a bar and exponents above: they are
   found, so that no single line of them is taken for an answer. */
#ifndef GRADCALC_PICTURE_H
#define GRADCALC_PICTURE_H

#include "answers/part.h"

/* The bytes of the picture whose first line begins at `at`, and its line with the left side; 0: none begins there. */
size_t picture_find (const char *text, size_t size, size_t at, struct part *line);

#endif
