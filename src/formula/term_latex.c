/* term_latex.c -- calls in formulas as LaTeX with amsmath has them. */
#include <math.h>
#include <string.h>

#include "base/heap.h"
#include "base/number.h"
#include "base/writing.h"
#include "formula/term_print.h"

static const struct term *
at (const struct term_printer *printer, uint32_t term)
{
  return term_at (printer->terms, term);
}

static bool
is_keywords (const struct term_printer *printer, uint32_t term)
{
  return at (printer, term)->kind == TERM_CALL && at (printer, term)->op == TERM_AXIS;
}

/* A choice in a choice's second part is one more line. */
static void
write_cases (struct term_printer *printer, const struct term *term)
{
  print_raw (printer, "\\begin{cases}");
  for (bool more = true; more;)
    {
      const struct part *parts = term_parts (printer->terms, term);
      const struct term *other = at (printer, parts[2].term);
      print_raw (printer, " ");
      print_term (printer, parts[1].term, LOOSE);
      print_raw (printer, " & \\text{if } ");
      print_term (printer, parts[0].term, LOOSE);
      print_raw (printer, " \\\\");
      more = other->kind == TERM_CALL && other->op == OP_where && !print_has_name (printer, parts[2].term);
      if (!more)
        {
          print_raw (printer, " ");
          print_term (printer, parts[2].term, LOOSE);
        }
      term = other;
    }
  print_raw (printer, " & \\text{otherwise} \\end{cases}");
}

/* A vector in brackets, a matrix row by row. */
static void
write_array (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  bool rows = term->shape.rank == 2;
  for (uint32_t i = 0; i < term->count; i++)
    rows &= at (printer, parts[i].term)->kind == TERM_CALL && at (printer, parts[i].term)->op == TERM_ARRAY;
  if (!rows)
    {
      print_raw (printer, "\\left[");
      print_arguments (printer, parts, term->count);
      print_raw (printer, "\\right]");
      return;
    }
  print_raw (printer, "\\begin{bmatrix} ");
  for (uint32_t i = 0; i < term->count; i++)
    {
      const struct term *row = at (printer, parts[i].term);
      print_raw (printer, i ? " \\\\ " : "");
      for (uint32_t k = 0; k < row->count; k++)
        {
          print_raw (printer, k ? " & " : "");
          print_term (printer, term_parts (printer->terms, row)[k].term, LOOSE);
        }
    }
  print_raw (printer, " \\end{bmatrix}");
}

/* x_{0}, A_{1,:}; what has an index already is put in brackets, as everything but a name is. */
static void
write_index (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  FILE *out = printer->out;
  char *name = NULL;
  bool plain = at (printer, parts[0].term)->kind == TERM_NAME && !print_has_name (printer, parts[0].term);
  if (plain)
    {
      struct writing *writing = writing_open (printer->terms->list.memory, "the formulas");
      printer->out = writing->out;
      print_term (printer, parts[0].term, LOOSE);
      name = writing_close (writing, NULL);
      printer->out = out;
      plain = !strpbrk (name, "_^");
    }
  if (plain)
    print_raw (printer, name);
  else
    {
      print_raw (printer, "\\left(");
      print_term (printer, parts[0].term, LOOSE);
      print_raw (printer, "\\right)");
    }
  heap_give (name);
  print_raw (printer, "_{");
  print_arguments (printer, parts + 1, term->count - 1);
  print_raw (printer, "}");
}

/* `_{\mathrm{axis}\,0}`, with what else the keywords say. */
static void
write_keywords (struct term_printer *printer, const struct term *keywords)
{
  static const char *const names[] = { "\\mathrm{axis}\\,", "\\mathrm{kept}", "\\mathrm{ddof}\\," };
  const struct part *parts = term_parts (printer->terms, keywords);
  bool any = false;
  for (uint32_t i = 0; i < keywords->count; i++)
    {
      const struct term *value = at (printer, parts[i].term);
      if (value->kind != TERM_NUMBER || (i == 1 && value->number == 0))
        continue;
      print_raw (printer, any ? ",\\," : "_{");
      print_raw (printer, names[i]);
      if (i != 1)
        print_term (printer, parts[i].term, LOOSE);
      any = true;
    }
  print_raw (printer, any ? "}" : "");
}

/* zeros and ones: a bold digit with the extents. */
static void
write_filled (struct term_printer *printer, const struct term *term)
{
  print_raw (printer, term->op == OP_ones ? "\\mathbf{1}_{" : "\\mathbf{0}_{");
  for (uint32_t i = 0; i < term->count; i++)
    {
      print_raw (printer, i ? " \\times " : "");
      print_term (printer, term_parts (printer->terms, term)[i].term, LOOSE);
    }
  print_raw (printer, "}");
}

