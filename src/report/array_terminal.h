/* array_terminal.h -- arrays for who reads them on a terminal. */
#ifndef GRADCALC_ARRAY_TERMINAL_H
#define GRADCALC_ARRAY_TERMINAL_H

#include "report/print.h"

enum
{
  TERMINAL_MOST = 1000 /* elements of an array that is shown whole */
};

/* Within brackets as print_array_text () does it, the entries of each column of a matrix one below the other. Of an
   array of more than TERMINAL_MOST elements the corners, as NumPy does: three entries from either end of each axis. Of
   shapes with elements and one axis or more. Without `elements` all are 0. */
void print_array_terminal (struct printer *printer, enum type type, const struct shape *shape, const double *elements,
                           size_t indent);

/* What is to be known of an array whose corners alone were shown: shape, norm, the least and the greatest element and
   where they stand. */
void print_array_summary (struct printer *printer, enum type type, const struct shape *shape, const double *elements);

#endif
