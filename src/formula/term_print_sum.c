/* term_print_sum.c -- sums, products and powers of formulas, as texts. */
#include <math.h>

#include "formula/term_print.h"

static bool
is_latex (const struct term_printer *printer)
{
  return printer->format == TERM_LATEX;
}

static const struct term *
at (const struct term_printer *printer, uint32_t term)
{
  return term_at (printer->terms, term);
}

static bool
is_call (const struct term_printer *printer, uint32_t term, uint32_t op)
{
  return !print_has_name (printer, term) && at (printer, term)->kind == TERM_CALL && at (printer, term)->op == op;
}

/* base^exponent, the exponent positive; `alone` where nothing stands beside it that could bind more tightly. */
static void
write_power (struct term_printer *printer, uint32_t base, double exponent, bool alone)
{
  if (exponent == 1)
    {
      print_term (printer, base, alone ? LOOSE : PRODUCT + 1);
      return;
    }
  if (exponent == 0.5)
    {
      print_function (printer, is_latex (printer) ? "\\sqrt" : "sqrt");
      print_raw (printer, is_latex (printer) ? "{" : "(");
      print_term (printer, base, LOOSE);
      print_raw (printer, is_latex (printer) ? "}" : ")");
      return;
    }
  bool c = printer->format == TERM_C;
  print_raw (printer, c ? "pow(" : "");
  print_term (printer, base, c ? LOOSE : TIGHT);
  print_raw (printer, is_latex (printer) ? "^{" : c ? ", " : "^");
  print_number (printer, exponent);
  print_raw (printer, is_latex (printer) ? "}" : c ? ")" : "");
}

/* Names come before what has a name of its own, and that before the rest. */
static int
rank_of (const struct term_printer *printer, uint32_t term)
{
  return at (printer, term)->kind == TERM_NAME ? 0 : print_has_name (printer, term) ? 1 : 2;
}

/* The factors with exponents of one sign, after `written` that were; between braces one needs no brackets. */
static int
write_factors (struct term_printer *printer, const struct part *parts, uint32_t count, bool below, uint32_t but,
               int written, bool alone)
{
  for (int rank = 0; rank < 3; rank++)
    for (uint32_t i = 0; i < count; i++)
      {
        if (i == but || (parts[i].coefficient < 0) != below || rank_of (printer, parts[i].term) != rank)
          continue;
        if (written++)
          print_raw (printer, is_latex (printer) ? " \\cdot " : "*");
        write_power (printer, parts[i].term, fabs (parts[i].coefficient), alone);
      }
  return written;
}

/* factor * the product of the parts. A matrix product among numbers stands last, without brackets. */
void
print_product (struct term_printer *printer, double factor, const struct part *parts, uint32_t count)
{
  uint32_t above = 0, below = 0, matrix = UINT32_MAX;
  bool numbers = true;
  for (uint32_t i = 0; i < count; i++)
    {
      above += parts[i].coefficient > 0;
      below += parts[i].coefficient < 0;
      if (matrix == UINT32_MAX && parts[i].coefficient == 1 && is_call (printer, parts[i].term, OP_matmul))
        matrix = i;
      else
        numbers &= at (printer, parts[i].term)->shape.rank == 0;
    }
  if (matrix != UINT32_MAX && (!numbers || printer->format != TERM_TEXT))
    matrix = UINT32_MAX;
  double divisor = 1;
  /* 0.5 is over 2, and what is a fraction of small numbers to the last digit is written so. */
  enum
  {
    SMALL = 100
  };
  for (int below_it = 2; below_it <= SMALL && divisor == 1 && factor != rint (factor); below_it++)
    if (fabs (rint (factor * below_it)) <= SMALL && factor != 0 && rint (factor * below_it) / below_it == factor)
      {
        factor = rint (factor * below_it);
        divisor = below_it;
      }
  if (factor < 0)
    print_raw (printer, "-");
  factor = fabs (factor);
  if (count == 1 && factor == 1 && divisor == 1 && parts->coefficient == 1 && is_latex (printer)
      && !is_call (printer, parts->term, OP_modulo))
    {
      print_term (printer, parts->term, PRODUCT);
      return;
    }
  int written = 0;
  bool fraction = is_latex (printer) && (below || divisor != 1);
  if (fraction)
    print_raw (printer, "\\frac{");
  above -= matrix != UINT32_MAX;
  if (factor != 1 || !above)
    {
      if (factor != 1 || below || divisor != 1 || matrix == UINT32_MAX)
        {
          print_number (printer, factor);
          written = 1;
        }
    }
  written = write_factors (printer, parts, count, false, matrix, written, fraction && !written && above == 1);
  if (fraction)
    print_raw (printer, "}{");
  int divisors = (int)below + (divisor != 1);
  if (divisors)
    {
      print_raw (printer, fraction ? "" : divisors > 1 ? "/(" : "/");
      int over = 0;
      if (divisor != 1)
        {
          print_number (printer, divisor);
          over = 1;
        }
      write_factors (printer, parts, count, true, UINT32_MAX, over, fraction && divisors == 1);
      print_raw (printer, fraction ? "}" : divisors > 1 ? ")" : "");
    }
  if (matrix != UINT32_MAX)
    {
      if (written || divisors)
        print_raw (printer, " * ");
      print_term (printer, parts[matrix].term, PRODUCT);
    }
}

/* One part of a sum with its coefficient, whose sign was written. */
void
print_multiple (struct term_printer *printer, double coefficient, uint32_t term)
{
  const struct term *t = at (printer, term);
  const struct part alone = { term, 1 };
  bool product = t->kind == TERM_PRODUCT && !print_has_name (printer, term);
  print_product (printer, coefficient, product ? term_parts (printer->terms, t) : &alone, product ? t->count : 1);
}

void
print_sum (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  uint32_t first = 0;
  while (first < term->count && parts[first].coefficient < 0)
    first++;
  bool number_first = first == term->count && term->number > 0, any = false;
  if (number_first)
    {
      print_number (printer, term->number);
      any = true;
    }
  if (first < term->count)
    {
      print_multiple (printer, parts[first].coefficient, parts[first].term);
      any = true;
    }
  for (uint32_t i = 0; i < term->count; i++)
    if (i != first)
      {
        bool minus = parts[i].coefficient < 0;
        print_raw (printer, any ? minus ? " - " : " + " : minus ? "-" : "");
        print_multiple (printer, fabs (parts[i].coefficient), parts[i].term);
        any = true;
      }
  if (term->number != 0 && !number_first)
    {
      print_raw (printer, any ? term->number < 0 ? " - " : " + " : term->number < 0 ? "-" : "");
      print_number (printer, fabs (term->number));
    }
}
