/* syntax.c -- what a program says, as nodes in postorder. */
#include "syntax.h"

void
syntax_open (struct syntax *syntax, struct memory *memory)
{
  area_open_for_text (&syntax->nodes, memory, 96, "the syntax");
  area_open_for_text (&syntax->numbers, memory, 8, "the numbers");
  area_open_for_text (&syntax->strings, memory, 8, "the strings");
  area_open_for_text (&syntax->characters, memory, 4, "the strings");
}

void
syntax_close (struct syntax *syntax)
{
  area_close (&syntax->nodes);
  area_close (&syntax->numbers);
  area_close (&syntax->strings);
  area_close (&syntax->characters);
}

static const char *const kind_names[SYNTAX_KINDS]
  = { "nothing",     "number",       "name",        "parameter",   "string",         "unary",        "binary",
      "logic left",  "logic",        "choice test", "choice else", "choice",         "keyword",      "call",
      "slice",       "index",        "transpose",   "array",       "function begin", "function end", "define",
      "target",      "target index", "assign",      "expression",  "if test",        "if else",      "if end",
      "while begin", "while test",   "while end",   "for begin",   "for end",        "break",        "continue",
      "return",      "print",        "assert",     "claim",       "claimed" };

void
syntax_dump (const struct syntax *syntax, const struct names *names, FILE *out)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  const double *numbers = area_of (&syntax->numbers, double);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i];
      fprintf (out, "%6zu  %-16s", i, kind_names[node->kind]);
      switch (node->kind)
        {
        case SYNTAX_NUMBER:
          fprintf (out, "%.17g", numbers[node->payload]);
          break;
        case SYNTAX_NAME:
        case SYNTAX_PARAM:
        case SYNTAX_TARGET:
        case SYNTAX_DEFINE:
        case SYNTAX_KEYWORD:
        case SYNTAX_FOR_BEGIN:
          fputs (names_text (names, node->payload), out);
          break;
        default:
          fprintf (out, "%u", node->payload);
        }
      fprintf (out, "%s%.0d\n", node->op ? "  op " : "", node->op);
    }
}
