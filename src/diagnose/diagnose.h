/* diagnose.h -- why a claim is wrong: the one slip that explains it at every point, or nothing. */
#ifndef GRADCALC_DIAGNOSE_H
#define GRADCALC_DIAGNOSE_H

#include "check/claims.h"
#include "check/points.h"

/* Gives the wrong ones of claims that were judged their causes, messages and hints, as far as they are found. */
void diagnose_claims (struct claims *claims);

/* diagnose_shape.c: a transpose, a sum over an axis, right values in another shape. True when that is it. */
bool diagnose_shape (struct claims *claims, struct claim *claim);
bool diagnose_reversed (struct claims *claims, struct claim *claim);

/* diagnose_other.c: the gradient in another variable; a matrix that was taken to be symmetric; an input that is nowhere
   in the answer, taken to be 0. */
bool diagnose_swapped (struct claims *claims, struct claim *claim, struct points *points);
bool diagnose_symmetric (struct claims *claims, struct claim *claim, struct points *points);
bool diagnose_absent (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_diagonal.c: only equal indices count. */
bool diagnose_diagonal (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_unfinished.c: the gradient in a value on the way. */
bool diagnose_unfinished (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_ratio.c: a constant ratio, which is a message; a hint may go with it. Of numbers with `enough` digits it may
   be any that has a name. */
bool diagnose_ratio (struct claims *claims, struct claim *claim, bool enough);
/* The constant multiple of what is right that a claim is, of so many numbers; false where it is none. */
bool diagnose_find_ratio (const struct claims *claims, const struct claim *claim, double *ratio, size_t *count);
/* diagnose_rounded.c: a formula in which one decimal is rounded, or that of a value that it does not mention. */
bool diagnose_rounded (struct claims *claims, struct claim *claim);
bool diagnose_rounded_value (struct claims *claims, struct claim *claim, struct points *points);

/* What a claim is a multiple by: a power of a variable, or of a number where the name is UINT32_MAX. */
struct factor
{
  uint32_t name;
  double number, power;
};
/* diagnose_multiple.c: a variable is the ratio, which is a message. */
bool diagnose_multiple (struct claims *claims, struct claim *claim, struct points *points, struct factor *factor);
/* The ratio of all elements that are not zero, at one sample; 0 when they do not have one, NaN where all are zero. */
double diagnose_ratio_at (const struct claims *claims, const struct claim *claim, const struct sample *sample);
/* diagnose_factor.c: where the program has that factor, if in one place. */
bool diagnose_factor (struct claims *claims, struct claim *claim, struct points *points, const struct factor *factor);

/* diagnose_rules.c: one wrong rule in one place of the program. */
bool diagnose_rules (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_second.c: a second derivative from which a term is missing, or in which one has the other sign. */
bool diagnose_second (struct claims *claims, struct claim *claim, struct points *points);
bool diagnose_second_sign (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_run.c: right of a program in which one call goes over another axis, or one choice another way. */
bool diagnose_run (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_edits.c: right of an answer in which one thing is changed. */
enum edits_wanted
{
  EDITS_ALL,
  EDITS_NOT_NAMES, /* but for a name in the place of another one */
  EDITS_VALUES     /* a value in the place of another one alone */
};
bool diagnose_edits (struct claims *claims, struct claim *claim, struct points *points, enum edits_wanted wanted);

/* A slip in the program, or a value in the place of another one. */
bool diagnose_slip (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_lacking.c: a factor that is a sum, without one of its terms. */
bool diagnose_lacking (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_pairs.c: two wrong rules in two places, of a formula and while the program is small. */
bool diagnose_pairs (struct claims *claims, struct claim *claim, struct points *points);

/* diagnose_may.c: whether a wrong rule in one place, or in all like it, may leave the gradient at the program's
   values as it is. Of loops some turns are looked at; true where these do not tell. */
bool diagnose_may_slip (struct claims *claims, struct claim *claim, struct points *points);

#endif
