/* html.h -- pieces of a page that shows a trace. */
#ifndef GRADCALC_HTML_H
#define GRADCALC_HTML_H

#include "report/trace_report.h"

/* html_text.c: a text as a text, whatever is in it: in elements and in attributes within double quotes. With a `most`
   above 0 what is longer ends in dots. */
void html_text (struct printer *printer, const char *text, size_t most);
/* A value as traces print it; the same cut so. */
void html_array (struct printer *printer, const struct report *report, enum type type, const struct shape *shape,
                 const double *elements, size_t most);
void html_local (struct printer *printer, const struct report *report, const struct graph *graph,
                 const struct graph_edge *edge, size_t most);

/* Classes of a step: kink, bad, input, target. */
void html_classes (struct printer *printer, const struct graph_step *step);

/* html_page.c: what every page has: its style, its script. */
extern const char *const html_style, *const html_script;

/* html_graph.c: the picture. Of more than a few hundred steps none. */
void html_graph (struct printer *printer, const struct report *report, const struct graph *graph);

#endif
