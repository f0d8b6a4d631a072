/* options.h -- the command line. */
#ifndef GRADCALC_OPTIONS_H
#define GRADCALC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/warning.h"
#include "check/claims.h"
#include "command/options_policy.h"
#include "file/file.h"
#include "report/report.h"

enum listing
{
  LIST_NOTHING,
  LIST_FUNCTIONS,
  LIST_INPUTS,
  LIST_TARGETS,
  LIST_FORMATS
};

/* What becomes of the results of records. */
enum reduce
{
  REDUCE_NOTHING,
  REDUCE_SUM,
  REDUCE_MEAN
};

/* A text given with an option, as often as it was given. */
struct texts
{
  const char **list;
  size_t count;
};

/* A number of bytes, and as it was given. */
struct amount
{
  size_t bytes;
  const char *text;
};

struct options
{
  struct texts files;
#define GROUP(title)
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) type field;
#include "command/options.def"
#undef OPTION
#undef GROUP
  asked_set asked; /* for the policy */
};

/* Reads the command line; ends the process itself for --help, --usage and --version (status 0, or 3 when they can't be
   written) and for a command that is wrong (status 2, after a message). What it takes of `memory` lives as long. */
void options_read (struct options *options, struct memory *memory, int count, char **words);

#endif
