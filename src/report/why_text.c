/* why_text.c -- how a target depends on a source, for people: the paths that count most, or where there is nothing, or
   no number, the step where that began. */
#include "report/latex.h"
#include "report/markdown.h"
#include "report/why_report.h"

enum
{
  LONG_PATH = 24, /* steps, of which people see the first and the last */
  ENDS = 8
};

static void
print_step (struct printer *printer, const struct graph_step *step)
{
  if (step->name && !(step->marks & GRAPH_STATEMENT) && *step->expression)
    print_format (printer, "%s = ", step->name);
  print_text (printer, *step->expression ? step->expression : step->name ? step->name : "");
}

static void
print_name (const struct question *question, struct printer *printer)
{
  print_char (printer, 'd');
  print_quantity (printer, question->target);
  print_text (printer, "/d");
  print_quantity (printer, question->source);
}

/* "3:8  loss = (pred - y)^2, by pred - y: 4". */
static void
print_factor (const struct question *question, struct printer *printer, uint32_t edge)
{
  const struct graph *graph = question->graph;
  const struct graph_step *step = why_step (graph, edge);
  print_text (printer, "    ");
  trace_print_local (printer, graph, &graph->edges[edge]);
  print_text (printer, "  in ");
  print_step (printer, step);
  print_format (printer, ", by %s  (", trace_operand (graph, &graph->edges[edge]));
  trace_print_place (printer, question->report, step->span, graph->has_files);
  print_text (printer, ")\n");
}

static void
print_path (const struct question *question, struct printer *printer, const struct graph_path *path)
{
  size_t skipped = path->count > LONG_PATH ? path->count - 2 * ENDS : 0;
  print_text (printer, "  ");
  trace_print_array (printer, TYPE_REAL, &question->source->shape, path->contribution);
  print_text (printer, path->count ? ", the product of\n" : ", by itself\n");
  for (size_t i = 0; i < path->count; i++)
    {
      if (skipped && i == ENDS)
        {
          print_format (printer, "    ... of %zu more steps\n", skipped);
          i += skipped;
        }
      print_factor (question, printer, path->edges[i]);
    }
}

static void
print_others (const struct question *question, struct printer *printer)
{
  if (question->graph->others <= 0)
    return;
  print_text (printer, "  ");
  trace_print_array (printer, TYPE_REAL, &question->source->shape, question->graph->rest);
  print_format (printer, ", the sum of %.15g other path%s\n", question->graph->others,
                question->graph->others == 1 ? "" : "s");
}

/* What is said of steps that pass nothing on. */
static size_t
print_stops (const struct question *question, struct printer *printer)
{
  const struct graph *graph = question->graph;
  size_t found = 0;
  for (size_t i = graph->step_count; i-- > 0 && found < WHY_STOPS;)
    for (uint32_t k = 0; k < graph->steps[i].edge_count && found < WHY_STOPS; k++)
      {
        const struct graph_step *step = &graph->steps[i];
        const struct graph_edge *edge = &graph->edges[step->first_edge + k];
        if (!why_is_stop (graph, step, edge))
          continue;
        found++;
        print_text (printer, "  ");
        print_step (printer, step);
        print_format (printer, " passes nothing on to %s", trace_operand (graph, edge));
        if (*trace_kink (step))
          print_format (printer, ", at a %s  (", trace_kink (step));
        else
          print_text (printer, ": its derivative is 0 there  (");
        trace_print_place (printer, question->report, step->span, graph->has_files);
        print_text (printer, ")\n");
      }
  return found;
}

/* Where numbers ended: what was warned of, with its place, else the first step that shows it. */
static void
print_beginnings (const struct question *question, struct printer *printer)
{
  const struct graph *graph = question->graph;
  const struct graph_edge *edge;
  bool told = false;
  for (const struct warned *warned = question->report->warned; warned; warned = warned->next)
    if ((warned->kind == WARNING_DOMAIN || warned->kind == WARNING_OVERFLOW) && warned->span.start)
      {
        told = true;
        print_format (printer, "  %s  (", warned->message);
        trace_print_place (printer, question->report, warned->span, false);
        print_text (printer, ")\n");
      }
  for (size_t i = 0; i < graph->step_count; i++)
    {
      const struct graph_step *step = &graph->steps[i];
      if (!why_begins (graph, step, &edge))
        continue;
      print_text (printer, "  it began in ");
      print_step (printer, step);
      print_text (printer, "  (");
      trace_print_place (printer, question->report, step->span, graph->has_files);
      print_text (printer, ")");
      for (uint32_t k = 0; k < step->edge_count; k++)
        {
          const struct graph_edge *at = &graph->edges[step->first_edge + k];
          const struct graph_step *from = &graph->steps[at->from];
          print_format (printer, ", %s = ", trace_operand (graph, at));
          trace_print_array (printer, from->type, &from->shape, from->value);
        }
      if (edge)
        {
          print_text (printer, ": what came to it is ");
          trace_print_array (printer, TYPE_REAL, &step->shape, step->adjoint);
          print_text (printer, ", its derivative ");
          trace_print_local (printer, graph, edge);
        }
      print_char (printer, '\n');
      return;
    }
  if (!told && why_has_nan (&question->target->shape, question->target->elements))
    print_text (printer, "  the target is not a number, and what it depends on by any path gets that\n");
}

