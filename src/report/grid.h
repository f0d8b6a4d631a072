/* grid.h -- tables for people: columns that are as wide as what stands in them. */
#ifndef GRADCALC_GRID_H
#define GRADCALC_GRID_H

#include "report/print.h"

enum
{
  GRID_COLUMNS = 12
};

/* The columns of a grid: their heads, whether they end at the right, and how far they may be cut where there is no room
   (0: not at all). */
struct grid_column
{
  const char *head;
  bool right;
  size_t least;
};

/* Lines of a text, each ended, whose cells have tabs between them. What follows a vertical tab at the begin of a line
   goes over all columns. False, with nothing printed, where they do not fit into so many columns of a terminal, however
   much is cut. */
bool grid_print (struct printer *printer, const char *text, const struct grid_column *columns, int count, size_t width);

#endif
