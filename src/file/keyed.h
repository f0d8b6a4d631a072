/* keyed.h -- arrays by name, as a file in JSON has them: columns, or records. */
#ifndef GRADCALC_KEYED_H
#define GRADCALC_KEYED_H

#include "base/diagnostic.h"
#include "value/array.h"

/* A key that somebody wants, and what stood under it. */
struct keyed_column
{
  char *name;
  struct array *array;
  /* While it is read: the shape of one value, how many there were, their numbers, and where the latest stood. */
  struct shape shape;
  size_t values, room, numbers;
  double *elements;
  size_t seen;
};

struct keyed
{
  struct keyed_column *columns;
  size_t count;
};

/* Who wants what: whether a key is. */
struct keyed_asker
{
  bool (*wants) (const void *data, const char *name);
  const void *data;
  bool lines; /* a single object is a record too */
};

/* Reads a text in one of these forms, as pandas, polars, DuckDB, Miller, jq and people write them:

     {"x": [1, 2], "A": [[1, 2], [3, 4]], "k": 3}       each key an array or a number
     {"x": {"0": 1, "1": 2}, "y": {"0": 3, "1": 4}}     the rows of each column by their labels
     {"columns": ["x", "y"], "data": [[1, 3], [2, 4]]}  rows beside the names of columns
     [{"x": 1, "y": 3}, {"x": 2, "y": 4}]               records; or so without brackets and commas, one after the other

   What is not wanted may be anything. An array of records has the rows first, then the axes of a value. False after a
   message. */
bool keyed_read (struct keyed *keyed, struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                 const char *text, size_t size, const struct keyed_asker *asker);
void keyed_close (struct keyed *keyed, struct arrays *arrays);

#endif
