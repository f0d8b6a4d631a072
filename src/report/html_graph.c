/* html_graph.c -- a picture of a graph: steps in columns, each right of its operands. The style of the page knows the
   size of the boxes. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "report/html.h"

enum
{
  MOST = 300, /* steps that are drawn */
  WIDTH = 150,
  HEIGHT = 58,
  ACROSS = 230, /* from column to column, from row to row */
  DOWN = 76,
  MARGIN = 12,
  LETTERS = 18, /* in a box */
  DIGITS = 5,   /* there, unless others are asked for */
  PASSES = 6
};

struct box
{
  uint32_t step;
  uint32_t column;
  double row, wish; /* where it stands in its column, and would like to */
};

struct picture
{
  const struct report *report;
  const struct graph *graph;
  struct box *boxes;
  size_t count;
  uint32_t *box_of; /* by step: its box plus one, or 0 */
  uint32_t columns;
  double rows; /* of the longest column */
};

static struct box *
box_of (const struct picture *picture, uint32_t step)
{
  return picture->box_of[step] ? &picture->boxes[picture->box_of[step] - 1] : NULL;
}

/* Right of all operands, and of all steps before turns that are passed over where one of those is an operand; then as
   far right as those that take it let it. */
static void
find_columns (struct picture *picture)
{
  const struct graph *graph = picture->graph;
  uint32_t gap = 0;
  for (size_t i = 0; i < picture->count; i++)
    {
      struct box *box = &picture->boxes[i];
      const struct graph_step *step = &graph->steps[box->step];
      if (i && box->step != picture->boxes[i - 1].step + 1)
        gap = picture->columns + 1;
      for (uint32_t k = 0; k < step->edge_count; k++)
        {
          const struct box *from = box_of (picture, graph->edges[step->first_edge + k].from);
          uint32_t least = from ? from->column + 1 : gap;
          if (box->column < least)
            box->column = least;
        }
      if (box->column + 1 > picture->columns)
        picture->columns = box->column + 1;
    }
  for (size_t i = picture->count; i-- > 0;)
    {
      struct box *box = &picture->boxes[i];
      const struct graph_step *step = &graph->steps[box->step];
      if (box->wish > 0)
        box->column = (uint32_t)box->wish - 1;
      for (uint32_t k = 0; k < step->edge_count; k++)
        {
          struct box *from = box_of (picture, graph->edges[step->first_edge + k].from);
          if (from && (from->wish == 0 || from->wish > box->column))
            from->wish = box->column;
        }
    }
}

static int
by_wish (const void *a, const void *b)
{
  const struct box *x = *(struct box *const *)a, *y = *(struct box *const *)b;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  return x->wish != y->wish ? (x->wish < y->wish ? -1 : 1) : (x->step > y->step) - (x->step < y->step);
}

/* Where a box would like to stand: in the middle of its operands, or of those that take it. */
static void
wish (const struct picture *picture, bool of_operands)
{
  const struct graph *graph = picture->graph;
  double *sums = heap_take_zeroed (picture->report->names->memory, 2 * picture->count, sizeof *sums, "the picture");
  double *counts = sums + picture->count;
  for (size_t i = 0; i < picture->count; i++)
    {
      const struct graph_step *step = &graph->steps[picture->boxes[i].step];
      for (uint32_t k = 0; k < step->edge_count; k++)
        {
          const struct box *from = box_of (picture, graph->edges[step->first_edge + k].from);
          if (!from)
            continue;
          size_t other = (size_t)(from - picture->boxes), at = of_operands ? i : other;
          sums[at] += picture->boxes[of_operands ? other : i].row;
          counts[at]++;
        }
    }
  for (size_t i = 0; i < picture->count; i++)
    picture->boxes[i].wish = counts[i] > 0 ? sums[i] / counts[i] : picture->boxes[i].row;
  heap_give (sums);
}

static void
find_rows (struct picture *picture)
{
  struct box **order
    = heap_take (picture->report->names->memory, picture->count, sizeof *order, "the picture");
  for (size_t i = 0; i < picture->count; i++)
    {
      order[i] = &picture->boxes[i];
      order[i]->wish = (double)i;
    }
  for (int pass = 0; pass <= PASSES; pass++)
    {
      if (pass)
        wish (picture, pass % 2);
      qsort (order, picture->count, sizeof *order, by_wish);
      for (size_t i = 0, end; i < picture->count; i = end)
        {
          for (end = i; end < picture->count && order[end]->column == order[i]->column; end++)
            ;
          for (size_t k = i; k < end; k++)
            order[k]->row = (double)(k - i) - (double)(end - i - 1) / 2;
          if ((double)(end - i) > picture->rows)
            picture->rows = (double)(end - i);
        }
    }
  heap_give (order);
}

static double
left_of (const struct box *box)
{
  return MARGIN + ACROSS * (double)box->column;
}

