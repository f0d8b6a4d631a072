/* trace_markup.c -- traces for hand-ins: a table in Markdown, and one in LaTeX. */
#include "report/latex.h"
#include "report/markdown.h"
#include "report/trace_report.h"

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
print_math_local (struct printer *printer, const struct graph *graph, const struct graph_edge *edge)
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

/* `$y_1$` */
static void
print_math_name (struct printer *printer, const struct report *report, const char *name)
{
  print_char (printer, '$');
  latex_name (printer, name, report->names);
  print_char (printer, '$');
}

static void
print_code_name (struct printer *printer, const struct report *report, const char *name)
{
  (void)report;
  markdown_code (printer, name);
}

/* How a format has the table. */
struct style
{
  const char *begins, *between, *ends; /* of a line and its cells */
  const char *again, *none;            /* the cells before one more operand, and behind a step without any */
  const char *turns, *behind;          /* what stands around turns that are passed over */
  bool has_files;                      /* places have the name of the file where there are several */
  void (*name) (struct printer *printer, const struct report *report, const char *name);
  void (*code) (struct printer *printer, const char *text);
  void (*array) (struct printer *printer, enum type type, const struct shape *shape, const double *elements);
  void (*local) (struct printer *printer, const struct graph *graph, const struct graph_edge *edge);
};

static const struct style in_markdown
  = { "| ", " | ",           " |\n",        "| | | | | | | ",  " | | |",         "| ... | | | ", " | | | | | |\n",
      true, print_code_name, markdown_code, trace_print_array, trace_print_local };
static const struct style in_latex
  = { "",         " & ", " \\\\\n",       " & & & & & & ", " & & &",   "\\dots & & & \\multicolumn{6}{l}{",
      "} \\\\\n", false, print_math_name, latex_code,      print_math, print_math_local };

static void
print_step (struct printer *printer, const struct style *style, const struct report *report, const struct graph *graph,
            size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  print_format (printer, "%s%zu%s", style->begins, number + 1, style->between);
  trace_print_place (printer, report, step->span, style->has_files && graph->has_files);
  print_text (printer, style->between);
  if (step->name)
    style->name (printer, report, step->name);
  print_text (printer, style->between);
  if (*step->expression)
    style->code (printer, step->expression);
  if (*trace_kink (step))
    print_format (printer, " (%s)", trace_kink (step));
  print_text (printer, style->between);
  style->array (printer, step->type, &step->shape, step->value);
  print_text (printer, style->between);
  style->array (printer, TYPE_REAL, &step->shape, step->adjoint);
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_format (printer, "%s%s", i ? style->ends : style->between, i ? style->again : "");
      style->code (printer, trace_operand (graph, edge));
      print_text (printer, style->between);
      style->local (printer, graph, edge);
      print_text (printer, style->between);
      style->array (printer, TYPE_REAL, trace_passed_shape (graph, step, edge), edge->passed);
    }
  print_format (printer, "%s%s", step->edge_count ? "" : style->none, style->ends);
}

static void
print_steps (struct printer *printer, const struct style *style, const struct report *report, const struct graph *graph)
{
  for (size_t i = 0; i < graph->step_count;)
    {
      struct passed_over passed = trace_passed_over (graph, i);
      i += passed.steps;
      if (!passed.steps)
        {
          print_step (printer, style, report, graph, i++);
          continue;
        }
      print_format (printer, "%sturns %u to %u of the loop at ", style->turns, passed.first, passed.last);
      trace_print_place (printer, report, passed.loop, false);
      print_format (printer, ": %zu steps%s", passed.steps, style->behind);
    }
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
      print_steps (printer, &in_markdown, report, graph);
    }
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
      print_steps (printer, &in_latex, report, graph);
      print_text (printer, "\\hline\n\\end{tabular}\n");
    }
}
