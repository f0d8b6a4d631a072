/* session.c -- one command: the stages in order. */
#include "command/session.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "check/differences.h"
#include "command/output.h"
#include "command/progress.h"
#include "command/unfinished.h"

/* The program's texts: every -e, then the files, or standard input when there is neither. */
static void
read_sources (struct session *session)
{
  const struct options *options = &session->options;
  struct diagnostics *diagnostics = &session->diagnostics;
  session->program_name = "the program";
  size_t size = 0;
  for (size_t i = 0; i < options->expressions.count; i++)
    size += strlen (options->expressions.list[i]) + 1;
  if (size)
    {
      char *text = session_allocate (session, size, 1), *end = text;
      for (size_t i = 0; i < options->expressions.count; i++)
        end += sprintf (end, "%s%s", i ? "\n" : "", options->expressions.list[i]);
      sources_add (&session->sources, &session->memory, "<-e>", text, (size_t)(end - text));
      heap_give (text);
    }
  static const char *const standard[] = { "-" };
  struct texts files = options->files;
  if (!files.count && !options->expressions.count)
    files = (struct texts){ (const char **)standard, 1 };
  for (size_t i = 0; i < files.count; i++)
    {
      const char *path = files.list[i];
      bool is_standard = strcmp (path, "-") == 0;
      if (is_standard && isatty (STDIN_FILENO))
        fputs ("gradcalc: reading the program from the terminal; end it with Ctrl-D, or see gradcalc --help\n", stderr);
      int error
        = sources_read (&session->sources, &session->memory, path, is_standard ? "<stdin>" : path, SOURCE_LIMIT);
      if (error == EFBIG)
        diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "'%s': a program has at most 2 GiB", path);
      if (error)
        output_cannot_open_program (diagnostics, path, error);
    }
  session->program_sources = session->sources.count;
  if (session->sources.count == 1)
    session->program_name = session->sources.list[0].name;
}

/* The checker's report takes the place of gradients. */
static void
check_claims (struct session *session)
{
  session_judge (session);
  const struct report report
    = { .claims = &session->claims, .places = &session->sources, .reveal = session->options.reveal };
  session_write_checks (session, report, claims_status (&session->claims));
}

/* The program's own gradient against differences. */
static void
check_differences (struct session *session)
{
  const struct options *options = &session->options;
  const struct results *results = &session->results;
  const struct report *own = &results->report;
  size_t count = own->target_count * own->source_count;
  struct difference_target *targets = session_allocate (session, own->target_count, sizeof *targets);
  struct difference_source *sources = session_allocate (session, own->source_count, sizeof *sources);
  const double **gradients = session_allocate (session, count, sizeof *gradients);
  for (size_t t = 0; t < own->target_count; t++)
    targets[t] = (struct difference_target){ results->targets[t].slot, results->targets[t].value };
  for (size_t s = 0; s < own->source_count; s++)
    sources[s] = (struct difference_source){ results->sources[s].variable, results->sources[s].line == 0,
                                             results->sources[s].value };
  for (size_t i = 0; i < count; i++)
    gradients[i] = own->gradients[i].elements;
  struct difference_task task = { &session->run, targets, own->target_count, sources, own->source_count, gradients };
  struct difference_options checking = { options->rtol, options->atol, options->seed };
  struct differences differences;
  differences_find (&differences, &task, &checking);
  const struct report report = { .differences = &differences, .targets = own->targets, .sources = own->sources };
  session_write_checks (session, report, differences_status (&differences));
  differences_free (&differences);
  heap_give (targets);
  heap_give (sources);
  heap_give (gradients);
}

/* What is asked of a run's results. */
static struct result_options
asked_results (struct session *session)
{
  const struct options *options = &session->options;
  return (struct result_options){ .sum = options->sum,
                                  .value_only = options->value_only,
                                  .jacobian = options->jacobian,
                                  .hessian = options->hessian,
                                  .formulas = options->formula ? &session->formulas : NULL,
                                  .formula_format = options->format == FORMAT_LATEX ? TERM_LATEX
                                                    : options->format == FORMAT_C   ? TERM_C
                                                                                    : TERM_TEXT,
                                  .watch = session->watch.open ? &session->watch : NULL,
                                  .why = options->why.count,
                                  .derivation = options->trace && options->formula,
                                  .whole_trace = options->trace > 1,
                                  .sparse = options->sparse,
                                  .upstream = session->upstream,
                                  .upstream_count = options->upstream.count,
                                  .along = session->along,
                                  .along_count = options->along.count,
                                  .elasticity = options->elasticity,
                                  .digits = options->digits,
                                  .uncertain = session->uncertain,
                                  .uncertain_count = options->uncertain.count };
}

/* How results are printed. */
static void
set_style (const struct session *session, struct report *report)
{
  const struct options *options = &session->options;
  report->zero_unconnected = options->zero_unconnected;
  report->precision = options->precision;
  report->layout = options->layout;
  report->places = &session->sources;
  report->names = &session->names;
  report->format = options->format;
}

