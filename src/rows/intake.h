/* intake.h -- the records of a file, one after the other: their columns, and the numbers in them that are wanted. */
#ifndef GRADCALC_INTAKE_H
#define GRADCALC_INTAKE_H

#include "file/file.h"
#include "file/records.h"
#include "rows/feed.h"

/* A column by its name, and of JSON the shape that the first record has there. */
struct column
{
  const char *name;
  size_t size;
  struct shape shape;
};

/* A record as it stood, without the end of its line. Good until the next one is read. */
struct record
{
  size_t number; /* from 1, bad ones too */
  size_t line;   /* where it begins, from 1 */
  const char *text;
  size_t size;
  bool is_ragged; /* it has another number of fields than there are columns */
  struct
  {
    size_t skipped, bad, inexact;
  } met; /* up to it: records that were skipped, fields that became NaN, whole numbers that no double holds */
};

enum intake_result
{
  INTAKE_RECORD,
  INTAKE_BAD,    /* a record that is not as it should be; the next one may be */
  INTAKE_BROKEN, /* where the next one begins cannot be told */
  INTAKE_END
};

struct intake
{
  struct memory *memory;
  struct feed feed;
  const char *name; /* as messages have it */
  enum file_format format;
  char delimiter;
  bool bad_is_nan;   /* bad fields are NaN, and counted; else the record is bad */
  bool is_named;     /* the names of the columns were given, and are not those of a header */
  bool is_empty;     /* there is not so much as a header */
  bool keeps_fields; /* of JSON: each record is split by its columns; else those of a table may be */
  size_t first_line; /* of the header */
  size_t line;       /* of what is read next, from 1 */
  struct column *columns;
  size_t column_count;
  uint32_t *slots; /* of each column: where its numbers are from, or NO_SLOT. Set by who wants them */
  double *numbers; /* of the record: room for all that are wanted */
  struct record record;
  struct field *fields; /* of a record that was split */
  size_t field_count;
  size_t blank_line; /* of a table with one column, a blank line that may be an empty field; 0 is none */
  size_t bad;        /* how many fields became NaN */
  /* Of JSON: where the next key is likely to be, how many columns are wanted, and the last record that had each. */
  size_t next_column, wanted, *seen;
  struct inexact inexact;
  struct file_place inexact_place;
  /* What is wrong with a record: the place, 0 for none, and the words. */
  struct
  {
    size_t line, column;
    char text[600];
  } trouble;
};

enum
{
  COLUMNS_SHOWN = 8,
  COLUMNS_TEXT = COLUMNS_SHOWN * (EXCERPT_SIZE + 2) + 8
};

/* Opens the file and finds out its columns: those of its header, or of its first object, or `given` names with commas
   between, which a first record of these very names repeats. INTAKE_RECORD: they are known. INTAKE_END: there is none,
   for the input is empty. Else trouble. */
enum intake_result intake_open (struct intake *intake, struct memory *memory, int file, const char *given);
void intake_close (struct intake *intake);
/* The next record, its wanted numbers in `numbers`. */
enum intake_result intake_next (struct intake *intake);

/* Splits the record at hand, of a table, into its fields. */
void intake_split (struct intake *intake);

/* What seems to stand between the names of a header that was read as one; 0 where it is one name. */
char intake_separator (const struct intake *intake);

/* "x, y, ..." */
const char *intake_names (char text[COLUMNS_TEXT], const struct intake *intake);

/* For the readers. Says what is wrong, at a place in the record at hand. */
void intake_trouble (struct intake *intake, size_t at, const char *format, ...) __attribute__ ((format (printf, 3, 4)));
/* The next line that is not blank: its text is the record's, and it is taken. */
bool intake_line (struct intake *intake);
/* The end of the line that begins `from` bytes behind the start, and where the next one begins; reads on as it has to.
   False when there is nothing. */
bool intake_line_end (struct intake *intake, size_t from, size_t *end, size_t *next);
/* A column by its name. */
void intake_add_column (struct intake *intake, const char *name, size_t size);
/* Notes a whole number that no double holds, which stands at a place of the record. */
void intake_inexact (struct intake *intake, size_t at, size_t size, double used);

/* intake_table.c, intake_json.c */
enum intake_result intake_table_header (struct intake *intake, const char *given);
enum intake_result intake_table_next (struct intake *intake);
enum intake_result intake_json_header (struct intake *intake);
enum intake_result intake_json_next (struct intake *intake);

#endif
