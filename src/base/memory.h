/* memory.h -- growing memory that never moves, under one budget. */
#ifndef GRADCALC_MEMORY_H
#define GRADCALC_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
#ifdef __SANITIZE_ADDRESS__
  MEMORY_NURSERY = 256 << 10 /* who looks for leaks reads all of it at the end of every run */
#else
  MEMORY_NURSERY = 4 << 20 /* bytes of a nursery */
#endif
};

/* The budget of a run, and where it goes when that is used up: `memory_exhausted` longjmps to `stop` after it has
   written what was wanted, for what, into `failure`. Zero is a valid budget, but `stop` must be set before use. */
struct memory
{
  size_t used;
  size_t limit; /* bytes; 0 until somebody asks: memory_limit () */
  size_t space; /* address space that the process is held to; 0 until somebody asks */
  jmp_buf *stop;
  jmp_buf *end; /* where to go instead when it was the system that refused, which nobody can do without; or NULL */
  size_t text;   /* bytes of the program and of the command line: what is made of them is bounded by it */
  char *nursery; /* where small areas are, close together: zeroed bytes that somebody gives, else mapped when wanted */
  bool nursery_mapped;
  size_t nursery_used;
  struct memory_place *places[2]; /* that areas have left: in the nursery, and with a map of their own */
  size_t maps;                    /* how many of the latter */
  struct heap_block *blocks; /* of heap.h, the latest first */
  struct
  {
    size_t wanted;
    const char *what; /* "the tape", "an array of 200x200": plain words for the message */
    char text[240];   /* room for such words */
  } failure;
};

/* The most that may be used, in bytes: what was set, else three quarters of the machine's memory or of what the process
   is held to. */
size_t memory_limit (struct memory *memory);
/* Whether there is room for `bytes` more. A small run does not ask the machine, which takes longer than the run. */
bool memory_has_room (struct memory *memory, size_t bytes);
/* Accounts for `bytes` more (or gives them back); stops the run when the budget has no room for them. */
void memory_charge (struct memory *memory, size_t bytes, const char *what);
void memory_release (struct memory *memory, size_t bytes);
_Noreturn void memory_exhausted (struct memory *memory, size_t wanted, const char *what);
/* Whether the budget had room for what was wanted last: then it was the system that refused it. */
bool memory_was_refused (struct memory *memory);

/* A piece of address space that fills from the front. Its start never moves, unless it was opened so, and pointers into
   it stay good; pages are committed as it fills, in huge ones where the system has them. Zero is a valid, empty area.
 */
struct area
{
  struct memory *memory;
  const char *what;
  char *start; /* NULL until the first byte is wanted */
  char *map;
  size_t first; /* bytes that it has before its start moves, once; 0: it never does */
  size_t limit;
  size_t used;      /* bytes in use */
  size_t committed; /* bytes charged; used <= committed <= reserved */
  size_t reserved;
};

/* An area of at most `limit` bytes; address space is taken when the first byte is wanted. */
void area_open (struct area *area, struct memory *memory, size_t limit, const char *what);
/* One whose start moves when it grows over `first` bytes, and never again: for what may be large and mostly is not.
   Pointers into it are good until the next push. */
void area_open_small (struct area *area, struct memory *memory, size_t first, size_t limit, const char *what);
/* One for what is made of the program's text: at most `factor` bytes for each byte of it. */
void area_open_for_text (struct area *area, struct memory *memory, size_t factor, const char *what);
void area_close (struct area *area);
/* Nothing is in use any more, and its bytes are zero, as those of a new one. */
void area_empty (struct area *area);

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
#define area_add(area, type) ((type *)area_push ((area), sizeof (type)))
#define area_of(area, type) ((type *)(area)->start)
#define area_count(area, type) ((area)->used / sizeof (type))

/* When all areas are closed: gives back what is left on the heap, and keeps the places of areas for the next run. */
void memory_empty (struct memory *memory);
/* Gives back all of it. */
void memory_close (struct memory *memory);

#endif
