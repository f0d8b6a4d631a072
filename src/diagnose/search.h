/* search.h -- what searches for a slip go by. */
#ifndef GRADCALC_SEARCH_H
#define GRADCALC_SEARCH_H

#include "diagnose/slips.h"

/* At which places a slip is made that is made at one, the simplest first: there alone; wherever the text is the same;
   wherever the function is. */
enum likeness
{
  ALONE,
  LIKE_TEXT,
  LIKE_FUNCTION
};

/* A slip in one place, the first of all that are like it. */
struct fit
{
  enum slip slip;
  int operand;
  uint32_t place;
  enum likeness like;
  bool alive; /* it gives the claim at all points so far */
};

/* At how many of its samples a claim is compared with what a slip gives: the longer a program, the fewer, which is
   noted. Those at which it differs tell most, and are moved to the front of the random ones. */
size_t search_samples (struct claims *claims, struct claim *claim, const struct points *points);
/* The sample that a search begins with, at which the claim differs: a random one if there is such. How many there are
   at which it does: of few, a slip may explain all by chance. */
size_t search_first (const struct claims *claims, const struct claim *claim, size_t samples, size_t *differing);
/* Nodes that change with a claim's source and that its target depends on, as bytes by node: a block of the heap. */
unsigned char *search_path (const struct replay *replay, const struct claim *claim);
/* The cost of one sweep: links and elements. */
size_t search_cost (const struct replay *replay);
/* The first step at a place, in the order of the run; NULL when it did not come there. */
const struct step *search_step (const struct replay *replay, uint32_t place);
/* Whether an operand is a sum or a difference itself, of whose terms one varies: that one is told to be held constant.
 */
bool search_has_one_term (const struct claims *claims, const struct replay *replay, const unsigned char *path,
                          const struct step *step, int operand);
/* Whether a place is one of those like that of a fit, with a step on the path (search_path). */
bool fit_is_at (const struct claims *claims, const struct replay *replay, const unsigned char *path,
                const struct fit *fit, uint32_t place);
/* Changes the tape as a fit would; false, with nothing changed, when that makes no sense, or at one place alone where
   several are meant. */
bool fit_apply (const struct claims *claims, struct replay *replay, const unsigned char *path, const struct fit *fit);
/* Whether a slip explains things better than another one: it is simpler, or as simple and further out in the text. */
bool fit_is_better (const struct claims *claims, const struct fit *a, const struct fit *b);

#endif
