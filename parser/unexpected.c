/* unexpected.c -- what is said of a token that cannot stand where it is. */
#include <string.h>

#include "parse.h"
#include "unexpected.h"

/* The text of a token as messages quote it, cut when it is long. */
static const char *
quote (const struct reader *reader, struct span span, char buffer[48])
{
  int length = span.length > 30 ? 30 : (int)span.length;
  const char *text = sources_text (reader->sources, span);
  while (length > 0 && length < (int)span.length && ((unsigned char)text[length] & 0xc0) == 0x80)
    length--;
  snprintf (buffer, 48, "'%.*s%s'", length, text, length < (int)span.length ? "..." : "");
  return buffer;
}

static size_t
line_of (const struct reader *reader, struct span span)
{
  return sources_place (reader->sources, span.start).line;
}

/* Whether the statement has begun before the current token. */
static bool
is_within (const struct reader *reader)
{
  int token = reader->previous_token;
  return token > 0 && token != TOK_NEWLINE && token != TOK_START_PROGRAM && token != TOK_START_EXPRESSIONS
         && token != TOK_START_CLAIMS && token != TOK_START_KEY;
}

static bool
is_operand (int token)
{
  return token == TOK_NUMBER || token == TOK_NAME || token == TOK_STRING || token == TOK_FN || token == '(';
}

static bool
is_comparison (int token)
{
  return token == TOK_EQUAL || token == TOK_UNEQUAL || token == '<' || token == TOK_LESS_EQUAL || token == '>'
         || token == TOK_GREATER_EQUAL;
}

/* Whether a line or the text ends with it. */
static bool
is_end (int token)
{
  return token == TOK_NEWLINE || token == 0;
}

/* A bracket that was not closed on its line: said at the end of the line that it belongs to. */
static bool
report_unclosed (struct reader *reader, int token, const bool *signs)
{
  static const char closers[] = ")]}";
  if (!innermost (reader))
    return false;
  struct bracket open = *innermost (reader);
  char closer = open.sign == '(' ? ')' : open.sign == '[' ? ']' : '}';
  struct diagnostics *diagnostics = reader->diagnostics;
  bool line_over = open.sign == '{'
                     ? reader->ended && (!reader->held || reader->held->kind == 0)
                     : token == TOK_NEWLINE || line_of (reader, reader->given) > line_of (reader, reader->previous);
  bool other = strchr (closers, token) && token && token != closer;
  if (!(line_over || (other && signs[(unsigned char)closer])))
    return false;
  struct span end = { reader->previous.start + reader->previous.length, 1 };
  if (open.sign == '{')
    diagnose (diagnostics, SEVERITY_ERROR, reader->given, "expected '}' before the end of the program");
  else if (other && !line_over)
    diagnose (diagnostics, SEVERITY_ERROR, reader->given, "expected '%c', found '%c'", closer, token);
  else
    diagnose (diagnostics, SEVERITY_ERROR, end, "expected '%c' before the end of the line", closer);
  diagnose (diagnostics, SEVERITY_NOTE, open.span, "to match this '%c'", open.sign);
  while (innermost (reader) && innermost (reader)->sign != '{')
    reader->brackets.used -= sizeof (struct bracket);
  return true;
}

/* A closing bracket that nothing opened. */
static bool
report_unopened (struct reader *reader, int token)
{
  char opening = token == ')' ? '(' : token == ']' ? '[' : token == '}' ? '{' : 0;
  if (!opening || innermost (reader))
    return false;
  diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "'%c' without '%c'", token, opening);
  return true;
}

/* Where the statement of the last token begins. */
static const char *
statement_start (const struct reader *reader)
{
  const char *at = sources_text (reader->sources, reader->previous), *start = at;
  const char *line = sources_place (reader->sources, reader->previous.start).line_start;
  while (start > line && !strchr (";{}", start[-1]))
    start--;
  while (start < at && *start == ' ')
    start++;
  return start;
}

/* Whether a comma stands between two digits, as many languages have it in a number. */
static bool
is_decimal (const struct reader *reader)
{
  const struct source *source = sources_find (reader->sources, reader->given.start);
  const char *comma = sources_text (reader->sources, reader->given);
  return comma > source->text && strchr ("0123456789", comma[-1]) && comma + 1 < source->text + source->size
         && comma[1] >= '0' && comma[1] <= '9';
}

