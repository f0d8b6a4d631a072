/* claims_table.h -- claims from the elements that a table tells one by one. */
#ifndef GRADCALC_CLAIMS_TABLE_H
#define GRADCALC_CLAIMS_TABLE_H

#include "base/diagnostic.h"

/* A text in the table, without its quotes; a doubled quote in it stays as it is. */
struct cell
{
  const char *text;
  size_t size;
};

/* What an array is: the value of a target, its derivative in a source, or its second derivative. Parts that are not
   there are empty. */
struct heading
{
  struct cell target, source, second;
};

struct claim_table
{
  struct diagnostics *diagnostics;
  const char *name; /* of the file */
  size_t line;
  char between; /* numbers of a position: a blank, or a point */
  bool sparse;  /* it has positions in target and source, and what is not there is 0 */
  FILE *out;    /* where the claims go, one a line */
  /* Zero at the start. */
  struct heading heading;   /* of the array whose elements are being read */
  struct heading *headings; /* of a sparse table, whose arrays lie mixed: all of them */
  size_t heading_count;
  struct element *elements;
  size_t count, room;
};

/* Takes an element: where it is, in the target and in the source or in both sources, and its number or formula. False
   after a message. */
bool claim_table_add (struct claim_table *table, const struct heading *heading, const struct cell positions[2],
                      struct cell number);
/* Ends the last array, unless the table is not `good`; what it held is given back. False after a message. */
bool claim_table_close (struct claim_table *table, bool good);
/* Says what is wrong with the table; false. */
bool claim_table_fail (const struct claim_table *table, const char *message);

bool cell_equal (struct cell a, struct cell b);

#endif
