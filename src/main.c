/* main.c -- options in, the stages in order, status out. */
#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/file.h"
#include "options.h"
#include "program/run.h"
#include "report/claims.h"
#include "report/differences.h"
#include "report/output.h"
#include "report/results.h"
#include "syntax.h"

/* Everything that lives as long as the process; what a jump out of a stage leaves behind is given back from here. */
struct session
{
  struct options options;
  struct memory memory;
  struct sources sources;
  struct diagnostics diagnostics;
  struct names names;
  struct arrays arrays;
  struct syntax syntax, targets, answers;
  struct claims claims;
  struct program program;
  struct tape tape;
  struct run run;
  struct symbolic formulas;
  struct results results;
  struct wanted *wanted;
  size_t wanted_given; /* with -w; others are of claims */
  char **wanted_texts;
  struct definition *definitions;
  struct upstream *upstream, *along;
  uint64_t option_runs;     /* expressions of options that were run */
  size_t words;             /* bytes of the command line */
  const char *program_name; /* "loss.expr", or "the program" */
};

enum
{
  NOWHERE = 0
};
static const struct span nowhere = { NOWHERE, 0 };

static const char *
name_of (size_t i, const void *data)
{
  const struct session *session = data;
  const struct variable *variable = program_variable (&session->program, (uint32_t)i);
  return variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED) ? names_text (&session->names, (uint32_t)i) : NULL;
}

static _Noreturn void
out_of_room (struct session *session)
{
  diagnose_stop (&session->diagnostics, STATUS_WORLD, nowhere, "out of memory");
}

static void *
allocate (struct session *session, size_t count, size_t size)
{
  void *room = calloc (count ? count : 1, size);
  if (!room)
    out_of_room (session);
  return room;
}

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
      char *text = allocate (session, size, 1), *end = text;
      for (size_t i = 0; i < options->expressions.count; i++)
        end += sprintf (end, "%s%s", i ? "\n" : "", options->expressions.list[i]);
      int error = sources_add (&session->sources, "<-e>", text, (size_t)(end - text));
      free (text);
      if (error)
        out_of_room (session);
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
      int error = sources_read (&session->sources, path, is_standard ? "<stdin>" : path);
      if (error == EFBIG)
        diagnose_stop (diagnostics, STATUS_PROGRAM, nowhere, "'%s': a program has at most 2 GiB", path);
      if (error)
        output_cannot_open (diagnostics, path, error);
    }
  if (session->sources.count == 1)
    session->program_name = session->sources.list[0].name;
}

/* Adds an option's text as a source and parses it; the number of the source. */
static bool
parse_option (struct session *session, struct syntax *syntax, const char *name, const char *text)
{
  size_t first = session->sources.count;
  if (sources_add (&session->sources, name, text, strlen (text)) != 0)
    out_of_room (session);
  return parse (syntax, &session->names, &session->diagnostics, first, 1, PARSE_EXPRESSIONS, NULL);
}

/* The value of NAME=VALUE: a file's array, or what an expression of its own gives. */
static struct array *
option_value (struct session *session, const char *option, const char *text)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  if (*text == '@')
    {
      struct array *array = file_read (&session->arrays, diagnostics, text + 1, NULL, NULL);
      if (!array)
        longjmp (*diagnostics->stop, 1);
      return array;
    }
  struct syntax empty = { 0 }, syntax;
  struct program program;
  struct tape tape;
  struct run run_once;
  struct compile_options compile_options
    = { .targets = &syntax, .random = random_of_run (session->options.seed, ++session->option_runs) };
  syntax_open (&syntax, &session->memory);
  program_open (&program, &session->memory, &session->names);
  tape_open (&tape, &session->memory, &session->arrays);
  struct array *array = NULL;
  if (parse_option (session, &syntax, option, text) && compile (&program, &empty, diagnostics, &compile_options))
    {
      run_open (&run_once, &program, &tape, diagnostics);
      run (&run_once);
      const struct target *targets = area_of (&program.targets, struct target);
      const struct value *value = area_of (&run_once.globals, struct value) + (targets[0].slot & REGISTER_MASK);
      if (area_count (&program.targets, struct target) == 1 && value->kind == KIND_ARRAY)
        array = array_hold (value->array);
      else if (area_count (&program.targets, struct target) == 1 && value_is_number (value))
        {
          array = array_new (&session->arrays, value_type (value), &(struct shape){ .rank = 0 });
          array->elements[0] = value->number;
        }
      else
        diagnose (diagnostics, SEVERITY_ERROR, targets[0].span, "%s: the value must be a number or an array",
                  strcmp (option, "<-D>") == 0   ? "-D"
                  : strcmp (option, "<-u>") == 0 ? "-u"
                                                 : "--along");
      run_close (&run_once);
    }
  tape_close (&tape);
  program_close (&program);
  syntax_close (&syntax);
  if (!array)
    longjmp (*diagnostics->stop, 1);
  return array;
}

