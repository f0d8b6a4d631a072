/* origin.h -- where numbers of the tape come from that were only moved: slices of slices of one array. */
#ifndef GRADCALC_ORIGIN_H
#define GRADCALC_ORIGIN_H

#include "base/lookup.h"
#include "tape/tape.h"

/* The root of a node is the last one on its way back that is more than a move of elements: a source, or what was
   computed. A node that hangs on several roots, if only in whether it is connected, is a root itself. */
struct origin
{
  uint32_t node, root;
  uint32_t count; /* elements */
  size_t first;   /* their ids in `ids`; SIZE_MAX: of a root, whose elements are their own */
};

/* Two numbers of one id are the same number, and hang on the same sources; id 0 does not vary. */
struct origins
{
  const struct tape *tape;
  struct area list; /* struct origin */
  struct area ids;  /* uint64_t */
  struct lookup by_node;
};

void origins_open (struct origins *origins, const struct tape *tape);
void origins_close (struct origins *origins);
void origins_forget (struct origins *origins);

/* Of a node other than 0. Good until the next call. */
struct origin origin_find (struct origins *origins, uint32_t node);
/* Of one of its elements; of a number's node, element 0. */
uint64_t origin_id (const struct origins *origins, const struct origin *origin, size_t element);

#endif
