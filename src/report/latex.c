/* latex.c -- names, numbers and arrays in LaTeX, with amsmath. */
#include "report/latex.h"

#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "formula/latex_name.h"

void
latex_name (struct printer *printer, const char *name, const struct names *names)
{
  if (!strpbrk (name, " +-*/^%@()[]{}<>=!&|?:.,'\"\\#$~"))
    {
      printer_flush (printer);
      latex_write_distinct (printer->out, name, names);
      return;
    }
  print_text (printer, "\\left(\\mathrm{");
  for (; *name; name++)
    {
      const char *special = *name == '\\' ? "\\backslash " : *name == '^' ? "\\wedge " : NULL;
      if (strchr ("_%#&${}", *name))
        print_char (printer, '\\');
      if (special)
        print_text (printer, special);
      else
        print_char (printer, *name);
    }
  print_text (printer, "}\\right)");
}

/* What has an index or an exponent already is put in brackets: LaTeX takes no second one. */
void
latex_element (struct printer *printer, const struct quantity *quantity, size_t element, const struct names *names)
{
  struct writing *writing = writing_open (names->memory, "the names in LaTeX");
  struct printer aside;
  printer_open (&aside, writing->out, printer->precision);
  latex_name (&aside, quantity->name, names);
  printer_flush (&aside);
  char *name = writing_close (writing, NULL);
  bool brackets = quantity->shape.rank && strpbrk (name, "_^");
  print_text (printer, brackets ? "\\left(" : "");
  print_text (printer, name);
  print_text (printer, brackets ? "\\right)" : "");
  heap_give (name);
  if (!quantity->shape.rank)
    return;
  print_text (printer, "_{");
  print_position (printer, &quantity->shape, element, "", ", ");
  print_char (printer, '}');
}

void
latex_code (struct printer *printer, const char *text)
{
  print_text (printer, "\\texttt{");
  for (; *text; text++)
    {
      unsigned char c = (unsigned char)*text;
      const char *special = c == '\\'  ? "\\textbackslash{}"
                            : c == '^' ? "\\textasciicircum{}"
                            : c == '~' ? "\\textasciitilde{}"
                            : c == '<' ? "\\textless{}"
                            : c == '>' ? "\\textgreater{}"
                            : c == '|' ? "\\textbar{}"
                            : c == '"' ? "\\textquotedbl{}"
                            : c == '\'' ? "\\textquotesingle{}"
                            : c == '-' ? "{-}"
                                       : NULL;
      if (c >= 0x80)
        {
          printer_flush (printer);
          text += latex_write_character (printer->out, text) - 1;
        }
      else if (special)
        print_text (printer, special);
      else
        {
          if (strchr ("_%#&${}", c))
            print_char (printer, '\\');
          print_char (printer, *text);
        }
    }
  print_char (printer, '}');
}

/* In formulas. */
static void
print_digits (struct printer *printer, const char *digits)
{
  const char *exponent = strchr (digits, 'e');
  print_bytes (printer, digits, exponent ? (size_t)(exponent - digits) : strlen (digits));
  if (exponent)
    print_format (printer, " \\cdot 10^{%s}", exponent + (exponent[1] == '+' ? 2 : 1));
}

void
latex_digits (struct printer *printer, const char *digits)
{
  print_char (printer, '$');
  print_digits (printer, digits);
  print_char (printer, '$');
}

static void
print_number (struct printer *printer, enum type type, double number)
{
  char text[NUMBER_SIZE];
  if (type == TYPE_BOOLEAN)
    print_format (printer, "\\mathrm{%s}", number != 0 ? "true" : "false");
  else if (isnan (number))
    print_text (printer, "\\mathrm{NaN}");
  else if (isinf (number))
    print_text (printer, number > 0 ? "\\infty" : "-\\infty");
  else
    {
      number_print_rounded (text, number, printer->precision);
      print_digits (printer, text);
    }
}

/* A matrix, or a vector as its only row. */
static void
print_matrix (struct printer *printer, enum type type, size_t rows, size_t columns, const double *elements)
{
  /* amsmath's matrices have ten columns unless told otherwise. */
  enum
  {
    COLUMNS = 10
  };
  if (columns > COLUMNS)
    print_format (printer, "\\left[\\begin{array}{*{%zu}{c}} ", columns);
  else
    print_text (printer, "\\begin{bmatrix} ");
  for (size_t i = 0; i < rows * columns; i++)
    {
      if (i)
        print_text (printer, i % columns ? " & " : " \\\\ ");
      print_number (printer, type, elements ? elements[i] : 0);
    }
  print_text (printer, columns > COLUMNS ? " \\end{array}\\right]" : " \\end{bmatrix}");
}

void
latex_array (struct printer *printer, enum type type, const struct shape *shape, const double *elements)
{
  size_t size = shape_size (shape), columns = shape->rank ? shape->extent[shape->rank - 1] : 1;
  size_t rows = shape->rank > 1 ? shape->extent[shape->rank - 2] : 1, matrix = rows * columns;
  if (!size)
    print_text (printer, "\\left[\\,\\right]");
  else if (!shape->rank)
    print_number (printer, type, elements ? *elements : 0);
  else if (size == matrix)
    print_matrix (printer, type, rows, columns, elements);
  else
    {
      print_text (printer, "\\left[");
      for (size_t i = 0; i < size; i += matrix)
        {
          if (i)
            print_text (printer, ",\\; ");
          print_matrix (printer, type, rows, columns, elements ? elements + i : NULL);
        }
      print_text (printer, "\\right]");
    }
}
