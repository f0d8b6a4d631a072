/* records.h -- the records of a table (csv, tsv) as they stand in its text: where a field is, what it looks like. */
#ifndef GRADCALC_RECORDS_H
#define GRADCALC_RECORDS_H

#include <stdint.h>

#include "file/place.h"

/* The text of a table, and what stands between its fields. */
struct records
{
  const char *text;
  size_t size;
  char delimiter;
  bool is_one; /* it is one record alone: line ends are within quotes only */
};

/* A field without its quotes and the blanks around; quotes within are doubled, as they stand. A quote is only where it
   may be, around a whole field or doubled within one, as RFC 4180 has it, or the field is broken. */
struct field
{
  size_t start, end;
  size_t next;     /* where the next field of the record starts */
  size_t fault_at; /* of a broken one, the quote that is open or misplaced, or what stands behind one that closes */
  enum field_fault
  {
    FIELD_GOOD,
    FIELD_OPEN, /* no quote closes it, which the text may do that follows */
    FIELD_MISQUOTED
  } fault;
  bool is_last;   /* there is no next one */
  bool is_quoted; /* line ends within the quotes are the field's */
};

static inline bool
records_is_blank (const struct records *records, char c)
{
  return (c == ' ' || c == '\t') && c != records->delimiter;
}

static inline bool
records_ends_line (char c)
{
  return c == '\n' || c == '\r';
}

/* Where the next line starts, or the text ends. */
size_t records_line_end (const struct records *records, size_t at);
/* The first field at or after `at`, which is where a field starts. */
struct field records_field (const struct records *records, size_t at);
/* Field `index`, from 0, of the record that starts at `record`; its last one when it has not so many. */
struct field records_find (const struct records *records, size_t record, size_t index);
/* Reads the record that starts at `at`, if it is `count` fields without quotes, and nothing has to be said of those
   that are wanted: numbers. `slots` is where each field's number goes, or NO_SLOT; NULL takes all, in order. Returns
   where the next line starts, or the text ends; 0 where it is none such, and some of `numbers` may be set. */
enum
{
  NO_SLOT = UINT32_MAX
};
size_t records_numbers (const struct records *records, size_t at, size_t count, const uint32_t *slots, double *numbers);
const char *records_excerpt (char excerpt[EXCERPT_SIZE], const struct records *records, struct field field);
/* Passes over lines with nothing but blanks. */
size_t records_skip_blank_lines (const struct records *records, size_t at);

/* The characters that may separate fields, likely ones first. */
extern const char records_separators[];

/* The character that seems to separate fields inside this one, which was read as a single field: ';', a tab, '|', ',',
   or a blank between numbers; 0 when it looks like a field. `names`: the pieces may be names of columns. */
char records_separator_within (const struct records *records, struct field field, bool names);

/* What messages say of separators: "';'", "a tab"; and "; is ';' between the fields?", or nothing where none is
   found. */
enum
{
  SEPARATOR_WORDS = 8,
  GUESS_SIZE = 64
};
const char *records_separator_words (char words[SEPARATOR_WORDS], char separator);
const char *records_guess (char guess[GUESS_SIZE], char separator);
/* What a field is that is no number of a double: "the field is empty", "'x' is not a number". */
enum
{
  FAULT_SIZE = EXCERPT_SIZE + 48
};
const char *records_quote_fault (enum field_fault fault);
const char *records_fault (char fault[FAULT_SIZE], const struct records *records, struct field field);

#endif
