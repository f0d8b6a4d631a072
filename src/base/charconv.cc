/* charconv.cc -- std::to_chars and fast_float for C; nothing here may throw or allocate. The library's own reader,
   std::from_chars, would link the C++ runtime's exceptions, which take memory before main () begins. */
#include "base/charconv.h"

#include <charconv>
#include <cmath>

#include <fast_float/fast_float.h>

size_t
charconv_print (char text[CHARCONV_SIZE], double number, int digits)
{
  std::to_chars_result result
    = digits > 0 ? std::to_chars (text, text + CHARCONV_SIZE, number, std::chars_format::scientific, digits - 1)
                 : std::to_chars (text, text + CHARCONV_SIZE, number, std::chars_format::scientific);
  return static_cast<size_t> (result.ptr - text);
}

bool
charconv_parse (const char *text, size_t size, double *number)
{
  double value;
  fast_float::from_chars (text, text + size, value);
  if (std::isinf (value) || value == 0)
    return false;
  *number = value;
  return true;
}

size_t
charconv_scan (const char *text, size_t size, double *number)
{
  return static_cast<size_t> (fast_float::from_chars (text, text + size, *number).ptr - text);
}
