/* keyed.c -- arrays by name, as a file in JSON has them. */
#include "file/keyed.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "file/document.h"

static const char purpose[] = "data";

struct reader
{
  struct document document;
  struct keyed *keyed;
  struct memory *memory;
  const struct keyed_asker *asker;
  /* Of records: the one that is read, from 1, and where it begins. */
  size_t record, record_at;
  /* Of rows beside names: the column of each place, or SIZE_MAX; and where they stand. */
  size_t *places, place_count;
  size_t columns_at, data_at;
};

static bool __attribute__ ((format (printf, 3, 4)))
fail (const struct reader *reader, size_t at, const char *format, ...)
{
  char message[2 * EXCERPT_SIZE + 100];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (message, sizeof message, format, arguments);
  va_end (arguments);
  return document_fail (&reader->document, at, message);
}

/* Writes a character in UTF-8; where its bytes end. */
static char *
put_character (char *to, unsigned long c)
{
  if (c < 0x80)
    *to++ = (char)c;
  else if (c < 0x800)
    {
      *to++ = (char)(0xc0 | c >> 6);
      *to++ = (char)(0x80 | (c & 0x3f));
    }
  else
    {
      if (c >= 0x10000)
        *to++ = (char)(0xf0 | c >> 18);
      *to++ = c >= 0x10000 ? (char)(0x80 | (c >> 12 & 0x3f)) : (char)(0xe0 | c >> 12);
      *to++ = (char)(0x80 | (c >> 6 & 0x3f));
      *to++ = (char)(0x80 | (c & 0x3f));
    }
  return to;
}

/* The four digits of \uXXXX. */
static unsigned long
read_digits (const char *text, const char *end)
{
  unsigned long c = 0;
  for (int i = 0; i < 4 && text < end; i++, text++)
    c = c << 4 | (unsigned long)(*text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10);
  return c & 0xffff;
}

/* The text of a string, without its quotes and escapes. */
static char *
unescape (struct memory *memory, const char *text, size_t size)
{
  char *copy = heap_copy (memory, text, size, purpose), *to = copy;
  for (const char *at = text, *end = text + size; at < end;)
    {
      if (*at != '\\' || at + 1 == end)
        {
          *to++ = *at++;
          continue;
        }
      at += 2;
      if (at[-1] != 'u')
        {
          const char *found = strchr ("b\bf\fn\nr\rt\t", at[-1]);
          *to++ = found ? found[1] : at[-1];
          continue;
        }
      unsigned long c = read_digits (at, end);
      at = end - at > 4 ? at + 4 : end;
      if (c >> 10 == 0xd800 >> 10 && end - at >= 6 && at[0] == '\\' && at[1] == 'u')
        {
          c = 0x10000 + ((c & 0x3ff) << 10) + (read_digits (at + 2, end) & 0x3ff);
          at += 6;
        }
      to = put_character (to, c);
    }
  *to = 0;
  return copy;
}

/* Passes over a character that has to be next. */
static bool
expect (struct reader *reader, char c, const char *wanted)
{
  document_skip_blanks (&reader->document);
  if (!document_is_next (&reader->document, c))
    return document_unexpected (&reader->document, wanted);
  reader->document.at++;
  return true;
}

/* After a member or an element: whether another one follows. *good is false after a message. */
static bool
has_next (struct reader *reader, char close, bool *good)
{
  document_skip_blanks (&reader->document);
  if (document_is_next (&reader->document, ','))
    {
      reader->document.at++;
      document_skip_blanks (&reader->document);
      return true;
    }
  *good = expect (reader, close, close == '}' ? "',' or '}'" : "',' or ']'");
  return false;
}

/* Opens an object or a list; whether something is in it. */
static bool
has_first (struct reader *reader, char close)
{
  reader->document.at++;
  document_skip_blanks (&reader->document);
  if (!document_is_next (&reader->document, close))
    return true;
  reader->document.at++;
  return false;
}

