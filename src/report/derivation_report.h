/* derivation_report.h -- how formulas come about: what writers of reports have instead of the formulas alone. */
#ifndef GRADCALC_DERIVATION_REPORT_H
#define GRADCALC_DERIVATION_REPORT_H

#include "report/table.h"

/* Text, where what is said of a line stands before it as a comment; the rows of a table in Markdown. */
void derivation_text (const struct report *report, struct printer *printer);
void derivation_latex (const struct report *report, struct printer *printer);
/* The lines of a table: target, variable, formula. */
void derivation_table (const struct report *report, struct table *table);
/* A key of JSON, beside the formulas. */
void derivation_json (const struct report *report, struct printer *printer);

#endif
