/* read.c -- opening data files and choosing their reader. */
#include "file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/keyed.h"
#include "file/place.h"

enum
{
  FIRST_BYTES = 1 << 16
};

/* Room for bytes in the memory of an array: it is counted as all arrays are, and is freed with them if the run stops.
 */
static struct array *
bytes_new (struct arrays *arrays, size_t bytes)
{
  return array_vector (arrays, bytes / sizeof (double) + 1);
}

static struct array *
bytes_grow (struct arrays *arrays, struct array *block, size_t used)
{
  struct array *larger = bytes_new (arrays, used * 2);
  memcpy (larger->elements, block->elements, used);
  array_drop (arrays, block);
  return larger;
}

/* Reads all of a file, or sets errno and returns NULL. */
static struct array *
read_all (struct arrays *arrays, int file, size_t *size)
{
  struct stat status;
  size_t expected = 0;
  if (fstat (file, &status) == 0 && S_ISREG (status.st_mode))
    expected = (size_t)status.st_size;
  struct array *block = bytes_new (arrays, expected ? expected + 1 : FIRST_BYTES);
  *size = 0;
  for (;;)
    {
      size_t room = block->size * sizeof (double) - *size;
      if (room == 0)
        {
          block = bytes_grow (arrays, block, *size);
          continue;
        }
      ssize_t got = read (file, (char *)block->elements + *size, room);
      if (got == 0)
        return block;
      if (got > 0)
        *size += (size_t)got;
      else if (errno != EINTR)
        {
          array_drop (arrays, block);
          return NULL;
        }
    }
}

const char *const file_format_names[FILE_FORMATS] = {
#define FILE_FORMAT(symbol, name, says) name,
#include "file/data_format.def"
#undef FILE_FORMAT
};

enum file_format
file_format_of (const char *path, enum file_format otherwise)
{
  const char *dot = path ? strrchr (path, '.') : NULL;
  for (int format = 0; dot && format < FILE_FORMATS; format++)
    if (strcasecmp (dot + 1, file_format_names[format]) == 0)
      return (enum file_format)format;
  return otherwise;
}

bool
file_has_suffix (const char *path)
{
  return file_format_of (path, FILE_FORMATS) != FILE_FORMATS;
}

/* Says so. */
static bool
is_utf16 (struct diagnostics *diagnostics, const char *name, const char *text, size_t size)
{
  if (!file_is_utf16 (text, size))
    return false;
  diagnose_data (diagnostics, STATUS_WORLD, name, 0, 0, "the text is UTF-16; UTF-8 is needed");
  return true;
}

static struct array *
read_text (struct arrays *arrays, struct diagnostics *diagnostics, const char *name, enum file_format format,
           const char *text, size_t size)
{
  if (format != FILE_NPY && is_utf16 (diagnostics, name, text, size))
    return NULL;
  switch (format)
    {
    case FILE_NPY:
      return file_read_npy (arrays, diagnostics, name, text, size);
    case FILE_JSON:
      return file_read_json (arrays, diagnostics, name, text, size);
    default:
      return file_read_csv (arrays, diagnostics, name, text, size, format == FILE_TSV ? '\t' : ',');
    }
}

/* The bytes of a file; NULL after a message. */
static struct array *
open_and_read (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, size_t *size,
               struct span (*where) (const void *asker), const void *asker)
{
  const char *name = path ? path : "<stdin>";
  struct array *block = NULL;
  int file = path ? open (path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  int trouble = errno;
  if (file >= 0)
    {
      block = read_all (arrays, file, size);
      trouble = errno;
      if (path)
        close (file);
    }
  if (file < 0 || (!block && trouble == EISDIR))
    {
      diagnose (diagnostics, SEVERITY_ERROR, where ? where (asker) : NOWHERE, "cannot open '%s': %s", name,
                strerror (trouble));
      return NULL;
    }
  if (!block)
    diagnose_data (diagnostics, STATUS_WORLD, name, 0, 0, "cannot read: %s", strerror (trouble));
  return block;
}

struct array *
file_read (struct arrays *arrays, struct diagnostics *diagnostics, const char *path, enum file_format otherwise,
           struct span (*where) (const void *asker), const void *asker)
{
  size_t size = 0;
  struct array *block = open_and_read (arrays, diagnostics, path, &size, where, asker);
  if (!block)
    return NULL;
  struct array *array = read_text (arrays, diagnostics, path ? path : "<stdin>", file_format_of (path, otherwise),
                                   (const char *)block->elements, size);
  array_drop (arrays, block);
  return array;
}

bool
file_read_keyed (struct keyed *keyed, struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
                 const struct keyed_asker *asker)
{
  const char *name = path ? path : "<stdin>";
  size_t size = 0;
  struct array *block = open_and_read (arrays, diagnostics, path, &size, NULL, NULL);
  if (!block)
    return false;
  const char *text = (const char *)block->elements;
  bool good
    = !is_utf16 (diagnostics, name, text, size) && keyed_read (keyed, arrays, diagnostics, name, text, size, asker);
  array_drop (arrays, block);
  return good;
}
