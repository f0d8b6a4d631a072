/* latex_name.h -- names of programs as LaTeX writes them. */
#ifndef GRADCALC_LATEX_NAME_H
#define GRADCALC_LATEX_NAME_H

#include <stdio.h>

#include "base/names.h"

/* Writes one of `names` in ASCII: Greek letters and their English names as commands, what follows an underscore, or
   digits at the end, as an index, marks as accents, several letters upright. Where another one is written alike, the
   letters as they stand, in typewriter. */
void latex_write_distinct (FILE *out, const char *name, const struct names *names);
/* Writes one character that is not of ASCII as a formula of its own; how many bytes it has. */
size_t latex_write_character (FILE *out, const char *text);

#endif
