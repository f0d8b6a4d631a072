/* slips_text.c -- wrong rules in words, beside the right ones. */
#include <string.h>

#include "diagnose/slips.h"
#include "ops/ops.h"
#include "ops/textbook.h"

enum
{
  SHOWN = 40 /* bytes of a text that is quoted */
};

/* The right rule of a step; of a power with its own exponent. */
static const char *
right_rule (const struct step *step, char text[TEXTBOOK_RULE])
{
  const struct value *n = &step->operands[1];
  bool power = op_is_power (step->op);
  if (power && !n->node && n->kind != KIND_REAL)
    return textbook_rule (OP_power, &(double){ -1 }, text); /* of any exponent */
  return textbook_rule (step->op, power && !n->node ? &n->number : NULL, text);
}

/* The operand before one among the nodes of an expression: the last node that begins before it does. */
static const struct node *
operand_before (const struct node *nodes, const struct node *operand)
{
  const struct node *before = operand;
  while (before > nodes && before->start >= operand->start)
    before--;
  return before;
}

struct span
slip_operand (const struct claims *claims, uint32_t place, int operand)
{
  const struct run *run = claims->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span span = run_span (run, place);
  for (size_t i = 1; i < area_count (&syntax->nodes, struct node); i++)
    {
      const struct node *node = &nodes[i], *found = node - 1;
      if (node->start != span.start || node->length != span.length)
        continue;
      if (node->kind == SYNTAX_UNARY)
        return node_span (found);
      if (node->kind != SYNTAX_BINARY && node->kind != SYNTAX_CALL)
        continue;
      int count = node->kind == SYNTAX_BINARY ? 2 : (int)node->payload;
      for (int k = count - 1; k > operand; k--)
        found = operand_before (nodes, found);
      return operand < count && found->kind != SYNTAX_KEYWORD ? node_span (found) : (struct span){ 0, 0 };
    }
  return (struct span){ 0, 0 };
}

bool
slip_is_sayable (const struct claims *claims, enum slip slip, uint32_t place, int operand)
{
  if (slip != SLIP_MINUS && slip != SLIP_KEPT_SIGN && slip != SLIP_TURNED)
    return true;
  struct span span = slip_operand (claims, place, slip == SLIP_TURNED ? 0 : 1 - operand);
  const struct instruction *code = area_of (&claims->run->program->code, struct instruction);
  if (slip == SLIP_KEPT_SIGN && code[place].code == CODE_ROUTINE)
    return true;
  bool minus = span.start && *sources_text (claims->run->diagnostics->sources, span) == '-';
  return minus == (slip != SLIP_TURNED);
}

const char *
slip_quoted (const struct claims *claims, struct span span, char text[SLIP_TEXT])
{
  const char *from = sources_text (claims->run->diagnostics->sources, span);
  size_t size = span.length < SHOWN ? span.length : SHOWN;
  while (size < span.length && size && ((unsigned char)from[size] & 0xc0) == 0x80)
    size--;
  snprintf (text, SLIP_TEXT, "%.*s%s", (int)size, from, size < span.length ? "..." : "");
  for (char *at = text; *at; at++)
    if (*at == '\n' || *at == '\t' || *at == '\r')
      *at = ' ';
  return text;
}

/* "this operand" when there is no span. */
static const char *
shown_text (const struct claims *claims, struct span span, char text[SLIP_TEXT])
{
  return span.start ? slip_quoted (claims, span, text) : "this operand";
}

/* x^2 is a square, which is no name that the text has. */
static const char *
step_name (const struct step *step)
{
  if (step->op == OP_square)
    return "the square";
  if (step->op == OP_power || step->op == OP_pow)
    return "the power";
  return step->op < OPS ? op_written (step->op) : step->op == ROUTINE_INDEX ? "the index" : "[ ]";
}

