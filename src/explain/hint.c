/* hint.c -- forms of an expression that stay finite where another one does not. */
#include "explain/hint.h"

#include <string.h>

enum
{
  TEXT = 4000
};

/* In a pattern `u` is any balanced text, the same one at each place; in what is written blanks do not count. Of several
   patterns that fit the first one counts, so the more special ones stand first. */
static const struct
{
  const char *pattern, *hint;
} forms[] = {
  { "log(sum(exp(u)))", "logsumexp(u) does not overflow" },
  { "log(1+exp(u))", "softplus(u) does not overflow" },
  { "log(exp(u)+1)", "softplus(u) does not overflow" },
  { "log1p(exp(u))", "softplus(u) does not overflow" },
  { "1/(1+exp(-u))", "sigmoid(u) does not overflow" },
  { "1/(exp(-u)+1)", "sigmoid(u) does not overflow" },
  { "1/(1+exp(u))", "sigmoid(-(u)) does not overflow" },
  { "1/(exp(u)+1)", "sigmoid(-(u)) does not overflow" },
  { "exp(u)/(1+exp(u))", "sigmoid(u) does not overflow" },
  { "exp(u)/(exp(u)+1)", "sigmoid(u) does not overflow" },
  { "exp(u)/sum(exp(u))", "softmax(u) does not overflow" },
  { "log(sigmoid(u))", "logsigmoid(u) does not underflow" },
  { "log(softmax(u))", "log_softmax(u) does not underflow" },
  { "sqrt(sum(u^2))", "norm(u) has a derivative at 0" },
  { "sqrt(sum(u*u))", "norm(u) has a derivative at 0" },
  { "sum(u^2)^0.5", "norm(u) has a derivative at 0" },
  { "sqrt(u^2)", "sqrt(u^2) is abs(u)" },
  { "sqrt(u)^2", "sqrt(u)^2 is u" },
  { "cbrt(u)^3", "cbrt(u)^3 is u" },
  { "cbrt(u^3)", "cbrt(u^3) is u" },
  { "exp(log(u))", "exp(log(u)) is u" },
  { "1/(1/u)", "1/(1/u) is u" },
  { "sqrt(u*u)", "sqrt(u*u) is abs(u)" },
  { "u*log(u)", "xlogy(u, u) is 0 at 0" },
  { "exp(u)-1", "expm1(u) is exact for small u" },
  { "log(1+u)", "log1p(u) is exact for small u" },
};

static bool
in_name (char c)
{
  return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c >= 0x80;
}

/* The end of an operand that begins at `text`: a name, a number, a call, brackets; NULL when there is none. */
static const char *
operand_end (const char *text, const char *stop)
{
  const char *at = text;
  while (at < stop && (in_name (*at) || *at == '.'))
    at++;
  while (at < stop && (*at == '(' || *at == '['))
    {
      int depth = 0;
      do
        depth += *at == '(' || *at == '[' ? 1 : *at == ')' || *at == ']' ? -1 : 0;
      while (++at < stop && depth > 0);
      if (depth > 0)
        return NULL;
    }
  return at > text ? at : NULL;
}

/* The end of the balanced text that begins at `text` and is followed by a closing bracket. */
static const char *
inner_end (const char *text, const char *stop)
{
  int depth = 0;
  for (const char *at = text; at < stop; at++)
    {
      depth += *at == '(' || *at == '[' ? 1 : *at == ')' || *at == ']' ? -1 : 0;
      if (depth < 0)
        return at;
    }
  return NULL;
}

/* Whether a letter of a pattern or a hint stands for the operand. */
static bool
is_operand (const char *text, const char *at)
{
  return *at == 'u' && (at == text || !in_name (at[-1])) && !in_name (at[1]);
}

/* Where a pattern that begins at `text` ends, or NULL; what `u` stands for. */
static const char *
match (const char *pattern, const char *text, const char *stop, const char **u, size_t *u_size)
{
  *u = NULL;
  for (const char *at = pattern; *at; at++)
    {
      if (!is_operand (pattern, at))
        {
          if (text == stop || *text != *at)
            return NULL;
          text++;
          continue;
        }
      if (*u)
        {
          if ((size_t)(stop - text) < *u_size || memcmp (text, *u, *u_size) != 0)
            return NULL;
          text += *u_size;
          continue;
        }
      const char *end = at[1] == ')' ? inner_end (text, stop) : operand_end (text, stop);
      if (!end || end == text)
        return NULL;
      *u = text;
      *u_size = (size_t)(end - text);
      text = end;
    }
  return text;
}

/* A hint with what was written in the place of `u`, if that is not long. */
static void
write_hint (const char *hint, const char *u, size_t u_size, char text[HINT_TEXT])
{
  enum
  {
    LONG = 40
  };
  size_t used = 0;
  for (const char *at = hint; *at && used + LONG + 1 < HINT_TEXT; at++)
    if (is_operand (hint, at) && u_size <= LONG)
      {
        memcpy (text + used, u, u_size);
        used += u_size;
      }
    else
      text[used++] = *at;
  text[used] = 0;
}

bool
hint_for (const struct sources *sources, struct span span, char text[HINT_TEXT])
{
  struct place place = sources_place (sources, span.start);
  if (!place.source || place.line_size > TEXT)
    return false;
  char line[TEXT + 1];
  const char *at = place.source->text + (span.start - place.source->base);
  size_t size = 0, from = 0;
  for (size_t i = 0; i < place.line_size && place.line_start[i] != '#'; i++)
    {
      if (place.line_start + i == at)
        from = size;
      if (place.line_start[i] != ' ' && place.line_start[i] != '\t')
        line[size++] = place.line_start[i];
    }
  line[size] = 0;
  for (size_t form = 0; form < sizeof forms / sizeof *forms; form++)
    for (size_t start = 0; start <= from; start++)
      {
        const char *u;
        size_t u_size = 0;
        bool word = start > 0 && in_name (line[start - 1]) && in_name (line[start]);
        const char *end = word ? NULL : match (forms[form].pattern, line + start, line + size, &u, &u_size);
        if (end && end > line + from)
          {
            write_hint (forms[form].hint, u, u_size, text);
            return true;
          }
      }
  return false;
}
