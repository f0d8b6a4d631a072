/* term_print.c -- formulas as the language writes them, or LaTeX. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "explain/term_c.h"

/* How tightly something binds. */
enum binding
{
  LOOSE, /* a comparison */
  SUM,
  PRODUCT,
  POWER,
  TIGHT
};

enum
{
  DEEPEST = 300
};

struct writer
{
  struct term_printer *printer;
  int depth;
};

static void write_term (struct writer *writer, uint32_t term, enum binding around);

static bool
is_latex (const struct writer *writer)
{
  return writer->printer->format == TERM_LATEX;
}

static void
write_text (struct writer *writer, const char *text)
{
  struct term_printer *printer = writer->printer;
  size_t size = strlen (text);
  if (size > printer->room)
    printer->room = 0;
  else
    {
      printer->room -= size;
      fputs (text, printer->out);
    }
}

static void
write_number (struct writer *writer, double number)
{
  char text[NUMBER_SIZE];
  number_print (text, number, 0);
  /* In C 2/3 is a quotient of integers. */
  if (writer->printer->format == TERM_C && !strpbrk (text, ".eIN"))
    strcat (text, ".0");
  write_text (writer, text);
}

static const struct part *
parts_of (const struct writer *writer, const struct term *term)
{
  return area_of (&writer->printer->terms->parts, struct part) + term->first;
}

static const struct term *
at (const struct writer *writer, uint32_t term)
{
  return term_at (writer->printer->terms, term);
}

static bool
is_call (const struct writer *writer, uint32_t term, uint32_t op)
{
  return at (writer, term)->kind == TERM_CALL && at (writer, term)->op == op;
}

/* base^exponent, the exponent positive. */
static void
write_power (struct writer *writer, uint32_t base, double exponent)
{
  if (exponent == 1)
    {
      write_term (writer, base, PRODUCT + 1);
      return;
    }
  if (exponent == 0.5)
    {
      write_text (writer, is_latex (writer) ? "\\sqrt{" : "sqrt(");
      write_term (writer, base, LOOSE);
      write_text (writer, is_latex (writer) ? "}" : ")");
      return;
    }
  bool c = writer->printer->format == TERM_C;
  write_text (writer, c ? "pow(" : "");
  write_term (writer, base, c ? LOOSE : TIGHT);
  write_text (writer, is_latex (writer) ? "^{" : c ? ", " : "^");
  write_number (writer, exponent);
  write_text (writer, is_latex (writer) ? "}" : c ? ")" : "");
}

/* The factors with exponents of one sign, after `size` that were written. */
static int
write_factors (struct writer *writer, const struct part *parts, uint32_t count, bool below, uint32_t but, int written)
{
  for (uint32_t i = 0; i < count; i++)
    {
      if (i == but || (parts[i].coefficient < 0) != below)
        continue;
      if (written++)
        write_text (writer, is_latex (writer) ? " \\cdot " : "*");
      write_power (writer, parts[i].term, fabs (parts[i].coefficient));
    }
  return written;
}

/* factor * the product of the parts. A matrix product among numbers stands last, without brackets. */
static void
write_product (struct writer *writer, double factor, const struct part *parts, uint32_t count)
{
  uint32_t above = 0, below = 0, matrix = UINT32_MAX;
  bool numbers = true;
  for (uint32_t i = 0; i < count; i++)
    {
      above += parts[i].coefficient > 0;
      below += parts[i].coefficient < 0;
      if (matrix == UINT32_MAX && parts[i].coefficient == 1 && is_call (writer, parts[i].term, OP_matmul))
        matrix = i;
      else
        numbers &= at (writer, parts[i].term)->shape.rank == 0;
    }
  if (matrix != UINT32_MAX && (!numbers || is_latex (writer)))
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
    write_text (writer, "-");
  factor = fabs (factor);
  int written = 0;
  bool fraction = is_latex (writer) && (below || divisor != 1);
  if (fraction)
    write_text (writer, "\\frac{");
  above -= matrix != UINT32_MAX;
  if (factor != 1 || !above)
    {
      if (factor != 1 || below || divisor != 1 || matrix == UINT32_MAX)
        {
          write_number (writer, factor);
          written = 1;
        }
    }
  written = write_factors (writer, parts, count, false, matrix, written);
  if (fraction)
    write_text (writer, "}{");
  int divisors = (int)below + (divisor != 1);
  if (divisors)
    {
      write_text (writer, fraction ? "" : divisors > 1 ? "/(" : "/");
      int over = 0;
      if (divisor != 1)
        {
          write_number (writer, divisor);
          over = 1;
        }
      write_factors (writer, parts, count, true, UINT32_MAX, over);
      write_text (writer, fraction ? "}" : divisors > 1 ? ")" : "");
    }
  if (matrix != UINT32_MAX)
    {
      if (written || divisors)
        write_text (writer, " * ");
      write_term (writer, parts[matrix].term, PRODUCT);
    }
}

