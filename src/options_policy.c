/* options_policy.c -- which options go with which, as one table. */
#include "options_policy.h"

#include <stdio.h>
#include <string.h>

#define BIT(asked) ASKED_BIT (asked)
#define FORMAT_BIT(format) BIT (ASKED_FORMAT + (format))

/* What prints something else than gradients: one of them at a time. */
#define ANSWERS (BIT (ASKED_CLAIM) | BIT (ASKED_ANSWERS) | BIT (ASKED_OWN_CLAIMS))
#define KINDS                                                                                                          \
  (BIT (ASKED_JACOBIAN) | BIT (ASKED_HESSIAN) | BIT (ASKED_ALONG) | BIT (ASKED_VALUE) | BIT (ASKED_FORMULA)            \
   | BIT (ASKED_CHECK) | BIT (ASKED_LIST))
#define TABLES (FORMAT_BIT (FORMAT_CSV) | FORMAT_BIT (FORMAT_TSV))
/* What changes gradients or how they are printed, and means nothing to a report on answers or to a list of names. */
#define CHANGES                                                                                                        \
  (BIT (ASKED_WRT) | BIT (ASKED_TARGET) | BIT (ASKED_SUM) | BIT (ASKED_UPSTREAM) | BIT (ASKED_SPARSE)                  \
   | BIT (ASKED_UNCONNECTED) | BIT (ASKED_STRICT) | BIT (ASKED_PRECISION) | BIT (ASKED_LAYOUT))
#define FORMAT_BITS ((BIT (FORMATS) - 1) << ASKED_FORMAT)

/* What a format needs, by what can be printed so. */
#define NEEDS_ANYTHING 0
#define NEEDS_CHECKS (ANSWERS | BIT (ASKED_CHECK))
#define NEEDS_FORMULAS BIT (ASKED_FORMULA)

/* Each with what it cannot go with (told once, on either side) and, if that is not empty, what it needs one of. */
static const struct
{
  const char *name;
  asked_set excludes, needs;
} policy[ASKED] = {
  [ASKED_JACOBIAN] = { "-J", KINDS | ANSWERS | BIT (ASKED_UPSTREAM), 0 },
  [ASKED_HESSIAN] = { "-H", KINDS | ANSWERS | BIT (ASKED_WIDE), 0 },
  [ASKED_ALONG] = { "--along", KINDS | ANSWERS | BIT (ASKED_UPSTREAM) | BIT (ASKED_SUM) | BIT (ASKED_WRT), 0 },
  [ASKED_VALUE] = { "--value", KINDS | ANSWERS | BIT (ASKED_WRT) | BIT (ASKED_UPSTREAM) | BIT (ASKED_UNCONNECTED), 0 },
  [ASKED_FORMULA]
  = { "--formula", KINDS | ANSWERS | BIT (ASKED_UPSTREAM) | BIT (ASKED_PRECISION) | BIT (ASKED_LAYOUT), 0 },
  [ASKED_CHECK]
  = { "--check",
      KINDS | ANSWERS | BIT (ASKED_UPSTREAM) | BIT (ASKED_UNCONNECTED) | BIT (ASKED_STRICT) | BIT (ASKED_LAYOUT), 0 },
  [ASKED_LIST]
  = { "--list", KINDS | BIT (ASKED_CLAIM) | BIT (ASKED_ANSWERS) | CHANGES | BIT (ASKED_OUTPUT) | FORMAT_BITS, 0 },
  [ASKED_CLAIM] = { "-c", CHANGES, 0 },
  [ASKED_ANSWERS] = { "-C", CHANGES, 0 },
  [ASKED_OWN_CLAIMS] = { "claims in the program", CHANGES, 0 },
  [ASKED_WRT] = { "-w", 0, 0 },
  [ASKED_TARGET] = { "-t", 0, 0 },
  [ASKED_SUM] = { "--sum", 0, 0 },
  [ASKED_UPSTREAM] = { "-u", 0, 0 },
  [ASKED_SPARSE] = { "--sparse", BIT (ASKED_WIDE), BIT (ASKED_JACOBIAN) | BIT (ASKED_HESSIAN) },
  [ASKED_UNCONNECTED] = { "--unconnected", 0, 0 },
  [ASKED_STRICT] = { "-s", 0, 0 },
  [ASKED_PRECISION] = { "-p", 0, 0 },
  [ASKED_LAYOUT] = { "--layout", 0, TABLES },
  [ASKED_WIDE] = { "--layout=wide", 0, 0 },
  [ASKED_SPARSE_JACOBIAN] = { "-J --sparse", BIT (ASKED_SUM), 0 },
  [ASKED_POINTS] = { "--points", 0, ANSWERS },
  [ASKED_RTOL] = { "--rtol", 0, ANSWERS | BIT (ASKED_CHECK) },
  [ASKED_ATOL] = { "--atol", 0, ANSWERS | BIT (ASKED_CHECK) },
  [ASKED_REVEAL] = { "--reveal", 0, ANSWERS },
  [ASKED_OUTPUT] = { "-o", 0, 0 },
#define FORMAT(symbol, name, prints, says) [ASKED_FORMAT + FORMAT_##symbol] = { "-f " name, 0, NEEDS_##prints },
#include "report/format.def"
#undef FORMAT
};

static bool
has (asked_set asked, int which)
{
  return asked >> which & 1;
}

/* The first pair that cannot go together. */
static bool
find_clash (asked_set asked, int *first, int *second)
{
  for (int a = 0; a < ASKED; a++)
    for (int b = a + 1; b < ASKED && has (asked, a); b++)
      if (has (asked, b) && (has (policy[a].excludes, b) || has (policy[b].excludes, a)))
        {
          *first = a;
          *second = b;
          return true;
        }
  return false;
}

/* "-J or -H", "-c, -C or claims in the program". */
static void
list_names (char *list, size_t size, asked_set names)
{
  size_t used = 0;
  *list = 0;
  for (int a = 0; a < ASKED; a++)
    if (has (names, a))
      {
        names &= ~BIT (a);
        used += (size_t)snprintf (list + used, size - used, "%s%s", !used ? "" : names ? ", " : " or ", policy[a].name);
      }
}

bool
options_agree (asked_set asked, bool known, struct diagnostics *diagnostics)
{
  int first, second;
  char list[200];
  if (find_clash (asked, &first, &second))
    {
      diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "%s and %s cannot go together", policy[first].name,
                policy[second].name);
      return false;
    }
  for (int a = 0; a < ASKED; a++)
    {
      asked_set needs = policy[a].needs;
      if (!has (asked, a) || !needs || asked & needs || (!known && has (needs, ASKED_OWN_CLAIMS)))
        continue;
      list_names (list, sizeof list, needs);
      diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "%s needs %s", policy[a].name, list);
      return false;
    }
  return true;
}
