/* diagnostic.h -- what is said to the user about the program and the world. */
#ifndef GRADCALC_DIAGNOSTIC_H
#define GRADCALC_DIAGNOSTIC_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/source.h"

enum severity
{
  SEVERITY_ERROR,
  SEVERITY_WARNING,
  SEVERITY_NOTE,
  SEVERITY_HINT
};

enum status
{
  STATUS_DONE = 0,
  STATUS_WRONG = 1,     /* a check or claim is wrong */
  STATUS_PROGRAM = 2,   /* the command or the program is wrong */
  STATUS_WORLD = 3,     /* the data, the disk, the memory */
  STATUS_UNDECIDED = 4, /* checks undecided, none wrong */
};

enum
{
  ERROR_LIMIT = 10
};

/* Whether messages have colors: AUTO is on a terminal that has them, unless NO_COLOR says otherwise. */
enum color
{
  COLOR_AUTO,
  COLOR_ALWAYS,
  COLOR_NEVER
};

struct warnings;

/* The first error that was said, and the first hint behind it, where they are kept rather than printed: an answer that
   cannot be taken is no trouble of the others. */
struct refusal
{
  char *text; /* NULL: nothing was said */
  char *hint; /* or NULL */
  bool shape; /* it is an answer all the same, whose shapes do not fit */
};

struct diagnostics
{
  const struct sources *sources;
  struct memory *memory;     /* where what is kept of messages goes */
  struct warnings *warnings; /* warning.h; NULL where none are said */
  FILE *out;
  enum color color;
  bool quiet;    /* no notes, no warnings, and no hints to them */
  bool mute;     /* nothing is printed, but all is counted */
  size_t spoken; /* messages of any severity */
  int errors;
  struct span where; /* of the first of them */
  bool corrected;    /* it has a correction */
  bool misread;      /* the run ended at something that may be a formula as people write it */
  enum status status;    /* the worst so far */
  jmp_buf *stop;         /* where diagnose_stop goes */
  struct refusal *fault; /* keeps errors, instead of all printing; or NULL */
  char **first;          /* keeps the words of the first error, printed or not, and its line; or NULL */
};

/* A message with its place, the source line and a caret run: `FILE:LINE:COLUMN: severity: text`. Without a place
   (length 0 at start 0) it is `gradcalc: text`, or `gradcalc: warning: text`. Errors beyond ERROR_LIMIT are counted,
   not printed. */
void diagnose (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *format, ...)
  __attribute__ ((format (printf, 4, 5)));

/* Says a message whose error is not counted as one: -W made it an error. */
void diagnose_kind (struct diagnostics *diagnostics, enum severity severity, struct span span, const char *format, ...)
  __attribute__ ((format (printf, 4, 5)));

/* Says a message with one line of text under the carets: a correction (`2*x`). */
void diagnose_correction (struct diagnostics *diagnostics, struct span span, const char *correction, const char *format,
                          ...) __attribute__ ((format (printf, 4, 5)));

/* An error after which the run can't go on; leaves by longjmp to `stop`. */
_Noreturn void diagnose_stop (struct diagnostics *diagnostics, enum status status, struct span span, const char *format,
                              ...) __attribute__ ((format (printf, 4, 5)));

/* Trouble in a data file: `NAME:LINE:COLUMN: error: text`; column 0 or line 0 leaves that part out. Sets STATUS_PROGRAM
   or `status`, and returns (the caller gives up by its own means). */
void diagnose_data (struct diagnostics *diagnostics, enum status status, const char *name, size_t line, size_t column,
                    const char *format, ...) __attribute__ ((format (printf, 6, 7)));

/* Says it with another severity; an error is not counted as one: -W made it an error. */
void diagnose_data_kind (struct diagnostics *diagnostics, enum severity severity, const char *name, size_t line,
                         size_t column, const char *format, ...) __attribute__ ((format (printf, 6, 7)));

/* The nearest of `count` names to `word`, or NULL when none is near: at most max(1, length/3) edits, swaps counted
   once, a difference in case first. `name (i, data)` gives the candidates. */
const char *suggest (const char *word, size_t count, const char *(*name) (size_t, const void *), const void *data);

#endif
