/* output.h -- where results go, and what is listed instead of them. */
#ifndef GRADCALC_OUTPUT_H
#define GRADCALC_OUTPUT_H

#include "machine/run.h"
#include "report/report.h"

/* Writes the report to a file, whole or not at all (what is no regular file is written as it is), or to standard output
 * for NULL. */
void output_write (const struct report *report, const char *path, struct diagnostics *diagnostics);

/* A file that is written piece by piece: standard output, what is no regular file, or one beside the target, which
   takes the target's place at the end. */
struct output_file
{
  int descriptor;
  const char *path; /* NULL: standard output */
  char *temporary;  /* its name, or NULL */
};
/* False after a message. */
bool output_open (struct output_file *file, const char *path, struct diagnostics *diagnostics);
/* Ends it: with `error`, that of a write or 0, where all is as it should be, else it is as if nothing was written. */
void output_close (struct output_file *file, bool is_good, int error, struct diagnostics *diagnostics);

/* Makes sure that what was written has arrived; else a message and STATUS_WORLD. */
void output_flush (FILE *out, struct diagnostics *diagnostics);

/* Ends the run: a program file that can't be read, with the file of a like name beside it; memory that is used up. */
_Noreturn void output_cannot_open (struct diagnostics *diagnostics, const char *path, int error);
/* Says so of a program: its text, or words that quotes should have held together, may have been given for a file. */
_Noreturn void output_cannot_open_program (struct diagnostics *diagnostics, const char *path, int error);
void output_out_of_memory (struct diagnostics *diagnostics, struct memory *memory, struct span span, const char *limit);

/* listing.c: --list, and the names that a message lists. */
struct output_list
{
  char text[400];
  size_t used;
};

void output_list_append (struct output_list *list, const char *text);

/* The program's names: those that are inputs, and the other ones, in order of first assignment, as far as there is
 * room. */
void output_names (const struct program *program, struct output_list *inputs, struct output_list *others);

void output_list_names (const struct program *program, bool inputs, FILE *out);
void output_list_static (bool functions, FILE *out);
/* function_help.c: what there is to know of a function or operator, with an empty line before it unless it is the
   first; false after a message when there is none of that name. */
bool output_function (const char *name, bool first, struct diagnostics *diagnostics, FILE *out);
/* --version: the licence, and the libraries that runs open where they find them. */
void output_version (FILE *out);

/* A name of -w that is bound again: -w means its first value. */
void output_note_rebound (const struct program *program, struct diagnostics *diagnostics);

#endif
