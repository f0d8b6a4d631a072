/* gradient.h -- the reverse sweep as steps of the program: adjoints that are on the tape themselves. */
#ifndef GRADCALC_GRADIENT_H
#define GRADCALC_GRADIENT_H

#include "machine/run.h"

/* From now on the run keeps what made each node, so that gradients of its values can be recorded. Before it runs. */
void gradient_open (struct run *run);
void gradient_close (struct run *run);

/* The derivative of `target`, weighed with `seed` (a value of its shape, or NULL for ones), in each of `count` sources:
   values of their shapes, with a reference, or KIND_NOTHING where the target does not depend on a source by any path.
   They depend on what the target depends on, so that they can be differentiated again. Costs what lies between the
   earliest source and the target. */
void gradient_record (struct run *run, const struct value *target, const struct value *seed, uint32_t count,
                      const struct value *sources, struct value *results);

/* The same of one element of an array, which is the target alone, in one source. */
void gradient_record_row (struct run *run, const struct value *target, size_t element, const struct value *source,
                          struct value *result);

/* The place of the step that a node of a recorded sweep came of passing through; 0 of other nodes. Of a complete run,
   or of one that somebody listens to. */
uint32_t gradient_origin (const struct run *run, uint32_t node);

/* The run of the rules, which may have values of its own; NULL before the first gradient. */
struct run *gradient_rules (const struct run *run);

/* Whether derivatives that are taken from now on are not differentiated themselves: then their values are all that is
   made, but for a node that says that they vary. */
void gradient_values (struct run *run, bool alone);

/* What is recorded from now on is not differentiated again, and not kept. */
void gradient_last (struct run *run);

#endif
