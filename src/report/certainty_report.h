/* certainty_report.h -- how far off results are, in the words of each format. */
#ifndef GRADCALC_CERTAINTY_REPORT_H
#define GRADCALC_CERTAINTY_REPORT_H

#include "report/table.h"

/* For people: "off by at most 3e-10: about 9 of 16 digits are certain; cancellation in 4:12". */
void certainty_say (struct printer *printer, const struct report *report, const struct shape *shape,
                    const struct certainty *certainty);

/* The table: a line for each element of each value and gradient. */
void certainty_table (const struct report *report, struct table *table);

/* The member "digits" of the object, after a comma. */
void certainty_json (const struct report *report, struct printer *printer);

#endif
