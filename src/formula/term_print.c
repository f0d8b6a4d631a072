/* term_print.c -- formulas as texts: sums, products and powers, and brackets where they are needed. */
#include <math.h>
#include <string.h>

#include "formula/term_print.h"

enum
{
  DEEPEST = 300
};

void
print_raw (struct term_printer *printer, const char *text)
{
  size_t size = strlen (text);
  if (size > printer->room)
    printer->room = 0;
  else
    {
      printer->room -= size;
      fputs (text, printer->out);
    }
}

void
print_function (struct term_printer *printer, const char *name)
{
  if (printer->is_taken && printer->is_taken (printer, name))
    {
      printer->without = name;
      printer->room = 0;
    }
  print_raw (printer, name);
}

static const struct term *
at (const struct term_printer *printer, uint32_t term)
{
  return term_at (printer->terms, term);
}

bool
print_has_name (const struct term_printer *printer, uint32_t term)
{
  return term < printer->part_terms && printer->parts[term];
}

/* Whether it is a call of that function, written out. */
static bool
is_call (const struct term_printer *printer, uint32_t term, uint32_t op)
{
  return !print_has_name (printer, term) && at (printer, term)->kind == TERM_CALL && at (printer, term)->op == op;
}

bool
print_has_sign (uint32_t op)
{
  return op < OPS && *op_info[op].sign && op_info[op].arity == 2;
}

/* As the grammar has it. */
static enum binding
binding_of_call (uint32_t op)
{
  switch (op)
    {
    case OP_or:
      return OR;
    case OP_and:
      return AND;
    case OP_not:
      return NOT;
    case OP_matmul:
    case OP_modulo:
      return PRODUCT;
    case OP_power:
    case OP_pow:
      return POWER;
    default:
      return print_has_sign (op) ? COMPARISON : TIGHT;
    }
}

static enum binding
binding_of (const struct term_printer *printer, const struct term *term)
{
  enum binding binding;
  switch (term->kind)
    {
    case TERM_NUMBER:
      return term->number < 0 ? SUM : TIGHT;
    case TERM_NAME:
      return TIGHT;
    case TERM_SUM:
      {
        /* A multiple alone is a product. */
        const struct part *parts = term_parts (printer->terms, term);
        return term->count == 1 && term->number == 0 && parts->coefficient > 0 ? PRODUCT : SUM;
      }
    case TERM_PRODUCT:
      {
        const struct part *parts = term_parts (printer->terms, term);
        if (term->count == 1 && parts->coefficient == 0.5)
          return TIGHT;
        return term->count == 1 && parts->coefficient > 0 ? POWER : PRODUCT;
      }
    default:
      return printer->style->binding && printer->style->binding (term, &binding) ? binding : binding_of_call (term->op);
    }
}

void
print_arguments (struct term_printer *printer, const struct part *parts, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    {
      if (i)
        print_raw (printer, ", ");
      print_term (printer, parts[i].term, LOOSE);
    }
}

void
print_string (struct term_printer *printer, const struct term *term)
{
  for (uint32_t i = 0; i < term->count; i++)
    print_raw (printer, (char[2]){ (char)at (printer, term_parts (printer->terms, term)[i].term)->number, 0 });
}

/* Whether a term is a condition, which as a number is not written like one. */
static bool
is_condition (const struct term_printer *printer, uint32_t number)
{
  const struct term *term = at (printer, number);
  return *printer->style->condition && !print_has_name (printer, number) && term->kind == TERM_CALL && term->op < OPS
         && op_info[term->op].traits & TRUTH;
}

/* How tightly an argument has to bind where a form has `sign` before its number. */
static enum binding
binding_around (const struct term_printer *printer, const struct term *term, char sign, uint32_t argument)
{
  switch (sign)
    {
    case '#':
      return TIGHT;
    case '%':
      /* What stands before a product goes with its first factor, but not into a remainder. */
      return is_call (printer, argument, OP_modulo) ? TIGHT : PRODUCT;
    case '<':
      return binding_of (printer, term);
    case '>':
      return binding_of (printer, term) + 1;
    default:
      return LOOSE;
    }
}

void
print_form (struct term_printer *printer, const struct term *term, const char *form)
{
  for (const char *p = form; *p; p++)
    if (strchr ("$#%<>?", *p) && p[1] >= '1' && p[1] <= '3')
      {
        uint32_t argument = term_parts (printer->terms, term)[p[1] - '1'].term;
        bool condition = *p != '?' && is_condition (printer, argument);
        print_raw (printer, condition ? printer->style->condition : "");
        print_term (printer, argument, condition ? TIGHT : binding_around (printer, term, *p, argument));
        p++;
      }
    else
      print_raw (printer, (char[2]){ *p, 0 });
}

void
print_operator (struct term_printer *printer, const struct term *term, const char *sign, bool apart)
{
  const struct part *parts = term_parts (printer->terms, term);
  enum binding own = binding_of (printer, term), left = own == COMPARISON || apart ? COMPARISON + 1 : own;
  print_term (printer, parts[0].term, left);
  print_raw (printer, " ");
  print_raw (printer, sign);
  print_raw (printer, " ");
  print_term (printer, parts[1].term, left > own ? left : own + 1);
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
  const struct term_style *style = printer->style;
  if (exponent == 0.5)
    {
      print_function (printer, style->root);
      print_raw (printer, style->root_open);
      print_term (printer, base, LOOSE);
      print_raw (printer, style->root_close);
      return;
    }
  print_raw (printer, style->power_open);
  print_term (printer, base, style->base);
  print_raw (printer, style->power);
  style->number (printer, exponent);
  print_raw (printer, style->power_close);
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
          print_raw (printer, printer->style->times);
        write_power (printer, parts[i].term, fabs (parts[i].coefficient), alone);
      }
  return written;
}

