/* function_help.c -- one function of the language, for --help=NAME and --list functions NAME. */
#include <ctype.h>
#include <string.h>

#include "command/output.h"
#include "ops/manual.h"
#include "ops/rules.h"
#include "ops/textbook.h"

/* A text of the tables as the language writes it: FLAT is 0, C's names are ours, and no blank stands before a bracket
   of a call. */
static void
print_expression (const char *text, FILE *out)
{
  static const struct
  {
    const char *from, *to;
  } others[] = { { "FLAT", "0" }, { "fabs", "abs" }, { "rint", "round" }, { "NAN", "nan" }, { "INFINITY", "inf" } };
  while (*text)
    {
      size_t size = 0, i = 0;
      while (isalnum ((unsigned char)text[size]) || text[size] == '_')
        size++;
      if (!size)
        {
          putc (*text++, out);
          continue;
        }
      while (i < sizeof others / sizeof *others
             && (strlen (others[i].from) != size || memcmp (others[i].from, text, size) != 0))
        i++;
      if (i < sizeof others / sizeof *others)
        fputs (others[i].to, out);
      else
        fwrite (text, 1, size, out);
      text += size;
      if (text[0] == ' ' && text[1] == '(' && isalpha ((unsigned char)text[-1]))
        text++;
    }
}

/* Whether a name stands in a text. */
static bool
names (const char *text, const char *name)
{
  size_t size = strlen (name);
  for (const char *at = text; (at = strstr (at, name)); at += size)
    if ((at == text || !(isalnum ((unsigned char)at[-1]) || at[-1] == '_'))
        && !(isalnum ((unsigned char)at[size]) || at[size] == '_'))
      return true;
  return false;
}

/* The partials in all parameters that have one; false when there is none. */
static bool
print_partials (enum op op, FILE *out)
{
  const struct op_info *info = &op_info[op];
  const char *parameter;
  size_t size;
  bool optional, any = false, names_result = false;
  for (uint32_t k = 0; op_parameter (info->parameters, k, &parameter, &size, &optional); k++)
    {
      char rule[MANUAL_TEXT];
      const char *slope = manual_slope (op, parameter, size), *partial = info->arity ? info->rules[k] : NULL;
      const char *text = slope ? slope : partial && strcmp (partial, "NAN") != 0 ? partial : NULL;
      if (!text && !info->arity && rule_text (op, k, parameter, size, rule, sizeof rule))
        {
          fprintf (out, "%s%.*s takes ", any ? "\n              " : "", (int)size, parameter);
          print_expression (rule, out);
          names_result |= names (rule, "v");
          any = true;
        }
      else if (text)
        {
          fprintf (out, "%sd/d%.*s = ", any ? "\n              " : "", (int)size, parameter);
          print_expression (text, out);
          names_result |= names (text, "v");
          any = true;
        }
    }
  if (any && names_result)
    fputs ("\n              where v is the result", out);
  return any;
}

static void
print_derivative (enum op op, FILE *out)
{
  char text[TEXTBOOK_RULE];
  const struct op_info *info = &op_info[op];
  const char *rule = textbook_rule (op, NULL, text);
  fputs ("  derivative  ", out);
  if (manual_words (op))
    fputs (manual_words (op), out);
  else if (rule)
    fputs (rule, out);
  else if (op_is_formula (info))
    {
      fputs ("that of what it stands for, ", out);
      print_expression (info->rules[0], out);
    }
  else if (op_is_derivative (op))
    fputs ("a value that can be differentiated again", out);
  else if (info->traits & (TRUTH | INTEGER | CONSTANT) || op == OP_stop_gradient)
    fprintf (out, "none: %s",
             info->traits & TRUTH     ? "the result is true or false"
             : info->traits & INTEGER ? "the result is a whole number"
             : op == OP_stop_gradient ? "nothing flows back"
                                      : "the result depends on no value");
  else if (!info->arity && info->traits & LINEAR && op_kink (op).rule != NO_KINK)
    fprintf (out, "d(%s(u)) is du of the elements that it takes", info->name);
  else if (!info->arity && info->traits & LINEAR)
    fprintf (out, "d(%s(u)) = %s(du): it is linear", info->name, info->name);
  else if (!print_partials (op, out))
    fputs ("none", out);
  putc ('\n', out);
}

static void
print_kinks (enum op op, FILE *out)
{
  static const char *const rules[KINK_RULES] = { [SMALLEST] = "the smallest of the slopes that are possible",
                                                 [SPLIT] = "the slope is shared by those that tie and vary",
                                                 [STABLE] = "those that tie stay in their order",
                                                 [FLAT_PIECE] = "a jump, where the slope is 0" };
  struct kink kink = op_kink (op);
  const char *where = manual_kink (op);
  char text[KINK_TEXT];
  fputs ("  kinks       ", out);
  if (kink.rule == NO_KINK)
    fputs (op_is_formula (&op_info[op]) ? "those of what it stands for" : "none", out);
  else if (where)
    {
      fputs ("where ", out);
      print_expression (where, out);
      fprintf (out, ": %s", rules[kink.rule]);
    }
  else
    {
      /* "norm has a kink at 0; ..." */
      static const char has[] = " has a kink ";
      op_kink_text (op, false, text);
      const char *at = strstr (text, has);
      at = at ? at + strlen (has) : "where elements tie";
      fprintf (out, "%.*s: %s", (int)strcspn (at, ";"), at, rules[kink.rule]);
    }
  if (kink.rule == SMALLEST || kink.rule == SPLIT)
    fprintf (out, ", %g to %g", kink.left, kink.right);
  putc ('\n', out);
}

static void
print_function (enum op op, FILE *out)
{
  const struct op_info *info = &op_info[op];
  char text[MANUAL_TEXT];
  if (!*info->sign)
    fprintf (out, "%s(%s)", info->name, info->parameters);
  else if (info->arity == 1)
    fprintf (out, "%sa", info->sign);
  else
    fprintf (out, "a %s b", info->sign);
  fprintf (out, "\n  %s\n", info->says);
  if (info->arity && strcmp (info->domain, "1") != 0)
    {
      fputs ("  domain      ", out);
      print_expression (info->domain, out);
      putc ('\n', out);
    }
  print_derivative (op, out);
  print_kinks (op, out);
  fprintf (out, "  example     gradcalc -e '%s'\n", manual_example (op, text));
}

static const char *
name_at (size_t i, const void *data)
{
  (void)data;
  return op_info[i].name;
}

/* Whether somebody means a function or operator by its name, its sign, or another sign that the grammar has for it. */
static bool
is_called (enum op op, const char *name)
{
  static const struct
  {
    enum op op;
    const char *sign;
  } others[] = { { OP_matmul, "@" }, { OP_power, "**" }, { OP_transpose, "'" }, { OP_transpose, ".T" } };
  bool other = false;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    other |= others[i].op == op && strcmp (others[i].sign, name) == 0;
  return other || strcmp (op_info[op].name, name) == 0
         || (*op_info[op].sign && strcmp (op_info[op].sign, name) == 0);
}

bool
output_function (const char *name, bool first, struct diagnostics *diagnostics, FILE *out)
{
  for (int op = 0; op < OPS_NAMED; op++)
    if (is_called ((enum op)op, name))
      {
        fputs (first ? "" : "\n", out);
        print_function ((enum op)op, out);
        return true;
      }
  const char *meant = suggest (name, OPS_NAMED, name_at, NULL);
  diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "no function '%s'%s%s%s", name, meant ? "; did you mean '" : "",
            meant ? meant : "", meant ? "'?" : "");
  return false;
}
