/* program.c -- any bytes through the whole pipeline, in this process: parse, compile, run, sweep, explain, print.

   A target of libFuzzer; replay.c runs it over files. */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "base/warning.h"
#include "program/run.h"
#include "report/results.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum
{
  LONGEST = 1 << 14,
  MEMORY = 256 << 20,
  STEPS = 20000
};

struct session
{
  struct memory memory;
  struct sources sources;
  struct diagnostics diagnostics;
  struct warnings warnings;
  struct names names;
  struct arrays arrays;
  struct syntax syntax, targets;
  struct program program;
  struct tape tape;
  struct run run;
  struct results results;
};

static void
report_all (struct session *session)
{
  struct run *run = &session->run;
  struct result_options options = { .jacobian = false };
  results_find (&session->results, run, &options);
  results_explain (&session->results, false);
  results_trouble (&session->results);
  struct report *report = &session->results.report;
  report->warned = session->warnings.first;
  report->places = &session->sources;
  report_text (report, session->diagnostics.out);
  report_csv (report, ',', session->diagnostics.out);
  report_json (report, session->diagnostics.out);
}

/* Compiled in one go and while it is parsed, a program must be the same. */
static void
compile_both_ways (struct session *session, const struct compile_options *options)
{
  struct program *program = &session->program, streamed;
  struct syntax syntax;
  program_open (&streamed, &session->memory, &session->names);
  streamed.source_count = 1;
  syntax_open (&syntax, &session->memory);
  if (compile_while_parsing (&streamed, &syntax, &session->diagnostics, options)
      && (streamed.code.used != program->code.used
          || memcmp (streamed.code.start, program->code.start, program->code.used) != 0))
    abort ();
  syntax_close (&syntax);
  program_close (&streamed);
}

static void
work (struct session *session, const char *text, size_t size)
{
  struct compile_options options = { .targets = &session->targets };
  if (sources_add (&session->sources, "<fuzz>", text, size) != 0)
    return;
  session->memory.text = size;
  names_open (&session->names, &session->memory);
  syntax_open (&session->syntax, &session->memory);
  syntax_open (&session->targets, &session->memory);
  arrays_open (&session->arrays, &session->memory);
  program_open (&session->program, &session->memory, &session->names);
  session->program.source_count = 1;
  if (!parse (&session->syntax, &session->names, &session->diagnostics, 0, 1, PARSE_PROGRAM, NULL)
      || !area_count (&session->syntax.nodes, struct node)
      || !compile (&session->program, &session->syntax, &session->diagnostics, &options))
    return;
  compile_both_ways (session, &options);
  tape_open (&session->tape, &session->memory, &session->arrays);
  run_open (&session->run, &session->program, &session->tape, &session->diagnostics);
  session->run.steps = STEPS;
  run (&session->run);
  report_all (session);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static struct session session;
  static FILE *nowhere;
  if (!nowhere)
    nowhere = fopen ("/dev/null", "w");
  /* Files are the world's, not the program's. */
  if (!nowhere || size > LONGEST || memmem (data, size, "load", 4))
    return 0;
  jmp_buf stop;
  session = (struct session){ .memory = { .limit = MEMORY, .stop = &stop },
                              .diagnostics = { .sources = &session.sources,
                                               .warnings = &session.warnings,
                                               .out = nowhere,
                                               .stop = &stop } };
  if (setjmp (stop) == 0)
    work (&session, (const char *) data, size);
  results_free (&session.results);
  run_close (&session.run);
  tape_close (&session.tape);
  program_close (&session.program);
  syntax_close (&session.syntax);
  syntax_close (&session.targets);
  names_close (&session.names);
  arrays_close (&session.arrays);
  sources_free (&session.sources);
  warnings_free (&session.warnings);
  memory_close (&session.memory);
  return 0;
}
