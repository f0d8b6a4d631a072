/* derivation_report.c -- how formulas come about, step by step. */
#include <string.h>

#include "report/derivation_report.h"
#include "report/latex.h"
#include "report/markdown.h"

/* The line of what is said that begins at `says`, and the one after it; NULL behind the last. */
static const char *
next_line (const char *says, int *size)
{
  *size = (int)strcspn (says, "\n");
  return says[*size] ? says + *size + 1 : NULL;
}

static const struct quantity *
quantity_of (const struct report *report, const char *name, struct quantity *room)
{
  for (size_t t = 0; t < report->target_count; t++)
    if (strcmp (report->targets[t].name, name) == 0)
      return &report->targets[t];
  *room = (struct quantity){ .name = name };
  return room;
}

static void
print_derivative (const struct report *report, struct printer *printer, const struct working_line *line)
{
  struct quantity of, wrt;
  print_char (printer, 'd');
  print_quantity (printer, quantity_of (report, line->of, &of));
  print_text (printer, "/d");
  print_quantity (printer, quantity_of (report, line->wrt, &wrt));
}

static void
print_says_in_markdown (struct printer *printer, const char *says)
{
  char text[400];
  int size;
  while (says)
    {
      const char *next = next_line (says, &size);
      snprintf (text, sizeof text, "%.*s", size, says);
      print_text (printer, "| ");
      markdown_code (printer, text);
      print_text (printer, " | |\n");
      says = next;
    }
}

void
derivation_text (const struct report *report, struct printer *printer)
{
  bool markdown = report->format == FORMAT_MARKDOWN, any = report->part_count;
  int size;
  for (size_t t = 0; t < report->target_count; t++)
    for (size_t i = 0; i < report->workings[t].count; i++, any = true)
      {
        const struct working_line *line = &report->workings[t].lines[i];
        print_text (printer, any && line->heads && !markdown ? "\n" : "");
        if (markdown)
          print_says_in_markdown (printer, line->says);
        for (const char *says = line->says, *next; says && !markdown; says = next)
          {
            next = next_line (says, &size);
            print_text (printer, "# ");
            print_bytes (printer, says, (size_t)size);
            print_char (printer, '\n');
          }
        if (!line->formula)
          continue;
        print_text (printer, markdown ? "| `" : line->held ? "# [" : "");
        print_derivative (report, printer, line);
        if (line->held)
          print_format (printer, markdown ? ", %s held" : ", %s held]", line->held);
        print_text (printer, markdown ? "` | " : " = ");
        if (markdown)
          markdown_code (printer, line->formula);
        else
          print_text (printer, line->formula);
        print_text (printer, markdown ? " |\n" : "\n");
      }
}

/* `\right|_{u, v}`. */
static void
print_held_in_latex (struct printer *printer, const struct report *report, const char *held)
{
  char name[400];
  print_text (printer, held ? "\\right|_{" : "");
  for (const char *at = held; at; at = *at ? at + strlen (", ") : NULL)
    {
      size_t size = strcspn (at, ",");
      snprintf (name, sizeof name, "%.*s", (int)size, at);
      print_text (printer, at == held ? "" : ", ");
      latex_name (printer, name, report->names);
      at += size;
    }
  print_text (printer, held ? "}" : "");
}

void
derivation_latex (const struct report *report, struct printer *printer)
{
  char text[400];
  int size;
  for (size_t t = 0; t < report->target_count; t++)
    for (size_t i = 0; i < report->workings[t].count; i++)
      {
        const struct working_line *line = &report->workings[t].lines[i];
        for (const char *says = line->says, *next; says; says = next)
          {
            next = next_line (says, &size);
            snprintf (text, sizeof text, "%.*s", size, says);
            print_text (printer, "\\text{");
            latex_code (printer, text);
            print_text (printer, "}\n");
          }
        if (!line->formula)
          continue;
        print_text (printer, line->held ? "\\left.\\frac{\\partial " : "\\frac{\\partial ");
        latex_name (printer, line->of, report->names);
        print_text (printer, "}{\\partial ");
        latex_name (printer, line->wrt, report->names);
        print_char (printer, '}');
        print_held_in_latex (printer, report, line->held);
        print_format (printer, " = %s\n", strcmp (line->formula, "none") ? line->formula : "\\text{none}");
      }
}

void
derivation_table (const struct report *report, struct table *table)
{
  for (size_t t = 0; t < report->target_count; t++)
    for (size_t i = 0; i < report->workings[t].count; i++)
      {
        const struct working_line *line = &report->workings[t].lines[i];
        if (!line->formula || line->held)
          continue;
        table_text (table, line->of);
        table_text (table, line->wrt);
        table_text (table, strcmp (line->formula, "none") ? line->formula : "");
        table_end_line (table);
      }
}

void
derivation_json (const struct report *report, struct printer *printer)
{
  print_json_begin (printer, "derivation", '{');
  for (size_t t = 0; t < report->target_count; t++)
    {
      print_json_begin (printer, report->targets[t].name, '[');
      for (size_t i = 0; i < report->workings[t].count; i++)
        {
          const struct working_line *line = &report->workings[t].lines[i];
          print_json_open (printer, '{');
          if (line->says)
            print_json_text (printer, "says", line->says);
          print_json_text (printer, "target", line->of);
          print_json_text (printer, "wrt", line->wrt);
          if (line->held)
            print_json_text (printer, "held", line->held);
          print_json_key (printer, "formula");
          if (line->formula && strcmp (line->formula, "none") != 0)
            print_json_string (printer, line->formula);
          else
            print_text (printer, "null");
          print_char (printer, '}');
        }
      print_char (printer, ']');
    }
  print_char (printer, '}');
}
