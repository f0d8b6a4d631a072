/* session_words.c -- what options name and give: values, names, definitions. */
#include "command/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "command/output.h"
#include "derive/derive.h"
#include "file/file.h"

void *
session_allocate (struct session *session, size_t count, size_t size)
{
  return heap_take_zeroed (&session->memory, count, size, "the command line");
}

bool
session_parse (struct session *session, struct syntax *syntax, const char *name, const char *text)
{
  size_t first = session->sources.count;
  sources_add (&session->sources, &session->memory, name, text, strlen (text));
  return parse (syntax, &session->names, &session->diagnostics, first, 1, PARSE_EXPRESSIONS, NULL);
}

/* The file of -d, without a name before it. */
static const char *
data_path (const char *text)
{
  const char *equals = strchr (text, '=');
  return equals && names_is_name (text, (size_t)(equals - text)) ? equals + 1 : text;
}

/* Takes down that `who` reads standard input; ends the run if something else does too. */
static void
add_reader (struct session *session, const char **reader, const char *who)
{
  if (*reader)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "%s and %s would both read standard input; give one of them as a file", *reader, who);
  *reader = who;
}

const char *
session_check_standard_input (struct session *session)
{
  const struct options *options = &session->options;
  const char *reader = NULL;
  bool is_program = !options->files.count && !options->expressions.count;
  for (size_t i = 0; i < options->files.count; i++)
    is_program |= strcmp (options->files.list[i], "-") == 0;
  if (is_program)
    add_reader (session, &reader, "the program");
  for (size_t i = 0; i < options->answers.count; i++)
    if (strcmp (options->answers.list[i], "-") == 0)
      add_reader (session, &reader, "--answers");
  if (options->rows && strcmp (options->rows, "-") == 0)
    add_reader (session, &reader, "--rows");
  if (options->key && strcmp (options->key, "-") == 0)
    add_reader (session, &reader, "--key");
  for (size_t i = 0; i < options->data.count; i++)
    if (strcmp (data_path (options->data.list[i]), "-") == 0)
      add_reader (session, &reader, "--data");
  for (size_t i = 0; i < options->definitions.count; i++)
    {
      const char *text = options->definitions.list[i], *equals = strchr (text, '=');
      if (equals && strcmp (equals + 1, "@-") == 0)
        add_reader (session, &reader,
                    heap_format (&session->memory, "the command line", "-D %.*s", (int)(equals - text), text));
    }
  return reader;
}

/* Ends the run if -o is a file that is read. */
static void
refuse_output (struct session *session, const char *path)
{
  struct stat input, output;
  const char *name = session->options.output;
  if (strcmp (path, "-") != 0 && stat (path, &input) == 0 && stat (name, &output) == 0 && S_ISREG (output.st_mode)
      && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "-o: '%s' is read, and would be overwritten; write to another file", name);
}

void
session_check_output (struct session *session)
{
  const struct options *options = &session->options;
  if (!options->output)
    return;
  for (size_t i = 0; i < options->files.count; i++)
    refuse_output (session, options->files.list[i]);
  for (size_t i = 0; i < options->answers.count; i++)
    refuse_output (session, options->answers.list[i]);
  if (options->rows)
    refuse_output (session, options->rows);
  if (options->key)
    refuse_output (session, options->key);
  for (size_t i = 0; i < options->data.count; i++)
    refuse_output (session, data_path (options->data.list[i]));
  for (size_t i = 0; i < options->definitions.count; i++)
    {
      const char *value = strstr (options->definitions.list[i], "=@");
      if (value)
        refuse_output (session, value + 2);
    }
  /* The files that the program loaded; before it has run there are none. */
  const struct loaded *loaded = area_of (&session->run.files, struct loaded);
  for (size_t i = 0; i < area_count (&session->run.files, struct loaded); i++)
    refuse_output (session, loaded[i].path);
}

/* The name of an option's value as messages have it, without what marks it as no file: "-D x" of "<-D x>". */
static const char *
bare (const char *source, int *size)
{
  *size = (int)strlen (source) - 2;
  return source + 1;
}

/* "<-D x>": as messages call the value that an option gives to a name. */
static const char *
name_option (struct session *session, const char *option, const char *name, int size)
{
  return heap_format (&session->memory, "the command line", "<%s %.*s>", option, size, name);
}

/* The array in the file of @FILE or, for @-, on standard input. */
static struct array *
file_value (struct session *session, const char *path)
{
  bool is_standard = strcmp (path, "-") == 0;
  struct array *array = file_read (&session->given, &session->diagnostics, is_standard ? NULL : path,
                                   session->options.data_format, NULL, NULL);
  if (!array)
    longjmp (*session->diagnostics.stop, 1);
  return array;
}

