/* rehearsal.c -- the program's names and what they are, before there are answers to be read. */
#include "command/rehearsal.h"

#include <string.h>

#include "base/heap.h"
#include "derive/derive.h"
#include "machine/again.h"

/* The program by itself, in names of its own. */
struct rehearsal
{
  struct session *session;
  struct diagnostics diagnostics;
  struct names names;
  struct definition *definitions; /* by these names */
  struct syntax syntax;
  struct program program;
  struct again again;
  jmp_buf stop;
};

static bool
parse_program (struct rehearsal *rehearsal)
{
  struct session *session = rehearsal->session;
  rehearsal->diagnostics = session->diagnostics;
  rehearsal->diagnostics.mute = true;
  rehearsal->diagnostics.warnings = NULL;
  names_open (&rehearsal->names, &session->memory);
  syntax_open (&rehearsal->syntax, &session->memory);
  return parse (&rehearsal->syntax, &rehearsal->names, &rehearsal->diagnostics, 0, session->program_sources,
                PARSE_PROGRAM, NULL);
}

void
rehearsal_add_names (const struct syntax *syntax, const struct names *names, struct vocabulary *words)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    {
      bool defines = nodes[i].kind == SYNTAX_DEFINE;
      if (!defines && nodes[i].kind != SYNTAX_TARGET && nodes[i].kind != SYNTAX_FOR_BEGIN)
        continue;
      const char *name = names_text (names, nodes[i].payload);
      vocabulary_add (words, name, strlen (name), (struct known){ .kind = defines ? KNOWN_FUNCTION : KNOWN_VALUE });
    }
}

void
rehearsal_add_definitions (const struct session *session, struct vocabulary *words)
{
  for (size_t i = 0; i < session->definition_count; i++)
    {
      const char *name = names_text (&session->names, session->definitions[i].name);
      vocabulary_add (words, name, strlen (name), (struct known){ .kind = KNOWN_VALUE });
    }
}

bool
rehearsal_find_names (struct session *session, struct vocabulary *words)
{
  struct rehearsal rehearsal = { .session = session };
  bool good = parse_program (&rehearsal);
  if (good)
    rehearsal_add_names (&rehearsal.syntax, &rehearsal.names, words);
  rehearsal_add_definitions (session, words);
  syntax_close (&rehearsal.syntax);
  names_close (&rehearsal.names);
  return good;
}

static struct known
known_of (const struct value *value, bool computed)
{
  struct known known = { .kind = KNOWN_OTHER, .computed = computed };
  if (value_is_numeric (value))
    known = (struct known){ KNOWN_VALUE, .shaped = true, .computed = computed, .shape = value_shape (value) };
  else if (value->kind == KIND_FUNCTION)
    known.kind = KNOWN_FUNCTION;
  else if (value->kind == KIND_NOTHING)
    known.kind = KNOWN_VALUE;
  return known;
}

static bool
is_input (const struct program *program, uint32_t name)
{
  const struct input *inputs = area_of (&program->inputs, struct input);
  for (size_t i = 0; i < area_count (&program->inputs, struct input); i++)
    if (inputs[i].name == name)
      return true;
  return false;
}

void
rehearsal_take_shapes (const struct run *run, struct vocabulary *words)
{
  const struct program *program = run->program;
  const struct value *globals = area_of (&run->globals, struct value);
  size_t inputs = 0;
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    {
      const struct variable *variable = program_variable (program, name);
      const char *text = names_text (program->names, name);
      if (variable->slot == UINT32_MAX || !vocabulary_knows (words, text, strlen (text)))
        continue;
      bool input = is_input (program, name) && !(variable->flags & VARIABLE_REBOUND);
      vocabulary_add (words, text, strlen (text), known_of (&globals[variable->slot & REGISTER_MASK], !input));
      if (variable->slot != UINT32_MAX && run->last == (variable->slot & REGISTER_MASK))
        words->target = names_text (&words->names, names_find (&words->names, text, strlen (text)));
      if (input && !(variable->flags & VARIABLE_CONST) && value_is_numeric (&globals[variable->slot & REGISTER_MASK]))
        {
          inputs++;
          words->input = names_text (&words->names, names_find (&words->names, text, strlen (text)));
        }
    }
  if (inputs != 1)
    words->input = NULL;
}

/* Compiles and runs; what stops it, stops it. */
static void
run_program_alone (struct rehearsal *rehearsal)
{
  struct session *session = rehearsal->session;
  size_t count = session->definition_count;
  rehearsal->definitions = heap_take_zeroed (&session->memory, count, sizeof *rehearsal->definitions, "the program");
  for (size_t i = 0; i < count; i++)
    {
      const char *name = names_text (&session->names, session->definitions[i].name);
      rehearsal->definitions[i] = session->definitions[i];
      rehearsal->definitions[i].name = names_intern (&rehearsal->names, name, strlen (name));
    }
  struct compile_options options = { .random = random_of_run (session->options.seed, 0),
                                     .data_format = session->options.data_format,
                                     .definitions = rehearsal->definitions,
                                     .definition_count = count };
  if (!compile (&rehearsal->program, &rehearsal->syntax, &rehearsal->diagnostics, &options))
    return;
  if (rehearsal->program.derives)
    derive_prepare (&rehearsal->program);
  again_open (&rehearsal->again, &rehearsal->program, &rehearsal->diagnostics, NULL);
  rehearsal->again.diagnostics.stop = &rehearsal->stop;
  rehearsal->again.run.steps = session->steps;
  session->memory.stop = &rehearsal->stop;
  if (setjmp (rehearsal->stop) == 0)
    run (&rehearsal->again.run);
}

void
rehearsal_find_shapes (struct session *session, struct vocabulary *words)
{
  struct memory *memory = &session->memory;
  jmp_buf *stop = memory->stop;
  struct rehearsal *rehearsal = heap_take_zeroed (memory, 1, sizeof *rehearsal, "the program");
  rehearsal->session = session;
  bool good = parse_program (rehearsal);
  program_open (&rehearsal->program, memory, &rehearsal->names);
  rehearsal->program.source_count = session->program_sources;
  if (good)
    run_program_alone (rehearsal);
  memory->stop = stop;
  if (rehearsal->again.run.program)
    {
      rehearsal_take_shapes (&rehearsal->again.run, words);
      again_close (&rehearsal->again);
    }
  program_close (&rehearsal->program);
  syntax_close (&rehearsal->syntax);
  names_close (&rehearsal->names);
  heap_give (rehearsal->definitions);
  heap_give (rehearsal);
}
