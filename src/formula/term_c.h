/* term_c.h -- formulas with arrays as statements in C. */
#ifndef GRADCALC_TERM_C_H
#define GRADCALC_TERM_C_H

#include "base/number.h"
#include "formula/term.h"

enum
{
  C_FORM_TEXT = 240,
  INDEX_TEXT = 200
};

/* An index along each axis of an array, as C has it. */
struct c_position
{
  int rank;
  char index[RANK_LIMIT][INDEX_TEXT];
};

struct term_c
{
  struct term_printer
    printer;              /* the first, as its functions take it for the whole; its `without` says what C has not */
  void (*write_name) (struct term_printer *printer, const struct term *name); /* without an index */
  uint32_t *own;          /* by term, the number of its array, or 0 */
  const uint32_t *wanted; /* by term, of `wanted_count`: not 0 where it is to have a variable of its own */
  uint32_t wanted_count, own_count;
  size_t elements; /* of all those arrays */
  char letter;     /* that their names begin with */
  int depth;
  /* The element that is being written: of a term of what shape. */
  const struct c_position *position;
  const struct shape *shape;
};

static inline const struct term *
term_c_at (const struct term_c *writer, uint32_t term)
{
  return term_at (writer->printer.terms, term);
}

/* Whether a term is a number, as an argument may have to be. */
static inline bool
term_c_constant (const struct term_c *writer, uint32_t term, double *number)
{
  return term_is_number (writer->printer.terms, term, number);
}

/* Makes a printer of terms, whose names and data are set, write C; `own` is the caller's, of `term_count` zeros. */
void term_c_open (struct term_c *writer, uint32_t *own, uint32_t term_count);
/* Writes statements that put a term into the variable `name`, a number or an array in row-major order, from its element
   `offset` on; of a shape that the term may have to be spread to. False when that cannot be written. */
bool term_c_assign (struct term_c *writer, const char *name, size_t offset, uint32_t term, const struct shape *shape);
/* The same of a number: `head name = element;`, or without a name `head element;`. */
bool term_c_number (struct term_c *writer, const char *head, const char *name, uint32_t term);

/* term_c_loops.c: the index along an axis, as loops name it; `for (size_t i0 = 0; ...)` for each axis, up to where
   the body begins, whose indentation is added up, with the indices; declares an array of its own, and gives its
   number; term_c_assign of a term whose own arrays are there. */
void term_c_name_index (char index[INDEX_TEXT], const char *name, int axis, size_t extent);
struct c_position term_c_loops (struct term_c *writer, const struct shape *shape, const char *name, int *indent);
uint32_t term_c_declare (struct term_c *writer, const struct shape *shape);
bool term_c_fill (struct term_c *writer, const char *name, size_t offset, uint32_t term, const struct shape *shape);
/* The axis that a call's keywords give, or `otherwise`; false where they do not say it. */
bool term_c_axis (const struct term_c *writer, const struct term *term, int otherwise, int *axis);
/* Statements for a call whose array is `own`: what goes over an axis or all elements in term_c_reduce.c, the others
   each in a file of their own. */
bool term_c_sums (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_running (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_matmul (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_dot (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_trace (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_einsum (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_logarithms (struct term_c *writer, const struct term *term, uint32_t own);
bool term_c_matrix (struct term_c *writer, const struct term *term, uint32_t own);

/* term_c_element.c: one element, at a position of the term's own rank; the same in brackets where it is more than a
   name or a call; what stands around it. */
bool term_c_element (struct term_c *writer, uint32_t term, const struct c_position *position);
bool term_c_factor (struct term_c *writer, uint32_t term, const struct c_position *position);
void term_c_put (struct term_c *writer, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The position of an operand that is spread to a result, by the result's. */
struct c_position term_c_spread (const struct c_position *result, const struct shape *result_shape,
                                 const struct shape *shape);
/* `[(i*n + j)*m + k]`, without axes of one element, nothing for a number; the same without brackets. */
void term_c_index (struct term_c *writer, const struct shape *shape, const struct c_position *position);
void term_c_flat (struct term_c *writer, const struct shape *shape, const struct c_position *position);
/* False, for what there is no C for. */
bool term_c_fail (struct term_c *writer, const char *without);
/* Whether a call's elements are found where they are needed, from elements of its operands. */
bool term_c_is_local (const struct term *term);
/* A number of C, which reads back the same. */
void term_c_literal (char text[NUMBER_SIZE], double number);

/* term_c_forms.c: how C writes a function of numbers, as a form; NULL when it has none. */
const char *term_c_form (uint32_t op, uint32_t count, char text[C_FORM_TEXT]);
/* Whether that is a function which math.h has not, and which is written where it is called. */
bool term_c_has_helper (const char *name);
/* The functions that the body of one calls and math.h has not, in an order in which each is known before its use. */
void term_c_helpers (FILE *out, const char *body);

/* term_c_move.c: whether the elements of a call are those of its operands at other positions, or known by their
   position; writes one, false, with nothing written, for calls that are something else. */
bool term_c_moves (const struct term *term);
/* How many of its operands have elements; others say how they are moved. Of what is no such call, all. */
uint32_t term_c_values (const struct term *term);
bool term_c_move (struct term_c *writer, const struct term *term, const struct c_position *position);
/* Prints an index; an element of an operand, at a position of its own; the axis, of `rank`, that a call is along,
   `none` when it does not say. */
void term_c_put_index (struct term_c *writer, char index[INDEX_TEXT], const char *format, ...)
  __attribute__ ((format (printf, 3, 4)));
void term_c_operand (struct term_c *writer, const struct term *term, uint32_t k, const struct c_position *position);
int term_c_axis_of (const struct term_c *writer, const struct term *term, int rank, int none);

/* term_c_join.c: arrays one behind the other, copies along axes, and each element some times. */
void term_c_write_joined (struct term_c *writer, const struct term *term, const struct c_position *position);
void term_c_write_copies (struct term_c *writer, const struct term *term, const struct c_position *position);
void term_c_write_repeated (struct term_c *writer, const struct term *term, const struct c_position *position);

#endif