static bool
is_name (const char *text, size_t size)
{
  if (size == 0 || (text[0] >= '0' && text[0] <= '9'))
    return false;
  for (size_t i = 0; i < size; i++)
    {
      unsigned char c = (unsigned char)text[i];
      if (!(c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')))
        return false;
    }
  return true;
}

static void
read_definitions (struct session *session)
{
  const struct texts *texts = &session->options.definitions;
  session->definitions = allocate (session, texts->count, sizeof *session->definitions);
  for (size_t i = 0; i < texts->count; i++)
    {
      const char *text = texts->list[i], *equals = strchr (text, '=');
      if (!equals)
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "-D: expected NAME=VALUE, found '%s'", text);
      while (*text == ' ')
        text++;
      size_t size = (size_t)(equals - text);
      while (size && text[size - 1] == ' ')
        size--;
      if (!is_name (text, size))
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "-D: '%.*s' is not a name", (int)size, text);
      session->definitions[i].name = names_intern (&session->names, text, size);
      session->definitions[i].array = option_value (session, "<-D>", equals + 1);
    }
}

/* NAME=VALUE of -u or --along, each with its value, into a list that the session holds from the start. */
static void
read_changes (struct session *session, const struct texts *texts, const char *option, const char *source,
              struct upstream **list)
{
  struct upstream *changes = *list = allocate (session, texts->count, sizeof *changes);
  for (size_t i = 0; i < texts->count; i++)
    {
      const char *text = texts->list[i], *equals = strrchr (text, '=');
      if (!equals)
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "%s: expected NAME=VALUE, found '%s'", option,
                       text);
      size_t size = (size_t)(equals - text);
      while (size && text[size - 1] == ' ')
        size--;
      char *name = strndup (text, size);
      changes[i].name = name;
      if (!name)
        out_of_room (session);
      changes[i].seed = option_value (session, source, equals + 1);
    }
}

/* The names of -w: `x`, or `x@7` for what was bound to x on line 7. */
static void
read_wanted (struct session *session, struct compile_options *compile_options)
{
  const struct texts *texts = &session->options.wanted;
  size_t count = 0, most = 0;
  for (size_t i = 0; i < texts->count; i++)
    for (const char *p = texts->list[i]; p; p = strchr (p + 1, ','))
      most++;
  session->wanted = allocate (session, most, sizeof *session->wanted);
  session->wanted_texts = allocate (session, most, sizeof *session->wanted_texts);
  for (size_t i = 0; i < texts->count; i++)
    for (const char *p = texts->list[i]; p;)
      {
        while (*p == ' ')
          p++;
        const char *comma = strchr (p, ',');
        size_t size = comma ? (size_t)(comma - p) : strlen (p);
        while (size && p[size - 1] == ' ')
          size--;
        const char *at = memchr (p, '@', size);
        size_t name_size = at ? (size_t)(at - p) : size;
        char *end = NULL;
        unsigned long line = at ? strtoul (at + 1, &end, 10) : 0;
        if (!is_name (p, name_size) || (at && (end != p + size || line == 0 || at[1] < '0' || at[1] > '9')))
          diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "-w: '%.*s' is not a name%s", (int)size, p,
                         *p == '-' ? "; does -w lack its argument?" : "");
        session->wanted_texts[count] = strndup (p, size);
        if (!session->wanted_texts[count])
          out_of_room (session);
        session->wanted[count]
          = (struct wanted){ session->wanted_texts[count], names_intern (&session->names, p, name_size), line, false };
        count++;
        p = comma ? comma + 1 : NULL;
      }
  compile_options->wanted = session->wanted;
  session->wanted_given = compile_options->wanted_count = count;
}

