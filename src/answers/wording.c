/* wording.c -- a statement of a program that is no language, as people write formulas. */
#include "answers/wording.h"

#include <string.h>

#include "answers/formula.h"
#include "answers/part.h"
#include "base/heap.h"

enum
{
  STATEMENT_SIZE = 1000 /* the longest that is looked at: a hint is for what somebody typed */
};

/* The statement that has `at` in it, without a comment: what separates statements within brackets does not. */
static struct part
statement_around (const char *text, size_t size, size_t at)
{
  size_t start = at, end = size, depth = 0;
  while (start && text[start - 1] != '\n')
    start--;
  for (size_t i = start; i < end; i++)
    {
      char c = text[i];
      depth += c == '(' || c == '[';
      depth -= depth && (c == ')' || c == ']');
      bool ends = !depth && (c == ';' || c == '{' || c == '}');
      if (ends && i < at)
        start = i + 1;
      else if (ends || c == '\n' || c == '#')
        end = i;
    }
  return part_trim ((struct part){ text + start, end - start });
}

/* What is behind the left side (`y =`, `f(x) =`, `y[0] +=`) or `print`, or all. */
static struct part
right_side (struct part statement)
{
  size_t from = 0, size;
  const char *sign = part_sign (statement, 0, &size, false);
  if (statement.size > 6 && strncmp (statement.text, "print ", 6) == 0)
    from = 6;
  else if (sign && !(*sign == '=' && size == 2))
    from = (size_t)(sign - statement.text) + size;
  return part_trim ((struct part){ statement.text + from, statement.size - from });
}

/* Makes the words of a left side known: it assigns to them, or they are parameters. */
static void
add_names (struct vocabulary *words, struct part left)
{
  for (size_t i = 0, size; i < left.size; i += size ? size : 1)
    {
      size = 0;
      while (i + size < left.size && part_in_word (left.text[i + size]))
        size++;
      if (size && left.text[i] > '9' && !vocabulary_knows (words, left.text + i, size))
        vocabulary_add (words, left.text + i, size, (struct known){ .kind = KNOWN_VALUE });
    }
}

/* Makes words known that are neither functions nor of a library: fields of a record, of which any may be one. */
static void
add_fields (struct vocabulary *words, const struct marks *marks)
{
  bool over;
  for (const struct mark *mark = marks->list; mark->kind != MARK_END; mark++)
    if (mark->kind == MARK_WORD && !mark_is (mark + 1, '(') && !mark_is (mark + 1, '.')
        && formula_find (mark, &over) == OPS && !vocabulary_knows (words, mark->text, mark->size))
      vocabulary_add (words, mark->text, mark->size, (struct known){ .kind = KNOWN_VALUE });
}

struct wording
wording_read (struct memory *memory, struct vocabulary *words, const char *text, size_t size, size_t at, bool fields)
{
  struct part statement = statement_around (text, size, at), right = right_side (statement);
  struct wording wording = { .start = (size_t)(statement.text - text), .size = statement.size };
  add_names (words, (struct part){ statement.text, (size_t)(right.text - statement.text) });
  if (!right.size || statement.size > STATEMENT_SIZE)
    return wording;
  struct marks marks = marks_scan (memory, words, right.text, right.size);
  if (fields && !marks.failure)
    add_fields (words, &marks);
  struct formula formula
    = { .words = words, .memory = memory, .source = right.text, .marks = marks.list, .end = marks.count - 1 };
  if (!marks.failure && formula_read (&formula) && !part_is_same (right, formula.text))
    wording.text = heap_format (memory, "a message", "%.*s%s", (int)(right.text - statement.text), statement.text,
                                formula.text);
  formula_close (&formula);
  marks_close (&marks);
  return wording;
}

/* How many characters a text has that are not blank. */
static size_t
ink (const char *text, size_t size)
{
  size_t count = 0;
  for (size_t i = 0; i < size; i++)
    count += !part_blank (text[i]) && ((unsigned char)text[i] & 0xc0) != 0x80;
  return count;
}

bool
wording_is_more (const struct wording *wording, const char *text)
{
  return ink (wording->text, strlen (wording->text)) > ink (text + wording->start, wording->size) + 1;
}
