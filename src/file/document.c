/* document.c -- a text in JSON, as its numbers are read. They are read here and not by a library, because what Python
   and others write has the bare words NaN and Infinity, which JSON has not, and because a whole number is compared with
   its digits. */
#include "file/document.h"

#include <math.h>
#include <string.h>

#include "base/number.h"

bool
document_fail (const struct document *document, size_t at, const char *what)
{
  struct file_place place = file_place (document->text, at);
  diagnose_data (document->diagnostics, STATUS_WORLD, document->path, place.line, place.column, "%s", what);
  return false;
}

static inline bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
document_skip_blanks (struct document *document)
{
  while (document->at < document->size && is_blank (document->text[document->at]))
    document->at++;
}

bool
document_is_next (const struct document *document, char c)
{
  return document->at < document->size && document->text[document->at] == c;
}

size_t
document_token_end (const char *text, size_t at, size_t size)
{
  const size_t start = at;
  if (at < size && text[at] == '"')
    {
      for (at++; at < size && text[at] != '"'; at++)
        if (text[at] == '\\')
          at++;
      return at < size ? at + 1 : size;
    }
  while (at < size && (!text[at] || !strchr (" \t\r\n,:[]{}\"", text[at])))
    at++;
  return at == start && at < size ? at + 1 : at;
}

/* A message on what is next, as "an array", "the string 'x'", "'x'". */
bool
document_unexpected (const struct document *document, const char *wanted)
{
  char found[EXCERPT_SIZE + 16], excerpt[EXCERPT_SIZE], message[2 * EXCERPT_SIZE + 64];
  const char *token = document->text + document->at;
  size_t size = document_token_end (document->text, document->at, document->size) - document->at;
  if (document->at == document->size)
    snprintf (found, sizeof found, "the end of the file");
  else if (*token == '"' && size > 1 && token[size - 1] == '"')
    snprintf (found, sizeof found, "the string '%s'", file_excerpt (excerpt, token + 1, size - 2));
  else if (*token == '[' || *token == '{')
    snprintf (found, sizeof found, *token == '[' ? "an array" : "an object");
  else
    snprintf (found, sizeof found, "'%s'", file_excerpt (excerpt, token, size));
  snprintf (message, sizeof message, "expected %s, found %s", wanted, found);
  return document_fail (document, document->at, message);
}

/* A description of what belongs where the next value stands: "a number", "an array of 3". */
static const char *
wanted_here (const struct document *document, char words[EXCERPT_SIZE])
{
  int depth = document->depth;
  if (!document->has_rank)
    return "a number or an array";
  if (depth == document->shape.rank)
    return "a number";
  snprintf (words, EXCERPT_SIZE, "an array of %zu", document->shape.extent[depth]);
  return words;
}

static size_t
pass_digits (const char *text, size_t size, size_t at)
{
  while (at < size && text[at] >= '0' && text[at] <= '9')
    at++;
  return at;
}

bool
document_is_number (const char *text, size_t size)
{
  size_t start = size && text[0] == '-', at = pass_digits (text, size, start);
  if (at == start || (at > start + 1 && text[start] == '0'))
    return false;
  if (at < size && text[at] == '.')
    {
      start = at + 1;
      at = pass_digits (text, size, start);
      if (at == start)
        return false;
    }
  if (at < size && (text[at] | 0x20) == 'e')
    {
      at++;
      start = at + (at < size && (text[at] == '-' || text[at] == '+'));
      at = pass_digits (text, size, start);
      if (at == start)
        return false;
    }
  return at == size;
}

bool
document_word (const char *token, size_t size, double *number)
{
  static const struct
  {
    const char *word;
    double number;
  } words[] = { { "NaN", NAN }, { "Infinity", HUGE_VAL }, { "-Infinity", -HUGE_VAL } };
  bool is_quoted = *token == '"';
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    {
      size_t length = strlen (words[i].word);
      if (size == length + 2 * is_quoted && memcmp (token + is_quoted, words[i].word, length) == 0)
        {
          *number = words[i].number;
          return true;
        }
    }
  return false;
}

static void
add_number (struct document *document, double number, size_t size)
{
  document->shape.rank = document->depth;
  document->has_rank = true;
  document->elements[document->count++] = number;
  document->at += size;
}