/* Whether a name is bound on a line of the program. */
static bool
is_bound_on (struct session *session, uint32_t name, size_t line)
{
  const struct syntax *syntax = program_syntax (&session->program, &session->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if ((nodes[i].kind == SYNTAX_TARGET || nodes[i].kind == SYNTAX_FOR_BEGIN || nodes[i].kind == SYNTAX_DEFINE)
        && nodes[i].payload == name && sources_place (&session->sources, nodes[i].start).line == line)
      return true;
  return false;
}

/* A name given with -w that the program does not have: with what there is instead. */
static void
check_wanted (struct session *session)
{
  const struct program *program = &session->program;
  for (size_t i = 0; i < session->wanted_given; i++)
    {
      uint32_t name = program->wanted[i].name;
      if (program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
        {
          if (program->wanted[i].line && !is_bound_on (session, name, program->wanted[i].line))
            diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "-w: %s is not bound on line %zu of %s",
                           names_text (&session->names, name), program->wanted[i].line, session->program_name);
          continue;
        }
      const char *text = names_text (&session->names, name);
      const char *meant = suggest (text, area_count (&program->variables, struct variable), name_of, session);
      struct output_list inputs = { 0 }, others = { 0 };
      output_names (program, &inputs, &others);
      diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere,
                     "-w: '%s' is not a variable of %s%s%s%s (%s%s%s%s%s)", text, session->program_name,
                     meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "",
                     inputs.used ? "inputs: " : "", inputs.text, inputs.used && others.used ? "; " : "",
                     others.used ? "others: " : "", others.text);
    }
}

/* Names that are bound and never read, and not asked for either: a slip, or something left over. */
static void
check_unused (struct session *session)
{
  const struct program *program = &session->program;
  const struct results *results = &session->results;
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    {
      const struct variable *variable = program_variable (program, name);
      const char *text = names_text (&session->names, name);
      if (!(variable->flags & VARIABLE_ASSIGNED)
          || variable->flags & (VARIABLE_USED | VARIABLE_DEFINED | VARIABLE_LOOP | VARIABLE_WANTED | VARIABLE_UNNAMED)
          || *text == '_' || results_has (results, name, variable->slot))
        continue;
      struct span span = { variable->first, variable->length };
      warn (&session->diagnostics, WARNING_UNUSED, NULL, span, "'%s' is never used", text);
    }
}

static void
check_definitions (struct session *session)
{
  const struct program *program = &session->program;
  for (size_t i = 0; i < program->definition_count; i++)
    {
      const struct variable *variable = program_variable (program, program->definitions[i].name);
      if (variable->flags & (VARIABLE_USED | VARIABLE_ASSIGNED))
        continue;
      const char *text = names_text (&session->names, program->definitions[i].name);
      const char *meant = NULL;
      /* The name itself is known by now: another one is wanted. */
      struct output_others others = { program, program->definitions[i].name };
      meant = suggest (text, area_count (&program->variables, struct variable), output_other_name, &others);
      warn (&session->diagnostics, WARNING_DEFINE, NULL, nowhere, "-D: '%s' is never used in %s%s%s%s", text,
            session->program_name, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
    }
}

/* The claims of one source; there has to be one. */
static bool
parse_claim_lines (struct session *session, const char *option, const char *argument, size_t source)
{
  size_t before = session->answers.nodes.used;
  bool good = parse (&session->answers, &session->names, &session->diagnostics, source, 1, PARSE_CLAIMS, NULL);
  if (good && session->answers.nodes.used == before)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere,
                   "%s: there is no claim in '%s'; expected lines such as dloss/dw = 2*x", option, argument);
  return good;
}

