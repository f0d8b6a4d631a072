/* intake.c -- the records of a file, one after the other. */
#include "rows/intake.h"

#include <stdarg.h>
#include <string.h>

#include "base/heap.h"

void
intake_trouble (struct intake *intake, size_t at, const char *format, ...)
{
  struct file_place place = file_place (intake->record.text, at);
  intake->trouble.line = intake->record.line + place.line - 1;
  intake->trouble.column = place.column;
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (intake->trouble.text, sizeof intake->trouble.text, format, arguments);
  va_end (arguments);
}

void
intake_inexact (struct intake *intake, size_t at, size_t size, double used)
{
  if (intake->inexact.count++)
    return;
  file_excerpt (intake->inexact.written, intake->record.text + at, size);
  intake->inexact.used = used;
  intake->inexact_place = file_place (intake->record.text, at);
  intake->inexact_place.line += intake->record.line - 1;
}

void
intake_add_column (struct intake *intake, const char *name, size_t size)
{
  intake->columns = heap_grow (intake->memory, intake->columns, intake->column_count + 1, sizeof *intake->columns,
                               "the names of columns");
  intake->columns[intake->column_count++]
    = (struct column){ heap_copy (intake->memory, name, size, "the names of columns"), size, { .rank = 0 } };
}

const char *
intake_names (char text[COLUMNS_TEXT], const struct intake *intake)
{
  size_t used = 0;
  *text = 0;
  for (size_t i = 0; i < intake->column_count && i < COLUMNS_SHOWN; i++)
    {
      char excerpt[EXCERPT_SIZE];
      file_excerpt (excerpt, intake->columns[i].name, intake->columns[i].size);
      used += (size_t)sprintf (text + used, "%s%s", i ? ", " : "", excerpt);
    }
  if (intake->column_count > COLUMNS_SHOWN)
    strcpy (text + used, ", ...");
  return text;
}

bool
intake_line_end (struct intake *intake, size_t from, size_t *end, size_t *next)
{
  struct feed *feed = &intake->feed;
  for (size_t scanned = from;;)
    {
      const char *text = feed_text (feed);
      size_t size = feed_size (feed);
      const char *found = memchr (text + scanned, '\n', size - scanned);
      size_t limit = found ? (size_t)(found - text) : size;
      const char *carriage = memchr (text + scanned, '\r', limit - scanned);
      if (carriage && ((size_t)(carriage - text) + 1 < size || feed->is_ended))
        {
          /* Alone it ends a line too. */
          *end = (size_t)(carriage - text);
          *next = *end + 1 + (*end + 1 < size && text[*end + 1] == '\n');
          return true;
        }
      if (found)
        {
          *end = limit;
          *next = limit + 1;
          return true;
        }
      scanned = carriage ? (size_t)(carriage - text) : size;
      if (!feed_more (feed) && !carriage)
        {
          *end = *next = size;
          return size > from;
        }
    }
}

static bool
is_blank (const struct intake *intake, const char *text, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if ((text[i] != ' ' && text[i] != '\t') || text[i] == intake->delimiter)
      return false;
  return true;
}

bool
intake_line (struct intake *intake)
{
  size_t end, next;
  while (intake_line_end (intake, 0, &end, &next))
    {
      const char *text = feed_text (&intake->feed);
      size_t line = intake->line++;
      intake->feed.start += next;
      if (!is_blank (intake, text, end))
        {
          size_t number = intake->record.number + 1;
          intake->record = (struct record){ .number = number, .line = line, .text = text, .size = end };
          return true;
        }
      if (!intake->blank_line)
        intake->blank_line = line;
    }
  return false;
}
