/* trace_data.c -- traces for programs: tables, and what JSON has of them. */
#include "report/table.h"
#include "report/trace_report.h"

static const char *const form_names[] = { [LOCAL_NUMBER] = "number", [LOCAL_ELEMENTS] = "elements",
                                          [LOCAL_LEFT] = "left",     [LOCAL_RIGHT] = "right",
                                          [LOCAL_MATRIX] = "matrix", [LOCAL_MAP] = "map" };

/* What each line of a step begins with. */
static void
begin_line (struct table *table, const struct report *report, const struct graph *graph, size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  table_text (table, graph->target);
  table_size (table, number + 1);
  table_place (table, report->places, step->span);
  table_text (table, step->name);
  table_text (table, step->expression);
}

/* The elements of a shape that have a line each: of what is too large one for its norm. */
static size_t
lines_of (const struct shape *shape)
{
  size_t size = shape_size (shape);
  return size > TRACE_WHOLE ? 1 : size;
}

static void
print_index (struct table *table, const struct shape *shape, size_t i)
{
  if (shape_size (shape) > TRACE_WHOLE)
    table_text (table, "norm");
  else
    table_position (table, shape, i);
}

static void
print_number (struct table *table, enum type type, const struct shape *shape, const double *elements, size_t i)
{
  if (!elements)
    table_skip (table, 1);
  else if (shape_size (shape) > TRACE_WHOLE)
    table_element (table, TYPE_REAL, trace_norm (shape, elements));
  else
    table_element (table, type, elements[i]);
}

/* An operand, an element of what is passed on in each line, beside the number that this element was multiplied by,
   where it is one. */
static void
print_operand (struct table *table, const struct report *report, const struct graph *graph, size_t number,
               const struct graph_edge *edge)
{
  const struct shape *shape = trace_passed_shape (graph, &graph->steps[number], edge);
  for (size_t i = 0; i < lines_of (shape); i++)
    {
      bool single = edge->form == LOCAL_NUMBER
                    || (edge->form == LOCAL_ELEMENTS && shape_equal (&edge->local_shape, shape));
      begin_line (table, report, graph, number);
      print_index (table, shape, i);
      table_skip (table, 2);
      table_size (table, edge->from + 1);
      if (single)
        print_number (table, TYPE_REAL, &edge->local_shape, edge->local, edge->form == LOCAL_NUMBER ? 0 : i);
      else
        table_skip (table, 1);
      print_number (table, TYPE_REAL, shape, edge->passed, i);
      table_end_line (table);
    }
}

void
trace_table (const struct report *report, struct printer *printer)
{
  struct table table = table_of (report, printer);
  const char *header[] = { "target",  "step",    "file",  "line",   "column", "name", "expression", "index", "value",
                           "adjoint", "operand", "local", "passes", NULL };
  bool forward = report->target_count && report->graphs->forward;
  if (forward)
    {
      header[9] = "tangent";
      header[12] = "brings";
    }
  table_header (&table, header);
  for (size_t t = 0; t < report->target_count; t++)
    for (size_t number = 0; number < report->graphs[t].step_count; number++)
      {
        const struct graph *graph = &report->graphs[t];
        const struct graph_step *step = &graph->steps[number];
        if (step->marks & GRAPH_PASSED_OVER)
          continue;
        for (size_t i = 0; i < lines_of (&step->shape); i++)
          {
            begin_line (&table, report, graph, number);
            print_index (&table, &step->shape, i);
            print_number (&table, step->type, &step->shape, step->value, i);
            print_number (&table, TYPE_REAL, &step->shape, step->adjoint, i);
            table_skip (&table, 3);
            table_end_line (&table);
          }
        for (uint32_t i = 0; i < step->edge_count; i++)
          print_operand (&table, report, graph, number, &graph->edges[step->first_edge + i]);
      }
}

/* A member of an object: an array, whole or by shape and norm. */
static void
print_array (struct printer *printer, const char *key, enum type type, const struct shape *shape,
             const double *elements)
{
  if (!elements)
    return;
  print_json_key (printer, key);
  if (shape_size (shape) <= TRACE_WHOLE)
    {
      print_array_json (printer, type, shape, elements);
      return;
    }
  print_json_open (printer, '{');
  print_json_begin (printer, "shape", '[');
  for (int axis = 0; axis < shape->rank; axis++)
    print_format (printer, "%s%zu", axis ? "," : "", shape->extent[axis]);
  print_char (printer, ']');
  print_json_key (printer, "norm");
  print_element_json (printer, TYPE_REAL, trace_norm (shape, elements));
  print_char (printer, '}');
}

static void
print_edges (struct printer *printer, const struct graph *graph, const struct graph_step *step)
{
  print_json_begin (printer, "operands", '[');
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_json_open (printer, '{');
      print_json_size (printer, "step", edge->from + 1);
      print_json_text (printer, "operand", trace_operand (graph, edge));
      print_json_text (printer, "map", edge->map);
      print_json_text (printer, "form", form_names[edge->form]);
      print_array (printer, "local", TYPE_REAL, &edge->local_shape, edge->local);
      print_array (printer, graph->forward ? "brings" : "passes", TYPE_REAL, trace_passed_shape (graph, step, edge),
                   edge->passed);
      print_char (printer, '}');
    }
  print_char (printer, ']');
}

static void
print_marks (struct printer *printer, unsigned marks)
{
  static const struct
  {
    unsigned mark;
    const char *key;
  } keys[] = { { GRAPH_INPUT, "input" }, { GRAPH_TARGET, "target" }, { GRAPH_KINK, "kink" } };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (marks & keys[i].mark)
      {
        print_json_key (printer, keys[i].key);
        print_text (printer, "true");
      }
}

static void
print_step (struct printer *printer, const struct report *report, const struct graph *graph, size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  print_json_open (printer, '{');
  print_json_size (printer, "step", number + 1);
  if (step->name)
    print_json_text (printer, "name", step->name);
  print_json_text (printer, "expression", step->expression);
  if (*step->op)
    print_json_text (printer, "op", step->op);
  if (step->span.start)
    print_json_span (printer, report->places, step->span);
  if (step->turn)
    print_json_size (printer, "turn", graph->turns[step->turn].number);
  print_marks (printer, step->marks);
  print_array (printer, "value", step->type, &step->shape, step->value);
  print_array (printer, graph->forward ? "tangent" : "adjoint", TYPE_REAL, &step->shape, step->adjoint);
  print_edges (printer, graph, step);
  print_char (printer, '}');
}

static void
print_passed_over (struct printer *printer, const struct report *report, const struct passed_over *passed)
{
  print_json_open (printer, '{');
  print_json_key (printer, "turns");
  print_format (printer, "[%u,%u]", passed->first, passed->last);
  print_json_span (printer, report->places, passed->loop);
  print_json_size (printer, "steps", passed->steps);
  print_char (printer, '}');
}

void
trace_json (const struct report *report, struct printer *printer)
{
  print_json_begin (printer, "trace", '{');
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct graph *graph = &report->graphs[t];
      print_json_begin (printer, graph->target, '[');
      for (size_t i = 0; i < graph->step_count;)
        {
          struct passed_over passed = trace_passed_over (graph, i);
          if (passed.steps)
            print_passed_over (printer, report, &passed);
          else
            print_step (printer, report, graph, i);
          i += passed.steps ? passed.steps : 1;
        }
      print_char (printer, ']');
    }
  print_char (printer, '}');
}
