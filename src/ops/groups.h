/* groups.h -- the elements of an array in groups, each of which a reduction makes one number of. */
#ifndef GRADCALC_GROUPS_H
#define GRADCALC_GROUPS_H

#include "ops/routine.h"

struct groups
{
  struct operand operand;
  struct shape result;
  struct layout into;  /* for each element of the operand, its element of the result */
  struct layout order; /* the elements of the operand, group after group */
  bool in_order;       /* that is how they stand */
  bool needs_scratch;  /* the function wants room for a group */
  size_t count, length;
};

/* Reads argument 0, and the arguments at `axis` (none, one axis or a vector of axes) and `keepdims`. */
struct groups groups_of (struct call *call, int axis, int keepdims);

/* One group: its value and, if `slopes` is not NULL, the derivative in each of its elements. */
struct group
{
  const double *elements;
  size_t length;
  double parameter;
  double *slopes;
  double *scratch; /* room for the elements, if asked for */
  size_t *kinks;   /* counts the groups that are at a kink; with slopes only */
};
typedef double group_function (const struct group *group);

/* statistics.c, reduce.c: the parameter is ddof, p, or nothing. */
group_function variance_of, deviation_of, norm_of, logsumexp_of, product_of;

/* The whole reduction, with its link. */
void groups_reduce (struct call *call, const struct groups *groups, enum type type, group_function *function,
                    double parameter);

/* Stops the run when a group has no elements. */
void groups_need_elements (struct call *call, const struct groups *groups);

#endif
