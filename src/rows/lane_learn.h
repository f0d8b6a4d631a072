/* lane_learn.h -- what is known of a way while it is learned. */
#ifndef GRADCALC_LANE_LEARN_H
#define GRADCALC_LANE_LEARN_H

#include "machine/run.h"
#include "results/results.h"
#include "rows/lanes.h"

enum
{
  REGISTERS_KNOWN = 4096, /* a power of two */
  LINKS = 4 * LANE_COLUMNS,
  LANE_ARGUMENTS = 64, /* of a function, at most */
  LANE_TURNS = 39,     /* of all loops, at most: with one more they could be one entry of the tape (machine/repeat.c) */
  NOTHING = UINT32_MAX
};

/* A register whose value hangs on the record. */
struct known
{
  const struct value *where;
  uint16_t column; /* LANE_NONE: not any more */
};

/* A link of the tape. */
struct lane_link
{
  uint32_t node;
  struct lane_value weight;
};

struct learner
{
  struct run *run;
  const struct binding *binding;
  const struct result_options *options;
  bool failed;
  struct lane_writer writer;
  struct lane_step steps[LANE_COLUMNS];
  size_t step_count, column_count;
  bool is_finite[LANE_COLUMNS]; /* by column: a lane is by itself unless it is */
  double fixed[LANE_COLUMNS];   /* by column: its number, where it is the same in all records */
  bool is_fixed[LANE_COLUMNS];
  struct known known[REGISTERS_KNOWN];
  size_t known_count;
  struct lane_link links[LINKS];
  size_t link_count;
  uint32_t starts[LANE_COLUMNS + 2]; /* by node: where its links begin, those of a node without are none */
  uint32_t node_count;               /* of the tape, as far as they are known */
  uint32_t awaited;                  /* the node that the group before makes, or 0 */
  uint32_t turns;                    /* of loops, that were taken */
  /* What the instruction before does, whose place is known by the next one. */
  const struct instruction *made, *returned; /* a function, the call that one returns from, or NULL */
  struct value *made_bases[4];
  const struct function *called; /* or NULL */
  struct lane_value arguments[LANE_ARGUMENTS], result;
};

/* lane_column.c: what a register has from here on, and what it has. */
void lane_set (struct learner *learner, const struct value *where, struct lane_value value);
struct lane_value lane_get (struct learner *learner, const struct value *where);
/* Adds steps, and columns of numbers that are the same in all records. */
struct lane_writer lane_writer_of (struct learner *learner);
/* Lanes in which a value is not finite are by themselves. */
void lane_mark_infinite (struct learner *learner, struct lane_value value);
/* A step that marks lanes. */
void lane_mark (struct learner *learner, enum lane_op op, struct lane_value a, struct lane_value b, struct lane_value c,
                uint16_t kinked);

/* lane_call.c: a function that is about to be made, called or left; and before the next instruction. */
void lane_learn_closure (struct learner *learner, const struct instruction *instruction, struct value *const bases[4]);
void lane_learn_call (struct learner *learner, const struct instruction *instruction, struct value *const bases[4]);
void lane_learn_return (struct learner *learner, const struct instruction *instruction, struct value *const bases[4]);
void lane_settle (struct learner *learner, struct value *const bases[4]);

/* lane_results.c: what is reported, when the run has ended; whether that is numbers alone, each with a derivative of
   its own; and the report of a lane, which is that of the run but for its numbers. */
void lane_learn_results (struct learner *learner, struct lane_way *way, const struct results *results);
bool lane_results_are_simple (const struct results *results);
void lane_keep_report (struct lane_way *way, const struct results *results, struct memory *memory);

/* lane_group.c: an expression that is about to be run. */
void lane_learn_group (struct learner *learner, const struct instruction *code, struct value *const bases[4]);

#endif
