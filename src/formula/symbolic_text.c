/* symbolic_text.c -- formulas as text, with the names of the program and of their parts. */
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "formula/latex_name.h"
#include "formula/symbolic_step.h"
#include "formula/term_print.h"

static void
write_name (struct term_printer *printer, const struct term *term)
{
  uint32_t slot = term->name;
  /* Of what has no name nothing can be written. */
  if (slot & LOST)
    printer->room = 0;
  const struct symbolic *formulas = printer->data;
  const char *name = slot & LOST ? "" : symbolic_name (formulas, slot);
  if (printer->style == &term_latex_style)
    latex_write_distinct (printer->out, name, formulas->run->program->names);
  else
    fputs (name, printer->out);
}

static void
write_part (struct term_printer *printer, uint32_t term)
{
  char name[PART_NAME];
  symbolic_part_name (printer->data, printer->parts[term] - 1, printer->style == &term_latex_style, name);
  fputs (name, printer->out);
}

/* Whether a function's name is that of a variable. */
static bool
is_taken (struct term_printer *printer, const char *name)
{
  const struct symbolic *formulas = printer->data;
  const struct program *program = formulas->run->program;
  uint32_t number = names_find (program->names, name, strlen (name));
  return number != UINT32_MAX && number < area_count (&program->variables, struct variable)
         && program_variable (program, number)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED);
}

struct term_printer
symbolic_printer (const struct symbolic *formulas, FILE *out, const struct term_style *style)
{
  return (struct term_printer){ .terms = &formulas->terms,
                                .out = out,
                                .style = style,
                                .room = SYMBOLIC_LENGTH,
                                .parts = area_of (&formulas->part_of, uint32_t),
                                .part_terms = area_count (&formulas->part_of, uint32_t),
                                .write_name = write_name,
                                .write_part = write_part,
                                .data = formulas };
}

char *
symbolic_text (struct symbolic *formulas, uint32_t term, bool open, enum term_format format)
{
  struct writing *writing = writing_open (formulas->run->memory, "the formulas");
  const struct term_style *style = format == TERM_LATEX ? &term_latex_style : &term_text_style;
  struct term_printer printer = symbolic_printer (formulas, writing->out, style);
  printer.is_taken = format == TERM_TEXT ? is_taken : NULL;
  /* A name is told from what it is by a sign that conditions have too. */
  const struct term *t = term_at (&formulas->terms, term);
  bool condition
    = open && format == TERM_LATEX && t->kind == TERM_CALL && t->op < OPS && op_info[t->op].traits & TRUTH;
  fputs (condition ? "\\left(" : "", writing->out);
  bool good = (open ? term_print_open : term_print) (&printer, term);
  fputs (condition ? "\\right)" : "", writing->out);
  char *text = writing_close (writing, NULL);
  if (good)
    return text;
  if (printer.without)
    symbolic_fail (formulas, UINT32_MAX, "'%.20s', which is needed, is the name of a variable", printer.without);
  heap_give (text);
  return NULL;
}
