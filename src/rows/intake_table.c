/* intake_table.c -- records of csv and tsv. Lines of plain numbers are read where they stand. */
#include "rows/intake.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "file/header.h"

/* The record at hand as a table of one. */
static struct records
records_of (const struct intake *intake)
{
  return (struct records){ intake->record.text, intake->record.size, intake->delimiter, true };
}

/* Splits the record's text into its fields, and returns the first that is broken; its fault is none where all are good.
 */
static struct field
split (struct intake *intake)
{
  const struct records records = records_of (intake);
  struct field field = { .next = 0 }, broken = { .fault = FIELD_GOOD };
  for (intake->field_count = 0; !field.is_last;)
    {
      intake->fields
        = heap_grow (intake->memory, intake->fields, intake->field_count + 1, sizeof *intake->fields, "a record");
      intake->fields[intake->field_count++] = field = records_field (&records, field.next);
      if (field.fault && !broken.fault)
        broken = field;
    }
  return broken;
}

void
intake_split (struct intake *intake)
{
  split (intake);
}

/* Whether a text has an odd number of quotes. */
static bool
has_odd_quotes (const char *text, size_t size)
{
  return file_count (text, size, '"') % 2;
}

/* The record at hand has quotes: they may hold line ends, so that it goes on to where they are even. */
static enum intake_result
split_quoted (struct intake *intake)
{
  struct field broken = split (intake);
  bool is_odd = has_odd_quotes (intake->record.text, intake->record.size);
  while (broken.fault == FIELD_OPEN)
    {
      /* The text may move while it is read on. */
      struct feed *feed = &intake->feed;
      size_t passed = (size_t)(feed_text (feed) - intake->record.text), end, next;
      feed->start -= passed;
      bool goes_on = intake_line_end (intake, passed, &end, &next);
      intake->record.text = feed_text (feed);
      feed->start += goes_on ? next : passed;
      if (goes_on)
        {
          is_odd ^= has_odd_quotes (intake->record.text + passed, end - passed);
          intake->record.size = end;
          intake->line++;
        }
      if (!goes_on || !is_odd)
        broken = split (intake);
      if (!goes_on)
        break;
    }
  if (!broken.fault)
    return INTAKE_RECORD;
  intake_trouble (intake, broken.fault_at, "%s", records_quote_fault (broken.fault));
  return INTAKE_BROKEN;
}

/* Takes a line, and more where quotes hold line ends, split where it has quotes. */
static enum intake_result
take_record (struct intake *intake, bool *is_split)
{
  if (!intake_line (intake))
    return INTAKE_END;
  *is_split = memchr (intake->record.text, '"', intake->record.size);
  return *is_split ? split_quoted (intake) : INTAKE_RECORD;
}

/* A field without its doubled quotes, as a column's name. */
static void
add_name (struct intake *intake, const struct field *field)
{
  const char *text = intake->record.text;
  char *name = heap_copy (intake->memory, text + field->start, field->end - field->start, "the names of columns");
  size_t size = 0;
  for (size_t i = field->start; i < field->end; i++)
    {
      name[size++] = text[i];
      i += field->is_quoted && text[i] == '"';
    }
  intake_add_column (intake, name, size);
  heap_give (name);
}

static void
name_columns (struct intake *intake, const char *given)
{
  for (const char *at = given; at;)
    {
      const char *comma = strchr (at, ',');
      size_t size = comma ? (size_t)(comma - at) : strlen (at);
      for (; size && *at == ' '; size--)
        at++;
      while (size && at[size - 1] == ' ')
        size--;
      intake_add_column (intake, at, size);
      at = comma ? comma + 1 : NULL;
    }
}

/* Whether the record at hand is the names of the columns once more. */
static bool
repeats_names (const struct intake *intake)
{
  if (intake->field_count != intake->column_count)
    return false;
  for (size_t i = 0; i < intake->column_count; i++)
    {
      const struct field *field = &intake->fields[i];
      const struct column *column = &intake->columns[i];
      if (field->end - field->start != column->size
          || memcmp (intake->record.text + field->start, column->name, column->size) != 0)
        return false;
    }
  return true;
}

/* The first record is put back, to be read as data. */
static void
put_back (struct intake *intake, const struct feed *feed, size_t line)
{
  size_t taken = (size_t)(feed_text (feed) - intake->record.text);
  intake->feed.start -= taken;
  intake->line = line;
  intake->record.number--;
}

/* "; is ';' between the fields?" of a field that may be several. */
static const char *
guess_within (char guess[GUESS_SIZE], const struct intake *intake, const struct field *field)
{
  const struct records records = records_of (intake);
  return records_guess (guess, records_separator_within (&records, *field, true));
}

/* Trouble with the first record, unless all of it are names. */
static bool
is_header (struct intake *intake)
{
  const struct records records = records_of (intake);
  struct header header = header_find (&records, 0);
  char text[EXCERPT_SIZE], guess[GUESS_SIZE];
  size_t which = header.kind == HEADER_BROKEN ? header.misfit : 0;
  const struct field *field = &intake->fields[which];
  if (header.kind == HEADER_NAMES)
    return true;
  records_excerpt (text, &records, *field);
  if (header.kind == HEADER_NONE)
    intake_trouble (intake, field->start, "a header is missed: '%s' is a number; --columns names the columns", text);
  else
    intake_trouble (intake, field->start, "column %zu: '%s' is %s%s", which + 1, text,
                    header.has_numbers ? "not a number, and others here are: is this a header?"
                                       : "neither a number nor a name for a header",
                    guess_within (guess, intake, field));
  return false;
}