/* A string: its text. NULL after a message. */
static char *
read_string (struct reader *reader, const char *wanted)
{
  struct document *document = &reader->document;
  document_skip_blanks (document);
  size_t start = document->at, end = document_token_end (document->text, document->at, document->size);
  if (!document_is_next (document, '"') || end < start + 2 || document->text[end - 1] != '"')
    {
      document_unexpected (document, wanted);
      return NULL;
    }
  document->at = end;
  return unescape (reader->memory, document->text + start + 1, end - start - 2);
}

static char *
read_key (struct reader *reader)
{
  char *key = read_string (reader, "a key in quotes");
  if (key && expect (reader, ':', "':'"))
    return key;
  heap_give (key);
  return NULL;
}

/* The column of a key, a new one if somebody wants it; SIZE_MAX where nobody does. */
static size_t
column_of (struct reader *reader, const char *key)
{
  struct keyed *keyed = reader->keyed;
  for (size_t i = 0; i < keyed->count; i++)
    if (strcmp (keyed->columns[i].name, key) == 0)
      return i;
  if (!reader->asker->wants (reader->asker->data, key))
    return SIZE_MAX;
  keyed->columns = heap_grow (reader->memory, keyed->columns, keyed->count + 1, sizeof *keyed->columns, purpose);
  keyed->columns[keyed->count]
    = (struct keyed_column){ .name = heap_copy (reader->memory, key, strlen (key), purpose) };
  return keyed->count++;
}

/* Adds the number or array that is next to a column, whose values are all of one shape. */
static bool
add_value (struct reader *reader, struct keyed_column *column)
{
  struct document *document = &reader->document;
  document_skip_blanks (document);
  size_t at = document->at;
  if (!document_value (document))
    return false;
  char shape[SHAPE_TEXT], first[SHAPE_TEXT];
  if (column->values++ == 0)
    column->shape = document->shape;
  else if (!shape_equal (&column->shape, &document->shape))
    return fail (reader, at, "'%.60s' is %s%s here, but %s%s before", column->name,
                 document->shape.rank ? "of shape " : "a number", shape_text (shape, &document->shape),
                 column->shape.rank ? "of shape " : "a number", shape_text (first, &column->shape));
  size_t needed = column->numbers + document->count;
  if (needed > column->room)
    {
      column->room = needed > 2 * column->room ? needed : 2 * column->room;
      column->elements = heap_grow (reader->memory, column->elements, column->room, sizeof (double), purpose);
    }
  if (document->count)
    memcpy (column->elements + column->numbers, document->elements, document->count * sizeof (double));
  column->numbers = needed;
  return true;
}

/* Makes an array of what a column has: of many values, or of a single one. */
static void
end_column (struct keyed_column *column, struct arrays *arrays, bool is_stacked)
{
  struct shape shape = column->shape;
  if (is_stacked)
    shape = shape_join (&(struct shape){ 1, { column->values } }, &column->shape);
  column->array = array_copied (arrays, &shape, column->elements);
  heap_give (column->elements);
  column->elements = NULL;
}

static bool
has_room_for_rows (const struct reader *reader, const struct keyed_column *column)
{
  return column->shape.rank < RANK_LIMIT
         || fail (reader, reader->document.at, "'%.60s' has more than %d axes", column->name, RANK_LIMIT);
}

/* {"0": 1, "1": 2}: a value for each row. */
static bool
read_labelled (struct reader *reader, struct keyed_column *column)
{
  bool good = true;
  if (!has_first (reader, '}'))
    return true;
  do
    {
      char *label = read_key (reader);
      good = label && add_value (reader, column);
      heap_give (label);
    }
  while (good && has_next (reader, '}', &good));
  return good && has_room_for_rows (reader, column);
}

/* A member of the one object: a whole array, or a column by rows. */
static bool
read_member (struct reader *reader, struct arrays *arrays, const char *key, size_t at)
{
  struct document *document = &reader->document;
  size_t i = column_of (reader, key);
  document_skip_blanks (document);
  if (strcmp (key, "columns") == 0)
    reader->columns_at = document->at;
  if (strcmp (key, "data") == 0)
    reader->data_at = document->at;
  if (i == SIZE_MAX)
    return document_skip (document);
  struct keyed_column *column = &reader->keyed->columns[i];
  if (column->array)
    return fail (reader, at, "'%.60s' is there twice", key);
  bool is_labelled = document_is_next (document, '{');
  if (!(is_labelled ? read_labelled (reader, column) : add_value (reader, column)))
    return false;
  end_column (column, arrays, is_labelled);
  return true;
}

