/* heap.h -- blocks of memory: the one way to take them. Nothing else calls malloc and its kin. */
#ifndef GRADCALC_HEAP_H
#define GRADCALC_HEAP_H

#include <stdarg.h>

#include "base/memory.h"

/* A block is charged to a budget, belongs to it and comes in whole or not at all: where the budget has no room or the
   system refuses, the run stops with a message (memory_exhausted), so a pointer that is returned is never NULL and
   nobody looks. `what` names the purpose in that message in plain words, as "the formulas".

     double *half = heap_take_zeroed (memory, rows * columns, sizeof *half, "a product of matrices");
     ...
     heap_give (half);

   What a jump leaves behind is given back by memory_close. Blocks are aligned to 16 bytes. Count times size may
   overflow: no such block exists, and the run stops. Blocks of no elements are blocks too. Where elements come one at a
   time by the thousand, an area (memory.h) is the better place; where they are numbers that live long, an array. */
void *heap_take (struct memory *memory, size_t count, size_t size, const char *what);
void *heap_take_zeroed (struct memory *memory, size_t count, size_t size, const char *what);

/* Room for `count` elements in all: `block` (NULL is an empty one) where it has that already, else a larger one with
   its bytes, larger by half at least, so that growing by one element each time costs little. What is new is not set. */
void *heap_grow (struct memory *memory, void *block, size_t count, size_t size, const char *what);

/* Copies: of `size` bytes, with a NUL behind them; of what printf makes of a format. */
char *heap_copy (struct memory *memory, const char *text, size_t size, const char *what);
char *heap_format (struct memory *memory, const char *what, const char *format, ...)
  __attribute__ ((format (printf, 3, 4)));
char *heap_format_list (struct memory *memory, const char *what, const char *format, va_list arguments)
  __attribute__ ((format (printf, 3, 0)));

/* Gives a block back, and its charge; NULL is none. */
void heap_give (void *block);

/* For those who have something to do first when there is no room, NULL instead of a stop: a block that begins at a
   multiple of HEAP_LINE; a block that there is, larger, or as it was. */
enum
{
  HEAP_LINE = 64
};
void *heap_try_line (struct memory *memory, size_t bytes);
void *heap_try_grow (struct memory *memory, void *block, size_t bytes);

/* Calls `close` with the block before it is given back by memory_close: for what a block holds of the system. */
void heap_on_close (void *block, void (*close) (void *block));
/* Gives back all that is left, the latest first; for memory_close. */
void heap_close (struct memory *memory);

#endif
