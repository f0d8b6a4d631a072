/* slices.h -- slices that were taken of arrays, which loops take again and again. */
#ifndef GRADCALC_SLICES_H
#define GRADCALC_SLICES_H

#include "value/layout.h"

/* The same slice of the same array is made once, as long as somebody has it: as tapes have what values were multiplied
   by. Of arrays of few elements none is kept. Arrays that a slice was kept of are held by it, until they are to be
   changed (slices_leave) or there is no room for others. */
enum
{
  SLICE_WORTH = 4096 /* elements */
};

/* That slice, not held for who asks, or NULL. */
struct array *slices_find (const struct arrays *arrays, const struct array *source, const struct layout *layout);
void slices_keep (struct arrays *arrays, struct array *source, const struct layout *layout, struct array *slice);

/* Whether an array has one reference, as who is to change it in place has to know: slices of it that are kept are
   forgotten first. */
bool slices_leave (struct arrays *arrays, struct array *array);

#endif
