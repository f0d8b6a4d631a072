/* table.c -- tables: lines of fields with commas or tabs between them. */
#include "report/table.h"

#include <math.h>
#include <string.h>

void
table_next (struct table *table)
{
  if (table->begun)
    print_char (table->printer, table->delimiter);
  table->begun = true;
}

void
table_skip (struct table *table, int count)
{
  for (; count > 0; count--)
    table_next (table);
}

void
table_end_line (struct table *table)
{
  print_char (table->printer, '\n');
  table->begun = false;
}

void
table_header (struct table *table, const char *const *names)
{
  for (size_t i = 0; names[i]; i++)
    table_text (table, names[i]);
  table_end_line (table);
}

bool
table_needs_quotes (const struct table *table, const char *text)
{
  return strchr (text, table->delimiter) || strpbrk (text, "\"\r\n");
}

void
table_quoted (struct table *table, const char *text)
{
  for (; *text; text++)
    {
      if (*text == '"')
        print_char (table->printer, '"');
      print_char (table->printer, *text);
    }
}

void
table_text (struct table *table, const char *text)
{
  table_next (table);
  if (text && table_needs_quotes (table, text))
    {
      print_char (table->printer, '"');
      table_quoted (table, text);
      print_char (table->printer, '"');
    }
  else if (text)
    print_text (table->printer, text);
}

void
table_size (struct table *table, size_t number)
{
  table_next (table);
  print_size (table->printer, number);
}

void
table_place (struct table *table, const struct sources *sources, struct span span)
{
  if (!span.start)
    {
      table_skip (table, 3);
      return;
    }
  struct place place = sources_place (sources, span.start);
  table_text (table, place.source->name);
  table_size (table, place.line);
  table_size (table, place.column);
}

void
table_element (struct table *table, enum type type, double element)
{
  table_next (table);
  if (isinf (element))
    print_text (table->printer, element > 0 ? "inf" : "-inf");
  else
    print_element (table->printer, type, element);
}

void
table_position (struct table *table, const struct shape *shape, size_t element)
{
  table_next (table);
  print_position (table->printer, shape, element, "", " ");
}
