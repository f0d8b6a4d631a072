/* term_print.c -- formulas as the language writes them, as LaTeX, or as expressions of C. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "explain/term_c.h"
#include "explain/term_print.h"

enum
{
  DEEPEST = 300
};

static bool
is_latex (const struct term_printer *printer)
{
  return printer->format == TERM_LATEX;
}

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

/* The name of a function; of one that is something else there, none can be written. */
static void
write_function (struct term_printer *printer, const char *name)
{
  if (printer->is_taken && printer->is_taken (printer, name))
    {
      printer->without = name;
      printer->room = 0;
    }
  print_raw (printer, name);
}

static void
write_number (struct term_printer *printer, double number)
{
  char text[NUMBER_SIZE];
  if (!isfinite (number) && printer->format != TERM_C)
    {
      static const char *const words[2][2] = { { "nan", "inf" }, { "\\mathrm{NaN}", "\\infty" } };
      print_raw (printer, number < 0 ? "-" : "");
      print_raw (printer, words[is_latex (printer)][!isnan (number)]);
      return;
    }
  if (printer->format == TERM_C)
    term_c_literal (text, number);
  else
    number_print (text, number, 0);
  char *power = is_latex (printer) ? strchr (text, 'e') : NULL;
  if (!power)
    {
      print_raw (printer, text);
      return;
    }
  *power = 0;
  if (strcmp (text, "1") != 0)
    {
      print_raw (printer, text);
      print_raw (printer, " \\cdot ");
    }
  print_raw (printer, "10^{");
  print_raw (printer, power[1] == '+' ? power + 2 : power + 1);
  print_raw (printer, "}");
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

static bool
is_call (const struct term_printer *printer, uint32_t term, uint32_t op)
{
  return !print_has_name (printer, term) && at (printer, term)->kind == TERM_CALL && at (printer, term)->op == op;
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
      return op < OPS && *op_info[op].sign && op_info[op].arity == 2 ? COMPARISON : TIGHT;
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
      if (is_latex (printer) && latex_binding (term, &binding))
        return binding;
      return binding_of_call (term->op);
    }
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
      write_function (printer, is_latex (printer) ? "\\sqrt" : "sqrt");
      print_raw (printer, is_latex (printer) ? "{" : "(");
      print_term (printer, base, LOOSE);
      print_raw (printer, is_latex (printer) ? "}" : ")");
      return;
    }
  bool c = printer->format == TERM_C;
  print_raw (printer, c ? "pow(" : "");
  print_term (printer, base, c ? LOOSE : TIGHT);
  print_raw (printer, is_latex (printer) ? "^{" : c ? ", " : "^");
  write_number (printer, exponent);
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
          write_number (printer, factor);
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
          write_number (printer, divisor);
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
      write_number (printer, term->number);
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
      write_number (printer, fabs (term->number));
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

/* Whether an argument of a form stands between brackets, commas or the signs of a choice, which bind more loosely than
   anything else. */
static bool
stands_alone (const char *form, const char *argument)
{
  const char *before = argument, *after = argument + 2;
  while (before > form && before[-1] == ' ')
    before--;
  while (*after == ' ')
    after++;
  return before > form && strchr ("(,?:", before[-1]) && *after && strchr ("),?:", *after);
}

/* A function of numbers in C. */
static void
write_c (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  char text[C_FORM_TEXT];
  const char *form = term_c_form (term->op, term->count, text);
  if (!form)
    printer->without = term->op < OPS ? op_info[term->op].name : "index";
  for (const char *p = form; p && *p; p++)
    if (*p == '$')
      {
        bool alone = stands_alone (form, p);
        print_term (printer, parts[*++p - '1'].term, alone ? LOOSE : TIGHT);
      }
    else
      print_raw (printer, (char[2]){ *p, 0 });
}

/* axis=, keepdims= and ddof= of the call around them. */
static void
write_keywords (struct term_printer *printer, const struct part *parts, uint32_t count)
{
  static const char *const names[] = { "axis=", "keepdims=true", "ddof=" };
  bool any = false;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct term *term = at (printer, parts[i].term);
      if (term->kind != TERM_NUMBER || (i == 1 && term->number == 0))
        continue;
      print_raw (printer, any ? ", " : "");
      print_raw (printer, names[i]);
      if (i != 1)
        write_number (printer, term->number);
      any = true;
    }
}

static const char *
latex_sign (uint32_t op, const char *sign)
{
  switch (op)
    {
    case OP_modulo:
      return "\\bmod";
    case OP_and:
      return "\\wedge";
    case OP_or:
      return "\\vee";
    case OP_equal:
      return "=";
    case OP_unequal:
      return "\\ne";
    case OP_less_equal:
      return "\\le";
    case OP_greater_equal:
      return "\\ge";
    default:
      return sign;
    }
}

