/* memory.c -- growing memory that never moves, under one budget. */
#include "base/memory.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20, FIRST_COMMIT = 64 << 10 };

void
memory_exhausted (struct memory *memory, size_t wanted, const char *what)
{
  memory->failure.wanted = wanted;
  memory->failure.what = what;
  assert (memory->stop);
  longjmp (*memory->stop, 1);
}

void
memory_charge (struct memory *memory, size_t bytes, const char *what)
{
  size_t used;
  if (__builtin_add_overflow (memory->used, bytes, &used) || (memory->limit && used > memory->limit))
    memory_exhausted (memory, bytes, what);
  memory->used = used;
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
  /* Address space is free, but a process may be held to a part of it: ask for less until it is granted. */
  size_t reserved = (limit + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  for (; reserved >= HUGE_PAGE; reserved = reserved / 2 / HUGE_PAGE * HUGE_PAGE)
    {
      char *start = mmap (NULL, reserved + HUGE_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (start == MAP_FAILED)
        continue;
      /* Huge pages begin at their own multiples. */
      size_t skip = (HUGE_PAGE - (uintptr_t) start % HUGE_PAGE) % HUGE_PAGE;
      if (skip)
        munmap (start, skip);
      if (skip < HUGE_PAGE)
        munmap (start + skip + reserved, HUGE_PAGE - skip);
      *area = (struct area){ .memory = memory, .what = what, .start = start + skip, .reserved = reserved };
      return;
    }
  memory_exhausted (memory, limit, what);
}

void
area_commit (struct area *area, size_t used)
{
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
      munmap (area->start, area->reserved);
      memory_release (area->memory, area->committed);
    }
  *area = (struct area){ 0 };
}

size_t
memory_of_machine (void)
{
  long pages = sysconf (_SC_PHYS_PAGES);
  long size = sysconf (_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (size_t) pages * (size_t) size : (size_t) 1 << 32;
}
