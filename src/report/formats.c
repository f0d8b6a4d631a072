/* formats.c -- which writer a report goes to, and the status that is told beside it. */
#include "check/differences.h"
#include "report/claims_report.h"
#include "report/print.h"

const char *const format_names[FORMATS] = {
#define FORMAT(symbol, name, writes, prints, says) #name,
#include "report/format.def"
#undef FORMAT
};

#define ANYTHING(writes)                                                                                               \
  { report_##writes, claims_##writes, differences_##writes, trace_##writes, why_##writes, grading_##writes },
#define CHECKS(writes) { NULL, claims_##writes, differences_##writes, NULL, NULL, grading_##writes },
#define GRAPHS(writes) { NULL, NULL, NULL, trace_##writes, NULL, NULL },
#define TRACES(writes) { NULL, NULL, NULL, trace_##writes, NULL, NULL },
#define FORMULAS(writes) { report_##writes, NULL, NULL, NULL, NULL, NULL },
static const struct
{
  report_writer *results, *claims, *differences, *traces, *why, *grading;
} writers[FORMATS] = {
#define FORMAT(symbol, name, writes, prints, says) prints (writes)
#include "report/format.def"
#undef FORMAT
};

void
report_write (const struct report *report, FILE *out)
{
  struct printer printer;
  printer_open (&printer, out, report->precision);
  (report->differences                               ? writers[report->format].differences
   : report->claims                                  ? writers[report->format].claims
   : report->grading                                 ? writers[report->format].grading
   : report->why && report->format != FORMAT_JSON    ? writers[report->format].why
   : report->graphs && report->format != FORMAT_JSON ? writers[report->format].traces
                                                     : writers[report->format].results) (report, &printer);
  printer_flush (&printer);
}

enum status
claims_status (const struct claims *claims)
{
  size_t counts[VERDICTS];
  claims_count (claims, counts);
  return counts[VERDICT_WRONG] + counts[VERDICT_CARRIED] + counts[VERDICT_UNREADABLE] ? STATUS_WRONG
         : counts[VERDICT_UNDECIDED]                                                  ? STATUS_UNDECIDED
                                                                                      : STATUS_DONE;
}

enum status
differences_status (const struct differences *differences)
{
  return differences->counts[DIFFERENCE_WRONG]       ? STATUS_WRONG
         : differences->counts[DIFFERENCE_UNDECIDED] ? STATUS_UNDECIDED
                                                     : STATUS_DONE;
}
