/* number.c -- doubles as text: layout, and what a number may look like. */
#include "base/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/charconv.h"

enum
{
  SHORTEST_DIGITS = 17,  /* always enough to read back the same */
  WHOLE_DIGITS = 5,      /* up to which a whole number in an answer is exact */
  LAST_PLAIN = 21,       /* up to this many digits before the point are written out */
  LEADING_ZEROS = 6,     /* from 1e-7 on, exponents */
  EXACT_DIGITS = 15,     /* any number of so few digits is a double times or over a power of ten that is one too: */
  EXACT_POWER = 22,      /* 10^22 is the last */
  DECIDING_DIGITS = 770, /* a double, or a half way between two, has at most 768 digits */
  POWER_LIMIT = 1000000000,
};

/* The decimal digits of a number without sign: 0.d1d2d3... times ten to `point`. */
struct decimal
{
  int count;
  int point;
  char digits[CHARCONV_SIZE];
};

#ifndef HAVE_CXX_CHARCONV

#define SMALLEST_NORMAL 0x1p-1022

/* The locale's decimal point in this text is passed over by who reads it; a text to be parsed has none. */
size_t
charconv_print (char text[CHARCONV_SIZE], double number, int digits)
{
  if (digits > 0)
    return (size_t)snprintf (text, CHARCONV_SIZE, "%.*e", digits - 1, number);
  for (digits = number < SMALLEST_NORMAL ? 1 : EXACT_DIGITS;; digits++)
    {
      size_t size = (size_t)snprintf (text, CHARCONV_SIZE, "%.*e", digits - 1, number);
      if (digits == SHORTEST_DIGITS || strtod (text, NULL) == number)
        return size;
    }
}

bool
charconv_parse (const char *text, size_t size, double *number)
{
  (void)size;
  double value = strtod (text, NULL);
  if (isinf (value) || value == 0)
    return false;
  *number = value;
  return true;
}

size_t
charconv_scan (const char *text, size_t size, double *number)
{
  (void)text;
  (void)size;
  *number = 0;
  return 0;
}

#endif

/* Digits of a finite number above 0, without zeros at the end. */
static void
decimal_of (struct decimal *decimal, double number, int precision)
{
  char text[CHARCONV_SIZE];
  size_t size = charconv_print (text, number, precision);
  int count = 0;
  size_t i = 0;
  for (; i < size && text[i] != 'e'; i++)
    if (text[i] >= '0' && text[i] <= '9')
      decimal->digits[count++] = text[i];
  while (count > 1 && decimal->digits[count - 1] == '0')
    count--;
  bool negative = text[i + 1] == '-';
  int power = 0;
  for (i += 2; i < size; i++)
    power = power * 10 + (text[i] - '0');
  decimal->count = count;
  decimal->point = (negative ? -power : power) + 1;
}

/* The digits of the number rounded to `precision` digits. Sixteen of them, or fewer below the normal numbers, may be
   more than the rounded number needs, so it is read back; beyond the largest double they stand as they are. */
static void
decimal_rounded (struct decimal *decimal, double number, int precision)
{
  decimal_of (decimal, number, precision);
  if (precision <= EXACT_DIGITS && number >= 0x1p-1000)
    return;
  char text[CHARCONV_SIZE + 16];
  int size = snprintf (text, sizeof text, "%.*se%d", decimal->count, decimal->digits, decimal->point - decimal->count);
  double rounded;
  if (charconv_parse (text, (size_t)size, &rounded))
    decimal_of (decimal, rounded, 0);
}

static char *
put_zeros (char *to, int count)
{
  memset (to, '0', (size_t)count);
  return to + count;
}

static char *
put_digits (char *to, const char *digits, int count)
{
  memcpy (to, digits, (size_t)count);
  return to + count;
}

static char *
lay_out (char *to, const struct decimal *decimal, bool scientific)
{
  int count = decimal->count, point = decimal->point;
  const char *digits = decimal->digits;
  if (count <= point && point <= LAST_PLAIN && !scientific)
    return put_zeros (put_digits (to, digits, count), point - count);
  if (0 < point && point <= LAST_PLAIN && !scientific)
    {
      to = put_digits (to, digits, point);
      *to++ = '.';
      return put_digits (to, digits + point, count - point);
    }
  if (-LEADING_ZEROS < point && point <= 0)
    {
      *to++ = '0';
      *to++ = '.';
      return put_digits (put_zeros (to, -point), digits, count);
    }
  *to++ = digits[0];
  if (count > 1)
    {
      *to++ = '.';
      to = put_digits (to, digits + 1, count - 1);
    }
  *to++ = 'e';
  int power = point - 1;
  *to++ = power < 0 ? '-' : '+';
  if (power < 0)
    power = -power;
  if (power >= 100)
    *to++ = (char)('0' + power / 100);
  if (power >= 10)
    *to++ = (char)('0' + power / 10 % 10);
  *to++ = (char)('0' + power % 10);
  return to;
}