/* From the program's text to what is printed. */
static void
work (struct session *session)
{
  const struct options *options = &session->options;
  const char *reader = session_check_standard_input (session);
  if (session->team)
    session->team->check (session, reader);
  session_check_output (session);
  read_sources (session);
  if (options->key)
    session_read_key (session);
  else
    session_read_answers (session);
  if (!session_prepare (session))
    return;
  if (options->rows)
    {
      struct result_options asked = asked_results (session);
      struct report style = { 0 };
      set_style (session, &style);
      session_run_rows (session, &asked, &style);
      return;
    }
  run (&session->run);
  if (session->watch.open)
    watch_end (&session->watch);
  session_check_output (session);
  session_dump (session, "tape");
  if (options->key)
    {
      session_grade (session);
      return;
    }
  if (session->claims.count + session->claims.apart_count)
    {
      check_claims (session);
      return;
    }
  session_check_moved (session);
  struct result_options result_options = asked_results (session);
  results_find (&session->results, &session->run, &result_options);
  if (!options->along.count)
    results_say_choice (&session->results, options->value_only);
  if (options->check)
    {
      check_differences (session);
      return;
    }
  bool silent = options->quiet && options->format != FORMAT_JSON && !options->warnings.errors && !options->why.count;
  results_explain (&session->results, silent);
  if (!silent)
    results_trouble (&session->results);
  /* With -t what else there is was left aside on purpose. */
  if (!options->targets.count)
    session_check_unused (session);
  set_style (session, &session->results.report);
  session->results.report.terminal = options->format == FORMAT_TEXT && !options->output && session->at_terminal;
  session->results.report.whole = options->whole;
  if (options->layout == LAYOUT_COLUMNS)
    results_need_columns (&session->results);
  session->results.report.warned = options->warnings.first;
  output_write (&session->results.report, options->output, &session->diagnostics);
  if (options->strict && session->diagnostics.status == STATUS_DONE && !results_are_complete (&session->results))
    session->diagnostics.status = STATUS_WORLD;
}

static void
close_session (struct session *session)
{
  if (session->options.rows)
    session_close_rows (session);
  if (session->options.formula)
    symbolic_close (&session->formulas);
  session_close_run (session);
  arrays_close (&session->given);
  sources_free (&session->sources);
  warnings_free (&session->options.warnings);
  /* The claims, the results and all else that came from the heap. */
  memory_close (&session->memory);
}

static void
report_memory (struct session *session)
{
  struct memory *memory = &session->memory;
  uint32_t place = session->run.place;
  session->diagnostics.mute = false;
  session->diagnostics.first = NULL;
  struct span span = session->run.program && place ? run_span (&session->run, place) : NOWHERE;
  output_out_of_memory (&session->diagnostics, memory, span, session->options.max_memory.text);
}

/* The command line, then what it asks for. */
static void
obey (struct session *session, int count, char **words)
{
  const struct options *options = &session->options;
  for (int i = 1; i < count; i++)
    session->words += strlen (words[i]) + 1;
  options_read (&session->options, &session->memory, count, words);
  session->memory.limit = options->max_memory.bytes;
  warnings_open (&session->options.warnings, &session->memory);
  session->diagnostics.quiet = options->quiet;
  session->diagnostics.color = options->color;
  if (options->help)
    output_function (options->help, true, &session->diagnostics, stdout);
  else if (options->list == LIST_FUNCTIONS && options->files.count)
    for (size_t i = 0; i < options->files.count; i++)
      output_function (options->files.list[i], i == 0, &session->diagnostics, stdout);
  else if (options->list == LIST_FUNCTIONS || options->list == LIST_FORMATS)
    output_list_static (options->list == LIST_FUNCTIONS, stdout);
  else if (options->merge && !session->team)
    session_merge (session);
  else
    {
      progress_begin (session);
      work (session);
    }
}

void
session_open_streams (struct session *session)
{
  /* Given, it is neither allocated nor are its kind and size asked for by the library; as small as this it shares a
     page with what is in use anyway. What is long is gathered by who prints it. */
  static char text[1 << 11];
  session->at_terminal = isatty (STDOUT_FILENO);
  setvbuf (stdout, text, session->at_terminal ? _IOLBF : _IOFBF, sizeof text);
  /* A message goes out by lines: by its characters, as standard error is at first, a hundred thousand take seconds. */
  setvbuf (stderr, NULL, _IOLBF, BUFSIZ);
}

int
session_run (struct session *session, int count, char **words)
{
  jmp_buf stop, exhausted;
  session->memory.stop = session->memory.end = &exhausted;
  session->diagnostics = (struct diagnostics){ .sources = &session->sources,
                                               .memory = &session->memory,
                                               .warnings = &session->options.warnings,
                                               .out = stderr,
                                               .stop = &stop };
  if (setjmp (stop) == 0)
    {
      if (setjmp (exhausted) == 0)
        obey (session, count, words);
      else
        {
          progress_end ();
          /* Who kept messages has not come so far as to print them. */
          session->diagnostics.fault = NULL;
          report_memory (session);
        }
    }
  if (session->diagnostics.misread)
    {
      session->diagnostics.misread = false;
      session_say_wording (session, &session->run);
    }
  if (session->options.rows)
    session_end_rows (session);
  unfinished_abandon ();
  progress_end ();
  if (session->diagnostics.status != STATUS_PROGRAM)
    output_flush (stdout, &session->diagnostics);
  /* A message or what the program prints was lost: nobody can be told but by the status. */
  if (ferror (stderr) && session->diagnostics.status == STATUS_DONE)
    session->diagnostics.status = STATUS_WORLD;
  int status = (int)session->diagnostics.status;
  close_session (session);
  return status;
}
