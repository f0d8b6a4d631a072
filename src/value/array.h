/* array.h -- real, whole and boolean arrays of any rank up to 8. */
#ifndef GRADCALC_ARRAY_H
#define GRADCALC_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

enum
{
  RANK_LIMIT = 8,
  ARRAY_SMALL = 16 /* elements at most, behind which there is room for as many numbers of nodes */
};

enum type
{
  TYPE_REAL,
  TYPE_INTEGER,
  TYPE_BOOLEAN
};

/* Rank and extents; rank 0 is a scalar. Extents beyond the rank are 0. */
struct shape
{
  int rank;
  size_t extent[RANK_LIMIT];
};

/* Elements are doubles whatever the type (booleans are 0 and 1), in row-major order, aligned to 64 bytes. */
struct array
{
  uint32_t references;
  enum type type;
  struct shape shape;
  size_t size; /* the product of the extents */
  double *elements;
  struct array *next, *previous; /* all that are alive */
  size_t bytes;                  /* of this block, header included */
  /* For small.h: the bits of elements that `whole` depends on, and of those that depend on all. */
  uint16_t covered, closed;
  uint32_t whole;
};

/* Of a small array: the nodes of its elements, where a value says that it has such. */
static inline uint32_t *
array_nodes (const struct array *array)
{
  return (uint32_t *)(array->elements + array->size);
}

/* Where arrays come from and go back to: freed blocks wait here by size class. */
struct arrays
{
  struct memory *memory;
  struct area pool;
  struct array *alive;
  struct array *spare[64];
  struct slices *slices;                  /* slices.h: that are kept, or NULL; ... */
  void (*forget) (struct arrays *arrays); /* ... then: gives them back, when there is no room */
  size_t small; /* blocks of few elements that were taken, not counting those that are used again */
};

void arrays_open (struct arrays *arrays, struct memory *memory);
void arrays_close (struct arrays *arrays); /* frees every array, held or not */

/* A new array with one reference, its elements not set. */
struct array *array_new (struct arrays *arrays, enum type type, const struct shape *shape);
void array_free (struct arrays *arrays, struct array *array);
/* New arrays of reals: all elements one number, or copies of some. */
struct array *array_filled (struct arrays *arrays, const struct shape *shape, double number);
struct array *array_copied (struct arrays *arrays, const struct shape *shape, const double *elements);
/* A vector of so many reals, not set. */
static inline struct array *
array_vector (struct arrays *arrays, size_t length)
{
  return array_new (arrays, TYPE_REAL, &(struct shape){ .rank = 1, .extent = { length } });
}

static inline struct array *
array_hold (struct array *array)
{
  array->references++;
  return array;
}

static inline void
array_drop (struct arrays *arrays, struct array *array)
{
  if (array && --array->references == 0)
    array_free (arrays, array);
}

size_t shape_size (const struct shape *shape); /* SIZE_MAX when it does not fit */
bool shape_equal (const struct shape *a, const struct shape *b);
bool shape_is_square (const struct shape *shape); /* a matrix with as many rows as columns */
/* The axes of one shape, then those of another: together no more than RANK_LIMIT. */
struct shape shape_join (const struct shape *outer, const struct shape *inner);

/* NumPy's broadcasting; false when the shapes do not fit. */
bool shape_broadcast (struct shape *result, const struct shape *a, const struct shape *b);

/* "2x3", "4", "one number" is "" (rank 0): as messages print it, into a buffer of SHAPE_TEXT bytes. */
enum
{
  SHAPE_TEXT = 200
};
const char *shape_text (char text[SHAPE_TEXT], const struct shape *shape);
/* Where an element stands, counted in row-major order: "[0,2]", "" of one number. */
const char *shape_position (char text[SHAPE_TEXT], const struct shape *shape, size_t element);

#endif
