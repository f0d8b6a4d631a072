/* mark.c -- what people write, in words, numbers and signs. */
#include "answers/mark_scan.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "answers/part.h"
#include "base/heap.h"
#include "base/number.h"

void
scan_fail (struct marks *marks, const char *format, const char *text, size_t size)
{
  if (!marks->failure)
    marks->failure = heap_format (marks->memory, "the answers", format, (int)(size > 40 ? 40 : size), text);
}

struct mark *
scan_add (struct scan *scan, enum mark_kind kind, const char *text, size_t size, const char *behind)
{
  struct marks *marks = scan->marks;
  marks->list = heap_grow (marks->memory, marks->list, marks->count + 1, sizeof *marks->list, "the answers");
  struct mark *mark = &marks->list[marks->count++];
  *mark = (struct mark){ .kind = kind, .text = text, .size = size, .blank = scan->blank, .match = SIZE_MAX };
  mark->place = (size_t)(scan->at - scan->text);
  mark->end = (size_t)(behind - scan->text);
  scan->at = behind;
  scan->blank = false;
  return mark;
}

void
scan_add_sign (struct scan *scan, int sign, size_t size)
{
  const char *at = scan->at;
  scan_add (scan, MARK_SIGN, at, size, at + size)->sign = sign;
}

bool
mark_says (const struct mark *mark, const char *word)
{
  return mark->kind == MARK_WORD && mark->size == strlen (word) && memcmp (mark->text, word, mark->size) == 0;
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A character, and how many bytes it has; 0 where it is none. */
static ucs4_t
decode (const char *at, const char *end, int *size)
{
  ucs4_t character = 0;
  *size = u8_mbtoucr (&character, (const uint8_t *)at, (size_t)(end - at));
  return *size > 0 ? character : 0;
}

/* What a superscript says on the line, or 0. */
static char
raised (ucs4_t character)
{
  static const char digits[] = "0\0\0\0"
                               "456789+-=()n";
  return character == 0xb2                            ? '2'
         : character == 0xb3                          ? '3'
         : character == 0xb9                          ? '1'
         : character == 0x1d40                        ? 'T'
         : character >= 0x2070 && character <= 0x207f ? digits[character - 0x2070]
                                                      : 0;
}

/* Whether a character may stand in a word behind its first. */
static bool
in_word (ucs4_t character)
{
  return character == '_' || (character < 0x80 && (is_letter ((char)character) || is_digit ((char)character)))
         || (character >= 0x80
             && (uc_is_property_alphabetic (character) || uc_is_general_category (character, UC_CATEGORY_L)
                 || uc_is_general_category (character, UC_CATEGORY_M)
                 || uc_is_general_category (character, UC_CATEGORY_Nd)
                 || (character >= 0x2080 && character <= 0x209c)));
}

/* A word; superscripts belong to it where it is a name with them. */
static bool
scan_word (struct scan *scan)
{
  struct marks *marks = scan->marks;
  const char *end = scan->at, *plain = NULL;
  int size;
  for (ucs4_t c; end < scan->end && (c = decode (end, scan->end, &size)); end += size)
    if (raised (c))
      plain = plain ? plain : end;
    else if ((c == '_' && end > scan->at && end + 1 < scan->end && end[1] == '{') || !in_word (c)
             || (end == scan->at && c < 0x80 && is_digit ((char)c)))
      break;
  size_t size_of_all = (size_t)(end - scan->at);
  bool differential = *scan->at == 'd' && size_of_all > 1;
  if (plain && !vocabulary_knows (marks->words, scan->at, size_of_all)
      && !(differential && vocabulary_knows (marks->words, scan->at + 1, size_of_all - 1)))
    end = plain;
  if (end == scan->at)
    return false;
  scan_add (scan, MARK_WORD, scan->at, (size_t)(end - scan->at), end);
  return true;
}

static bool
scan_raised (struct scan *scan)
{
  char text[12];
  size_t count = 0;
  const char *end = scan->at;
  int size;
  for (ucs4_t c; end < scan->end && (c = decode (end, scan->end, &size)) && raised (c) && count + 1 < sizeof text;
       end += size)
    text[count++] = raised (c);
  if (!count)
    return false;
  struct mark *mark = scan_add (scan, MARK_RAISED, "            ", count, end);
  memcpy (mark->raised, text, count);
  return true;
}

/* The digits and blanks of 1_000 as they are; of an exponent only with digits behind it. */
static const char *
skip_digits (const char *at, const char *end)
{
  while (at < end && (is_digit (*at) || (*at == '_' && at + 1 < end && is_digit (at[1]))))
    at++;
  return at;
}

/* A number. Letters that other languages put behind one, or for its exponent, go: 12L, 1.5f, 1.5b-1, 1.5d0. */
static bool
scan_number (struct scan *scan)
{
  const char *at = scan->at, *end = scan->end, *number = at;
  if (!is_digit (*at) && !(*at == '.' && at + 1 < end && is_digit (at[1])))
    return false;
  at = skip_digits (at, end);
  bool point = at < end && *at == '.' && !(at + 1 < end && at[1] == '.');
  /* 2.sum is none, and of 2.*x the point is the number's. */
  if (point
      && (at + 1 == end
          || !(is_letter (at[1]) && at[1] != 'e' && at[1] != 'E' && at[1] != 'b' && at[1] != 'f' && at[1] != 'd')))
    at = skip_digits (at + 1, end);
  else
    point = false;
  const char *power = at + (at < end && part_among (*at, "eEbdD"));
  if (power > at && (*at == 'e' || *at == 'E' || (point && !vocabulary_knows (scan->marks->words, at, 1))))
    {
      power += power < end && (*power == '-' || *power == '+');
      if (power < end && is_digit (*power))
        at = skip_digits (power, end);
    }
  double value;
  struct marks *marks = scan->marks;
  size_t size = (size_t)(at - number);
  bool plain = number_parse (number, size, &value) != NUMBER_INVALID;
  const char *behind = at;
  int next_size;
  if (behind < end && part_among (*behind, "Lf") && !vocabulary_knows (marks->words, behind, 1)
      && !(behind + 1 < end && in_word (decode (behind + 1, end, &next_size))))
    behind++;
  struct mark *mark = scan_add (scan, MARK_NUMBER, number, size, behind);
  if (!plain)
    {
      /* The letter of the exponent is another one. */
      char *copy = heap_copy (marks->memory, number, size, "the answers");
      for (size_t i = 0; i < size; i++)
        if (is_letter (copy[i]))
          copy[i] = 'e';
      mark->text = copy;
    }
  if (number_parse (mark->text, size, &value) == NUMBER_TOO_LARGE)
    scan_fail (marks, "%.*s is too large for a double", number, size);
  return true;
}

/* Signs beyond ASCII; 0 is a blank, and a word takes the place of some. */
static const struct
{
  ucs4_t character;
  int sign;
  const char *word;
} pasted[] = { { 0x2212, '-', NULL },
               { 0x2010, '-', NULL },
               { 0x2012, '-', NULL },
               { 0x2013, '-', NULL },
               { 0x2014, '-', NULL },
               { 0xff0d, '-', NULL },
               { 0xff0b, '+', NULL },
               { 0xd7, SIGN_CROSS, NULL },
               { 0xb7, SIGN_DOT, NULL },
               { 0x22c5, SIGN_DOT, NULL },
               { 0x2219, SIGN_DOT, NULL },
               { 0x2022, SIGN_DOT, NULL },
               { 0x2217, '*', NULL },
               { 0x2297, SIGN_TENSOR, NULL },
               { 0x2299, SIGN_TIMES_EACH, NULL },
               { 0x2218, SIGN_TIMES_EACH, NULL },
               { 0xf7, '/', NULL },
               { 0x2215, '/', NULL },
               { 0x2044, '/', NULL },
               { 0x221a, SIGN_ROOT, NULL },
               { 0x2202, SIGN_PARTIAL, NULL },
               { 0x1d715, SIGN_PARTIAL, NULL },
               { 0x2207, SIGN_NABLA, NULL },
               { 0x2248, SIGN_ABOUT, NULL },
               { 0x2243, SIGN_ABOUT, NULL },
               { 0x2016, SIGN_NORM, NULL },
               { 0x2225, SIGN_NORM, NULL },
               { 0x2223, '|', NULL },
               { 0x2264, SIGN_AT_MOST, NULL },
               { 0x2265, SIGN_AT_LEAST, NULL },
               { 0x2260, SIGN_DIFFERS, NULL },
               { 0x2032, SIGN_PRIME, NULL },
               { 0x2019, SIGN_PRIME, NULL },
               { 0xb0, SIGN_DEGREE, NULL },
               { 0x2026, SIGN_ELLIPSIS, NULL },
               { 0x22ef, SIGN_ELLIPSIS, NULL },
               { 0x221e, 0, "inf" },
               { 0x22a4, 0, "T" },
               { 0x22ba, 0, "T" },
               { 0xa0, 0, NULL },
               { 0x2002, 0, NULL },
               { 0x2003, 0, NULL },
               { 0x2009, 0, NULL },
               { 0x200a, 0, NULL },
               { 0x200b, 0, NULL },
               { 0x202f, 0, NULL },
               { 0x2060, 0, NULL },
               { 0x2062, 0, NULL },
               { 0xfeff, 0, NULL } };

static void
scan_beyond (struct scan *scan)
{
  int size;
  ucs4_t character = decode (scan->at, scan->end, &size);
  size_t length = size > 0 ? (size_t)size : 1;
  for (size_t i = 0; character && i < sizeof pasted / sizeof *pasted; i++)
    if (pasted[i].character == character)
      {
        if (pasted[i].word)
          scan_add (scan, MARK_WORD, pasted[i].word, strlen (pasted[i].word), scan->at + length);
        else if (pasted[i].sign)
          scan_add_sign (scan, pasted[i].sign, length);
        else
          {
            scan->at += length;
            scan->blank = true;
          }
        return;
      }
  if (scan_raised (scan) || scan_word (scan))
    return;
  if (!character)
    {
      char byte[8];
      snprintf (byte, sizeof byte, "0x%02x", (unsigned char)*scan->at);
      scan_fail (scan->marks, "byte %.*s is not UTF-8", byte, strlen (byte));
    }
  else
    scan_fail (scan->marks, "'%.*s' is no sign that is read", scan->at, length);
}

/* Signs of ASCII, the longer ones first. */
static void
scan_sign (struct scan *scan)
{
  static const struct
  {
    const char *text;
    int sign;
  } long_ones[] = { { "...", SIGN_ELLIPSIS }, { "**", '^' },
                    { "==", SIGN_EQUALS },    { "!=", SIGN_DIFFERS },
                    { "<=", SIGN_AT_MOST },   { ">=", SIGN_AT_LEAST },
                    { "&&", SIGN_BOTH },      { "||", SIGN_EITHER },
                    { "//", SIGN_SLASHES },   { ".*", SIGN_TIMES_EACH },
                    { "./", SIGN_OVER_EACH }, { ".^", SIGN_POWER_EACH },
                    { ".'", '\'' },           { ":=", SIGN_IS },
                    { "~=", SIGN_ABOUT } };
  size_t left = (size_t)(scan->end - scan->at);
  for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++)
    {
      size_t size = strlen (long_ones[i].text);
      if (size <= left && memcmp (scan->at, long_ones[i].text, size) == 0)
        {
          scan_add_sign (scan, long_ones[i].sign, size);
          return;
        }
    }
  char c = *scan->at;
  if (c == '\'')
    scan_add_sign (scan, SIGN_PRIME, 1);
  else if (part_among (c, "+-*/%@^<>=?:,;()[]{}|!&._"))
    scan_add_sign (scan, c, 1);
  else if ((unsigned char)c < ' ' || c == 0x7f)
    scan_fail (scan->marks, "%.*s cannot stand in an answer", "a control character", 19);
  else
    scan_fail (scan->marks, "'%.*s' is no sign that is read", scan->at, 1);
}

