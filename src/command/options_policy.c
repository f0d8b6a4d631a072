/* options_policy.c -- which options go with which, as one table. */
#include "command/options_policy.h"

#include <stdint.h>
#include <stdio.h>

/* The sets that rows of options.def name. */
#define ONE(symbol) ASKED_BIT (ASKED_##symbol)
/* Requests to print something else than gradients: one of them at a time. */
#define ANY_ANSWERS (ONE (CLAIM) | ONE (ANSWERS) | ONE (OWN_CLAIMS))
#define KINDS                                                                                                          \
  (ONE (JACOBIAN) | ONE (HESSIAN) | ONE (ALONG) | ONE (VALUE) | ONE (FORMULA) | ONE (CHECK) | ONE (LIST)               \
   | ONE (UNCERTAINTY) | ONE (ELASTICITY) | ONE (DIGITS) | ONE (WHY))
#define TABLES (ASKED_BIT (ASKED_FORMATS + FORMAT_CSV) | ASKED_BIT (ASKED_FORMATS + FORMAT_TSV))
/* Formats of reports to hand in. */
#define MARKUP (ASKED_BIT (ASKED_FORMATS + FORMAT_MARKDOWN) | ASKED_BIT (ASKED_FORMATS + FORMAT_LATEX))
#define ANY_TEXT ASKED_BIT (ASKED_FORMATS + FORMAT_TEXT)
#define ANY_FORMAT ((ASKED_BIT (FORMATS) - 1) << ASKED_FORMATS)
#define OTHER_THAN_TEXT (ANY_FORMAT & ~(ASKED_BIT (ASKED_FORMATS + FORMAT_TEXT)))
/* Options for gradients or their printing, which mean nothing to a report on answers or to a list of names. */
#define CHANGES                                                                                                        \
  (ONE (WRT) | ONE (TARGET) | ONE (SUM) | ONE (UPSTREAM) | ONE (SPARSE) | ONE (UNCONNECTED) | ONE (STRICT)             \
   | ONE (PRECISION) | ONE (LAYOUT))

/* How a command talks and what it may take, which goes with anything. */
#define TALK (ONE (MAX_MEMORY) | ONE (QUIET) | ONE (WARN) | ONE (COLOR) | ONE (HELP) | ONE (USAGE) | ONE (VERSION))
#define ALL_BUT(these) ((ASKED_BIT (OPTIONS) - 1) & ~(these))

/* The requests that a format does not go with, and those that it needs, by what can be printed so. */
#define EXCLUDES_ANYTHING 0
#define EXCLUDES_GRAPHS ((KINDS & ~ONE (ALONG)) | ANY_ANSWERS | ONE (UNCONNECTED) | ONE (ROWS))
#define EXCLUDES_CHECKS 0
#define EXCLUDES_TRACES 0
#define EXCLUDES_FORMULAS 0
#define NEEDS_ANYTHING 0
#define NEEDS_GRAPHS 0
#define NEEDS_CHECKS (ONE (CHECK) | ANY_ANSWERS)
#define NEEDS_TRACES ONE (TRACE)
#define NEEDS_FORMULAS ONE (FORMULA)

/* Each with what it cannot go with (told once, on either side) and, if that is not empty, what it needs one of. */
static const struct
{
  asked_set excludes, needs;
} policy[ASKED] = {
#define GROUP(title)
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) { excludes, needs },
#include "command/options.def"
#undef OPTION
  [ASKED_OWN_CLAIMS] = { CHANGES, 0 },
  [ASKED_SPARSE_JACOBIAN] = { ONE (SUM), 0 },
  [ASKED_DERIVATION] = { ONE (SUM) | ONE (WHOLE_TRACE) | ASKED_BIT (ASKED_FORMATS + FORMAT_C)
                           | ASKED_BIT (ASKED_FORMATS + FORMAT_HTML),
                         0 },
  [ASKED_LONG] = { ONE (ROWS), 0 },
  [ASKED_SIDE_BY_SIDE] = { ONE (ROWS), 0 },
  [ASKED_NO_OBJECTS] = { ONE (JACOBIAN) | ONE (HESSIAN), 0 },
