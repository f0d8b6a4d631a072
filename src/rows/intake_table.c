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
  return (struct records){ intake->record.text, intake->record.size, intake->delimiter };
}

static struct field
field_of (const struct piece *piece)
{
  return (struct field){ .start = piece->start, .end = piece->end };
}

static void
add_piece (struct intake *intake, size_t start, size_t end, bool is_quoted)
{
  intake->pieces
    = heap_grow (intake->memory, intake->pieces, intake->piece_count + 1, sizeof *intake->pieces, "a record");
  intake->pieces[intake->piece_count++] = (struct piece){ start, end, is_quoted };
}

/* The quote that closes the field at `at`, which is behind the one that opens it; the size of the text where none does.
 */
static size_t
closing_quote (const char *text, size_t size, size_t at)
{
  for (;;)
    {
      const char *quote = memchr (text + at, '"', size - at);
      if (!quote)
        return size;
      at = (size_t)(quote - text);
      if (at + 1 == size || text[at + 1] != '"')
        return at;
      at += 2;
    }
}

/* Splits the record's text into pieces. A quote that is open at its end is the last piece's, and false. `*misplaced` is
   where a quote stands that may not, or the size. */
static bool
split (struct intake *intake, size_t *misplaced)
{
  const char *text = intake->record.text;
  const struct records records = records_of (intake);
  size_t size = intake->record.size, at = 0;
  *misplaced = size;
  intake->piece_count = 0;
  for (;;)
    {
      while (at < size && records_is_blank (&records, text[at]))
        at++;
      size_t start = at;
      bool is_quoted = at < size && text[at] == '"';
      if (is_quoted)
        {
          start = at + 1;
          size_t end = closing_quote (text, size, start);
          add_piece (intake, start, end, true);
          if (end == size)
            return false;
          at = end + 1;
          while (at < size && records_is_blank (&records, text[at]))
            at++;
        }
      const char *found = memchr (text + at, intake->delimiter, size - at);
      size_t end = found ? (size_t)(found - text) : size;
      if (is_quoted && at < end && *misplaced == size)
        *misplaced = at;
      const char *quote = is_quoted ? NULL : memchr (text + at, '"', end - at);
      if (quote && *misplaced == size)
        *misplaced = (size_t)(quote - text);
      at = end;
      while (end > start && records_is_blank (&records, text[end - 1]))
        end--;
      if (!is_quoted)
        add_piece (intake, start, end, false);
      if (at == size)
        return true;
      at++;
    }
}