/* The claims of a file of -C. */
static bool
parse_answers (struct session *session, const char *path)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  const struct options *options = &session->options;
  bool is_standard = strcmp (path, "-") == 0, program = !options->files.count && !options->expressions.count;
  for (size_t i = 0; i < options->files.count; i++)
    program |= strcmp (options->files.list[i], "-") == 0;
  if (is_standard && program)
    diagnose_stop (diagnostics, STATUS_PROGRAM, nowhere,
                   "the program and --answers would both read standard input; give one of them as a file");
  int error = sources_read (&session->sources, path, is_standard ? "<stdin>" : path);
  if (error)
    output_cannot_open (diagnostics, path, error);
  struct source source = session->sources.list[session->sources.count - 1];
  char *converted;
  bool good = claims_convert (diagnostics, source.name, source.text, source.size, &converted);
  if (good && converted)
    {
      size_t room = strlen (source.name) + sizeof " (as text)";
      char *name = area_push (&session->answers.characters, room);
      snprintf (name, room, "%s (as text)", source.name);
      if (sources_add (&session->sources, name, converted, strlen (converted)) != 0)
        out_of_room (session);
    }
  free (converted);
  return good && parse_claim_lines (session, "-C", path, session->sources.count - 1);
}

/* The claims of -c and -C. */
static bool
parse_claims (struct session *session)
{
  const struct options *options = &session->options;
  bool good = true;
  for (size_t i = 0; i < options->claims.count; i++)
    {
      const char *text = options->claims.list[i];
      size_t first = session->sources.count;
      if (sources_add (&session->sources, "<-c>", text, strlen (text)) != 0)
        out_of_room (session);
      good &= parse_claim_lines (session, "-c", text, first);
    }
  for (size_t i = 0; i < options->answers.count; i++)
    good &= parse_answers (session, options->answers.list[i]);
  return good;
}

/* What the claims of program and options name becomes wanted, and their expressions become targets. */
static bool
read_claims (struct session *session, struct compile_options *compile_options)
{
  struct claims *claims = &session->claims;
  claims_free (claims);
  claims->memory = &session->memory;
  size_t given = session->wanted_given;
  bool good = claims_read (claims, &session->syntax, &session->names, &session->diagnostics)
              & claims_read (claims, &session->answers, &session->names, &session->diagnostics);
  const char *text;
  for (size_t i = 0; good && (text = claims_expression (claims, i)); i++)
    good &= parse_option (session, &session->targets, "<claim>", text);
  struct wanted *wanted = realloc (session->wanted, (given + claims->wanted_count + 1) * sizeof *wanted);
  if (!wanted)
    out_of_room (session);
  session->wanted = wanted;
  if (claims->wanted_count)
    memcpy (wanted + given, claims->wanted, claims->wanted_count * sizeof *wanted);
  compile_options->wanted = wanted;
  compile_options->wanted_count = given + claims->wanted_count;
  return good;
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
  struct compile_options compile_options = { .definition_count = options->definitions.count,
                                             .targets = &session->targets,
                                             .claims = &session->answers,
                                             .random = random_of_run (options->seed, 0) };
  size_t count = session->sources.count, size = session->sources.total;
  names_open (&session->names, &session->memory);
  syntax_open (syntax, &session->memory);
  syntax_open (&session->targets, &session->memory);
  syntax_open (&session->answers, &session->memory);
  arrays_open (&session->arrays, &session->memory);
  program_open (program, &session->memory, &session->names);
  program->source_count = count;
  read_wanted (session, &compile_options);
  bool good = true;
  for (size_t i = 0; i < options->targets.count; i++)
    good &= parse_option (session, &session->targets, "<-t>", options->targets.list[i]);
  good &= parse_claims (session);
  bool done = good && size > LARGE && read_claims (session, &compile_options) && !options->definitions.count
              && compile_while_parsing (program, syntax, diagnostics, &compile_options);
  if (!done)
    {
      program_close (program);
      syntax_close (syntax);
      syntax_open (syntax, &session->memory);
      program_open (program, &session->memory, &session->names);
      program->source_count = count;
      good &= parse (syntax, &session->names, diagnostics, 0, count, PARSE_PROGRAM, NULL);
      good = good && read_claims (session, &compile_options);
    }
  sources_rest (&session->sources);
  if (good && !area_count (&syntax->nodes, struct node) && !syntax->forgotten)
    diagnose_stop (diagnostics, STATUS_PROGRAM, nowhere, "%s%sthe program is empty",
                   count == 1 ? session->program_name : "", count == 1 ? ": " : "");
  if (!good)
    longjmp (*diagnostics->stop, 1);
  read_definitions (session);
  read_changes (session, &options->upstream, "-u", "<-u>", &session->upstream);
  read_changes (session, &options->along, "--along", "<--along>", &session->along);
  compile_options.definitions = session->definitions;
  return done || compile (program, syntax, diagnostics, &compile_options);
}

