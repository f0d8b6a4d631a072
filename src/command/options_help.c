/* options_help.c -- --help, --usage and --version. */
#include "command/options_help.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "command/options_policy.h"
#include "command/output.h"
#include "file/file.h"

static const char description[] = "Differentiate expression files: run a program of assignments and expressions, and "
                                  "print the gradients of its last value."
                                  "\vWithout FILE, or where FILE is -, the program is read from standard input. The "
                                  "status is 0 when all went well, 1 when a claim is wrong, 2 when the command or the "
                                  "program is wrong, 3 when the data or the world is, 4 when a claim is undecided and "
                                  "none is wrong.\n\n"
                                  "Examples:\n"
                                  "  gradcalc -w x,w,b loss.expr\n"
                                  "  gradcalc -e 'x = 3; y = x^2' -c 'dy/dx = 2*x'\n\n"
                                  "Manuals: gradcalc(1), the command; gradcalc(5), the language; "
                                  "gradcalc-autodiff(7), automatic differentiation; "
                                  "gradcalc-tutorial(7), checking homework.";

/* What alone can be printed in a format. */
#define ANYTHING NULL
#define GRAPHS "graphs"
#define CHECKS "checks"
#define TRACES "traces"
#define FORMULAS "formulas"
static const char *const printed_so[FORMATS] = {
#define FORMAT(symbol, name, writes, prints, says) prints,
#include "report/format.def"
#undef FORMAT
};

/* What each row of the list takes; a group's nothing. */
static const struct
{
  enum takes kind;
  double most;
} taken[] = {
#define GROUP(title) { .kind = TAKES_NOTHING },
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) { .kind = TAKES_##takes },
#include "command/options.def"
#undef OPTION
#undef GROUP
};

/* Groups follow each other as their lines in the list do. Keys: the letter, or what no letter is. */
static const struct argp_option table[] = {
#define GROUP(title) { NULL, 0, NULL, 0, title, __LINE__ },
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says)                                 \
  { name, letter ? letter : UCHAR_MAX + __LINE__, shown, IS_MAYBE (TAKES_##takes) ? OPTION_ARG_OPTIONAL : 0, says, 0 },
#include "command/options.def"
#undef OPTION
#undef GROUP
  { 0 },
};

enum
{
  ROWS = sizeof table / sizeof *table,
  SAID = 300
};

/* The help of an option, and behind it the words it takes, as far as they are not shown as the argument itself: "of
   what is printed: text, csv; of formulas also c". */
static const char *
say_words (char said[SAID], const char *says, enum takes takes)
{
  bool formats = takes == TAKES_FORMATS;
  const char *const *words = formats                       ? format_names
                             : takes == TAKES_FILE_FORMATS ? file_format_names
                             : takes == TAKES_WARNINGS     ? warning_names
                                                           : NULL;
  size_t count = formats ? FORMATS : takes == TAKES_FILE_FORMATS ? FILE_FORMATS : WARNINGS;
  size_t used = (size_t)snprintf (said, SAID, "%s: ", says ? says : "");
  for (size_t i = 0; words && i < count && used < SAID; i++)
    if (formats && i && printed_so[i] != printed_so[i - 1])
      used += (size_t)snprintf (said + used, SAID - used, "; of %s also %s", printed_so[i], words[i]);
    else
      used += (size_t)snprintf (said + used, SAID - used, "%s%s", i ? ", " : "", words[i]);
  return words ? said : says;
}

void
options_show (enum shown shown)
{
  struct argp_option options[ROWS];
  char said[ROWS][SAID];
  const struct argp parser = { .options = options, .args_doc = "[FILE...]", .doc = description };
  memcpy (options, table, sizeof table);
  for (size_t i = 0; i < ROWS - 1; i++)
    options[i].doc = say_words (said[i], table[i].doc, taken[i].kind);
  if (shown == SHOW_VERSION)
    output_version (stdout);
  else
    argp_help (&parser, stdout,
               shown == SHOW_USAGE ? ARGP_HELP_USAGE : ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK,
               (char *)"gradcalc");
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fprintf (stderr, "gradcalc: cannot write standard output: %s\n", strerror (errno));
      exit (STATUS_WORLD);
    }
  exit (STATUS_DONE);
}
