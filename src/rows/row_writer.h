/* row_writer.h -- the results of records as lines of a table, objects of JSON, or text. */
#ifndef GRADCALC_ROW_WRITER_H
#define GRADCALC_ROW_WRITER_H

#include "report/table.h"
#include "rows/outlet.h"
#include "rows/rows.h"

struct row_writer
{
  struct outlet *outlet;
  struct diagnostics *diagnostics;
  bool appends;   /* the fields of the record come first */
  bool no_header; /* a table has no line of names */
  size_t count;   /* of the numbers in a line, as the names have it */
  size_t rows;
  struct printer printer;
};

/* A sink that writes so; the writer stays where it is. */
struct row_sink row_writer_open (struct row_writer *writer, struct outlet *outlet, struct diagnostics *diagnostics);

/* row_fields.c: the fields of the record at hand, as they stood: in a table, or as an object of JSON. */
void row_fields_names (struct table *table, const struct intake *intake);
void row_fields_table (struct table *table, struct intake *intake);
void row_fields_object (struct printer *printer, struct intake *intake);

#endif
