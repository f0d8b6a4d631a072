/* trace_report.c -- what the reports of a trace have in common. */
#include "report/trace_report.h"

#include <math.h>

#include "report/markdown.h"

const struct graph_turn *
trace_passed_turn (const struct graph *graph, const struct graph_step *step)
{
  const struct graph_turn *found = NULL;
  for (uint32_t turn = step->turn; turn; turn = graph->turns[turn].outer)
    if (graph->turns[turn].passed_over)
      found = &graph->turns[turn];
  return found;
}

struct passed_over
trace_passed_over (const struct graph *graph, size_t step)
{
  struct passed_over passed = { 0 };
  const struct graph_turn *first = NULL, *last = NULL;
  for (; step < graph->step_count && graph->steps[step].marks & GRAPH_PASSED_OVER; step++)
    {
      const struct graph_turn *turn = trace_passed_turn (graph, &graph->steps[step]);
      if (first && (turn->loop != first->loop || turn->outer != first->outer))
        break;
      first = first ? first : turn;
      last = turn;
      passed.steps++;
    }
  if (first)
    passed = (struct passed_over){ passed.steps, first->number, last->number, first->span };
  return passed;
}

const char *
trace_operand (const struct graph *graph, const struct graph_edge *edge)
{
  const struct graph_step *from = &graph->steps[edge->from];
  return from->name ? from->name : from->call ? from->call : from->expression;
}

const char *
trace_kink (const struct graph_step *step)
{
  return step->marks & GRAPH_JUMP ? "jump" : step->marks & GRAPH_KINK ? "kink" : "";
}

const struct shape *
trace_passed_shape (const struct graph *graph, const struct graph_step *step, const struct graph_edge *edge)
{
  return graph->forward ? &step->shape : &graph->steps[edge->from].shape;
}

void
trace_print_place (struct printer *printer, const struct report *report, struct span span, bool with_file)
{
  if (!span.start)
    return;
  struct place place = sources_place (report->places, span.start);
  if (with_file)
    {
      (report->format == FORMAT_MARKDOWN ? markdown_text : print_text) (printer, place.source->name);
      print_char (printer, ':');
    }
  print_format (printer, "%zu:%zu", place.line, place.column);
}

double
trace_norm (const struct shape *shape, const double *elements)
{
  double largest = 0, sum = 0;
  size_t size = shape_size (shape);
  for (size_t i = 0; i < size; i++)
    if (isnan (elements[i]))
      return NAN;
    else if (fabs (elements[i]) > largest)
      largest = fabs (elements[i]);
  if (largest == 0 || isinf (largest))
    return largest;
  for (size_t i = 0; i < size; i++)
    sum += elements[i] / largest * (elements[i] / largest);
  return largest * sqrt (sum);
}

void
trace_print_array (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  char text[SHAPE_TEXT];
  size_t size = shape_size (shape);
  if (!elements)
    return;
  if (size > TRACE_SMALL)
    {
      print_format (printer, "%s, norm ", shape_text (text, shape));
      print_element (printer, TYPE_REAL, trace_norm (shape, elements));
      return;
    }
  print_array_text (printer, type, shape, elements, PRINT_ONE_LINE);
}

void
trace_print_local (struct printer *printer, const struct graph *graph, const struct graph_edge *edge)
{
  const char *mark = graph->forward ? "" : "'";
  if (!edge->local)
    {
      print_text (printer, edge->map ? edge->map : "");
      return;
    }
  bool is_factor = edge->form == LOCAL_RIGHT || edge->form == LOCAL_LEFT;
  bool in_words = is_factor && shape_size (&edge->local_shape) > TRACE_SMALL;
  if (edge->form == LOCAL_RIGHT)
    print_text (printer, "@ ");
  print_text (printer, in_words ? "(" : "");
  trace_print_array (printer, TYPE_REAL, &edge->local_shape, edge->local);
  print_text (printer, in_words ? ")" : "");
  print_text (printer, is_factor ? mark : "");
  if (edge->form == LOCAL_LEFT)
    print_text (printer, " @");
}
