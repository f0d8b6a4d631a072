/* file.h -- arrays from data files. */
#ifndef GRADCALC_FILE_H
#define GRADCALC_FILE_H

#include "base/diagnostic.h"
#include "value/array.h"

/* Reads a whole file as one real array, by its suffix: .csv and .tsv are a matrix (bare numbers, or a header line if a
   field of the first line is not a number; one column is still a matrix n x 1), .json is one nested array or number,
   .npy one array or number as NumPy saves it. NULL after a message: with the file's name, line and column and
   STATUS_WORLD for bad content; with STATUS_PROGRAM, at the place that `where (asker)` gives (without one if `where` is
   NULL), when it can't be opened or its suffix is unknown. */
struct array *file_read (struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                         struct span (*where) (const void *asker), const void *asker);

/* The readers behind it: the content is text[0..size). */
struct array *file_read_csv (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text,
                             size_t size, char delimiter);
struct array *file_read_json (struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                              const char *text, size_t size);
struct array *file_read_npy (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text,
                             size_t size);

#endif
