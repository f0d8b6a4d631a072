/* options.c -- the command line. */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/heap.h"
#include "base/number.h"
#include "base/snippet.h"
#include "report/output.h"

enum
{
  KEY_SEED = 256,
  KEY_SUM,
  KEY_UNCONNECTED,
  KEY_FORMULA,
  KEY_SPARSE,
  KEY_ALONG,
  KEY_VALUE,
  KEY_LAYOUT,
  KEY_MEMORY,
  KEY_COLOR,
  KEY_LIST,
  KEY_POINTS,
  KEY_RTOL,
  KEY_ATOL,
  KEY_REVEAL,
  KEY_USAGE
};

enum
{
  GROUP_PROGRAM = 1,
  GROUP_DERIVATIVES,
  GROUP_EXPLANATION,
  GROUP_CHECKING,
  GROUP_DATA,
  GROUP_OUTPUT,
  GROUP_HELP
};

static const struct argp_option table[] = {
  { NULL, 0, NULL, 0, "Program", GROUP_PROGRAM },
  { "expression", 'e', "TEXT", 0, "program text; repeatable; joined by newlines, before FILEs", 0 },
  { "define", 'D', "NAME=VALUE", 0,
    "set or replace an input; VALUE is an expression, or @FILE (csv, tsv, json, npy by suffix, else -I), or @-", 0 },
  { "dry-run", 'n', NULL, 0, "parse and resolve, print nothing", 0 },
  { "seed", KEY_SEED, "N", 0, "seed of random numbers (1)", 0 },
  { NULL, 0, NULL, 0, "Derivatives", GROUP_DERIVATIVES },
  { "wrt", 'w', "NAMES", 0,
    "differentiate with respect to these, in this order (comma list, repeatable); default: the inputs", 0 },
  { "target", 't', "EXPRS", 0,
    "what to differentiate (comma list of names or expressions, repeatable); default: the last value", 0 },
  { "sum", KEY_SUM, NULL, 0, "one gradient, of the sum of the targets, instead of one per target", 0 },
  { "upstream", 'u', "NAME=VALUE", 0, "seed of a target that is not one number (vector-Jacobian product)", 0 },
  { "jacobian", 'J', NULL, 0, "full Jacobians instead of the gradient of the sum of a target's elements", 0 },
  { "hessian", 'H', NULL, 0, "all second derivatives of each target, or of the sum of its elements", 0 },
  { "sparse", KEY_SPARSE, NULL, 0, "with -J or -H: only the elements that can be other than 0", 0 },
  { "along", KEY_ALONG, "NAME=VALUE", 0,
    "the change of the targets in a direction, by forward mode (repeatable: one direction over several inputs)", 0 },
  { "unconnected", KEY_UNCONNECTED, "none|zero", 0, "how a missing gradient prints (none)", 0 },
  { "value", KEY_VALUE, NULL, 0, "values only", 0 },
  { NULL, 0, NULL, 0, "Explanation", GROUP_EXPLANATION },
  { "formula", KEY_FORMULA, NULL, 0, "the gradient as formulas in the program's own names", 0 },
  { NULL, 0, NULL, 0, "Checking", GROUP_CHECKING },
  { "check", 'k', NULL, 0, "compare the program's gradient with independent numbers", 0 },
  { "claim", 'c', "TEXT", 0, "check a derivative found by hand, as 'dloss/dw = 2*x*r' (repeatable)", 0 },
  { "answers", 'C', "FILE", 0, "the same from a file: such lines, or gradcalc's own text, csv or json output", 0 },
  { "points", KEY_POINTS, "N", 0, "random points that formulas are compared at (20)", 0 },
  { "rtol", KEY_RTOL, "X", 0, "how far off an answer may be, in parts of itself (1e-6)", 0 },
  { "atol", KEY_ATOL, "X", 0, "how far off besides (0)", 0 },
  { "reveal", KEY_REVEAL, "WHAT", 0, "how much of the truth a report shows: none, verdict, hint or all (all)", 0 },
  { NULL, 0, NULL, 0, "Data", GROUP_DATA },
  { "input-format", 'I', "FORMAT", 0, "of data files without a known suffix: csv, tsv, json or npy (csv)", 0 },
  { NULL, 0, NULL, 0, "Output", GROUP_OUTPUT },
  { "format", 'f', "FORMAT", 0,
    "text, csv, tsv or json (text); of a check's report also markdown and tap, of formulas also latex and c", 0 },
  { "output", 'o', "FILE", 0, "write to FILE, whole or not at all", 0 },
  { "precision", 'p', "N", 0, "significant digits; default: the shortest text that reads back the same", 0 },
  { "layout", KEY_LAYOUT, "long|wide", 0, "layout of csv and tsv (long)", 0 },
  { "max-memory", KEY_MEMORY, "SIZE", 0,
    "end the run with a message rather than use more, as 500M or 2G (three quarters of the machine's)", 0 },
  { "strict", 's', NULL, 0, "status 3 if a printed value is not finite or not connected", 0 },
  { "quiet", 'q', NULL, 0, "no notes or warnings", 0 },
  { "warn", 'W', "[no-]NAME", 0, "say one kind of warning, or not; error or error=NAME makes errors of them (status 3)",
    0 },
  { "color", KEY_COLOR, "WHEN", 0, "auto, always or never (auto: on a terminal)", 0 },
  { NULL, 0, NULL, 0, "Help", GROUP_HELP },
  { "list", KEY_LIST, "WHAT", 0, "functions, inputs, targets or formats, one a line", 0 },
  { "help", 'h', NULL, 0, "this help", 0 },
  { NULL, '?', NULL, OPTION_ALIAS | OPTION_HIDDEN, NULL, 0 },
  { "usage", KEY_USAGE, NULL, 0, "a short usage message", 0 },
  { "version", 'V', NULL, 0, "version, licence, and the libraries that a run would open", 0 },
  { 0 },
};

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

