/* total_report.h -- a total over records as a report, and what its JSON has beside that. */
#ifndef GRADCALC_TOTAL_REPORT_H
#define GRADCALC_TOTAL_REPORT_H

#include "report/print.h"
#include "total/total.h"

/* Sets what a report has of results: the numbers that a total comes to. They live as long as its memory. */
void report_of_total (struct report *report, const struct total *total);

/* The members of an object behind those that each report has: what was added up, and the exact sums. */
void report_total_json (const struct total *total, struct printer *printer);

#endif
