/* intake_open.c -- a file of records, by its format. */
#include "rows/intake.h"

#include <string.h>

#include "base/heap.h"

enum intake_result
intake_open (struct intake *intake, struct memory *memory, int file, const char *given)
{
  intake->memory = memory;
  intake->line = 1;
  feed_open (&intake->feed, memory, file);
  feed_more (&intake->feed);
  const char *text = feed_text (&intake->feed);
  size_t size = feed_size (&intake->feed);
  const char *kind = file_binary (text, size);
  if (size && file_is_utf16 (text, size))
    kind = "UTF-16; UTF-8 is needed";
  if (kind && intake->format != FILE_JSON)
    {
      snprintf (intake->trouble.text, sizeof intake->trouble.text, "this is %s%s", kind,
                file_is_utf16 (text, size) ? "" : ", not a table of records");
      return INTAKE_BROKEN;
    }
  intake->feed.start += file_mark (text, size);
  return intake->format == FILE_JSON ? intake_json_header (intake) : intake_table_header (intake, given);
}

void
intake_close (struct intake *intake)
{
  feed_close (&intake->feed);
  for (size_t i = 0; i < intake->column_count; i++)
    heap_give ((char *)intake->columns[i].name);
  heap_give (intake->columns);
  heap_give (intake->slots);
  heap_give (intake->numbers);
  heap_give (intake->fields);
  heap_give (intake->seen);
  *intake = (struct intake){ .feed.file = -1 };
}

enum intake_result
intake_next (struct intake *intake)
{
  enum intake_result result = intake->format == FILE_JSON ? intake_json_next (intake) : intake_table_next (intake);
  if (result != INTAKE_END || !intake->feed.error)
    return result;
  intake->trouble.line = intake->trouble.column = 0;
  snprintf (intake->trouble.text, sizeof intake->trouble.text, "cannot read: %s", strerror (intake->feed.error));
  return INTAKE_BROKEN;
}
