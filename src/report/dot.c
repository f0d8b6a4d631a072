/* dot.c -- pictures of a run, for Graphviz: steps are boxes with value and adjoint, arrows carry local derivatives. */
#include <math.h>
#include <string.h>

#include "report/trace_report.h"

enum
{
  MOST = 160,  /* steps that are drawn: of more the first and the last ones */
  SMALL = 4,   /* elements of an array that is written out */
  LETTERS = 40 /* of a text */
};

/* A picture that is being drawn. Steps that are not drawn stand together in boxes: of each loop those in turns that are
   passed over, and of too many steps all between `first` and `last`. */
struct picture
{
  struct printer *printer;
  const struct report *report;
  const struct graph *graph;
  size_t number;      /* of the graph in the report */
  size_t first, last; /* steps between which none is drawn; 0: all are */
  bool with_file;
};

/* The box that a step stands in: its own, the one in the middle, or that of a loop, by its number. */
struct box
{
  enum
  {
    BOX_STEP,
    BOX_MIDDLE,
    BOX_LOOP
  } kind;
  size_t number;
};

static struct box
box_of (const struct picture *picture, size_t i)
{
  const struct graph_step *step = &picture->graph->steps[i];
  const struct graph_turn *turn = step->marks & GRAPH_PASSED_OVER ? trace_passed_turn (picture->graph, step) : NULL;
  if (picture->last && i >= picture->first && i < picture->last)
    return (struct box){ BOX_MIDDLE, 0 };
  return turn ? (struct box){ BOX_LOOP, turn->loop } : (struct box){ BOX_STEP, i + 1 };
}

static bool
same_box (struct box a, struct box b)
{
  return a.kind == b.kind && a.number == b.number;
}

static void
print_box (const struct picture *picture, struct box box)
{
  static const char *const names[] = { [BOX_STEP] = "s", [BOX_MIDDLE] = "middle", [BOX_LOOP] = "loop" };
  print_format (picture->printer, "g%zu%s%zu", picture->number, names[box.kind], box.number);
}

/* A text within quotes, cut where it is long. */
static void
print_quoted (struct printer *printer, const char *text)
{
  size_t letters = 0;
  for (; *text; text++)
    {
      letters += (*text & 0xc0) != 0x80;
      if (letters > LETTERS)
        {
          print_text (printer, "...");
          return;
        }
      if (*text == '"' || *text == '\\')
        print_char (printer, '\\');
      print_char (printer, *text == '\n' ? ' ' : *text);
    }
}

static void
print_array (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  char text[SHAPE_TEXT];
  if (shape_size (shape) <= SMALL)
    print_array_text (printer, type, shape, elements, PRINT_ONE_LINE);
  else
    {
      print_format (printer, "%s, norm ", shape_text (text, shape));
      print_element (printer, TYPE_REAL, trace_norm (shape, elements));
    }
}

static bool
is_finite (const struct shape *shape, const double *elements)
{
  for (size_t i = 0; elements && i < shape_size (shape); i++)
    if (!isfinite (elements[i]))
      return false;
  return true;
}

/* Whether the text of an input is its value already: a number, or a small array that is written out. */
static bool
says_value (const struct graph_step *step)
{
  const char *text = step->expression, *letters = step->shape.rank ? "[], 0123456789.e+-\n" : "0123456789.e+-";
  return shape_size (&step->shape) <= SMALL && !text[strspn (text, letters)];
}

static void
print_label (const struct picture *picture, const struct graph_step *step)
{
  struct printer *printer = picture->printer;
  print_text (printer, "label=\"");
  if (step->name && !(step->marks & GRAPH_STATEMENT))
    {
      print_quoted (printer, step->name);
      print_text (printer, *step->expression ? " = " : "");
    }
  print_quoted (printer, step->expression);
  if (step->value && !(step->marks & GRAPH_INPUT && says_value (step)))
    {
      print_text (printer, "\\n");
      print_array (printer, step->type, &step->shape, step->value);
    }
  if (step->adjoint)
    {
      print_text (printer, picture->graph->forward ? "\\ntangent " : "\\nadjoint ");
      print_array (printer, TYPE_REAL, &step->shape, step->adjoint);
    }
  if (*trace_kink (step))
    print_format (printer, "\\nat a %s", trace_kink (step));
  print_char (printer, '"');
}

static void
print_step (const struct picture *picture, size_t i)
{
  struct printer *printer = picture->printer;
  const struct graph_step *step = &picture->graph->steps[i];
  bool value = is_finite (&step->shape, step->value), adjoint = is_finite (&step->shape, step->adjoint);
  const char *color = !value                       ? "#f87171"
                      : !adjoint                   ? "#fecaca"
                      : step->marks & GRAPH_KINK   ? "#fed7aa"
                      : step->marks & GRAPH_TARGET ? "#dcfce7"
                      : step->marks & GRAPH_INPUT  ? "#dbeafe"
                                                   : "#ffffff";
  print_box (picture, (struct box){ BOX_STEP, i + 1 });
  print_text (printer, " [");
  print_label (picture, step);
  print_format (printer, ", fillcolor=\"%s\"%s%s];\n", color, step->marks & GRAPH_WANTED ? ", penwidth=2" : "",
                step->marks & GRAPH_TARGET ? ", peripheries=2" : "");
}

