/* source.c -- program text, and places in it. */
#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"

enum
{
  MAP_FROM = 64 << 10,
  BLOCK = 16 << 10
};

static void
append (struct sources *sources, struct memory *memory, const char *name, const char *text, size_t size, bool mapped)
{
  struct source *list = heap_grow (memory, sources->list, sources->count + 1, sizeof *list, "the program's texts");
  size_t base = SOURCE_FIRST;
  if (sources->count)
    base = list[sources->count - 1].base + list[sources->count - 1].size + 1;
  sources->list = list;
  list[sources->count++]
    = (struct source){ .name = name, .text = text, .size = size, .base = (uint32_t)base, .mapped = mapped };
  sources->total += size + 1;
}

/* Everything that a descriptor gives until its end, or an errno. */
static int
read_all (struct memory *memory, int descriptor, size_t room, char **text, size_t *size)
{
  char *bytes = heap_take (memory, BLOCK, 1, "the program's text");
  for (size_t used = 0;;)
    {
      ssize_t count = read (descriptor, bytes + used, BLOCK);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 || used + (size_t)count > room)
        {
          int error = count < 0 ? errno : EFBIG;
          heap_give (bytes);
          return error;
        }
      if (count == 0)
        {
          *text = bytes;
          *size = used;
          return 0;
        }
      used += (size_t)count;
      bytes = heap_grow (memory, bytes, used + BLOCK, 1, "the program's text");
    }
}

int
sources_read (struct sources *sources, struct memory *memory, const char *path, const char *name)
{
  bool standard = strcmp (path, "-") == 0;
  int descriptor = standard ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return errno;
  size_t room = SOURCE_LIMIT - sources->total;
  struct stat status;
  int error = 0;
  char *text = NULL;
  size_t size = 0;
  bool mapped = false;
  if (fstat (descriptor, &status) == 0 && S_ISREG (status.st_mode) && status.st_size >= MAP_FROM && !standard)
    {
      size = (size_t)status.st_size;
      if (size > room)
        error = EFBIG;
      else
        {
          text = mmap (NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
          mapped = text != MAP_FAILED;
          if (mapped)
            madvise (text, size, MADV_SEQUENTIAL);
        }
    }
  if (!error && !mapped)
    error = read_all (memory, descriptor, room, &text, &size);
  if (!standard)
    close (descriptor);
  if (!error)
    append (sources, memory, name, text, size, mapped);
  return error;
}

void
sources_add (struct sources *sources, struct memory *memory, const char *name, const char *text, size_t size)
{
  if (size > SOURCE_LIMIT - sources->total)
    memory_exhausted (memory, size, "the program's texts");
  append (sources, memory, name, heap_copy (memory, text, size, "the program's texts"), size, false);
}

void
sources_rest (const struct sources *sources)
{
  for (size_t i = 0; i < sources->count; i++)
    if (sources->list[i].mapped)
      madvise ((void *)sources->list[i].text, sources->list[i].size, MADV_DONTNEED);
}

void
sources_free (struct sources *sources)
{
  for (size_t i = 0; i < sources->count; i++)
    {
      struct source *source = &sources->list[i];
      if (source->mapped)
        munmap ((void *)source->text, source->size);
      else
        heap_give ((void *)source->text);
    }
  heap_give (sources->list);
  *sources = (struct sources){ 0 };
}

const struct source *
sources_find (const struct sources *sources, uint32_t offset)
{
  for (size_t i = sources->count; i-- > 0;)
    if (offset >= sources->list[i].base)
      return &sources->list[i];
  return NULL;
}

const char *
sources_text (const struct sources *sources, struct span span)
{
  const struct source *source = sources_find (sources, span.start);
  return source ? source->text + (span.start - source->base) : "";
}

struct place
sources_place (const struct sources *sources, uint32_t offset)
{
  struct place place = { .source = sources_find (sources, offset), .line = 1, .column = 1 };
  if (!place.source)
    return place;
  const char *text = place.source->text;
  const char *end = text + place.source->size;
  const char *at = text + (offset - place.source->base);
  if (at > end)
    at = end;
  if (end - text >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    text += 3;
  for (const char *newline; text < at && (newline = memchr (text, '\n', (size_t)(at - text)));)
    {
      text = newline + 1;
      place.line++;
    }
  place.line_start = text;
  for (const char *p = text; p < at; p++)
    place.column += ((unsigned char)*p & 0xc0) != 0x80;
  const char *stop = text < end ? memchr (text, '\n', (size_t)(end - text)) : NULL;
  if (!stop)
    stop = end;
  if (stop > text && stop[-1] == '\r')
    stop--;
  place.line_size = (size_t)(stop - text);
  return place;
}
