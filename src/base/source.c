/* source.c -- program text, and places in it. */
#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/landmark.h"

enum
{
  MAP_FROM = 64 << 10,
  FIRST_BLOCK = 1 << 10, /* of what is read to its end: a small text touches no more memory */
  BLOCK = 16 << 10,
  LANDMARKS_FROM = 16 << 10
};

static void
append (struct sources *sources, struct memory *memory, const char *name, const char *text, size_t size, bool mapped)
{
  struct source *list = heap_grow (memory, sources->list, sources->count + 1, sizeof *list, "the program's texts");
  size_t base = SOURCE_FIRST;
  if (sources->count)
    base = list[sources->count - 1].base + list[sources->count - 1].size + 1;
  sources->list = list;
  list[sources->count++] = (struct source){ name, text, size, (uint32_t)base, mapped, NULL, memory, NULL };
  sources->total += size + 1;
}

/* Everything that a descriptor gives until its end, or an errno. */
static int
read_all (struct memory *memory, int descriptor, size_t room, char **text, size_t *size)
{
  size_t held = FIRST_BLOCK;
  char *bytes = heap_take (memory, held, 1, "the program's text");
  for (size_t used = 0;;)
    {
      if (used == held)
        bytes = heap_grow (memory, bytes, held += held < BLOCK ? held : BLOCK, 1, "the program's text");
      ssize_t count = read (descriptor, bytes + used, held - used);
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
    }
}

int
sources_read (struct sources *sources, struct memory *memory, const char *path, const char *name, size_t most)
{
  bool standard = strcmp (path, "-") == 0;
  int descriptor = standard ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return errno;
  size_t room = SOURCE_LIMIT - sources->total < most ? SOURCE_LIMIT - sources->total : most;
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

uint32_t
sources_end (const struct sources *sources, size_t count)
{
  const struct source *last = &sources->list[count - 1];
  return last->base + (uint32_t)last->size + 1;
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
      heap_give (source->landmarks);
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

bool
sources_follows (const struct sources *sources, struct span span, const char *text)
{
  const struct source *source = sources_find (sources, span.start);
  const char *at = sources_text (sources, span) + span.length, *end = source->text + source->size;
  while (at < end && *at == ' ')
    at++;
  return (size_t)(end - at) >= strlen (text) && memcmp (at, text, strlen (text)) == 0;
}

/* The landmarks of a long text, made when the first place in it is asked for: most runs ask for none. NULL for others,
   and where there is no room: messages about memory have places too. */
static const struct landmark *
landmarks_of (const struct source *source)
{
  if (!source->landmarks && source->size > LANDMARKS_FROM)
    ((struct source *)source)->landmarks = landmarks_find (source->memory, source->text, source->size);
  return source->landmarks;
}

struct place
sources_place (const struct sources *sources, uint32_t offset)
{
  struct place place = { .source = sources_find (sources, offset), .line = 1, .column = 1 };
  if (!place.source)
    return place;
  const char *text = place.source->text, *line = text, *end = text + place.source->size;
  const char *at = text + (offset - place.source->base), *walk = text, *stop = NULL;
  const struct landmark *landmarks = landmarks_of (place.source);
  if (at > end)
    at = end;
  size_t before = (size_t)(at - text) / LANDMARK_STEP;
  if (landmarks)
    {
      line = text + landmarks[before].line_start;
      walk = text + before * LANDMARK_STEP;
      place.line += landmarks[before].lines;
    }
  for (; walk < at && (walk = memchr (walk, '\n', (size_t)(at - walk))); walk++)
    {
      line = walk + 1;
      place.line++;
    }
  if (line == text && end - text >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    line += 3;
  place.line_start = line;
  if (landmarks && line < at)
    place.column += landmark_characters (landmarks, text, (size_t)(at - text))
                    - landmark_characters (landmarks, text, (size_t)(line - text));
  for (const char *p = line; !landmarks && p < at; p++)
    place.column += !continues_character (*p);
  const char *from = line > at ? line : at, *next = landmarks ? text + (before + 1) * LANDMARK_STEP : end;
  if (from < end)
    stop = memchr (from, '\n', (size_t)((next < end ? next : end) - from));
  if (!stop)
    stop = landmarks && next < end ? text + landmarks[before + 1].line_end : end;
  if (stop > line && stop[-1] == '\r')
    stop--;
  place.line_size = (size_t)(stop - line);
  return place;
}
