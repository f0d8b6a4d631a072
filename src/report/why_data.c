/* why_data.c -- how a target depends on a source, for programs. */
#include "report/table.h"
#include "report/why_report.h"

/* A number, or the norm of an array, as a field. */
static void
print_size_of (struct table *table, const struct shape *shape, const double *elements)
{
  if (!elements)
    table_skip (table, 1);
  else
    table_element (table, TYPE_REAL, shape->rank ? trace_norm (shape, elements) : *elements);
}

/* The fields that each line begins with. */
static void
begin_line (struct table *table, const struct question *question, const char *path)
{
  table_text (table, question->target->name);
  table_text (table, question->source->name);
  table_text (table, path);
}

static void
print_factor_line (struct table *table, const struct question *question, size_t path, size_t n)
{
  const struct graph *graph = question->graph;
  uint32_t edge = graph->paths[path].edges[n];
  const struct graph_step *step = why_step (graph, edge);
  char number[24];
  snprintf (number, sizeof number, "%zu", path + 1);
  begin_line (table, question, number);
  if (n)
    table_skip (table, 1);
  else
    print_size_of (table, &question->source->shape, graph->paths[path].contribution);
  print_size_of (table, &graph->edges[edge].local_shape, graph->edges[edge].local);
  table_place (table, question->report->places, step->span);
  table_text (table, step->expression);
  table_text (table, trace_operand (graph, &graph->edges[edge]));
  table_end_line (table);
}

void
why_table (const struct report *report, struct printer *printer)
{
  static const char *const header[] = { "target", "wrt",    "path",       "contribution", "local", "file",
                                        "line",   "column", "expression", "operand",      NULL };
  struct table table = table_of (report, printer);
  table_header (&table, header);
  for (size_t i = 0; i < report->target_count * report->source_count; i++)
    {
      struct question question = why_question (report, i);
      const struct graph *graph = question.graph;
      for (size_t k = 0; k < graph->path_count; k++)
        for (size_t n = 0; n < graph->paths[k].count; n++)
          print_factor_line (&table, &question, k, n);
      if (graph->path_count && graph->others <= 0)
        continue;
      begin_line (&table, &question, graph->path_count ? "others" : "");
      if (graph->path_count)
        print_size_of (&table, &question.source->shape, graph->rest);
      else
        print_size_of (&table, &question.source->shape, question.gradient->elements);
      table_skip (&table, 1);
      table_text (&table, question.gradient->file);
      if (question.gradient->file && question.gradient->line)
        {
          table_size (&table, question.gradient->line);
          table_size (&table, question.gradient->column);
        }
      else
        table_skip (&table, 2);
      table_text (&table, question.gradient->message);
      table_skip (&table, 1);
      table_end_line (&table);
    }
}

static void
print_json_step (struct printer *printer, const struct question *question, const struct graph_step *step)
{
  if (step->name)
    print_json_text (printer, "name", step->name);
  print_json_text (printer, "expression", step->expression);
  if (step->span.start)
    print_json_span (printer, question->report->places, step->span);
}

static void
print_json_array (struct printer *printer, const char *key, const struct shape *shape, const double *elements)
{
  if (!elements)
    return;
  print_json_key (printer, key);
  print_array_json (printer, TYPE_REAL, shape, elements);
}

static void
print_json_path (struct printer *printer, const struct question *question, const struct graph_path *path)
{
  const struct graph *graph = question->graph;
  print_json_open (printer, '{');
  print_json_array (printer, "contribution", &question->source->shape, path->contribution);
  print_json_begin (printer, "factors", '[');
  for (size_t i = 0; i < path->count; i++)
    {
      const struct graph_edge *edge = &graph->edges[path->edges[i]];
      print_json_open (printer, '{');
      print_json_step (printer, question, why_step (graph, path->edges[i]));
      print_json_text (printer, "operand", trace_operand (graph, edge));
      print_json_array (printer, "local", &edge->local_shape, edge->local);
      print_char (printer, '}');
    }
  print_text (printer, "]}");
}

/* Steps that pass nothing on, or where numbers ended. */
static void
print_json_steps (struct printer *printer, const struct question *question, const char *key, bool stops)
{
  const struct graph *graph = question->graph;
  size_t found = 0;
  print_json_begin (printer, key, '[');
  for (size_t i = 0; i < graph->step_count && found < WHY_STOPS; i++)
    {
      const struct graph_step *step = &graph->steps[i];
      const struct graph_edge *edge = NULL;
      for (uint32_t k = 0; k < step->edge_count && stops && !edge; k++)
        if (why_is_stop (graph, step, &graph->edges[step->first_edge + k]))
          edge = &graph->edges[step->first_edge + k];
      if (stops ? !edge : !why_begins (graph, step, &edge))
        continue;
      found += stops ? 1 : WHY_STOPS;
      print_json_open (printer, '{');
      print_json_step (printer, question, step);
      if (edge)
        print_json_text (printer, "operand", trace_operand (graph, edge));
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

void
why_json (const struct report *report, struct printer *printer)
{
  print_json_begin (printer, "why", '{');
  for (size_t t = 0; t < report->target_count; t++)
    {
      print_json_begin (printer, report->targets[t].name, '{');
      for (size_t s = 0; s < report->source_count; s++)
        {
          struct question question = why_question (report, t * report->source_count + s);
          const struct graph *graph = question.graph;
          enum why_state state = why_state (&question);
          print_json_begin (printer, question.source->name, '{');
          print_json_begin (printer, "paths", '[');
          for (size_t k = 0; k < graph->path_count; k++)
            print_json_path (printer, &question, &graph->paths[k]);
          print_char (printer, ']');
          print_json_key (printer, "others");
          print_format (printer, "%.15g", graph->path_count ? graph->others : 0);
          if (graph->path_count)
            print_json_array (printer, "rest", &question.source->shape, graph->rest);
          if (state == WHY_ZERO)
            print_json_steps (printer, &question, "zero", true);
          else if (state == WHY_NAN)
            print_json_steps (printer, &question, "began", false);
          print_char (printer, '}');
        }
      print_char (printer, '}');
    }
  print_char (printer, '}');
}
