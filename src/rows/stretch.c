/* stretch.c -- a file of records cut into stretches of whole records. */
#include "rows/stretch.h"

#include <errno.h>
#include <unistd.h>

enum
{
  BLOCK = 64 << 10
};

/* A block of the file, and the character behind it, or 0. */
struct window
{
  char text[BLOCK + 1];
  size_t size;
};

/* Reads from a place on, at most up to another; false where nothing is there. */
static bool
read_window (struct stretch *stretch, uint64_t at, uint64_t to, struct window *window)
{
  uint64_t left = stretch->size - at;
  size_t wanted = left < sizeof window->text ? (size_t)left : sizeof window->text, used = 0;
  while (used < wanted)
    {
      ssize_t got = pread (stretch->file, window->text + used, wanted - used, (off_t)(at + used));
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        stretch->error = errno;
      if (got <= 0)
        break;
      used += (size_t)got;
    }
  window->size = used < BLOCK ? used : BLOCK;
  if (used <= BLOCK)
    window->text[used] = 0;
  if (window->size > to - at)
    window->size = (size_t)(to - at);
  return window->size;
}

/* Whether a line ends with the character at a place: of "\r\n" with the second. */
static inline bool
ends_line (const char *text, size_t i)
{
  return (text[i] == '\n') | ((text[i] == '\r') & (text[i + 1] != '\n'));
}

struct stretch_count
stretch_count (struct stretch *stretch, uint64_t from, uint64_t to)
{
  struct stretch_count count = { 0 };
  struct window window;
  for (uint64_t at = from; at < to && read_window (stretch, at, to, &window); at += window.size)
    {
      uint32_t lines = 0, quotes = 0;
      for (size_t i = 0; i < window.size; i++)
        {
          lines += ends_line (window.text, i);
          quotes += window.text[i] == '"';
        }
      count.lines += lines;
      count.quotes += stretch->has_quotes ? quotes : 0;
    }
  return count;
}

uint64_t
stretch_find (struct stretch *stretch, uint64_t at, struct stretch_count *before)
{
  bool is_quoted = before->quotes % 2, is_blank = !is_quoted;
  struct window window;
  for (; at < stretch->size && read_window (stretch, at, stretch->size, &window); at += window.size)
    for (size_t i = 0; i < window.size; i++)
      {
        char c = window.text[i];
        if (c == '"' && stretch->has_quotes)
          is_quoted = !is_quoted;
        if (!ends_line (window.text, i))
          {
            is_blank &= c == ' ' || c == '\t' || c == '\r';
            continue;
          }
        before->lines++;
        if (!is_quoted && !is_blank)
          return at + i + 1;
      }
  return stretch->size;
}
