/* charconv.cc -- std::to_chars and std::from_chars for C; nothing here may throw or allocate. */
#include "base/charconv.h"

#include <charconv>
#include <system_error>

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
  return std::from_chars (text, text + size, *number).ec == std::errc ();
}
