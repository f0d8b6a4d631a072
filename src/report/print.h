/* print.h -- numbers and texts through a buffer, for the writers of reports. */
#ifndef GRADCALC_PRINT_H
#define GRADCALC_PRINT_H

#include "base/number.h"
#include "report/report.h"

enum
{
  PRINTER_SIZE = 1 << 16
};

/* Output is gathered here and written in large pieces; whoever opens one flushes it at the end. */
struct printer
{
  FILE *out;
  int precision; /* as in number_print */
  size_t used;
  char last; /* what was written before the buffer ends in it */
  char buffer[PRINTER_SIZE];
};

void printer_open (struct printer *printer, FILE *out, int precision);
void printer_flush (struct printer *printer);

void print_bytes (struct printer *printer, const char *text, size_t size);
void print_text (struct printer *printer, const char *text);
void print_char (struct printer *printer, char c);
void print_blanks (struct printer *printer, size_t count);
/* As printf () does; not for what is written for each element, nor within JSON. */
void print_format (struct printer *printer, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
void print_size (struct printer *printer, size_t number);

/* An element as text has it: `0.5`, `NaN`, `-Inf`, `true`. */
void print_element (struct printer *printer, enum type type, double element);
/* An element in JSON, where one that is not finite is a string: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
void print_element_json (struct printer *printer, enum type type, double element);

/* An array within brackets, or one bare element. Without `elements` all are 0. The text form takes a line for each
   innermost row, and the lines after the first start `indent` blanks further right than their brackets ask for; an
   empty array is `[]`. With PRINT_ONE_LINE the rows stand in one line. */
#define PRINT_ONE_LINE SIZE_MAX
void print_array_text (struct printer *printer, enum type type, const struct shape *shape, const double *elements,
                       size_t indent);
/* The JSON form is one line without blanks; an empty array keeps the brackets of the axes before the empty one. */
void print_array_json (struct printer *printer, enum type type, const struct shape *shape, const double *elements);

/* The indices of an element of an array, with a text before the first and between them: `.0.1`; nothing for a number.
 */
void print_position (struct printer *printer, const struct shape *shape, size_t element, const char *first,
                     const char *between);
/* The indices in brackets: `[0, 1]`; nothing for a number. */
void print_brackets (struct printer *printer, const struct shape *shape, size_t element);

/* Columns that a text takes: a character each, however many bytes it has. */
size_t text_width (const char *text);
/* The name of a value, in parentheses if it is an expression. Returns the columns that takes. */
size_t print_quantity (struct printer *printer, const struct quantity *quantity);

/* print_json.c. Objects and lists of JSON: what is not the first in one has a comma before it by itself. */
void print_json_open (struct printer *printer, char bracket);
/* `"key":`; what is printed next is its value. */
void print_json_key (struct printer *printer, const char *key);
/* The same, and the bracket that begins its value. */
void print_json_begin (struct printer *printer, const char *key, char bracket);
/* A text within quotes, valid whatever it is. */
void print_json_string (struct printer *printer, const char *text);
/* The same of some bytes, with something behind them; `doubled`: a quote in it stands twice. */
void print_json_field_text (struct printer *printer, const char *text, size_t size, bool doubled);
/* Members of an object: a text, a number, the indices of an element, and a place, where line 0 is that of a file
   without lines, or where a span begins. */
void print_json_text (struct printer *printer, const char *key, const char *text);
void print_json_size (struct printer *printer, const char *key, size_t number);
void print_json_position (struct printer *printer, const char *key, const struct shape *shape, size_t element);
void print_json_place (struct printer *printer, const char *file, size_t line, size_t column);
void print_json_span (struct printer *printer, const struct sources *sources, struct span span);

#endif
