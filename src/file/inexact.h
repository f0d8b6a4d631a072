/* inexact.h -- whole numbers in data files that no double holds: those beyond 2^53. */
#ifndef GRADCALC_INEXACT_H
#define GRADCALC_INEXACT_H

#include "base/diagnostic.h"
#include "file/place.h"

/* How many there are in a file, and of the first its text (long ones are cut) and the double in its place. Zero is the
   start. */
struct inexact
{
  size_t count;
  char written[EXCERPT_SIZE];
  double used;
};

/* Warns of them (kind `digits`) once for a file, if there are any, at the place of the first; line 0 is no place.
   `position` comes before the text: "element [1,2]: ", or "". */
void inexact_say (const struct inexact *inexact, struct diagnostics *diagnostics, const char *path,
                  struct file_place place, const char *position);

#endif
