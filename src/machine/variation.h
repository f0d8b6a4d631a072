/* variation.h -- what is different in another run of the same program. */
#ifndef GRADCALC_VARIATION_H
#define GRADCALC_VARIATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct array;

/* Another axis in the call at one place. */
struct moved_axis
{
  uint32_t place;
  int argument;
  double axis;
  bool keeps; /* and the argument behind it, keepdims, is true */
};

/* One choice of a program, by `if` or `?:`, that goes as it is told. */
struct forced_choice
{
  uint32_t place;
  enum
  {
    FORCE_NOTHING,
    FORCE_TRUE,
    FORCE_FALSE,
    FORCE_OTHER
  } way;
};

/* Nothing of it: the program as it is written. */
struct variation
{
  /* What its inputs, and what is asked for with -w, get in the place of their values, by their numbers. NULL is as it
     is, and so is what does not have the value's shape. */
  struct array *const *inputs, *const *wanted;
  const struct moved_axis *axis; /* or NULL */
  struct forced_choice choice;
  size_t leaves;  /* loops end at their next turn once the run may count fewer steps than this */
  bool resized;   /* an input may have as many axes of other lengths */
  bool stepwise;  /* loops go step by step */
  bool bounded;   /* the run ends where many turns of a loop meet a derivative that is not finite */
  bool symmetric; /* cholesky takes the symmetric part of its matrix, which is what its derivative speaks of */
};

#endif
