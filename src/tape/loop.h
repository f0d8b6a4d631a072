/* loop.h -- iterations that are alike, on the tape: what each keeps is enough to compute its links again.

   A loop is a state of numbered cells, of which every iteration assigns some, each by links from cells as they are at
   that moment. Which links there are is the same in all iterations and stands once, in a form; their coefficients are
   computed a block of iterations at a time, when a sweep comes by. So a loop takes as much room as the values of its
   state, and on the tape its results are nodes without links. Nobody but the steps of the iteration that follows knows
   these: they are never a source or a target. */
#ifndef GRADCALC_LOOP_H
#define GRADCALC_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  LOOP_BLOCK = 128, /* iterations whose coefficients are computed together: they stay in the nearest cache */
  LOOP_CELLS = 64   /* at most */
};

struct tape;

/* An assignment's links begin where those of the one before it end. */
struct loop_assignment
{
  uint16_t to; /* the cell */
  uint16_t end;
};

/* The form that all iterations of a loop have. */
struct loop_form
{
  uint32_t cell_count, assignment_count, link_count;
  uint32_t kept_count; /* numbers that an iteration keeps: what it needs of the state before it */
  const struct loop_assignment *assignments;
  const uint16_t *from; /* by link: its cell */
  /* The coefficients of `count` iterations, at most LOOP_BLOCK, by link, all finite; `entry` has the cells before the
     first iteration of the loop, `kept` for each number kept a column of `count`. They are good until the next call. */
  const double *const *(*coefficients) (const struct loop_form *form, const double *entry, const double *kept,
                                        uint32_t count);
};

/* A loop that was run. Blocks are full but for the last one. */
struct loop
{
  const struct loop_form *form;
  size_t iterations;
  size_t numbers; /* in `loop_numbers` of the tape: the cells before it, then the blocks */
  size_t nodes;   /* in `loop_nodes`: of each cell the node before and the node after; 0 is none */
  uint32_t first; /* of its results */
};

/* X[cell] are adjoints, x[cell] tangents: of the state after the loop, then of the state before it, and the other way
   around. */
void loop_reverse (const struct tape *tape, const struct loop *loop, double *X);
void loop_forward (const struct tape *tape, const struct loop *loop, double *x);
/* Goes backward through the loop for which cells are needed, through whatever coefficient: `needed` marks cells of the
   state after the loop, then those of the state before it. */
void loop_connect (const struct loop *loop, bool *needed);

/* Whether some coefficient is 0. */
bool loop_has_zeros (const struct tape *tape, const struct loop *loop);

/* The nodes of a cell. */
uint32_t loop_before (const struct tape *tape, const struct loop *loop, uint32_t cell);
uint32_t loop_after (const struct tape *tape, const struct loop *loop, uint32_t cell);

#endif
