/* charconv.h -- the C++ library's exact conversions between doubles and decimal digits. */
#ifndef GRADCALC_CHARCONV_H
#define GRADCALC_CHARCONV_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C"
{
#endif

  enum
  {
    CHARCONV_SIZE = 32
  };

  /* Writes a finite number as `d.ddde+dd`: the fewest digits that read back the same, or `digits` (1 to 17) of them,
     rounded from the exact value. Returns the length. */
  size_t charconv_print (char text[CHARCONV_SIZE], double number, int digits);

  /* Reads digits with an exponent, rounded exactly; false, with `number` left alone, when it overflows or underflows.
   */
  bool charconv_parse (const char *text, size_t size, double *number);

  /* Reads the number that text begins with, rounded exactly: digits, perhaps with a minus, a point and an exponent, or
     one that is not finite. Returns how many characters it takes; 0 where there is none, and without the C++ library.
     What overflows is an infinity, what underflows 0. */
  size_t charconv_scan (const char *text, size_t size, double *number);

#ifdef __cplusplus
}
#endif

#endif
