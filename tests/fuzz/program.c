/* program.c -- any bytes through the whole pipeline, in this process: parse, compile, run, sweep, explain, print.

   A program that begins with `#` and a letter of `modes` is run as a command with those options; behind a line `#--`
   may stand answers for it to check, or the records of -r. A target of libFuzzer; replay.c runs it over files. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command/session.h"
#include "derive/derive.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum
{
  LONGEST = 1 << 14,
  MEMORY = 64 << 20, /* for more elements than that the sanitizers take too long to print */
  STEPS = 20000,
  FEW_STEPS = 500, /* of commands, which run a program many times */
  WORDS = 16
};

/* Options by letter. */
static const struct
{
  char letter;
  const char *words[8]; /* and NULL */
} modes[] = {
  { 'J', { "-J" } },
  { 'j', { "-J", "--sparse", "-f", "csv" } },
  { 'H', { "-H" } },
  { 'h', { "-H", "--sparse", "-f", "json" } },
  { 'A', { "--along", "x=1" } },
  { 'a', { "--along", "x=[1,2]", "-f", "tsv" } },
  { 'F', { "--formula" } },
  { 'L', { "--formula", "-f", "latex" } },
  { 'C', { "--formula", "-f", "c" } },
  { 'k', { "--check" } },
  { 'K', { "--check", "-f", "json" } },
  { 'c', { "-C", NULL } },
  { 'd', { "-f", "json", "-C", NULL } },
  { 'm', { "-f", "markdown", "-C", NULL } },
  { 'w', { "-w", "x,y", "--layout=wide", "-f", "csv" } },
  { 'r', { "-a", "-r", NULL } },
  { 'R', { "-I", "json", "-f", "json", "-a", "-r", NULL } },
  { 'n', { "-w", "x", "--bad-rows=nan", "--columns=x,y", "-r", NULL } },
  { 'N', { "-I", "tsv", "--bad-rows=skip", "-f", "text", "-r", NULL } },
  { 's', { "-s", "-W", "error", "--sum", "-f", "json" } },
};

/* A file in memory; its path, in `path`. */
static int
hold_text (const char *text, size_t size, char path[32])
{
  int file = memfd_create ("fuzz", 0);
  if (file < 0 || write (file, text, size) != (ssize_t)size)
    abort ();
  sprintf (path, "/dev/fd/%d", file);
  return file;
}

/* Runs a program as a command with the options of a mode; false when there is no such mode. */
static bool
command (char letter, const char *text, size_t size)
{
  static const char separator[] = "\n#--\n";
  char program_path[32], answers_path[32], limit[32];
  const char *words[WORDS] = { "gradcalc", "-o", "/dev/null", limit };
  int count = 4;
  size_t mode = 0;
  while (mode < sizeof modes / sizeof *modes && modes[mode].letter != letter)
    mode++;
  if (mode == sizeof modes / sizeof *modes)
    return false;
  const char *cut = memmem (text, size, separator, sizeof separator - 1);
  const char *answers = cut ? cut + sizeof separator - 1 : text + size;
  int program_file = hold_text (text, cut ? (size_t)(cut - text) : size, program_path);
  int answers_file = hold_text (answers, (size_t)(text + size - answers), answers_path);
  sprintf (limit, "--max-memory=%d", MEMORY);
  for (const char *const *word = modes[mode].words; *word; word++)
    {
      words[count++] = *word;
      if (strcmp (*word, "-C") == 0 || strcmp (*word, "-r") == 0)
        words[count++] = answers_path;
    }
  words[count++] = program_path;
  static struct session session;
  session = (struct session){ .steps = FEW_STEPS };
  session_run (&session, count, (char **)words);
  close (program_file);
  close (answers_file);
  return true;
}

static void
report_all (struct session *session)
{
  struct run *run = &session->run;
  struct result_options options = { .jacobian = false };
  results_find (&session->results, run, &options);
  results_explain (&session->results, false);
  results_trouble (&session->results);
  struct report *report = &session->results.report;
  report->warned = session->options.warnings.first;
  report->places = &session->sources;
  for (report->format = FORMAT_TEXT; report->format <= FORMAT_JSON; report->format++)
    report_write (report, session->diagnostics.out);
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
  sources_add (&session->sources, &session->memory, "<fuzz>", text, size);
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
  if (session->program.derives)
    derive_prepare (&session->program);
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
  if (size > 2 && data[0] == '#' && command ((char)data[1], (const char *)data, size))
    return 0;
  jmp_buf stop;
  session = (struct session){
    .memory = { .limit = MEMORY, .stop = &stop },
    .diagnostics = { .sources = &session.sources,
                     .memory = &session.memory,
                     .warnings = &session.options.warnings,
                     .out = nowhere,
                     .stop = &stop }
  };
  warnings_open (&session.options.warnings, &session.memory);
  if (setjmp (stop) == 0)
    work (&session, (const char *)data, size);
  run_close (&session.run);
  tape_close (&session.tape);
  program_close (&session.program);
  syntax_close (&session.syntax);
  syntax_close (&session.targets);
  names_close (&session.names);
  arrays_close (&session.arrays);
  sources_free (&session.sources);
  warnings_free (&session.options.warnings);
  memory_close (&session.memory);
  return 0;
}
