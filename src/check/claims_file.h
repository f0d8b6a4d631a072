/* claims_file.h -- between the readers of answers that a program wrote. */
#ifndef GRADCALC_CLAIMS_FILE_H
#define GRADCALC_CLAIMS_FILE_H

#include "check/claims.h"

/* claims_table.c: the left side of a claim, with ` = `: of a value, of a derivative with `source`, of a second one with
   `second` too. */
void answer_left (FILE *out, const char *target, const char *source, const char *second);

/* claims_json.c and claims_csv.c: the claims of a text, one a line, to `out`; false after a message. */
bool answers_json (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out);
bool answers_csv (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out);
/* Whether a text begins with the header of one of gradcalc's own tables. */
bool answers_are_csv (const char *text, size_t size);
/* The same of the wide layout, a name above each number. */
bool answers_wide (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, FILE *out);
bool answers_are_wide (const char *text, size_t size);

#endif
