/* trial.h -- a claim tried at points of another kind. */
#ifndef GRADCALC_TRIAL_H
#define GRADCALC_TRIAL_H

#include "check/claims.h"
#include "check/points.h"

enum
{
  LEAST_DECIDED = 3, /* points, before a claim counts as right */
  SEARCH_POINTS = 5, /* for each set of inputs that is tried */
  AFAR_RUNS = 16000  /* of the program, that searches afar may make in all */
};

struct trial
{
  struct claims *claims;
  struct claim *claim;
  struct points *points;
  bool *moves; /* of the variables that the claim mentions: which had another value somewhere in the last run */
  size_t first; /* the draw that a run begins with */
  size_t next;  /* the one behind the last draw of the last run */
  size_t runs;  /* that searches afar may still make */
  bool brief;  /* each run takes long: as few as will do, and clear differences are taken for none of rounding */
};

enum trial_outcome
{
  TRIAL_RIGHT,
  TRIAL_WRONG,
  TRIAL_OPEN,   /* rounding leaves it open */
  TRIAL_OUTSIDE /* the program does not come through at these points */
};

/* claims_trial.c. `points` is free for the trial until it is closed, and is released then. */
void trial_open (struct trial *trial, struct claims *claims, struct claim *claim, struct points *points);
void trial_close (struct trial *trial);
/* Compares at so many points, as `held`, `free` and `other` of the inputs say, and stops where the claim is wrong. With
   `near` none is far from the program's values. */
enum trial_outcome trial_run (struct trial *trial, size_t wanted, bool near);
/* Compares the claim at the one point where the inputs are; NOT_FINITE where the program does not come through. */
enum agreement trial_compare (struct trial *trial);
/* The value of a variable in a run; nothing where it has none. */
const struct value *trial_value (const struct run *run, uint32_t name);
/* Marks the variables that the claim mentions whose values in a run are not those of the program's own. */
void claim_note_moves (const struct claims *claims, const struct claim *claim, const struct run *run, bool *moves);
/* Notes what moves at some points, without comparing; with `wide` the inputs are of any size. Where each run takes long
   and nothing is held, one point will do, and it is known when the claims were sampled there. */
void trial_note_moves (struct trial *trial, bool wide);

/* claims_held.c: a claim that is right at the program's values, and wrong at others, is right after all when inputs
   that it does not mention stay as they are: as few as will do; or when what counts the elements of an array goes on
   doing so. Decides the claim then, or leaves it undecided; false when it is wrong. */
bool claim_hold (struct claims *claims, struct claim *claim, struct points *points);

/* claims_doubled.c: the claim with a count doubled, an input of that number, and the arrays repeated whose elements it
   counts. */
enum trial_outcome claim_try_doubled (struct trial *trial, size_t number);

/* claims_reach.c: whether a claim that is right near the program's values whatever the held inputs are there is wrong
   with them after all: where inputs are of any size, and where some value on the way is of an ordinary one. `moves`
   tells of these points then. False, too, when no runs are left. */
bool claim_is_wrong_afar (struct trial *trial);

/* claims_shown.c: whether a right claim is right only thanks to what matrices and shares show: then it is so as far as
   that is meant, with a remark, and undecided where it may be chance. */
void claim_check_shown (struct claims *claims, struct claim *claim, struct points *points);

/* Takes square matrices for labels after all, whose rows alone sum to 1; false when the claim is wrong then. */
bool claim_show_otherwise (struct claims *claims, struct claim *claim, struct points *points);

/* claims_twin.c: whether the name of an input has another value at the end, as that of a sum that a loop adds to. */
bool claim_is_past (const struct run *run, const struct point_input *input);
/* Whether one slip gives the claim at free points: then its hint is the claim's. */
bool claim_find_twin (struct claims *claims, struct claim *claim, struct points *points);

/* claims_meant.c: whether the program takes an input for a symmetric matrix: inverts or factors it, takes its
   determinant, or puts it between a vector and itself. */
bool claim_is_meant_symmetric (struct claims *claims, struct points *points, const struct point_input *input);

#endif