static void
print_reason (const struct question *question, struct printer *printer)
{
  const struct gradient *gradient = question->gradient;
  print_format (printer, "  %s", gradient->message ? gradient->message : "there is no connection");
  if (gradient->file)
    print_format (printer, "  (%s:%zu:%zu)", gradient->file, gradient->line, gradient->column);
  print_char (printer, '\n');
}

void
why_text (const struct report *report, struct printer *printer)
{
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      struct question question = why_question (report, i);
      enum why_state state = why_state (&question);
      print_text (printer, i ? "\n" : "");
      print_name (&question, printer);
      print_text (printer, " = ");
      if (state == WHY_NONE)
        print_text (printer, "none");
      else
        trace_print_array (printer, TYPE_REAL, &question.source->shape, question.gradient->elements);
      print_char (printer, '\n');
      for (size_t k = 0; k < question.graph->path_count; k++)
        print_path (&question, printer, &question.graph->paths[k]);
      if (state == WHY_PATHS)
        print_others (&question, printer);
      if (state == WHY_NONE)
        print_reason (&question, printer);
      else if (state == WHY_NAN)
        print_beginnings (&question, printer);
      else if (state == WHY_ZERO && !print_stops (&question, printer))
        print_text (printer, "  no path gives anything\n");
    }
}

void
why_markdown (const struct report *report, struct printer *printer)
{
  print_text (printer, "| derivative | path | contribution | local | step | by | where |\n"
                       "| --- | --- | --: | --: | --- | --- | --- |\n");
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      struct question question = why_question (report, i);
      const struct graph *graph = question.graph;
      if (why_state (&question) != WHY_PATHS)
        {
          print_text (printer, "| `");
          print_name (&question, printer);
          print_text (printer, "` | | ");
          if (question.gradient->elements)
            trace_print_array (printer, TYPE_REAL, &question.source->shape, question.gradient->elements);
          else
            print_text (printer, "none");
          print_text (printer, " | | ");
          markdown_text (printer, question.gradient->message ? question.gradient->message : "");
          print_text (printer, " | | |\n");
        }
      for (size_t k = 0; k < graph->path_count; k++)
        for (size_t n = 0; n < graph->paths[k].count; n++)
          {
            uint32_t edge = graph->paths[k].edges[n];
            const struct graph_step *step = why_step (graph, edge);
            print_text (printer, n ? "| | | | " : "| `");
            if (!n)
              {
                print_name (&question, printer);
                print_format (printer, "` | %zu | ", k + 1);
                trace_print_array (printer, TYPE_REAL, &question.source->shape, graph->paths[k].contribution);
                print_text (printer, " | ");
              }
            trace_print_local (printer, graph, &graph->edges[edge]);
            print_text (printer, " | ");
            markdown_code (printer, step->expression);
            print_text (printer, " | ");
            markdown_code (printer, trace_operand (graph, &graph->edges[edge]));
            print_text (printer, " | ");
            trace_print_place (printer, report, step->span, graph->has_files);
            print_text (printer, " |\n");
          }
      if (graph->path_count && graph->others > 0)
        {
          print_format (printer, "| | %.15g others | ", graph->others);
          trace_print_array (printer, TYPE_REAL, &question.source->shape, graph->rest);
          print_text (printer, " | | | | |\n");
        }
    }
}

/* One path as a product of numbers, or the array that it gives. */
static void
print_product (const struct question *question, struct printer *printer, const struct graph_path *path)
{
  const struct graph *graph = question->graph;
  bool numbers = path->count > 0;
  for (size_t i = 0; i < path->count; i++)
    numbers &= graph->edges[path->edges[i]].form == LOCAL_NUMBER && path->count <= LONG_PATH;
  if (!numbers || question->source->shape.rank || question->target->shape.rank)
    {
      latex_array (printer, TYPE_REAL, &question->source->shape, path->contribution);
      return;
    }
  for (size_t i = 0; i < path->count; i++)
    {
      const struct graph_edge *edge = &graph->edges[path->edges[i]];
      bool negative = i && *edge->local < 0;
      print_text (printer, i ? " \\cdot " : "");
      print_text (printer, negative ? "\\left(" : "");
      latex_array (printer, TYPE_REAL, &edge->local_shape, edge->local);
      print_text (printer, negative ? "\\right)" : "");
    }
}

void
why_latex (const struct report *report, struct printer *printer)
{
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      struct question question = why_question (report, i);
      const struct graph *graph = question.graph;
      print_text (printer, "\\frac{\\partial ");
      latex_name (printer, question.target->name, report->names);
      print_text (printer, "}{\\partial ");
      latex_name (printer, question.source->name, report->names);
      print_text (printer, "} = ");
      for (size_t k = 0; k < graph->path_count; k++)
        {
          print_text (printer, k ? " + " : "");
          print_product (&question, printer, &graph->paths[k]);
        }
      print_text (printer, graph->path_count && graph->others > 0 ? " + \\dots = " : graph->path_count ? " = " : "");
      if (question.gradient->elements)
        latex_array (printer, TYPE_REAL, &question.source->shape, question.gradient->elements);
      else
        print_text (printer, "\\text{none}");
      print_char (printer, '\n');
    }
}
