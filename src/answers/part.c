/* part.c -- pieces of a text of answers: lines, sides, what stands before them. */
#include "answers/part.h"

#include <string.h>

bool
part_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
part_in_word (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool
part_among (char c, const char *text)
{
  return c && strchr (text, c);
}

struct part
part_trim (struct part part)
{
  while (part.size && part_blank (*part.text))
    {
      part.text++;
      part.size--;
    }
  while (part.size && part_blank (part.text[part.size - 1]))
    part.size--;
  return part;
}

int
part_opens (struct part part, size_t i)
{
  static const char brackets[] = "([{)]}";
  const char *found = memchr (brackets, part.text[i], sizeof brackets - 1);
  if (!found || (i && part.text[i - 1] == '\\' && *found != '{' && *found != '}'))
    return 0;
  return found < brackets + 3 ? 1 : -1;
}

/* The first sign at the top level that parts left and right side, from `from` on: its place and size; NULL: none. A
   colon does so only where no sign of equality comes. */
const char *
part_sign (struct part part, size_t from, size_t *size, bool colons)
{
  int depth = 0;
  const char *colon = NULL;
  for (size_t i = from; i < part.size; i++)
    {
      char c = part.text[i], next = i + 1 < part.size ? part.text[i + 1] : 0;
      depth += part_opens (part, i);
      if (c == '#' || depth > 0)
        {
          while (c == '#' && i < part.size && part.text[i] != '\n')
            i++;
          continue;
        }
      bool doubled = next == '=';
      if ((c == '<' || c == '>' || c == '!') && doubled)
        i++;
      else if (c == '=' || (c == ':' && doubled))
        {
          *size = doubled ? 2 : 1;
          return part.text + i;
        }
      else if (c == '\xe2' && i + 2 < part.size && memcmp (part.text + i, "\u2248", 3) == 0)
        {
          *size = 3;
          return part.text + i;
        }
      else if (c == '\\' && part.size - i >= 7 && memcmp (part.text + i, "\\approx", 7) == 0)
        {
          *size = 7;
          return part.text + i;
        }
      else if (c == ':' && colons && !colon)
        colon = part.text + i;
    }
  *size = 1;
  return colon;
}

/* 1) a) 1. (a) • - before a left side: how long that is. */
size_t
part_enumerator (struct part part)
{
  const char *text = part.text;
  size_t i = 0;
  if (part.size < 3)
    return 0;
  if (memcmp (text, "\u2022", 3) == 0 || memcmp (text, "\u2013", 3) == 0)
    return 3;
  if ((*text == '-' || *text == '*') && part_blank (text[1]))
    return 1;
  bool bracket = *text == '(';
  i += bracket;
  size_t start = i;
  while (i < part.size && i < start + 2 && text[i] >= '0' && text[i] <= '9')
    i++;
  bool letter = i == start && ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'));
  i += letter;
  if (i == start || i + 1 >= part.size || !(text[i] == ')' || (text[i] == '.' && !bracket))
      || !part_blank (text[i + 1]))
    return 0;
  /* (a) = 3 is about a. */
  struct part rest = part_trim ((struct part){ text + i + 1, part.size - i - 1 });
  return rest.size && *rest.text != '=' && *rest.text != ':' ? i + 1 : 0;
}

/* Whether two texts differ in blanks alone. */
bool
part_is_same (struct part a, const char *b)
{
  size_t i = 0;
  for (;; i++, b++)
    {
      while (i < a.size && part_blank (a.text[i]))
        i++;
      while (part_blank (*b))
        b++;
      if (i == a.size || !*b || a.text[i] != *b)
        return i == a.size && !*b;
    }
}

/* How far brackets are open at the end of a line, beyond `depth`; what is behind # does not count. */
int
part_brackets (struct part line, int depth)
{
  for (size_t i = 0; i < line.size && line.text[i] != '#'; i++)
    {
      depth += part_opens (line, i);
      depth = depth < 0 ? 0 : depth;
    }
  return depth;
}

/* Whether a line is the end of a printed array that had no room before it: dtype=torch.float64). */
static bool
is_printed_end (struct part line)
{
  static const char *const words[] = { "dtype=", "device=", "requires_grad=", "grad_fn=", "shape=", "weak_type=" };
  int depth = 0;
  for (size_t i = 0; i < line.size && depth >= 0; i++)
    depth += part_opens (line, i);
  for (size_t k = 0; k < sizeof words / sizeof *words && depth < 0; k++)
    if (line.size > strlen (words[k]) && memcmp (line.text, words[k], strlen (words[k])) == 0)
      return true;
  return false;
}

/* Whether a line begins another answer, so that a bracket left open before it spoils no more than its own. */
bool
part_begins (struct part line)
{
  line = part_trim (line);
  size_t size, skipped = part_enumerator (line);
  struct part bare = part_trim ((struct part){ line.text + skipped, line.size - skipped });
  const char *sign = part_sign (bare, 0, &size, true);
  if (!sign || sign == bare.text || is_printed_end (bare) || (*sign == ':' && size == 1 && *bare.text != 'd'))
    return false;
  char c = *bare.text;
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '(' || c == '\\' || (unsigned char)c >= 0xc2;
}

bool
part_is_formula (struct part line)
{
  size_t long_words = 0, letters = 0;
  for (size_t i = 0; i < line.size; i++)
    {
      char c = line.text[i];
      bool letter = part_in_word (c) && !(c >= '0' && c <= '9');
      if (c == '#' || c == '!' || c == '?' || c == '"')
        return false;
      letters = letter ? letters + 1 : 0;
      /* Two words with nothing but blanks between them. */
      long_words = letters == 2 ? long_words + 1 : letters || part_blank (c) ? long_words : 0;
      if (long_words > 1)
        return false;
    }
  return true;
}

bool
part_joins (struct part before, struct part line)
{
  struct part last = part_trim (before), next = part_trim (line);
  size_t size;
  /* What CasADi puts in front of a formula, and TensorFlow of an array. */
  if (last.size && next.size && last.text[last.size - 1] == '=' && *next.text == '@')
    return true;
  if (last.size > 6 && memcmp (last.text + last.size - 6, "numpy=", 6) == 0)
    return true;
  if (!last.size || !next.size || part_begins (line) || part_sign (next, 0, &size, true) || !part_is_formula (next)
      || memchr (last.text, '#', last.size))
    return false;
  const char *operators = memchr (last.text, '@', last.size) ? "+-*/^," : "+-*/^";
  bool ends = part_among (last.text[last.size - 1], operators) && part_sign (last, 0, &size, true);
  /* At the margin it may be an item of a list, a heading or a remark. */
  bool begins = part_blank (*line.text) && part_among (*next.text, "+-*/^") && next.size > 1
                && !part_among (next.text[1], "-*/+") && !part_enumerator (next);
  return ends || begins;
}

struct part
part_line (const char *text, size_t size, size_t at)
{
  const char *end = memchr (text + at, '\n', size - at);
  return (struct part){ text + at, end ? (size_t)(end - text) - at : size - at };
}

size_t
part_slice (const char *text, size_t size)
{
  enum
  {
    MOST = 1000 /* slices */
  };
  struct part line = part_trim ((struct part){ text, size });
  size_t word = 0, number = 0;
  while (word < line.size && part_in_word (line.text[word]))
    word++;
  const char *opening = word ? "(:,:," : ", , ", *closing = word ? ") =" : "";
  size_t from = word + strlen (opening), at = from;
  if (line.size < from || memcmp (line.text + word, opening, strlen (opening)) != 0)
    return 0;
  for (; at < line.size && line.text[at] >= '0' && line.text[at] <= '9' && number <= MOST; at++)
    number = 10 * number + (size_t)(line.text[at] - '0');
  bool whole = line.size - at == strlen (closing) && memcmp (line.text + at, closing, strlen (closing)) == 0;
  return whole && at > from && number <= MOST ? number : 0;
}