static void
print_place (const struct picture *picture, struct span span)
{
  if (!span.start)
    return;
  print_text (picture->printer, " (");
  trace_print_place (picture->printer, picture->report, span, picture->with_file);
  print_char (picture->printer, ')');
}

/* Opens the frames of a turn and of those that it was made in, the outermost first; how many they are. */
static int
open_turns (const struct picture *picture, uint32_t turn)
{
  enum
  {
    DEPTH = 16 /* frames within each other: deeper ones are left out */
  };
  const struct graph_turn *turns = picture->graph->turns;
  uint32_t open[DEPTH];
  int depth = 0;
  for (; turn; turn = turns[turn].outer)
    {
      if (depth == DEPTH)
        {
          memmove (open, open + 1, sizeof open - sizeof *open);
          depth--;
        }
      open[depth++] = turn;
    }
  for (int i = depth; i-- > 0;)
    {
      print_format (picture->printer, "subgraph cluster_g%zut%u { label=\"turn %u of %u", picture->number, open[i],
                    turns[open[i]].number, turns[open[i]].count);
      print_place (picture, turns[open[i]].span);
      print_text (picture->printer, "\"; ");
    }
  return depth;
}

/* The steps that are drawn, each within the frames of its loops and of the function that it is in. A frame that is
   opened again goes on. */
static void
print_steps (const struct picture *picture)
{
  struct printer *printer = picture->printer;
  const struct graph_step *before = NULL;
  size_t call = 0;
  for (size_t i = 0; i < picture->graph->step_count; i++)
    {
      const struct graph_step *step = &picture->graph->steps[i];
      if (box_of (picture, i).kind != BOX_STEP)
        continue;
      int open = open_turns (picture, step->marks & GRAPH_INPUT ? 0 : step->turn);
      call += before && (before->function != step->function || before->turn != step->turn);
      before = step->marks & GRAPH_INPUT ? before : step;
      if (step->function)
        {
          const struct graph_function *function = &picture->graph->functions[step->function];
          print_format (printer, "subgraph cluster_g%zuf%zu { label=\"", picture->number, call);
          print_quoted (printer, function->name ? function->name : "fn");
          print_place (picture, function->span);
          print_text (printer, "\"; ");
          open++;
        }
      print_step (picture, i);
      for (; open > 0; open--)
        print_text (printer, "}\n");
    }
}

/* The boxes of steps that are not drawn, each where the first of them stood. */
static void
print_boxes (const struct picture *picture)
{
  struct printer *printer = picture->printer;
  const struct graph *graph = picture->graph;
  struct box before = { BOX_STEP, 0 };
  for (size_t i = 0; i < graph->step_count; i++)
    {
      struct box box = box_of (picture, i);
      if (box.kind == BOX_STEP || same_box (box, before))
        continue;
      before = box;
      const struct graph_turn *turn = box.kind == BOX_LOOP ? trace_passed_turn (graph, &graph->steps[i]) : NULL;
      int open = turn ? open_turns (picture, turn->outer) : 0;
      print_box (picture, box);
      if (turn)
        {
          print_format (printer, " [label=\"turns 3 to %u", turn->count - 1);
          print_place (picture, turn->span);
        }
      else
        print_format (printer, " [label=\"%zu more steps", picture->last - picture->first);
      print_text (printer, "\", shape=box3d, style=filled, fillcolor=\"#f3f4f6\"];\n");
      for (; open > 0; open--)
        print_text (printer, "}\n");
    }
}

/* Whether an operand passes nothing on: it was not selected, or is multiplied by 0. */
static bool
is_nothing (const struct graph_edge *edge)
{
  bool nothing = edge->local != NULL;
  for (size_t i = 0; nothing && i < shape_size (&edge->local_shape); i++)
    nothing = edge->local[i] == 0;
  return nothing;
}

static void
print_edge (const struct picture *picture, const struct graph_edge *edge)
{
  struct printer *printer = picture->printer;
  const char *mark = picture->graph->forward ? "" : "'";
  print_text (printer, " [label=\" ");
  if (!edge->local)
    print_quoted (printer, edge->map ? edge->map : "");
  else
    {
      bool is_factor = edge->form == LOCAL_RIGHT || edge->form == LOCAL_LEFT;
      bool in_words = is_factor && shape_size (&edge->local_shape) > SMALL;
      print_text (printer, edge->form == LOCAL_RIGHT ? "@ " : "");
      print_text (printer, in_words ? "(" : "");
      print_array (printer, TYPE_REAL, &edge->local_shape, edge->local);
      print_text (printer, in_words ? ")" : "");
      print_text (printer, is_factor ? mark : "");
      print_text (printer, edge->form == LOCAL_LEFT ? " @" : "");
    }
  print_format (printer, "\"%s%s];\n", is_nothing (edge) ? ", style=dashed" : "",
                is_finite (&edge->local_shape, edge->local) ? "" : ", color=\"#dc2626\"");
}