/* One part of a sum with its coefficient, whose sign was written. */
static void
write_multiple (struct writer *writer, double coefficient, uint32_t term)
{
  const struct term *t = at (writer, term);
  const struct part alone = { term, 1 };
  bool product = t->kind == TERM_PRODUCT;
  write_product (writer, coefficient, product ? parts_of (writer, t) : &alone, product ? t->count : 1);
}

static void
write_sum (struct writer *writer, const struct term *term)
{
  const struct part *parts = parts_of (writer, term);
  uint32_t first = 0;
  while (first < term->count && parts[first].coefficient < 0)
    first++;
  bool number_first = first == term->count && term->number > 0, any = false;
  if (number_first)
    {
      write_number (writer, term->number);
      any = true;
    }
  if (first < term->count)
    {
      write_multiple (writer, parts[first].coefficient, parts[first].term);
      any = true;
    }
  for (uint32_t i = 0; i < term->count; i++)
    if (i != first)
      {
        bool minus = parts[i].coefficient < 0;
        write_text (writer, any ? minus ? " - " : " + " : minus ? "-" : "");
        write_multiple (writer, fabs (parts[i].coefficient), parts[i].term);
        any = true;
      }
  if (term->number != 0 && !number_first)
    {
      write_text (writer, any ? term->number < 0 ? " - " : " + " : term->number < 0 ? "-" : "");
      write_number (writer, fabs (term->number));
    }
}

static void
write_arguments (struct writer *writer, const struct part *parts, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    {
      if (i)
        write_text (writer, ", ");
      write_term (writer, parts[i].term, LOOSE);
    }
}

/* A function of numbers in C. */
static void
write_c (struct writer *writer, const struct term *term)
{
  const struct part *parts = parts_of (writer, term);
  char text[FORM_TEXT];
  const char *form = term_c_form (term->op, term->count, text);
  if (!form)
    writer->printer->without = term->op < OPS ? op_info[term->op].name : "index";
  for (; form && *form; form++)
    if (*form == '$')
      write_term (writer, parts[*++form - '1'].term, LOOSE);
    else
      write_text (writer, (char[2]){ *form, 0 });
}

/* axis=, keepdims= and ddof= of the call around them. */
static void
write_keywords (struct writer *writer, const struct part *parts, uint32_t count)
{
  static const char *const names[] = { "axis=", "keepdims=true", "ddof=" };
  bool any = false;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct term *term = at (writer, parts[i].term);
      if (term->kind != TERM_NUMBER || (i == 1 && term->number == 0))
        continue;
      write_text (writer, any ? ", " : "");
      write_text (writer, names[i]);
      if (i != 1)
        write_number (writer, term->number);
      any = true;
    }
}

