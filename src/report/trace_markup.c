/* trace_markup.c -- traces for hand-ins: a table in Markdown, and one in LaTeX. */
#include "report/latex.h"
#include "report/markdown.h"
#include "report/trace_report.h"

static void
print_turns (struct printer *printer, const struct passed_over *passed, const struct report *report)
{
  print_format (printer, "turns %u to %u of the loop at ", passed->first, passed->last);
  trace_print_place (printer, report, passed->loop, false);
  print_format (printer, ": %zu steps", passed->steps);
}

static void
print_row_in_markdown (struct printer *printer, const struct report *report, const struct graph *graph, size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  print_format (printer, "| %zu | ", number + 1);
  trace_print_place (printer, report, step->span, trace_has_files (report, graph));
  print_text (printer, " | ");
  if (step->name)
    markdown_code (printer, step->name);
  print_text (printer, " | ");
  if (*step->expression)
    markdown_code (printer, step->expression);
  print_text (printer, step->marks & GRAPH_KINK ? " (kink) | " : " | ");
  trace_print_array (printer, step->type, &step->shape, step->value);
  print_text (printer, " | ");
  trace_print_array (printer, TYPE_REAL, &step->shape, step->adjoint);
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_text (printer, i ? " |\n| | | | | | | " : " | ");
      markdown_code (printer, trace_operand (graph, edge));
      print_text (printer, " | ");
      trace_print_local (printer, graph, edge);
      print_text (printer, " | ");
      trace_print_array (printer, TYPE_REAL, trace_passed_shape (graph, step, edge), edge->passed);
    }
  print_text (printer, step->edge_count ? " |\n" : " | | | |\n");
}

void
trace_markdown (const struct report *report, struct printer *printer)
{
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct graph *graph = &report->graphs[t];
      if (report->target_count > 1)
        {
          print_text (printer, t ? "\n" : "");
          markdown_code (printer, graph->target);
          print_text (printer, "\n\n");
        }
      print_text (printer, graph->forward
                             ? "| step | where | name | expression | value | tangent | from | local | brings |\n"
                             : "| step | where | name | expression | value | adjoint | to | local | passes on |\n");
      print_text (printer, "| --: | --- | --- | --- | --: | --: | --- | --: | --: |\n");
      for (size_t i = 0; i < graph->step_count;)
        {
          struct passed_over passed = trace_passed_over (graph, i);
          if (passed.steps)
            {
              print_text (printer, "| ... | | | ");
              print_turns (printer, &passed, report);
              print_text (printer, " | | | | | |\n");
            }
          else
            print_row_in_markdown (printer, report, graph, i);
          i += passed.steps ? passed.steps : 1;
        }
    }
}

/* An array within a formula of its own, or shape and norm of one that is large. */
static void
print_math (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  char text[SHAPE_TEXT];
  static const struct shape number = { 0 };
  if (!elements)
    return;
  if (shape_size (shape) <= TRACE_SMALL)
    {
      print_char (printer, '$');
      latex_array (printer, type, shape, elements);
      print_char (printer, '$');
      return;
    }
  double norm = trace_norm (shape, elements);
  print_format (printer, "%s, norm $", shape_text (text, shape));
  latex_array (printer, TYPE_REAL, &number, &norm);
  print_char (printer, '$');
}

static void
print_local (struct printer *printer, const struct graph *graph, const struct graph_edge *edge)
{
  const char *mark = graph->forward || shape_size (&edge->local_shape) > TRACE_SMALL ? "" : "${}^{\\top}$";
  if (!edge->local)
    {
      latex_code (printer, edge->map);
      return;
    }
  print_text (printer, edge->form == LOCAL_RIGHT ? "$\\cdot$ " : "");
  print_math (printer, TYPE_REAL, &edge->local_shape, edge->local);
  print_text (printer, edge->form == LOCAL_RIGHT || edge->form == LOCAL_LEFT ? mark : "");
  print_text (printer, edge->form == LOCAL_LEFT ? " $\\cdot$" : "");
}

static void
print_row_in_latex (struct printer *printer, const struct report *report, const struct graph *graph, size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  print_format (printer, "%zu & ", number + 1);
  trace_print_place (printer, report, step->span, false);
  print_text (printer, " & ");
  if (step->name)
    {
      print_char (printer, '$');
      latex_name (printer, step->name, report->names);
      print_char (printer, '$');
    }
  print_text (printer, " & ");
  latex_code (printer, step->expression);
  print_text (printer, step->marks & GRAPH_KINK ? " (kink) & " : " & ");
  print_math (printer, step->type, &step->shape, step->value);
  print_text (printer, " & ");
  print_math (printer, TYPE_REAL, &step->shape, step->adjoint);
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_text (printer, i ? " \\\\\n & & & & & & " : " & ");
      latex_code (printer, trace_operand (graph, edge));
      print_text (printer, " & ");
      print_local (printer, graph, edge);
      print_text (printer, " & ");
      print_math (printer, TYPE_REAL, trace_passed_shape (graph, step, edge), edge->passed);
    }
  print_text (printer, step->edge_count ? " \\\\\n" : " & & & \\\\\n");
}

void
trace_latex (const struct report *report, struct printer *printer)
{
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct graph *graph = &report->graphs[t];
      print_text (printer, t ? "\n" : "");
      print_format (printer,
                    "\\begin{tabular}{rlllrrlrr}\n\\hline\n"
                    "step & where & name & expression & value & %s & %s & local & %s \\\\\n\\hline\n",
                    graph->forward ? "tangent" : "adjoint", graph->forward ? "from" : "to",
                    graph->forward ? "brings" : "passes on");
      for (size_t i = 0; i < graph->step_count;)
        {
          struct passed_over passed = trace_passed_over (graph, i);
          if (passed.steps)
            {
              print_text (printer, "\\dots & & & \\multicolumn{6}{l}{");
              print_turns (printer, &passed, report);
              print_text (printer, "} \\\\\n");
            }
          else
            print_row_in_latex (printer, report, graph, i);
          i += passed.steps ? passed.steps : 1;
        }
      print_text (printer, "\\hline\n\\end{tabular}\n");
    }
}
