/* session_stages.c -- the stages of a command that hand-ins go through again and again. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "command/output.h"
#include "command/session.h"
#include "derive/derive.h"
#include "diagnose/diagnose.h"

/* Whether the program states claims. */
static bool
has_claims (const struct session *session)
{
  const struct node *nodes = area_of (&session->syntax.nodes, struct node);
  bool has = false;
  for (size_t i = 0; i < area_count (&session->syntax.nodes, struct node); i++)
    has |= nodes[i].kind == SYNTAX_CLAIM;
  return has;
}

/* Program and options, from text to register code; false after errors. A large program is compiled while it is parsed,
   unless something in it or in the options stands against it. */
static bool
compile_all (struct session *session)
{
  enum
  {
    LARGE = 1 << 20
  };
  const struct options *options = &session->options;
  struct diagnostics *diagnostics = &session->diagnostics;
  struct syntax *syntax = &session->syntax;
  struct program *program = &session->program;
  struct compile_options compile_options = { .targets = &session->targets,
                                             .claims = &session->answers,
                                             .random = random_of_run (options->seed, 0),
                                             .data_format = options->data_format };
  size_t count = session->program_sources, size = 0;
  for (size_t i = 0; i < count; i++)
    size += session->sources.list[i].size;
  names_open (&session->names, &session->memory);
  session->reading_count = 0;
  if (!session->given.memory)
    arrays_open (&session->given, &session->memory);
  syntax_open (syntax, &session->memory);
  syntax_open (&session->targets, &session->memory);
  syntax_open (&session->answers, &session->memory);
  arrays_open (&session->arrays, &session->memory);
  program_open (program, &session->memory, &session->names);
  program->source_count = count;
  session_read_wanted (session, &compile_options);
  bool good = true;
  for (size_t i = 0; i < options->targets.count; i++)
    good &= session_parse (session, &session->targets, "<-t>", options->targets.list[i]);
  good
    &= session->options.key && !session->grading.memory ? session_parse_key (session) : session_parse_claims (session);
  bool done = good && size > LARGE && !options->rows && !options->data.count
              && session_read_claims (session, &compile_options) && !options->definitions.count
              && compile_while_parsing (program, syntax, diagnostics, &compile_options);
  if (!done)
    {
      program_close (program);
      syntax_close (syntax);
      syntax_open (syntax, &session->memory);
      program_open (program, &session->memory, &session->names);
      program->source_count = count;
      if (!parse (syntax, &session->names, diagnostics, 0, count, PARSE_PROGRAM, NULL))
        {
          session_say_wording (session, NULL);
          good = false;
        }
      good = good && session_read_claims (session, &compile_options);
    }
  sources_rest (&session->sources);
  if (good && !area_count (&syntax->nodes, struct node) && !syntax->forgotten)
    diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "%s%sthe program is empty",
                   count == 1 ? session->program_name : "", count == 1 ? ": " : "");
  if (!good)
    longjmp (*diagnostics->stop, 1);
  asked_set asked = options->asked;
  if (session->claims.count && has_claims (session))
    asked |= ASKED_BIT (ASKED_OWN_CLAIMS);
  if (!options_agree (asked, true, diagnostics))
    longjmp (*diagnostics->stop, 1);
  session_read_definitions (session);
  session_read_changes (session, &options->upstream, "-u", &session->upstream);
  session_read_changes (session, &options->along, "--along", &session->along);
  session_read_changes (session, &options->uncertain, "--uncertainty", &session->uncertain);
  if (options->data.count)
    session_read_data (session);
  compile_options.missing = session_say_no_data;
  compile_options.missing_data = session;
  if (options->rows && !session_open_rows (session, &compile_options))
    return false;
  compile_options.definitions = session->definitions;
  compile_options.definition_count = session->definition_count;
  if (done || compile (program, syntax, diagnostics, &compile_options))
    return true;
  session_say_wording (session, NULL);
  return false;
}

void
session_dump (struct session *session, const char *stage)
{
  const char *wanted = getenv ("GRADCALC_DUMP");
  if (!wanted || !strstr (wanted, stage))
    return;
  if (strcmp (stage, "syntax") == 0)
    syntax_dump (program_syntax (&session->program, &session->diagnostics), &session->names, stderr);
  else if (strcmp (stage, "program") == 0)
    program_dump (&session->program, stderr);
  else
    tape_dump (&session->tape, stderr);
}

