/* heap.c -- blocks of memory: the one way to take them. */
#include "base/heap.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before each block. The chain of a budget begins at `blocks` with the latest. */
struct heap_block
{
  struct memory *memory;
  struct heap_block *next, *previous;
  size_t bytes; /* charged: header included */
  void (*close) (void *block);
  size_t skipped; /* bytes before the header, of blocks that begin at a line */
};

_Static_assert(sizeof (struct heap_block) % 16 == 0, "blocks are aligned to 16");
_Static_assert(sizeof (struct heap_block) <= HEAP_LINE, "the header has a line");

static struct heap_block *
header_of (void *block)
{
  return (struct heap_block *)block - 1;
}

static void *
enter (struct memory *memory, struct heap_block *header, size_t bytes, size_t skipped)
{
  *header = (struct heap_block){ .memory = memory, .next = memory->blocks, .bytes = bytes, .skipped = skipped };
  if (header->next)
    header->next->previous = header;
  memory->blocks = header;
  return header + 1;
}

/* Bytes of a block of `count` elements with its header, SIZE_MAX where they cannot be counted. */
static size_t
bytes_of (size_t count, size_t size)
{
  size_t bytes;
  if (__builtin_mul_overflow (count, size, &bytes) || bytes > PTRDIFF_MAX - sizeof (struct heap_block))
    return SIZE_MAX;
  return bytes + sizeof (struct heap_block);
}

static bool
has_room (struct memory *memory, size_t bytes)
{
  return bytes <= PTRDIFF_MAX && memory_has_room (memory, bytes);
}

void *
heap_take (struct memory *memory, size_t count, size_t size, const char *what)
{
  size_t bytes = bytes_of (count, size);
  struct heap_block *header = has_room (memory, bytes) ? malloc (bytes) : NULL;
  if (!header)
    memory_exhausted (memory, bytes, what);
  memory_charge (memory, bytes, what);
  return enter (memory, header, bytes, 0);
}

void *
heap_take_zeroed (struct memory *memory, size_t count, size_t size, const char *what)
{
  size_t bytes = bytes_of (count, size);
  struct heap_block *header = has_room (memory, bytes) ? calloc (1, bytes) : NULL;
  if (!header)
    memory_exhausted (memory, bytes, what);
  memory_charge (memory, bytes, what);
  return enter (memory, header, bytes, 0);
}

void *
heap_try_line (struct memory *memory, size_t bytes)
{
  bytes = (bytes + HEAP_LINE - 1) / HEAP_LINE * HEAP_LINE + HEAP_LINE;
  char *start = has_room (memory, bytes) ? aligned_alloc (HEAP_LINE, bytes) : NULL;
  if (!start)
    return NULL;
  memory_charge (memory, bytes, "an array");
  size_t skipped = HEAP_LINE - sizeof (struct heap_block);
  return enter (memory, (struct heap_block *)(start + skipped), bytes, skipped);
}

/* With `wanted` bytes in all, of which the header is one part, or NULL with the block as it was. */
static struct heap_block *
enlarge (struct memory *memory, struct heap_block *header, size_t wanted)
{
  size_t held = header->bytes, bytes = held + held / 2;
  if (bytes < wanted || !has_room (memory, bytes - held))
    bytes = wanted;
  if (!has_room (memory, bytes - held) || !(header = realloc (header, bytes)))
    return NULL;
  memory_charge (memory, bytes - held, "");
  header->bytes = bytes;
  if (header->next)
    header->next->previous = header;
  if (header->previous)
    header->previous->next = header;
  else
    memory->blocks = header;
  return header;
}

void *
heap_grow (struct memory *memory, void *block, size_t count, size_t size, const char *what)
{
  if (!block)
    return heap_take (memory, count, size, what);
  struct heap_block *header = header_of (block);
  size_t held = header->bytes, wanted = bytes_of (count, size);
  if (wanted <= held)
    return block;
  header = enlarge (memory, header, wanted);
  if (!header)
    memory_exhausted (memory, wanted - held, what);
  return header + 1;
}

void *
heap_try_grow (struct memory *memory, void *block, size_t bytes)
{
  struct heap_block *header = header_of (block);
  size_t wanted = bytes_of (bytes, 1);
  if (wanted > header->bytes)
    header = enlarge (memory, header, wanted);
  return header ? header + 1 : NULL;
}

char *
heap_copy (struct memory *memory, const char *text, size_t size, const char *what)
{
  char *copy = heap_take (memory, size + 1, 1, what);
  if (size)
    memcpy (copy, text, size);
  copy[size] = 0;
  return copy;
}

char *
heap_format_list (struct memory *memory, const char *what, const char *format, va_list arguments)
{
  va_list again;
  assert (format); /* or gcc, with sanitizers, warns of one that is none */
  va_copy (again, arguments);
  int size = vsnprintf (NULL, 0, format, arguments);
  if (size < 0)
    memory_exhausted (memory, strlen (format), what);
  char *text = heap_take (memory, (size_t)size + 1, 1, what);
  vsnprintf (text, (size_t)size + 1, format, again);
  va_end (again);
  return text;
}

char *
heap_format (struct memory *memory, const char *what, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  char *text = heap_format_list (memory, what, format, arguments);
  va_end (arguments);
  return text;
}

static void
leave (struct heap_block *header)
{
  struct memory *memory = header->memory;
  if (header->next)
    header->next->previous = header->previous;
  if (header->previous)
    header->previous->next = header->next;
  else
    memory->blocks = header->next;
  memory_release (memory, header->bytes);
  free ((char *)header - header->skipped);
}

void
heap_give (void *block)
{
  if (block)
    leave (header_of (block));
}

void
heap_on_close (void *block, void (*close) (void *block))
{
  header_of (block)->close = close;
}

void
heap_close (struct memory *memory)
{
  while (memory->blocks)
    {
      struct heap_block *header = memory->blocks;
      if (header->close)
        header->close (header + 1);
      leave (header);
    }
}
