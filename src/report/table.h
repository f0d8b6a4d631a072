/* table.h -- tables: lines of fields with commas or tabs between them. */
#ifndef GRADCALC_TABLE_H
#define GRADCALC_TABLE_H

#include "report/print.h"

struct table
{
  struct printer *printer;
  char delimiter;
  bool begun; /* the line has a field */
};

/* The table that a report is, in its format. */
static inline struct table
table_of (const struct report *report, struct printer *printer)
{
  return (struct table){ printer, report->format == FORMAT_TSV ? '\t' : ',', false };
}

/* A line of names, up to a NULL. */
void table_header (struct table *table, const char *const *names);
/* Begins the next field: it is what is printed from here on. */
void table_next (struct table *table);
/* Leaves fields empty. */
void table_skip (struct table *table, int count);
void table_end_line (struct table *table);

/* Each of these is one field. A text stands in quotes where it has to; NULL is an empty one; what is not finite
   is written so that other programs take it for a number; the position is that of an element of an array. */
void table_text (struct table *table, const char *text);
void table_size (struct table *table, size_t number);
void table_element (struct table *table, enum type type, double element);
void table_position (struct table *table, const struct shape *shape, size_t element);
/* Three fields: file, line and column; empty where there is no such place. */
void table_place (struct table *table, const struct sources *sources, struct span span);

/* Of a field in parts: whether a part asks for quotes around the field, and a part within them. */
bool table_needs_quotes (const struct table *table, const char *text);
void table_quoted (struct table *table, const char *text);

#endif
