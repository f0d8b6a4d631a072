/* contraction.h -- sums of products of arrays with a letter for each axis, as einsum has them: for each choice of the
   letters the product of an element of every operand is added to an element of the result. */
#ifndef GRADCALC_CONTRACTION_H
#define GRADCALC_CONTRACTION_H

#include "linear/linear.h"

enum
{
  CONTRACTION_OPERANDS = 8,
  CONTRACTION_LETTERS = 16
};

/* How far an operand, or the result, moves with each letter: 0 where it does not have it. */
struct contraction_part
{
  const double *elements; /* of an operand */
  size_t step[CONTRACTION_LETTERS];
};

struct contraction
{
  int operands, letters;
  size_t extent[CONTRACTION_LETTERS];
  struct contraction_part parts[CONTRACTION_OPERANDS + 1]; /* the result's is behind those of the operands */
};

/* How many terms there are. */
double contraction_terms (const struct contraction *contraction);

/* Adds the sums to the result, pair by pair of operands, the cheapest first, each pair as a product of matrices. Sums
   are in another order than term by term, and a zero meets what is not finite. False, and nothing done, where a pair
   would have more than RANK_LIMIT axes. */
bool contract (struct memory *memory, const struct contraction *contraction, double *result);

/* A walk over all terms; there is at least one. `at` is where each operand and the result stand. */
struct contraction_walk
{
  const struct contraction *contraction;
  size_t count[CONTRACTION_LETTERS], at[CONTRACTION_OPERANDS + 1];
};
struct contraction_walk contraction_walk (const struct contraction *contraction);
/* The next term; false behind the last. */
bool contraction_step (struct contraction_walk *walk);
/* The product of all operands here but one; -1: of all. */
double contraction_product (const struct contraction_walk *walk, int but);

/* The map of one operand, CONTRACT: holds copies of the others and, in `positions`, the letters. NULL elements of that
   operand will do. */
struct linear contraction_map (struct arrays *arrays, const struct contraction *contraction, int operand,
                               size_t operand_size, size_t result_size);
/* What a CONTRACT is: the others, then the operand with elements `x`, and the result; transposed, the result has
   elements `x` and the operand is what comes out. */
struct contraction contraction_of (const struct linear *linear, const double *x, bool transposed);
/* Tells of each pair of elements, of the result and of the operand, that a CONTRACT joins. False, and nothing told,
   where these are very many. */
bool contraction_pairs (const struct linear *linear, void (*tell) (void *data, size_t result, size_t operand),
                        void *data);
void contract_reverse (struct memory *memory, const struct linear *linear, const double *Y, double *X);
void contract_forward (struct memory *memory, const struct linear *linear, const double *x, double *y);

#endif