/* What other notations mean by a token that cannot stand where it is: how that is written here, or nothing. */
static const char *
advice (const struct reader *reader, int token)
{
  static const char as_answer[] = "; an answer is written dy/dx = 2*x";
  const char *given = sources_text (reader->sources, reader->given);
  const char *previous = sources_text (reader->sources, reader->previous);
  const char *start = statement_start (reader);
  size_t before = (size_t)(previous - start);
  switch (token)
    {
    case '=':
      if (reader->goal == PARSE_KEY)
        return "; a key has lines such as dy/dx: 2, two points";
      return is_within (reader) && reader->previous_token != '=' ? "; == compares" : "";
    case 0:
    case TOK_NEWLINE:
      if (reader->goal == PARSE_CLAIMS && reader->previous_token != '=' && !memchr (start, '=', before))
        return as_answer;
      return "";
    case ':':
      if (reader->goal == PARSE_CLAIMS)
        return as_answer;
      return reader->previous_token == TOK_NAME && !before ? "; = assigns" : "";
    case ',':
      if (reader->previous_token != TOK_NUMBER || innermost (reader))
        return "";
      if (memchr (start, ',', before))
        return "; values to unpack stand in square brackets";
      return is_decimal (reader) ? "; decimals have a point" : "; a statement ends with ;";
    case '/':
      return previous + reader->previous.length == given && reader->previous_token == '/' ? "; # begins a comment" : "";
    case TOK_IF:
      return is_within (reader) ? "; c ? a : b chooses a value" : "";
    default:
      return "";
    }
}

/* `missing` is what the grammar waits for among much else, or NULL. */
static void
report_other (struct reader *reader, const struct expected *expected, const char *missing, const char *found)
{
  char after[48] = "", list[200] = "";
  if (is_within (reader))
    quote (reader, reader->previous, after);
  int count = expected->count <= EXPECTED_FEW ? expected->count : 0;
  size_t used = 0;
  for (int i = 0; i < count; i++)
    {
      const char *comma = i == 0 ? "" : i + 1 < count ? ", " : " or ";
      used += (size_t)snprintf (list + used, sizeof list - used, "%s%s", comma, expected->names[i]);
    }
  const char *behind = *after ? " after " : "", *advised = advice (reader, reader->current_token);
  if (count > 0 || missing)
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "expected %s%s%s, found %s%s",
              missing ? missing : list, behind, after, found, advised);
  else
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "did not expect %s%s%s%s", found, behind, after,
              advised);
}

/* Whether a product is meant by a number before a name: `2x`, but not `0x1F`, `1e`, or the end of an exponent. */
static bool
is_product (const struct reader *reader, int token)
{
  const char *number = sources_text (reader->sources, reader->previous);
  const char *name = sources_text (reader->sources, reader->given);
  const struct source *source = sources_find (reader->sources, reader->previous.start);
  if (reader->previous_token != TOK_NUMBER || token != TOK_NAME || (number > source->text && number[-1] == '^'))
    return false;
  bool adjacent = number + reader->previous.length == name;
  bool is_prefix = reader->previous.length == 1 && *number == '0' && strchr ("xXbBoO", *name);
  bool is_exponent = reader->given.length == 1 && (*name == 'e' || *name == 'E');
  return !(adjacent && (is_prefix || is_exponent));
}

/* Whether the statement of the last token begins as one with a block does. */
static bool
is_condition (const struct reader *reader)
{
  static const char *const words[] = { "if ", "elif ", "while ", "for " };
  const char *at = sources_text (reader->sources, reader->previous), *start = statement_start (reader);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if ((size_t)(at - start) >= strlen (words[i]) && memcmp (start, words[i], strlen (words[i])) == 0)
      return true;
  return false;
}

/* Two operands beside each other, where an operator is missing. */
struct pair
{
  bool apart;   /* there are blanks between them */
  bool block;   /* behind a condition (`if x == 3 then`): the brace may be what is missing */
  bool assigns; /* the second one is assigned to */
};

