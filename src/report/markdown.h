/* markdown.h -- texts within the cells of a Markdown table. */
#ifndef GRADCALC_MARKDOWN_H
#define GRADCALC_MARKDOWN_H

#include <stdio.h>

/* A message: formulas in it, and whatever else has a character that Markdown takes for markup, stand in backquotes, so
   that `2*u*du` keeps its stars. */
void markdown_text (FILE *out, const char *text);
/* All of a text in backquotes. */
void markdown_code (FILE *out, const char *text);

#endif