void
intake_split (struct intake *intake)
{
  size_t misplaced;
  split (intake, &misplaced);
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
  size_t misplaced;
  bool is_closed = split (intake, &misplaced), is_odd = has_odd_quotes (intake->record.text, intake->record.size);
  while (misplaced == intake->record.size && !is_closed)
    {
      /* The text may move while it is read on. */
      struct feed *feed = &intake->feed;
      size_t passed = (size_t)(feed_text (feed) - intake->record.text), end, next;
      feed->start -= passed;
      bool goes_on = intake_line_end (intake, passed, &end, &next);
      intake->record.text = feed_text (feed);
      feed->start += goes_on ? next : passed;
      if (!goes_on)
        {
          split (intake, &misplaced);
          intake_trouble (intake, intake->pieces[intake->piece_count - 1].start - 1, "this quote is never closed");
          return INTAKE_BROKEN;
        }
      is_odd ^= has_odd_quotes (intake->record.text + passed, end - passed);
      intake->record.size = end;
      intake->line++;
      is_closed = !is_odd && split (intake, &misplaced);
      if (is_odd)
        misplaced = end;
    }
  if (misplaced == intake->record.size)
    return INTAKE_RECORD;
  intake_trouble (intake, misplaced, "a quote can only stand around a whole field, or doubled within one");
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
add_name (struct intake *intake, const struct piece *piece)
{
  const char *text = intake->record.text;
  char *name = heap_copy (intake->memory, text + piece->start, piece->end - piece->start, "the names of columns");
  size_t size = 0;
  for (size_t i = piece->start; i < piece->end; i++)
    {
      name[size++] = text[i];
      i += piece->is_quoted && text[i] == '"';
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
  if (intake->piece_count != intake->column_count)
    return false;
  for (size_t i = 0; i < intake->column_count; i++)
    {
      const struct piece *piece = &intake->pieces[i];
      const struct column *column = &intake->columns[i];
      if (piece->end - piece->start != column->size
          || memcmp (intake->record.text + piece->start, column->name, column->size) != 0)
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
guess_within (char guess[GUESS_SIZE], const struct intake *intake, const struct piece *piece)
{
  const struct records records = records_of (intake);
  return records_guess (guess, records_separator_within (&records, field_of (piece), true));
}

/* Trouble with the first record, unless all of it are names. */
static bool
is_header (struct intake *intake)
{
  const struct records records = records_of (intake);
  struct header header = header_find (&records, 0);
  char text[EXCERPT_SIZE], guess[GUESS_SIZE];
  size_t which = header.kind == HEADER_BROKEN ? header.misfit : 0;
  const struct piece *piece = &intake->pieces[which];
  if (header.kind == HEADER_NAMES)
    return true;
  records_excerpt (text, &records, field_of (piece));
  if (header.kind == HEADER_NONE)
    intake_trouble (intake, piece->start, "a header is missed: '%s' is a number; --columns names the columns", text);
  else
    intake_trouble (intake, piece->start, "column %zu: '%s' is %s%s", which + 1, text,
                    header.has_numbers ? "not a number, and others here are: is this a header?"
                                       : "neither a number nor a name for a header",
                    guess_within (guess, intake, piece));
  return false;
}

char
intake_separator (const struct intake *intake)
{
  const struct column *column = &intake->columns[0];
  const struct records records = { column->name, column->size, intake->delimiter };
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
  for (size_t i = 0; i < intake->piece_count; i++)
    add_name (intake, &intake->pieces[i]);
  intake->record.number = 0;
  return INTAKE_RECORD;
}

static void
say_ragged (struct intake *intake)
{
  char names[COLUMNS_TEXT], guess[GUESS_SIZE] = "";
  if (intake->piece_count == 1)
    guess_within (guess, intake, &intake->pieces[0]);
  intake_trouble (intake, 0, "%zu field%s, but %s has %zu (%s)%s", intake->piece_count,
                  intake->piece_count == 1 ? "" : "s", intake->is_named ? "--columns" : "the header",
                  intake->column_count, intake_names (names, intake), guess);
  intake->trouble.column = 0;
}

static void
say_bad_field (struct intake *intake, size_t index, bool is_too_large)
{
  const struct piece *piece = &intake->pieces[index];
  const struct records records = records_of (intake);
  char name[EXCERPT_SIZE], fault[FAULT_SIZE], guess[GUESS_SIZE];
  file_excerpt (name, intake->columns[index].name, intake->columns[index].size);
  intake_trouble (intake, piece->start, "column '%s': %s%s", name, records_fault (fault, &records, field_of (piece)),
                  is_too_large ? "" : guess_within (guess, intake, piece));
}

/* Reads the numbers of a record that was split. */
static enum intake_result
read_pieces (struct intake *intake)
{
  bool is_ragged = intake->record.is_ragged = intake->piece_count != intake->column_count;
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
      const struct piece *piece = is_ragged ? NULL : &intake->pieces[i];
      enum number_kind kind
        = is_ragged ? NUMBER_INVALID
                    : number_parse_field (intake->record.text + piece->start, piece->end - piece->start, number);
      if (kind == NUMBER_INEXACT_INTEGER)
        intake_inexact (intake, piece->start, piece->end - piece->start, *number);
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

/* Reads the wanted numbers of a line without quotes; false where something has to be looked at. */
static bool
read_line (struct intake *intake)
{
  const char *text = intake->record.text;
  size_t size = intake->record.size, at = 0, count = intake->column_count;
  const uint32_t *slots = intake->slots;
  const struct records records = records_of (intake);
  for (size_t i = 0; i < count; i++, at++)
    {
      if (slots[i] == NO_SLOT)
        {
          const char *found = memchr (text + at, records.delimiter, size - at);
          at = found ? (size_t)(found - text) : size;
        }
      else
        {
          while (at < size && records_is_blank (&records, text[at]))
            at++;
          size_t length = number_scan (text + at, size - at, &intake->numbers[slots[i]]);
          at += length;
          while (at < size && records_is_blank (&records, text[at]))
            at++;
          if (!length || (at < size && text[at] != records.delimiter))
            return false;
        }
      if ((at == size) != (i + 1 == count))
        return false;
    }
  return true;
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
  if (!is_split && read_line (intake))
    return INTAKE_RECORD;
  if (!is_split)
    intake_split (intake);
  return read_pieces (intake);
}
