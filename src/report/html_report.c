/* html_report.c -- a trace as a page that needs nothing else: the program with values beside its lines, the graph, the
   table, and a slider that goes through the forward and the backward sweep. */
#include <string.h>

#include "base/heap.h"
#include "report/html.h"

enum
{
  DIGITS = 6,  /* beside the program, unless others are asked for */
  LINES = 2000 /* of a source that is shown whole; of a longer one those with steps */
};

/* The steps of a source's lines. */
struct listing
{
  struct listed_line
  {
    bool any;             /* a step is on it */
    uint32_t first, last; /* of those that assigned a variable on it, plus one; 0: none */
  } *lines;               /* from 1 */
  uint32_t *next;         /* by step: the next of its line, plus one, or 0 */
};

static void
list_assigned (struct listing *listing, struct listed_line *line, uint32_t step)
{
  *(line->first ? &listing->next[line->last - 1] : &line->first) = step + 1;
  line->last = step + 1;
}

/* Lists the steps of a source; whether there are any. */
static bool
list_steps (const struct report *report, const struct graph *graph, const struct source *source,
            struct listing *listing)
{
  bool any = false;
  for (size_t i = 0; i < graph->step_count; i++)
    {
      const struct graph_step *step = &graph->steps[i];
      if (step->marks & GRAPH_PASSED_OVER)
        continue;
      const struct place place = sources_place (report->places, step->span.start),
                         named = sources_place (report->places, step->named.start);
      if (step->span.start && place.source == source)
        any = listing->lines[place.line].any = true;
      if (step->span.start && named.source == source)
        any = listing->lines[named.line].any = true;
      if (step->name && step->named.start && named.source == source)
        list_assigned (listing, &listing->lines[named.line], (uint32_t)i);
    }
  return any;
}

/* The values that were assigned on a line, beside it. */
static void
print_beside (struct printer *printer, const struct report *report, const struct graph *graph,
              const struct listing *listing, size_t line)
{
  for (uint32_t i = listing->lines[line].first; i; i = listing->next[i - 1])
    {
      const struct graph_step *step = &graph->steps[i - 1];
      print_format (printer, "<span class=\"one");
      html_classes (printer, step);
      print_format (printer, "\" data-step=\"%u\">", i);
      html_text (printer, step->name, 0);
      print_text (printer, " = <span class=\"v\">");
      html_array (printer, report, step->type, &step->shape, step->value, 0);
      print_format (printer, "</span> <span class=\"a\">%s ", graph->forward ? "tangent" : "adjoint");
      html_array (printer, report, TYPE_REAL, &step->shape, step->adjoint, 0);
      print_text (printer, "</span></span>; ");
    }
}

static void
print_source (struct printer *printer, const struct report *report, const struct graph *graph, size_t number)
{
  const struct source *source = &report->places->list[number];
  const char *at = source->text, *end = source->text + source->size;
  size_t count = 2;
  for (const char *p = at; p < end; p++)
    count += *p == '\n';
  struct memory *memory = report->names->memory;
  struct listing listing = { heap_take_zeroed (memory, count + 1, sizeof *listing.lines, "the page"),
                             heap_take_zeroed (memory, graph->step_count, sizeof *listing.next, "the page") };
  bool any = list_steps (report, graph, source, &listing);
  if (any || number == 0)
    {
      print_text (printer, "<h2>");
      html_text (printer, source->name, 0);
      print_text (printer, "</h2>\n<ol class=\"program\">\n");
      for (size_t line = 1; at < end; line++)
        {
          const char *stop = memchr (at, '\n', (size_t)(end - at));
          size_t size = stop ? (size_t)(stop - at) : (size_t)(end - at);
          size_t shown = size && at[size - 1] == '\r' ? size - 1 : size;
          char *text = heap_copy (memory, at, shown, "the page");
          at += size + 1;
          if (count < LINES || listing.lines[line].any)
            {
              print_format (printer, "<li data-line=\"%zu.%zu\"><b>%zu</b><code>", number, line, line);
              html_text (printer, text, 0);
              print_text (printer, "</code><span class=\"beside\">");
              int precision = printer->precision;
              printer->precision = precision ? precision : DIGITS;
              print_beside (printer, report, graph, &listing, line);
              printer->precision = precision;
              print_text (printer, "</span></li>\n");
            }
          heap_give (text);
        }
      print_text (printer, "</ol>\n");
    }
  heap_give (listing.lines);
  heap_give (listing.next);
}

static void
print_cell (struct printer *printer, const char *text)
{
  print_text (printer, "<td>");
  html_text (printer, text, 0);
  print_text (printer, "</td>");
}

