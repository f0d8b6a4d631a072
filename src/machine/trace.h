/* trace.h -- the steps of a run in their order, each found by the node that it made and by its place.

   A trace keeps of a step its place, operator, operands and result, from when it is taken until the trace is closed:
   32 bytes, 16 for each operand, 4 for each node, and the arrays among them, of which a program that goes on to change
   one changes a copy. What else there is to know of a step is found by it: its text by its place (run_span), the local
   derivatives as links on the tape, at the result's node, and an adjoint by a sweep that keeps that node.

   A run that derives keeps in `run.trace` what made each node, steps of rules too. Who wants the steps that the program
   itself takes, all or some, listens to it and keeps them in a trace of its own: then expressions are not folded, and
   the tape has a node for each step. A run that nobody listens to, and that keeps nothing, pays nothing. */
#ifndef GRADCALC_TRACE_H
#define GRADCALC_TRACE_H

#include "machine/listener.h"
#include "ops/ops.h"
#include "tape/tape.h"

/* What made a value, beside the operators and functions of ops.def and routines. */
enum
{
  STEP_NONE = UINT16_MAX,      /* a source, or nothing is known of it */
  STEP_LINEAR = UINT16_MAX - 1 /* the links on the tape are all there is to it: they do not depend on any value */
};

struct step
{
  struct value result;    /* held, as operands are */
  struct value *operands; /* `count` of them */
  uint32_t place;         /* of the instruction */
  uint16_t op;
  uint8_t count;
  uint8_t item : 6; /* of a tuple, which item it is */
  uint8_t kink : 1; /* a function with structure that was at a kink */
  uint8_t told : 1; /* what there is to say of kinks here was said */
};

struct trace
{
  struct area steps;    /* struct step, from 1; what is not known is step 0 */
  struct area operands; /* struct value */
  struct area of_node;  /* uint32_t, by node: the last step that made it */
  struct area by_place; /* uint32_t, once they are sorted: steps in the order of their places, and those of one ... */
  struct area ends;     /* ... in theirs; and by place, where its steps end among them */
  size_t arrays;        /* bytes of results; an array that several steps have counts as often */
  size_t thinned;       /* what there was of it when it was thinned last: for who thins it */
};

void trace_open (struct trace *trace, struct memory *memory, const char *what);
void trace_close (struct trace *trace);

/* Keeps a step, its operands and its result. */
struct step *trace_add (struct trace *trace, const struct heard *heard);

/* Thins a trace out with its tape (tape_thin): steps of nodes that go are dropped, by `drop`; of a source its value is
   all that is kept. */
void trace_thin (struct trace *trace, const unsigned char *fates, const uint32_t *numbers,
                 void (*drop) (void *data, struct value *value), void *data);

/* Once all steps are there: finds them by place, of a program that has so many. */
void trace_sort (struct trace *trace, size_t places);

static inline size_t
trace_count (const struct trace *trace)
{
  return area_count (&trace->steps, struct step) - 1;
}

static inline struct step *
trace_at (const struct trace *trace, size_t number)
{
  return area_of (&trace->steps, struct step) + number;
}

/* The number of the step that made a node, or 0; the step itself. */
static inline uint32_t
trace_number (const struct trace *trace, uint32_t node)
{
  return node < area_count (&trace->of_node, uint32_t) ? area_of (&trace->of_node, uint32_t)[node] : 0;
}

static inline struct step *
trace_find (const struct trace *trace, uint32_t node)
{
  return trace_at (trace, trace_number (trace, node));
}

/* How many places there are; the numbers of the steps at one, `count` of them. */
static inline size_t
trace_places (const struct trace *trace)
{
  return area_count (&trace->ends, uint32_t) - 1;
}

static inline const uint32_t *
trace_at_place (const struct trace *trace, uint32_t place, uint32_t *count)
{
  const uint32_t *ends = area_of (&trace->ends, uint32_t), first = place ? ends[place - 1] : 0;
  *count = ends[place] - first;
  return area_of (&trace->by_place, uint32_t) + first;
}

static inline bool
step_both_vary (const struct step *step)
{
  return step->count > 1 && step->operands[0].node && step->operands[1].node;
}

#endif
