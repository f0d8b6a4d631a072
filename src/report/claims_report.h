/* claims_report.h -- between the writers of a checker's report. */
#ifndef GRADCALC_REPORT_CLAIMS_H
#define GRADCALC_REPORT_CLAIMS_H

#include "report/report.h"

/* How many claims there are of each verdict. */
void claims_count (const struct claims *claims, size_t counts[VERDICTS]);

/* The file of answers that a claim is from, in memory of the report's that lives on; NULL where it is from the command
   line or the program. */
const char *claims_file (const struct report *report, const struct claim *claim);
/* Whether any claim is from a file. */
bool claims_have_file (const struct report *report);

/* The parts of a claim that may be shown; NULL where one may not, or there is none. */
const char *claims_message (const struct report *report, const struct claim *claim);
const char *claims_detail (const struct report *report, const struct claim *claim);
const char *claims_hint (const struct report *report, const struct claim *claim);
/* Of a hint that is shown, or of what cannot be read; start 0: nowhere. */
struct span claims_place (const struct report *report, const struct claim *claim);

/* What stands before the verdict and behind it, of one claim: in text with its line's end; `points` goes behind the
   verdict, or is NULL. */
void claims_print_text (const struct report *report, const struct claim *claim, const char *points,
                        struct printer *printer);
/* Why, in a cell of a Markdown table. */
void claims_print_markdown (const struct report *report, const struct claim *claim, struct printer *printer);
/* ": why" behind a test's name, or nothing. */
void claims_print_tap (const struct report *report, const struct claim *claim, struct printer *printer);
/* A text in a test's line, which has no # and no line end. */
void claims_print_description (struct printer *printer, const char *text);
/* One object of JSON. */
void claims_print_json (const struct report *report, const struct claim *claim, struct printer *printer);
/* The variable, with its part if there is one, `w[0]`, or both of a second derivative: `w,b`; NULL of a value. */
enum
{
  CLAIM_WRT = 400
};
const char *claims_wrt (const struct claim *claim, char text[CLAIM_WRT]);
/* Whether its cause may be shown. */
bool claims_shows_cause (const struct report *report, const struct claim *claim);
extern const char *const claims_words[VERDICTS + 1];

#endif