/* 0.5 is over 2, and what is a fraction of small numbers to the last digit is written so: the factor becomes what is
   above the line. Returns what is below it, 1 for no fraction. */
static double
take_divisor (double *factor)
{
  enum
  {
    SMALL = 100
  };
  const double whole = *factor;
  for (int divisor = 2; divisor <= SMALL && whole != rint (whole); divisor++)
    {
      double above = rint (whole * divisor);
      if (fabs (above) > SMALL || above / divisor != whole)
        continue;
      *factor = above;
      return divisor;
    }
  return 1;
}

/* factor * the product of the parts. A matrix product among numbers stands last, without brackets. */
static void
write_product (struct term_printer *printer, double factor, const struct part *parts, uint32_t count)
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
  if (matrix != UINT32_MAX && (!numbers || !printer->style->products_last))
    matrix = UINT32_MAX;
  const double divisor = take_divisor (&factor);
  if (factor < 0)
    print_raw (printer, "-");
  factor = fabs (factor);
  if (count == 1 && factor == 1 && divisor == 1 && parts->coefficient == 1 && printer->style->fractions
      && !is_call (printer, parts->term, OP_modulo))
    {
      print_term (printer, parts->term, PRODUCT);
      return;
    }
  int written = 0;
  bool fraction = printer->style->fractions && (below || divisor != 1);
  if (fraction)
    print_raw (printer, "\\frac{");
  above -= matrix != UINT32_MAX;
  if (factor != 1 || (!above && (below || divisor != 1 || matrix == UINT32_MAX)))
    {
      printer->style->number (printer, factor);
      written = 1;
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
          printer->style->number (printer, divisor);
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
static void
write_multiple (struct term_printer *printer, double coefficient, uint32_t term)
{
  const struct term *t = at (printer, term);
  const struct part alone = { term, 1 };
  bool product = t->kind == TERM_PRODUCT && !print_has_name (printer, term);
  write_product (printer, coefficient, product ? term_parts (printer->terms, t) : &alone, product ? t->count : 1);
}

static void
write_sum (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  uint32_t first = 0;
  while (first < term->count && parts[first].coefficient < 0)
    first++;
  bool number_first = first == term->count && term->number > 0, any = false;
  if (number_first)
    {
      printer->style->number (printer, term->number);
      any = true;
    }
  if (first < term->count)
    {
      write_multiple (printer, parts[first].coefficient, parts[first].term);
      any = true;
    }
  for (uint32_t i = 0; i < term->count; i++)
    if (i != first)
      {
        bool minus = parts[i].coefficient < 0;
        print_raw (printer, any ? minus ? " - " : " + " : minus ? "-" : "");
        write_multiple (printer, fabs (parts[i].coefficient), parts[i].term);
        any = true;
      }
  if (term->number != 0 && !number_first)
    {
      print_raw (printer, any ? term->number < 0 ? " - " : " + " : term->number < 0 ? "-" : "");
      printer->style->number (printer, fabs (term->number));
    }
}

/* Without brackets. */
static void
write_open (struct term_printer *printer, uint32_t number)
{
  const struct term *term = at (printer, number);
  if (term->kind == TERM_NUMBER)
    printer->style->number (printer, term->number);
  else if (term->kind == TERM_NAME)
    printer->write_name (printer, term);
  else if (term->kind == TERM_SUM && term->count == 1 && term->number == 0)
    write_multiple (printer, term_parts (printer->terms, term)->coefficient, term_parts (printer->terms, term)->term);
  else if (term->kind == TERM_SUM)
    write_sum (printer, term);
  else if (term->kind == TERM_PRODUCT)
    write_product (printer, 1, term_parts (printer->terms, term), term->count);
  else
    printer->style->call (printer, term);
}

/* Recursion is as deep as the formula, which has a limit. */
void
print_term (struct term_printer *printer, uint32_t number, enum binding around)
{
  const struct term *term = at (printer, number);
  if (!printer->room || ++printer->depth > DEEPEST)
    {
      printer->room = 0;
      return;
    }
  bool part = print_has_name (printer, number), brackets = !part && binding_of (printer, term) < around;
  /* Quotients of comparisons would be whole in C. */
  if (brackets && around >= SUM && is_condition (printer, number))
    print_raw (printer, printer->style->condition);
  if (brackets)
    print_raw (printer, printer->style->open);
  if (part)
    printer->write_part (printer, number);
  else
    write_open (printer, number);
  if (brackets)
    print_raw (printer, printer->style->close);
  printer->depth--;
}

bool
term_print (struct term_printer *printer, uint32_t term)
{
  print_term (printer, term, LOOSE);
  return printer->room > 0;
}

bool
term_print_tight (struct term_printer *printer, uint32_t term)
{
  print_term (printer, term, TIGHT);
  return printer->room > 0;
}

bool
term_print_open (struct term_printer *printer, uint32_t term)
{
  write_open (printer, term);
  return printer->room > 0;
}
