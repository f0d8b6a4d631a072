/* flow.h -- where the values of a run go: what was made of what, and what was read where. */
#ifndef GRADCALC_FLOW_H
#define GRADCALC_FLOW_H

#include <setjmp.h>

#include "explain/flow_graph.h"
#include "machine/again.h"

/* A variable to look at: the value that its first assignment gives it or, with a line, the last one bound there. */
struct flow_source
{
  uint32_t name;
  size_t line;
};

/* A source while the run goes. */
struct flow_traced
{
  struct flow_source asked;
  uint32_t next;     /* another one in the same register, from 1 */
  uint32_t node;     /* 0: it was never bound */
  uint32_t bound_at; /* 0: never */
  uint32_t rebound_at;
  struct span rebound;
};

/* Where an instruction stands: the first registers of its frame and of the next one and, of a call, the number of the
   function that it enters; of a return, the place of the call and the first register of the frame it is in. */
struct standing
{
  size_t base, callee, caller;
  uint32_t called, call;
};

enum
{
  CALLS_NOTHING = UINT32_MAX, /* an error */
  CALLS_BUILT_IN = UINT32_MAX - 1
};

/* Turns that were followed, by what registers held before and hold after them. */
struct flow_turns
{
  struct area words;    /* uint32_t: `size` of each state */
  struct area known;    /* struct known_turn */
  struct lookup states, by_passage;
  size_t size;
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
  struct flow_turns turns;
  uint32_t bindings; /* how often a source was bound or bound again, as far as that counts */
  size_t patience;            /* instructions that may still be followed */
  jmp_buf *stop;              /* out of the run */
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

/* flow_step.c: what an instruction does. Room on the stack for so many registers. */
void flow_step (struct flow *flow, const struct run *run, uint32_t place, const struct standing *standing);
void flow_fill_stack (struct flow *flow, size_t registers);
/* Counts an instruction; the run ends where they were too many. */
void flow_use_patience (struct flow *flow);

/* flow_turns.c: what turns do that were run at once, in a frame. */
void flow_turns_open (struct flow_turns *turns, struct memory *memory, const char *what);
void flow_turns_close (struct flow_turns *turns);
void flow_turns_pass (struct flow *flow, const struct run *run, const struct turns *turns,
                      const struct standing *standing);

/* `target_slot` is a register among the globals. The time is that of the nodes that the source reaches. */
struct flow_answer flow_ask (struct flow *flow, size_t source, uint32_t target_slot);

#endif