/* A step: a row, and one for each operand after the first. */
static void
print_rows (struct printer *printer, const struct report *report, const struct graph *graph, size_t number)
{
  const struct graph_step *step = &graph->steps[number];
  struct place place = { 0 };
  if (step->span.start)
    place = sources_place (report->places, step->span.start);
  size_t length = 0;
  const char *text = step->span.start ? sources_text (report->places, step->span) : "";
  for (size_t i = 0; i < step->span.length && text[i] != '\n'; i++)
    length += (text[i] & 0xc0) != 0x80;
  print_format (printer, "<tbody class=\"step");
  html_classes (printer, step);
  print_format (printer,
                "\" data-step=\"%zu\" data-line=\"%zu.%zu\" data-column=\"%zu\" data-length=\"%zu\"",
                number + 1, place.source ? (size_t)(place.source - report->places->list) : 0, place.line, place.column,
                length);
  print_format (printer, "%s>\n<tr><td>%zu</td><td>", step->marks & GRAPH_STATEMENT ? " data-whole" : "",
                number + 1);
  if (step->span.start)
    print_format (printer, "%zu:%zu", place.line, place.column);
  print_text (printer, "</td>");
  print_cell (printer, step->name ? step->name : "");
  print_text (printer, "<td>");
  html_text (printer, step->expression, 0);
  if (*trace_kink (step))
    print_format (printer, " <b class=\"kink\">%s</b>", trace_kink (step));
  print_text (printer, "</td><td>");
  html_array (printer, report, step->type, &step->shape, step->value, 0);
  print_text (printer, "</td><td>");
  html_array (printer, report, TYPE_REAL, &step->shape, step->adjoint, 0);
  print_text (printer, "</td>");
  for (uint32_t i = 0; i < step->edge_count; i++)
    {
      const struct graph_edge *edge = &graph->edges[step->first_edge + i];
      print_text (printer, i ? "</tr>\n<tr><td colspan=\"6\"></td>" : "");
      print_cell (printer, trace_operand (graph, edge));
      print_text (printer, "<td>");
      html_local (printer, report, graph, edge, 0);
      print_text (printer, "</td><td>");
      html_array (printer, report, TYPE_REAL, trace_passed_shape (graph, step, edge), edge->passed, 0);
      print_text (printer, "</td>");
    }
  print_text (printer, step->edge_count ? "</tr>\n</tbody>\n" : "<td></td><td></td><td></td></tr>\n</tbody>\n");
}

static void
print_table (struct printer *printer, const struct report *report, const struct graph *graph)
{
  print_format (printer,
                "<h2>Steps</h2>\n<div class=\"wide\"><table>\n<thead><tr><th class=\"r\">step</th><th>where</th>"
                "<th>name</th><th>expression</th><th class=\"r\">value</th><th class=\"r\">%s</th><th>%s</th>"
                "<th class=\"r\">local</th><th class=\"r\">%s</th></tr></thead>\n",
                graph->forward ? "tangent" : "adjoint", graph->forward ? "from" : "to",
                graph->forward ? "brings" : "passes on");
  for (size_t i = 0; i < graph->step_count;)
    {
      struct passed_over passed = trace_passed_over (graph, i);
      if (!passed.steps)
        {
          print_rows (printer, report, graph, i++);
          continue;
        }
      print_format (printer, "<tbody><tr><td colspan=\"9\">turns %u to %u of the loop at ", passed.first, passed.last);
      trace_print_place (printer, report, passed.loop, false);
      print_format (printer, ": %zu steps</td></tr></tbody>\n", passed.steps);
      i += passed.steps;
    }
  print_text (printer, "</table></div>\n");
}

/* What is not connected, and what was warned of, in the words of messages. */
static void
print_messages (struct printer *printer, const struct report *report, size_t target)
{
  bool any = false;
  for (size_t s = 0; report->gradients && s < report->source_count; s++)
    {
      const struct gradient *gradient = report_gradient (report, target, s);
      if (gradient->elements || !gradient->message)
        continue;
      print_text (printer, any ? "<li>" : "<h2>Notes</h2>\n<ul>\n<li>");
      any = true;
      html_text (printer, gradient->message, 0);
      print_text (printer, "</li>\n");
    }
  for (const struct warned *warned = report->warned; warned; warned = warned->next)
    {
      print_text (printer, any ? "<li>" : "<h2>Notes</h2>\n<ul>\n<li>");
      any = true;
      if (warned->span.start)
        {
          trace_print_place (printer, report, warned->span, false);
          print_text (printer, ": ");
        }
      html_text (printer, warned->message, 0);
      print_text (printer, "</li>\n");
    }
  print_text (printer, any ? "</ul>\n" : "");
}

void
trace_html (const struct report *report, struct printer *printer)
{
  print_text (printer, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                       "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
  html_text (printer, report->target_count ? report->graphs->target : "trace", 80);
  print_format (printer, ", step by step</title>\n<style>\n%s</style>\n</head>\n<body>\n", html_style);
  for (size_t t = 0; t < report->target_count; t++)
    {
      const struct graph *graph = &report->graphs[t];
      print_format (printer, "<section class=\"trace\" data-forward=\"%d\" data-count=\"%zu\">\n<h1>", graph->forward,
                    graph->step_count);
      html_text (printer, graph->target, 0);
      print_text (printer, ", step by step</h1>\n<div class=\"bar\">"
                           "<button type=\"button\" data-by=\"first\" aria-label=\"to the beginning\">|&lt;</button> "
                           "<button type=\"button\" data-by=\"-1\" aria-label=\"a step back\">&lt;</button> "
                           "<input type=\"range\" min=\"0\" value=\"0\" aria-label=\"how far the sweeps have come\"> "
                           "<button type=\"button\" data-by=\"1\" aria-label=\"a step on\">&gt;</button> "
                           "<button type=\"button\" data-by=\"last\" aria-label=\"to the end\">&gt;|</button>"
                           "<output aria-live=\"polite\"></output></div>\n");
      for (size_t i = 0; i < report->places->count; i++)
        print_source (printer, report, graph, i);
      html_graph (printer, report, graph);
      print_table (printer, report, graph);
      print_messages (printer, report, t);
      print_text (printer, "</section>\n");
    }
  print_format (printer, "<script>\n%s</script>\n</body>\n</html>\n", html_script);
}
