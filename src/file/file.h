/* file.h -- arrays from data files. */
#ifndef GRADCALC_FILE_H
#define GRADCALC_FILE_H

#include "base/diagnostic.h"
#include "value/array.h"

enum file_format
{
#define FILE_FORMAT(symbol, name, says) FILE_##symbol,
#include "file/data_format.def"
#undef FILE_FORMAT
  FILE_FORMATS
};
/* "csv", ...: as -I names them, and the suffix of a file without its point. */
extern const char *const file_format_names[FILE_FORMATS];

/* The format that the suffix of a path names, else `otherwise`; NULL has none. */
enum file_format file_format_of (const char *path, enum file_format otherwise);
/* Whether a path ends in the suffix of one of them. */
bool file_has_suffix (const char *path);

/* Reads a whole file, or standard input for a `path` of NULL, as one real array, by its suffix (in any case) or,
   without a known one, as `otherwise`: .csv and .tsv are a matrix (header.h tells what a header line is; one column is
   still a matrix n x 1), .json is one nested array or number, .npy one array or number as NumPy saves it. NULL after a
   message: with the file's name, line and column and STATUS_WORLD for bad content; with STATUS_PROGRAM, at the place
   that `where (asker)` gives (without one if `where` is NULL), when it can't be opened. */
struct array *file_read (struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                         enum file_format otherwise, struct span (*where) (const void *asker), const void *asker);

/* Reads a whole file in JSON, or standard input for a `path` of NULL, as arrays by name (keyed.h). False after a
   message.
 */
struct keyed;
struct keyed_asker;
bool file_read_keyed (struct keyed *keyed, struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                      const struct keyed_asker *asker);

/* The readers behind it: the content is text[0..size). */
struct array *file_read_csv (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text,
                             size_t size, char delimiter);
struct array *file_read_json (struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                              const char *text, size_t size);
struct array *file_read_npy (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text,
                             size_t size);

#endif
