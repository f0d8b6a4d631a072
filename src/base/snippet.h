/* snippet.h -- a source line under a message, and texts that come from outside. */
#ifndef GRADCALC_SNIPPET_H
#define GRADCALC_SNIPPET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/source.h"

/* Prints the line of a place with its number, carets under `span`, and `correction` (or NULL) under those. What is
   longer than `width` columns is cut around the carets; columns are those of a terminal, where some characters take two
   and combining ones none. Tabs are copied; other control characters show as blanks. */
void snippet_print (FILE *out, const struct place *place, struct span span, const char *correction, int width,
                    bool color);

/* The columns of the terminal that `out` is, or 80. */
int snippet_width (FILE *out);

/* Prints a text of whatever origin so that it does nothing to a terminal: control characters and bytes that are not
   UTF-8 become `\x1b`, `\n`. */
void snippet_escaped (FILE *out, const char *text);

#endif