/* Small whole numbers need no search for the shortest text. */
static char *
put_whole (char *to, uint64_t whole)
{
  char reversed[24];
  int count = 0;
  do
    reversed[count++] = (char)('0' + whole % 10);
  while ((whole /= 10) != 0);
  while (count > 0)
    *to++ = reversed[--count];
  return to;
}

/* Whether rounding made a whole number of another one, which a reader would take to be exact. */
static bool
poses_as_whole (const struct decimal *rounded, double number)
{
  struct decimal exact;
  if (rounded->count > rounded->point || (rounded->count == rounded->point && rounded->count > WHOLE_DIGITS))
    return false;
  decimal_of (&exact, number, 0);
  return exact.count != rounded->count || memcmp (exact.digits, rounded->digits, (size_t)exact.count) != 0;
}

static size_t
print_number (char text[NUMBER_SIZE], double number, int precision, bool honest)
{
  char *to = text;
  if (isnan (number))
    to = put_digits (to, "NaN", 3);
  else
    {
      if (signbit (number))
        {
          *to++ = '-';
          number = -number;
        }
      if (precision >= SHORTEST_DIGITS)
        precision = 0;
      struct decimal decimal;
      if (isinf (number))
        to = put_digits (to, "Inf", 3);
      else if (number == 0 || (precision <= 0 && number < 1e15 && number == (double)(uint64_t)number))
        to = put_whole (to, (uint64_t)number);
      else
        {
          if (precision > 0)
            decimal_rounded (&decimal, number, precision);
          else
            decimal_of (&decimal, number, 0);
          to = lay_out (to, &decimal, honest && precision > 0 && poses_as_whole (&decimal, number));
        }
    }
  *to = 0;
  return (size_t)(to - text);
}

size_t
number_print (char text[NUMBER_SIZE], double number, int precision)
{
  return print_number (text, number, precision, false);
}

size_t
number_print_rounded (char text[NUMBER_SIZE], double number, int precision)
{
  return print_number (text, number, precision, true);
}

void
number_print_whole (char text[NUMBER_WHOLE_SIZE], double number)
{
  if (fabs (number) < 1e38)
    snprintf (text, NUMBER_WHOLE_SIZE, "%.0f", number);
  else
    number_print (text, number, 0);
}

/* A decimal number taken apart: its significant digits (a nonzero one beyond those kept leaves a 1 in the last place,
   which decides the rounding as it would) times ten to `power`. */
struct literal
{
  size_t count; /* digits in `digits`; 0 for zero */
  size_t whole; /* digits from the first that is not zero, kept or not */
  int64_t power;
  uint64_t value; /* of the first digits, while there are at most 19 */
  bool is_integer;
  char digits[DECIDING_DIGITS + 24]; /* with room for an exponent */
};

