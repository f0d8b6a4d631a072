/* inexact.c -- whole numbers in data files that no double holds: those beyond 2^53. */
#include "file/inexact.h"

#include "base/number.h"
#include "base/warning.h"

void
inexact_say (const struct inexact *inexact, struct diagnostics *diagnostics, const char *path, struct file_place place,
             const char *position)
{
  if (!inexact->count)
    return;
  char used[NUMBER_WHOLE_SIZE], others[64] = "";
  number_print_whole (used, inexact->used);
  if (inexact->count > 1)
    snprintf (others, sizeof others, " (and %zu more)", inexact->count - 1);
  warn_data (diagnostics, WARNING_DIGITS, inexact->count, path, place.line, place.column,
             "%s%s cannot be held exactly; %s is used%s", position, inexact->written, used, others);
}
