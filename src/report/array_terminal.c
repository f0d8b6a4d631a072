/* array_terminal.c -- arrays for who reads them on a terminal. */
#include "report/array_terminal.h"

#include <math.h>
#include <string.h>

enum
{
  EDGE = 3 /* entries at either end of an axis that is not shown whole */
};

/* How many entries of an axis are shown, and which one the i-th of these is. */
static size_t
count_shown (size_t extent, bool elided)
{
  return elided && extent > 2 * EDGE ? 2 * EDGE : extent;
}

static size_t
entry_shown (size_t extent, bool elided, size_t i)
{
  return elided && extent > 2 * EDGE && i >= EDGE ? extent - 2 * EDGE + i : i;
}

static bool
is_after_gap (size_t extent, bool elided, size_t i)
{
  return elided && extent > 2 * EDGE && i == EDGE;
}

/* What is shown of an array: which entries of the axes before the last a row has, and the columns' widths. */
struct view
{
  struct printer *printer;
  enum type type;
  const struct shape *shape;
  const double *elements; /* NULL: zeros */
  bool elided;
  size_t at[RANK_LIMIT]; /* of the row, counted among what is shown */
  size_t widths[TERMINAL_MOST];
};

static const double *
row_of (const struct view *view)
{
  const struct shape *shape = view->shape;
  size_t row = 0;
  for (int axis = 0; axis < shape->rank - 1; axis++)
    row = row * shape->extent[axis] + entry_shown (shape->extent[axis], view->elided, view->at[axis]);
  return view->elements ? view->elements + row * shape->extent[shape->rank - 1] : NULL;
}

/* Goes on to the next row that is shown; the axis that it is a step along, or -1 after the last row. */
static int
next_row (struct view *view)
{
  int axis = view->shape->rank - 2;
  for (; axis >= 0; axis--)
    {
      if (++view->at[axis] < count_shown (view->shape->extent[axis], view->elided))
        break;
      view->at[axis] = 0;
    }
  return axis;
}

static size_t
element_text (const struct view *view, double element, char text[NUMBER_SIZE])
{
  if (view->type == TYPE_BOOLEAN)
    return (size_t)sprintf (text, "%s", element != 0 ? "true" : "false");
  return number_print_rounded (text, element, view->printer->precision);
}

static void
measure (struct view *view)
{
  size_t width = view->shape->extent[view->shape->rank - 1], shown = count_shown (width, view->elided);
  memset (view->widths, 0, sizeof view->widths);
  do
    for (size_t i = 0; i < shown; i++)
      {
        char text[NUMBER_SIZE];
        const double *row = row_of (view);
        size_t size = element_text (view, row ? row[entry_shown (width, view->elided, i)] : 0, text);
        view->widths[i] = size > view->widths[i] ? size : view->widths[i];
      }
  while (next_row (view) >= 0);
}

static void
print_view_row (struct view *view)
{
  size_t width = view->shape->extent[view->shape->rank - 1], shown = count_shown (width, view->elided);
  const double *row = row_of (view);
  for (size_t i = 0; i < shown; i++)
    {
      char text[NUMBER_SIZE];
      size_t size = element_text (view, row ? row[entry_shown (width, view->elided, i)] : 0, text);
      if (i > 0)
        print_text (view->printer, is_after_gap (width, view->elided, i) ? ", ..., " : ", ");
      print_blanks (view->printer, view->widths[i] - size);
      print_bytes (view->printer, text, size);
    }
}

void
print_array_terminal (struct printer *printer, enum type type, const struct shape *shape, const double *elements,
                      size_t indent)
{
  struct view view = { printer, type, shape, elements, shape_size (shape) > TERMINAL_MOST, { 0 }, { 0 } };
  int rank = shape->rank, opening = rank;
  measure (&view);
  for (;;)
    {
      for (int i = 0; i < opening; i++)
        print_char (printer, '[');
      print_view_row (&view);
      int axis = next_row (&view);
      opening = axis < 0 ? rank : rank - 1 - axis;
      for (int i = 0; i < opening; i++)
        print_char (printer, ']');
      if (axis < 0)
        return;
      print_text (printer, ",\n");
      print_blanks (printer, indent + (size_t)(axis + 1));
      if (is_after_gap (shape->extent[axis], view.elided, view.at[axis]))
        {
          print_text (printer, "...,\n");
          print_blanks (printer, indent + (size_t)(axis + 1));
        }
    }
}

/* The root of the sum of squares, none of which leaves the range of doubles. */
static double
norm_of (const double *elements, size_t size)
{
  double largest = 0, sum = 0;
  for (size_t i = 0; i < size; i++)
    largest = !(fabs (elements[i]) <= largest) ? fabs (elements[i]) : largest;
  for (size_t i = 0; i < size && largest > 0 && isfinite (largest); i++)
    sum += (elements[i] / largest) * (elements[i] / largest);
  return largest > 0 && isfinite (largest) ? largest * sqrt (sum) : largest;
}

void
print_array_summary (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  size_t size = shape_size (shape), least = 0, greatest = 0, nans = 0, set = 0;
  char text[SHAPE_TEXT];
  for (size_t i = 0; i < size; i++)
    {
      nans += isnan (elements[i]) != 0;
      set += elements[i] != 0;
      least = elements[i] < elements[least] || isnan (elements[least]) ? i : least;
      greatest = elements[i] > elements[greatest] || isnan (elements[greatest]) ? i : greatest;
    }
  print_format (printer, "shape (%s), ", shape_text (text, shape));
  if (type == TYPE_BOOLEAN)
    {
      print_format (printer, "%zu true", set);
      return;
    }
  number_print (text, norm_of (elements, size), 6);
  print_format (printer, "norm %s, min ", text);
  print_element (printer, type, elements[least]);
  print_text (printer, " at ");
  print_brackets (printer, shape, least);
  print_text (printer, ", max ");
  print_element (printer, type, elements[greatest]);
  print_text (printer, " at ");
  print_brackets (printer, shape, greatest);
  if (nans)
    print_format (printer, ", %zu NaN", nans);
}
