/* intake_json.c -- records of JSON Lines: an object a line, whose keys are the columns. */
#include "rows/json_line.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "file/document.h"

#define TWICE "this object has the key '%s' twice"

/* The name of a column in a message. */
static const char *
called (char text[EXCERPT_SIZE], const struct intake *intake, size_t column)
{
  return file_excerpt (text, intake->columns[column].name, intake->columns[column].size);
}

/* Reads one number of a column. Of what is none the trouble is told, unless it is to be NaN. */
static bool
read_number (struct json_line *line, size_t column, double *number)
{
  struct intake *intake = line->intake;
  const char *token = line->text + line->at;
  size_t size = json_line_token (line) - line->at;
  char text[EXCERPT_SIZE], name[EXCERPT_SIZE];
  bool is_quoted = *token == '"', is_numeric = document_is_number (token, size);
  enum number_kind kind = NUMBER_EXACT;
  if (is_numeric)
    kind = number_parse_field (token, size, number);
  if (kind == NUMBER_INEXACT_INTEGER)
    intake_inexact (intake, line->at, size, *number);
  if ((is_numeric && kind != NUMBER_TOO_LARGE) || document_word (token, size, number))
    {
      line->at += size;
      return true;
    }
  bool is_simple = line->at < line->size && json_line_is_value (token, size);
  if (intake->bad_is_nan && is_simple)
    {
      intake->bad++;
      *number = NAN;
      line->at += size;
      return true;
    }
  if (!is_simple)
    return json_line_unexpected (line, "a number");
  intake_trouble (intake, line->at, "column '%s': '%s' is %s", called (name, intake, column),
                  file_excerpt (text, token + is_quoted, size - 2 * is_quoted),
                  is_numeric ? "too large for a double" : "not a number");
  return false;
}

/* An array of another shape than the first record has there. */
static bool
misfit (struct json_line *line, size_t at, size_t column)
{
  char text[SHAPE_TEXT], name[EXCERPT_SIZE];
  const struct shape *shape = &line->intake->columns[column].shape;
  intake_trouble (line->intake, at, "column '%s': expected %s%s%s as in the first record",
                  called (name, line->intake, column), shape->rank ? "an array of " : "a number",
                  shape_text (text, shape), shape->rank ? "," : ",");
  return false;
}

/* Reads the numbers of a column, which has its shape. */
static bool
read_column (struct json_line *line, size_t column, double *numbers)
{
  const struct shape *shape = &line->intake->columns[column].shape;
  size_t index[RANK_LIMIT], start = line->at;
  int depth = 0;
  for (;;)
    {
      bool opens = json_line_peek (line) == '[';
      if (opens != (depth < shape->rank))
        return misfit (line, start, column);
      if (opens)
        {
          line->at++;
          index[depth] = 0;
          if (shape->extent[depth++])
            continue;
          if (!json_line_take (line, ']'))
            return misfit (line, start, column);
          depth--;
        }
      else if (!read_number (line, column, numbers++))
        return false;
      for (; depth; depth--)
        {
          bool goes_on = json_line_take (line, ',');
          if (goes_on != (++index[depth - 1] < shape->extent[depth - 1]))
            return misfit (line, start, column);
          if (goes_on)
            break;
          if (!json_line_take (line, ']'))
            return json_line_unexpected (line, "',' or ']'");
        }
      if (!depth)
        return true;
    }
}

/* The shape of the value that is next, as far as its first elements show it; of what is no array none. */
static struct shape
shape_of (struct json_line line)
{
  struct shape shape = { .rank = 0 };
  struct json_line first = line;
  while (shape.rank < RANK_LIMIT && json_line_take (&first, '['))
    {
      struct json_line element = first;
      size_t count = 0;
      if (json_line_peek (&element) != ']')
        do
          count++;
        while (json_line_pass_value (&element) && json_line_take (&element, ','));
      shape.extent[shape.rank++] = count;
    }
  return shape;
}

/* The column that a key names, or the count of columns. The next one is likely to be that behind the last. */
static size_t
column_of (struct intake *intake, const char *name, size_t size)
{
  size_t count = intake->column_count;
  for (size_t i = 0, at = intake->next_column; i < count; i++, at++)
    {
      at = at < count ? at : 0;
      if (intake->columns[at].size == size && memcmp (intake->columns[at].name, name, size) == 0)
        {
          intake->next_column = at + 1;
          return at;
        }
    }
  return count;
}

/* Reads the key that is next, and gives its column; of the first record it becomes one. */
static bool
read_key (struct json_line *line, bool is_first, size_t *column)
{
  struct intake *intake = line->intake;
  json_line_blanks (line);
  const char *text = line->text + line->at;
  size_t start = line->at;
  if (!json_line_pass_key (line))
    return false;
  struct json_line key = { intake, line->text, line->size, start };
  size_t size = json_line_token (&key) - start;
  bool has_escapes = memchr (text, '\\', size);
  char *plain = has_escapes ? heap_take (intake->memory, size, 1, "a record") : NULL;
  size_t length = has_escapes ? json_line_plain (plain, text, size) : size - 2;
  const char *name = has_escapes ? plain : text + 1;
  *column = column_of (intake, name, length);
  bool is_new = *column == intake->column_count;
  if (is_first && is_new)
    {
      intake_add_column (intake, name, length);
      intake->columns[*column].shape = shape_of (*line);
      intake->next_column = *column + 1;
    }
  heap_give (plain);
  if (!is_first || is_new)
    return true;
  char text_of[EXCERPT_SIZE];
  intake_trouble (intake, start, TWICE, called (text_of, intake, *column));
  return false;
}

