/* loop.h -- iterations on the tape, each of one of a few forms: what it keeps is enough to compute its links again.

   A loop is a state of numbered cells, of which every iteration assigns some, each by links from cells as they are at
   that moment. A cell may be an array: then iterations read and assign elements of it. An iteration goes one of a few
   ways through the body, and all that go the same way have the same links, which stand once, in a form; their
   coefficients are computed for all iterations of a block that have the form, when a sweep comes by. So a loop takes as
   much room as the values of its state, and a byte an iteration for the form. On the tape its results are nodes without
   links, which nobody but a copy of each knows: they are never a source or a target. Behind the cells of the state are
   those of values that an iteration uses itself. */
#ifndef GRADCALC_LOOP_H
#define GRADCALC_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  LOOP_BLOCK = 128,     /* iterations whose coefficients are computed together: they stay in the nearest cache */
  LOOP_CELLS = 128,     /* of the state, at most: the bits of a cell_set */
  LOOP_ALL_CELLS = 640, /* with those that an iteration uses itself */
  LOOP_LINKS = 1024,    /* of a form, at most */
  LOOP_FORMS = 64       /* of one loop, at most */
};

/* Cells of a state, a bit for each. */
__extension__ typedef unsigned __int128 cell_set;

struct tape;

/* An assignment's links begin where those of the one before it end. */
struct loop_assignment
{
  uint16_t to; /* the cell */
  uint16_t end;
  uint16_t element; /* as of a link: 0, or which of the positions it has in the array that is the cell */
  uint16_t start, open; /* its first link, and the first through which anything but NaN ever comes */
};

/* The form that iterations have. */
struct loop_form
{
  uint32_t assignment_count, link_count;
  uint32_t kept_count; /* numbers that an iteration keeps: what it needs of the state before it, and more */
  const struct loop_assignment *assignments;
  const uint16_t *from;    /* by link: its cell */
  const uint16_t *element; /* by link: 0, or which of the positions, from 1, it has in the array that is the cell; NULL
                              where the form has none */
  const bool *flat;        /* by link: whether its coefficient may be FLAT; NULL where none is */
  /* The coefficients of `count` iterations, at most LOOP_BLOCK, by link, all finite; `entry` has the cells before the
     first iteration of the loop, `kept` what these keep, and goes on to what stands behind it. Behind the coefficients
     are the positions, which may count from the end. They are good until the next call for the same form. */
  const double *const *(*coefficients) (const struct loop_form *form, const double *entry, const double **kept,
                                        uint32_t count);
};

/* Iterations in a row, each by the number of its form. What they keep stands by form, in the order of these. */
struct loop_block
{
  size_t numbers; /* in `loop_numbers` of the tape */
  uint32_t count;
  uint8_t forms[LOOP_BLOCK];
};

/* A loop that was run. */
struct loop
{
  const struct loop_form *const *forms;
  uint32_t form_count, cell_count;
  cell_set assigned; /* cells of the state that some iteration assigned */
  size_t iterations;
  size_t first_block, blocks; /* in `loop_blocks` of the tape */
  size_t numbers;             /* in `loop_numbers` of the tape: the cells before it */
  size_t nodes;               /* in `loop_nodes`: of each cell the node before and the node after; 0 is none */
  uint32_t first, last;       /* of its results */
};

/* A block that is being looked at. */
struct loop_view
{
  const struct loop_block *block;
  const double *const *coefficients[LOOP_FORMS]; /* of the forms that are in it */
  uint32_t counts[LOOP_FORMS];                   /* how many of its iterations have each form */
  bool alike;                                    /* whether all have the same */
};

/* Looks at a block, by its number within the loop. */
void loop_look (const struct tape *tape, const struct loop *loop, size_t block, struct loop_view *view);

/* Adjoints or tangents by cell; where that is an array its elements' (NULL: all are 0, and none is assigned). */
struct loop_sums
{
  double numbers[LOOP_ALL_CELLS];
  double *elements[LOOP_CELLS];
  size_t sizes[LOOP_CELLS];
};

/* The X are adjoints, the x tangents: of the state after the loop, then of the state before it, and the other way
   around. With `poison` NaN passes through FLAT; a tangent that is not finite makes NaN of FLAT, for who goes forward
   goes by adjoints where something is not finite. */
void loop_reverse (const struct tape *tape, const struct loop *loop, struct loop_sums *X, bool poison);
void loop_forward (const struct tape *tape, const struct loop *loop, struct loop_sums *x);
/* Goes backward through the loop for which cells are needed, through whatever coefficient: `needed` marks cells of the
   state after the loop, then those of the state before it. */
void loop_connect (const struct tape *tape, const struct loop *loop, bool needed[LOOP_ALL_CELLS]);

/* Whether some coefficient is 0, and not by rule. */
bool loop_has_zeros (const struct tape *tape, const struct loop *loop);

/* The nodes of a cell. */
uint32_t loop_before (const struct tape *tape, const struct loop *loop, uint32_t cell);
uint32_t loop_after (const struct tape *tape, const struct loop *loop, uint32_t cell);

/* The position of an element, by the number of the position from 1, in an array of some size in the i-th iteration of
   its form. */
static inline size_t
loop_position (const struct loop_form *form, const double *const *coefficients, uint32_t element, uint32_t i,
               size_t size)
{
  ptrdiff_t position = (ptrdiff_t)coefficients[form->link_count + element - 1][i];
  return (size_t)position + (position < 0 ? size : 0);
}

static inline cell_set
cell_bit (uint32_t cell)
{
  return (cell_set)1 << cell;
}

/* The first of some cells. */
static inline uint32_t
cell_first (cell_set cells)
{
  const uint64_t low = (uint64_t)cells, high = (uint64_t)(cells >> 64);
  return (uint32_t)(low ? __builtin_ctzll (low) : 64 + __builtin_ctzll (high));
}

#endif
