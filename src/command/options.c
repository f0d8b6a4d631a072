/* options.c -- the command line. */
#include "command/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/heap.h"
#include "base/number.h"
#include "base/snippet.h"
#include "command/options_help.h"

/* The keys of getopt_long (): a letter, and for names what follows the letters. */
enum
{
  LONG = UCHAR_MAX + 1
};

#define GROUP(title)
static const struct option longs[] = {
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says)                                 \
  { name,                                                                                                              \
    IS_MAYBE (TAKES_##takes) ? optional_argument                                                                      \
                                 : _Generic((shown), void * : no_argument, default : required_argument),               \
    NULL, LONG + ASKED_##symbol },
#include "command/options.def"
#undef OPTION
  { NULL, 0, NULL, 0 }
};

/* How the arguments are shown: of some, the words that they can be. */
static const char *const shown[] = {
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) shown,
#include "command/options.def"
#undef OPTION
};

static const char letters[] = {
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says) letter,
#include "command/options.def"
#undef OPTION
};

/* Where an option is kept, and how. */
static const struct
{
  size_t at;
  bool is_list;
  enum takes kind;
  double most;
} kept[] = {
#define OPTION(symbol, letter, name, takes, shown, type, field, excludes, needs, says)                                 \
  { .at = offsetof (struct options, field),                                                                            \
    .is_list = _Generic(((struct options *)0)->field, struct texts                                                     \
                        : true, default                                                                                \
                        : false),                                                                                      \
    .kind = TAKES_##takes },
#include "command/options.def"
#undef OPTION
};
#undef GROUP

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

/* "gradcalc: -p: '3x' is not ": what it should be follows. */
static void
begin_refusal (enum asked option, const char *argument)
{
  char name[OPTION_NAME];
  fprintf (stderr, "gradcalc: %s: '", options_name (name, option));
  snippet_escaped (stderr, argument);
  fputs ("' is not ", stderr);
}

/* Ends the process: an option's argument is not what it should be. */
static _Noreturn void __attribute__ ((format (printf, 3, 4)))
refuse (enum asked option, const char *argument, const char *wanted, ...)
{
  va_list arguments;
  begin_refusal (option, argument);
  va_start (arguments, wanted);
  vfprintf (stderr, wanted, arguments);
  va_end (arguments);
  putc ('\n', stderr);
  exit (STATUS_PROGRAM);
}

/* The number of the word, of `count`, that an option's argument is; ends the process when it is none of them. */
static int
choose (enum asked option, const char *argument, size_t count, const char *const *words)
{
  for (size_t i = 0; i < count; i++)
    if (strcmp (argument, words[i]) == 0)
      return (int)i;
  begin_refusal (option, argument);
  fputs ("one of ", stderr);
  for (size_t i = 0; i < count; i++)
    fprintf (stderr, "%s%s", i ? ", " : "", words[i]);
  const char *meant = suggest (argument, count, word_at, words);
  fprintf (stderr, "%s%s%s\n", meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
  exit (STATUS_PROGRAM);
}

/* The number of the word, for an option whose words stand in its row, between bars. */
static int
choose_word (enum asked option, const char *argument)
{
  enum
  {
    MOST = 8
  };
  char text[80], *rest = text;
  const char *words[MOST];
  size_t count = 0;
  snprintf (text, sizeof text, "%s", shown[option]);
  while (rest && count < MOST)
    words[count++] = strsep (&rest, "|");
  return choose (option, argument, count, words);
}

static void
set_warning (struct options *options, const char *argument)
{
  if (warnings_set (&options->warnings, argument))
    return;
  const char *name = strncmp (argument, "no-", 3) == 0 ? argument + 3 : argument;
  name = strncmp (name, "error=", 6) == 0 ? name + 6 : name;
  choose (ASKED_WARN, name, WARNINGS, warning_names);
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
    refuse (ASKED_MAX_MEMORY, text, "a size such as 500M or 2G");
  return (size_t)size;
}

static uint64_t
read_seed (const char *text)
{
  char *end;
  errno = 0;
  unsigned long long seed = strtoull (text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end || errno || seed > UINT64_MAX)
    refuse (ASKED_SEED, text, "a whole number from 0 to %llu", (unsigned long long)UINT64_MAX);
  return seed;
}

/* A number from 0 to `most`. */
static double
read_number (enum asked option, const char *text, double most, bool whole)
{
  double number;
  if (!number_read_field (text, strlen (text), &number) || !(number >= 0 && number <= most)
      || (whole && number != (double)(size_t)number))
    refuse (option, text, "a %snumber from 0 to %g", whole ? "whole " : "", most);
  return number;
}

static int
read_digits (const char *text)
{
  char *end;
  long digits = strtol (text, &end, 10);
  if (end == text || *end || digits < 1 || digits > 17)
    refuse (ASKED_PRECISION, text, "a number of digits from 1 to 17");
  return (int)digits;
}

static size_t
read_jobs (const char *text)
{
  enum
  {
    MOST = 256
  };
  char *end;
  long jobs = strtol (text, &end, 10);
  if (end == text || *end || jobs < 1 || jobs > MOST)
    refuse (ASKED_JOBS, text, "a number of threads from 1 to %d", MOST);
  return (size_t)jobs;
}

/* What stands between fields: nothing that a number, a name or a quoted field may have in it. */
static char
read_delimiter (const char *text)
{
  if (strcmp (text, "\\t") == 0)
    return '\t';
  bool is_part = strchr ("+-._\"\r\n", *text) || (unsigned char)*text >= 0x80 || (*text >= '0' && *text <= '9')
                 || ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z');
  if (is_part || !*text || text[1])
    refuse (ASKED_DELIMITER, text, "a single character that may stand between fields");
  return *text;
}

/* Of one text what is neither a word nor a plain number. */
static void
read_text (struct options *options, enum asked option, const char *argument)
{
  switch ((int)option)
    {
    case ASKED_SEED:
      options->seed = read_seed (argument);
      break;
    case ASKED_PRECISION:
      options->precision = read_digits (argument);
      break;
    case ASKED_JOBS:
      options->jobs = read_jobs (argument);
      break;
    case ASKED_DELIMITER:
      options->delimiter = read_delimiter (argument);
      break;
    case ASKED_MAX_MEMORY:
      options->max_memory = (struct amount){ read_size (argument), argument };
      break;
    default:
      choose_word (option, argument);
    }
}

static void
take (struct options *options, enum asked option, const char *argument)
{
  void *field = (char *)options + kept[option].at;
  options->asked |= ASKED_BIT (option);
  if (option == ASKED_HELP && argument)
    *(const char **)field = argument;
  else if (option == ASKED_HELP || option == ASKED_USAGE || option == ASKED_VERSION)
    options_show (option == ASKED_HELP ? SHOW_HELP : option == ASKED_USAGE ? SHOW_USAGE : SHOW_VERSION);
  else if (kept[option].is_list)
    add (field, argument);
  else if (kept[option].kind == TAKES_NOTHING)
    *(bool *)field = true;
  else if (kept[option].kind == TAKES_FILE)
    *(const char **)field = argument;
  else if (kept[option].kind == TAKES_A_NUMBER)
    *(double *)field = read_number (option, argument, kept[option].most, false);
  else if (kept[option].kind == TAKES_A_WHOLE)
    *(size_t *)field = (size_t)read_number (option, argument, kept[option].most, true);
  else if (kept[option].kind == TAKES_WARNINGS)
    set_warning (options, argument);
  else if (kept[option].kind == TAKES_FORMATS)
    *(int *)field = choose (option, argument, FORMATS, format_names);
  else if (kept[option].kind == TAKES_FILE_FORMATS)
    *(int *)field = choose (option, argument, FILE_FORMATS, file_format_names);
  else if (kept[option].kind == TAKES_MAYBE)
    *(int *)field = argument ? choose_word (option, argument) + 2 : 1;
  else if (kept[option].kind == TAKES_WORDS)
    /* Of these, 0 is nothing. */
    *(int *)field = choose_word (option, argument) + (option == ASKED_LIST || option == ASKED_REDUCE);
  else
    read_text (options, option, argument);
}

static const char *
long_name (size_t i, const void *data)
{
  (void)data;
  return longs[i].name;
}

/* Says which names begin so, or which was meant. */
static void
refuse_name (const char *name)
{
  size_t found = 0, size = strlen (name);
  for (size_t i = 0; i < OPTIONS; i++)
    found += strncmp (longs[i].name, name, size) == 0;
  fputs (found ? "option '--" : "unrecognized option '--", stderr);
  snippet_escaped (stderr, name);
  fputs (found ? "' is ambiguous; possibilities:" : "'", stderr);
  for (size_t i = 0; i < OPTIONS && found; i++)
    if (strncmp (longs[i].name, name, size) == 0)
      fprintf (stderr, " '--%s'", longs[i].name);
  const char *meant = found ? NULL : suggest (name, OPTIONS, long_name, NULL), *format = NULL;
  for (size_t i = 0; i < FORMATS && !found; i++)
    if (strcmp (format_names[i], name) == 0)
      format = format_names[i];
  if (format || meant)
    fprintf (stderr, "; did you mean '%s%s'?", format ? "-f " : "--", format ? format : meant);
}

/* Ends the process for a word that getopt_long () could not read. `key` is that of the option in it, 0 where its name
   is no option's or the beginning of several. */
static void
refuse_word (char *word, int key)
{
  fputs ("gradcalc: ", stderr);
  if (key >= LONG)
    fprintf (stderr, "option '--%s' %s an argument", longs[key - LONG].name,
             longs[key - LONG].has_arg ? "requires" : "doesn't allow");
  else if (key == 0)
    {
      word[strcspn (word, "=")] = 0;
      refuse_name (word + 2);
    }
  else
    {
      char letter[] = { (char)key, 0 };
      bool known = memchr (letters, key, sizeof letters);
      bool other = key != ' ' && memchr (letters, key ^ ' ', sizeof letters);
      fputs (known ? "option requires an argument -- '" : "invalid option -- '", stderr);
      snippet_escaped (stderr, letter);
      fputc ('\'', stderr);
      if (!known && other)
        fprintf (stderr, "; did you mean '-%c'?", key ^ ' ');
    }
  fputs ("\nTry `gradcalc --help' or `gradcalc --usage' for more information.\n", stderr);
  exit (STATUS_PROGRAM);
}

/* argp would do all of this, for a tenth of the time of a small run: it compares each of its names with each. It prints
   the help. */
static void
read_words (struct options *options, int count, char **words)
{
  char wanted[2 * OPTIONS + 1], *end = wanted;
  for (size_t i = 0; i < OPTIONS; i++)
    if (letters[i])
      {
        *end++ = letters[i];
        /* What may be left out does not go with a letter, which others may stand behind. */
        if (longs[i].has_arg == required_argument)
          *end++ = ':';
      }
  *end = 0;
  opterr = 0;
  int key;
  /* From the first word on, also where a process reads options again. */
  optind = 0;
  while ((key = getopt_long (count, words, wanted, longs, NULL)) != -1)
    if (key == '?' && optopt == '?')
      take (options, ASKED_HELP, NULL);
    else if (key == '?')
      refuse_word (words[optind - 1], optopt);
    else if (key >= LONG)
      take (options, (enum asked) (key - LONG), optarg);
    else
      take (options, (enum asked) ((const char *)memchr (letters, key, sizeof letters) - letters), optarg);
  for (; optind < count; optind++)
    add (&options->files, words[optind]);
}

/* Records are a table, unless something else is asked for. */
static void
adapt_to_rows (struct options *options)
{
  if (!(options->asked & ASKED_BIT (ASKED_FORMAT)))
    options->format = FORMAT_CSV;
  options->layout = LAYOUT_WIDE;
  if (options->format != FORMAT_JSON)
    options->asked |= ASKED_BIT (ASKED_NO_OBJECTS);
}

/* Ends the process when options do not go together. Of some that are given twice the last counts. */
static void
check_policy (struct options *options)
{
  struct diagnostics plain = { .out = stderr };
  if (options->asked & ASKED_BIT (ASKED_FORMAT))
    options->asked |= ASKED_BIT (ASKED_FORMATS + (int)options->format);
  if (options->jacobian && options->sparse)
    options->asked |= ASKED_BIT (ASKED_SPARSE_JACOBIAN);
  if (options->trace && options->formula)
    options->asked |= ASKED_BIT (ASKED_DERIVATION);
  if (options->trace > 1)
    options->asked |= ASKED_BIT (ASKED_WHOLE_TRACE);
  if (options->layout == LAYOUT_WIDE)
    options->asked |= ASKED_BIT (ASKED_WIDE);
  else if (options->layout == LAYOUT_COLUMNS)
    options->asked |= ASKED_BIT (ASKED_SIDE_BY_SIDE);
  else if (options->asked & ASKED_BIT (ASKED_LAYOUT))
    options->asked |= ASKED_BIT (ASKED_LONG);
  if (options->rows)
    adapt_to_rows (options);
  if (!options_agree (options->asked, false, &plain))
    exit (STATUS_PROGRAM);
}

void
options_read (struct options *options, struct memory *memory, int count, char **words)
{
  /* No word gives more than one text. */
  options->files.list = heap_take (memory, (size_t)count, sizeof *options->files.list, "the command line");
  for (size_t i = 0; i < OPTIONS; i++)
    if (kept[i].is_list)
      {
        struct texts *texts = (void *)((char *)options + kept[i].at);
        texts->list = heap_take (memory, (size_t)count, sizeof *texts->list, "the command line");
      }
  options->seed = 1;
  options->points = claim_options_default.points;
  options->rtol = claim_options_default.rtol;
  options->carried = 100;
  options->atol = claim_options_default.atol;
  options->reveal = REVEAL_ALL;
  read_words (options, count, words);
  check_policy (options);
}