static double
top_of (const struct picture *picture, const struct box *box)
{
  return MARGIN + DOWN * (box->row + (picture->rows - 1) / 2);
}

/* Where an edge ends at its step, counted from above: in the order in which the operands stand. */
static uint32_t
port_of (const struct picture *picture, const struct graph_step *step, uint32_t number)
{
  const struct graph_edge *edges = &picture->graph->edges[step->first_edge];
  const struct box *own = box_of (picture, edges[number].from);
  uint32_t port = 0;
  for (uint32_t k = 0; k < step->edge_count; k++)
    {
      const struct box *other = box_of (picture, edges[k].from);
      port += other && (other->row < own->row || (other->row == own->row && k < number));
    }
  return port;
}

static void
print_edges (const struct picture *picture, struct printer *printer, const struct box *box)
{
  const struct graph_step *step = &picture->graph->steps[box->step];
  for (uint32_t k = 0; k < step->edge_count; k++)
    {
      const struct graph_edge *edge = &picture->graph->edges[step->first_edge + k];
      const struct box *from = box_of (picture, edge->from);
      double to = left_of (box), end = top_of (picture, box) + HEIGHT / 2.0;
      print_format (printer, "<g data-of=\"%u\">", box->step + 1);
      if (!from)
        {
          print_format (printer, "<path class=\"gap\" d=\"M%.0f %.0fH%.0f\"/></g>\n", to - 60, end, to);
          continue;
        }
      double x = left_of (from) + WIDTH, y = top_of (picture, from) + HEIGHT / 2.0;
      end = top_of (picture, box) + HEIGHT * (port_of (picture, step, k) + 1.0) / (step->edge_count + 1.0);
      print_format (printer, "<path d=\"M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f\"/><text x=\"%.0f\" y=\"%.0f\">", x, y,
                    x + 50, y, to - 50, end, to, end, to - 5, end - 4);
      html_local (printer, picture->report, picture->graph, edge, 12);
      print_text (printer, "</text></g>\n");
    }
}

static void
print_box (const struct picture *picture, struct printer *printer, const struct box *box)
{
  const struct report *report = picture->report;
  const struct graph_step *step = &picture->graph->steps[box->step];
  const char *shown = step->name ? step->name : step->expression;
  print_text (printer, "<g class=\"node");
  html_classes (printer, step);
  print_format (printer, "\" data-step=\"%u\" transform=\"translate(%.0f %.0f)\"><rect/><text x=\"8\" y=\"17\">",
                box->step + 1, left_of (box), top_of (picture, box));
  html_text (printer, shown, LETTERS);
  print_text (printer, "</text><text class=\"v\" x=\"8\" y=\"33\">");
  html_array (printer, report, step->type, &step->shape, step->value, LETTERS);
  print_text (printer, "</text><text class=\"a\" x=\"8\" y=\"49\">");
  html_array (printer, report, TYPE_REAL, &step->shape, step->adjoint, LETTERS);
  print_text (printer, "</text>");
  if (step->name || text_width (shown) > LETTERS)
    {
      print_text (printer, "<title>");
      html_text (printer, step->expression, 0);
      print_text (printer, "</title>");
    }
  print_text (printer, "</g>\n");
}

void
html_graph (struct printer *printer, const struct report *report, const struct graph *graph)
{
  struct memory *memory = report->names->memory;
  struct picture picture = { .report = report, .graph = graph };
  for (size_t i = 0; i < graph->step_count; i++)
    picture.count += !(graph->steps[i].marks & GRAPH_PASSED_OVER);
  if (!picture.count || picture.count > MOST)
    return;
  picture.boxes = heap_take_zeroed (memory, picture.count, sizeof *picture.boxes, "the picture");
  picture.box_of = heap_take_zeroed (memory, graph->step_count, sizeof *picture.box_of, "the picture");
  picture.count = 0;
  for (uint32_t i = 0; i < graph->step_count; i++)
    if (!(graph->steps[i].marks & GRAPH_PASSED_OVER))
      {
        picture.boxes[picture.count++].step = i;
        picture.box_of[i] = (uint32_t)picture.count;
      }
  find_columns (&picture);
  find_rows (&picture);
  print_format (printer, "<h2>Graph</h2>\n<div class=\"wide\"><svg width=\"%g\" height=\"%g\" role=\"group\" "
                         "aria-label=\"the steps as a graph\">\n",
                2.0 * MARGIN + ACROSS * (picture.columns - 1.0) + WIDTH, 2.0 * MARGIN + DOWN * picture.rows);
  int precision = printer->precision;
  printer->precision = precision ? precision : DIGITS;
  for (size_t i = 0; i < picture.count; i++)
    print_edges (&picture, printer, &picture.boxes[i]);
  for (size_t i = 0; i < picture.count; i++)
    print_box (&picture, printer, &picture.boxes[i]);
  print_text (printer, "</svg></div>\n");
  printer->precision = precision;
  heap_give (picture.boxes);
  heap_give (picture.box_of);
}
