/* csv.c -- a table of numbers as a matrix. Rows of plain numbers are read where they stand, others field by field. What
   messages need is found again by a look at the text itself, only when there is something to say. */
#include "file/file.h"

#include <string.h>

#include "base/number.h"
#include "base/warning.h"
#include "file/header.h"

enum
{
  NO_FIELD = -1
};

struct table
{
  struct diagnostics *diagnostics;
  const char *path;
  struct records records; /* all of the file */
  size_t first;           /* where the first record starts: the header if there is one */
  struct header header;
  size_t columns;   /* of the first record, so of all */
  double *elements; /* of capacity rows */
  size_t rows, capacity;
  /* The record that is being read. */
  bool in_header;
  size_t fields;
  ptrdiff_t bad_field; /* the first that is not a number, or NO_FIELD */
  /* Of all of them. */
  struct inexact inexact;
  struct file_place inexact_place;
};

static struct file_place
place_of (const struct table *table, size_t at)
{
  return file_place (table->records.text, at);
}

/* More rows than the file can hold, were they all good: a row ends a line and takes two bytes for each field. */
static size_t
row_limit (const struct table *table)
{
  const struct records *records = &table->records;
  const char *text = records->text + table->first;
  size_t size = records->size - table->first;
  size_t lines = 1 + file_count (text, size, '\n') + file_count (text, size, '\r');
  size_t limit = size / 2 / table->columns + 1;
  return lines < limit ? lines : limit;
}

static void
take_field (struct table *table, struct field field)
{
  const struct records *records = &table->records;
  size_t index = table->fields++;
  double number = 0;
  if (table->in_header || table->bad_field != NO_FIELD || index >= table->columns)
    return;
  enum number_kind kind = number_parse_field (records->text + field.start, field.end - field.start, &number);
  if (kind == NUMBER_INVALID || kind == NUMBER_TOO_LARGE)
    {
      table->bad_field = (ptrdiff_t)index;
      return;
    }
  if (kind == NUMBER_INEXACT_INTEGER && table->inexact.count++ == 0)
    {
      records_excerpt (table->inexact.written, records, field);
      table->inexact.used = number;
      table->inexact_place = place_of (table, field.start);
    }
  if (table->rows < table->capacity)
    table->elements[table->rows * table->columns + index] = number;
}

/* A record of another length than the first, with the names of the header as "x, y", cut short when they are many. */
static void
say_ragged (const struct table *table, size_t record)
{
  size_t line = place_of (table, record).line;
  const char *plural = table->fields == 1 ? "" : "s";
  if (table->header.kind != HEADER_NAMES)
    {
      diagnose_data (table->diagnostics, STATUS_WORLD, table->path, line, 0, "%zu field%s, but line %zu has %zu",
                     table->fields, plural, place_of (table, table->first).line, table->columns);
      return;
    }
  enum
  {
    NAMES_SHOWN = 8
  };
  char names[NAMES_SHOWN * (EXCERPT_SIZE + 2) + 8];
  size_t used = 0;
  struct field field = { .next = table->first };
  for (size_t i = 0; i < table->columns && i < NAMES_SHOWN; i++)
    {
      char excerpt[EXCERPT_SIZE];
      field = records_field (&table->records, field.next);
      used += (size_t)sprintf (names + used, "%s%s", i ? ", " : "", records_excerpt (excerpt, &table->records, field));
    }
  strcpy (names + used, table->columns > NAMES_SHOWN ? ", ..." : "");
  /* A single name may be several that another separator keeps apart; its numbers have decimal commas then. */
  char guess[GUESS_SIZE];
  records_guess (guess, table->columns == 1 ? records_separator_within (&table->records, field, true) : 0);
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, line, 0, "%zu field%s, but the header has %zu (%s)%s",
                 table->fields, plural, table->columns, names, guess);
}

/* A field that is not a number, where a separator other than the file's may be the reason. */
static void
say_bad_field (const struct table *table, size_t record, size_t index)
{
  const struct records *records = &table->records;
  struct field field = records_find (records, record, index);
  struct file_place place = place_of (table, field.start);
  char name[EXCERPT_SIZE], column[EXCERPT_SIZE + 16], fault[FAULT_SIZE], guess[GUESS_SIZE];
  struct field header = records_find (records, table->first, index);
  if (table->header.kind == HEADER_NAMES)
    snprintf (column, sizeof column, "column '%s'", records_excerpt (name, records, header));
  else
    snprintf (column, sizeof column, "column %zu", index + 1);
  records_guess (guess, records_separator_within (records, field, false));
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column, "%s: %s%s%s", column,
                 records_fault (fault, records, field),
                 field.end > field.start && table->header.kind == HEADER_BROKEN && !table->header.has_numbers
                   ? ", nor a name for a header"
                   : "",
                 guess);
}

/* There is nothing but a header; one field may be what another separator makes of a row. */
static void
say_no_row (const struct table *table)
{
  struct field field = records_field (&table->records, table->first);
  struct file_place place = place_of (table, field.start);
  char separator = field.is_last ? records_separator_within (&table->records, field, true) : 0;
  char words[SEPARATOR_WORDS], other_words[SEPARATOR_WORDS], guess[64] = "";
  if (separator)
    snprintf (guess, sizeof guess, "; is it %s in this file?", records_separator_words (other_words, separator));
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column,
                 "a header and no row below it, with %s between the fields%s",
                 records_separator_words (words, table->records.delimiter), guess);
}