/* What is asked of the run before it begins. */
static void
prepare_run (struct session *session)
{
  const struct options *options = &session->options;
  /* Claims are about points where a run may go on for longer than this one, which is told by what this one made. */
  session->run.steps = session->steps || !session->claims.count ? session->steps : SIZE_MAX;
  session->run_steps = session->run.steps;
  bool steps = (options->trace && !options->formula) || options->why.count || options->format == FORMAT_DOT;
  if (!session->claims.count && !options->formula && !options->hessian && !options->check && !steps && !options->digits)
    session->run.purpose = options->value_only ? PURPOSE_VALUES : PURPOSE_GRADIENTS;
  /* Records take several ways to the same digits, and calls are shared on one of them alone. */
  session->run.shares = session->run.purpose != PURPOSE_ANY && !options->rows;
  size_t claimed = area_count (&session->program.claimed, struct claimed);
  size_t faults = claimed ? claimed + area_count (&session->program.targets, struct target) : 0;
  session->run.faults = faults ? session_allocate (session, faults, sizeof *session->run.faults) : NULL;
  if (options->formula)
    symbolic_open (&session->formulas, &session->run);
  if (steps)
    watch_open (&session->watch, &session->run);
}

bool
session_prepare (struct session *session)
{
  const struct options *options = &session->options;
  session->memory.text = session->words + session->sources.total;
  if (!compile_all (session))
    return false;
  session_dump (session, "syntax");
  session_dump (session, "program");
  session_check_wanted (session);
  session_check_definitions (session);
  if (session->claims.count
      && !claims_resolve (&session->claims, &session->program, session->wanted_given, &session->diagnostics))
    return false;
  session_attach_readings (session);
  if (!session->claims.count)
    output_note_rebound (&session->program, &session->diagnostics);
  if (options->list)
    output_list_names (&session->program, options->list == LIST_INPUTS, stdout);
  if (options->dry_run || options->list)
    return false;
  program_forget_syntax (&session->program);
  session->program.derives |= options->hessian;
  if (session->program.derives)
    derive_prepare (&session->program);
  tape_open (&session->tape, &session->memory, &session->arrays);
  session->tape.sweep = &session->sweep;
  run_open (&session->run, &session->program, &session->tape, &session->diagnostics);
  prepare_run (session);
  return true;
}

void
session_write_checks (struct session *session, struct report report, enum status status)
{
  const struct options *options = &session->options;
  report.format = options->format;
  report.precision = options->precision;
  report.names = &session->names;
  if (!options->quiet || options->format == FORMAT_JSON)
    output_write (&report, options->output, &session->diagnostics);
  /* In TAP what is undecided is a skipped test, and harnesses read any status as failure. */
  if (session->diagnostics.status == STATUS_DONE && !(options->format == FORMAT_TAP && status == STATUS_UNDECIDED))
    session->diagnostics.status = status;
}

void
session_judge (struct session *session)
{
  const struct options *options = &session->options;
  struct claim_options checking = { .points = options->points,
                                    .all_points = options->asked & ASKED_BIT (ASKED_POINTS),
                                    .turns = session->run_steps - session->run.steps,
                                    .rtol = options->rtol,
                                    .atol = options->atol,
                                    .seed = options->seed,
                                    .may_slip = diagnose_may_slip,
                                    .find_slip = diagnose_slip };
  claims_set_apart (&session->claims, &session->run, session->run.faults);
  claims_judge (&session->claims, &session->run, &checking);
  if (options->reveal >= REVEAL_HINT && !options->quiet)
    diagnose_claims (&session->claims);
  claims_put_back (&session->claims);
}

void
session_close_run (struct session *session)
{
  if (session->watch.open)
    watch_close (&session->watch);
  run_close (&session->run);
  tape_close (&session->tape);
  program_close (&session->program);
  syntax_close (&session->syntax);
  syntax_close (&session->targets);
  syntax_close (&session->answers);
  names_close (&session->names);
  arrays_close (&session->arrays);
  session->tape = (struct tape){ 0 };
  session->program = (struct program){ 0 };
  session->arrays = (struct arrays){ 0 };
}
