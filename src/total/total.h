/* total.h -- the sums of values and derivatives over records, exact, so that parts of the records can be added up
   anywhere and in any order, and put together. */
#ifndef GRADCALC_TOTAL_H
#define GRADCALC_TOTAL_H

#include "base/exact.h"
#include "value/array.h"

/* A target or a source. */
struct total_name
{
  const char *name;
  struct shape shape;
};

/* The sums stand in the order of the wide layout: of each target its elements, then its gradient in each source, or its
   change along a direction. */
struct total
{
  struct memory *memory; /* what the blocks below are charged to */
  bool is_named;         /* what the sums are of is known; before there are no records either */
  bool is_mean;          /* the mean of the records is wanted, not their sum */
  bool has_gradients, has_along;
  uint64_t rows, skipped;
  struct total_name *targets, *sources;
  size_t target_count, source_count;
  bool *connected; /* [target * source_count + source], or [target] along: there was one in some record */
  struct exact *sums;
  size_t count;
};

/* A piece of a total: a target's value, where `derivative` is SIZE_MAX, its gradient in a source, or its change. */
struct total_piece
{
  size_t target, derivative;
  const struct shape *shape;
  size_t first, size; /* its sums */
};
/* The piece after another one, the first after all zero but `size`, which says that there was none; false at the end.
 */
bool total_next_piece (const struct total *total, struct total_piece *piece);
/* Of a derivative: where `connected` has it. */
size_t total_derivative (const struct total *total, const struct total_piece *piece);

/* Room for the names and sums of a total; names and shapes are to be filled in, then total_count () finds room for the
   sums. */
void total_open (struct total *total, struct memory *memory, size_t targets, size_t sources);
void total_count (struct total *total);
void total_close (struct total *total);

/* Adds another total, and closes it. NULL, or why it is none of the same thing: words, "the shapes of w differ: 2 and
   3". */
enum
{
  TOTAL_TEXT = 600
};
const char *total_merge (struct total *total, struct total *other, char text[TOTAL_TEXT]);

/* What is printed for a sum. */
double total_number (const struct total *total, size_t sum);
/* Whether a derivative is missing in all records. */
bool total_is_missing (const struct total *total, const struct total_piece *piece);

/* total_read.c: reads the next total of a text, as -f json prints it, from *at on, and moves *at behind it.
   TOTAL_END: there is none, but for blanks. TOTAL_BAD: `trouble` tells where and why. */
enum total_result
{
  TOTAL_READ,
  TOTAL_END,
  TOTAL_BAD
};
struct total_trouble
{
  size_t at;             /* where in the text */
  size_t lines, columns; /* from there to the place, where that is another */
  char text[TOTAL_TEXT];
};
enum total_result total_read (struct total *total, struct memory *memory, const char *text, size_t size, size_t *at,
                              struct total_trouble *trouble);

#endif
