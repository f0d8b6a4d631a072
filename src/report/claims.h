/* claims.h -- the report of a checker. */
#ifndef GRADCALC_REPORT_CLAIMS_H
#define GRADCALC_REPORT_CLAIMS_H

#include "check/claims.h"
#include "report/report.h"

struct claim_report
{
  const struct claims *claims;
  const struct sources *sources; /* where the spans are */
  enum reveal reveal;
  int precision; /* as in struct report */
};

/* The status of a run with these claims. */
enum status claims_status (const struct claims *claims);

/* Writes the whole report; what fails to be written shows in ferror (out). */
void claims_report (const struct claim_report *report, enum format format, FILE *out);

void claims_report_text (const struct claim_report *report, FILE *out);

#endif