static bool
read_object (struct reader *reader, struct arrays *arrays)
{
  bool good = true;
  if (!has_first (reader, '}'))
    return true;
  do
    {
      size_t at = reader->document.at;
      char *key = read_key (reader);
      good = key && read_member (reader, arrays, key, at);
      heap_give (key);
    }
  while (good && has_next (reader, '}', &good));
  return good;
}

/* A record: a value more for each column that the first record had. */
static bool
read_record (struct reader *reader)
{
  struct keyed *keyed = reader->keyed;
  struct document *document = &reader->document;
  bool good = true;
  reader->record++;
  reader->record_at = document->at;
  if (!document_is_next (document, '{'))
    return document_unexpected (document, "a record, which is an object");
  for (bool more = has_first (reader, '}'); more && good; more = good && has_next (reader, '}', &good))
    {
      size_t at = document->at;
      char *key = read_key (reader);
      size_t i = key ? column_of (reader, key) : SIZE_MAX;
      if (!key)
        good = false;
      else if (i == SIZE_MAX)
        good = document_skip (document);
      else if (keyed->columns[i].seen == reader->record)
        good = fail (reader, at, "'%.60s' is there twice", key);
      else if (keyed->columns[i].values + 1 != reader->record)
        good = fail (reader, at, "'%.60s' is here, but not in the records before", key);
      else
        {
          keyed->columns[i].seen = reader->record;
          good = add_value (reader, &keyed->columns[i]);
        }
      heap_give (key);
    }
  for (size_t i = 0; i < keyed->count && good; i++)
    if (keyed->columns[i].seen != reader->record)
      good
        = fail (reader, reader->record_at, "this record has no '%.60s', which the first has", keyed->columns[i].name);
  return good;
}

/* The end of records: each column has a row for each. */
static bool
end_records (struct reader *reader, struct arrays *arrays)
{
  for (size_t i = 0; i < reader->keyed->count; i++)
    {
      if (!has_room_for_rows (reader, &reader->keyed->columns[i]))
        return false;
      end_column (&reader->keyed->columns[i], arrays, true);
    }
  return true;
}

static bool
read_records (struct reader *reader, struct arrays *arrays)
{
  struct document *document = &reader->document;
  bool good = true;
  if (!has_first (reader, ']'))
    return true;
  if (!document_is_next (document, '{'))
    return document_unexpected (document, "a record, which is an object (-D NAME=@FILE reads an array)");
  do
    good = read_record (reader);
  while (good && has_next (reader, ']', &good));
  return good && end_records (reader, arrays);
}

/* Records one after the other, the first of which is next. */
static bool
read_lines (struct reader *reader, struct arrays *arrays)
{
  struct document *document = &reader->document;
  for (document_skip_blanks (document); document->at < document->size; document_skip_blanks (document))
    if (!read_record (reader))
      return false;
  return end_records (reader, arrays);
}

/* Whether a second object follows the one that is next. */
static bool
is_followed (const struct reader *reader)
{
  struct reader copy = *reader;
  copy.document.diagnostics = &(struct diagnostics){ .mute = true, .sources = reader->document.diagnostics->sources };
  if (!document_skip (&copy.document))
    return false;
  document_skip_blanks (&copy.document);
  return document_is_next (&copy.document, '{');
}

