/* tokens.c -- the tokens of a text: their names, and the brackets that are open. */
#include "parse.h"
#include "scan.h"

static void
open_bracket (struct reader *reader, struct token *token)
{
  if (area_count (&reader->brackets, struct bracket) == NESTING_LIMIT)
    {
      diagnose (reader->diagnostics, SEVERITY_ERROR, token->span, "%s are nested more than %d deep",
                token->kind == '{' ? "blocks" : "brackets", NESTING_LIMIT);
      reader->errors++;
      reader->too_deep = true;
      token->kind = 0;
      return;
    }
  *area_add (&reader->brackets, struct bracket) = (struct bracket){ token->span, (char)token->kind };
}

static void
close_bracket (struct reader *reader, int sign)
{
  char opening = sign == ')' ? '(' : sign == ']' ? '[' : '{';
  if (innermost (reader) && innermost (reader)->sign == opening)
    reader->brackets.used -= sizeof (struct bracket);
}

static uint32_t
intern (struct reader *reader, const struct token *token)
{
  uint32_t known = names_find_ticket (reader->names, token->value);
  if (known)
    return known - 1;
  const char *text = sources_text (reader->sources, token->span);
  return names_intern_ticket (reader->names, token->value, text, token->span.length);
}

struct token *
next_token (struct reader *reader)
{
  struct token *token;
  do
    {
      if (reader->next == reader->ahead_end)
        {
          reader->next = reader->ahead;
          reader->ahead_end = scan_tokens (reader->ahead, reader->ahead + TOKENS_AHEAD - 1, reader, reader->scanner);
        }
      token = reader->next;
      /* The end stays. */
      reader->next += token->kind != 0;
    }
  while (token->kind == TOK_NEWLINE && innermost (reader) && innermost (reader)->sign != '{');
  if (reader->too_deep)
    token->kind = 0;
  switch (token->kind)
    {
    case TOK_NAME:
      token->value = intern (reader, token);
      break;
    case '(':
    case '[':
    case '{':
      open_bracket (reader, token);
      break;
    case ')':
    case ']':
    case '}':
      close_bracket (reader, token->kind);
      break;
    default:
      break;
    }
  return token;
}
