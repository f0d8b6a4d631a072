/* trace_text.c -- traces for people: a table as wide as the terminal, or where that has no room for one, a block of
   lines for each step. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/snippet.h"
#include "base/writing.h"
#include "report/grid.h"
#include "report/trace_report.h"

/* Columns. */
enum
{
  VALUE = 4,
  LOCAL = 7,
  COLUMNS = 9
};

/* What is printed of one graph. */
struct tracing
{
  struct printer *printer;
  const struct report *report;
  const struct graph *graph;
  bool with_file;
  size_t width; /* of the terminal */
};

static void
print_passed_over (const struct tracing *tracing, const struct passed_over *passed)
{
  struct printer *printer = tracing->printer;
  if (passed->first == passed->last)
    print_format (printer, "turn %u of the loop at ", passed->first);
  else
    print_format (printer, "turns %u to %u of the loop at ", passed->first, passed->last);
  trace_print_place (printer, tracing->report, passed->loop, tracing->with_file);
  print_format (printer, ": %zu step%s (--trace=all shows them)", passed->steps, passed->steps == 1 ? "" : "s");
}

static void
print_expression (const struct tracing *tracing, const struct graph_step *step)
{
  print_text (tracing->printer, step->expression);
  if (*trace_kink (step))
    print_format (tracing->printer, " (%s)", trace_kink (step));
}

/* The cells of a step, and of each operand after the first a line of its own. */
static void
print_cells (const struct tracing *tracing, size_t number)
{
  struct printer *printer = tracing->printer;
  const struct graph *graph = tracing->graph;
  const struct graph_step *step = &graph->steps[number];
  print_format (printer, "%zu\t", number + 1);
  trace_print_place (printer, tracing->report, step->span, tracing->with_file);
  print_format (printer, "\t%s\t", step->name ? step->name : "");
  print_expression (tracing, step);
  print_char (printer, '\t');
  trace_print_array (printer, step->type, &step->shape, step->value);
  print_char (printer, '\t');
  trace_print_array (printer, TYPE_REAL, &step->shape, step->adjoint);
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_text (printer, i ? "\n\t\t\t\t\t\t" : "\t");
      print_format (printer, "%s\t", trace_operand (graph, edge));
      trace_print_local (printer, graph, edge);
      print_char (printer, '\t');
      trace_print_array (printer, TYPE_REAL, trace_passed_shape (graph, step, edge), edge->passed);
    }
  print_char (printer, '\n');
}

/* All cells of a graph as a text: a block of the heap. */
static char *
write_cells (const struct tracing *tracing)
{
  struct writing *writing = writing_open (tracing->report->names->memory, "the trace");
  struct printer printer;
  struct tracing cells = *tracing;
  printer_open (&printer, writing->out, tracing->printer->precision);
  cells.printer = &printer;
  for (size_t i = 0; i < tracing->graph->step_count;)
    {
      struct passed_over passed = trace_passed_over (tracing->graph, i);
      if (passed.steps)
        {
          print_text (&printer, "\v      ");
          print_passed_over (&cells, &passed);
          print_char (&printer, '\n');
          i += passed.steps;
        }
      else
        print_cells (&cells, i++);
    }
  printer_flush (&printer);
  return writing_close (writing, NULL);
}

/* The cells of a line, by columns: where each begins; those that are not there are empty. */
struct cells
{
  const char *text[COLUMNS];
  int size[COLUMNS];
};

/* Splits a line up, and goes on to the next one. */
static struct cells
split (const char **line)
{
  struct cells cells;
  for (int i = 0; i < COLUMNS; i++)
    {
      size_t size = strcspn (*line, "\t\n");
      cells.text[i] = *line;
      cells.size[i] = (int)size;
      *line += size + ((*line)[size] == '\t');
    }
  *line += strcspn (*line, "\n") + 1;
  return cells;
}

/* Two cells on one line, "value 3, adjoint 8", or where that is too long on two. From LOCAL on they are those of an
   operand, whose name is the cell before. */
static void
print_pair (const struct tracing *tracing, const struct cells *cells, int first, const char *const says[2])
{
  struct printer *printer = tracing->printer;
  const char *to = first == LOCAL ? (tracing->graph->forward ? "from " : "to ") : "";
  int named = first == LOCAL ? cells->size[first - 1] + 2 : 0;
  size_t length = 8 + strlen (to) + (size_t)named + strlen (says[0]) + strlen (says[1])
                  + (size_t)(cells->size[first] + cells->size[first + 1]) + 4;
  bool apart = length > tracing->width;
  print_format (printer, "      %s", to);
  if (named)
    print_format (printer, "%.*s:%s", named - 2, cells->text[first - 1], apart ? "\n        " : " ");
  print_format (printer, "%s ", says[0]);
  print_bytes (printer, cells->text[first], (size_t)cells->size[first]);
  print_text (printer, !apart ? ", " : named ? "\n        " : "\n      ");
  print_format (printer, "%s ", says[1]);
  print_bytes (printer, cells->text[first + 1], (size_t)cells->size[first + 1]);
  print_char (printer, '\n');
}

/* The same cells, a block of lines for each step. */
static void
print_blocks (const struct tracing *tracing, const char *text)
{
  struct printer *printer = tracing->printer;
  const struct graph *graph = tracing->graph;
  const char *const at[] = { "value", graph->forward ? "tangent" : "adjoint" };
  const char *const along[] = { "local", graph->forward ? "brings" : "passes on" };
  while (*text)
    {
      if (*text == '\v')
        {
          size_t size = strcspn (text, "\n") + 1;
          print_bytes (printer, text + 1, size - 1);
          text += size;
          continue;
        }
      struct cells cells = split (&text);
      if (cells.size[0])
        {
          const struct graph_step *step = &graph->steps[strtoul (cells.text[0], NULL, 10) - 1];
          bool named = step->name && !(step->marks & GRAPH_STATEMENT);
          print_format (printer, "%4.*s  %.*s  %s%s", cells.size[0], cells.text[0], cells.size[1], cells.text[1],
                        named ? step->name : "", named && cells.size[3] ? " = " : "");
          print_bytes (printer, cells.text[3], (size_t)cells.size[3]);
          print_char (printer, '\n');
          print_pair (tracing, &cells, VALUE, at);
        }
      if (cells.size[LOCAL - 1])
        print_pair (tracing, &cells, LOCAL, along);
    }
}

void
trace_text (const struct report *report, struct printer *printer)
{
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct graph *graph = &report->graphs[t];
      const struct grid_column columns[COLUMNS] = { { "step", true, 0 },
                                             { "where", false, 0 },
                                             { "name", false, 0 },
                                             { "expression", false, 12 },
                                             { "value", true, 0 },
                                             { graph->forward ? "tangent" : "adjoint", true, 0 },
                                             { graph->forward ? "from" : "to", false, 8 },
                                             { "local", true, 0 },
                                             { graph->forward ? "brings" : "passes on", true, 0 } };
      struct tracing tracing = { printer, report, graph, graph->has_files,
                                 (size_t)snippet_width (printer->out) };
      if (report->target_count > 1)
        print_format (printer, "%s%s:\n", t ? "\n" : "", graph->target);
      char *cells = write_cells (&tracing);
      if (!grid_print (printer, cells, columns, COLUMNS, tracing.width))
        print_blocks (&tracing, cells);
      heap_give (cells);
    }
}