/* ["x", "y"]: the columns of the places in a row. */
static bool
read_places (struct reader *reader)
{
  bool good = true;
  reader->document.at = reader->columns_at;
  if (!document_is_next (&reader->document, '['))
    return document_unexpected (&reader->document, "a list of names");
  for (bool more = has_first (reader, ']'); more && good; more = good && has_next (reader, ']', &good))
    {
      document_skip_blanks (&reader->document);
      size_t at = reader->document.at, column = SIZE_MAX;
      if (document_is_next (&reader->document, '"'))
        {
          char *name = read_string (reader, "a name");
          column = name ? column_of (reader, name) : SIZE_MAX;
          heap_give (name);
        }
      else
        good = document_skip (&reader->document);
      for (size_t i = 0; i < reader->place_count && column != SIZE_MAX; i++)
        if (reader->places[i] == column)
          good = fail (reader, at, "'%.60s' is there twice", reader->keyed->columns[column].name);
      reader->places
        = heap_grow (reader->memory, reader->places, reader->place_count + 1, sizeof *reader->places, purpose);
      reader->places[reader->place_count++] = column;
    }
  return good;
}

static bool
read_row (struct reader *reader)
{
  struct document *document = &reader->document;
  size_t start = document->at, at = 0;
  bool good = true;
  if (!document_is_next (document, '['))
    return document_unexpected (document, "a row, which is a list");
  for (bool more = has_first (reader, ']'); more && good; more = good && has_next (reader, ']', &good), at++)
    {
      size_t column = at < reader->place_count ? reader->places[at] : SIZE_MAX;
      good = column == SIZE_MAX ? document_skip (document) : add_value (reader, &reader->keyed->columns[column]);
    }
  if (good && at != reader->place_count)
    return fail (reader, start, "this row has %zu element%s, but there are %zu columns", at, at == 1 ? "" : "s",
                 reader->place_count);
  return good;
}

/* {"columns": [...], "data": [[...], ...]}, which was passed over. */
static bool
read_split (struct reader *reader, struct arrays *arrays)
{
  size_t end = reader->document.at;
  bool good = read_places (reader);
  reader->document.at = reader->data_at;
  if (good && !document_is_next (&reader->document, '['))
    good = document_unexpected (&reader->document, "a list of rows");
  for (bool more = good && has_first (reader, ']'); more && good; more = good && has_next (reader, ']', &good))
    {
      document_skip_blanks (&reader->document);
      good = read_row (reader);
    }
  reader->document.at = end;
  heap_give (reader->places);
  return good && end_records (reader, arrays);
}

static bool
read_text (struct reader *reader, struct arrays *arrays)
{
  struct document *document = &reader->document;
  if (document_is_next (document, '['))
    return read_records (reader, arrays);
  if (!document_is_next (document, '{'))
    return document_unexpected (document, "an object with names, or a list of records");
  if (reader->asker->lines || is_followed (reader))
    return read_lines (reader, arrays);
  return read_object (reader, arrays)
         && (reader->keyed->count || !reader->columns_at || !reader->data_at || read_split (reader, arrays));
}

bool
keyed_read (struct keyed *keyed, struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
            const char *text, size_t size, const struct keyed_asker *asker)
{
  struct reader reader
    = { .document
        = { .diagnostics = diagnostics, .path = path, .text = text, .size = size, .at = file_mark (text, size) },
        .keyed = keyed,
        .memory = arrays->memory,
        .asker = asker };
  struct document *document = &reader.document;
  *keyed = (struct keyed){ 0 };
  document_skip_blanks (document);
  if (document->at == size)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the file is empty");
      return false;
    }
  /* A comma comes after each element but the last. */
  struct array *room = array_vector (arrays, 1 + file_count (text, size, ','));
  document->elements = room->elements;
  bool good = read_text (&reader, arrays);
  document_skip_blanks (document);
  if (good && document->at < size)
    good = document_unexpected (document, "the end of the file");
  array_drop (arrays, room);
  if (good)
    inexact_say (&document->inexact, diagnostics, path, file_place (text, document->inexact_at), "");
  return good;
}

void
keyed_close (struct keyed *keyed, struct arrays *arrays)
{
  for (size_t i = 0; i < keyed->count; i++)
    {
      array_drop (arrays, keyed->columns[i].array);
      heap_give (keyed->columns[i].elements);
      heap_give (keyed->columns[i].name);
    }
  heap_give (keyed->columns);
  *keyed = (struct keyed){ 0 };
}
