/* row_fields.c -- the fields of a record as they stood, before its results. */
#include "rows/json_line.h"
#include "rows/row_writer.h"

#include <string.h>

#include "file/document.h"

/* A field's character, within quotes of a table; `"` is written twice. */
static void
print_quoted (struct table *table, const char *text, size_t size)
{
  for (const char *end = text + size, *quote; text < end; text = quote)
    {
      quote = memchr (text, '"', (size_t)(end - text));
      quote = quote ? quote + 1 : end;
      print_bytes (table->printer, text, (size_t)(quote - text));
      if (quote[-1] == '"')
        print_char (table->printer, '"');
    }
}

/* A text as the next field. */
static void
print_field (struct table *table, const char *text, size_t size)
{
  table_next (table);
  bool has_to = memchr (text, table->delimiter, size) || memchr (text, '"', size) || memchr (text, '\n', size)
                || memchr (text, '\r', size);
  if (has_to)
    print_char (table->printer, '"');
  if (has_to)
    print_quoted (table, text, size);
  else if (size)
    print_bytes (table->printer, text, size);
  if (has_to)
    print_char (table->printer, '"');
}

void
row_fields_names (struct table *table, const struct intake *intake)
{
  for (size_t i = 0; i < intake->column_count; i++)
    {
      const struct column *column = &intake->columns[i];
      size_t size = shape_size (&column->shape);
      for (size_t k = 0; k < size; k++)
        {
          print_field (table, column->name, column->size);
          print_position (table->printer, &column->shape, k, ".", ".");
        }
    }
}

/* A value of JSON as a field: a string without its quotes, null as an empty one. */
static void
print_json_value (struct table *table, const char *text, size_t size)
{
  bool is_string = size > 1 && *text == '"';
  if (size == 4 && memcmp (text, "null", 4) == 0)
    size = 0;
  if (is_string && !memchr (text, '\\', size))
    print_field (table, text + 1, size - 2);
  else
    print_field (table, text, size);
}

/* An array of JSON as fields, one for each element; as many as the first record has. */
static void
print_elements (struct table *table, const char *text, size_t size, size_t count)
{
  size_t at = 0, printed = 0;
  while (at < size && printed < count)
    {
      size_t start = at += strspn (text + at, "[], \t");
      at += strcspn (text + at, "[], \t");
      if (at > size)
        break;
      print_json_value (table, text + start, at - start);
      printed++;
    }
  table_skip (table, (int)(count - printed));
}

/* The fields of an object, in the order of the columns. */
static void
print_json (struct table *table, const struct intake *intake)
{
  for (size_t i = 0; i < intake->column_count; i++)
    {
      const struct shape *shape = &intake->columns[i].shape;
      const char *text = intake->record.text + intake->fields[i].start;
      size_t size = intake->fields[i].end - intake->fields[i].start;
      if (shape->rank)
        print_elements (table, text, size, shape_size (shape));
      else
        print_json_value (table, text, size);
    }
}

void
row_fields_table (struct table *table, struct intake *intake)
{
  const char *text = intake->record.text;
  if (intake->format == FILE_JSON)
    {
      print_json (table, intake);
      return;
    }
  if (intake->delimiter == table->delimiter && !intake->record.is_ragged)
    {
      table_next (table);
      if (intake->record.size)
        print_bytes (table->printer, text, intake->record.size);
      return;
    }
  intake_split (intake);
  for (size_t i = 0; i < intake->column_count; i++)
    {
      const struct field *field = &intake->fields[i];
      size_t size = field->end - field->start;
      if (i >= intake->field_count)
        table_next (table);
      else if (!field->is_quoted)
        print_field (table, text + field->start, size);
      else
        {
          /* Its quotes are doubled already. */
          table_next (table);
          print_char (table->printer, '"');
          print_bytes (table->printer, text + field->start, size);
          print_char (table->printer, '"');
        }
    }
}

/* A field as a value of JSON: a number where it is written as one. */
static void
print_json_field (struct printer *printer, const char *text, const struct field *field)
{
  size_t size = field->end - field->start;
  if (document_is_number (text + field->start, size))
    print_bytes (printer, text + field->start, size);
  else
    print_json_field_text (printer, text + field->start, size, field->is_quoted);
}

void
row_fields_object (struct printer *printer, struct intake *intake)
{
  if (intake->format == FILE_JSON)
    {
      print_bytes (printer, intake->record.text, intake->record.size);
      return;
    }
  intake_split (intake);
  print_char (printer, '{');
  for (size_t i = 0; i < intake->column_count; i++)
    {
      print_json_field_text (printer, intake->columns[i].name, intake->columns[i].size, false);
      print_char (printer, ':');
      if (i < intake->field_count)
        print_json_field (printer, intake->record.text, &intake->fields[i]);
      else
        print_text (printer, "null");
      if (i + 1 < intake->column_count)
        print_char (printer, ',');
    }
  print_char (printer, '}');
}