/* What may have been meant by the pair that ends with `token`. */
static const char *
meant_by (const struct reader *reader, const struct pair *pair, int token)
{
  int before = reader->previous_token;
  const struct bracket *bracket = innermost (reader);
  if (pair->assigns)
    return "; a statement ends with ;";
  if (before == TOK_NAME && pair->apart && !pair->block && reader->goal != PARSE_KEY)
    return "; a call has brackets, a product has *";
  if (before == ')' && !pair->block)
    return "; a product has *";
  if (token == TOK_NUMBER && reader->goal == PARSE_KEY)
    return "; points stand after ':', as in dy/dx: 2";
  if (before == TOK_NUMBER && token == TOK_NUMBER && bracket && bracket->sign == '[')
    return "; commas stand between elements";
  return "";
}

static void
report_no_operator (struct reader *reader, int token)
{
  const struct sources *sources = reader->sources;
  struct span previous = reader->previous, given = reader->given;
  struct pair pair = { .apart = previous.start + previous.length < given.start };
  pair.block = pair.apart && is_condition (reader);
  pair.assigns = pair.apart && !pair.block && token == TOK_NAME && !innermost (reader)
                 && sources_follows (sources, given, "=") && !sources_follows (sources, given, "==");
  char product[100], before[48], here[48];
  snprintf (product, sizeof product, "%.*s*%.*s", (int)(previous.length > 40 ? 40 : previous.length),
            sources_text (sources, previous), (int)(given.length > 40 ? 40 : given.length),
            sources_text (sources, given));
  diagnose_correction (reader->diagnostics, span_join (previous, given),
                       !pair.block && !pair.assigns && is_product (reader, token) ? product : NULL,
                       "expected %san operator between %s and %s%s", pair.block ? "'{' or " : "",
                       quote (reader, previous, before), quote (reader, given, here), meant_by (reader, &pair, token));
}

/* The token as the message has it, which may need `buffer`. */
static const char *
found_token (const struct reader *reader, int token, char buffer[48])
{
  bool expression_over = reader->goal == PARSE_EXPRESSIONS && reader->ended && reader->held && reader->held->kind == 0;
  if (token == 0 || (token == TOK_NEWLINE && expression_over))
    return "the end";
  return token == TOK_NEWLINE ? "the end of the line" : quote (reader, reader->given, buffer);
}

/* Where an operand has to follow. */
static void
report_no_operand (struct reader *reader, int token, const char *found)
{
  bool at_end = is_end (token), points = reader->goal == PARSE_KEY && reader->previous_token == ':';
  char before[48];
  if (is_within (reader))
    diagnose (reader->diagnostics, SEVERITY_ERROR, at_end ? reader->previous : reader->given,
              "expected %s after %s, found %s%s", points ? "a number of points" : "a number, a name or '('",
              quote (reader, reader->previous, before), found, advice (reader, token));
  else
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given,
              at_end ? "expected an expression, found %s" : "unexpected %s at the start of a statement", found);
}

/* Whether a bracket is what is wrong. Where an operand has to follow, its lack at the end of a line is worth more. */
static bool
report_bracket (struct reader *reader, const struct expected *expected, int token)
{
  if (!expected->operand)
    return report_unclosed (reader, token, expected->signs) || report_unopened (reader, token);
  if (is_within (reader))
    return !is_end (token) && report_unclosed (reader, token, expected->signs);
  return (reader->ended && report_unclosed (reader, token, expected->signs))
         || (token == '}' && report_unopened (reader, token));
}

void
unexpected (struct reader *reader, const struct expected *expected)
{
  reader->errors++;
  if (reader->too_deep)
    return;
  int token = reader->current_token;
  char buffer[48];
  const char *found = found_token (reader, token, buffer);
  bool may_go_on = expected->signs['+'];
  if (report_bracket (reader, expected, token))
    ;
  else if (expected->operand)
    report_no_operand (reader, token, found);
  else if (is_comparison (token) && !expected->comparison && may_go_on)
    diagnose (reader->diagnostics, SEVERITY_ERROR, reader->given, "comparisons do not chain; write a < b && b < c");
  else if (expected->signs['{'] && is_end (token))
    report_other (reader, expected, "'{'", found);
  else if (may_go_on && is_operand (token))
    report_no_operator (reader, token);
  else
    report_other (reader, expected, expected->signs[':'] && is_end (token) ? "':'" : NULL, found);
}
