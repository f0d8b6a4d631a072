/* watch.h -- a run whose steps are kept, and of each node where it was made, and in which turn of which loop. */
#ifndef GRADCALC_WATCH_H
#define GRADCALC_WATCH_H

#include "machine/run.h"
#include "report/graph.h"

/* Where a node was made. */
struct making
{
  uint32_t place, turn;
  uint32_t call; /* the place of the last call that returned it, plus one, or 0 */
};

enum watched_way
{
  WAY_ON = 1,  /* it held: what stands behind it ran */
  WAY_JUMP = 2 /* it did not */
};

/* A loop that is being gone through: the instruction that each of its turns begins with. */
struct watched_loop
{
  uint32_t top, turn;
  size_t depth; /* of the function that it is in */
};

struct watch
{
  struct run *run;
  struct listener listener;
  struct trace own;    /* of a program that takes no derivatives: else the run keeps its steps anyway */
  struct area makings; /* struct making, by node */
  struct area turns;   /* struct graph_turn; the first is none */
  struct area loops;   /* struct watched_loop: those that the run is in, the innermost last */
  struct area ends;    /* uint32_t, by place: of one that a loop begins its turns with, the last jump there */
  struct area ways;    /* unsigned char, by place: WAY_ bits of a condition that was met */
  uint32_t previous;   /* the instruction before */
  uint32_t loop_count;
  struct making now; /* of the instruction at work */
  bool open;
};

/* Before the run: it keeps its steps from then on, each a node of its own, in run->trace. */
void watch_open (struct watch *watch, struct run *run);
/* After it. Both are for one that was opened. */
void watch_end (struct watch *watch);
/* Before the run is closed; it can be opened again. */
void watch_close (struct watch *watch);

#endif
