/* rows.h -- a program that was compiled once, evaluated for each record of a file. */
#ifndef GRADCALC_ROWS_H
#define GRADCALC_ROWS_H

#include "results/results.h"
#include "rows/bind.h"
#include "rows/intake.h"
#include "rows/lane_block.h"
#include "rows/outlet.h"

enum bad_rows
{
  BAD_ROWS_FAIL,
  BAD_ROWS_SKIP,
  BAD_ROWS_NAN
};

/* What came of a record. `numbers` are those of the wide layout, in its order: of each target the elements, then their
   change along a direction, or those of its gradient in each source. A gradient that is not connected is zeros there,
   and has no elements in the report. */
struct row
{
  const struct intake *intake; /* with the record as it stood */
  const struct report *report;
  const double *numbers;
  size_t count;
  bool is_plain; /* it has no arrays, and all is real, finite and connected */
};

/* Who takes results. Calls come in the order of records. */
struct row_sink
{
  void *data;
  /* Before the first record, with what it gives; where there is none, what one of ones would give. */
  void (*begin) (void *data, const struct row *row);
  /* False: no more is wanted, for it cannot be written. */
  bool (*take) (void *data, const struct row *row);
  /* Records together that have lanes of one way, in any order. NULL or false, of each way then: they are to be taken
     one by one. */
  bool (*take_lanes) (void *data, const struct lane_way *way, const uint16_t *lanes, size_t count);
  /* The reader is about to wait. */
  void (*flush) (void *data);
  /* For other threads, when the first record was taken: `data` once more, of another memory, for `take` there. What
     is written goes into the outlet that it is aimed at. */
  void *(*copy) (void *data, struct memory *memory);
  void (*aim) (void *copy, struct outlet *outlet);
  /* A record that a copy has taken, and what it has written for it; false: as `take`. */
  bool (*accept) (void *data, const char *text, size_t size);
  /* Adds what a copy has kept. */
  void (*join) (void *data, void *copy);
};

struct crew;
struct rows_note;

struct rows
{
  struct intake intake;
  struct binding binding;
  struct run *run;
  struct diagnostics *diagnostics;
  const struct result_options *options;
  const struct report *style; /* how results are to be reported: precision, format, ... */
  struct row_sink sink;
  enum bad_rows bad_rows;
  bool silent;      /* nothing is said but errors, nor looked for */
  bool tells;       /* each report tells what was warned of its record */
  bool one_by_one;  /* no records together */
  bool keeps_text;  /* of records that wait */
  size_t jobs;      /* threads, the one that reads among them; 0 is 1 */
  bool keeps_notes; /* what is to be said at the end is left to who calls rows_say () */
  bool complete;    /* all that was printed was finite and connected */
  /* Called when the program first was run, before there are results: it may refuse what is asked of it. */
  void (*ran) (void *data);
  /* Called when the first record was evaluated. */
  void (*first) (void *data, struct results *results);
  void *data;
  size_t records; /* that were evaluated */
  size_t skipped;
  /* For rows.c and rows_say.c. */
  struct results results;
  struct area numbers;      /* double */
  struct gradient *reasons; /* why what is missing is, as far as it was found out; in the record that was told last */
  const char **messages;    /* in which it is told */
  size_t message_count;
  struct warnings warnings; /* of the record at hand */
  struct rows_note *notes;  /* of all */
  size_t note_count, flagged;
  char trouble[700]; /* the first record that was skipped */
  struct ways ways;
  struct block block;
  struct crew *crew; /* NULL: there are not enough records for other threads so far */
  bool is_over;      /* the sink wants no more */
  bool is_asking;    /* whether what is wanted can be asked of the program */
};

/* Evaluates the program for each record that is left. False after a message: a bad record, something that cannot be
   read, an error of the program, which came at a record that is named. */
bool rows_run (struct rows *rows);
void rows_close (struct rows *rows);

/* rows_say.c: what is said of records. */
/* Before a record is run, and when its results were found. */
void rows_listen (struct rows *rows);
void rows_explain (struct rows *rows);
/* At the end: each warning once, with how many records it was said of; and what was skipped. */
void rows_say (struct rows *rows);
/* rows_pass.c: what is to be said at the end, as bytes, and added to that of the records before. */
void rows_pass (const struct rows *rows, struct area *bytes);
void rows_receive (struct rows *rows, const char *bytes);
/* What is wrong with the record at hand, as an error, or kept for the end. */
void rows_say_trouble (struct rows *rows);
void rows_skip (struct rows *rows);

#endif
