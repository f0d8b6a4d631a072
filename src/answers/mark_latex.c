/* mark_latex.c -- commands of LaTeX among what people write. */
#include "answers/mark_scan.h"

#include <string.h>

#include "answers/part.h"

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

enum command_kind
{
  COMMAND_WORD,
  COMMAND_SIGN,
  COMMAND_NOTHING,
  COMMAND_AROUND
};

static const struct command
{
  const char *name;
  enum command_kind kind;
  int sign;
  const char *word;
} commands[] = {
#define WORD(name, word) { #name, COMMAND_WORD, 0, word },
#define SIGN(name, sign) { #name, COMMAND_SIGN, sign, NULL },
#define NOTHING(name) { #name, COMMAND_NOTHING, 0, NULL },
#define AROUND(name) { #name, COMMAND_AROUND, 0, NULL },
#include "answers/latex.def"
};

static const struct command *
find_command (const char *text, size_t size)
{
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strlen (commands[i].name) == size && memcmp (commands[i].name, text, size) == 0)
      return &commands[i];
  return NULL;
}

static const char *
command_end (const char *at, const char *end)
{
  while (at < end && is_letter (*at))
    at++;
  return at;
}

/* \mathbf{w}, \operatorname{tr}: the word in braces; without braces one letter; else the braces are what they are. */
static void
scan_around (struct scan *scan, const char *behind)
{
  const char *inner = behind + (behind < scan->end && *behind == '{'), *end = inner;
  bool braces = inner > behind, slashed = inner < scan->end && *inner == '\\';
  end = command_end (inner + slashed, scan->end);
  while (braces && end < scan->end && (is_digit (*end) || *end == '_'))
    end++;
  if (!braces && !slashed && end > inner + 1)
    end = inner + 1;
  const struct command *word = slashed ? find_command (inner + 1, (size_t)(end - inner - 1)) : NULL;
  bool whole = end > inner && (!braces || (end < scan->end && *end == '}'));
  if (!whole || (slashed && (!word || word->kind != COMMAND_WORD)))
    scan->at = behind;
  else if (slashed)
    scan_add (scan, MARK_WORD, word->word, strlen (word->word), end + braces);
  else
    scan_add (scan, MARK_WORD, inner, (size_t)(end - inner), end + braces);
}

/* \begin{bmatrix} and \end{bmatrix}. */
static bool
scan_matrix (struct scan *scan, const char *behind, bool begins)
{
  const char *brace = behind < scan->end && *behind == '{' ? memchr (behind, '}', (size_t)(scan->end - behind)) : NULL;
  size_t size = brace ? (size_t)(brace - behind - 1) : 0;
  bool array = size == 5 && memcmp (behind + 1, "array", 5) == 0;
  if (!array && (size < 6 || memcmp (brace - 6, "matrix", 6) != 0))
    return false;
  /* How its columns stand: {cc}. */
  const char *end = brace + 1;
  if (array && begins && end < scan->end && *end == '{')
    end = memchr (end, '}', (size_t)(scan->end - end));
  else
    end = brace;
  if (!end)
    return false;
  scan_add (scan, MARK_SIGN, behind, size, end + 1)->sign = begins ? SIGN_MATRIX : SIGN_MATRIX_END;
  return true;
}

void
scan_command (struct scan *scan)
{
  const char *name = scan->at + 1, *end = command_end (name, scan->end);
  /* A command ends an exponent of one digit, as a blank does. */
  scan->blank |= scan->marks->count && is_digit (scan->at[-1]);
  char c = name < scan->end ? *name : 0;
  size_t size = (size_t)(end - name);
  if (!size)
    {
      if (c == '\\')
        scan_add_sign (scan, SIGN_ROW, 2);
      else if (c == '|')
        scan_add_sign (scan, SIGN_NORM, 2);
      else if (c == '{' || c == '}')
        scan_add_sign (scan, c == '{' ? '(' : ')', 2);
      else if (part_among (c, ",;:!> ()[]"))
        {
          scan->at += 2;
          scan->blank = true;
        }
      else
        scan_fail (scan->marks, "'%.*s' is no command of LaTeX that is read", scan->at, c ? 2 : 1);
      return;
    }
  const struct command *command = find_command (name, size);
  if (size == 5 && memcmp (name, "begin", 5) == 0 && scan_matrix (scan, end, true))
    return;
  if (size == 3 && memcmp (name, "end", 3) == 0 && scan_matrix (scan, end, false))
    return;
  if (!command)
    scan_fail (scan->marks, "'%.*s' is no command of LaTeX that is read", scan->at, size + 1);
  else if (command->kind == COMMAND_WORD)
    scan_add (scan, MARK_WORD, command->word, strlen (command->word), end);
  else if (command->kind == COMMAND_SIGN)
    scan_add (scan, MARK_SIGN, scan->at, size + 1, end)->sign = command->sign;
  else if (command->kind == COMMAND_AROUND)
    scan_around (scan, end);
  else
    {
      scan->at = end;
      scan->blank = true;
      /* \left. is no bracket. */
      scan->at += end < scan->end && *end == '.' && (name[0] == 'l' || name[0] == 'r');
      if (end < scan->end && *end == '[')
        {
          scan_add_sign (scan, '[', 1);
          scan->marks->list[scan->marks->count - 1].round = true;
        }
    }
}
