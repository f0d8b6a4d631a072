/* claims_file.c -- answers that a program wrote, csv or json, as the claims that they are. */
#include "check/claims_file.h"

#include <string.h>

#include "base/writing.h"
#include "file/place.h"

bool
claims_convert (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, char **converted)
{
  *converted = NULL;
  size_t first = file_mark (text, size);
  while (first < size && strchr (" \t\n\r", text[first]) && text[first])
    first++;
  bool is_json = first < size && text[first] == '{';
  bool is_wide = !is_json && answers_are_wide (text + first, size - first);
  if (!is_json && !is_wide && !answers_are_csv (text + first, size - first))
    return true;
  struct writing *claims = writing_open (diagnostics->memory, "the answers");
  bool good = (is_json   ? answers_json
               : is_wide ? answers_wide
                         : answers_csv) (diagnostics, name, text + first, size - first, claims->out);
  *converted = writing_close (claims, NULL);
  return good;
}