static void
dump (struct session *session, const char *stage)
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

/* The checker's report takes the place of gradients. */
static void
check_claims (struct session *session)
{
  const struct options *options = &session->options;
  struct claim_options checking = options->checking;
  checking.seed = options->seed;
  checking.explains = options->reveal >= REVEAL_HINT && !options->quiet;
  claims_judge (&session->claims, &session->run, &checking);
  struct claim_report claims = { &session->claims, &session->sources, options->reveal, options->precision };
  struct report report = { .claims = &claims };
  if (!options->quiet)
    output_write (&report, options->format, options->output, &session->diagnostics);
  if (session->diagnostics.status == STATUS_DONE)
    session->diagnostics.status = claims_status (&session->claims);
}

/* The program's own gradient against differences. */
static void
check_differences (struct session *session)
{
  const struct options *options = &session->options;
  const struct results *results = &session->results;
  const struct report *own = &results->report;
  size_t count = own->target_count * own->source_count;
  struct difference_target *targets = allocate (session, own->target_count, sizeof *targets);
  struct difference_source *sources = allocate (session, own->source_count, sizeof *sources);
  const double **gradients = allocate (session, count, sizeof *gradients);
  for (size_t t = 0; t < own->target_count; t++)
    targets[t] = (struct difference_target){ results->targets[t].slot, results->targets[t].value };
  for (size_t s = 0; s < own->source_count; s++)
    sources[s] = (struct difference_source){ results->sources[s].variable, results->sources[s].line == 0,
                                             results->sources[s].value };
  for (size_t i = 0; i < count; i++)
    gradients[i] = own->gradients[i].elements;
  struct difference_task task = { &session->run, targets, own->target_count, sources, own->source_count, gradients };
  struct difference_options checking = { options->checking.rtol, options->checking.atol, options->seed };
  struct differences differences;
  differences_find (&differences, &task, &checking);
  struct difference_report found = { &differences, own->targets, own->sources, options->precision };
  struct report report = { .differences = &found };
  if (!options->quiet)
    output_write (&report, options->format, options->output, &session->diagnostics);
  if (session->diagnostics.status == STATUS_DONE)
    session->diagnostics.status = differences_status (&differences);
  differences_free (&differences);
  free (targets);
  free (sources);
  free (gradients);
}

/* From the program's text to what is printed. */
static void
work (struct session *session)
{
  const struct options *options = &session->options;
  read_sources (session);
  session->memory.text = session->words + session->sources.total;
  if (!compile_all (session))
    return;
  dump (session, "syntax");
  dump (session, "program");
  check_wanted (session);
  check_definitions (session);
  if (session->claims.count
      && !claims_resolve (&session->claims, &session->program, session->wanted_given, &session->diagnostics))
    return;
  if (!session->claims.count)
    output_note_rebound (&session->program, &session->diagnostics);
  if (options->dry_run)
    return;
  program_forget_syntax (&session->program);
  session->program.derives |= options->hessian;
  tape_open (&session->tape, &session->memory, &session->arrays);
  run_open (&session->run, &session->program, &session->tape, &session->diagnostics);
  if (options->formula)
    symbolic_open (&session->formulas, &session->run);
  run (&session->run);
  dump (session, "tape");
  if (options->list)
    {
      output_list_names (&session->run, options->list == LIST_INPUTS, stdout);
      return;
    }
  if (session->claims.count)
    {
      check_claims (session);
      return;
    }
  if (!options->check && (options->format == FORMAT_MARKDOWN || options->format == FORMAT_TAP))
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere,
                   "-f %s is for the report of a check: use -c, -C or -k",
                   options->format == FORMAT_TAP ? "tap" : "markdown");
  if ((options->format == FORMAT_LATEX || options->format == FORMAT_C) && !options->formula)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, nowhere, "-f %s is for formulas: use --formula",
                   options->format == FORMAT_C ? "c" : "latex");
  struct result_options result_options = { .sum = options->sum,
                                           .value_only = options->value_only,
                                           .jacobian = options->jacobian,
                                           .hessian = options->hessian,
                                           .formulas = options->formula ? &session->formulas : NULL,
                                           .formula_format = options->format == FORMAT_LATEX ? TERM_LATEX
                                                             : options->format == FORMAT_C   ? TERM_C
                                                                                             : TERM_TEXT,
                                           .sparse = options->sparse,
                                           .upstream = session->upstream,
                                           .upstream_count = options->upstream.count,
                                           .along = session->along,
                                           .along_count = options->along.count };
  results_find (&session->results, &session->run, &result_options);
  if (options->check)
    {
      check_differences (session);
      return;
    }
  bool silent = options->quiet && options->format != FORMAT_JSON && !options->warnings.errors;
  results_explain (&session->results, silent);
  if (!silent)
    results_trouble (&session->results);
  /* With -t what else there is was left aside on purpose. */
  if (!options->targets.count)
    check_unused (session);
  session->results.report.zero_unconnected = options->zero_unconnected;
  session->results.report.precision = options->precision;
  session->results.report.layout = options->layout;
  session->results.report.warned = options->warnings.first;
  session->results.report.places = &session->sources;
  output_write (&session->results.report, options->format, options->output, &session->diagnostics);
  if (options->strict && session->results.incomplete && session->diagnostics.status == STATUS_DONE)
    session->diagnostics.status = STATUS_WORLD;
}

