/* term_c_element.c -- one element of a formula as an expression of C: what goes element by element is written where it
   is needed, within the loops of the statement around it. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formula/term_c.h"
#include "formula/term_print.h"

void
term_c_literal (char text[NUMBER_SIZE], double number)
{
  if (isfinite (number))
    {
      number_print (text, number, 0);
      /* In C 2/3 is a quotient of integers. */
      strcat (text, strpbrk (text, ".e") ? "" : ".0");
    }
  else
    strcpy (text, isnan (number) ? "NAN" : number < 0 ? "-INFINITY" : "INFINITY");
}

void
term_c_put (struct term_c *writer, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  int size = vfprintf (writer->printer.out, format, arguments);
  va_end (arguments);
  writer->printer.room = size < 0 || (size_t)size > writer->printer.room ? 0 : writer->printer.room - (size_t)size;
}

bool
term_c_fail (struct term_c *writer, const char *without)
{
  if (!writer->printer.without)
    writer->printer.without = without;
  return false;
}

struct c_position
term_c_spread (const struct c_position *result, const struct shape *result_shape, const struct shape *shape)
{
  struct c_position position = { .rank = shape->rank };
  for (int axis = 0; axis < shape->rank; axis++)
    {
      int from = axis + result_shape->rank - shape->rank;
      bool one = shape->extent[axis] == 1;
      snprintf (position.index[axis], INDEX_TEXT, "%s", one ? "0" : result->index[from]);
    }
  return position;
}

void
term_c_flat (struct term_c *writer, const struct shape *shape, const struct c_position *position)
{
  int axes[RANK_LIMIT], count = 0;
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->extent[axis] != 1)
      axes[count++] = axis;
  for (int k = 2; k < count; k++)
    term_c_put (writer, "(");
  for (int k = 0; k < count; k++)
    {
      if (k)
        term_c_put (writer, "*%zu + ", shape->extent[axes[k]]);
      term_c_put (writer, "%s%s", position->index[axes[k]], k && k + 1 < count ? ")" : "");
    }
  if (!count && shape->rank)
    term_c_put (writer, "0");
}

void
term_c_index (struct term_c *writer, const struct shape *shape, const struct c_position *position)
{
  if (shape->rank == 0)
    return;
  term_c_put (writer, "[");
  term_c_flat (writer, shape, position);
  term_c_put (writer, "]");
}

bool
term_c_is_local (const struct term *term)
{
  char text[C_FORM_TEXT];
  return term->kind != TERM_CALL || term_c_moves (term) || term_c_form (term->op, term->count, text) != NULL;
}

/* A name at the place of the element that is being written. */
static void
write_name (struct term_printer *printer, const struct term *term)
{
  struct term_c *writer = (struct term_c *)printer;
  struct c_position own = term_c_spread (writer->position, writer->shape, &term->shape);
  writer->write_name (printer, term);
  term_c_index (writer, &term->shape, &own);
}

/* The element of a call that moves elements, or of a function of numbers. */
static void
write_call (struct term_printer *printer, const struct term *term)
{
  struct term_c *writer = (struct term_c *)printer;
  char text[C_FORM_TEXT];
  /* C warns of `and` within `or` without brackets, and has two kinds of comparisons. */
  if (print_has_sign (term->op) && op_info[term->op].traits & TRUTH)
    {
      print_operator (printer, term, op_info[term->op].sign, term->op == OP_or);
      return;
    }
  struct c_position own = term_c_spread (writer->position, writer->shape, &term->shape);
  if (term_c_move (writer, term, &own))
    return;
  const char *form = term_c_form (term->op, term->count, text);
  if (form)
    print_form (printer, term, form);
  else
    printer->without = term->op < OPS ? op_info[term->op].name : "index";
}

static void
write_number (struct term_printer *printer, double number)
{
  char text[NUMBER_SIZE];
  term_c_literal (text, number);
  print_raw (printer, text);
}

const struct term_style term_c_style = { .open = "(",
                                         .close = ")",
                                         .times = "*",
                                         .root = "sqrt",
                                         .root_open = "(",
                                         .root_close = ")",
                                         .power_open = "pow(",
                                         .power = ", ",
                                         .power_close = ")",
                                         .base = LOOSE,
                                         .condition = "(double)",
                                         .number = write_number,
                                         .call = write_call };

/* The element of an array of its own. */
static void
write_own (struct term_printer *printer, uint32_t term)
{
  struct term_c *writer = (struct term_c *)printer;
  const struct shape *shape = &term_c_at (writer, term)->shape;
  struct c_position own = term_c_spread (writer->position, writer->shape, shape);
  term_c_put (writer, "%c%u", writer->letter, writer->own[term]);
  term_c_index (writer, shape, &own);
}

void
term_c_open (struct term_c *writer, uint32_t *own, uint32_t term_count)
{
  writer->own = own;
  writer->write_name = writer->printer.write_name;
  writer->printer.style = &term_c_style;
  writer->printer.parts = own;
  writer->printer.part_terms = term_count;
  writer->printer.write_name = write_name;
  writer->printer.write_part = write_own;
}

static bool
write_element (struct term_c *writer, uint32_t number, const struct c_position *position, bool tight)
{
  const struct c_position *position_around = writer->position;
  const struct shape *shape_around = writer->shape, shape = term_c_at (writer, number)->shape;
  writer->position = position;
  writer->shape = &shape;
  bool good = (tight ? term_print_tight : term_print) (&writer->printer, number);
  writer->position = position_around;
  writer->shape = shape_around;
  return good && !writer->printer.without;
}

bool
term_c_element (struct term_c *writer, uint32_t number, const struct c_position *position)
{
  return write_element (writer, number, position, false);
}

bool
term_c_factor (struct term_c *writer, uint32_t number, const struct c_position *position)
{
  return write_element (writer, number, position, true);
}
