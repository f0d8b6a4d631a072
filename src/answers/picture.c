/* picture.c -- formulas that a program draws over several lines. */
#include "answers/picture.h"

#include <string.h>

enum
{
  BAR = 3,  /* dashes that are no sign of anything else */
  ABOVE = 8 /* lines that may stand above the one with the left side */
};

static size_t
indent_of (struct part line)
{
  size_t i = 0;
  while (i < line.size && part_blank (line.text[i]))
    i++;
  return i;
}

/* What may stand beside a bar. */
static bool
is_beside (struct part line, size_t at)
{
  return at >= line.size || part_blank (line.text[at]) || part_among (line.text[at], "()[],");
}

/* Whether a line has a bar of a fraction: so many dashes by themselves, or nothing but dashes. */
static bool
has_bar (struct part line)
{
  size_t others = 0, run = 0;
  bool bar = false;
  for (size_t i = 0; i <= line.size; i++)
    {
      bool dash = i < line.size && line.text[i] == '-';
      others += i < line.size && !dash && !part_blank (line.text[i]);
      bar |= !dash && run >= BAR && is_beside (line, i) && is_beside (line, i - run - 1);
      run = dash ? run + 1 : 0;
    }
  return bar || (!others && part_trim (line).size);
}

/* Whether a line is nothing but a bar as SymPy draws it, which stands at the margin where the left side was written
   before it. */
static bool
is_drawn_bar (struct part line)
{
  static const char dash[] = "\u2500";
  size_t size = sizeof dash - 1;
  line = part_trim (line);
  bool drawn = line.size >= size && line.size % size == 0;
  for (size_t i = 0; i < line.size && drawn; i += size)
    drawn = memcmp (line.text + i, dash, size) == 0;
  return drawn;
}

/* A line that goes on from one with a left side, or leads to it: it has no sign of its own, and stands to the right. */
static bool
is_inner (struct part line)
{
  size_t size;
  return part_trim (line).size && indent_of (line) && *part_trim (line).text != '#'
         && !part_sign (line, 0, &size, true);
}

/* The column of the sign of a line that begins an answer; 0: it begins none. */
static size_t
sign_column (struct part line)
{
  size_t size;
  const char *sign = part_begins (line) ? part_sign (line, 0, &size, true) : NULL;
  return sign ? (size_t)(sign - line.text) : 0;
}

/* The next line. False behind the last. */
static bool
step (const char *text, size_t size, struct part *line)
{
  size_t at = (size_t)(line->text - text) + line->size + 1;
  if (at >= size)
    return false;
  *line = part_line (text, size, at);
  return true;
}

size_t
picture_find (const char *text, size_t size, size_t at, struct part *line)
{
  struct part here = part_line (text, size, at);
  size_t above = 0, column = sign_column (here);
  while (!column && above++ < ABOVE && is_inner (here) && part_is_formula (here) && step (text, size, &here))
    column = sign_column (here);
  if (!column)
    return 0;
  /* What stands above has to stand above the right side. */
  for (struct part upper = part_line (text, size, at); upper.text != here.text; step (text, size, &upper))
    if (indent_of (upper) <= column)
      return 0;
  *line = here;
  bool drawn = above > 0 || has_bar ((struct part){ here.text + column, here.size - column });
  bool empty = part_trim ((struct part){ here.text + column + 1, here.size - column - 1 }).size == 0;
  struct part last = here;
  for (bool blank = false; step (text, size, &here);)
    {
      bool nothing = part_trim (here).size == 0;
      if (nothing && empty && !blank && last.text == line->text)
        {
          blank = true;
          continue;
        }
      if (nothing || !(is_inner (here) || is_drawn_bar (here)))
        break;
      drawn |= has_bar (here) || is_drawn_bar (here);
      last = here;
    }
  return drawn ? (size_t)(last.text + last.size - text) - at : 0;
}