/* The value of an expression that stands alone: one number or array. NULL after a message. */
static struct array *
only_value (struct session *session, const char *source, const struct program *program, const struct run *run)
{
  const struct target *targets = area_of (&program->targets, struct target);
  size_t count = area_count (&program->targets, struct target);
  const struct value *value = area_of (&run->globals, struct value) + (targets[0].slot & REGISTER_MASK);
  int size;
  const char *name = bare (source, &size);
  char text[VALUE_TEXT];
  if (count > 1)
    diagnose (
      &session->diagnostics, SEVERITY_ERROR, targets[1].span,
      "%.*s: expected one number or array, found %zu expressions (numbers have a decimal point, arrays brackets)", size,
      name, count);
  else if (value->kind == KIND_ARRAY)
    return array_hold (value->array);
  else if (value_is_number (value))
    {
      struct array *array = array_new (&session->given, value_type (value), &(struct shape){ .rank = 0 });
      array->elements[0] = value->number;
      return array;
    }
  else
    diagnose (&session->diagnostics, SEVERITY_ERROR, targets[0].span, "%.*s: expected a number or an array, found %s",
              size, name, value_describe (text, value));
  return NULL;
}

/* The value of NAME=VALUE: a file's array, or what an expression of its own gives. `source` is as name_option has it.
 */
static struct array *
option_value (struct session *session, const char *source, const char *text)
{
  struct diagnostics *diagnostics = &session->diagnostics;
  /* Nothing is run for a list of names, and no file read. */
  if (session->options.list)
    {
      struct array *array = array_new (&session->given, TYPE_REAL, &(struct shape){ .rank = 0 });
      array->elements[0] = 0;
      return array;
    }
  if (*text == '@')
    return file_value (session, text + 1);
  if (file_has_suffix (text) && access (text, F_OK) == 0)
    {
      int size;
      const char *name = bare (source, &size);
      diagnose_stop (diagnostics, STATUS_PROGRAM, NOWHERE, "%.*s: '%s' is a file; did you mean '@%s'?", size, name,
                     text, text);
    }
  struct syntax empty = { 0 }, syntax;
  struct program program;
  struct tape tape;
  struct run run_once;
  struct compile_options compile_options = { .targets = &syntax,
                                             .random = random_of_run (session->options.seed, ++session->option_runs),
                                             .data_format = session->options.data_format };
  syntax_open (&syntax, &session->memory);
  program_open (&program, &session->memory, &session->names);
  tape_open (&tape, &session->memory, &session->given);
  struct array *array = NULL;
  if (session_parse (session, &syntax, source, text) && compile (&program, &empty, diagnostics, &compile_options))
    {
      if (program.derives)
        derive_prepare (&program);
      run_open (&run_once, &program, &tape, diagnostics);
      run (&run_once);
      array = only_value (session, source, &program, &run_once);
      run_close (&run_once);
    }
  tape_close (&tape);
  program_close (&program);
  syntax_close (&syntax);
  if (!array)
    longjmp (*diagnostics->stop, 1);
  return array;
}

void
session_read_definitions (struct session *session)
{
  const struct texts *texts = &session->options.definitions;
  /* Values are read once, also where the program is compiled again, with other numbers for its names. */
  for (size_t i = 0; i < session->definition_count; i++)
    session->definitions[i].name = names_intern (&session->names, session->defined[i], strlen (session->defined[i]));
  if (session->definitions)
    return;
  session->definitions = session_allocate (session, texts->count, sizeof *session->definitions);
  session->defined = session_allocate (session, texts->count, sizeof *session->defined);
  for (size_t i = 0; i < texts->count; i++)
    {
      const char *text = texts->list[i], *equals = strchr (text, '=');
      if (!equals)
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "-D: expected NAME=VALUE, found '%s'", text);
      while (*text == ' ')
        text++;
      size_t size = (size_t)(equals - text);
      while (size && text[size - 1] == ' ')
        size--;
      if (!names_is_name (text, size))
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "-D: '%.*s' is not a name", (int)size, text);
      uint32_t name = names_intern (&session->names, text, size);
      size_t at = 0;
      while (at < session->definition_count && session->definitions[at].name != name)
        at++;
      session->definition_count += at == session->definition_count;
      session->defined[at] = heap_copy (&session->memory, text, size, "the command line");
      /* Of several for one name the last counts. */
      const char *source = name_option (session, "-D", text, (int)size);
      session->definitions[at] = (struct definition){ .name = name,
                                                      .array = option_value (session, source, equals + 1),
                                                      .of_file = equals[1] == '@' };
    }
}

