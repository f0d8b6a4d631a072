/* csv.c -- a table of numbers as a matrix. libcsv reads it; the places and texts that messages need are found again
   by a look at the text itself, only when there is something to say. */
#include "file/file.h"

#include <csv.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "file/place.h"

enum
{
  NO_FIELD = -1
};

struct table
{
  struct diagnostics *diagnostics;
  const char *path;
  const char *text; /* all of the file */
  size_t size;
  char delimiter;
  size_t first; /* where the first record starts: the header if there is one */
  bool has_header;
  size_t columns;
  double *elements; /* of capacity rows */
  size_t rows, capacity;
  /* The record that is being read. */
  bool in_header;
  bool is_done;
  size_t fields;
  ptrdiff_t bad_field; /* the first that is not a number, or NO_FIELD */
};

/* A field as it stands in the text, without its quotes and the blanks around. */
struct field
{
  size_t start, end;
  size_t next;  /* where the next field of the record starts */
  bool is_last; /* there is none */
};

static bool
ends_line (char c)
{
  return c == '\n' || c == '\r';
}

static bool
is_blank (const struct table *table, char c)
{
  return (c == ' ' || c == '\t') && c != table->delimiter;
}

static struct field
field_at (const struct table *table, size_t at)
{
  const char *text = table->text;
  size_t size = table->size;
  while (at < size && is_blank (table, text[at]))
    at++;
  struct field field = { .start = at };
  bool is_quoted = at < size && text[at] == '"';
  if (is_quoted)
    {
      field.start = ++at;
      while (at < size && (text[at] != '"' || (at + 1 < size && text[at + 1] == '"')))
        at += text[at] == '"' ? 2 : 1;
      field.end = at;
    }
  while (at < size && text[at] != table->delimiter && !ends_line (text[at]))
    at++;
  if (!is_quoted)
    for (field.end = at; field.end > field.start && is_blank (table, text[field.end - 1]);)
      field.end--;
  field.is_last = at >= size || ends_line (text[at]);
  field.next = at + !field.is_last;
  return field;
}

static struct field
field_find (const struct table *table, size_t record, size_t index)
{
  struct field field = field_at (table, record);
  for (; index > 0 && !field.is_last; index--)
    field = field_at (table, field.next);
  return field;
}

static const char *
field_excerpt (char excerpt[EXCERPT_SIZE], const struct table *table, struct field field)
{
  return file_excerpt (excerpt, table->text + field.start, field.end - field.start);
}

/* Passes over lines with nothing but blanks. */
static size_t
skip_blank_lines (const struct table *table, size_t at)
{
  for (size_t i = at; i < table->size && (is_blank (table, table->text[i]) || ends_line (table->text[i])); i++)
    if (ends_line (table->text[i]))
      at = i + 1;
  return at;
}

/* Counts the columns, and sees whether the first record is a header: it has a text that is not a number. (A number
   missing among numbers does not make a header of them.) */
static void
look_at_first_record (struct table *table)
{
  struct field field = { .next = table->first };
  do
    {
      field = field_at (table, field.next);
      size_t size = field.end - field.start;
      double number;
      if (size > 0 && !number_read_field (table->text + field.start, size, &number))
        table->has_header = true;
      table->columns++;
    }
  while (!field.is_last);
}

/* More rows than the file can hold, were they all good: a row ends a line and takes two bytes for each field. */
static size_t
row_limit (const struct table *table)
{
  size_t lines = 1;
  for (size_t i = table->first; i < table->size; i++)
    lines += ends_line (table->text[i]);
  size_t limit = (table->size - table->first) / 2 / table->columns + 1;
  return lines < limit ? lines : limit;
}

/* Whether a number is infinite for want of range, not by its name. */
static bool
is_too_large (double number, const char *text, size_t size)
{
  return isinf (number) && !memchr (text, 'n', size) && !memchr (text, 'N', size);
}

static void
take_field (void *text, size_t size, void *data)
{
  struct table *table = data;
  size_t index = table->fields++;
  double number;
  if (table->in_header || table->bad_field != NO_FIELD || index >= table->columns)
    return;
  if (!number_read_field (text, size, &number) || is_too_large (number, text, size))
    table->bad_field = (ptrdiff_t)index;
  else if (table->rows < table->capacity)
    table->elements[table->rows * table->columns + index] = number;
}

static void
end_record (int terminator, void *data)
{
  (void)terminator;
  struct table *table = data;
  table->is_done = true;
}

/* A record of another length than the first, with the names of the header as "x, y", cut short when they are many. */
static void
say_ragged (const struct table *table, size_t record)
{
  size_t line = file_place (table->text, record).line;
  const char *plural = table->fields == 1 ? "" : "s";
  if (!table->has_header)
    {
      diagnose_data (table->diagnostics, STATUS_WORLD, table->path, line, 0, "%zu field%s, but line %zu has %zu",
                     table->fields, plural, file_place (table->text, table->first).line, table->columns);
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
      field = field_at (table, field.next);
      used += (size_t)sprintf (names + used, "%s%s", i ? ", " : "", field_excerpt (excerpt, table, field));
    }
  strcpy (names + used, table->columns > NAMES_SHOWN ? ", ..." : "");
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, line, 0, "%zu field%s, but the header has %zu (%s)",
                 table->fields, plural, table->columns, names);
}

