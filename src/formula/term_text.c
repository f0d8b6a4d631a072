/* term_text.c -- calls in formulas as the language has them. */
#include <math.h>

#include "base/number.h"
#include "formula/term_print.h"

static void
write_number (struct term_printer *printer, double number)
{
  char text[NUMBER_SIZE];
  number_print (text, number, 0);
  print_raw (printer, isnan (number) ? "nan" : isinf (number) ? number < 0 ? "-inf" : "inf" : text);
}

/* axis=, keepdims= and ddof= of the call around them. */
static void
write_keywords (struct term_printer *printer, const struct part *parts, uint32_t count)
{
  static const char *const names[] = { "axis=", "keepdims=true", "ddof=" };
  bool any = false;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct term *term = term_at (printer->terms, parts[i].term);
      if (term->kind != TERM_NUMBER || (i == 1 && term->number == 0))
        continue;
      print_raw (printer, any ? ", " : "");
      print_raw (printer, names[i]);
      if (i != 1)
        write_number (printer, term->number);
      any = true;
    }
}

/* a:b, without what is the beginning or the end. */
static void
write_slice (struct term_printer *printer, const struct part *parts)
{
  if (term_at (printer->terms, parts[0].term)->number > 0)
    print_term (printer, parts[0].term, LOOSE);
  print_raw (printer, ":");
  if (parts[1].term != parts[2].term)
    print_term (printer, parts[1].term, LOOSE);
}

static void
write_step (struct term_printer *printer, const struct part *parts, uint32_t count)
{
  for (uint32_t i = 0; i < count; i++)
    {
      print_raw (printer, i ? ":" : "");
      print_term (printer, parts[i].term, LOOSE);
    }
}

/* Arguments between `before` and `after`. */
static void
write_list (struct term_printer *printer, const char *before, const struct part *parts, uint32_t count,
            const char *after)
{
  print_raw (printer, before);
  print_arguments (printer, parts, count);
  print_raw (printer, after);
}

/* What is no function of the language: a list, an index and what stands in one. */
static void
write_own (struct term_printer *printer, const struct term *term, const struct part *parts)
{
  switch (term->op)
    {
    case TERM_INDEX:
      print_term (printer, parts[0].term, TIGHT);
      write_list (printer, "[", parts + 1, term->count - 1, "]");
      break;
    case TERM_ARRAY:
      write_list (printer, "[", parts, term->count, "]");
      break;
    case TERM_SLICE:
      write_slice (printer, parts);
      break;
    case TERM_STEP:
      write_step (printer, parts, term->count);
      break;
    case TERM_STRING:
      print_raw (printer, "\"");
      print_string (printer, term);
      print_raw (printer, "\"");
      break;
    case TERM_NEW_AXIS:
      print_raw (printer, "None");
      break;
    case TERM_AXIS:
      write_keywords (printer, parts, term->count);
      break;
    }
}

void
print_call_as_text (struct term_printer *printer, const struct term *term)
{
  const struct part *parts = term_parts (printer->terms, term);
  if (term->op >= OPS)
    write_own (printer, term, parts);
  else if (term->op == OP_not)
    print_form (printer, term, "!<1");
  else if (term->op == OP_matmul)
    print_form (printer, term, "%1 @ >2");
  else if (term->op == OP_power || term->op == OP_pow)
    print_form (printer, term, "#1^#2");
  else if (term->op == OP_transpose && term->count == 1)
    print_form (printer, term, "#1'");
  else if (print_has_sign (term->op))
    print_operator (printer, term, op_info[term->op].sign, false);
  else
    {
      print_function (printer, op_info[term->op].name);
      write_list (printer, "(", parts, term->count, ")");
    }
}

const struct term_style term_text_style = { .open = "(",
                                            .close = ")",
                                            .times = "*",
                                            .root = "sqrt",
                                            .root_open = "(",
                                            .root_close = ")",
                                            .power_open = "",
                                            .power = "^",
                                            .power_close = "",
                                            .base = TIGHT,
                                            .products_last = true,
                                            .condition = "",
                                            .number = write_number,
                                            .call = print_call_as_text };
