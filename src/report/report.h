/* report.h -- what a run prints, in every format. */
#ifndef GRADCALC_REPORT_H
#define GRADCALC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/warning.h"
#include "value/array.h"

/* A named value. A name that is an expression (`a+sum(b)`, a sum of targets `a+b`) is put in parentheses after `d` in
   text. */
struct quantity
{
  const char *name;
  bool is_expression;
  enum type type;
  struct shape shape;
  const double *elements; /* shape_size (&shape) of them */
};

/* The gradient of one target with respect to one source: same shape as the source. */
struct gradient
{
  const double *elements; /* NULL: not connected */
  const char *why;        /* the reason's code (const, after, unused, ...), when not connected */
  const char *message;    /* "loss does not depend on c: c is never used" */
  const char *file;       /* the reason's place; NULL when it has none */
  size_t line, column;
};

enum format
{
  FORMAT_TEXT,
  FORMAT_CSV,
  FORMAT_TSV,
  FORMAT_JSON
};
enum csv_layout
{
  LAYOUT_LONG,
  LAYOUT_WIDE
};

struct report
{
  const struct quantity *targets;
  size_t target_count;
  const struct quantity *sources;
  size_t source_count;
  const struct gradient *gradients; /* [target * source_count + source]; NULL with --value */
  bool jacobian;                    /* they are Jacobians: the target's axes, then the source's */
  const struct gradient *along;     /* [target]: its change in a direction; NULL where none was given */
  bool zero_unconnected;            /* --unconnected=zero: a missing gradient prints as zeros */
  const struct warned *warned;      /* what was warned of: a list */
  const struct sources *places;     /* where its spans are */
  int precision;                    /* 0: the shortest text that reads back the same */
  enum csv_layout layout;
};

/* The shape of what stands at a pair of target and source. */
struct shape report_shape (const struct report *report, size_t target, size_t source);

/* Each writes the whole report; what fails to be written shows in ferror (out). */
void report_text (const struct report *report, FILE *out);
void report_csv (const struct report *report, char delimiter, FILE *out);
void report_json (const struct report *report, FILE *out);

#endif
