/* abreast.h -- many reverse sweeps in one: a row of adjoints for each, so that the tape and its matrices are read once
   for all of them. */
#ifndef GRADCALC_ABREAST_H
#define GRADCALC_ABREAST_H

#include "tape/tape.h"

struct abreast
{
  const struct tape *tape;
  const uint32_t *keep; /* as in reverse.h */
  size_t keep_count;
  size_t width;        /* how many sweeps are abreast */
  struct area numbers; /* double: of the node of a number, its adjoint in each sweep */
  struct area arrays;  /* struct array *: of an array's node, its adjoints one behind the other; NULL is all zero */
  uint32_t top;        /* the highest node seeded */
};

/* Makes ready for as many of `wanted` sweeps at once as there is reasonable room for. False, with nothing done, where
   they go one by one, by reverse.h: they are few, no matrix is read, zeros have to be told apart, or there are loops.
 */
bool abreast_open (struct abreast *abreast, const struct tape *tape, const uint32_t *keep, size_t keep_count,
                   size_t wanted);
void abreast_close (struct abreast *abreast);

/* Makes ready for the next sweeps; called before the first ones too. */
void abreast_again (struct abreast *abreast);
/* Adds finite elements to the adjoint of a node in one of the sweeps. */
void abreast_seed (struct abreast *abreast, size_t sweep, uint32_t node, const double *elements);
void abreast_run (struct abreast *abreast);
/* As reverse_read, from one of the sweeps: the same numbers, but for the last digits of products that are large. */
void abreast_read (const struct abreast *abreast, size_t sweep, uint32_t node, size_t size, double *elements);

#endif
