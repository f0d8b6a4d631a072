/* term_print.c -- formulas as the language writes them, as LaTeX, or as expressions of C. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "formula/term_c.h"
#include "formula/term_print.h"

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

void
print_number (struct term_printer *printer, double number)
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

/* Whether C has an int for a term. */
static bool
is_truth (const struct term_printer *printer, uint32_t number)
{
  const struct term *term = at (printer, number);
  return printer->format == TERM_C && !print_has_name (printer, number) && term->kind == TERM_CALL && term->op < OPS
         && op_info[term->op].traits & TRUTH;
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
        uint32_t argument = parts[*++p - '1'].term;
        /* A comparison is an int, unless it is asked for as a condition. */
        bool truth = is_truth (printer, argument) && p[1] && strncmp (p + 1, " ?", 2) != 0;
        print_raw (printer, truth ? "(double)" : "");
        print_term (printer, argument, alone && !truth ? LOOSE : TIGHT);
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
        print_number (printer, term->number);
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
  bool remainder, operator = sign && *sign->sign && sign->arity == 2 && sign->traits & TRUTH;
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
      /* What stands before a product goes with its first factor, but not into a remainder. */
      remainder = !print_has_name (printer, parts[0].term) && at (printer, parts[0].term)->kind == TERM_CALL
                  && at (printer, parts[0].term)->op == OP_modulo;
      print_term (printer, parts[0].term, remainder ? PRODUCT + 1 : PRODUCT);
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
  print_function (printer, info->name);
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
    print_number (printer, term->number);
  else if (term->kind == TERM_NAME && printer->write_leaf)
    printer->write_leaf (printer, term);
  else if (term->kind == TERM_NAME)
    printer->write_name (printer, term->name);
  else if (term->kind == TERM_SUM && term->count == 1 && term->number == 0)
    print_multiple (printer, term_parts (printer->terms, term)->coefficient, term_parts (printer->terms, term)->term);
  else if (term->kind == TERM_SUM)
    print_sum (printer, term);
  else if (term->kind == TERM_PRODUCT)
    print_product (printer, 1, term_parts (printer->terms, term), term->count);
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
  /* Quotients of comparisons would be whole in C. */
  if (brackets && around >= SUM && is_truth (printer, number))
    print_raw (printer, "(double)");
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
