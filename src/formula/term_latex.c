/* term_latex.c -- calls in formulas as LaTeX with amsmath has them. */
#include <string.h>

#include "base/heap.h"
#include "base/writing.h"
#include "formula/term_print.h"

/* How a function is written: $1 for an argument within delimiters, #1 for one that binds tightly, %1 for a factor; and
   how tightly the whole binds. */
static const struct form
{
  enum op op;
  uint32_t count; /* of arguments */
  enum binding binding;
  const char *text;
} forms[] = {
  { OP_abs, 1, TIGHT, "\\left\\lvert $1\\right\\rvert" },
  { OP_floor, 1, TIGHT, "\\left\\lfloor $1\\right\\rfloor" },
  { OP_ceil, 1, TIGHT, "\\left\\lceil $1\\right\\rceil" },
  { OP_sqrt, 1, TIGHT, "\\sqrt{$1}" },
  { OP_cbrt, 1, TIGHT, "\\sqrt[3]{$1}" },
  { OP_asin, 1, TIGHT, "\\arcsin\\left($1\\right)" },
  { OP_acos, 1, TIGHT, "\\arccos\\left($1\\right)" },
  { OP_atan, 1, TIGHT, "\\arctan\\left($1\\right)" },
  { OP_asinh, 1, TIGHT, "\\operatorname{arsinh}\\left($1\\right)" },
  { OP_acosh, 1, TIGHT, "\\operatorname{arcosh}\\left($1\\right)" },
  { OP_atanh, 1, TIGHT, "\\operatorname{artanh}\\left($1\\right)" },
  { OP_log2, 1, TIGHT, "\\log_{2}\\left($1\\right)" },
  { OP_log10, 1, TIGHT, "\\log_{10}\\left($1\\right)" },
  { OP_log1p, 1, TIGHT, "\\log\\left(1 + %1\\right)" },
  { OP_expm1, 1, TIGHT, "\\left(\\exp\\left($1\\right) - 1\\right)" },
  { OP_exp2, 1, POWER, "2^{$1}" },
  { OP_hypot, 2, TIGHT, "\\sqrt{#1^{2} + #2^{2}}" },
  { OP_maximum, 2, TIGHT, "\\max\\left($1, $2\\right)" },
  { OP_minimum, 2, TIGHT, "\\min\\left($1, $2\\right)" },
  { OP_sign, 1, TIGHT, "\\operatorname{sgn}\\left($1\\right)" },
  { OP_gamma, 1, TIGHT, "\\Gamma\\left($1\\right)" },
  { OP_lgamma, 1, POWER, "\\log\\left\\lvert\\Gamma\\left($1\\right)\\right\\rvert" },
  { OP_digamma, 1, TIGHT, "\\psi\\left($1\\right)" },
  { OP_polygamma, 2, TIGHT, "\\psi^{\\left($1\\right)}\\left($2\\right)" },
  { OP_beta, 2, TIGHT, "\\mathrm{B}\\left($1, $2\\right)" },
  { OP_lbeta, 2, POWER, "\\log\\mathrm{B}\\left($1, $2\\right)" },
  { OP_j0, 1, TIGHT, "J_{0}\\left($1\\right)" },
  { OP_j1, 1, TIGHT, "J_{1}\\left($1\\right)" },
  { OP_y0, 1, TIGHT, "Y_{0}\\left($1\\right)" },
  { OP_y1, 1, TIGHT, "Y_{1}\\left($1\\right)" },
  { OP_i0, 1, TIGHT, "I_{0}\\left($1\\right)" },
  { OP_i1, 1, TIGHT, "I_{1}\\left($1\\right)" },
  { OP_ndtr, 1, TIGHT, "\\Phi\\left($1\\right)" },
  { OP_ndtri, 1, TIGHT, "\\Phi^{-1}\\left($1\\right)" },
  { OP_log_ndtr, 1, POWER, "\\log\\Phi\\left($1\\right)" },
  { OP_xlogy, 2, PRODUCT, "%1 \\cdot \\log\\left($2\\right)" },
  { OP_xlog1py, 2, PRODUCT, "%1 \\cdot \\log\\left(1 + %2\\right)" },
  { OP_transpose, 1, POWER, "#1^{\\top}" },
  { OP_inv, 1, POWER, "#1^{-1}" },
  { OP_solve, 2, PRODUCT, "#1^{-1} \\, #2" },
  { OP_outer, 2, PRODUCT, "#1 \\, #2^{\\top}" },
  { OP_matrix_power, 2, POWER, "#1^{$2}" },
  { OP_trace, 1, TIGHT, "\\operatorname{tr}\\left($1\\right)" },
  { OP_det, 1, TIGHT, "\\det\\left($1\\right)" },
  { OP_logdet, 1, POWER, "\\log\\det\\left($1\\right)" },
  { OP_norm, 1, TIGHT, "\\left\\lVert $1\\right\\rVert" },
  { OP_norm, 2, TIGHT, "\\left\\lVert $1\\right\\rVert_{$2}" },
  { OP_eye, 1, TIGHT, "\\mathbf{I}_{$1}" },
  { OP_one_hot, 2, TIGHT, "\\mathbf{e}_{$1}" },
  { OP_power, 2, POWER, "#1^{$2}" },
  { OP_pow, 2, POWER, "#1^{$2}" },
  { OP_matmul, 2, PRODUCT, "%1 \\, #2" },
};