void
session_read_changes (struct session *session, const struct texts *texts, const char *option, struct upstream **list)
{
  struct upstream *changes = *list = session_allocate (session, texts->count, sizeof *changes);
  for (size_t i = 0; i < texts->count; i++)
    {
      const char *text = texts->list[i], *equals = strrchr (text, '=');
      if (!equals)
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s: expected NAME=VALUE, found '%s'", option,
                       text);
      size_t size = (size_t)(equals - text);
      while (size && text[size - 1] == ' ')
        size--;
      changes[i].name = heap_copy (&session->memory, text, size, "the command line");
      changes[i].seed = option_value (session, name_option (session, option, text, (int)size), equals + 1);
    }
}

void
session_read_wanted (struct session *session, struct compile_options *compile_options)
{
  bool why = session->options.why.count;
  const struct texts *texts = why ? &session->options.why : &session->options.wanted;
  size_t count = 0, most = 0;
  for (size_t i = 0; i < texts->count; i++)
    for (const char *p = texts->list[i]; p; p = strchr (p + 1, ','))
      most++;
  session->wanted = session_allocate (session, most, sizeof *session->wanted);
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
        if (!names_is_name (p, name_size) || (at && (end != p + size || line == 0 || at[1] < '0' || at[1] > '9')))
          diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s: '%.*s' is not a name%s",
                         why ? "--why" : "-w", (int)size, p,
                         *p != '-' ? "" : why ? "; does --why lack its argument?" : "; does -w lack its argument?");
        session->wanted[count] = (struct wanted){ heap_copy (&session->memory, p, size, "the command line"),
                                                  names_intern (&session->names, p, name_size), line, false };
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

static _Noreturn void
refuse_name (struct session *session, const char *option, const char *text)
{
  const struct program *program = &session->program;
  const char *meant = program_suggest (program, text, UINT32_MAX);
  struct output_list inputs = { 0 }, others = { 0 };
  output_names (program, &inputs, &others);
  diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s: '%s' is not a variable of %s%s%s%s (%s%s%s%s%s)",
                 option, text, session->program_name, meant ? "; did you mean '" : "", meant ? meant : "",
                 meant ? "'?" : "", inputs.used ? "inputs: " : "", inputs.text, inputs.used && others.used ? "; " : "",
                 others.used ? "others: " : "", others.text);
}

uint32_t
session_require_variable (struct session *session, const char *option, const char *text)
{
  if (!names_is_name (text, strlen (text)))
    diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                   "%s: '%s' is not a name; each takes an option of its own", option, text);
  uint32_t name = names_find (&session->names, text, strlen (text));
  if (name >= area_count (&session->program.variables, struct variable)
      || !(program_variable (&session->program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)))
    refuse_name (session, option, text);
  return name;
}

void
session_check_wanted (struct session *session)
{
  const struct program *program = &session->program;
  const char *option = session->options.why.count ? "--why" : "-w";
  for (size_t i = 0; i < session->wanted_given; i++)
    {
      uint32_t name = program->wanted[i].name;
      if (program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
        {
          if (program->wanted[i].line && !is_bound_on (session, name, program->wanted[i].line))
            diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE, "%s: %s is not bound on line %zu of %s",
                           option, names_text (&session->names, name), program->wanted[i].line, session->program_name);
          continue;
        }
      refuse_name (session, option, names_text (&session->names, name));
    }
}

void
session_check_unused (struct session *session)
{
  const struct program *program = &session->program;
  struct area marks; /* bool by register among the globals: a result is about it */
  area_open (&marks, &session->memory, program->global_count + 1, "the variables");
  bool *reported = area_push (&marks, program->global_count + 1);
  results_mark (&session->results, reported);
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    {
      const struct variable *variable = program_variable (program, name);
      const char *text = names_text (&session->names, name);
      if (!(variable->flags & VARIABLE_ASSIGNED)
          || variable->flags & (VARIABLE_USED | VARIABLE_DEFINED | VARIABLE_LOOP | VARIABLE_WANTED | VARIABLE_UNNAMED)
          || *text == '_' || (variable->slot != UINT32_MAX && reported[variable->slot]))
        continue;
      struct span span = { variable->first, variable->length };
      warn (&session->diagnostics, WARNING_UNUSED, NULL, span, "'%s' is never used", text);
    }
  area_close (&marks);
}

void
session_check_definitions (struct session *session)
{
  const struct program *program = &session->program;
  for (size_t i = 0; i < program->definition_count; i++)
    {
      const struct variable *variable = program_variable (program, program->definitions[i].name);
      if (variable->flags & (VARIABLE_USED | VARIABLE_ASSIGNED) || program->definitions[i].is_fixed)
        continue;
      const char *text = names_text (&session->names, program->definitions[i].name);
      /* The name itself is known by now: another one is wanted. */
      const char *meant = program_suggest (program, text, program->definitions[i].name);
      warn (&session->diagnostics, WARNING_DEFINE, NULL, NOWHERE, "-D: '%s' is never used in %s%s%s%s", text,
            session->program_name, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
    }
}
