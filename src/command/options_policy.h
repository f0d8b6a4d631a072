/* options_policy.h -- which options go with which. */
#ifndef GRADCALC_OPTIONS_POLICY_H
#define GRADCALC_OPTIONS_POLICY_H

#include "base/diagnostic.h"
#include "report/report.h"

/* The requests of a command that do not go with all others: options, those that a program or an option's value implies,
   and formats. */
enum asked
{
#define GROUP(title)
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) ASKED_##symbol,
#include "command/options.def"
#undef OPTION
#undef GROUP
  OPTIONS,
  ASKED_OWN_CLAIMS = OPTIONS, /* claims that the program states */
  ASKED_WIDE,                 /* --layout=wide */
  ASKED_SIDE_BY_SIDE,         /* --layout=columns */
  ASKED_SPARSE_JACOBIAN,      /* -J and --sparse */
  ASKED_DERIVATION,           /* -x and --formula */
  ASKED_WHOLE_TRACE,          /* --trace=all */
  ASKED_LONG,                 /* --layout=long */
  ASKED_NO_OBJECTS,           /* -r, and not as JSON */
  ASKED_FORMATS,
  ASKED = ASKED_FORMATS + FORMATS
};

enum
{
  OPTION_NAME = 32
};
/* What messages call it: -J, --sparse, claims in the program. */
const char *options_name (char text[OPTION_NAME], int which);

/* What an option takes, as options.def has it: in a row's fields `.kind = TAKES_...`, where `most` may follow. */
enum takes
{
  TAKES_NOTHING,
  TAKES_TEXT,
  TAKES_FILE,
  TAKES_NAMES,
  TAKES_INPUT,
  TAKES_TARGET,
  TAKES_WORDS,
  TAKES_MAYBE,
  TAKES_FORMATS,
  TAKES_FILE_FORMATS,
  TAKES_WARNINGS,
  TAKES_A_NUMBER,
  TAKES_A_WHOLE
};
#define TAKES_NUMBER(number) TAKES_A_NUMBER, .most = number
#define TAKES_WHOLE(number) TAKES_A_WHOLE, .most = number
/* Of such a field, whether the argument may be left out. */
#define KIND_TAKEN(kind, ...) (kind)
#define IS_MAYBE(...) (KIND_TAKEN (__VA_ARGS__, 0) == TAKES_MAYBE)

/* One bit for each. */
__extension__ typedef unsigned __int128 asked_set;
_Static_assert(ASKED <= 128, "a set has a bit for each");
#define ASKED_BIT(asked) ((asked_set)1 << (asked))

/* Whether what was asked goes together; else a message that names two options, or one and what it needs. As long as it
   is not `known` whether the program states claims, what needs them is let pass. */
bool options_agree (asked_set asked, bool known, struct diagnostics *diagnostics);

#endif
