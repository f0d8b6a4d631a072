/* markdown.c -- texts within the cells of a Markdown table. */
#include "report/markdown.h"

#include <stdbool.h>
#include <string.h>

/* A stretch of a text from one blank to another, or over several of them. */
struct stretch
{
  const char *start, *end;
  bool is_markup; /* there is a character in it that Markdown would take away or change */
};

static void
print_code (struct printer *printer, const char *text, size_t size)
{
  /* Backquotes inside ask for more of them around. */
  const char *fence = memchr (text, '`', size) ? "``" : "`";
  const char *blank = fence[1] ? " " : "";
  print_format (printer, "%s%s", fence, blank);
  for (size_t i = 0; i < size; i++)
    {
      if (text[i] == '|')
        print_char (printer, '\\');
      print_char (printer, text[i] == '\n' ? ' ' : text[i]);
    }
  print_format (printer, "%s%s", blank, fence);
}

void
markdown_code (struct printer *printer, const char *text)
{
  print_code (printer, text, strlen (text));
}

static bool
is_operator (const struct stretch *word)
{
  size_t size = (size_t)(word->end - word->start);
  return size && strspn (word->start, "=+-*/@<>%?:&|^") >= size;
}

/* The next word: up to a blank outside of brackets. */
static struct stretch
next_word (const char *text)
{
  struct stretch word = { .start = text };
  int depth = 0;
  for (; *text && (depth > 0 || *text != ' '); text++)
    {
      depth += (*text == '(' || *text == '[') - (*text == ')' || *text == ']');
      word.is_markup |= strchr ("*_^~`[]<>$\\|@{}", *text) != NULL;
    }
  /* Of brackets that never close only the first word. */
  if (depth > 0)
    for (text = word.start; *text && *text != ' ';)
      text++;
  word.end = text;
  return word;
}

/* A word and those that operators join to it: `d(u^2) = 2*u*du`. A comma or the like ends it. */
static struct stretch
next_stretch (const char *text)
{
  struct stretch all = next_word (text);
  while (all.end > all.start && !strchr (";,:.", all.end[-1]) && *all.end)
    {
      struct stretch sign = next_word (all.end + 1);
      if (!is_operator (&sign) || !*sign.end)
        break;
      struct stretch word = next_word (sign.end + 1);
      if (word.end == word.start)
        break;
      all.end = word.end;
      all.is_markup |= sign.is_markup | word.is_markup;
    }
  return all;
}

void
markdown_text (struct printer *printer, const char *text)
{
  while (*text)
    {
      if (*text == ' ' || *text == '\n')
        {
          print_char (printer, ' ');
          text++;
          continue;
        }
      struct stretch stretch = next_stretch (text);
      const char *end = stretch.end;
      while (end > stretch.start + 1 && strchr (";,:.", end[-1]))
        end--;
      if (stretch.is_markup)
        print_code (printer, stretch.start, (size_t)(end - stretch.start));
      else
        end = stretch.start;
      print_bytes (printer, end, (size_t)(stretch.end - end));
      text = stretch.end;
    }
}
