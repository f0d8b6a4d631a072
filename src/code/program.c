/* program.c -- a program: made, given back, and what is found again when a message needs it. */
#include "code/program.h"

enum op
program_operator (uint8_t sign, int operands)
{
  static const enum op unary[SIGNS] = { [SIGN_MINUS] = OP_negate, [SIGN_PLUS] = OP_plus, [SIGN_NOT] = OP_not };
  static const enum op binary[SIGNS] = { [SIGN_EQUAL] = OP_equal,     [SIGN_UNEQUAL] = OP_unequal,
                                         [SIGN_LESS] = OP_less,       [SIGN_LESS_EQUAL] = OP_less_equal,
                                         [SIGN_GREATER] = OP_greater, [SIGN_GREATER_EQUAL] = OP_greater_equal,
                                         [SIGN_PLUS] = OP_add,        [SIGN_MINUS] = OP_subtract,
                                         [SIGN_TIMES] = OP_multiply,  [SIGN_OVER] = OP_divide,
                                         [SIGN_MODULO] = OP_modulo,   [SIGN_POWER] = OP_power };
  return operands == 2 ? binary[sign] : unary[sign];
}

struct known
{
  const struct program *program;
  uint32_t but;
};

static const char *
known_name (size_t i, const void *data)
{
  const struct known *known = data;
  bool is_known
    = i != known->but && program_variable (known->program, (uint32_t)i)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED);
  return is_known ? names_text (known->program->names, (uint32_t)i) : NULL;
}

const char *
program_suggest (const struct program *program, const char *text, uint32_t but)
{
  const struct known known = { program, but };
  return suggest (text, area_count (&program->variables, struct variable), known_name, &known);
}

void
program_open (struct program *program, struct memory *memory, struct names *names)
{
  enum
  {
    GIGABYTE = 1 << 30
  };
  *program = (struct program){ .names = names };
  area_open_for_text (&program->code, memory, 128, "the program");
  area_open_for_text (&program->spans, memory, 64, "the program");
  area_open_for_text (&program->prototypes, memory, 64, "the program");
  area_open (&program->captures, memory, (size_t)4 * GIGABYTE, "the program");
  area_open_for_text (&program->variables, memory, 32, "the program");
  area_open_for_text (&program->constants, memory, 80, "the program");
  area_open_for_text (&program->inputs, memory, 64, "the program");
  area_open_for_text (&program->targets, memory, 64, "the program");
  area_open_for_text (&program->claimed, memory, 64, "the program");
  area_open_for_text (&program->claimed_names, memory, 64, "the program");
  area_open_for_text (&program->target_names, memory, 4, "the program");
}

void
program_close (struct program *program)
{
  if (program->deriver)
    program->deriver->forget (program);
  if (!program->names)
    return;
  area_close (&program->code);
  area_close (&program->spans);
  area_close (&program->prototypes);
  area_close (&program->captures);
  area_close (&program->variables);
  area_close (&program->constants);
  area_close (&program->inputs);
  area_close (&program->targets);
  area_close (&program->claimed);
  area_close (&program->claimed_names);
  area_close (&program->target_names);
}

void
program_forget_syntax (const struct program *program)
{
  enum
  {
    LARGE = 1 << 20
  };
  struct syntax *syntax = program->syntax;
  if (syntax->nodes.committed < LARGE && !syntax->forgotten)
    return;
  area_close (&syntax->nodes);
  area_close (&syntax->numbers);
  syntax->forgotten = true;
}

const struct syntax *
program_syntax (const struct program *program, struct diagnostics *diagnostics)
{
  struct syntax *syntax = program->syntax;
  if (!syntax->forgotten)
    return syntax;
  struct diagnostics mute = *diagnostics;
  mute.mute = true;
  struct syntax again;
  syntax_open (&again, program->names->memory);
  parse (&again, program->names, &mute, 0, program->source_count, PARSE_PROGRAM, NULL);
  area_close (&syntax->nodes);
  area_close (&syntax->numbers);
  /* Values may point to the characters of strings: the first ones stay. */
  syntax->nodes = again.nodes;
  syntax->numbers = again.numbers;
  area_close (&again.strings);
  area_close (&again.characters);
  syntax->forgotten = false;
  return syntax;
}

const struct area *
program_spans (const struct program *program, struct diagnostics *diagnostics)
{
  /* What a program says does not change by knowing its places. */
  if (!program->spans.used)
    program->find_spans ((struct program *)program, diagnostics);
  return &program->spans;
}
