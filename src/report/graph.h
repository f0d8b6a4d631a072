/* graph.h -- the steps of a run between its sources and a target, as plain data: what traces and pictures print.

   Steps stand in the order in which they were taken, each after its operands, so that reading them from the first to
   the last is the forward sweep and from the last to the first the reverse one. Only steps are here by which a source
   reaches the target: on the way from nowhere, or to nowhere else, is none. Whatever is pointed to lives as long as the
   run. Who makes it is results/graph_maker.c; who prints it needs nothing else. */
#ifndef GRADCALC_GRAPH_H
#define GRADCALC_GRAPH_H

#include "base/source.h"
#include "value/array.h"

/* The local derivative, which is a linear map from a change of the operand to one of the result: what `local` holds. */
enum graph_local
{
  LOCAL_NUMBER,   /* one number that each element is multiplied by, whether it is summed, spread or moved besides */
  LOCAL_ELEMENTS, /* a number for each element, of the result or of the operand: `local_shape` is one of their shapes */
  LOCAL_LEFT,     /* a matrix, from the left: result = local @ operand, so adjoints come back by local' @ adjoint */
  LOCAL_RIGHT,    /* a matrix, from the right: result = operand @ local, adjoints come back by adjoint @ local' */
  LOCAL_MATRIX,   /* all derivatives: the result's axes, then the operand's */
  LOCAL_MAP       /* too many for that: `map` is all there is to say */
};

/* An operand of a step. */
struct graph_edge
{
  uint32_t from; /* the step that made it, in `steps` */
  enum graph_local form;
  const char *map; /* the kind of linear map: "matmul left", "reduce" */
  struct shape local_shape;
  const double *local;  /* NULL: LOCAL_MAP */
  const double *passed; /* in the operand's shape: what the step passes back to it. Forward: in the result's, what a
                           change of the operand brings. NULL of a step in turns that are passed over */
};

enum graph_mark
{
  GRAPH_INPUT = 1,  /* depends on nothing: a source */
  GRAPH_WANTED = 2, /* its gradient was asked for */
  GRAPH_TARGET = 4,
  GRAPH_KINK = 8,        /* its slope is not single: a rule was chosen */
  GRAPH_STATEMENT = 16,  /* its text is the whole of `x += y` or `x[i] = y` */
  GRAPH_JUMP = 64,       /* ... 0, for it is no kink but a jump */
  GRAPH_PASSED_OVER = 32 /* in turns of a loop that are not shown: values and adjoints are not there */
};

struct graph_step
{
  const char *name;       /* the variable that it was assigned to at once; NULL */
  const char *expression; /* its text, on one line; of an input its value's */
  const char *call;       /* the text of the call that it is the result of; NULL */
  struct span named;      /* where the name is assigned: at the step, or at that call */
  const char *op;         /* as ops.def names it: "matmul"; "index", "[ ]", "item", "x[i] ="; "grad"; "" of an input */
  struct span span;
  unsigned marks;    /* GRAPH_ bits */
  uint32_t turn;     /* the innermost turn that it was taken in, in `turns`; 0: in no loop */
  uint32_t function; /* the innermost that its text stands in, in `functions`; 0: in none */
  uint32_t first_edge, edge_count;
  enum type type;
  struct shape shape;
  const double *value;   /* NULL: not kept */
  const double *adjoint; /* or the tangent; of that shape; NULL: not kept */
};

/* A turn of a loop. */
struct graph_turn
{
  uint32_t outer;   /* the turn of another loop that it was made in; 0: none */
  uint32_t loop;    /* a number for each time that a loop was entered */
  uint32_t number;  /* from 1 */
  uint32_t count;   /* how many turns of this loop there were */
  bool passed_over; /* itself, not for the sake of an outer one */
  struct span span; /* of the loop's first line */
};

/* A path from the target back to the source, and what the gradient gets by it: the product of the local derivatives. */
struct graph_path
{
  const uint32_t *edges; /* in `edges` of the graph, from the target down */
  size_t count;
  const double *contribution; /* in the source's shape */
};

/* A function of the program, from the first bracket of its parameters to its end. */
struct graph_function
{
  const char *name; /* NULL: it has none */
  struct span span;
};

/* What a condition left aside, every time that it was met. */
struct graph_branch
{
  struct span span; /* of all of it */
  const char *text; /* on one line */
  uint32_t joins;   /* the step in `steps` that comes next in the text */
};

struct graph
{
  const char *target;
  const struct graph_step *steps;
  size_t step_count;
  const struct graph_edge *edges;
  size_t edge_count;
  const struct graph_turn *turns; /* from 1 */
  size_t turn_count;
  const struct graph_path *paths; /* where they were asked for: those that count most, the first one most of all */
  size_t path_count;
  double others;      /* how many paths there are besides */
  const double *rest; /* what all others give together, in the source's shape */
  const struct graph_function *functions; /* from 1 */
  const struct graph_branch *branches;
  size_t branch_count;
  bool has_files; /* steps stand in more than one source */
  bool forward;   /* tangents, not adjoints */
  bool poison;    /* the target is NaN: what it depends on by any path gets NaN */
};

#endif
