/* print.h -- numbers and texts through a buffer, for the writers of reports. */
#ifndef GRADCALC_PRINT_H
#define GRADCALC_PRINT_H

#include "base/number.h"
#include "report/report.h"

enum
{
  PRINTER_SIZE = 1 << 12
};

/* Output is gathered here and written in large pieces; whoever opens one flushes it at the end. */
struct printer
{
  FILE *out;
  int precision; /* as in number_print */
  size_t used;
  char buffer[PRINTER_SIZE];
};

void printer_open (struct printer *printer, FILE *out, int precision);
void printer_flush (struct printer *printer);

void print_bytes (struct printer *printer, const char *text, size_t size);
void print_text (struct printer *printer, const char *text);
void print_char (struct printer *printer, char c);
void print_size (struct printer *printer, size_t number);

/* An element as text has it: `0.5`, `NaN`, `-Inf`, `true`. */
void print_element (struct printer *printer, enum type type, double element);
/* The same for csv and tsv, where `inf` is what other programs take for a number. */
void print_element_table (struct printer *printer, enum type type, double element);
/* The same for JSON, where what is not finite is a string: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
void print_element_json (struct printer *printer, enum type type, double element);

/* json.c: a text within quotes, valid whatever it is. */
void print_json_string (struct printer *printer, const char *text);

/* An array within brackets, or one bare element. Without `elements` all are 0. The text form takes a line for each
   innermost row, and the lines after the first start `indent` blanks further right than their brackets ask for; an
   empty array is `[]`. */
void print_array_text (struct printer *printer, enum type type, const struct shape *shape, const double *elements,
                       size_t indent);
/* The JSON form is one line without blanks; an empty array keeps the brackets of the axes before the empty one. */
void print_array_json (struct printer *printer, enum type type, const struct shape *shape, const double *elements);

/* The gradient of `target` with respect to `source` from a report that has gradients. */
const struct gradient *report_gradient (const struct report *report, size_t target, size_t source);

/* The positions of the elements of an array, in the order of the elements. Starts at zero. */
struct position
{
  size_t index[RANK_LIMIT];
};
/* That of one element. */
struct position position_at (const struct shape *shape, size_t element);
void position_advance (struct position *position, const struct shape *shape);

/* The indices with a blank between them, which no reader of tables takes for a number: `0 1`; nothing for one number.
 */
void print_position (struct printer *printer, const struct position *position, const struct shape *shape);
/* The same as the end of a name: `.0.1`. */
void print_position_suffix (struct printer *printer, const struct position *position, const struct shape *shape);

#endif
