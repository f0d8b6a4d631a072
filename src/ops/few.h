/* few.h -- functions of whole arrays that have few elements, with their slopes, computed where no array is. */
#ifndef GRADCALC_FEW_H
#define GRADCALC_FEW_H

#include "base/memory.h"
#include "ops/ops.h"

/* Computes a function of `count` numbers, the elements of an array that has at most ARRAY_SMALL, as its routine does,
   and what its derivative is made of:

     norm, var, std, prod, logsumexp   the value, and its slope in each number
     det, logdet                       likewise
     inv                               the inverse
     solve                             of a matrix, with a vector behind it, the solution, and the inverse
     softmax                           the values
     log_softmax                       the values, and those of softmax

   False, with nothing of use computed, where the routine has something to tell, as of a kink. */
bool few_compute (enum op op, struct memory *memory, const double *x, size_t count, double *results);

/* network.c: the softmax of one line of elements, `step` apart, and the logarithm of that if `logs` is not NULL. */
void soften (const double *x, size_t length, size_t step, double *soft, double *logs);

#endif
