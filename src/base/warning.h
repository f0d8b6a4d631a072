/* warning.h -- the kinds of warning: which are said, which are errors, and what was said of each. */
#ifndef GRADCALC_WARNING_H
#define GRADCALC_WARNING_H

#include "base/diagnostic.h"
#include "base/lookup.h"

/* As -W names them. A kink is a note, the others are warnings. */
enum warning
{
#define WARNING(symbol, name, says) WARNING_##symbol,
#include "base/warning.def"
#undef WARNING
  WARNINGS
};
extern const char *const warning_names[WARNINGS];

/* One place and kind, as a report lists it. */
struct warned
{
  enum warning kind;
  const char *op; /* the operator or function, or NULL */
  struct span span;
  /* Of a data file, which is none of the sources: its name, the line and column (0 leaves them out), else NULL. */
  const char *file;
  size_t line, column;
  size_t count;
  const char *message;
  /* Of a kink: which rule was applied, and the slopes on both sides. */
  char *hint; /* what would be better, or NULL */
  const char *rule;
  double left, right;
  struct warned *next;
};

/* The kinds that are silent, and those that are errors: a bit for each kind. */
struct warnings
{
  unsigned silent, errors;
  bool unsaid;                  /* who opened them says later what warn () kept */
  struct warned *first, **last; /* in order of saying */
  struct area list;             /* struct warned: where they are */
  struct area text;             /* of their messages */
  struct lookup places;         /* of the list, by kind and place */
};

/* Room for what will be said, under a budget. What warnings_set says of kinds stays. */
void warnings_open (struct warnings *warnings, struct memory *memory);

/* Says something of a kind at a place (or nowhere), and keeps it for reports. Where the same kind was said of the same
   place and operator before, it is only counted. NULL when the kind is silent. An error of -W leaves the run going,
   with STATUS_WORLD at its end. */
struct warned *warn (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span,
                     const char *format, ...) __attribute__ ((format (printf, 5, 6)));
/* The same, whatever was said of the place before. */
void warn_also (struct diagnostics *diagnostics, enum warning kind, const char *op, struct span span,
                const char *format, ...) __attribute__ ((format (printf, 5, 6)));

/* Warns of a data file, whose place is told as by diagnose_data; `count` is how often it is so in the file. */
void warn_data (struct diagnostics *diagnostics, enum warning kind, size_t count, const char *name, size_t line,
                size_t column, const char *format, ...) __attribute__ ((format (printf, 7, 8)));

/* An argument of -W: NAME, no-NAME, error, error=NAME, no-error=NAME. False when there is no such kind. */
bool warnings_set (struct warnings *warnings, const char *argument);
void warnings_free (struct warnings *warnings);

#endif
