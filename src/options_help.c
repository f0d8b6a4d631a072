/* options_help.c -- --help, --usage and --version. */
#include "options_help.h"

#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "report/output.h"

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
                                  "gradcalc-tutorial(7), checking homework.";

/* Groups follow each other as their lines in the list do. Keys: the letter, or what no letter is. */
static const struct argp_option table[] = {
#define GROUP(title) { NULL, 0, NULL, 0, title, __LINE__ },
#define OPTION(symbol, asks, letter, name, argument, says)                                                             \
  { name, letter ? letter : UCHAR_MAX + __LINE__, argument, 0, says, 0 },
#include "options.def"
#undef OPTION
#undef GROUP
  { 0 },
};

void
options_show (enum shown shown)
{
  static const struct argp parser = { .options = table, .args_doc = "[FILE...]", .doc = description };
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