/* Takes in the next digit. Leading zeros count for nothing; digits past those kept only say whether they are all 0. */
static inline void
literal_digit (struct literal *literal, char digit, bool after_point)
{
  literal->power -= after_point;
  if (digit == '0' && literal->whole == 0)
    return;
  literal->whole++;
  if (literal->whole <= 19)
    literal->value = literal->value * 10 + (uint64_t)(digit - '0');
  if (literal->count < DECIDING_DIGITS)
    literal->digits[literal->count++] = digit;
  else
    {
      literal->power++;
      if (digit != '0')
        literal->digits[DECIDING_DIGITS - 1] = '1';
    }
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

/* Passes over the run of digits at text[*at], each given to `literal` if there is one, else added up in `power`.
   Underscores may stand between two digits when `grouped`. */
static size_t
read_digits (const char *text, size_t size, size_t *at, bool grouped, struct literal *literal, bool after_point,
             int64_t *power)
{
  size_t count = 0;
  for (; *at < size; ++*at)
    {
      char c = text[*at];
      if (c == '_' && grouped && count > 0 && *at + 1 < size && is_digit (text[*at + 1]))
        continue;
      if (!is_digit (c))
        break;
      count++;
      if (literal)
        literal_digit (literal, c, after_point);
      else if (*power < POWER_LIMIT)
        *power = *power * 10 + (c - '0');
    }
  return count;
}

/* Takes a text apart: digits, a point and more digits, `e` and a power. False where it is none of these to its end. */
static bool
read_literal (struct literal *literal, const char *text, size_t size, bool grouped)
{
  size_t at = 0;
  literal->count = literal->whole = 0;
  literal->power = 0;
  literal->value = 0;
  literal->is_integer = true;
  size_t digits = read_digits (text, size, &at, grouped, literal, false, NULL);
  if (at < size && text[at] == '.')
    {
      at++;
      literal->is_integer = false;
      digits += read_digits (text, size, &at, grouped, literal, true, NULL);
    }
  if (digits == 0)
    return false;
  if (at < size && (text[at] == 'e' || text[at] == 'E'))
    {
      at++;
      literal->is_integer = false;
      bool negative = at < size && text[at] == '-';
      if (at < size && (text[at] == '-' || text[at] == '+'))
        at++;
      int64_t power = 0;
      if (read_digits (text, size, &at, grouped, NULL, false, &power) == 0)
        return false;
      literal->power += negative ? -power : power;
    }
  return at == size;
}

/* Whether a finite double is the integer that the digits say; digits beyond the kept ones can't be an issue, as no
   double is that long. */
static bool
is_exactly (const struct literal *literal, double number)
{
  char text[DECIDING_DIGITS];
  int size = snprintf (text, sizeof text, "%.0f", number);
  return (size_t)size == literal->whole && memcmp (text, literal->digits, (size_t)size) == 0;
}

static enum number_kind
literal_value (struct literal *literal, double *number)
{
  static const double powers[EXACT_POWER + 1]
    = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  *number = 0;
  if (literal->count == 0)
    return NUMBER_EXACT;
  if (literal->whole <= EXACT_DIGITS && literal->power >= -EXACT_POWER && literal->power <= EXACT_POWER)
    {
      double value = (double)literal->value;
      *number = literal->power < 0 ? value / powers[-literal->power] : value * powers[literal->power];
      return NUMBER_EXACT;
    }
  int64_t point = (int64_t)literal->count + literal->power;
  if (point > 400)
    {
      *number = HUGE_VAL;
      return NUMBER_TOO_LARGE;
    }
  if (point < -400)
    return NUMBER_TOO_SMALL;
  char *end = literal->digits + literal->count;
  *end++ = 'e';
  if (literal->power < 0)
    *end++ = '-';
  end = put_whole (end, (uint64_t)(literal->power < 0 ? -literal->power : literal->power));
  *end = 0;
  if (!charconv_parse (literal->digits, (size_t)(end - literal->digits), number))
    {
      *number = point > 0 ? HUGE_VAL : 0;
      return point > 0 ? NUMBER_TOO_LARGE : NUMBER_TOO_SMALL;
    }
  if (literal->is_integer && !is_exactly (literal, *number))
    return NUMBER_INEXACT_INTEGER;
  return NUMBER_EXACT;
}

enum number_kind
number_parse (const char *text, size_t size, double *number)
{
  struct literal literal;
  *number = 0;
  if (!read_literal (&literal, text, size, true))
    return NUMBER_INVALID;
  return literal_value (&literal, number);
}

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

/* In any case; by hand, as the C library's way of ignoring it depends on the locale. */
static bool
is_word (const char *text, size_t size, const char *word)
{
  if (size != strlen (word))
    return false;
  for (size_t i = 0; i < size; i++)
    if ((text[i] | 0x20) != word[i])
      return false;
  return true;
}

enum number_kind
number_parse_field (const char *text, size_t size, double *number)
{
  enum number_kind kind = NUMBER_EXACT;
  while (size > 0 && is_blank (text[0]))
    text++, size--;
  while (size > 0 && is_blank (text[size - 1]))
    size--;
  bool negative = size > 0 && text[0] == '-';
  if (size > 0 && (text[0] == '-' || text[0] == '+'))
    text++, size--;
  if (size == 0)
    return NUMBER_INVALID;
  if (is_digit (text[0]) || text[0] == '.')
    {
      struct literal literal;
      if (!read_literal (&literal, text, size, false))
        return NUMBER_INVALID;
      kind = literal_value (&literal, number);
    }
  else if (is_word (text, size, "nan"))
    *number = NAN;
  else if (is_word (text, size, "inf") || is_word (text, size, "infinity"))
    *number = HUGE_VAL;
  else
    return NUMBER_INVALID;
  if (negative)
    *number = -*number;
  return kind;
}

bool
number_read_field (const char *text, size_t size, double *number)
{
  return number_parse_field (text, size, number) != NUMBER_INVALID;
}

size_t
number_scan (const char *text, size_t size, double *number)
{
  *number = 0;
  size_t length = charconv_scan (text, size, number);
  return fabs (*number) < 0x1p53 ? length : 0;
}
