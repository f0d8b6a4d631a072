/* points.h -- the program at other points than its own. */
#ifndef GRADCALC_POINTS_H
#define GRADCALC_POINTS_H

#include "check/keep.h"
#include "machine/again.h"

/* An input that the run bound. */
struct point_input
{
  uint32_t number, name;
  struct value value;  /* as the program has it */
  bool still;          /* it stays as it is */
  bool held;           /* it stays for the moment */
  bool free;           /* it need not show what it shows for the moment */
  unsigned keeps;      /* what it shows (keep.h), and goes on showing */
  unsigned otherwise;  /* what else it may be meant to show; or KEEP_NOTHING */
  struct array *other; /* what it has for the moment in the place of its value, of any length; or NULL */
  struct array *moved; /* where it is now; NULL: as it is */
};

struct points
{
  const struct run *base; /* the run at the program's own values */
  struct random random;   /* before the first draw */
  struct point_input *inputs;
  size_t input_count;
  struct array **moved;    /* by the program's inputs */
  const uint32_t *watched; /* registers whose values have to be finite, or a point is no use */
  size_t watched_count;
  struct variation variation; /* the same, and what else is different in the runs */
  size_t steps;               /* loops and calls that one run may make */
  size_t turns;               /* that it makes at the program's values, once that is told, and ... */
  size_t work;                /* ... about how many instructions these are */
  bool complete;              /* runs are complete (machine/complete.h) */
  bool wide;                  /* draws are of any size, each input of its own */
  bool scaled;                /* small and large numbers that get the other sign remain so */
  bool unheard;               /* the steps of a run take more memory than they may */
};

/* `base` was run, and stays until points_close. */
void points_open (struct points *points, const struct run *base, uint64_t seed);
void points_close (struct points *points);

/* Lets no run go on for very much longer than the program at its own values, which made that many steps: a loop that
   does, does not end there. */
void points_limit (struct points *points, size_t turns);

/* About how many numbers a run of the program handles: those of its tape, and the turns of loops. */
size_t points_cost (const struct points *points);

/* Whether these are very many. */
bool points_are_large (const struct points *points);

/* Whether the program takes so many steps that what is found out by many runs of it has to do with few. */
bool points_are_long (const struct points *points);

/* Finds the inputs that have to stay as they are because a position, a size or a count is made of them, or an exponent:
   whole numbers without which no point is any use. */
void points_settle (struct points *points);

/* The number of no draw: of the point that is the program's own. */
static const size_t POINTS_OWN = SIZE_MAX;

/* Numbers of draws for which all inputs stay near their values. */
static inline size_t
points_near (size_t i)
{
  return i / 2 * 8 + i % 2 * 2;
}

/* Moves the inputs for the draw of that number: even ones near their values, by up to three tenths, but for very large
   and very small numbers in every other of them; odd ones away from them, or to numbers of an ordinary size, which
   functions are not saturated by, every other of these without a change of sign, and every fourth all positive, where
   roots and logarithms are. Those of `points_near` are all near.
   `wide` ones go to any size from 1e-5 to 1e5, the elements of an array together; every other of them may change the
   sign of numbers and vectors. The same seed and number give the same point, but for inputs that are held; POINTS_OWN
   moves them back. */
void points_draw (struct points *points, size_t number);
/* Moves them back. */
void points_reset (struct points *points);
/* Moves every number that may have been rounded when it was read to the next double towards `end`, from where the
   inputs are; gives what `points_put_back` takes to put them back. */
struct array **points_nudge (struct points *points, double end);
void points_put_back (struct points *points, struct array **kept);
/* All move again, and keep what they show. */
void points_release (struct points *points);

enum point_outcome
{
  POINT_GOOD,
  POINT_OUTSIDE, /* something watched is not finite, an assertion fails, or the run does not end */
  POINT_WRONG    /* the program is wrong there: a shape, an index */
};

/* Runs the program where its inputs were moved to. `again` is opened, and is the caller's to close whatever comes of
   it. */
enum point_outcome points_run (const struct points *points, struct again *again, const struct listener *listener,
                               struct array *const *moved_wanted);

#endif