/* Where the value of a column stands, whatever it is. */
static void
keep_field (struct intake *intake, size_t column, size_t start, size_t end)
{
  intake->fields[column] = (struct field){ .start = start, .end = end, .is_quoted = intake->record.text[start] == '"' };
}

/* Reads the object of the line at hand: its keys, or the numbers of its columns. */
static bool
read_object (struct intake *intake, bool is_first, size_t *found)
{
  struct json_line line = { intake, intake->record.text, intake->record.size, 0 };
  *found = 0;
  intake->next_column = 0;
  if (intake->keeps_fields && !is_first)
    {
      intake->field_count = intake->column_count;
      intake->fields
        = heap_grow (intake->memory, intake->fields, intake->column_count + 1, sizeof *intake->fields, "a record");
      memset (intake->fields, 0, intake->column_count * sizeof *intake->fields);
    }
  if (!json_line_take (&line, '{'))
    return json_line_unexpected (&line, json_line_peek (&line) != '['
                                          ? "an object on a line"
                                          : "an object on a line, as jq -c '.[]' makes of an array");
  if (!json_line_peek (&line))
    {
      intake_trouble (intake, line.at - 1, "this object goes on behind its line; jq -c makes one line of each");
      return false;
    }
  bool is_empty = json_line_take (&line, '}');
  for (bool goes_on = !is_empty; goes_on; goes_on = json_line_take (&line, ','))
    {
      json_line_blanks (&line);
      char name[EXCERPT_SIZE];
      size_t column, start = line.at;
      if (!read_key (&line, is_first, &column))
        return false;
      bool is_wanted = !is_first && column < intake->column_count && intake->slots[column] != NO_SLOT;
      if (is_wanted && intake->seen[column] == intake->record.number)
        {
          intake_trouble (intake, start, TWICE, called (name, intake, column));
          return false;
        }
      if (is_wanted)
        intake->seen[column] = intake->record.number;
      json_line_blanks (&line);
      size_t value = line.at;
      if (!(is_wanted ? read_column (&line, column, intake->numbers + intake->slots[column])
                      : json_line_pass_value (&line)))
        return false;
      *found += is_wanted;
      if (intake->keeps_fields && column < intake->column_count && !is_first)
        keep_field (intake, column, value, line.at);
    }
  if (!is_empty && !json_line_take (&line, '}'))
    return json_line_unexpected (&line, "',' or '}'");
  return !json_line_peek (&line) || json_line_unexpected (&line, "the end of the line");
}

enum intake_result
intake_json_header (struct intake *intake)
{
  size_t found;
  struct feed *feed = &intake->feed;
  if (!intake_line (intake))
    {
      if (!feed->error)
        return INTAKE_END;
      snprintf (intake->trouble.text, sizeof intake->trouble.text, "cannot read: %s", strerror (feed->error));
      return INTAKE_BROKEN;
    }
  intake->first_line = intake->record.line;
  if (!read_object (intake, true, &found))
    return INTAKE_BROKEN;
  /* It is a record too, and read once more. */
  feed->start -= (size_t)(feed_text (feed) - intake->record.text);
  intake->line = intake->record.line;
  intake->record.number = 0;
  return INTAKE_RECORD;
}

/* The number of columns that are wanted. */
static size_t
count_wanted (const struct intake *intake)
{
  size_t count = 0;
  for (size_t i = 0; i < intake->column_count; i++)
    count += intake->slots[i] != NO_SLOT;
  return count;
}

/* Names the first column that the object at hand lacks. */
static void
say_missing (struct intake *intake)
{
  char name[EXCERPT_SIZE];
  size_t column = 0;
  while (intake->slots[column] == NO_SLOT || intake->seen[column] == intake->record.number)
    column++;
  intake_trouble (intake, 0, "this object has no key '%s'", called (name, intake, column));
}

enum intake_result
intake_json_next (struct intake *intake)
{
  size_t found;
  if (!intake->seen)
    {
      intake->seen = heap_take_zeroed (intake->memory, intake->column_count, sizeof *intake->seen, "the columns");
      intake->wanted = count_wanted (intake);
    }
  if (!intake_line (intake))
    return INTAKE_END;
  bool is_good = read_object (intake, false, &found);
  if (is_good && found == intake->wanted)
    return INTAKE_RECORD;
  if (is_good)
    say_missing (intake);
  if (!intake->bad_is_nan)
    return INTAKE_BAD;
  for (size_t i = 0; i < intake->column_count; i++)
    {
      size_t size = shape_size (&intake->columns[i].shape);
      for (size_t k = 0; intake->slots[i] != NO_SLOT && k < size; k++)
        intake->numbers[intake->slots[i] + k] = NAN;
    }
  intake->bad++;
  return INTAKE_RECORD;
}
