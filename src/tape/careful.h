/* careful.h -- the part of a reverse sweep that tells zeros apart: from where the tape is unbounded upward.

   Below that part every coefficient is finite, and a zero is a zero. In it an adjoint to which nothing came is FLAT,
   and one that came out as zero is +0 (linear_careful.h). */
#ifndef GRADCALC_CAREFUL_H
#define GRADCALC_CAREFUL_H

#include "linear/linear_careful.h"
#include "tape/reverse.h"

static inline bool
careful_reaches (const struct reverse *reverse, uint32_t node)
{
  return reverse->tape->unbounded && node >= reverse->tape->unbounded;
}

/* Makes the adjoints of that part FLAT. */
void careful_open (struct reverse *reverse);
/* As reverse_seed; a zero of a seed is a rule. */
void careful_seed (struct reverse *reverse, uint32_t node, const double *elements, size_t step);
/* Sweeps through that part, but not below the node above `lowest`; the node at which the rest of the sweep begins. */
uint32_t careful_run (struct reverse *reverse, uint32_t lowest);

/* Adds to `sum`, which is FLAT where nothing came, all that a node with adjoint `elements` (of its size) passes to an
   operand by its links to it. */
void careful_pass (const struct tape *tape, uint32_t node, uint32_t operand, const double *elements, double *sum);

#endif