char
intake_separator (const struct intake *intake)
{
  const struct column *column = &intake->columns[0];
  const struct records records = { column->name, column->size, intake->delimiter, false };
  return intake->format == FILE_JSON ? 0
                                     : records_separator_within (&records, (struct field){ .end = column->size }, true);
}

enum intake_result
intake_table_header (struct intake *intake, const char *given)
{
  bool is_split;
  intake->is_named = given;
  if (given)
    name_columns (intake, given);
  enum intake_result result = take_record (intake, &is_split);
  intake->blank_line = 0;
  if (result == INTAKE_END && given && !intake->feed.error)
    {
      intake->is_empty = true;
      return INTAKE_RECORD;
    }
  if (result == INTAKE_END)
    {
      intake->trouble.line = intake->trouble.column = 0;
      if (intake->feed.error)
        snprintf (intake->trouble.text, sizeof intake->trouble.text, "cannot read: %s", strerror (intake->feed.error));
      else
        strcpy (intake->trouble.text, "the file is empty: a header is missed, which names the columns");
      return INTAKE_BROKEN;
    }
  if (result != INTAKE_RECORD)
    return result;
  if (!is_split)
    intake_split (intake);
  intake->first_line = intake->record.line;
  if (given)
    {
      if (repeats_names (intake))
        intake->record.number = 0;
      else
        put_back (intake, &intake->feed, intake->record.line);
      return INTAKE_RECORD;
    }
  if (!is_header (intake))
    return INTAKE_BROKEN;
  for (size_t i = 0; i < intake->field_count; i++)
    add_name (intake, &intake->fields[i]);
  intake->record.number = 0;
  return INTAKE_RECORD;
}

static void
say_ragged (struct intake *intake)
{
  char names[COLUMNS_TEXT], guess[GUESS_SIZE] = "";
  if (intake->field_count == 1)
    guess_within (guess, intake, &intake->fields[0]);
  intake_trouble (intake, 0, "%zu field%s, but %s has %zu (%s)%s", intake->field_count,
                  intake->field_count == 1 ? "" : "s", intake->is_named ? "--columns" : "the header",
                  intake->column_count, intake_names (names, intake), guess);
  intake->trouble.column = 0;
}

static void
say_bad_field (struct intake *intake, size_t index, bool is_too_large)
{
  const struct field *field = &intake->fields[index];
  const struct records records = records_of (intake);
  char name[EXCERPT_SIZE], fault[FAULT_SIZE], guess[GUESS_SIZE];
  file_excerpt (name, intake->columns[index].name, intake->columns[index].size);
  intake_trouble (intake, field->start, "column '%s': %s%s", name, records_fault (fault, &records, *field),
                  is_too_large ? "" : guess_within (guess, intake, field));
}

/* Reads the numbers of a record that was split. */
static enum intake_result
read_fields (struct intake *intake)
{
  bool is_ragged = intake->record.is_ragged = intake->field_count != intake->column_count;
  if (is_ragged && !intake->bad_is_nan)
    {
      say_ragged (intake);
      return INTAKE_BAD;
    }
  for (size_t i = 0; i < intake->column_count; i++)
    {
      if (intake->slots[i] == NO_SLOT)
        continue;
      double *number = &intake->numbers[intake->slots[i]];
      const struct field *field = is_ragged ? NULL : &intake->fields[i];
      enum number_kind kind
        = is_ragged ? NUMBER_INVALID
                    : number_parse_field (intake->record.text + field->start, field->end - field->start, number);
      if (kind == NUMBER_INEXACT_INTEGER)
        intake_inexact (intake, field->start, field->end - field->start, *number);
      if (kind != NUMBER_INVALID && kind != NUMBER_TOO_LARGE)
        continue;
      if (!intake->bad_is_nan)
        {
          say_bad_field (intake, i, kind == NUMBER_TOO_LARGE);
          return INTAKE_BAD;
        }
      *number = NAN;
      intake->bad++;
    }
  return INTAKE_RECORD;
}

enum intake_result
intake_table_next (struct intake *intake)
{
  bool is_split;
  enum intake_result result = take_record (intake, &is_split);
  if (result != INTAKE_RECORD)
    return result;
  if (intake->blank_line && intake->column_count == 1)
    {
      /* The record is read once more behind it. */
      size_t line = intake->blank_line;
      put_back (intake, &intake->feed, intake->record.line);
      intake->record.number++;
      intake->blank_line = 0;
      char name[EXCERPT_SIZE];
      intake->trouble.line = line;
      intake->trouble.column = 1;
      snprintf (intake->trouble.text, sizeof intake->trouble.text, "column '%s': the field is empty",
                file_excerpt (name, intake->columns[0].name, intake->columns[0].size));
      if (intake->slots[0] == NO_SLOT || !intake->bad_is_nan)
        return INTAKE_BAD;
      intake->numbers[intake->slots[0]] = NAN;
      intake->record.size = 0;
      intake->record.is_ragged = false;
      intake->bad++;
      return INTAKE_RECORD;
    }
  intake->blank_line = 0;
  intake->record.is_ragged = false;
  const struct records records = records_of (intake);
  if (!is_split && records_numbers (&records, 0, intake->column_count, intake->slots, intake->numbers))
    return INTAKE_RECORD;
  if (!is_split)
    intake_split (intake);
  return read_fields (intake);
}
