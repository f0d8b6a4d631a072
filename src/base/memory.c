/* memory.c -- growing memory that never moves, under one budget. */
#include "base/memory.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/heap.h"

enum
{
  HUGE_PAGE = 2 << 20,
  FIRST_COMMIT = 64 << 10,
  SMALL = 128 << 10,
  MODEST = 1 << 20, /* what every machine has */
  LINE = 64
};

/* The limit that the system holds this process to, or SIZE_MAX. */
static size_t
address_space (struct memory *memory)
{
  struct rlimit limit;
  if (!memory->space)
    memory->space
      = getrlimit (RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur : SIZE_MAX;
  return memory->space;
}

size_t
memory_limit (struct memory *memory)
{
  if (!memory->limit)
    {
      long pages = sysconf (_SC_PHYS_PAGES);
      long size = sysconf (_SC_PAGESIZE);
      size_t machine = pages > 0 && size > 0 ? (size_t)pages * (size_t)size : (size_t)1 << 32;
      size_t space = address_space (memory);
      memory->limit = (space < machine ? space : machine) / 4 * 3;
    }
  return memory->limit;
}

bool
memory_has_room (struct memory *memory, size_t bytes)
{
  size_t used;
  if (__builtin_add_overflow (memory->used, bytes, &used))
    return false;
  return used <= (memory->limit ? memory->limit : MODEST) || used <= memory_limit (memory);
}

bool
memory_was_refused (struct memory *memory)
{
  return memory_has_room (memory, memory->failure.wanted);
}

void
memory_exhausted (struct memory *memory, size_t wanted, const char *what)
{
  memory->failure.wanted = wanted;
  memory->failure.what = what;
  if (memory->end && memory_was_refused (memory))
    memory->stop = memory->end;
  assert (memory->stop);
  longjmp (*memory->stop, 1);
}

void
memory_charge (struct memory *memory, size_t bytes, const char *what)
{
  if (!memory_has_room (memory, bytes))
    memory_exhausted (memory, bytes, what);
  memory->used += bytes;
}

void
memory_release (struct memory *memory, size_t bytes)
{
  assert (bytes <= memory->used);
  memory->used -= bytes;
}

void
area_open (struct area *area, struct memory *memory, size_t limit, const char *what)
{
  *area = (struct area){ .memory = memory, .what = what, .limit = limit };
}

void
area_open_small (struct area *area, struct memory *memory, size_t first, size_t limit, const char *what)
{
  area_open (area, memory, limit, what);
  area->first = first;
}

void
area_open_for_text (struct area *area, struct memory *memory, size_t factor, const char *what)
{
  enum
  {
    SLACK = 16,
    LONG_TEXT = 4096
  };
  /* Where it costs nothing the bound is generous. */
  area_open (area, memory, (memory->text + SLACK) * factor * (memory->text > LONG_TEXT ? 4 : 1), what);
}

/* A place that an area has left, at its beginning. */
struct memory_place
{
  struct memory_place *next;
  size_t size;
};

static void
give_place (struct memory *memory, char *start, size_t size)
{
  struct memory_place *place = (struct memory_place *)start;
  *place = (struct memory_place){ memory->places, size };
  memory->places = place;
}

/* A place of that size that was given back, zeroed, or NULL: a run takes those of the run before. */
static char *
take_place (struct memory *memory, size_t size)
{
  enum
  {
    TRIES = 64 /* a run has fewer areas */
  };
  struct memory_place **link = &memory->places;
  for (int i = 0; *link && i < TRIES; i++, link = &(*link)->next)
    if ((*link)->size == size)
      {
        char *place = (char *)*link;
        *link = (*link)->next;
        return memset (place, 0, size);
      }
  return NULL;
}

/* A place in the nursery where none was before, or NULL. */
static char *
new_place (struct memory *memory, size_t size)
{
  if (size > SMALL || size > MEMORY_NURSERY - memory->nursery_used)
    return NULL;
  if (!memory->nursery)
    {
      char *map
        = mmap (NULL, MEMORY_NURSERY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (map == MAP_FAILED)
        return NULL;
      memory->nursery = map;
      memory->nursery_mapped = true;
    }
  char *place = memory->nursery + memory->nursery_used;
  memory->nursery_used += size;
  return place;
}

/* A place in the nursery for an area that will stay small; false when there is none. */
static bool
take_nursery (struct area *area)
{
  struct memory *memory = area->memory;
  size_t size = ((area->first ? area->first : area->limit) + LINE - 1) / LINE * LINE;
  char *place = take_place (memory, size);
  if (!place && !(place = new_place (memory, size)))
    return false;
  memory_charge (memory, size, area->what);
  area->start = place;
  area->committed = area->reserved = size;
  return true;
}

void
memory_close (struct memory *memory)
{
  heap_close (memory);
  if (memory->nursery_mapped)
    munmap (memory->nursery, MEMORY_NURSERY);
  memory->nursery = NULL;
  memory->nursery_mapped = false;
  memory->nursery_used = 0;
  memory->places = NULL;
}

/* How much of the address space an area can be of use with: no more than the budget, and where a process is held to a
   part of it, no more than leaves some to other areas. */
static size_t
reach (struct memory *memory)
{
  enum
  {
    AREAS = 64,
    LEAST = 16 << 20
  };
  size_t space = address_space (memory), most = memory_limit (memory);
  if (space != SIZE_MAX && space / AREAS < most)
    most = space / AREAS;
  return most < LEAST ? LEAST : most;
}

/* The address space itself, taken when the first byte is wanted: most areas of a small run stay empty. */
static void
reserve (struct area *area)
{
  size_t most = reach (area->memory), wanted = area->limit < most ? area->limit : most;
  /* There may be less: ask for less until it is granted. */
  size_t size = (wanted + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  for (; size >= HUGE_PAGE; size = size / 2 / HUGE_PAGE * HUGE_PAGE)
    {
      char *map = mmap (NULL, size + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (map == MAP_FAILED)
        continue;
      area->map = map;
      area->first = 0;
      area->reserved = size;
      /* Huge pages begin at their own multiples. */
      area->start = map + (HUGE_PAGE - (uintptr_t)map % HUGE_PAGE) % HUGE_PAGE;
      return;
    }
  memory_exhausted (area->memory, FIRST_COMMIT, area->what);
}

/* Leaves the nursery for good: what an area has there becomes the beginning of one that has room. */
static void
move_out (struct area *area, size_t used)
{
  char *small = area->start;
  size_t held = area->committed;
  area->committed = 0;
  reserve (area);
  area_commit (area, used);
  memcpy (area->start, small, area->used);
  give_place (area->memory, small, held);
  memory_release (area->memory, held);
}

void
area_commit (struct area *area, size_t used)
{
  if (!area->start && take_nursery (area) && used <= area->committed)
    return;
  if (area->start && area->first)
    {
      move_out (area, used);
      return;
    }
  if (!area->start)
    reserve (area);
  size_t step = used < HUGE_PAGE / 2 ? FIRST_COMMIT : HUGE_PAGE;
  size_t wanted = area->committed + area->committed / 4;
  if (wanted < used)
    wanted = used;
  wanted = (wanted + step - 1) / step * step;
  if (wanted > area->reserved)
    wanted = area->reserved;
  if (used > wanted)
    memory_exhausted (area->memory, used - area->committed, area->what);
  memory_charge (area->memory, wanted - area->committed, area->what);
  if (mprotect (area->start + area->committed, wanted - area->committed, PROT_READ | PROT_WRITE) != 0)
    {
      memory_release (area->memory, wanted - area->committed);
      memory_exhausted (area->memory, wanted - area->committed, area->what);
    }
  if (wanted >= HUGE_PAGE)
    madvise (area->start, wanted, MADV_HUGEPAGE);
  area->committed = wanted;
}

void
area_close (struct area *area)
{
  if (area->start)
    {
      if (area->map)
        munmap (area->map, area->reserved + HUGE_PAGE);
      else
        give_place (area->memory, area->start, area->reserved);
      memory_release (area->memory, area->committed);
    }
  *area = (struct area){ 0 };
}
