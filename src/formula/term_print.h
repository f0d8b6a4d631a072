/* term_print.h -- the writer of formulas, as the file for LaTeX sees it. */
#ifndef GRADCALC_TERM_PRINT_H
#define GRADCALC_TERM_PRINT_H

#include "formula/term.h"

/* How tightly something binds. */
enum binding
{
  LOOSE,
  OR,
  AND,
  NOT,
  COMPARISON, /* of which none stands beside another without brackets */
  SUM,
  PRODUCT,
  POWER,
  TIGHT
};

/* A term, in brackets where it binds less tightly than what is around it; a text; arguments with commas. */
void print_term (struct term_printer *printer, uint32_t term, enum binding around);
void print_raw (struct term_printer *printer, const char *text);
void print_number (struct term_printer *printer, double number);
/* The name of a function; of one that is something else there, none can be written. */
void print_function (struct term_printer *printer, const char *name);
void print_arguments (struct term_printer *printer, const struct part *parts, uint32_t count);
/* Whether a term has a name of its own, and is not written out. */
bool print_has_name (const struct term_printer *printer, uint32_t term);

/* term_print_sum.c: factor times the product of the parts; one part of a sum with its coefficient; a sum. */
void print_product (struct term_printer *printer, double factor, const struct part *parts, uint32_t count);
void print_multiple (struct term_printer *printer, double coefficient, uint32_t term);
void print_sum (struct term_printer *printer, const struct term *term);

/* term_latex.c: how tightly a call binds in LaTeX, where that is not as in the language; writes one, false, with
   nothing written, for what is written as in the language. */
bool latex_binding (const struct term *term, enum binding *binding);
bool latex_call (struct term_printer *printer, const struct term *term);

#endif