static void
add (struct texts *texts, const char *text)
{
  texts->list[texts->count++] = text;
}

static const char *
word_at (size_t i, const void *data)
{
  return ((const char *const *)data)[i];
}

/* Which of `count` words an option's argument is; ends the process when it is none of them. */
static int
choose (const char *option, const char *argument, size_t count, const char *const *words)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp (argument, words[i]) == 0)
      return (int)i;
  fprintf (stderr, "gradcalc: %s: '", option);
  snippet_escaped (stderr, argument);
  fputs ("' is none of ", stderr);
  for (size_t i = 0; i < count; i++)
    fprintf (stderr, "%s%s", i ? ", " : "", words[i]);
  const char *meant = suggest (argument, count, word_at, words);
  fprintf (stderr, "%s%s%s\n", meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
  exit (STATUS_PROGRAM);
}

#define CHOOSE(option, argument, ...)                                                                                  \
  choose (option, argument, sizeof ((const char *[]){ __VA_ARGS__ }) / sizeof (const char *),                          \
          (const char *[]){ __VA_ARGS__ })

static void
set_warning (struct options *options, const char *argument)
{
  if (warnings_set (&options->warnings, argument))
    return;
  const char *name = strncmp (argument, "no-", 3) == 0 ? argument + 3 : argument;
  name = strncmp (name, "error=", 6) == 0 ? name + 6 : name;
  choose ("-W", name, WARNINGS, warning_names);
}

/* Bytes: a number with an optional k, M, G or T. */
static size_t
read_size (const char *text)
{
  char *end;
  errno = 0;
  double size = strtod (text, &end);
  const char *units = "kKmMgGtT";
  const char *unit = *end ? strchr (units, *end) : NULL;
  if (unit)
    {
      for (long i = (unit - units) / 2; i >= 0; i--)
        size *= 1024;
      end++;
    }
  if (end == text || *end || text[0] == '-' || !(size >= 1 && size < 1e18))
    {
      fprintf (stderr, "gradcalc: --max-memory: '%s' is not a size such as 500M or 2G\n", text);
      exit (STATUS_PROGRAM);
    }
  return (size_t)size;
}

