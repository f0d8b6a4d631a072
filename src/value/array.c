/* array.c -- real, whole and boolean arrays of any rank up to 8. */
#include "value/array.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/heap.h"

/* Large blocks have a mapping of their own, those below lie together in a pool: the first touch of small pages costs
   more than the arithmetic, and so does finding them again when there are many. The first small ones come from the
   heap. */
enum
{
  HEADER = 128,
  POOLED = 4 << 10,
  FEW = 1 << 12, /* blocks below that, for which a pool is not worth its first page */
  MAPPED = 1 << 20,
  HUGE_PAGE = 2 << 20
};

_Static_assert(sizeof (struct array) <= HEADER && HEADER % HEAP_LINE == 0, "the elements follow the header");

void
arrays_open (struct arrays *arrays, struct memory *memory)
{
  *arrays = (struct arrays){ .memory = memory };
  area_open (&arrays->pool, memory, (size_t)1 << 40, "an array");
}

/* Powers of two and, where these are lines of a cache too, the midpoints between, by their number. */
static size_t
size_class (size_t bytes, int *class)
{
  int bits = 6;
  while (bits < 62 && (size_t)1 << bits < bytes)
    bits++;
  size_t whole = (size_t)1 << bits, middle = bits < 8 ? 0 : whole / 4 * 3;
  *class = 2 * (bits - 6) + (bytes > middle);
  return bytes > middle ? whole : middle;
}

/* The size of a block, at most a third of it unused. The elements alone have a size of those above, so that nothing of
   2^n elements is unused; in a mapping of its own the block has, so that it is whole pages. */
static size_t
block_size (size_t elements, int *class)
{
  size_t bytes = elements * (elements > ARRAY_SMALL ? sizeof (double) : sizeof (double) + sizeof (uint32_t));
  return bytes <= MAPPED / 4 * 3 ? HEADER + size_class (bytes, class) : size_class (HEADER + bytes, class);
}

/* Whether a block may come from the pool. What that has it never gives back, so it takes a small part of the budget,
   and of a small budget none. */
static bool
pool_has_room (const struct arrays *arrays, size_t bytes)
{
  enum
  {
    SHARE = 8,
    WORTH = 64 << 20
  };
  const struct area *pool = &arrays->pool;
  if ((bytes < POOLED && arrays->small < FEW) || bytes >= MAPPED
      || (pool->start && bytes > pool->reserved - pool->used))
    return false;
  size_t limit = memory_limit (arrays->memory), share = limit / SHARE;
  return share >= WORTH && pool->committed + bytes < share / 2 && limit - arrays->memory->used > share;
}

static bool
is_pooled (const struct arrays *arrays, const struct array *block)
{
  const char *at = (const char *)block;
  return arrays->pool.start && at >= arrays->pool.start && at < arrays->pool.start + arrays->pool.used;
}

/* A mapping of huge pages, which begin at their own multiples. Small ones have what stands behind the last whole one of
   `used` bytes where that is less than half of one: a huge page is cleared whole and is there whole, though the budget
   counts what is used of it. */
static struct array *
block_map (size_t bytes, size_t used)
{
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
  size_t beyond = used % HUGE_PAGE;
  madvise (start + skip, beyond < HUGE_PAGE / 2 ? used - beyond : room, MADV_HUGEPAGE);
  return (struct array *)(start + skip);
}

static void
block_put (struct arrays *arrays, struct array *block)
{
  size_t bytes = block->bytes;
  if (is_pooled (arrays, block))
    return;
  if (bytes < MAPPED)
    {
      heap_give (block);
      return;
    }
  memory_release (arrays->memory, bytes);
  munmap (block, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
}

/* Gives back every block that waits to be used again, but for those of the pool. */
static void
forget_spare (struct arrays *arrays)
{
  for (size_t i = 0; i < sizeof arrays->spare / sizeof *arrays->spare; i++)
    {
      struct array *kept = NULL;
      for (struct array *next, *block = arrays->spare[i]; block; block = next)
        {
          next = block->next;
          if (!is_pooled (arrays, block))
            {
              block_put (arrays, block);
              continue;
            }
          block->next = kept;
          kept = block;
        }
      arrays->spare[i] = kept;
    }
}

/* For an array of `used` bytes. NULL when there is no room for it. */
static struct array *
block_get (struct arrays *arrays, size_t bytes, size_t used)
{
  struct memory *memory = arrays->memory;
  arrays->small += bytes < POOLED;
  if (pool_has_room (arrays, bytes))
    return area_push (&arrays->pool, bytes);
  if (!memory_has_room (memory, bytes))
    {
      if (arrays->forget)
        arrays->forget (arrays);
      forget_spare (arrays);
    }
  if (!memory_has_room (memory, bytes))
    return NULL;
  if (bytes < MAPPED)
    return heap_try_line (memory, bytes);
  struct array *block = block_map (bytes, used);
  if (block)
    memory_charge (memory, bytes, "an array");
  return block;
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
  heap_give (arrays->slices);
  area_close (&arrays->pool);
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
  size_t bytes = block_size (size, &class);
  struct array *array = class < 64 ? arrays->spare[class] : NULL;
  if (array)
    {
      arrays->spare[class] = array->next;
      /* Blocks that were given back long ago lie anywhere: the next one is on its way by the time that it is wanted. */
      if (array->next)
        __builtin_prefetch (&array->next->next);
    }
  else if (!(array = block_get (arrays, bytes, HEADER + size * sizeof (double))))
    too_large (arrays->memory, shape);
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

struct array *
array_filled (struct arrays *arrays, const struct shape *shape, double number)
{
  struct array *array = array_new (arrays, TYPE_REAL, shape);
  for (size_t i = 0; i < array->size; i++)
    array->elements[i] = number;
  return array;
}

struct array *
array_copied (struct arrays *arrays, const struct shape *shape, const double *elements)
{
  struct array *array = array_new (arrays, TYPE_REAL, shape);
  if (array->size)
    memcpy (array->elements, elements, array->size * sizeof *elements);
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
  size_class (array->bytes < MAPPED ? array->bytes - HEADER : array->bytes, &class);
  if (class >= 64)
    {
      block_put (arrays, array);
      return;
    }
  array->next = arrays->spare[class];
  arrays->spare[class] = array;
}
