/* holding.h -- inputs that stay at their values while a claim is tried. */
#ifndef GRADCALC_HOLDING_H
#define GRADCALC_HOLDING_H

#include "check/trial.h"

/* The search for inputs that, held at their values, make a claim right. */
struct holding
{
  struct trial trial;
  bool *mentioned; /* by input: the claim mentions it */
  bool *unnamed;   /* by input: the program binds its name again, so that no claim can mention it */
  bool *counts;    /* by input: held, it counts elements in the claim too, by its name or as a length */
  bool *moved;     /* by what the claim mentions: it moves when nothing is held */
  bool *last;      /* by the same: what moved when the claim was right the last time, with what is held in the end */
  size_t looked;   /* points at which a set is looked at in a long program, each of whose runs takes long */
  size_t next;     /* the draw behind these, of the set that is held in the end */
};

/* claims_chance.c: whether what is held may agree by chance: a factor that is 1, a matrix that turns nothing or a term
   that is 0 may have been left out, and something else that does not move may stand for it. */
bool holding_may_be_chance (const struct holding *holding);

#endif