static void
write_call (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  const struct op_info *sign = term->op < OPS ? &op_info[term->op] : NULL;
  bool operator = sign && *sign->sign && sign->arity == 2 && sign->traits & TRUTH;
  if (printer->format == TERM_C && !operator)
    {
      if (!printer->write_leaf (printer, term))
        write_c (printer, term);
      return;
    }
  if (is_latex (printer) && latex_call (printer, term))
    return;
  switch (term->op)
    {
    case TERM_INDEX:
      print_term (printer, parts[0].term, TIGHT);
      print_raw (printer, "[");
      print_arguments (printer, parts + 1, term->count - 1);
      print_raw (printer, "]");
      return;
    case TERM_SLICE:
      if (at (printer, parts[0].term)->number > 0)
        print_term (printer, parts[0].term, LOOSE);
      print_raw (printer, ":");
      if (parts[1].term != parts[2].term)
        print_term (printer, parts[1].term, LOOSE);
      return;
    case TERM_STEP:
      for (uint32_t i = 0; i < term->count; i++)
        {
          print_raw (printer, i ? ":" : "");
          print_term (printer, parts[i].term, LOOSE);
        }
      return;
    case TERM_NOTHING:
      return;
    case TERM_STRING:
      print_raw (printer, "\"");
      for (uint32_t i = 0; i < term->count; i++)
        print_raw (printer, (char[2]){ (char)at (printer, parts[i].term)->number, 0 });
      print_raw (printer, "\"");
      return;
    case TERM_NEW_AXIS:
      print_raw (printer, "None");
      return;
    case TERM_ARRAY:
      print_raw (printer, "[");
      print_arguments (printer, parts, term->count);
      print_raw (printer, "]");
      return;
    case TERM_AXIS:
      write_keywords (printer, parts, term->count);
      return;
    case OP_transpose:
      if (term->count == 1)
        {
          print_term (printer, parts[0].term, TIGHT);
          print_raw (printer, "'");
          return;
        }
      break;
    case OP_matmul:
      print_term (printer, parts[0].term, PRODUCT);
      print_raw (printer, " @ ");
      print_term (printer, parts[1].term, PRODUCT + 1);
      return;
    case OP_power:
    case OP_pow:
      print_term (printer, parts[0].term, TIGHT);
      print_raw (printer, "^");
      print_term (printer, parts[1].term, TIGHT);
      return;
    }
  const struct op_info *info = &op_info[term->op];
  if (*info->sign && info->arity == 1)
    {
      print_raw (printer, is_latex (printer) ? "\\neg " : info->sign);
      print_term (printer, parts[0].term, printer->format == TERM_TEXT ? NOT : TIGHT);
      return;
    }
  if (*info->sign && info->arity == 2)
    {
      enum binding own = binding_of (printer, term), left = own;
      /* C warns of `and` within `or` without brackets, and has two kinds of comparisons. */
      if (own == COMPARISON || (printer->format == TERM_C && own == OR))
        left = COMPARISON + 1;
      print_term (printer, parts[0].term, left);
      print_raw (printer, " ");
      print_raw (printer, is_latex (printer) ? latex_sign (term->op, info->sign) : info->sign);
      print_raw (printer, " ");
      print_term (printer, parts[1].term, left > own ? left : own + 1);
      return;
    }
  write_function (printer, info->name);
  print_raw (printer, "(");
  print_arguments (printer, parts, term->count);
  print_raw (printer, ")");
}

/* Without brackets. */
static void
write_open (struct term_printer *printer, uint32_t number)
{
  const struct term *term = at (printer, number);
  if (term->kind == TERM_NUMBER)
    write_number (printer, term->number);
  else if (term->kind == TERM_NAME && printer->write_leaf)
    printer->write_leaf (printer, term);
  else if (term->kind == TERM_NAME)
    printer->write_name (printer, term->name);
  else if (term->kind == TERM_SUM && term->count == 1 && term->number == 0)
    write_multiple (printer, term_parts (printer->terms, term)->coefficient, term_parts (printer->terms, term)->term);
  else if (term->kind == TERM_SUM)
    write_sum (printer, term);
  else if (term->kind == TERM_PRODUCT)
    write_product (printer, 1, term_parts (printer->terms, term), term->count);
  else
    write_call (printer, term);
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
  if (brackets)
    print_raw (printer, is_latex (printer) ? "\\left(" : "(");
  if (part)
    printer->write_part (printer, number);
  else
    write_open (printer, number);
  if (brackets)
    print_raw (printer, is_latex (printer) ? "\\right)" : ")");
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