/* The words for a slip at a step, of which an operand is `written` in the program or not. */
static const char *
words_of (const struct step *step, enum slip slip, int operand, bool written)
{
  enum
  {
    ALWAYS,
    FIXED,
    WRITTEN,
    ANY = -1
  };
  static const struct
  {
    enum slip slip;
    enum op op;
    int operand, when;
    const char *words;
  } special[] = {
#define SAYS(name, function, operand, when, words) { SLIP_##name, OP_##function, operand, when, words },
#include "diagnose/slips.def"
  };
  for (size_t i = 0; i < sizeof special / sizeof *special; i++)
    if (special[i].slip == slip && special[i].op == step->op
        && (special[i].operand == ANY || special[i].operand == operand)
        && !(special[i].when == FIXED && step->operands[1].node) && !(special[i].when == WRITTEN && !written))
      return special[i].words;
  return slip_info[slip].words;
}

/* What a letter of slips.def stands for. */
static const char *
word_of (const struct claims *claims, const struct step *step, int operand, char letter, char text[SLIP_TEXT])
{
  struct span at = letter == 'w' ? run_span (claims->run, step->place)
                                 : slip_operand (claims, step->place, letter == 'v' ? 1 - operand : operand);
  return letter == 'f' || (letter == 'x' && !at.start) ? step_name (step) : shown_text (claims, at, text);
}

/* Words of slips.def, with what the letters in them stand for. */
static void
fill (const struct claims *claims, const struct step *step, const char *words, int operand, char text[2 * SLIP_TEXT])
{
  char word[SLIP_TEXT];
  size_t used = 0;
  for (const char *p = words; *p && used < SLIP_TEXT; p++)
    if (*p == '$')
      used += (size_t)snprintf (text + used, SLIP_TEXT, "%s", word_of (claims, step, operand, *++p, word));
    else
      text[used++] = *p;
  text[used] = 0;
}

char *
slip_filled (const struct claims *claims, const struct step *step, const char *words, int operand)
{
  char text[2 * SLIP_TEXT];
  fill (claims, step, words, operand, text);
  return claim_text (claims, "%s", text);
}

const char *
slip_formula (const struct claims *claims, const struct step *step)
{
  struct span span = run_span (claims->run, step->place);
  const char *text = sources_text (claims->run->diagnostics->sources, span);
  const char *bracket = memchr (text, '(', span.length);
  size_t size = bracket ? (size_t)(bracket - text) : 0;
  char name[SLIP_TEXT];
  if (!size || size >= sizeof name)
    return NULL;
  snprintf (name, sizeof name, "%.*s", (int)size, text);
  enum op op = op_find (name, false);
  return op < OPS && op_is_formula (&op_info[op]) ? op_info[op].name : NULL;
}

/* What comes after "you get this if", and where it is. */
static void
say (const struct claims *claims, const struct step *step, enum slip slip, int operand, struct span *span,
     char text[2 * SLIP_TEXT])
{
  struct span at = slip_operand (claims, step->place, operand);
  const char *words = words_of (step, slip, operand, at.start);
  const char *formula = slip_formula (claims, step);
  bool quotes = strstr (words, "$u") || strstr (words, "$v") || strstr (words, "$x") || strstr (words, "$t");
  if (formula && quotes && slip != SLIP_TURNED)
    snprintf (text, 2 * SLIP_TEXT, "the derivative of %s is taken wrong here", formula);
  else
    fill (claims, step, words, operand, text);
  *span = strstr (words, "$t") && at.start ? at : run_span (claims->run, step->place);
}

char *
slip_words (const struct claims *claims, const struct step *step, enum slip slip, int operand, struct span *span)
{
  char text[2 * SLIP_TEXT];
  say (claims, step, slip, operand, span, text);
  return claim_text (claims, "%s", text);
}

char *
slip_text (const struct claims *claims, const struct claim *claim, const struct step *step, enum slip slip, int operand,
           const char *likewise, struct span *span)
{
  char text[2 * SLIP_TEXT], rule_text[SLIP_TEXT];
  const char *rule = slip_formula (claims, step) ? NULL : right_rule (step, rule_text);
  say (claims, step, slip, operand, span, text);
  /* A slip is made in the steps of the program, which of a second derivative is the second differentiation. */
  const char *when = claim->value ? "in the second derivative " : "";
  return rule ? claim_text (claims, "you get this if %s%s%s; the rule is %s", when, text, likewise, rule)
              : claim_text (claims, "you get this if %s%s%s", when, text, likewise);
}
