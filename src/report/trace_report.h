/* trace_report.h -- what the reports of a trace have in common. */
#ifndef GRADCALC_TRACE_REPORT_H
#define GRADCALC_TRACE_REPORT_H

#include "report/graph.h"
#include "report/print.h"

enum
{
  TRACE_SMALL = 16,  /* elements, of an array that people read whole */
  TRACE_WHOLE = 1000 /* of one that programs do */
};

/* A stretch of steps, in turns of a loop that are passed over. */
struct passed_over
{
  size_t steps;
  uint32_t first, last; /* turns of the loop; 0: of several loops */
  struct span loop;
};

/* The outermost turn that is passed over, of those that a step is in; or NULL. */
const struct graph_turn *trace_passed_turn (const struct graph *graph, const struct graph_step *step);
/* The steps that are passed over from one on, if it is. */
struct passed_over trace_passed_over (const struct graph *graph, size_t step);

/* What an operand of a step is called: its name, the call that it is the result of, else its text. */
const char *trace_operand (const struct graph *graph, const struct graph_edge *edge);

/* What a step is at: "kink", "jump"; "" for neither. */
const char *trace_kink (const struct graph_step *step);

/* The shape that stands for what is passed on: of the operand, forward of the result. */
const struct shape *trace_passed_shape (const struct graph *graph, const struct graph_step *step,
                                        const struct graph_edge *edge);

/* Where a step is: "2:8". */
void trace_print_place (struct printer *printer, const struct report *report, struct span span, bool with_file);

/* A small array in one line, of a large one shape and norm; nothing for NULL. */
void trace_print_array (struct printer *printer, enum type type, const struct shape *shape, const double *elements);
/* The local derivative: a number or array; of a product with a matrix what adjoints are multiplied by, `A' @` or
   `@ B'`, forward the matrix itself; of a map that is too large its kind. */
void trace_print_local (struct printer *printer, const struct graph *graph, const struct graph_edge *edge);

double trace_norm (const struct shape *shape, const double *elements);

#endif
