/* loop_arrays.h -- small arrays in the bodies of loops: x, a vector of two, and A, a matrix, go on from one iteration
   to the next; o and B do not; numbers are s0 to s3. */
#ifndef TESTS_LOOP_ARRAYS_H
#define TESTS_LOOP_ARRAYS_H

#include "writer.h"

enum
{
  LOOP_NUMBERS = 4
};

/* A number that is made of arrays. */
const char *number_of_arrays (struct writer *writer);
/* What stands before the loop. */
void write_arrays_before (struct writer *writer);
/* A statement. */
void write_array (struct writer *writer);

#endif