static void
say_bad_field (const struct table *table, size_t record)
{
  struct field field = field_find (table, record, (size_t)table->bad_field);
  struct file_place place = file_place (table->text, field.start);
  char text[EXCERPT_SIZE], name[EXCERPT_SIZE], column[EXCERPT_SIZE + 16], what[EXCERPT_SIZE + 32];
  struct field header = field_find (table, table->first, (size_t)table->bad_field);
  double number;
  if (table->has_header)
    snprintf (column, sizeof column, "column '%s'", field_excerpt (name, table, header));
  else
    snprintf (column, sizeof column, "column %td", table->bad_field + 1);
  if (field.start == field.end)
    snprintf (what, sizeof what, "the field is empty");
  else
    snprintf (what, sizeof what, "'%s' is %s", field_excerpt (text, table, field),
              number_read_field (table->text + field.start, field.end - field.start, &number) ? "too large for a double"
                                                                                              : "not a number");
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column, "%s: %s", column, what);
}

/* Takes in the record that was just read. False after a message. */
static bool
close_record (struct table *table, size_t record)
{
  if (table->fields != table->columns)
    say_ragged (table, record);
  else if (table->bad_field != NO_FIELD)
    say_bad_field (table, record);
  else
    {
      table->rows += !table->in_header;
      table->in_header = table->is_done = false;
      table->fields = 0;
      return true;
    }
  return false;
}

static void
say_broken (const struct table *table, struct csv_parser *parser, size_t at)
{
  if (csv_error (parser) == CSV_EPARSE)
    {
      struct file_place place = file_place (table->text, at);
      diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column,
                     "a quote can only stand around a whole field, or doubled within one");
    }
  else
    diagnose_data (table->diagnostics, STATUS_WORLD, table->path, 0, 0, "%s", csv_strerror (csv_error (parser)));
}

/* The quote that is open at the end of the file: it starts a field of the last record. */
static void
say_open_quote (const struct table *table, size_t record)
{
  struct field field = field_at (table, record);
  while (!field.is_last)
    field = field_at (table, field.next);
  struct file_place place = file_place (table->text, field.start - 1);
  diagnose_data (table->diagnostics, STATUS_WORLD, table->path, place.line, place.column, "this quote is never closed");
}

/* Gives libcsv one line after the other, so that it is known where each record starts. False after a message. */
static bool
read_records (struct table *table, struct csv_parser *parser)
{
  const char *text = table->text;
  size_t record = table->first, at = record;
  while (at < table->size)
    {
      size_t end = at;
      while (end < table->size && !ends_line (text[end]))
        end++;
      end += end + 1 < table->size && text[end] == '\r' && text[end + 1] == '\n';
      end += end < table->size;
      size_t read = csv_parse (parser, text + at, end - at, take_field, end_record, table);
      if (read != end - at)
        {
          say_broken (table, parser, at + read);
          return false;
        }
      if (table->is_done)
        {
          if (!close_record (table, record))
            return false;
          record = end;
        }
      else if (record == at)
        record = skip_blank_lines (table, record);
      at = end;
    }
  if (csv_fini (parser, take_field, end_record, table) != 0)
    {
      say_open_quote (table, record);
      return false;
    }
  return !table->is_done || close_record (table, record);
}

struct array *
file_read_csv (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text, size_t size,
               char delimiter)
{
  struct table table = { .diagnostics = diagnostics, .path = path, .text = text, .size = size, .delimiter = delimiter };
  if (file_is_utf16 (text, size))
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the text is UTF-16; UTF-8 is needed");
      return NULL;
    }
  table.first = skip_blank_lines (&table, file_mark (text, size));
  table.bad_field = NO_FIELD;
  if (table.first == size)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the file is empty");
      return NULL;
    }
  look_at_first_record (&table);
  table.in_header = table.has_header;
  table.capacity = row_limit (&table);
  /* The array comes before the parser: when memory is short the run stops here, with nothing to give back. */
  struct array *array = array_new (arrays, TYPE_REAL, &(struct shape){ 2, { table.capacity, table.columns } });
  table.elements = array->elements;
  struct csv_parser parser;
  csv_init (&parser, CSV_STRICT | CSV_STRICT_FINI);
  csv_set_delim (&parser, (unsigned char)delimiter);
  bool is_good = read_records (&table, &parser);
  csv_free (&parser);
  if (!is_good)
    {
      array_drop (arrays, array);
      return NULL;
    }
  array->shape.extent[0] = table.rows;
  array->size = table.rows * table.columns;
  return array;
}
