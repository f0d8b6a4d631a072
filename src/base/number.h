/* number.h -- doubles as text, the same in every locale. */
#ifndef GRADCALC_NUMBER_H
#define GRADCALC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum
{
  NUMBER_SIZE = 40
};

/* Writes the shortest text that reads back as `number`, laid out as ECMAScript does (but -0 stays): 0.1, 100000, 1e-7,
   123456789012345680000, 1e+21; NaN, Inf, -Inf. `precision` > 0 rounds to that many significant digits first
   (correctly, from the exact value) and prints the shortest text of the rounded number. Returns the length; no NUL is
   counted but one is written. */
size_t number_print (char text[NUMBER_SIZE], double number, int precision);
/* Prints in the same way, but a whole number that rounding made of another one has an exponent, 2.5e+3: as an answer it
   counts to its digits then, and would be exact as 2500. */
size_t number_print_rounded (char text[NUMBER_SIZE], double number, int precision);

enum number_kind
{
  NUMBER_EXACT,
  NUMBER_INEXACT_INTEGER,
  NUMBER_TOO_LARGE,
  NUMBER_TOO_SMALL,
  NUMBER_INVALID
};

/* A whole number with all its digits, for a message that compares it with what was typed (its shortest text may be just
   that); the shortest text from 1e38 on. */
enum
{
  NUMBER_WHOLE_SIZE = 48
};
void number_print_whole (char text[NUMBER_WHOLE_SIZE], double number);

/* Reads a decimal number (digits with `_` between digits, point, exponent; no sign) that fills text[0..size), rounded
   exactly. NUMBER_INEXACT_INTEGER: an integer literal (no point, no exponent) that no double holds; the nearest is
   given. NUMBER_TOO_LARGE gives Inf; NUMBER_TOO_SMALL (a nonzero number that becomes 0) gives 0. */
enum number_kind number_parse (const char *text, size_t size, double *number);

/* Reads a field of data: an optional sign, a decimal number, or nan, inf, infinity in any case; blanks around it are
   allowed. False when it is anything else, the empty field included. Overflow gives an infinity, underflow 0, both
   true. */
bool number_read_field (const char *text, size_t size, double *number);
/* Parses as well, and returns what number_parse tells of the text; NUMBER_INVALID if it is no number. */
enum number_kind number_parse_field (const char *text, size_t size, double *number);
/* Reads the number that a text begins with, if it is as most are: without a plus, and below 2^53, from where on
   number_parse_field () may have something to tell of it. Returns how many characters it takes, whatever follows them;
   0 where the other has to look at all of the field. Several times as fast. */
size_t number_scan (const char *text, size_t size, double *number);

#endif
