/* reverse.h -- adjoints: what a change of each value does to the target. */
#ifndef GRADCALC_REVERSE_H
#define GRADCALC_REVERSE_H

#include "tape/tape.h"

/* The adjoint of one node: a number, or an array (NULL is all zeros; one of size 1 and rank 0 stands for an array whose
   elements are all the same). Zero bits are zero. From the tape's first node that is unbounded on, where nothing came
   there is FLAT, and +0 is a zero that came out: times an infinity it is NaN. */
union adjoint
{
  double number;
  struct array *array;
};

struct reverse
{
  const struct tape *tape;
  struct area adjoints;  /* union adjoint, one for each node */
  struct area connected; /* unsigned char, one for each node: filled by reverse_connect */
  const uint32_t *keep;  /* nodes whose adjoints are wanted, rising: only these survive the sweep if they are arrays */
  size_t keep_count;
  uint32_t top;    /* the highest node seeded */
  bool poison;     /* a seed is NaN: it spreads by every path */
  bool again;      /* several sweeps: each leaves zeros behind but at kept nodes */
  bool has_arrays; /* some adjoint is an array */
};

/* Puts nodes in rising order, as `keep` wants them. */
void reverse_sort (uint32_t *nodes, size_t count);
/* Prepares a sweep over `tape`, all adjoints zero. `keep` must be sorted. */
void reverse_open (struct reverse *reverse, const struct tape *tape, const uint32_t *keep, size_t keep_count);
/* Makes ready for another sweep with other seeds; called before the first one too. What stands below the lowest node
   kept is worth nothing then. */
void reverse_again (struct reverse *reverse);
void reverse_close (struct reverse *reverse);

/* Adds a seed to a node's adjoint: `elements` of an array's node (step 0: all the same), or one number. */
void reverse_seed (struct reverse *reverse, uint32_t node, const double *elements, size_t step);

/* Where the rest of an array with elements replaced is all that waits for the result's adjoint, which nobody wants any
   more: the operand takes it over, less those elements, with no copy made. False, with nothing done, where that cannot
   be: the map is another, or something came to the operand already, by another of its names. */
bool reverse_hand_over (const struct linear *linear, union adjoint *result, union adjoint *operand, double zero);

bool reverse_keeps (const struct reverse *reverse, uint32_t node);
/* reverse_array.c: the adjoint array of a node, made full and writable; `nothing` is what no adjoint counts as. */
double *reverse_writable (struct reverse *reverse, union adjoint *adjoint, size_t size, double nothing);

/* reverse_loop.c: from the results of a loop to what it began with. What it only reads has its adjoint moved in and
   out, so that parts are added to it in the order of the iterations. */
void reverse_loop (struct reverse *reverse, const struct loop *loop);

/* Sweeps from the highest seeded node down to the lowest one kept. */
void reverse_run (struct reverse *reverse);
/* Opens, and sweeps from one node whose elements all have the seed 1. */
void reverse_from (struct reverse *reverse, const struct tape *tape, uint32_t node, const uint32_t *keep,
                   size_t keep_count);

/* Marks every node that a seeded one depends on, through whatever coefficient. Needed only where an adjoint came out as
   zero, to tell it from none; seeds as given to reverse_seed since reverse_open. */
void reverse_connect (struct reverse *reverse, const uint32_t *seeds, size_t count);
/* After a sweep from these seeds: whether a kept node is connected, even if its adjoint came out as zero. */
bool reverse_reaches (struct reverse *reverse, uint32_t node, const uint32_t *seeds, size_t count);

/* Copies a kept node's adjoint: `size` elements. */
void reverse_read (const struct reverse *reverse, uint32_t node, size_t size, double *elements);
bool reverse_is_zero (const struct reverse *reverse, uint32_t node);
/* Whether anything came to an element of a kept node that is not below the unbounded ones: a zero that came out counts.
 */
bool reverse_came (const struct reverse *reverse, uint32_t node, size_t element);

#endif
