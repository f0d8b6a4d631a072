/* claims_digits.c -- numbers typed by hand, and how much of them counts. */
#include "check/claims.h"

#include <math.h>
#include <string.h>

enum
{
  EXACT = 5 /* digits of a whole number that stands for itself */
};

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

/* One number as it is typed, up to `end`; what is behind it. */
static const char *
read_number (const char *at, const char *end, double *off, int *digits)
{
  int decimals = 0, significant = 0, zeros = 0, exponent = 0, sign = 1;
  bool point = false, exponential = false, leading = true;
  for (; at < end && (is_digit (*at) || *at == '_' || (*at == '.' && !point)); at++)
    {
      point |= *at == '.';
      if (!is_digit (*at))
        continue;
      leading &= *at == '0';
      significant += !leading;
      zeros = *at == '0' ? zeros + 1 : 0;
      decimals += point;
    }
  if (at < end && (*at == 'e' || *at == 'E'))
    {
      exponential = true;
      at++;
      if (at < end && (*at == '-' || *at == '+'))
        sign = *at++ == '-' ? -1 : 1;
      for (; at < end && (is_digit (*at) || *at == '_'); at++)
        if (is_digit (*at) && exponent < 100000)
          exponent = exponent * 10 + (*at - '0');
    }
  /* Zeros at the end of a long whole number only say how long it is. */
  bool whole = !point && !exponential;
  int filled = whole && significant > EXACT ? (zeros < significant - EXACT ? zeros : significant - EXACT) : 0;
  /* The half is exact in few doubles: a little more than it. */
  *off = !whole || significant > EXACT ? 0.5 * (1 + 1e-9) * pow (10, sign * exponent - decimals + filled) : 0;
  *digits = significant > filled ? significant - filled : 1;
  return at;
}

bool
claim_digits (const char *text, size_t size, size_t count, double *off, int *digits)
{
  static const char *const words[]
    = { "NaN", "nan", "Infinity", "Inf", "inf", "oo", "true", "false", "none", "None", "null" };
  const char *at = text, *end = text + size;
  size_t found = 0;
  while (at < end)
    {
      size_t word = 0;
      if (*at == '#')
        while (at < end && *at != '\n')
          at++;
      else if (strchr (" \t\r\n[],-+();", *at))
        at++;
      else if (end - at >= 3 && memcmp (at, "\xe2\x88\x92", 3) == 0) /* U+2212, a pasted minus */
        at += 3;
      else if (found == count)
        return false;
      else if (is_digit (*at) || *at == '.')
        {
          at = read_number (at, end, &off[found], &digits[found]);
          found++;
        }
      else
        {
          while (
            word < sizeof words / sizeof *words
            && !(strlen (words[word]) <= (size_t)(end - at) && memcmp (at, words[word], strlen (words[word])) == 0))
            word++;
          if (word == sizeof words / sizeof *words)
            return false;
          at += strlen (words[word]);
          off[found] = 0;
          digits[found++] = 1;
        }
    }
  return found == count;
}
