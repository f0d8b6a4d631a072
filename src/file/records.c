/* records.c -- the records of a table as they stand in its text. */
#include "file/records.h"

#include <string.h>

#include "base/number.h"
#include "file/header.h"

const char records_separators[] = ";\t|, ";

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

/* Where the field ends that `at` is in, quotes left aside. */
static inline size_t
field_end (const struct records *records, size_t at)
{
  const char *text = records->text;
  if (records->is_one)
    {
      const char *found = memchr (text + at, records->delimiter, records->size - at);
      return found ? (size_t)(found - text) : records->size;
    }
  while (at < records->size && text[at] != records->delimiter && !records_ends_line (text[at]))
    at++;
  return at;
}

struct field
records_field (const struct records *records, size_t at)
{
  const char *text = records->text;
  size_t size = records->size;
  while (at < size && records_is_blank (records, text[at]))
    at++;
  struct field field = { .start = at, .is_quoted = at < size && text[at] == '"' };
  if (field.is_quoted)
    {
      field.start = at + 1;
      field.end = closing_quote (text, size, at + 1);
      field.fault = field.end == size ? FIELD_OPEN : FIELD_GOOD;
      field.fault_at = at;
      at = field.end + (field.end < size);
      while (at < size && records_is_blank (records, text[at]))
        at++;
    }
  size_t end = field_end (records, at);
  const char *misplaced = field.is_quoted ? text + at : memchr (text + at, '"', end - at);
  if (at < end && misplaced)
    {
      field.fault = FIELD_MISQUOTED;
      field.fault_at = (size_t)(misplaced - text);
    }
  at = end;
  if (!field.is_quoted)
    for (field.end = at; field.end > field.start && records_is_blank (records, text[field.end - 1]);)
      field.end--;
  field.is_last = at >= size || records_ends_line (text[at]);
  field.next = at + !field.is_last;
  return field;
}

struct field
records_find (const struct records *records, size_t record, size_t index)
{
  struct field field = records_field (records, record);
  for (; index > 0 && !field.is_last; index--)
    field = records_field (records, field.next);
  return field;
}

/* Reads the field at `*start`, a number of which nothing has to be said, and moves there to its end, the blanks behind
   it passed. False for any other. */
static bool
read_plain (const struct records *records, size_t *start, double *number)
{
  const char *text = records->text;
  size_t size = records->size, at = *start;
  while (at < size && records_is_blank (records, text[at]))
    at++;
  size_t end = at + number_scan (text + at, size - at, number);
  bool is_ordinary = end > at;
  while (end < size && records_is_blank (records, text[end]))
    end++;
  *start = end;
  if (is_ordinary && (end == size || text[end] == records->delimiter || records_ends_line (text[end])))
    return true;
  *start = field_end (records, end);
  enum number_kind kind = number_parse_field (text + at, *start - at, number);
  return kind == NUMBER_EXACT || kind == NUMBER_TOO_SMALL;
}

size_t
records_numbers (const struct records *records, size_t at, size_t count, const uint32_t *slots, double *numbers)
{
  const char *text = records->text;
  size_t size = records->size;
  for (size_t i = 0; i < count; i++, at++)
    {
      if (slots && slots[i] == NO_SLOT)
        at = field_end (records, at);
      else if (!read_plain (records, &at, &numbers[slots ? slots[i] : i]))
        return 0;
      bool is_last = at == size || text[at] != records->delimiter;
      if (is_last != (i + 1 == count))
        return 0;
    }
  return records_line_end (records, at - 1);
}

size_t
records_line_end (const struct records *records, size_t at)
{
  const char *text = records->text;
  size_t size = records->size;
  while (at < size && !records_ends_line (text[at]))
    at++;
  at += at + 1 < size && text[at] == '\r' && text[at + 1] == '\n';
  return at + (at < size);
}

const char *
records_excerpt (char excerpt[EXCERPT_SIZE], const struct records *records, struct field field)
{
  return file_excerpt (excerpt, records->text + field.start, field.end - field.start);
}

size_t
records_skip_blank_lines (const struct records *records, size_t at)
{
  for (size_t i = at; i < records->size; i++)
    if (records_ends_line (records->text[i]))
      at = i + 1;
    else if (!records_is_blank (records, records->text[i]))
      return at;
  return records->size;
}

/* Whether a separator cuts the text into two or more pieces that could each be a field. Blanks may be doubled. */
static bool
cuts (const char *text, size_t size, char separator, bool names)
{
  size_t pieces = 0;
  for (size_t at = 0; at <= size; pieces++)
    {
      while (separator == ' ' && at < size && text[at] == ' ')
        at++;
      const char *found = memchr (text + at, separator, size - at);
      size_t end = found ? (size_t)(found - text) : size;
      double number;
      if (!number_read_field (text + at, end - at, &number) && !(names && header_is_name (text + at, end - at)))
        return false;
      at = end + 1;
    }
  return pieces > 1;
}

char
records_separator_within (const struct records *records, struct field field, bool names)
{
  for (const char *separator = records_separators; *separator; separator++)
    if (*separator != records->delimiter
        && cuts (records->text + field.start, field.end - field.start, *separator, names && *separator != ' '))
      return *separator;
  return 0;
}

const char *
records_separator_words (char words[SEPARATOR_WORDS], char separator)
{
  if (separator == '\t' || separator == ' ')
    return separator == ' ' ? "a blank" : "a tab";
  snprintf (words, SEPARATOR_WORDS, "'%c'", separator);
  return words;
}

const char *
records_guess (char guess[GUESS_SIZE], char separator)
{
  char words[SEPARATOR_WORDS];
  *guess = 0;
  if (separator)
    snprintf (guess, GUESS_SIZE, "; is %s between the fields?", records_separator_words (words, separator));
  return guess;
}

const char *
records_quote_fault (enum field_fault fault)
{
  return fault == FIELD_OPEN ? "this quote is never closed"
                             : "a quote can only stand around a whole field, or doubled within one";
}

const char *
records_fault (char fault[FAULT_SIZE], const struct records *records, struct field field)
{
  char text[EXCERPT_SIZE];
  double number;
  if (field.start == field.end)
    return strcpy (fault, "the field is empty");
  bool is_number = number_read_field (records->text + field.start, field.end - field.start, &number);
  snprintf (fault, FAULT_SIZE, "'%s' is %s", records_excerpt (text, records, field),
            is_number ? "too large for a double" : "not a number");
  return fault;
}