static void
write_call (struct writer *writer, const struct term *term)
{
  const struct part *parts = parts_of (writer, term);
  const struct op_info *sign = term->op < OPS ? &op_info[term->op] : NULL;
  bool operator = sign && *sign->sign && sign->arity == 2 && sign->traits & TRUTH;
  if (writer->printer->format == TERM_C && !operator)
    {
      write_c (writer, term);
      return;
    }
  switch (term->op)
    {
    case TERM_INDEX:
      write_term (writer, parts[0].term, TIGHT);
      write_text (writer, "[");
      write_arguments (writer, parts + 1, term->count - 1);
      write_text (writer, "]");
      return;
    case TERM_SLICE:
      if (at (writer, parts[0].term)->number > 0)
        write_term (writer, parts[0].term, LOOSE);
      write_text (writer, ":");
      if (parts[1].term != parts[2].term)
        write_term (writer, parts[1].term, LOOSE);
      return;
    case TERM_STEP:
      for (uint32_t i = 0; i < term->count; i++)
        {
          write_text (writer, i ? ":" : "");
          write_term (writer, parts[i].term, LOOSE);
        }
      return;
    case TERM_NOTHING:
      return;
    case TERM_STRING:
      write_text (writer, "\"");
      for (uint32_t i = 0; i < term->count; i++)
        write_text (writer, (char[2]){ (char)at (writer, parts[i].term)->number, 0 });
      write_text (writer, "\"");
      return;
    case TERM_NEW_AXIS:
      write_text (writer, "None");
      return;
    case TERM_ARRAY:
      write_text (writer, "[");
      write_arguments (writer, parts, term->count);
      write_text (writer, "]");
      return;
    case TERM_AXIS:
      write_keywords (writer, parts, term->count);
      return;
    case OP_transpose:
      if (term->count == 1)
        {
          write_term (writer, parts[0].term, TIGHT);
          write_text (writer, is_latex (writer) ? "^{\\top}" : "'");
          return;
        }
      break;
    case OP_matmul:
      write_term (writer, parts[0].term, PRODUCT);
      write_text (writer, is_latex (writer) ? " \\, " : " @ ");
      write_term (writer, parts[1].term, PRODUCT + 1);
      return;
    case OP_power:
    case OP_pow:
      write_term (writer, parts[0].term, TIGHT);
      write_text (writer, is_latex (writer) ? "^{" : "^");
      write_term (writer, parts[1].term, is_latex (writer) ? LOOSE : TIGHT);
      write_text (writer, is_latex (writer) ? "}" : "");
      return;
    }
  const struct op_info *info = &op_info[term->op];
  if (*info->sign && info->arity == 2)
    {
      write_term (writer, parts[0].term, SUM);
      write_text (writer, " ");
      write_text (writer, info->sign);
      write_text (writer, " ");
      write_term (writer, parts[1].term, SUM + 1);
      return;
    }
  static const char *const known[] = { "sin", "cos", "tan", "exp", "log", "sinh", "cosh", "tanh", "max", "min", "det" };
  bool short_form = false;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    short_form |= strcmp (known[i], info->name) == 0;
  if (is_latex (writer))
    write_text (writer, short_form ? "\\" : "\\operatorname{");
  if (is_latex (writer) && !short_form)
    for (const char *p = info->name; *p; p++)
      write_text (writer, *p == '_' ? "\\_" : (char[2]){ *p, 0 });
  else
    write_text (writer, info->name);
  write_text (writer, is_latex (writer) ? short_form ? "\\left(" : "}\\left(" : "(");
  write_arguments (writer, parts, term->count);
  write_text (writer, is_latex (writer) ? "\\right)" : ")");
}

static enum binding
binding_of (const struct writer *writer, const struct term *term)
{
  switch (term->kind)
    {
    case TERM_NUMBER:
      return term->number < 0 ? SUM : TIGHT;
    case TERM_NAME:
      return TIGHT;
    case TERM_SUM:
      {
        /* A multiple alone is a product. */
        const struct part *parts = parts_of (writer, term);
        return term->count == 1 && term->number == 0 && parts->coefficient > 0 ? PRODUCT : SUM;
      }
    case TERM_PRODUCT:
      {
        const struct part *parts = parts_of (writer, term);
        if (term->count == 1 && parts->coefficient == 0.5)
          return TIGHT;
        return term->count == 1 && parts->coefficient > 0 ? POWER : PRODUCT;
      }
    default:
      return term->op == OP_matmul                                                       ? PRODUCT
             : term->op == OP_power || term->op == OP_pow                                ? POWER
             : term->op < OPS && *op_info[term->op].sign && op_info[term->op].arity == 2 ? LOOSE
                                                                                         : TIGHT;
    }
}

/* Recursion is as deep as the formula, which has a limit. */
static void
write_term (struct writer *writer, uint32_t number, enum binding around)
{
  const struct term *term = at (writer, number);
  struct term_printer *printer = writer->printer;
  if (!printer->room || ++writer->depth > DEEPEST)
    {
      printer->room = 0;
      return;
    }
  bool brackets = binding_of (writer, term) < around;
  if (brackets)
    write_text (writer, is_latex (writer) ? "\\left(" : "(");
  if (printer->format == TERM_C && term->shape.rank)
    printer->without = "arrays";
  if (term->kind == TERM_NUMBER)
    write_number (writer, term->number);
  else if (term->kind == TERM_NAME)
    printer->write_name (printer, term->name);
  else if (term->kind == TERM_SUM && term->count == 1 && term->number == 0)
    write_multiple (writer, parts_of (writer, term)->coefficient, parts_of (writer, term)->term);
  else if (term->kind == TERM_SUM)
    write_sum (writer, term);
  else if (term->kind == TERM_PRODUCT)
    write_product (writer, 1, parts_of (writer, term), term->count);
  else
    write_call (writer, term);
  if (brackets)
    write_text (writer, is_latex (writer) ? "\\right)" : ")");
  writer->depth--;
}

bool
term_print (struct term_printer *printer, uint32_t term)
{
  struct writer writer = { .printer = printer };
  write_term (&writer, term, LOOSE);
  return printer->room > 0;
}
