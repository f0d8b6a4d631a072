/* why_report.h -- how a target depends on a source, for its reports. */
#ifndef GRADCALC_WHY_REPORT_H
#define GRADCALC_WHY_REPORT_H

#include "report/trace_report.h"

enum
{
  WHY_STOPS = 5 /* steps that pass nothing on, at most */
};

/* One question: the report, and the graph and gradient of one target and source. */
struct question
{
  const struct report *report;
  const struct graph *graph;
  const struct gradient *gradient;
  const struct quantity *target, *source;
};

enum why_state
{
  WHY_NONE, /* not connected */
  WHY_NAN,  /* not finite */
  WHY_ZERO, /* some step passes nothing on, and so does every path */
  WHY_PATHS
};

/* The question of a number: targets go slower than sources. */
struct question why_question (const struct report *report, size_t number);
enum why_state why_state (const struct question *question);

/* The step that an edge belongs to. */
const struct graph_step *why_step (const struct graph *graph, uint32_t edge);
/* Whether a step passes nothing on to an operand, though something came to it. */
bool why_is_stop (const struct graph *graph, const struct graph_step *step, const struct graph_edge *edge);
/* Whether a step is where something stopped being a number: its value, where its operands were numbers; or what it
   passes on, by `edge`, where what came to it was one. */
bool why_begins (const struct graph *graph, const struct graph_step *step, const struct graph_edge **edge);
bool why_has_nan (const struct shape *shape, const double *elements);

#endif
