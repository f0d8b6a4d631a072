/* why_report.c -- how a target depends on a source: what there is to tell. */
#include "report/why_report.h"

#include <math.h>

struct question
why_question (const struct report *report, size_t number)
{
  return (struct question){ report, &report->graphs[number], &report->gradients[number],
                            &report->targets[number / report->source_count],
                            &report->sources[number % report->source_count] };
}

const struct graph_step *
why_step (const struct graph *graph, uint32_t edge)
{
  size_t low = 0, high = graph->step_count;
  while (high - low > 1)
    {
      size_t middle = low + (high - low) / 2;
      if (graph->steps[middle].first_edge <= edge)
        low = middle;
      else
        high = middle;
    }
  return &graph->steps[low];
}

bool
why_has_nan (const struct shape *shape, const double *elements)
{
  bool found = false;
  for (size_t i = 0; elements && i < shape_size (shape); i++)
    found |= isnan (elements[i]);
  return found;
}

enum why_state
why_state (const struct question *question)
{
  const double *elements = question->gradient->elements;
  size_t size = shape_size (&question->source->shape);
  bool finite = true;
  for (size_t i = 0; elements && i < size; i++)
    finite &= isfinite (elements[i]) != 0;
  return !elements                                               ? WHY_NONE
         : !finite                                               ? WHY_NAN
         : question->graph->path_count                           ? WHY_PATHS
         : trace_norm (&question->source->shape, elements) > 0   ? WHY_PATHS
                                                                 : WHY_ZERO;
}

bool
why_is_stop (const struct graph *graph, const struct graph_step *step, const struct graph_edge *edge)
{
  return edge->passed && step->adjoint && trace_norm (&step->shape, step->adjoint) > 0
         && trace_norm (&graph->steps[edge->from].shape, edge->passed) == 0;
}

bool
why_begins (const struct graph *graph, const struct graph_step *step, const struct graph_edge **edge)
{
  bool value = why_has_nan (&step->shape, step->value), operands = false;
  *edge = NULL;
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *at = &graph->edges[step->first_edge + i];
      const struct graph_step *from = &graph->steps[at->from];
      operands |= why_has_nan (&from->shape, from->value);
      if (!*edge && !why_has_nan (&step->shape, step->adjoint) && why_has_nan (&from->shape, at->passed))
        *edge = at;
    }
  return (value && !operands && step->edge_count) || *edge;
}
