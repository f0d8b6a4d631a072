/* latex.h -- names, numbers and arrays in LaTeX, with amsmath. */
#ifndef GRADCALC_LATEX_H
#define GRADCALC_LATEX_H

#include "report/print.h"

/* A name, or what else is called so: y+z, an expression. In formulas. */
void latex_name (struct printer *printer, const char *name, const struct names *names);
/* The same of one element, by its flat position, of what is an array: w_{0, 1}. */
void latex_element (struct printer *printer, const struct quantity *quantity, size_t element,
                    const struct names *names);
/* A text of the program, as it stands; outside of formulas. */
void latex_code (struct printer *printer, const char *text);
/* A number with digits as they stand, 1.6e-16 as 1.6 times a power of ten; outside of formulas. */
void latex_digits (struct printer *printer, const char *digits);
/* In formulas: a number, an array as a matrix, one of rank 1 as a row. */
void latex_array (struct printer *printer, enum type type, const struct shape *shape, const double *elements);

#endif
