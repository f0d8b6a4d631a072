/* flow.h -- where the values of a run go: what was made of what, and what was read where. */
#ifndef GRADCALC_FLOW_H
#define GRADCALC_FLOW_H

#include "explain/flow_graph.h"
#include "machine/again.h"

/* A variable to look at: the value that its first assignment gives it or, with a line, the last one bound there. */
struct flow_source
{
  uint32_t name;
  size_t line;
};

/* One run serves all sources: registers hold nodes of a graph, and what becomes of a source is read off the nodes that
   its own reaches. */
struct flow
{
  const struct program *program;
  struct diagnostics *diagnostics;
  struct flow_graph graph;
  struct area sources;        /* struct flow_traced, as they were asked for */
  struct area by_slot;        /* uint32_t by global register: the first source there, from 1 */
  struct area globals, stack; /* uint32_t: the node of each register, on the stack beside the run's */
  struct area assigned;       /* uint32_t by global register: when it was last assigned */
  size_t patience;            /* instructions that may still be run */
  bool cut;                   /* the run was longer */
};

/* The answer to one question: where the path of a source to a target ends. */
struct flow_answer
{
  bool in_time;                        /* it was bound when the target was last assigned */
  bool read;                           /* what comes of it was read somewhere */
  struct span rebound;                 /* the assignment that bound it again; NOWHERE */
  bool rebound_first;                  /* and that was before it was read */
  struct span condition;               /* where a condition hangs on it; NOWHERE */
  const struct flow_break *path_break; /* where the path to the target ends; NULL */
};

/* Runs the program once more. `files` are those of the run before. */
void flow_open (struct flow *flow, const struct program *program, struct diagnostics *diagnostics,
                const struct area *files, const struct flow_source *sources, size_t count);
void flow_close (struct flow *flow);

/* `target_slot` is a register among the globals. The time is that of the nodes that the source reaches. */
struct flow_answer flow_ask (struct flow *flow, size_t source, uint32_t target_slot);

#endif
