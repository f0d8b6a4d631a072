/* vector.h -- functions of <math.h> for several numbers at once. */
#ifndef GRADCALC_VECTOR_H
#define GRADCALC_VECTOR_H

#include <stdbool.h>

/* From now on they take the numbers one by one, or not: by <math.h> a function rounds as the processor is told to, and
   raises no exception but for what is one of its result. A library of vectors does neither. */
void vector_one_by_one (bool holds);

#endif
