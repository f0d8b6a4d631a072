/* array.c -- real, whole and boolean arrays of any rank up to 8. */
#include "value/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum
{
  ALIGNMENT = 64,
  HEADER = 192,
  MAPPED = 1 << 20,
  HUGE_PAGE = 2 << 20
};

_Static_assert (sizeof (struct array) <= HEADER, "the elements follow the header");

void
arrays_open (struct arrays *arrays, struct memory *memory)
{
  *arrays = (struct arrays){ .memory = memory };
}

/* Blocks come in sizes of powers of two and the midpoints between: at most a third is unused. */
static size_t
size_class (size_t bytes, int *class)
{
  int bits = 8;
  while (bits < 62 && (size_t)1 << bits < bytes)
    bits++;
  size_t whole = (size_t)1 << bits, middle = whole / 4 * 3;
  *class = 2 * (bits - 8) + (bytes > middle);
  return bytes > middle ? whole : middle;
}

static struct array *
block_get (size_t bytes)
{
  if (bytes < MAPPED)
    return aligned_alloc (ALIGNMENT, bytes);
  size_t room = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  char *start
    = mmap (NULL, room + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED)
    return NULL;
  size_t skip = (HUGE_PAGE - (uintptr_t)start % HUGE_PAGE) % HUGE_PAGE;
  if (skip)
    munmap (start, skip);
  if (skip < HUGE_PAGE)
    munmap (start + skip + room, HUGE_PAGE - skip);
  madvise (start + skip, room, MADV_HUGEPAGE);
  return (struct array *)(start + skip);
}

static void
block_put (struct arrays *arrays, struct array *block)
{
  size_t bytes = block->bytes;
  memory_release (arrays->memory, bytes);
  if (bytes < MAPPED)
    free (block);
  else
    munmap (block, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
}

/* Gives back every block that waits to be used again. */
static void
forget_spare (struct arrays *arrays)
{
  for (size_t i = 0; i < sizeof arrays->spare / sizeof *arrays->spare; i++)
    while (arrays->spare[i])
      {
        struct array *block = arrays->spare[i];
        arrays->spare[i] = block->next;
        block_put (arrays, block);
      }
}

void
arrays_close (struct arrays *arrays)
{
  if (!arrays->memory)
    return;
  forget_spare (arrays);
  while (arrays->alive)
    {
      struct array *block = arrays->alive;
      arrays->alive = block->next;
      block_put (arrays, block);
    }
}

static _Noreturn void
too_large (struct memory *memory, const struct shape *shape)
{
  char text[SHAPE_TEXT];
  double bytes = sizeof (double);
  for (int i = 0; i < shape->rank; i++)
    bytes *= (double)shape->extent[i];
  snprintf (memory->failure.text, sizeof memory->failure.text, "an array of %s", shape_text (text, shape));
  memory_exhausted (memory, bytes < 1e19 ? (size_t)bytes : SIZE_MAX, memory->failure.text);
}

struct array *
array_new (struct arrays *arrays, enum type type, const struct shape *shape)
{
  size_t size = shape_size (shape);
  if (size > (SIZE_MAX >> 8))
    too_large (arrays->memory, shape);
  int class;
  size_t bytes = size_class (HEADER + size * sizeof (double), &class);
  struct memory *memory = arrays->memory;
  struct array *array = class < 64 ? arrays->spare[class] : NULL;
  if (array)
    arrays->spare[class] = array->next;
  else
    {
      if (memory->limit && bytes > memory->limit - memory->used)
        forget_spare (arrays);
      if (memory->limit && bytes > memory->limit - memory->used)
        too_large (memory, shape);
      memory_charge (memory, bytes, "an array");
      array = block_get (bytes);
      if (!array)
        {
          memory_release (memory, bytes);
          too_large (memory, shape);
        }
    }
  *array = (struct array){ .references = 1,
                           .type = type,
                           .shape = *shape,
                           .size = size,
                           .elements = (double *)((char *)array + HEADER),
                           .next = arrays->alive,
                           .bytes = bytes };
  if (arrays->alive)
    arrays->alive->previous = array;
  arrays->alive = array;
  return array;
}

void
array_free (struct arrays *arrays, struct array *array)
{
  int class;
  if (array->next)
    array->next->previous = array->previous;
  if (array->previous)
    array->previous->next = array->next;
  else
    arrays->alive = array->next;
  size_class (array->bytes, &class);
  if (class >= 64)
    {
      block_put (arrays, array);
      return;
    }
  array->next = arrays->spare[class];
  arrays->spare[class] = array;
}
