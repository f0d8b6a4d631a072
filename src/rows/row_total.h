/* row_total.h -- records added up, exactly, in the place of being written. */
#ifndef GRADCALC_ROW_TOTAL_H
#define GRADCALC_ROW_TOTAL_H

#include "rows/rows.h"
#include "total/total.h"

struct row_total
{
  struct diagnostics *diagnostics;
  struct total total;
  bool is_simple; /* all that is added up are numbers */
};

/* A sink that adds up; the total stays where it is. Its memory is that of the diagnostics. */
struct row_sink row_total_open (struct row_total *sum, bool is_mean, struct diagnostics *diagnostics);

#endif
