/* complete.h -- runs in which everything is on the tape and kept as a step: also what is made of numbers that were
   read, and no input reaches. For who asks what rounding does to a value (check/rounding.h): constants are rounded too.

   Real numbers that are not whole, and all real arrays, get a node: constants and data one without links, and what is
   made of them one with links to them. Values are what they are in any run; derivatives too, but for the share that a
   tie gives to a constant. */
#ifndef GRADCALC_COMPLETE_H
#define GRADCALC_COMPLETE_H

#include "machine/run.h"

/* From now on the run is complete, and keeps its steps. Before it runs. */
void complete_open (struct run *run);

/* Whether a number or an array may be off, so that it has a node in a complete run. */
bool complete_needs_node (const struct value *value);

/* Gives a value of a complete run a node, if it may be off and has none; of a tuple, each of its items. */
void complete_value (struct run *run, struct value *value);

/* Gives what a sweep begins with a node, so that all that is made of it has one. */
void complete_seed (struct run *run, struct value *seed);

#endif
