/* elsewhere.c -- names as other languages and papers have them: what is said of one that is not known here. */
#include <string.h>

#include "compile/compiler.h"

bool
elsewhere_function (const char *text, const char **meant)
{
  static const char *const names[][2] = {
#define ELSEWHERE(name, here, read) { name, here },
#include "ops/elsewhere.def"
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp (text, names[i][0]) == 0)
      {
        *meant = names[i][1];
        return true;
      }
  return false;
}

const char *
elsewhere_written (const struct sources *sources, const char *text, struct span span)
{
  const char *at = sources_text (sources, span), *line = sources_place (sources, span.start).line_start;
  while (at > line && at[-1] == ' ')
    at--;
  if (strcmp (text, "T") == 0 && at > line && at[-1] == '^')
    return "; a transpose is A' or A.T";
  if (strcmp (text, "\u03c0") == 0)
    return "; did you mean 'pi'?";
  bool first = at == line || at[-1] == ';';
  if (first && sources_follows (sources, span, "=="))
    return "; = assigns, == compares";
  if (first && sources_follows (sources, span, "<-"))
    return "; = assigns, <- is less than minus";
  return strstr (text, "\u00b2") || strstr (text, "\u00b3") ? "; a power is written x^2" : NULL;
}
