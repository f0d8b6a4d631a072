/* mend.h -- where the rules of a recorded sweep do not tell zeros apart: what the links on the tape say. */
#ifndef GRADCALC_MEND_H
#define GRADCALC_MEND_H

#include "machine/run.h"

/* A value that the rule of `node` made of its adjoint for an operand: elements that are 0 or not finite become what the
   node's links make of it, on a tape that is careful: FLAT where nothing comes (linear_careful.h). `alone` says that
   the node has this operand once. */
void mend_pullback (struct run *run, uint32_t node, uint32_t operand, bool alone, const struct value *adjoint,
                    struct value *value);

/* What a sweep begins with: a zero of it that does not vary is a rule. */
void mend_seed (struct run *run, struct value *seed);

/* FLAT becomes a zero like others. */
void mend_zeros (struct run *run, struct value *value);

/* What depends by any path on an element of a target that is NaN, be it the one that is the target alone or any
   (SIZE_MAX), has the derivative NaN. Derivatives that are KIND_NOTHING stay. */
void mend_not_numbers (struct run *run, const struct value *target, size_t element, uint32_t count,
                       const struct value *sources, struct value *derivatives);

bool mend_has_nan (const struct value *value);

/* The way back of what is NaN in a derivative: from each such element to the same of the source. What else it depends
   on its own links say. */
struct linear mend_tie_own (struct run *run, const struct value *derivative);

/* The way back of what is NaN in a derivative of a target that is NaN: from each such element to those of the target
   that depend on the same element of the source. Where nothing is NaN it has no terms, which stands for all with all;
   where the target has numbers only, and the derivative links of its own, nothing at all passes. */
struct linear mend_tie (struct run *run, const struct value *derivative, const struct value *source,
                        const struct value *target);

#endif
