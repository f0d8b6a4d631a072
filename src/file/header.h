/* header.h -- whether the first record of a table names its columns. */
#ifndef GRADCALC_HEADER_H
#define GRADCALC_HEADER_H

#include "file/records.h"

enum header_kind
{
  HEADER_NONE,   /* the first record is a row: all its fields are numbers, or empty */
  HEADER_NAMES,  /* every field is a name; the first may be empty when there are others */
  HEADER_BROKEN, /* neither: a slip among numbers, or a name that looks like one */
};

struct header
{
  enum header_kind kind;
  size_t columns;   /* fields of the first record */
  size_t misfit;    /* of a broken one, the field to blame */
  bool has_numbers; /* some field is a number */
  bool is_unnamed;  /* the first name is empty, as pandas and R leave it above row numbers */
  bool counts;      /* the record is 0, 1, ..., as pandas writes columns without names */
};

/* Looks at the record that starts at `first`. */
struct header header_find (const struct records *records, size_t first);

/* Whether a text can be the name of a column: there is a letter in it, it does not begin as a number does (`2.O`,
   `1_000`, `10%`, `$1`), and it is no word for what is missing, or for truth (`NA`, `NULL`, `\N`, `TRUE`). */
bool header_is_name (const char *text, size_t size);

#endif
