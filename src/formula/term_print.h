/* term_print.h -- the writer of formulas, as the files for each format see it. */
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

/* What is different from format to format. */
struct term_style
{
  const char *open, *close; /* brackets */
  const char *times;
  const char *root, *root_open, *root_close;
  const char *power_open, *power, *power_close;
  enum binding base;     /* how tightly the base of a power has to bind */
  bool fractions;        /* a quotient is a fraction: what is between its lines needs no brackets */
  bool products_last;    /* a matrix product among numbers stands last, without brackets */
  const char *condition; /* written before a condition that is used as a number */
  void (*number) (struct term_printer *printer, double number);
  /* A call, without brackets; how tightly it binds, where that is not as in the language: else false. */
  void (*call) (struct term_printer *printer, const struct term *term);
  bool (*binding) (const struct term *term, enum binding *binding);
};
/* term_text.c, term_latex.c, term_c_element.c. */
extern const struct term_style term_text_style, term_latex_style, term_c_style;

/* A term, in brackets where it binds less tightly than what is around it; a text; arguments with commas. */
void print_term (struct term_printer *printer, uint32_t term, enum binding around);
void print_raw (struct term_printer *printer, const char *text);
/* The name of a function; of one that is something else there, none can be written. */
void print_function (struct term_printer *printer, const char *name);
void print_arguments (struct term_printer *printer, const struct part *parts, uint32_t count);
/* The letters of a TERM_STRING. */
void print_string (struct term_printer *printer, const struct term *term);
/* A form of notation.def; with <1 for an operand that binds as tightly as the whole, >1 for one that does so more. */
void print_form (struct term_printer *printer, const struct term *term, const char *form);
/* An operator between its two operands, with brackets around each that is one too where it stands `apart`. */
void print_operator (struct term_printer *printer, const struct term *term, const char *sign, bool apart);
/* Whether a term has a name of its own, and is not written out. */
bool print_has_name (const struct term_printer *printer, uint32_t term);
/* Whether it is written with a sign between two operands. */
bool print_has_sign (uint32_t op);

/* term_text.c: a call as the language has it, in LaTeX too where that has no other way. */
void print_call_as_text (struct term_printer *printer, const struct term *term);

#endif
