/* spread.h -- an expression of elementwise operators with arrays among its operands, as spread.c and fusion.c see it.
 */
#ifndef GRADCALC_SPREAD_H
#define GRADCALC_SPREAD_H

#include "machine/run.h"

struct spread
{
  struct run *run;
  uint32_t place;
  const struct instruction *steps;
  uint32_t count;
  struct value *const *bases;
  struct value results[GROUP_LIMIT]; /* of the steps evaluated apart */
  const struct shape *shapes[GROUP_LIMIT];
  struct shape joined[GROUP_LIMIT]; /* where it is that of no operand */
  enum kind types[GROUP_LIMIT];     /* REAL, INTEGER or BOOLEAN */
  bool fused[GROUP_LIMIT];
  bool small;       /* elements are linked one by one */
  bool decides;     /* it chooses between sides: a comparison that is a tie is told */
  uint32_t reduced; /* GROUP_SUMMED, GROUP_AVERAGED or 0: whether a number may stand for the result */
};

static inline const struct value *
spread_operand (const struct spread *spread, uint32_t operand)
{
  return operand >> 30 == 1 ? &spread->results[operand & REGISTER_MASK] : OPERAND (spread->bases, operand);
}

static inline uint32_t
spread_read (const struct instruction *step, int k)
{
  return k == 0 ? step->a : k == 1 ? step->b : step->c;
}

/* Where a step stands in the program; a group made up for one call stands at the call. */
uint32_t spread_place (const struct spread *spread, uint32_t step);
/* Evaluates the steps `which`, all of the result's shape, together; the result may be the sum or mean of it, where that
   is what is asked for. False, with nothing recorded, when a coefficient is not finite and they are several, or small.
   */
bool spread_fused (struct spread *spread, const uint32_t *which, int count, struct value *result);

/* Whether the run remarks on these together: a vector of n and a column of n by 1 make a matrix, which is seldom meant.
 */
bool spread_is_remarked (const struct shape *a, const struct shape *b);

#endif