/* The letters of einsum in quotes: nothing else there says anything. A ' behind an operand is a prime. */
static bool
scan_quoted (struct scan *scan)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.->";
  struct marks *marks = scan->marks;
  char quote = *scan->at;
  bool argument = marks->count && mark_is (&marks->list[marks->count - 1], '(');
  const char *end = scan->at + 1;
  while (end < scan->end && part_among (*end, letters))
    end++;
  if ((quote != '"' && !(quote == '\'' && argument)) || end == scan->end || *end != quote)
    return false;
  scan_add (scan, MARK_TEXT, scan->at + 1, (size_t)(end - scan->at - 1), end + 1);
  return true;
}

static int
closing (int sign)
{
  return sign == '(' ? ')' : sign == '[' ? ']' : sign == '{' ? '}' : sign == SIGN_MATRIX ? SIGN_MATRIX_END : 0;
}

/* Finds which brackets belong together, and those with commas. */
static void
match_brackets (struct marks *marks)
{
  size_t *open = heap_take (marks->memory, marks->count, sizeof *open, "the answers"), depth = 0;
  for (size_t i = 0; i < marks->count; i++)
    {
      struct mark *mark = &marks->list[i];
      if (mark->kind != MARK_SIGN)
        continue;
      if (closing (mark->sign))
        open[depth++] = i;
      else if (mark->sign == ',' && depth)
        marks->list[open[depth - 1]].commas = true;
      else if (strchr (")]}", mark->sign < 128 && mark->sign ? mark->sign : '?') || mark->sign == SIGN_MATRIX_END)
        {
          if (depth && closing (marks->list[open[depth - 1]].sign) == mark->sign)
            {
              mark->match = open[--depth];
              marks->list[mark->match].match = i;
            }
        }
    }
  heap_give (open);
}

