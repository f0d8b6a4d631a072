/* markdown.h -- texts within the cells of a Markdown table. */
#ifndef GRADCALC_MARKDOWN_H
#define GRADCALC_MARKDOWN_H

#include "report/print.h"

/* A message: formulas in it, and whatever else has a character that Markdown takes for markup, stand in backquotes, so
   that `2*u*du` keeps its stars. */
void markdown_text (struct printer *printer, const char *text);
/* All of a text in backquotes. */
void markdown_code (struct printer *printer, const char *text);

#endif