#define FORMAT(symbol, name, writes, prints, says)                                                                     \
  [ASKED_FORMATS + FORMAT_##symbol] = { EXCLUDES_##prints, NEEDS_##prints },
#include "report/format.def"
#undef FORMAT
};

/* How they are called: of options the name, which a letter comes before. */
static const struct
{
  char letter;
  const char *name;
} called[ASKED] = {
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) { letter, name },
#include "command/options.def"
#undef OPTION
#undef GROUP
  [ASKED_OWN_CLAIMS] = { 0, "claims in the program" },
  [ASKED_WIDE] = { 0, "--layout=wide" },
  [ASKED_SIDE_BY_SIDE] = { 0, "--layout=columns" },
  [ASKED_SPARSE_JACOBIAN] = { 0, "-J --sparse" },
  [ASKED_DERIVATION] = { 0, "-x --formula" },
  [ASKED_WHOLE_TRACE] = { 0, "--trace=all" },
  [ASKED_LONG] = { 0, "--layout=long" },
  [ASKED_NO_OBJECTS] = { 0, "-r without -f json" },
#define FORMAT(symbol, name, writes, prints, says) [ASKED_FORMATS + FORMAT_##symbol] = { 0, "-f " #name },
#include "report/format.def"
#undef FORMAT
};

const char *
options_name (char text[OPTION_NAME], int which)
{
  if (called[which].letter)
    snprintf (text, OPTION_NAME, "-%c", called[which].letter);
  else
    snprintf (text, OPTION_NAME, "%s%s", which < OPTIONS ? "--" : "", called[which].name);
  return text;
}

static bool
has (asked_set asked, int which)
{
  return asked >> which & 1;
}

/* Takes the lowest one out of a set that has one. */
static int
take_lowest (asked_set *set)
{
  uint64_t low = (uint64_t)*set;
  int which = low ? __builtin_ctzll (low) : 64 + __builtin_ctzll ((uint64_t)(*set >> 64));
  *set &= *set - 1;
  return which;
}

/* The first pair that cannot go together, with the one first that excludes the other. */
static bool
find_clash (asked_set asked, int *first, int *second)
{
  while (asked)
    {
      int a = take_lowest (&asked);
      for (asked_set others = asked; others;)
        {
          int b = take_lowest (&others);
          bool excludes = has (policy[a].excludes, b);
          if (!excludes && !has (policy[b].excludes, a))
            continue;
          *first = excludes ? a : b;
          *second = excludes ? b : a;
          return true;
        }
    }
  return false;
}

/* "-J or -H", "-c, -C or claims in the program". */
static void
list_names (char *list, size_t size, asked_set names)
{
  size_t used = 0;
  char name[OPTION_NAME];
  *list = 0;
  while (names)
    {
      int a = take_lowest (&names);
      used += (size_t)snprintf (list + used, size - used, "%s%s",
                                !used   ? ""
                                : names ? ", "
                                        : " or ",
                                options_name (name, a));
    }
}

bool
options_agree (asked_set asked, bool known, struct diagnostics *diagnostics)
{
  int first, second;
  char list[200], name[OPTION_NAME], other[OPTION_NAME];
  if (find_clash (asked, &first, &second))
    {
      diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "%s and %s cannot go together", options_name (name, first),
                options_name (other, second));
      return false;
    }
  for (asked_set left = asked; left;)
    {
      int a = take_lowest (&left);
      asked_set needs = policy[a].needs;
      if (!needs || asked & needs || (!known && has (needs, ASKED_OWN_CLAIMS)))
        continue;
      list_names (list, sizeof list, needs);
      diagnose (diagnostics, SEVERITY_ERROR, NOWHERE, "%s needs %s", options_name (name, a), list);
      return false;
    }
  return true;
}
