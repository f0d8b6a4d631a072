/* differences_report.h -- the report of a check by differences, in every format. */
#ifndef GRADCALC_REPORT_DIFFERENCES_H
#define GRADCALC_REPORT_DIFFERENCES_H

#include "check/differences.h"
#include "report/report.h"

struct difference_report
{
  const struct differences *differences;
  const struct quantity *targets, *sources;
  int precision;
};

enum status differences_status (const struct differences *differences);

/* Writes the report in a format; a failure to write shows in ferror (out). */
void differences_report (const struct difference_report *report, enum format format, FILE *out);

/* Each writes the whole report. Formats of formulas have none. */
struct printer;
#define FORMAT(symbol, name, prints, says)                                                                             \
  void differences_##name (const struct difference_report *report, struct printer *printer);
#include "report/format.def"
#undef FORMAT

#endif
