/* session_rows.c -- the command with -r: a file of records, and what the program gives for each. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "command/session.h"

bool
session_has_lines (const char *path)
{
  static const char *const suffixes[] = { ".jsonl", ".ndjson" };
  size_t size = path ? strlen (path) : 0;
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
    if (size > strlen (suffixes[i]) && strcasecmp (path + size - strlen (suffixes[i]), suffixes[i]) == 0)
      return true;
  return false;
}

enum file_format
session_format_of_records (struct session *session, const char *path)
{
  return session_has_lines (path) ? FILE_JSON : file_format_of (path, session->options.data_format);
}

int
session_open_records (struct session *session, const char *path)
{
  struct stat status;
  int file = path ? open (path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (file < 0 || (fstat (file, &status) == 0 && S_ISDIR (status.st_mode) && (errno = EISDIR)))
    output_cannot_open (&session->diagnostics, path ? path : "<stdin>", errno);
  return file;
}

static const char *
column_name (size_t i, const void *data)
{
  return ((const struct intake *)data)->columns[i].name;
}

/* The program mentions a name that has no value: a column that is not there. */
static bool
say_missing (void *data, const char *name, struct span span)
{
  struct session *session = data;
  const struct intake *intake = &session->rows.intake;
  char names[COLUMNS_TEXT], at[300];
  struct place place = sources_place (&session->sources, span.start);
  const char *meant = suggest (name, intake->column_count, column_name, intake);
  char separator = intake->column_count == 1 ? intake_separator (intake) : 0, guess[64] = "";
  if (separator && !meant)
    snprintf (guess, sizeof guess, "; does --delimiter='%s%.1s' fit?", separator == '\t' ? "\\t" : "",
              separator == '\t' ? "" : &separator);
  snprintf (at, sizeof at, "%.250s:%zu:%zu", place.source->name, place.line, place.column);
  diagnose_data (&session->diagnostics, STATUS_PROGRAM, intake->name, intake->is_named ? 0 : intake->first_line, 0,
                 "no column '%s', which %s needs (columns: %s)%s%s%s", name, at, intake_names (names, intake),
                 meant ? "; did you mean '" : guess, meant ? meant : "", meant ? "'?" : "");
  return true;
}

/* Whether a direction moves a name. */
bool
session_is_moved (const struct session *session, const char *name)
{
  for (size_t i = 0; i < session->options.along.count; i++)
    if (strcmp (session->along[i].name, name) == 0)
      return true;
  return false;
}

/* Columns give values as -D does. */
static void
define_columns (struct session *session)
{
  const struct binding *binding = &session->rows.binding;
  size_t given = session->definition_count;
  struct definition *definitions = session_allocate (session, given + binding->count, sizeof *session->definitions);
  memcpy (definitions, session->definitions, given * sizeof *definitions);
  for (size_t i = 0; i < binding->count; i++)
    {
      const struct bound *bound = &binding->list[i];
      const char *name = names_text (&session->names, bound->name);
      for (size_t k = 0; k < given; k++)
        if (definitions[k].name == bound->name)
          diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s%s and a column of %s both give %s a value",
                         definitions[k].source ? "" : "-D ", definitions[k].source ? definitions[k].source : name,
                         session->rows.intake.name, name);
      definitions[given + i] = (struct definition){
        .name = bound->name, .array = bound->array, .of_file = true, .is_fixed = !session_is_moved (session, name)
      };
    }
  session->definitions = definitions;
  session->definition_count = given + binding->count;
}

/* --columns, which may be given more than once, as one list. */
const char *
session_given_columns (struct session *session)
{
  const struct texts *texts = &session->options.columns;
  const char *list = texts->count ? texts->list[0] : NULL;
  for (size_t i = 1; i < texts->count; i++)
    list = heap_format (&session->memory, "the command line", "%s,%s", list, texts->list[i]);
  return list;
}

/* There is not so much as a header: no line comes of it, but a total of nothing. */
static void
end_without_records (struct session *session)
{
  struct total none = { .memory = &session->memory, .is_mean = session->options.reduce == REDUCE_MEAN };
  if (session_has_expected (session, 0) && session->options.reduce)
    session_write_total (session, &none);
}

