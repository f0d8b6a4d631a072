/* memory.h -- growing memory that never moves, under one budget. */
#ifndef GRADCALC_MEMORY_H
#define GRADCALC_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a run may use, and where to go when it needs more: `memory_exhausted` longjmps to `stop` after it has written what
   was wanted, for what, into `failure`. Zero is a valid budget without a limit, but `stop` must be set before use. */
struct memory {
  size_t used;
  size_t limit; /* bytes; 0 is no limit */
  jmp_buf *stop;
  struct {
    size_t wanted;
    const char *what; /* "the tape", "an array of 200x200": plain words for the message */
    char text[240];   /* room for such words */
  } failure;
};

/* Accounts for `bytes` more (or gives them back); stops the run when the budget has no room for them. */
void memory_charge (struct memory *memory, size_t bytes, const char *what);
void memory_release (struct memory *memory, size_t bytes);
_Noreturn void memory_exhausted (struct memory *memory, size_t wanted, const char *what);

/* A piece of address space that fills from the front. Its start never moves, so pointers into it stay good; pages are
   committed as it fills, in huge ones where the system has them. Zero is a valid, empty area. */
struct area {
  struct memory *memory;
  const char *what;
  char *start;
  size_t used;      /* bytes in use */
  size_t committed; /* bytes charged; used <= committed <= reserved */
  size_t reserved;
};

/* Reserves address space for at most `limit` bytes. */
void area_open (struct area *area, struct memory *memory, size_t limit, const char *what);
void area_close (struct area *area);

/* Room for `bytes` more, aligned to 16, zero-filled when never used before. */
void area_commit (struct area *area, size_t used);
static inline void *
area_push (struct area *area, size_t bytes)
{
  size_t start = area->used;
  size_t end = start + bytes;
  if (end > area->committed)
    area_commit (area, end);
  area->used = end;
  return area->start + start;
}

/* One element of an array that fills an area: area_add (&links, struct link) is a pointer to a new one. */
#define area_add(area, type) ((type *) area_push ((area), sizeof (type)))
#define area_of(area, type) ((type *) (area)->start)
#define area_count(area, type) ((area)->used / sizeof (type))

/* The size of physical memory in bytes. */
size_t memory_of_machine (void);

#endif
