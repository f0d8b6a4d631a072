/* print.c -- buffered output of numbers, names and arrays. */
#include "report/print.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

void
printer_open (struct printer *printer, FILE *out, int precision)
{
  printer->out = out;
  printer->precision = precision;
  printer->used = 0;
  printer->last = 0;
}

void
printer_flush (struct printer *printer)
{
  if (printer->used)
    printer->last = printer->buffer[printer->used - 1];
  fwrite (printer->buffer, 1, printer->used, printer->out);
  printer->used = 0;
}

static inline char *
room (struct printer *printer, size_t size)
{
  if (printer->used + size > PRINTER_SIZE)
    printer_flush (printer);
  return printer->buffer + printer->used;
}

void
print_bytes (struct printer *printer, const char *text, size_t size)
{
  if (size > PRINTER_SIZE)
    {
      printer_flush (printer);
      fwrite (text, 1, size, printer->out);
      printer->last = text[size - 1];
      return;
    }
  memcpy (room (printer, size), text, size);
  printer->used += size;
}

void
print_text (struct printer *printer, const char *text)
{
  print_bytes (printer, text, strlen (text));
}

void
print_char (struct printer *printer, char c)
{
  *room (printer, 1) = c;
  printer->used++;
}

void
print_blanks (struct printer *printer, size_t count)
{
  for (; count > 0; count--)
    print_char (printer, ' ');
}

void
print_format (struct printer *printer, const char *format, ...)
{
  enum
  {
    ROOM = 1 << 9
  };
  va_list arguments;
  va_start (arguments, format);
  int size = vsnprintf (room (printer, ROOM), ROOM, format, arguments);
  va_end (arguments);
  if (size < ROOM)
    {
      printer->used += (size_t)size;
      return;
    }
  printer_flush (printer);
  va_start (arguments, format);
  vfprintf (printer->out, format, arguments);
  va_end (arguments);
}

void
print_size (struct printer *printer, size_t number)
{
  char reversed[24], *to = reversed + sizeof reversed;
  do
    *--to = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  print_bytes (printer, to, (size_t)(reversed + sizeof reversed - to));
}

void
print_element (struct printer *printer, enum type type, double element)
{
  if (type == TYPE_BOOLEAN)
    print_text (printer, element != 0 ? "true" : "false");
  else
    printer->used += number_print_rounded (room (printer, NUMBER_SIZE), element, printer->precision);
}

void
print_element_json (struct printer *printer, enum type type, double element)
{
  if (isfinite (element))
    print_element (printer, type, element);
  else
    print_text (printer, isnan (element) ? "\"NaN\"" : element > 0 ? "\"Infinity\"" : "\"-Infinity\"");
}

static void
print_repeated (struct printer *printer, char c, size_t count)
{
  for (; count > 0; count--)
    print_char (printer, c);
}

/* How many axes before the last are complete after `rows` rows, so that as many brackets more close. */
static int
axes_complete (const struct shape *shape, size_t rows)
{
  int complete = 0;
  for (int axis = shape->rank - 2; axis >= 0 && rows % shape->extent[axis] == 0; axis--)
    {
      rows /= shape->extent[axis];
      complete++;
    }
  return complete;
}

static inline void
print_row (struct printer *printer, enum type type, const double *elements, size_t count, const char *separator,
           void (*print) (struct printer *printer, enum type type, double element))
{
  for (size_t i = 0; i < count; i++)
    {
      if (i > 0)
        print_text (printer, separator);
      print (printer, type, elements ? elements[i] : 0);
    }
}

void
print_array_text (struct printer *printer, enum type type, const struct shape *shape, const double *elements,
                  size_t indent)
{
  size_t size = shape_size (shape);
  if (size == 0)
    print_text (printer, "[]");
  else if (shape->rank == 0)
    print_element (printer, type, elements ? elements[0] : 0);
  if (size == 0 || shape->rank == 0)
    return;
  size_t width = shape->extent[shape->rank - 1], rows = size / width;
  int opening = shape->rank;
  for (size_t row = 0; row < rows; row++)
    {
      if (row > 0)
        {
          bool one_line = indent == PRINT_ONE_LINE;
          print_bytes (printer, one_line ? ", " : ",\n", 2);
          print_repeated (printer, ' ', one_line ? 0 : indent + (size_t)(shape->rank - opening));
        }
      print_repeated (printer, '[', (size_t)opening);
      print_row (printer, type, elements ? elements + row * width : NULL, width, ", ", print_element);
      opening = 1 + axes_complete (shape, row + 1);
      print_repeated (printer, ']', (size_t)opening);
    }
}

void
print_array_json (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  if (shape->rank == 0)
    {
      print_row (printer, type, elements, 1, ",", print_element_json);
      return;
    }
  /* Axes after one without elements can't be seen. */
  struct shape seen = { 0 };
  size_t rows = 1, width = 0;
  for (int axis = 0; axis < shape->rank && (axis == 0 || width > 0); axis++)
    {
      seen.extent[seen.rank++] = shape->extent[axis];
      rows *= axis == 0 ? 1 : width;
      width = shape->extent[axis];
    }
  int opening = seen.rank;
  for (size_t row = 0; row < rows; row++)
    {
      if (row > 0)
        print_char (printer, ',');
      print_repeated (printer, '[', (size_t)opening);
      print_row (printer, type, elements ? elements + row * width : NULL, width, ",", print_element_json);
      opening = 1 + axes_complete (&seen, row + 1);
      print_repeated (printer, ']', (size_t)opening);
    }
}

void
print_position (struct printer *printer, const struct shape *shape, size_t element, const char *first,
                const char *between)
{
  size_t index[RANK_LIMIT];
  for (int axis = shape->rank; axis-- > 0; element /= shape->extent[axis])
    index[axis] = element % shape->extent[axis];
  for (int axis = 0; axis < shape->rank; axis++)
    {
      const char *text = axis ? between : first;
      if (*text)
        print_text (printer, text);
      print_size (printer, index[axis]);
    }
}

void
print_brackets (struct printer *printer, const struct shape *shape, size_t element)
{
  print_position (printer, shape, element, "[", ", ");
  if (shape->rank)
    print_char (printer, ']');
}

size_t
text_width (const char *text)
{
  size_t width = 0;
  for (; *text; text++)
    width += (*text & 0xc0) != 0x80;
  return width;
}

size_t
print_quantity (struct printer *printer, const struct quantity *quantity)
{
  if (quantity->is_expression)
    print_char (printer, '(');
  print_text (printer, quantity->name);
  if (quantity->is_expression)
    print_char (printer, ')');
  return text_width (quantity->name) + (quantity->is_expression ? 2 : 0);
}
