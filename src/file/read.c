/* read.c -- opening data files and choosing their reader. */
#include "file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
  FIRST_BYTES = 1 << 16
};

/* Room for bytes in the memory of an array: it is counted as all arrays are, and is freed with them if the run stops.
 */
static struct array *
bytes_new (struct arrays *arrays, size_t bytes)
{
  return array_new (arrays, TYPE_REAL, &(struct shape){ 1, { bytes / sizeof (double) + 1 } });
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

enum suffix
{
  SUFFIX_CSV,
  SUFFIX_TSV,
  SUFFIX_JSON,
  SUFFIX_NPY,
  SUFFIX_COUNT
};

static enum suffix
suffix_of (const char *path)
{
  static const char *const names[] = { ".csv", ".tsv", ".json", ".npy" };
  const char *dot = strrchr (path, '.');
  int suffix = 0;
  while (suffix < SUFFIX_COUNT && !(dot && strcasecmp (dot, names[suffix]) == 0))
    suffix++;
  return (enum suffix)suffix;
}

struct array *
file_read (struct arrays *arrays, struct diagnostics *diagnostics, const char *path,
           struct span (*where) (const void *asker), const void *asker)
{
  enum suffix suffix = suffix_of (path);
  if (suffix == SUFFIX_COUNT)
    {
      diagnose (diagnostics, SEVERITY_ERROR, where ? where (asker) : NOWHERE,
                "'%s' is not named .csv, .tsv, .json or .npy", path);
      return NULL;
    }
  size_t size = 0;
  struct array *block = NULL;
  int file = open (path, O_RDONLY | O_CLOEXEC);
  int trouble = errno;
  if (file >= 0)
    {
      block = read_all (arrays, file, &size);
      trouble = errno;
      close (file);
    }
  if (file < 0 || (!block && trouble == EISDIR))
    {
      diagnose (diagnostics, SEVERITY_ERROR, where ? where (asker) : NOWHERE, "cannot open '%s': %s", path,
                strerror (trouble));
      return NULL;
    }
  if (!block)
    {
      diagnose_data (diagnostics, STATUS_WORLD, path, 0, 0, "cannot read: %s", strerror (trouble));
      return NULL;
    }
  const char *text = (const char *)block->elements;
  struct array *array = suffix == SUFFIX_NPY ? file_read_npy (arrays, diagnostics, path, text, size)
                        : suffix == SUFFIX_JSON
                          ? file_read_json (arrays, diagnostics, path, text, size)
                          : file_read_csv (arrays, diagnostics, path, text, size, suffix == SUFFIX_TSV ? '\t' : ',');
  array_drop (arrays, block);
  return array;
}