bool
session_open_rows (struct session *session, struct compile_options *compile_options)
{
  const struct options *options = &session->options;
  struct rows *rows = &session->rows;
  struct intake *intake = &rows->intake;
  const char *path = strcmp (options->rows, "-") == 0 ? NULL : options->rows, *given = session_given_columns (session);
  rows->diagnostics = &session->diagnostics;
  intake->name = path ? path : "<stdin>";
  intake->format = session_format_of_records (session, path);
  if (intake->format == FILE_NPY)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "-r: an npy file has no records");
  intake->delimiter = options->delimiter ? options->delimiter : intake->format == FILE_TSV ? '\t' : ',';
  intake->keeps_fields = options->append && options->format != FORMAT_JSON;
  if (intake->format == FILE_JSON && (given || options->delimiter))
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s is of csv and tsv, not of JSON",
                   given ? "--columns" : "--delimiter");
  enum intake_result result = intake_open (intake, &session->memory, session_open_records (session, path), given);
  if (result == INTAKE_END)
    {
      end_without_records (session);
      return false;
    }
  if (result != INTAKE_RECORD)
    {
      rows_say_trouble (rows);
      return false;
    }
  const struct syntax *const syntaxes[] = { &session->syntax, &session->targets };
  if (!bind_columns (&rows->binding, intake, syntaxes, 2, &session->names, &session->arrays, &session->diagnostics))
    return false;
  define_columns (session);
  compile_options->missing = say_missing;
  compile_options->missing_data = session;
  return !session->team || session->team->share (session);
}

/* What may be asked of the program that was run. */
static void
ask (void *data)
{
  session_check_output (data);
  session_check_moved (data);
}

/* What is said when the first record was evaluated. */
static void
first_results (void *data, struct results *results)
{
  struct session *session = data;
  const struct options *options = &session->options;
  if (!results->report.source_count && !session->wanted_given && !options->value_only && !options->along.count)
    diagnose (&session->diagnostics, SEVERITY_NOTE, NOWHERE,
              "there is no gradient: the program has no inputs but columns, and -w names those to differentiate in");
  else if (!options->along.count)
    results_say_choice (results, options->value_only);
  session->results = *results;
  if (!options->targets.count)
    session_check_unused (session);
  session->results = (struct results){ 0 };
}

/* Runs the program for all records, whose results go into a sink. */
static bool
run_rows (struct session *session, struct row_sink sink, const struct result_options *options,
          const struct report *style)
{
  struct rows *rows = &session->rows;
  const struct options *given = &session->options;
  rows->sink = sink;
  rows->run = &session->run;
  rows->options = options;
  rows->style = style;
  rows->bad_rows = (enum bad_rows)given->bad_rows;
  rows->tells = given->format == FORMAT_JSON && !given->reduce;
  rows->silent = given->quiet && !rows->tells && !given->warnings.errors;
  rows->keeps_text = given->append;
  rows->jobs = given->jobs;
  rows->ran = ask;
  rows->first = first_results;
  rows->data = session;
  rows->keeps_notes = session->team;
  return rows_run (rows);
}

/* Adds up what there is to be printed of all records; there is no total of less. */
static void
reduce_rows (struct session *session, const struct result_options *options, const struct report *style)
{
  struct row_sink sink
    = row_total_open (&session->row_total, session->options.reduce == REDUCE_MEAN, &session->diagnostics);
  struct total *total = &session->row_total.total;
  if (!run_rows (session, sink, options, style))
    return;
  total->skipped = session->rows.skipped;
  if (session->team && !session->team->gather (session, total))
    return;
  if (session_has_expected (session, total->rows + total->skipped))
    session_write_total (session, total);
}

void
session_run_rows (struct session *session, const struct result_options *options, const struct report *style)
{
  struct rows *rows = &session->rows;
  const struct options *given = &session->options;
  struct diagnostics *diagnostics = &session->diagnostics;
  session_check_output (session);
  if (given->reduce)
    {
      reduce_rows (session, options, style);
      return;
    }
  if (!output_open (&session->output, given->output, diagnostics))
    return;
  outlet_open (&session->outlet, &session->memory, session->output.descriptor);
  struct row_writer *writer = session->row_writer = session_allocate (session, 1, sizeof *writer);
  writer->appends = given->append;
  writer->no_header = given->no_header;
  printer_open (&writer->printer, session->outlet.out, given->precision);
  if (run_rows (session, row_writer_open (writer, &session->outlet, diagnostics), options, style))
    session_has_expected (session, rows->records + rows->skipped);
  if (given->strict && diagnostics->status == STATUS_DONE && !rows->complete)
    diagnostics->status = STATUS_WORLD;
}

void
session_end_rows (struct session *session)
{
  if (!session->outlet.text)
    return;
  struct diagnostics *diagnostics = &session->diagnostics;
  outlet_flush (&session->outlet);
  int error = session->outlet.error;
  outlet_close (&session->outlet);
  /* With --strict all is written. */
  bool is_good = diagnostics->errors == 0;
  output_close (&session->output, is_good, error, diagnostics);
}

void
session_close_rows (struct session *session)
{
  rows_close (&session->rows);
}
