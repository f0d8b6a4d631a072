/* colour.h -- which sources may share a sweep: a star colouring of the pattern of a symmetric matrix. */
#ifndef GRADCALC_COLOUR_H
#define GRADCALC_COLOUR_H

#include "tape/pattern.h"

/* A symmetric pattern without its diagonal: the neighbours of i, rising, are neighbours[starts[i]] to before
   neighbours[starts[i + 1]]. Vertices of one colour are no neighbours, and no path of four vertices has only two
   colours: so each element off the diagonal stands alone in one of two sums. A hub, which has neighbours by far more
   than others, has a colour of its own. After Gebremedhin, Tarafdar, Manne and Pothen, SIAM Journal on
   Scientific Computing 29 (2007). */
struct colouring
{
  uint32_t size, colours;
  struct area starts, neighbours, of; /* uint32_t; `of`: the colour of each vertex, from 0 */
};

/* From the lists `rows` of `size` sets (made symmetric), or of a full matrix when `rows` is NULL, which has no lists of
   neighbours. There, where colouring would take too long or gain little, and where `apart` is set, each vertex has a
   colour of its own. */
void colouring_open (struct colouring *colouring, struct memory *memory, uint32_t size, const struct pattern_set *rows,
                     const uint32_t *elements, bool apart);
void colouring_close (struct colouring *colouring);

/* Where the sum over all vertices of j's colour in row i has nothing but the element (i, j); if not, the one over i's
   colour in row j has. i and j are neighbours. */
bool colouring_is_alone (const struct colouring *colouring, uint32_t i, uint32_t j);

#endif
