/* html_text.c -- texts, values and classes of steps as pages have them. */
#include <math.h>

#include "base/heap.h"
#include "base/writing.h"
#include "report/html.h"

void
html_text (struct printer *printer, const char *text, size_t most)
{
  size_t columns = 0;
  bool cut = most && text_width (text) > most;
  for (; *text; text++)
    {
      if ((*text & 0xc0) != 0x80 && cut && columns++ == most - 1)
        {
          print_text (printer, "\xe2\x80\xa6");
          return;
        }
      const char *entity = *text == '&'   ? "&amp;"
                           : *text == '<' ? "&lt;"
                           : *text == '>' ? "&gt;"
                           : *text == '"' ? "&quot;"
                                          : NULL;
      if (entity)
        print_text (printer, entity);
      else
        print_char (printer, (unsigned char)*text < 0x20 && *text != '\t' ? ' ' : *text);
    }
}

/* What is printed to `printer` of a writing comes out as a text of the page. */
static void
print_written (struct printer *printer, struct writing *writing, struct printer *written, size_t most)
{
  printer_flush (written);
  char *text = writing_close (writing, NULL);
  html_text (printer, text, most);
  heap_give (text);
}

void
html_array (struct printer *printer, const struct report *report, enum type type, const struct shape *shape,
            const double *elements, size_t most)
{
  struct writing *writing = writing_open (report->names->memory, "the page");
  struct printer written;
  printer_open (&written, writing->out, printer->precision);
  trace_print_array (&written, type, shape, elements);
  print_written (printer, writing, &written, most);
}

void
html_local (struct printer *printer, const struct report *report, const struct graph *graph,
            const struct graph_edge *edge, size_t most)
{
  struct writing *writing = writing_open (report->names->memory, "the page");
  struct printer written;
  printer_open (&written, writing->out, printer->precision);
  trace_print_local (&written, graph, edge);
  print_written (printer, writing, &written, most);
}

static bool
is_bad (const struct shape *shape, const double *elements)
{
  bool bad = false;
  for (size_t i = 0; elements && i < shape_size (shape); i++)
    bad |= !isfinite (elements[i]);
  return bad;
}

void
html_classes (struct printer *printer, const struct graph_step *step)
{
  print_format (printer, "%s%s%s%s", step->marks & GRAPH_KINK ? " kink" : "",
                is_bad (&step->shape, step->value) || is_bad (&step->shape, step->adjoint) ? " bad" : "",
                step->marks & GRAPH_INPUT ? " input" : "", step->marks & GRAPH_TARGET ? " target" : "");
}