/* Reads the number that is next if it is as most are; false, and nothing read, if it has to be looked at. */
static bool
read_plain (struct document *document)
{
  const char *token = document->text + document->at;
  size_t left = document->size - document->at;
  double number;
  size_t size = number_scan (token, left, &number);
  bool is_plain = size && size < left && (token[size] == ',' || token[size] == ']' || is_blank (token[size]))
                  && (!document->has_rank || document->depth == document->shape.rank)
                  && document_is_number (token, size);
  if (is_plain)
    add_number (document, number, size);
  return is_plain;
}

/* The number that is next, null where it is missing; false after a message. */
static bool
read_number (struct document *document)
{
  const char *token = document->text + document->at;
  size_t size = document_token_end (document->text, document->at, document->size) - document->at;
  double number = NAN;
  bool is_null = size == 4 && memcmp (token, "null", size) == 0;
  char words[EXCERPT_SIZE], message[EXCERPT_SIZE + 64];
  if (!size || !(is_null || document_word (token, size, &number) || document_is_number (token, size)))
    return document_unexpected (document, wanted_here (document, words));
  if (document->has_rank && document->depth != document->shape.rank)
    {
      snprintf (message, sizeof message, "expected %s, found a number", wanted_here (document, words));
      return document_fail (document, document->at, message);
    }
  if ((*token >= '0' && *token <= '9') || (*token == '-' && token[1] != 'I'))
    switch (number_parse_field (token, size, &number))
      {
      case NUMBER_TOO_LARGE:
        snprintf (message, sizeof message, "'%s' is too large for a double", file_excerpt (words, token, size));
        return document_fail (document, document->at, message);
      case NUMBER_INEXACT_INTEGER:
        if (document->inexact.count++ == 0)
          {
            file_excerpt (document->inexact.written, token, size);
            document->inexact.used = number;
            document->inexact_at = document->at;
          }
        break;
      default:
        break;
      }
  add_number (document, number, size);
  return true;
}

static bool
open_array (struct document *document)
{
  char words[EXCERPT_SIZE];
  if (document->has_rank && document->depth == document->shape.rank)
    return document_unexpected (document, wanted_here (document, words));
  if (document->depth == RANK_LIMIT)
    return document_fail (document, document->at, "arrays are nested more than 8 deep");
  document->start[document->depth] = document->at++;
  document->index[document->depth++] = 0;
  return true;
}

/* Closes the innermost array, which has `size` elements. */
static bool
close_array (struct document *document, size_t size)
{
  int axis = document->depth - 1;
  if (!document->has_rank)
    {
      document->shape.rank = document->depth;
      document->has_rank = true;
    }
  if (document->has_extent[axis] && document->shape.extent[axis] != size)
    {
      char message[128];
      snprintf (message, sizeof message, "this array has %zu element%s, but the first beside it has %zu", size,
                size == 1 ? "" : "s", document->shape.extent[axis]);
      return document_fail (document, document->start[axis], message);
    }
  document->has_extent[axis] = true;
  document->shape.extent[axis] = size;
  document->depth--;
  document->at++;
  return true;
}

/* Reads on after a value, over commas and closing brackets, up to where the next value starts or the file ends. */
static bool
end_value (struct document *document)
{
  while (document->depth > 0)
    {
      document_skip_blanks (document);
      size_t *index = &document->index[document->depth - 1];
      if (document_is_next (document, ','))
        {
          ++*index;
          document->at++;
          return true;
        }
      if (!document_is_next (document, ']'))
        return document_unexpected (document, "',' or ']'");
      if (!close_array (document, *index + 1))
        return false;
    }
  return true;
}

bool
document_value (struct document *document)
{
  document->has_rank = false;
  document->count = 0;
  memset (document->has_extent, 0, sizeof document->has_extent);
  do
    {
      document_skip_blanks (document);
      bool is_array = document_is_next (document, '[');
      if (!(is_array ? open_array (document) : read_plain (document) || read_number (document)))
        return false;
      if (is_array)
        {
          document_skip_blanks (document);
          if (!document_is_next (document, ']'))
            continue;
          if (!close_array (document, 0))
            return false;
        }
      if (!end_value (document))
        return false;
    }
  while (document->depth > 0);
  return true;
}

bool
document_skip (struct document *document)
{
  size_t depth = 0;
  do
    {
      document_skip_blanks (document);
      if (document->at == document->size)
        return document_unexpected (document, "a value");
      char c = document->text[document->at];
      depth += c == '[' || c == '{';
      depth -= depth && (c == ']' || c == '}');
      document->at = document_token_end (document->text, document->at, document->size);
    }
  while (depth > 0);
  return true;
}
