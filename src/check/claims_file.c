/* claims_file.c -- answers that a program wrote, csv or json, as the claims that they are. */
#include "check/claims_file.h"

#include <string.h>

#include "base/writing.h"

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether a text begins with the header of derivatives along a direction. */
static bool
is_along (const char *text, size_t size)
{
  static const char *const headers[] = { "target,index,value,along", "target\tindex\tvalue\talong" };
  for (int i = 0; i < 2; i++)
    if (size >= strlen (headers[i]) && memcmp (text, headers[i], strlen (headers[i])) == 0)
      return true;
  return false;
}

bool
claims_convert (struct diagnostics *diagnostics, const char *name, const char *text, size_t size, char **converted)
{
  *converted = NULL;
  size_t first = size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  while (first < size && is_blank (text[first]))
    first++;
  bool is_json = first < size && text[first] == '{';
  if (is_along (text + first, size - first))
    {
      diagnose_data (diagnostics, STATUS_PROGRAM, name, 1, 0,
                     "derivatives along a direction cannot be checked: the table does not tell it");
      return false;
    }
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
