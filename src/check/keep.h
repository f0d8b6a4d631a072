/* keep.h -- what the values of an array show, and go on showing when it is moved. */
#ifndef GRADCALC_KEEP_H
#define GRADCALC_KEEP_H

#include "value/value.h"

enum keep
{
  KEEP_NOTHING = 0,
  KEEP_SYMMETRIC = 1,
  KEEP_LOWER = 2,  /* zeros above the diagonal */
  KEEP_UPPER = 4,  /* below; with both, off it */
  KEEP_ROWS = 8,   /* each row sums to 1 */
  KEEP_SUM = 16,   /* all elements do */
  KEEP_SHARES = 32 /* and none of those is negative: labels, probabilities */
};

/* The properties that an array shows. Zeros alone show nothing; a diagonal matrix is not called symmetric as well. A
   square matrix may be labels as well, whose rows sum to 1: that goes to `otherwise`. */
unsigned keep_find (const struct value *value, unsigned *otherwise);

/* Gives moved elements back what the array showed: `elements` of that shape. */
void keep_impose (unsigned keeps, const struct shape *shape, double *elements);

/* Whether the columns of a matrix, or its rows, are of length 1 and at right angles, as those of the identity, of
   permutations and of rotations: the matrix and its transpose cancel, or change nothing. */
bool keep_is_orthonormal (const struct shape *shape, const double *elements);

/* In words, as they go on from "where": `S is symmetric`. */
const char *keep_words (unsigned keeps);

#endif
