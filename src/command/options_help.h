/* options_help.h -- --help, --usage and --version. */
#ifndef GRADCALC_OPTIONS_HELP_H
#define GRADCALC_OPTIONS_HELP_H

enum shown
{
  SHOW_HELP,
  SHOW_USAGE,
  SHOW_VERSION
};

/* Prints it on standard output and ends the process: status 0, or 3 when it cannot be written. */
_Noreturn void options_show (enum shown shown);

#endif
