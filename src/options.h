/* options.h -- the command line. */
#ifndef GRADCALC_OPTIONS_H
#define GRADCALC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/warning.h"
#include "check/claims.h"
#include "file/file.h"
#include "options_policy.h"
#include "report/report.h"

enum listing
{
  LIST_NOTHING,
  LIST_FUNCTIONS,
  LIST_INPUTS,
  LIST_TARGETS,
  LIST_FORMATS
};

/* A text given with an option, as often as it was given. */
struct texts
{
  const char **list;
  size_t count;
};

struct options
{
  struct texts expressions; /* -e */
  struct texts files;
  struct texts definitions; /* -D */
  struct texts wanted;      /* -w, each a comma list */
  struct texts targets;     /* -t, each a comma list of expressions */
  struct texts upstream;    /* -u */
  struct texts along;       /* --along */
  struct texts claims;      /* -c */
  struct texts answers;     /* -C */
  struct claim_options checking;
  enum reveal reveal;
  uint64_t seed; /* --seed */
  bool dry_run, sum, value_only, jacobian, hessian, sparse, formula, check, zero_unconnected, strict, quiet;
  enum file_format data_format; /* -I: of files without a known suffix */
  enum format format;
  bool has_format;
  asked_set asked; /* for the policy */
  enum csv_layout layout;
  int precision;
  const char *output;
  size_t max_memory; /* bytes; 0: three quarters of the machine's */
  const char *max_memory_text;
  enum
  {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER
  } color;
  enum listing list;
  struct warnings warnings; /* -W, and what is said */
};

/* Reads the command line; ends the process itself for --help, --usage and --version (status 0, or 3 when they can't be
   written) and for a command that is wrong (status 2, after a message). What it takes of `memory` lives as long. */
void options_read (struct options *options, struct memory *memory, int count, char **words);

#endif
