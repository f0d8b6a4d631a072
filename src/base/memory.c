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
  LINE = 64,
  PLACES = 64 /* that are looked through; a run has fewer areas */
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

/* What an area or an array takes beside what was wanted is in no message; so close to the limit it is the limit. */
bool
memory_was_refused (struct memory *memory)
{
  size_t beside = memory_limit (memory) / 8, wanted;
  return !__builtin_add_overflow (memory->failure.wanted, beside < HUGE_PAGE ? beside : HUGE_PAGE, &wanted)
         && memory_has_room (memory, wanted);
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
  char *map;        /* what has to be unmapped, or NULL: it is in the nursery */
  size_t committed; /* bytes that may be used, and are zeroed when it is taken */
  size_t reserved;
};

/* Keeps a place that an area leaves: a run takes those of the run before. */
static void
give_place (struct memory *memory, char *start, char *map, size_t committed, size_t reserved)
{
  struct memory_place *place = (struct memory_place *)start, **list = &memory->places[map != NULL];
  *place = (struct memory_place){ *list, map, committed, reserved };
  *list = place;
  memory->maps += map != NULL;
}

/* Takes one of the same size that was given back, zeroed and charged; false when there is none. */
static bool
take_place (struct area *area, bool mapped, size_t reserved)
{
  struct memory_place **link = &area->memory->places[mapped];
  for (int i = 0; *link && i < PLACES; i++, link = &(*link)->next)
    if ((*link)->reserved == reserved)
      {
        struct memory_place *place = *link;
        memory_charge (area->memory, place->committed, area->what);
        *link = place->next;
        area->memory->maps -= mapped;
        area->start = (char *)place;
        area->map = place->map;
        area->committed = place->committed;
        area->reserved = reserved;
        memset (area->start, 0, area->committed);
        return true;
      }
  return false;
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
  if (take_place (area, false, size))
    return true;
  char *place = new_place (memory, size);
  if (!place)
    return false;
  memory_charge (memory, size, area->what);
  area->start = place;
  area->committed = area->reserved = size;
  return true;
}

void
memory_empty (struct memory *memory)
{
  heap_close (memory);
  if (memory->nursery)
    memset (memory->nursery, 0, memory->nursery_used);
  memory->nursery_used = 0;
  memory->places[false] = NULL;
  memory->used = 0;
}

void
memory_close (struct memory *memory)
{
  heap_close (memory);
  for (struct memory_place *place = memory->places[true], *next; place; place = next)
    {
      next = place->next;
      munmap (place->map, place->reserved + HUGE_PAGE);
    }
  if (memory->nursery_mapped)
    munmap (memory->nursery, MEMORY_NURSERY);
  memory->nursery = NULL;
  memory->nursery_mapped = false;
  memory->nursery_used = 0;
  memory->places[false] = memory->places[true] = NULL;
  memory->maps = 0;
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
  size_t most = reach (area->memory), size = HUGE_PAGE;
  /* In powers of two, so that a place fits more areas than the one that left it. */
  while (size < area->limit && size < most)
    size *= 2;
  if (size > most)
    size = (most + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  if (take_place (area, true, size))
    return;
  /* There may be less: ask for less until it is granted. */
  for (; size >= HUGE_PAGE; size = size / 2 / HUGE_PAGE * HUGE_PAGE)
    {
      char *map = mmap (NULL, size + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (map == MAP_FAILED)
        continue;
      area->map = map;
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
  struct area large = { .memory = area->memory, .what = area->what, .limit = area->limit, .used = area->used };
  reserve (&large);
  area_commit (&large, used);
  memcpy (large.start, area->start, area->used);
  area_close (area);
  *area = large;
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
  if (used <= area->committed)
    return;
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

/* Whether its map is worth keeping: it has pages, less is to be zeroed than the system would do for a new one, and
   others do not lack address space. */
static bool
is_kept (const struct area *area)
{
  const struct memory *memory = area->memory;
  return area->committed && area->committed <= 4 * FIRST_COMMIT && memory->space == SIZE_MAX && memory->maps < PLACES;
}

void
area_close (struct area *area)
{
  if (area->start)
    {
      memory_release (area->memory, area->committed);
      if (area->map && !is_kept (area))
        munmap (area->map, area->reserved + HUGE_PAGE);
      else
        give_place (area->memory, area->start, area->map, area->committed, area->reserved);
    }
  *area = (struct area){ 0 };
}

void
area_empty (struct area *area)
{
  if (area->used)
    memset (area->start, 0, area->used);
  area->used = 0;
}
