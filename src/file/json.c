/* json.c -- what a file in JSON holds: one array, or arrays by name. */
#include "file/file.h"

#include <string.h>

#include "file/document.h"

struct array *
file_read_json (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, const char *text, size_t size)
{
  struct document document
    = { .diagnostics = diagnostics, .path = path, .text = text, .size = size, .at = file_mark (text, size) };
  document_skip_blanks (&document);
  if (document.at == size)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "the file is empty");
      return NULL;
    }
  /* A comma comes after each element but the last. */
  struct array *array = array_vector (arrays, 1 + file_count (text, size, ','));
  document.elements = array->elements;
  bool is_good = document_value (&document);
  document_skip_blanks (&document);
  if (!is_good || (document.at < size && !document_unexpected (&document, "the end of the file")))
    {
      array_drop (arrays, array);
      return NULL;
    }
  inexact_say (&document.inexact, diagnostics, path, file_place (text, document.inexact_at), "");
  array->shape = document.shape;
  array->size = shape_size (&document.shape);
  return array;
}
