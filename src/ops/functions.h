/* functions.h -- the routines of the functions with structure. */
#ifndef GRADCALC_FUNCTIONS_H
#define GRADCALC_FUNCTIONS_H

#include "ops/call.h"

#define FUNCTION(name, ...) void function_##name (struct call *call);
#include "ops/ops.def"

/* x[indices]: argument 0 is the array, the others are its indices: numbers, SLICEs, NONEs, arrays of positions or of
 * booleans. */
void function_index (struct call *call);
/* Argument 0 with the elements at arguments 2 ... replaced by argument 1 (a number or an array that broadcasts to
   them). When argument 0 is held by its caller alone it is changed in place. */
void function_replace (struct call *call);
/* Arguments stacked along a new first axis: an array literal. */
void function_literal (struct call *call);
/* Item `argument 1` of argument 0 along its first axis: what `for v in x` and unpacking take. Argument 1 is
 * KIND_INTEGER. */
void function_item (struct call *call);

#endif
