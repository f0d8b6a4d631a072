/* latex_name.h -- names of programs as LaTeX writes them. */
#ifndef GRADCALC_LATEX_NAME_H
#define GRADCALC_LATEX_NAME_H

#include <stdio.h>

#include "base/names.h"

/* Writes a name in ASCII: Greek letters and their English names as commands, what follows an underscore, or digits at
   the end, as an index, marks as accents, several letters upright. */
void latex_write_name (FILE *out, const char *name);
/* The same of one of `names`, unless another one is written alike: then the letters as they stand, in typewriter. */
void latex_write_distinct (FILE *out, const char *name, const struct names *names);

#endif
