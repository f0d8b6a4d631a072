/* report.h -- what a run prints, in every format. */
#ifndef GRADCALC_REPORT_H
#define GRADCALC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/warning.h"
#include "check/grading.h"
#include "report/graph.h"
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

/* The elements of a matrix that can be other than 0, in rows: those of row i are from starts[i] to before starts[i +
   1]. Its columns are the elements of all sources, counted through: element k of source s has the number offsets[s] +
   k. Of a Jacobian the rows are a target's elements; of a Hessian they are those of the sources, and each pair is there
   once, in columns from i on. */
struct entries
{
  size_t rows;
  const size_t *offsets;
  const size_t *starts;
  const uint32_t *columns;
  const double *values;
  double **blocks; /* of a Hessian, unless the report is sparse: of all pairs of sources, [first * source_count +
                      second], with the first one's axes before the second one's */
};

enum
{
  DIGITS_OF_DOUBLE = 16
};

/* A step that a bound of rounding is due to. */
struct cause
{
  const char *kind, *op; /* `op` may be NULL */
  double share;          /* of the bound, 0 to 1 */
  const char *file;      /* NULL: it has no place */
  size_t line, column;
};

/* How far off the elements of a result are at most by rounding: INFINITY where nothing is known. The digits that are
   certain in the worst of them, of DIGITS_OF_DOUBLE, and what its bound is due to, most of it first. */
struct certainty
{
  const double *bounds;
  int digits;
  size_t worst;
  const struct cause *causes;
  size_t cause_count;
};

enum format
{
#define FORMAT(symbol, name, writes, prints, says) FORMAT_##symbol,
#include "report/format.def"
#undef FORMAT
  FORMATS
};
extern const char *const format_names[FORMATS];

enum csv_layout
{
  LAYOUT_LONG,
  LAYOUT_WIDE,
  LAYOUT_COLUMNS /* vectors of one length side by side */
};

/* A part that formulas have in common: t1 = exp(x). */
struct formula_part
{
  char name[16];
  char *text;
};

/* What the gradients of a report are: derivatives, elasticities (the same shapes), or what part of the square of a
   target's standard deviation is due to a source (the target's shape). */
enum measure
{
  MEASURE_GRADIENT,
  MEASURE_ELASTICITY,
  MEASURE_SHARE
};

/* A line of a derivation: d`of`/d`wrt` is a formula, or where there is none, only what is said. One with
   other variables held is no derivative that the program means, and nobody's answer. */
struct working_line
{
  const char *says; /* of what stands below, in words and rules; or NULL */
  const char *of, *wrt;
  const char *held; /* the variables, with commas between; or NULL */
  const char *formula; /* NULL: none */
  bool heads;          /* begins the lines of another step of the program */
};

/* How the gradient of a target comes about. */
struct working
{
  const struct working_line *lines;
  size_t count;
};

struct report
{
  enum format format;
  const struct quantity *targets;
  size_t target_count;
  const struct quantity *sources;
  size_t source_count;
  const struct gradient *gradients; /* [target * source_count + source]; NULL with --value */
  enum measure measure;
  bool jacobian;                    /* they are Jacobians: the target's axes, then the source's */
  const struct entries *hessians;   /* [target]; NULL where none were asked for. `gradients` says what is connected */
  char *const *formulas;            /* [target * source_count + source]; NULL where there is none */
  const struct working *workings;   /* [target]: beside the formulas, how they come about; or NULL */
  const struct formula_part *parts; /* of them, none before what it mentions */
  size_t part_count;
  const struct entries *jacobians; /* [target], of a sparse report; else they are in `gradients` */
  bool sparse;                     /* only elements that can be other than 0 */
  const struct graph *graphs;      /* [target]: its trace, in the place of all that but in JSON; or NULL */
  bool why;                        /* [target * source_count + source]: how one depends on the other */
  const struct gradient *along;    /* [target]: its change in a direction, or beside shares its standard deviation */
  const struct certainty *certain_values, *certain_gradients; /* as `targets`, as `gradients`; NULL: not asked for */
  bool zero_unconnected;                 /* --unconnected=zero: a missing gradient prints as zeros */
  const struct warned *warned;           /* what was warned of: a list */
  const struct sources *places;          /* where its spans are */
  const struct names *names;             /* of the program */
  const struct differences *differences; /* of `targets` and `sources`, in the place of all that; or NULL */
  const struct claims *claims;           /* in the place of all that; or NULL */
  const struct grading *grading;         /* likewise */
  enum reveal reveal;                    /* of claims */
  int precision;                         /* 0: the shortest text that reads back the same */
  enum csv_layout layout;
  bool terminal;  /* somebody reads it there: matrices are aligned, of large arrays the corners are shown ... */
  bool whole;     /* ... or all */
  size_t row;     /* the number of the record that it is of */
  bool no_header; /* the wide layout has no line of names */
  const struct total *total; /* that it tells, over records; or NULL */
};

/* The shape of second derivatives, and whether a target depends on both sources. */
struct shape report_pair_shape (const struct report *report, size_t first, size_t second);
bool report_has_pair (const struct report *report, size_t target, size_t first, size_t second);
/* The vectors that LAYOUT_COLUMNS has: of targets and sources, and whatever has the shape of one of these. Numbers are
   left out, unless there is nothing else. Sources count where there are derivatives in them, of their shapes. */
size_t report_column_sources (const struct report *report);
bool report_is_column (const struct report *report, const struct shape *shape);
/* How many digits of a decimal number an error of this size leaves as they are. */
int report_certain_digits (double number, double bound);
/* The source that a column belongs to. */
size_t report_source_of (const struct report *report, const struct entries *entries, size_t column);

/* An element of a sparse Hessian, in elements of two sources, or of a sparse Jacobian: an element of the target, where
   source[0] is nothing, and one of source[1]. */
struct entry
{
  size_t source[2], element[2];
  const double *value;
  size_t row, next;
};
/* The next entry of a target, after all zero the first; false when there is no more. Those of pairs that the target
   does not depend on are passed over. */
bool report_next_entry (const struct report *report, size_t target, struct entry *entry);

/* The gradient of `target` with respect to `source` from a report that has gradients. */
const struct gradient *report_gradient (const struct report *report, size_t target, size_t source);

/* The shape of what stands at a pair of target and source. */
struct shape report_shape (const struct report *report, size_t target, size_t source);

/* csv_report.c: the names and the numbers of the wide layout, each on a line, behind fields that a line has already. */
struct table;
void report_wide_names (const struct report *report, struct table *table);
void report_wide_numbers (const struct report *report, struct table *table);

/* json_report.c: the members of a report's object behind others that were written, and its end. */
struct printer;
void report_json_rest (const struct report *report, struct printer *printer);

/* Writes the whole report in its format; what fails to be written shows in ferror (out). */
void report_write (const struct report *report, FILE *out);

/* The status of a check: of claims, where those that are carried forward are wrong too, or of differences. */
enum status claims_status (const struct claims *claims);
enum status differences_status (const struct differences *differences);

/* The writers, each of a whole report; trace_json () and why_json () write but a part
   of one. Formats of checks alone have no
   report_WRITER () and no trace_WRITER (), those of formulas no other than report_WRITER (). */
typedef void report_writer (const struct report *report, struct printer *printer);
#define FORMAT(symbol, name, writes, prints, says)                                                                     \
  report_writer report_##writes, claims_##writes, differences_##writes, trace_##writes, why_##writes, grading_##writes;
#include "report/format.def"
#undef FORMAT

#endif