static void
close_session (struct session *session)
{
  results_free (&session->results);
  symbolic_close (&session->formulas);
  claims_free (&session->claims);
  run_close (&session->run);
  tape_close (&session->tape);
  program_close (&session->program);
  syntax_close (&session->syntax);
  syntax_close (&session->targets);
  syntax_close (&session->answers);
  names_close (&session->names);
  arrays_close (&session->arrays);
  for (size_t i = 0; session->upstream && i < session->options.upstream.count; i++)
    free ((void *)session->upstream[i].name);
  for (size_t i = 0; session->along && i < session->options.along.count; i++)
    free ((void *)session->along[i].name);
  for (size_t i = 0; session->wanted_texts && i < session->wanted_given; i++)
    free (session->wanted_texts[i]);
  free (session->upstream);
  free (session->along);
  free (session->wanted);
  free (session->wanted_texts);
  free (session->definitions);
  sources_free (&session->sources);
  options_free (&session->options);
}

static void
report_memory (struct session *session)
{
  const struct memory *memory = &session->memory;
  uint32_t place = session->run.place;
  struct span span = session->run.program && place ? run_span (&session->run, place) : nowhere;
  output_out_of_memory (&session->diagnostics, memory, span, session->options.max_memory_text);
}

int
main (int count, char **words)
{
  static struct session session;
  for (int i = 0; i < count; i++)
    session.words += strlen (words[i]) + 1;
  options_read (&session.options, count, words);
  const struct options *options = &session.options;
  if (options->list == LIST_FUNCTIONS || options->list == LIST_FORMATS)
    {
      struct diagnostics plain = { .out = stderr };
      output_list_static (options->list == LIST_FUNCTIONS, stdout);
      output_flush (stdout, &plain);
      options_free (&session.options);
      return plain.status;
    }
  jmp_buf stop, exhausted;
  session.memory.limit = options->max_memory ? options->max_memory : memory_of_machine () / 4 * 3;
  session.memory.stop = &exhausted;
  session.diagnostics
    = (struct diagnostics){ .sources = &session.sources,
                            .warnings = &session.options.warnings,
                            .out = stderr,
                            .quiet = options->quiet,
                            .stop = &stop,
                            .color = output_has_color (options->color == COLOR_ALWAYS, options->color == COLOR_NEVER,
                                                       STDERR_FILENO) };
  if (setjmp (stop) == 0)
    {
      if (setjmp (exhausted) == 0)
        work (&session);
      else
        report_memory (&session);
    }
  if (session.diagnostics.status != STATUS_PROGRAM)
    output_flush (stdout, &session.diagnostics);
  int status = (int)session.diagnostics.status;
  close_session (&session);
  memory_close (&session.memory);
  return status;
}
