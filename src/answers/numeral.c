/* numeral.c -- a right side that is a number with a comma for its point, or with a unit behind it. */
#include "answers/numeral.h"

#include <string.h>

#include "base/heap.h"

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

/* The only comma of a text, if it is outside of all brackets and between digits; NULL. */
static const char *
find_comma (const char *text, size_t size)
{
  int depth = 0;
  const char *comma = NULL;
  for (size_t i = 0; i < size && text[i] != '#'; i++)
    {
      depth
        += (text[i] == '(' || text[i] == '[' || text[i] == '{') - (text[i] == ')' || text[i] == ']' || text[i] == '}');
      if (text[i] != ',')
        continue;
      if (comma || depth || !i || i + 1 == size || !is_digit (text[i - 1]) || !is_digit (text[i + 1]))
        return NULL;
      comma = text + i;
    }
  return comma;
}

static char *
read_comma (struct memory *memory, const char *text, size_t size, const char *comma, const struct left *left,
            char **fault)
{
  const char *first = comma, *last = comma + 1;
  while (first > text && is_digit (first[-1]))
    first--;
  while (last < text + size && is_digit (*last))
    last++;
  int whole = (int)(comma - first), behind = (int)(last - comma - 1);
  bool zero = whole == 1 && *first == '0';
  if (left->shaped && left->shape.rank && shape_size (&left->shape) == 2)
    *fault
      = heap_format (memory, "the answers", "'%.*s': one number, or two elements? write [%.*s, %.*s], or %.*s.%.*s",
                     (int)(last - first), first, whole, first, behind, comma + 1, whole, first, behind, comma + 1);
  else if (behind == 3 && !zero)
    *fault = heap_format (memory, "the answers", "'%.*s': %.*s%.*s, or %.*s.%.*s?", (int)(last - first), first, whole,
                          first, behind, comma + 1, whole, first, behind, comma + 1);
  if (*fault)
    return NULL;
  char *copy = heap_copy (memory, text, size, "the answers");
  copy[comma - text] = '.';
  return copy;
}

static bool
is_unit (const struct vocabulary *words, const struct mark *mark)
{
  static const char *const units[]
    = { "m",  "s",   "kg", "g",   "mg",  "N",   "kN",  "J",   "kJ",  "MJ",  "W",    "kW",   "MW",  "V",    "mV", "kV",
        "A",  "mA",  "K",  "mol", "cd",  "Hz",  "kHz", "MHz", "GHz", "Pa",  "kPa",  "MPa",  "GPa", "bar",  "C",  "F",
        "T",  "H",   "L",  "l",   "ml",  "mL",  "eV",  "keV", "km",  "dm",  "cm",   "mm",   "um",  "nm",   "ms", "us",
        "ns", "min", "h",  "rad", "Ohm", "ohm", "Ω",   "μm",  "USD", "EUR", "Euro", "euro", "€",   "units" };
  for (size_t i = 0; mark->kind == MARK_WORD && i < sizeof units / sizeof *units; i++)
    if (strlen (units[i]) == mark->size && memcmp (units[i], mark->text, mark->size) == 0)
      return !vocabulary_knows (words, mark->text, mark->size);
  return false;
}

/* A number and a unit behind it: 12 m/s^2. */
static char *
read_unit (struct memory *memory, const struct vocabulary *words, const char *text, size_t size)
{
  enum
  {
    LONGEST = 60
  };
  if (size > LONGEST)
    return NULL;
  struct marks marks = marks_scan (memory, words, text, size);
  char *number = NULL;
  bool good = !marks.failure;
  size_t i = 0;
  if (good && (mark_is (&marks.list[0], '-') || mark_is (&marks.list[0], '+')))
    i++;
  good = good && marks.list[i].kind == MARK_NUMBER && is_unit (words, &marks.list[i + 1]);
  size_t end = good ? marks.list[i].end : 0;
  for (i++; good && marks.list[i].kind != MARK_END; i++)
    {
      const struct mark *mark = &marks.list[i];
      good = is_unit (words, mark) || mark->kind == MARK_RAISED || mark->kind == MARK_NUMBER
             || (mark->kind == MARK_SIGN
                 && (mark->sign == SIGN_DOT || strchr ("*/^-()", mark->sign < 128 ? mark->sign : 'x')));
    }
  if (good)
    number = heap_copy (memory, text, end, "the answers");
  marks_close (&marks);
  return number;
}

char *
number_read (struct memory *memory, const struct vocabulary *words, const char *text, size_t size,
             const struct left *left, char **fault)
{
  const char *comma = find_comma (text, size);
  return comma ? read_comma (memory, text, size, comma, left, fault) : read_unit (memory, words, text, size);
}
