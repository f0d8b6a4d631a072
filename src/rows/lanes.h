/* lanes.h -- records many at once: a straight way through the program, as steps on columns that have a record a lane.

   A way is learned from one run: it has the values of the steps that depend on the record, and the coefficients and
   adjoints or changes that the tape and the sweeps of that run would have, each computed by the same operations in the
   same order, so that the digits are the same. Functions and loops are the steps that they come to. Branches are
   guards: a lane for which one does not hold goes another way. Where a lane comes to a kink, to what is not finite or
   to a failed assertion, and in programs that do more than compute with numbers, a record is run by itself. */
#ifndef GRADCALC_LANES_H
#define GRADCALC_LANES_H

#include "lanes/lane.h"
#include "results/results.h"
#include "rows/bind.h"

enum
{
  LANES = 128,
  LANE_WAYS = 16,      /* at most */
  LANE_COLUMNS = 4096, /* of a way, at most */
  FINITE_SET = 4
};

/* Steps beside operators, without a result: they mark lanes. */
enum lane_op
{
  LANE_HOLDS = OPS, /* another way unless a */
  LANE_FAILS,       /* another way if a */
  LANE_TRUE,        /* by itself unless a */
  LANE_APART,       /* by itself if a and b are equal */
  LANE_KINK,        /* by itself where operator `to` has a kink at a, b, c */
  LANE_OPS
};

struct lane_way
{
  struct lane_step *steps;
  size_t step_count, column_count;
  uint16_t *finite; /* columns: a lane is by itself unless all of them are finite; in sets of FINITE_SET */
  size_t finite_count;
  double **columns;  /* where each is in the room */
  double *room;      /* column_count columns of LANES numbers; those that are the same in all lanes are set */
  uint16_t *results; /* the columns of what is reported, in the order of the wide layout */
  bool *is_value;    /* of each: it is no derivative */
  size_t result_count;
  bool is_whole;        /* nothing that is reported is missing */
  bool is_plain;        /* and all of it is real */
  double *numbers;      /* room for the results of a lane, ... */
  struct report report; /* ... which this is made of */
  char *sum_name;       /* of the sum of targets, or NULL */
};

/* What becomes of a lane. */
enum lane_fate
{
  LANE_GOOD,
  LANE_OTHER, /* it goes another way */
  LANE_ALONE  /* it has to be run by itself */
};

struct lane_way *lane_way_learn (struct run *run, const struct binding *binding, const struct result_options *options);
void lane_way_free (struct lane_way *way);
/* Room for its columns, which are 0. */
void lane_way_take_room (struct lane_way *way, struct memory *memory);
/* The same way with room of its own, which another thread may run; good as long as the first, and given back with the
   memory. */
struct lane_way *lane_way_copy (const struct lane_way *way, struct memory *memory);

/* Computes `count` records, whose numbers stand one after the other, `width` each; those that `which` names. */
void lane_way_run (const struct lane_way *way, const double *numbers, size_t width, const uint16_t *which, size_t count,
                   unsigned char *fates);
/* The results of a lane, in numbers of the way. */
void lane_way_gather (const struct lane_way *way, size_t lane);
/* One of the results, of some lanes, which are named in their order. */
void lane_way_gather_result (const struct lane_way *way, size_t result, const uint16_t *lanes, size_t count,
                             double *restrict numbers);

#endif