struct marks
marks_scan (struct memory *memory, const struct vocabulary *words, const char *text, size_t size)
{
  struct marks marks = { .memory = memory, .words = words };
  struct scan scan = { &marks, text, text, text + size, true };
  while (scan.at < scan.end && !marks.failure)
    {
      char c = *scan.at;
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == '$' || c == '~')
        {
          if (c == '~' && scan.at + 1 < scan.end && scan.at[1] == '=')
            {
              scan_sign (&scan);
              continue;
            }
          scan.at++;
          scan.blank = true;
        }
      else if (c == '{' && scan.at + 1 < scan.end && scan.at[1] == '}')
        scan.at += 2;
      else if (c == '#')
        while (scan.at < scan.end && *scan.at != '\n')
          scan.at++;
      else if (c == '\\')
        scan_command (&scan);
      else if ((unsigned char)c >= 0x80)
        scan_beyond (&scan);
      else if (!scan_number (&scan) && !scan_quoted (&scan) && !((is_letter (c) || c == '_') && scan_word (&scan)))
        scan_sign (&scan);
    }
  scan.blank = true;
  scan_add (&scan, MARK_END, "", 0, scan.at);
  match_brackets (&marks);
  return marks;
}

void
marks_close (struct marks *marks)
{
  heap_give (marks->list);
  heap_give (marks->failure);
  marks->list = NULL;
  marks->failure = NULL;
  marks->count = 0;
}
