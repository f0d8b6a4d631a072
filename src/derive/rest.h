/* rest.h -- adjoints of arrays of which elements were replaced, in a recorded sweep.

   An array that changes element by element has as many nodes as it has changes. Its adjoint is handed from each to the
   one before, and changed in place: a step for each change, none of them for the whole array. */
#ifndef GRADCALC_REST_H
#define GRADCALC_REST_H

#include "machine/run.h"

/* The map by which a node of a recorded step has what was not replaced, or NULL; it is its last link. */
const struct linear *rest_map (const struct tape *tape, uint32_t node);

/* An adjoint less what was replaced, which the map tells; it is changed, and left as KIND_NOTHING, when nobody else
   holds it. */
struct value rest_of (struct run *run, const struct linear *map, struct value *adjoint);

/* Adds a number to one element of an adjoint. */
void rest_add (struct run *run, struct value *adjoint, size_t position, const struct value *number);

#endif