static uint64_t
read_seed (const char *text)
{
  char *end;
  errno = 0;
  unsigned long long seed = strtoull (text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end || errno || seed > UINT64_MAX)
    {
      fprintf (stderr, "gradcalc: --seed: '%s' is not a whole number from 0 to %llu\n", text,
               (unsigned long long)UINT64_MAX);
      exit (STATUS_PROGRAM);
    }
  return seed;
}

/* A number from 0 to `most`. */
static double
read_number (const char *option, const char *text, double most, bool whole)
{
  double number;
  if (!number_read_field (text, strlen (text), &number) || !(number >= 0 && number <= most)
      || (whole && number != (double)(size_t)number))
    {
      fprintf (stderr, "gradcalc: %s: '%s' is not a %snumber from 0 to %g\n", option, text, whole ? "whole " : "",
               most);
      exit (STATUS_PROGRAM);
    }
  return number;
}

static int
read_digits (const char *text)
{
  char *end;
  long digits = strtol (text, &end, 10);
  if (end == text || *end || digits < 1 || digits > 17)
    {
      fprintf (stderr, "gradcalc: -p: '%s' is not a number of digits from 1 to 17\n", text);
      exit (STATUS_PROGRAM);
    }
  return (int)digits;
}

/* --help and the like: on standard output, where a failed write is an error too. */
static void
show (const struct argp_state *state, int key)
{
  if (key == 'V')
    output_version (stdout);
  else
    argp_help (state->root_argp, stdout,
               key == KEY_USAGE ? ARGP_HELP_USAGE : ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK,
               (char *)"gradcalc");
  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fprintf (stderr, "gradcalc: cannot write standard output: %s\n", strerror (errno));
      exit (STATUS_WORLD);
    }
  exit (STATUS_DONE);
}

/* What a key of the table asks for, as far as others care; ASKED is nothing. */
static enum asked
asked_by (int key)
{
  switch (key)
    {
    case 'J':
      return ASKED_JACOBIAN;
    case 'H':
      return ASKED_HESSIAN;
    case KEY_ALONG:
      return ASKED_ALONG;
    case KEY_VALUE:
      return ASKED_VALUE;
    case KEY_FORMULA:
      return ASKED_FORMULA;
    case 'k':
      return ASKED_CHECK;
    case KEY_LIST:
      return ASKED_LIST;
    case 'c':
      return ASKED_CLAIM;
    case 'C':
      return ASKED_ANSWERS;
    case 'w':
      return ASKED_WRT;
    case 't':
      return ASKED_TARGET;
    case KEY_SUM:
      return ASKED_SUM;
    case 'u':
      return ASKED_UPSTREAM;
    case KEY_SPARSE:
      return ASKED_SPARSE;
    case KEY_UNCONNECTED:
      return ASKED_UNCONNECTED;
    case 's':
      return ASKED_STRICT;
    case 'p':
      return ASKED_PRECISION;
    case KEY_LAYOUT:
      return ASKED_LAYOUT;
    case KEY_POINTS:
      return ASKED_POINTS;
    case KEY_RTOL:
      return ASKED_RTOL;
    case KEY_ATOL:
      return ASKED_ATOL;
    case KEY_REVEAL:
      return ASKED_REVEAL;
    case 'o':
      return ASKED_OUTPUT;
    default:
      return ASKED;
    }
}

