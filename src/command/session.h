/* session.h -- one command from its words to its status: options in, the stages in order, results out. */
#ifndef GRADCALC_SESSION_H
#define GRADCALC_SESSION_H

#include "answers/answers.h"
#include "check/grading.h"
#include "command/options.h"
#include "command/output.h"
#include "command/team.h"
#include "machine/run.h"
#include "results/results.h"
#include "rows/row_total.h"
#include "rows/row_writer.h"
#include "syntax.h"

/* A file of -C: its text among the sources, or that of the claims that it was converted to, which has its name. */
struct answer_file
{
  const char *path;
  size_t source;
  char *name;
  bool good;
};

/* What a text of answers says, read into the claims of a source. */
struct reading
{
  struct answers answers;
  size_t source;
  uint32_t typed; /* where the text as it was typed begins */
};

/* The file of -d that was read last, for messages: its columns, some of many, and the line of its header, or 0. */
struct session_data
{
  const char *name;
  char **columns;
  size_t column_count, header_line;
  bool is_read; /* all files were: a program that is compiled again has their arrays */
  struct intake intake; /* while it is read */
};

/* Everything that lives as long as the command; what a jump out of a stage leaves behind is given back from here. What
   most commands leave alone comes first: its pages are never touched. */
struct session
{
  struct rows rows;           /* of -r */
  struct row_total row_total; /* of --reduce */
  struct session_data data;   /* of -d */
  struct row_writer *row_writer;
  struct outlet outlet;
  struct grading grading;
  struct symbolic formulas;
  struct watch watch; /* of a trace */
  struct output_file output;
  struct team *team;                /* of gradcalc-mpi; else NULL */
  struct answer_file *answer_files; /* those whose claims are judged now */
  size_t answer_file_count;
  size_t key_source;
  struct reading *readings; /* of answers that are not the language as they stand */
  size_t reading_count;
  struct options options;
  struct memory memory;
  struct sources sources;
  struct diagnostics diagnostics;
  struct names names;
  struct arrays given;    /* what options give, longer than a run */
  struct arrays arrays;   /* of the run */
  size_t program_sources; /* of the sources, those that come first */
  struct syntax syntax, targets, answers;
  struct claims claims;
  struct program program;
  struct tape tape;
  struct sweep sweep; /* of the tape */
  struct run run;
  struct results results;
  struct wanted *wanted;
  size_t wanted_given; /* with -w; others are of claims */
  struct definition *definitions;
  size_t definition_count;
  char **defined; /* their names, as texts */
  struct upstream *upstream, *along, *uncertain;
  uint64_t option_runs;     /* expressions of options that were run */
  size_t words;             /* bytes of the command line, behind the name of the program */
  const char *program_name; /* "loss.expr", or "the program" */
  bool at_terminal;         /* standard output is one */
  size_t steps;             /* loops and calls that a run may make; 0 is no limit */
  size_t run_steps;         /* that this run may make, SIZE_MAX where they are only counted */
};

/* How the process's streams are buffered; once, before anything is written. */
void session_open_streams (struct session *session);
/* Runs a command; its status. Options that only print something end the process. */
int session_run (struct session *session, int count, char **words);

/* For the files of this one alone. Errors end the run with a message. */
/* session_words.c: room that is all zero, for as long as the session. */
void *session_allocate (struct session *session, size_t count, size_t size);
/* Adds an option's text as a source and parses it. */
bool session_parse (struct session *session, struct syntax *syntax, const char *name, const char *text);

/* session_words.c, session_inputs.c: values that options name and give. */
/* Standard input has one reader: the program, a -C or a -D. NULL: it has none. */
const char *session_check_standard_input (struct session *session);
/* -o is none of the files that are read: before the run those of options, after it those of load too. */
void session_check_output (struct session *session);
void session_read_definitions (struct session *session);
/* What a statement that cannot be parsed, compiled or run as it is written, the first one, would be in the language, as
   a hint where that is plain. `run` is the one that has stopped at it, or NULL. */
