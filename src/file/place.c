/* place.c -- places and excerpts of data files, for messages. */
#include "file/place.h"

#include <string.h>

#include "base/number.h"
#include "base/warning.h"

static bool
continues_character (char c)
{
  return ((unsigned char)c & 0xc0) == 0x80;
}

struct file_place
file_place (const char *text, size_t at)
{
  struct file_place place = { 1, 1 };
  for (size_t i = file_mark (text, at); i < at; i++)
    {
      if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == at || text[i + 1] != '\n')))
        {
          place.line++;
          place.column = 1;
        }
      else if (!continues_character (text[i]))
        place.column++;
    }
  return place;
}

size_t
file_count (const char *text, size_t size, char character)
{
  size_t count = 0;
  for (const char *end = text + size; (text = memchr (text, character, (size_t)(end - text))); text++)
    count++;
  return count;
}

size_t
file_mark (const char *text, size_t size)
{
  return size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool
file_is_utf16 (const char *text, size_t size)
{
  return size >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0);
}

const char *
file_binary (const char *text, size_t size)
{
  enum
  {
    BEGINNING = 1024
  };
  if (size >= 6 && memcmp (text, "\x93NUMPY", 6) == 0)
    return "an npy file (-I npy)";
  if (size >= 4 && memcmp (text, "PK\3\4", 4) == 0)
    return "a zip archive (npz, xlsx)";
  if (size >= 2 && memcmp (text, "\x1f\x8b", 2) == 0)
    return "compressed (gzip)";
  return memchr (text, 0, size < BEGINNING ? size : BEGINNING) ? "a binary file" : NULL;
}

const char *
file_excerpt (char excerpt[EXCERPT_SIZE], const char *text, size_t size)
{
  size_t used = size;
  if (size >= EXCERPT_SIZE)
    {
      used = EXCERPT_SIZE - sizeof "...";
      while (used > 0 && continues_character (text[used]))
        used--;
    }
  for (size_t i = 0; i < used; i++)
    excerpt[i] = text[i] ? text[i] : '?'; /* what else is not to be printed messages escape */
  strcpy (excerpt + used, used < size ? "..." : "");
  return excerpt;
}

void
inexact_say (const struct inexact *inexact, struct diagnostics *diagnostics, const char *path, struct file_place place,
             const char *position)
{
  if (!inexact->count)
    return;
  char used[NUMBER_WHOLE_SIZE], others[64] = "";
  number_print_whole (used, inexact->used);
  if (inexact->count > 1)
    snprintf (others, sizeof others, " (and %zu more)", inexact->count - 1);
  warn_data (diagnostics, WARNING_DIGITS, inexact->count, path, place.line, place.column,
             "%s%s cannot be held exactly; %s is used%s", position, inexact->written, used, others);
}
