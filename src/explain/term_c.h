/* term_c.h -- formulas with arrays as statements in C. */
#ifndef GRADCALC_TERM_C_H
#define GRADCALC_TERM_C_H

#include "explain/term.h"

struct term_c
{
  struct term_printer printer; /* whose `without` says what C has not */
  uint32_t *own;               /* by term, the number of its array, or 0; the caller's, of `term_count` zeros */
  uint32_t term_count, own_count;
  size_t elements; /* of all those arrays */
  int depth;
};

/* How C writes a function of numbers: with $1, $2, $3 for the arguments; NULL when it has none. */
enum
{
  FORM_TEXT = 80
};
const char *term_c_form (uint32_t op, uint32_t count, char text[FORM_TEXT]);

/* Writes statements that put a term into the variable `name`, a number or an array in row-major order, from its element
   `offset` on; of a shape that the term may have to be spread to. False when that cannot be written. */
bool term_c_assign (struct term_c *writer, const char *name, size_t offset, uint32_t term, const struct shape *shape);

#endif