/* By its name, between `before` and `after`, with what is given by keyword below it. */
static void
write_called (struct term_printer *printer, const struct term *term, const char *before, const char *after)
{
  const struct part *parts = term_parts (printer->terms, term);
  uint32_t count = term->count;
  print_raw (printer, before);
  for (const char *p = op_info[term->op].name; *p; p++)
    print_raw (printer, *p == '_' ? "\\_" : (char[2]){ *p, 0 });
  print_raw (printer, after);
  if (count && is_keywords (printer, parts[count - 1].term))
    write_keywords (printer, at (printer, parts[--count].term));
  print_raw (printer, "\\left(");
  print_arguments (printer, parts, count);
  print_raw (printer, "\\right)");
}

static void
write_name (struct term_printer *printer, const struct term *term)
{
  write_called (printer, term, "\\operatorname{", "}");
}

/* A function that LaTeX has a word for. */
static void
write_word (struct term_printer *printer, const struct term *term)
{
  write_called (printer, term, "\\", "");
}

static bool
has_keywords (const struct term_printer *printer, const struct term *term)
{
  return is_keywords (printer, term_parts (printer->terms, term)[term->count - 1].term);
}

static void
write_norm (struct term_printer *printer, const struct term *term)
{
  if (term->count > 2 || has_keywords (printer, term))
    write_name (printer, term);
  else
    print_form (printer, term,
                term->count == 1 ? "\\left\\lVert $1\\right\\rVert" : "\\left\\lVert $1\\right\\rVert_{$2}");
}

/* How a function is written: by a form, a sign between operands, or a function of this file. */
static const struct way
{
  const char *form, *sign;
  enum binding binding; /* where it is not that of the language */
  void (*write) (struct term_printer *printer, const struct term *term);
} ways[OPS] = {
#define NOTATION(name, latex, c, rule) [OP_##name] = latex,
#define NAME { .write = write_name }
#define WORD { .write = write_word }
#define SIGN(text) { .sign = text }
#define TEX(binds, text) { .form = text, .binding = binds, .write = write_name }
#define NONE { NULL }
#define BY(binds, writer) { .binding = binds, .write = write_##writer }
#include "ops/notation.def"
};

/* Whether a call has all arguments that its function requires, and no other. */
static bool
is_required_alone (const struct term *term)
{
  const char *name;
  size_t size;
  uint32_t count = (uint32_t)op_info[term->op].arity;
  for (bool optional; !op_info[term->op].arity
                      && op_parameter (op_info[term->op].parameters, (int)count, &name, &size, &optional) && !optional;)
    count++;
  return term->count == count;
}

static bool
binding_of (const struct term *term, enum binding *binding)
{
  if (term->op >= OPS || !ways[term->op].binding || (ways[term->op].form && !is_required_alone (term)))
    return false;
  *binding = ways[term->op].binding;
  return true;
}

/* What is no function of the language; an index' parts are as there. */
static void
write_own (struct term_printer *printer, const struct term *term)
{
  if (term->op == TERM_ARRAY)
    write_array (printer, term);
  else if (term->op == TERM_INDEX)
    write_index (printer, term);
  else if (term->op == TERM_NEW_AXIS)
    print_raw (printer, "\\mathrm{None}");
  else if (term->op == TERM_STRING)
    {
      print_raw (printer, "\\texttt{");
      print_string (printer, term);
      print_raw (printer, "}");
    }
  else
    print_call_as_text (printer, term);
}

static void
write_call (struct term_printer *printer, const struct term *term)
{
  const struct way *way = term->op < OPS ? &ways[term->op] : NULL;
  if (!way)
    write_own (printer, term);
  else if (way->form && is_required_alone (term) && !has_keywords (printer, term))
    print_form (printer, term, way->form);
  else if (way->sign)
    print_operator (printer, term, way->sign, false);
  else
    (way->write ? way->write : write_name) (printer, term);
}

static void
write_number (struct term_printer *printer, double number)
{
  char text[NUMBER_SIZE];
  if (!isfinite (number))
    {
      print_raw (printer, isnan (number) ? "\\mathrm{NaN}" : number < 0 ? "-\\infty" : "\\infty");
      return;
    }
  number_print (text, number, 0);
  char *power = strchr (text, 'e');
  if (power)
    *power++ = 0;
  if (!power || strcmp (text, "1") != 0)
    print_raw (printer, text);
  if (!power)
    return;
  print_raw (printer, strcmp (text, "1") != 0 ? " \\cdot 10^{" : "10^{");
  print_raw (printer, *power == '+' ? power + 1 : power);
  print_raw (printer, "}");
}

const struct term_style term_latex_style = { .open = "\\left(",
                                             .close = "\\right)",
                                             .times = " \\cdot ",
                                             .root = "\\sqrt",
                                             .root_open = "{",
                                             .root_close = "}",
                                             .power_open = "",
                                             .power = "^{",
                                             .power_close = "}",
                                             .base = TIGHT,
                                             .fractions = true,
                                             .condition = "",
                                             .number = write_number,
                                             .call = write_call,
                                             .binding = binding_of };