/* A single line of one field that another separator would cut into fields. */
static bool
is_cut_otherwise (const struct table *table)
{
  struct field field = records_field (&table->records, table->first);
  return field.is_last && records_skip_blank_lines (&table->records, field.next) == table->records.size
         && records_separator_within (&table->records, field, true);
}

/* False after the message on a first record that is neither a header nor a row, or on a blank line before it that would
   be a row. */
static bool
check_first_record (const struct table *table, size_t start)
{
  if (table->header.kind == HEADER_BROKEN)
    {
      if (is_cut_otherwise (table))
        say_no_row (table);
      else
        say_bad_field (table, table->first, table->header.misfit);
      return false;
    }
  if (table->columns == 1 && table->header.kind == HEADER_NONE && table->first > start)
    {
      say_bad_field (table, start, 0);
      return false;
    }
  return true;
}

/* Warns of a line that may be a header, or a column that may be row numbers, though they are read as data. */
static void
warn_of_header (const struct table *table)
{
  struct file_place place = place_of (table, table->first);
  if (table->header.kind == HEADER_NAMES && table->header.is_unnamed)
    warn_data (table->diagnostics, WARNING_HEADER, 1, table->path, place.line, place.column,
               "the first column has no name; if it holds row numbers, they are data here");
  if (table->header.kind == HEADER_NONE && table->header.counts && table->rows > 1)
    warn_data (table->diagnostics, WARNING_HEADER, 1, table->path, place.line, place.column,
               "the first line counts from 0 to %zu; if it names the columns, its numbers are data here",
               table->columns - 1);
}

/* A character behind the quote that closes a field which separates fields in other files than this: at `at`, or the
   blanks before it. 0 where there is none. */
static char
separator_behind_quote (const struct records *records, size_t at)
{
  const char *text = records->text;
  char found = text[at];
  for (; at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'); at--)
    found = found == '"' || found == ' ' ? text[at - 1] : found;
  bool separates = at > 0 && text[at - 1] == '"' && found && strchr (records_separators, found);
  return separates && found != records->delimiter ? found : 0;
}

static void
say_broken (const struct table *table, struct field field)
{
  char guess[GUESS_SIZE];
  struct file_place place = place_of (table, field.fault_at);
  char separator = field.fault == FIELD_OPEN ? 0 : separator_behind_quote (&table->records, field.fault_at);
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column, "%s%s",
                 records_quote_fault (field.fault), records_guess (guess, separator));
}

/* Reads the record at `record` field by field, and `*end` is where the next line starts. False after a message. */
static bool
read_fields (struct table *table, size_t record, size_t *end)
{
  struct field field = { .next = record };
  for (table->fields = 0; !field.is_last;)
    {
      field = records_field (&table->records, field.next);
      if (field.fault)
        {
          say_broken (table, field);
          return false;
        }
      take_field (table, field);
    }
  *end = records_line_end (&table->records, field.next);
  if (table->fields != table->columns)
    say_ragged (table, record);
  else if (table->bad_field != NO_FIELD)
    say_bad_field (table, record, (size_t)table->bad_field);
  else
    {
      table->rows += !table->in_header;
      table->in_header = false;
      return true;
    }
  return false;
}

/* False after a message. */
static bool
read_records (struct table *table)
{
  const struct records *records = &table->records;
  for (size_t at = table->first, end; at < records->size; at = end)
    {
      end = table->in_header || table->rows == table->capacity
              ? 0
              : records_numbers (records, at, table->columns, NULL, table->elements + table->rows * table->columns);
      table->rows += end > 0;
      if (end)
        continue;
      end = records_skip_blank_lines (records, at);
      if (end > at && end < records->size && table->columns == 1)
        {
          /* In a file of one column this is an empty field, which must not go unseen; at the end it may. */
          say_bad_field (table, at, 0);
          return false;
        }
      if (end == at && !read_fields (table, at, &end))
        return false;
    }
  return true;
}

struct array *
file_read_csv (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text, size_t size,
               char delimiter)
{
  struct table table = { .diagnostics = diagnostics,
                         .path = path,
                         .records = { text, size, delimiter, false },
                         .bad_field = NO_FIELD };
  const char *kind = file_binary (text, size);
  if (kind)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "this is %s, not a table of numbers", kind);
      return NULL;
    }
  size_t start = file_mark (text, size);
  table.first = records_skip_blank_lines (&table.records, start);
  if (table.first == size)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the file is empty");
      return NULL;
    }
  table.header = header_find (&table.records, table.first);
  table.columns = table.header.columns;
  table.in_header = table.header.kind == HEADER_NAMES;
  if (!check_first_record (&table, start))
    return NULL;
  table.capacity = row_limit (&table);
  struct array *array = array_new (arrays, TYPE_REAL, &(struct shape){ 2, { table.capacity, table.columns } });
  table.elements = array->elements;
  bool is_good = read_records (&table);
  if (is_good && !table.rows)
    {
      say_no_row (&table);
      is_good = false;
    }
  if (!is_good)
    {
      array_drop (arrays, array);
      return NULL;
    }
  warn_of_header (&table);
  inexact_say (&table.inexact, diagnostics, path, table.inexact_place, "");
  array->shape.extent[0] = table.rows;
  array->size = table.rows * table.columns;
  return array;
}
