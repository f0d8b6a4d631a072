/* claims_report.h -- the report of a checker, in every format. */
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

/* The status of a run with these claims: carried forward is wrong too. */
enum status claims_status (const struct claims *claims);

/* How many claims there are of each verdict. */
void claims_count (const struct claims *claims, size_t counts[VERDICTS]);

/* The parts of a claim that may be shown; NULL where one may not, or there is none. */
const char *claims_message (const struct claim_report *report, const struct claim *claim);
const char *claims_detail (const struct claim_report *report, const struct claim *claim);
const char *claims_hint (const struct claim_report *report, const struct claim *claim);

/* Writes it in a format. */
void claims_report (const struct claim_report *report, enum format format, FILE *out);

/* Each writes the whole report; what fails to be written shows in ferror (out). Formats of formulas have none. */
#define FORMAT(symbol, name, prints, says) void claims_##name (const struct claim_report *report, FILE *out);
#include "report/format.def"
#undef FORMAT

#endif