static error_t
take (int key, char *argument, struct argp_state *state)
{
  struct options *options = state->input;
  if (asked_by (key) != ASKED)
    options->asked |= ASKED_BIT (asked_by (key));
  switch (key)
    {
    case 'e':
      add (&options->expressions, argument);
      break;
    case 'D':
      add (&options->definitions, argument);
      break;
    case 'n':
      options->dry_run = true;
      break;
    case 'w':
      add (&options->wanted, argument);
      break;
    case 't':
      add (&options->targets, argument);
      break;
    case 'u':
      add (&options->upstream, argument);
      break;
    case 'J':
      options->jacobian = true;
      break;
    case 'k':
      options->check = true;
      break;
    case 'H':
      options->hessian = true;
      break;
    case KEY_FORMULA:
      options->formula = true;
      break;
    case KEY_SPARSE:
      options->sparse = true;
      break;
    case KEY_ALONG:
      add (&options->along, argument);
      break;
    case KEY_SEED:
      options->seed = read_seed (argument);
      break;
    case KEY_SUM:
      options->sum = true;
      break;
    case 'c':
      add (&options->claims, argument);
      break;
    case 'C':
      add (&options->answers, argument);
      break;
    case KEY_POINTS:
      options->checking.points = (size_t)read_number ("--points", argument, 10000, true);
      break;
    case KEY_RTOL:
      options->checking.rtol = read_number ("--rtol", argument, 1, false);
      break;
    case KEY_ATOL:
      options->checking.atol = read_number ("--atol", argument, 1, false);
      break;
    case KEY_REVEAL:
      options->reveal = (enum reveal)CHOOSE ("--reveal", argument, "none", "verdict", "hint", "all");
      break;
    case KEY_UNCONNECTED:
      options->zero_unconnected = CHOOSE ("--unconnected", argument, "none", "zero");
      break;
    case KEY_VALUE:
      options->value_only = true;
      break;
    case 'f':
      options->has_format = true;
      options->format
        = (enum format)CHOOSE ("-f", argument, "text", "csv", "tsv", "json", "markdown", "tap", "latex", "c");
      break;
    case 'I':
      options->data_format = (enum file_format)choose ("-I", argument, FILE_FORMATS, file_format_names);
      break;
    case 'o':
      options->output = argument;
      break;
    case 'p':
      options->precision = read_digits (argument);
      break;
    case KEY_LAYOUT:
      options->layout = (enum csv_layout)CHOOSE ("--layout", argument, "long", "wide");
      break;
    case KEY_MEMORY:
      options->max_memory = read_size (argument);
      options->max_memory_text = argument;
      break;
    case 's':
      options->strict = true;
      break;
    case 'q':
      options->quiet = true;
      break;
    case 'W':
      set_warning (options, argument);
      break;
    case KEY_COLOR:
      options->color = CHOOSE ("--color", argument, "auto", "always", "never");
      break;
    case KEY_LIST:
      options->list = (enum listing) (1 + CHOOSE ("--list", argument, "functions", "inputs", "targets", "formats"));
      break;
    case 'h':
    case '?':
    case KEY_USAGE:
    case 'V':
      show (state, key);
      break;
    case ARGP_KEY_ARG:
      add (&options->files, argument);
      break;
    default:
      return ARGP_ERR_UNKNOWN;
    }
  return 0;
}

/* Ends the process when options do not go together. Of some that are given twice the last counts. */
static void
check_policy (struct options *options)
{
  struct diagnostics plain = { .out = stderr };
  if (options->has_format)
    options->asked |= ASKED_BIT (ASKED_FORMAT + (int)options->format);
  if (options->jacobian && options->sparse)
    options->asked |= ASKED_BIT (ASKED_SPARSE_JACOBIAN);
  if (options->layout == LAYOUT_WIDE)
    options->asked |= ASKED_BIT (ASKED_WIDE);
  if (!options_agree (options->asked, false, &plain))
    exit (STATUS_PROGRAM);
}

static const struct argp parser = { .options = table, .parser = take, .args_doc = "[FILE...]", .doc = description };

void
options_read (struct options *options, struct memory *memory, int count, char **words)
{
  /* No word gives more than one text. The room is taken here, as no jump may leave argp. */
  struct texts *const texts[]
    = { &options->expressions, &options->files, &options->definitions, &options->wanted, &options->targets,
        &options->upstream,    &options->along, &options->claims,      &options->answers };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    texts[i]->list = heap_take (memory, (size_t)count, sizeof *texts[i]->list, "the command line");
  options->seed = 1;
  options->checking = claim_options_default;
  options->reveal = REVEAL_ALL;
  argp_err_exit_status = STATUS_PROGRAM;
  words[0] = (char *)"gradcalc"; /* as messages begin, however it was called */
  int error = argp_parse (&parser, count, words, ARGP_NO_HELP, NULL, options);
  if (error == ENOMEM)
    memory_exhausted (memory, BUFSIZ, "the command line");
  if (error)
    {
      fprintf (stderr, "gradcalc: %s\n", strerror (error));
      exit (STATUS_PROGRAM);
    }
  check_policy (options);
}