/* Functions that LaTeX has a word for, and the sum. */
static const char *const words[]
  = { "sin", "cos", "tan", "exp", "log", "sinh", "cosh", "tanh", "max", "min", "sum", "prod" };

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

static const struct form *
find_form (const struct term_printer *printer, const struct term *term)
{
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (forms[i].op == term->op && forms[i].count == term->count
        && !(printer && is_keywords (printer, term_parts (printer->terms, term)[term->count - 1].term)))
      return &forms[i];
  return NULL;
}

bool
latex_binding (const struct term *term, enum binding *binding)
{
  /* What stands to the right of cases belongs to none of them. */
  const struct form *form = term->op == OP_where ? NULL : find_form (NULL, term);
  if (term->op == OP_where)
    *binding = PRODUCT;
  else if (form)
    *binding = form->binding;
  return term->op == OP_where || form;
}

static void
write_form (struct term_printer *printer, const struct term *term, const char *text)
{
  const struct part *parts = term_parts (printer->terms, term);
  for (const char *p = text; *p; p++)
    if (strchr ("$#%", *p))
      {
        enum binding around = *p == '$' ? LOOSE : *p == '#' ? TIGHT : PRODUCT;
        uint32_t argument = parts[*++p - '1'].term;
        bool remainder = at (printer, argument)->kind == TERM_CALL && at (printer, argument)->op == OP_modulo;
        print_term (printer, argument, around == PRODUCT && remainder ? TIGHT : around);
      }
    else
      print_raw (printer, (char[2]){ *p, 0 });
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

/* By its name, with what is given by keyword below it. */
static void
write_named (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  uint32_t count = term->count;
  const char *name = op_info[term->op].name;
  bool word = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    word |= strcmp (words[i], name) == 0;
  print_raw (printer, word ? "\\" : "\\operatorname{");
  for (const char *p = name; *p; p++)
    print_raw (printer, *p == '_' ? "\\_" : (char[2]){ *p, 0 });
  print_raw (printer, word ? "" : "}");
  if (count && is_keywords (printer, parts[count - 1].term))
    write_keywords (printer, at (printer, parts[--count].term));
  print_raw (printer, "\\left(");
  print_arguments (printer, parts, count);
  print_raw (printer, "\\right)");
}

bool
latex_call (struct term_printer *printer, const struct term *term)
{
  const struct form *form = find_form (printer, term);
  const struct part *parts = term_parts (printer->terms, term);
  if (form)
    write_form (printer, term, form->text);
  else if (term->op == OP_where)
    write_cases (printer, term);
  else if (term->op == OP_zeros || term->op == OP_ones)
    write_filled (printer, term);
  else if (term->op == TERM_ARRAY)
    write_array (printer, term);
  else if (term->op == TERM_INDEX)
    write_index (printer, term);
  else if (term->op == TERM_NEW_AXIS)
    print_raw (printer, "\\mathrm{None}");
  else if (term->op == TERM_STRING)
    {
      print_raw (printer, "\\texttt{");
      for (uint32_t i = 0; i < term->count; i++)
        print_raw (printer, (char[2]){ (char)at (printer, parts[i].term)->number, 0 });
      print_raw (printer, "}");
    }
  else if (term->op < OPS && !*op_info[term->op].sign)
    write_named (printer, term);
  else
    return false;
  return true;
}
