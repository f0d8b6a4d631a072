/* header.c -- whether the first record of a table names its columns. */
#include "file/header.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

/* The words that other programs write for a missing number, and for truth. NaN is a number. */
static const char *const values[]
  = { "na", "n/a", "#n/a", "<na>", "null", "nil", "none", "nat", "\\n", "true", "false" };

/* The minus of typography, and the signs of currencies, as they stand before a number. */
static const char *const signs[] = { "+", "-", "\u2212", "\u2013", "$", "\u20ac", "\u00a3", "\u00a5", "(", "." };

/* Digits after signs, or C's `nan(ind)`. */
static bool
begins_as_number (const char *text, size_t size)
{
  for (size_t at = 0; at < size;)
    {
      if ((text[at] >= '0' && text[at] <= '9') || (size - at >= 4 && strncasecmp (text + at, "nan(", 4) == 0))
        return true;
      size_t passed = 0;
      for (size_t i = 0; i < sizeof signs / sizeof *signs && !passed; i++)
        if (strlen (signs[i]) <= size - at && memcmp (text + at, signs[i], strlen (signs[i])) == 0)
          passed = strlen (signs[i]);
      while (at + passed < size && passed && text[at + passed] == ' ')
        passed++;
      if (!passed)
        return false;
      at += passed;
    }
  return false;
}

bool
header_is_name (const char *text, size_t size)
{
  while (size && (text[0] == ' ' || text[0] == '\t'))
    text++, size--;
  while (size && (text[size - 1] == ' ' || text[size - 1] == '\t'))
    size--;
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (size == strlen (values[i]) && strncasecmp (text, values[i], size) == 0)
      return false;
  bool has_letter = false;
  for (size_t i = 0; i < size; i++)
    {
      unsigned char c = (unsigned char)text[i];
      has_letter |= c >= 0x80 || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
  return has_letter && !begins_as_number (text, size);
}

struct header
header_find (const struct records *records, size_t first)
{
  const size_t none = SIZE_MAX;
  struct header header = { .counts = true };
  size_t first_misfit = none, first_text = none;
  struct field field = { .next = first };
  do
    {
      field = records_field (records, field.next);
      const char *text = records->text + field.start;
      size_t size = field.end - field.start, column = header.columns++;
      double number;
      char digits[24];
      int length = snprintf (digits, sizeof digits, "%zu", column);
      bool is_number = number_read_field (text, size, &number);
      header.counts &= size == (size_t)length && memcmp (text, digits, size) == 0;
      header.has_numbers |= is_number;
      header.is_unnamed |= column == 0 && size == 0;
      if (!is_number && size > 0 && first_text == none)
        first_text = column;
      bool may_be_empty = column == 0 && size == 0 && !field.is_last;
      if (!is_number && !may_be_empty && !header_is_name (text, size) && first_misfit == none)
        first_misfit = column;
    }
  while (!field.is_last);
  header.counts &= header.columns > 1;
  if (first_text == none)
    return header;
  header.kind = header.has_numbers || first_misfit != none ? HEADER_BROKEN : HEADER_NAMES;
  header.misfit = header.has_numbers ? first_text : first_misfit;
  return header;
}