void session_say_wording (struct session *session, const struct run *run);
/* NAME=VALUE of -u or --along, each with its value, into a list that the session holds from the start. */
void session_read_changes (struct session *session, const struct texts *texts, const char *option,
                           struct upstream **list);
/* The names of -w: `x`, or `x@7` for what was bound to x on line 7. */
void session_read_wanted (struct session *session, struct compile_options *compile_options);
/* A name given with -w that the program does not have: with what there is instead. */
void session_check_wanted (struct session *session);
/* The number of a variable that an option names. */
uint32_t session_require_variable (struct session *session, const char *option, const char *text);
/* Names that are bound and never read, and not asked for either: a slip, or something left over. */
void session_check_unused (struct session *session);
void session_check_definitions (struct session *session);

/* session_rows.c: opens the file of -r, and makes definitions of its columns; false where there is nothing to be done.
   Then, the program compiled, what it gives for each record. */
bool session_open_rows (struct session *session, struct compile_options *compile_options);
void session_run_rows (struct session *session, const struct result_options *options, const struct report *style);
/* Writes what is whole, however the run ended; lets go of it all. */
void session_end_rows (struct session *session);
void session_close_rows (struct session *session);

/* session_inputs.c: after the run, that --along and, with --check, -w name inputs alone; else why they are none. */
void session_check_moved (struct session *session);

/* session_claims.c: the claims of -c and -C; what the claims of program and options name becomes wanted, and their
   expressions become targets. */
void session_read_answers (struct session *session);
bool session_parse_claims (struct session *session);
/* What a key asks, as claims whose right sides are the points. */
bool session_parse_key (struct session *session);
/* A file of -C, of at most so many bytes. */
void session_read_file (struct session *session, const char *path, struct answer_file *file, size_t most);
/* session_answers.c: reads texts of answers, in the order of their claims; their numbers become those of what came of
   them. False after a message. */
bool session_read_texts (struct session *session, size_t *sources, size_t count);
/* Tells the claims how they were read, and puts unreadable ones among them. */
void session_attach_readings (struct session *session);
bool session_read_claims (struct session *session, struct compile_options *compile_options);

/* session_grading.c: what --key asks; and after the program's run with the key for its claims, each file of -C judged
   by itself. */
void session_read_key (struct session *session);
void session_grade (struct session *session);

/* session_stages.c: from the texts to the program's run, with the claims that there are; false when that is all. */
bool session_prepare (struct session *session);
/* Judges the claims, and finds why they are wrong. */
void session_judge (struct session *session);
/* What a report has to have of options; then it is written, and the status is that of the checks. */
void session_write_checks (struct session *session, struct report report, enum status status);
/* Writes one to standard error, if GRADCALC_DUMP names it: syntax, program, tape. */
void session_dump (struct session *session, const char *stage);
/* Closes all that belongs to a run. */
void session_close_run (struct session *session);

/* For -d too: the format of a file, or of standard input for NULL, by its suffix or -I; opens it; what --columns gives.
 */
enum file_format session_format_of_records (struct session *session, const char *path);
/* Whether its suffix says that it is an object a line. */
bool session_has_lines (const char *path);
int session_open_records (struct session *session, const char *path);
const char *session_given_columns (struct session *session);
/* Whether a direction moves a name. */
bool session_is_moved (const struct session *session, const char *name);

/* session_data.c: the files of -d, as definitions. Says that a name which the program mentions is none of their
   columns; false: there is no such file. */
void session_read_data (struct session *session);
bool session_say_no_data (void *data, const char *name, struct span span);

/* session_totals.c: totals of files, put together, in the place of a program. Prints a total, with STATUS_WORLD where
   it is not as it must be. Whether there are as many records as there must be; else a message. */
void session_merge (struct session *session);
void session_write_total (struct session *session, const struct total *total);
bool session_has_expected (struct session *session, uint64_t records);

#endif
