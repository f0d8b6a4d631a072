/* claims_report.h -- between the writers of a checker's report. */
#ifndef GRADCALC_REPORT_CLAIMS_H
#define GRADCALC_REPORT_CLAIMS_H

#include "report/report.h"

/* How many claims there are of each verdict. */
void claims_count (const struct claims *claims, size_t counts[VERDICTS]);

/* The parts of a claim that may be shown; NULL where one may not, or there is none. */
const char *claims_message (const struct report *report, const struct claim *claim);
const char *claims_detail (const struct report *report, const struct claim *claim);
const char *claims_hint (const struct report *report, const struct claim *claim);

#endif