/* Arrows that were drawn between boxes, so that each is drawn once. */
struct drawn
{
  struct
  {
    struct box from, to;
  } pairs[4 * MOST];
  size_t count;
};

static bool
is_drawn (struct drawn *drawn, struct box from, struct box to)
{
  /* The last ones are met again first. */
  for (size_t i = drawn->count; i-- > 0;)
    if (same_box (drawn->pairs[i].from, from) && same_box (drawn->pairs[i].to, to))
      return true;
  if (drawn->count == sizeof drawn->pairs / sizeof *drawn->pairs)
    return true;
  drawn->pairs[drawn->count].from = from;
  drawn->pairs[drawn->count++].to = to;
  return false;
}

static void
print_edges (const struct picture *picture)
{
  struct printer *printer = picture->printer;
  const struct graph *graph = picture->graph;
  struct drawn drawn = { .count = 0 };
  for (size_t i = 0; i < graph->step_count; i++)
    {
      const struct graph_step *step = &graph->steps[i];
      struct box to = box_of (picture, i);
      for (uint32_t k = 0; k < step->edge_count; k++)
        {
          const struct graph_edge *edge = &graph->edges[step->first_edge + k];
          struct box from = box_of (picture, edge->from);
          bool steps = from.kind == BOX_STEP && to.kind == BOX_STEP;
          if (same_box (from, to) || (!steps && is_drawn (&drawn, from, to)))
            continue;
          print_box (picture, from);
          print_text (printer, " -> ");
          print_box (picture, to);
          if (steps)
            print_edge (picture, edge);
          else
            print_text (printer, " [color=\"#9ca3af\"];\n");
        }
    }
}

static void
print_branches (const struct picture *picture)
{
  struct printer *printer = picture->printer;
  for (size_t i = 0; i < picture->graph->branch_count; i++)
    {
      const struct graph_branch *branch = &picture->graph->branches[i];
      print_format (printer, "g%zub%zu [label=\"not taken", picture->number, i);
      print_place (picture, branch->span);
      print_text (printer, "\\n");
      print_quoted (printer, branch->text);
      print_text (printer, "\", style=dashed, fontcolor=\"#6b7280\", color=\"#6b7280\"];\n");
      print_format (printer, "g%zub%zu -> ", picture->number, i);
      print_box (picture, box_of (picture, branch->joins));
      print_text (printer, " [style=dashed, color=\"#6b7280\"];\n");
    }
}

/* Of too many steps those in the middle are not drawn. */
static void
choose_steps (struct picture *picture)
{
  const struct graph *graph = picture->graph;
  size_t shown = 0, at = 0;
  for (size_t i = 0; i < graph->step_count; i++)
    shown += box_of (picture, i).kind == BOX_STEP;
  if (shown <= MOST)
    return;
  for (size_t i = 0, seen = 0; i < graph->step_count; i++)
    {
      seen += box_of (picture, i).kind == BOX_STEP;
      if (seen == MOST / 2 && !picture->first)
        picture->first = i + 1;
      if (seen == shown - MOST / 2 && !at)
        at = i + 1;
    }
  picture->last = at;
}

void
trace_dot (const struct report *report, struct printer *printer)
{
  size_t count = report->target_count;
  printer->precision = printer->precision ? printer->precision : 6;
  print_text (
    printer, "digraph gradcalc {\n"
             "graph [fontname=\"Helvetica\", fontsize=11, color=\"#9ca3af\", style=rounded, labeljust=l];\n"
             "node [fontname=\"Helvetica\", fontsize=11, shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\"];\n"
             "edge [fontname=\"Helvetica\", fontsize=10, color=\"#4b5563\"];\n");
  for (size_t t = 0; t < count; t++)
    {
      struct picture picture = { .printer = printer, .report = report, .graph = &report->graphs[t], .number = t };
      picture.with_file = picture.graph->has_files;
      choose_steps (&picture);
      if (count > 1)
        {
          print_format (printer, "subgraph cluster_g%zu { label=\"", t);
          print_quoted (printer, picture.graph->target);
          print_text (printer, "\";\n");
        }
      print_steps (&picture);
      print_boxes (&picture);
      print_branches (&picture);
      print_edges (&picture);
      print_text (printer, count > 1 ? "}\n" : "");
    }
  print_text (printer, "}\n");
}
