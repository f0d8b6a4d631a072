/* compile.c -- syntax to register code, in one pass over the nodes. */
#include "compile/compiler.h"

#include <assert.h>
#include <string.h>

static bool
at_top (const struct compiler *compiler)
{
  return area_count (&compiler->scopes, struct scope) == 1;
}

/* The statement is over: its registers are free. */
void
statement_end (struct compiler *compiler)
{
  struct scope *scope = scope_now (compiler);
  scope->next = scope->floor;
  scope->held = 0;
  compiler->operands.used = scope->operand_base * sizeof (struct operand);
  compiler->pending.used = 0;
  compiler->mentions = false;
}

void
extend_tables (struct compiler *compiler)
{
  struct program *program = compiler->program;
  size_t known = area_count (&program->variables, struct variable), count = names_count (program->names);
  if (count == known)
    return;
  struct variable *variables = area_push (&program->variables, (count - known) * sizeof *variables);
  for (size_t i = 0; i < count - known; i++)
    variables[i].slot = UINT32_MAX;
  area_push (&compiler->heads, (count - known) * sizeof (uint32_t));
  area_push (&compiler->seen, (count - known) * sizeof (uint32_t));
}

/* The first of f, f1, f2, ... that the program does not use. */
static uint32_t
fresh_name (struct compiler *compiler)
{
  struct program *program = compiler->program;
  char name[16] = "f";
  for (uint32_t number = 1;; number++)
    {
      uint32_t id = names_intern (compiler->names, name, strlen (name));
      extend_tables (compiler);
      struct variable *variable = program_variable (program, id);
      if (!(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)))
        {
          variable->flags |= VARIABLE_FOREIGN;
          return id;
        }
      snprintf (name, sizeof name, "f%u", number);
    }
}

/* An expression alone keeps the name that it is, or gets one: f, f1, ... */
static void
compile_alone (struct compiler *compiler, const struct node *node)
{
  struct operand operand = operand_pop (compiler);
  if (!at_top (compiler))
    {
      operand_place (compiler, &operand);
      return;
    }
  if (operand.bare && operand.at & GLOBAL)
    {
      emit (compiler, CODE_ASSIGNED, 0, operand.at, 0, 0, node_span (node));
      return;
    }
  uint32_t id = fresh_name (compiler);
  program_variable (compiler->program, id)->flags |= VARIABLE_ASSIGNED | VARIABLE_UNNAMED;
  struct node target = { .start = node->start, .length = node->length, .payload = id };
  compiler->mentions = true;
  assign (compiler, &target, &operand);
}

static void
compile_statement (struct compiler *compiler, const struct node *node)
{
  struct span span = node_span (node);
  struct operand operand;
  uint32_t base;
  switch (node->kind)
    {
    case SYNTAX_ASSIGN:
      compile_assignment (compiler, node);
      break;
    case SYNTAX_DEFINE:
      {
        operand = operand_pop (compiler);
        uint32_t slot = variable_target (compiler, node->payload, span, false);
        operand_place_in (compiler, &operand, slot, 0);
        if (slot & GLOBAL)
          {
            program_variable (compiler->program, node->payload)->flags |= VARIABLE_SETTLED;
            variable_seen (compiler, node->payload, span);
            keep_wanted (compiler, node->payload, slot, span);
          }
        break;
      }
    case SYNTAX_EXPRESSION:
      compile_alone (compiler, node);
      break;
    case SYNTAX_BREAK:
    case SYNTAX_CONTINUE:
      compile_way_out (compiler, node);
      break;
    case SYNTAX_RETURN:
      if (at_top (compiler))
        diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'return' outside a function");
      else if (!node->payload)
        diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'return' needs a value");
      else
        {
          operand = operand_pop (compiler);
          uint32_t at = operand_place (compiler, &operand);
          emit (compiler, CODE_RETURN, 0, 0, at, 0, span);
        }
      break;
    default: /* PRINT, ASSERT */
      base = operands_place (compiler, node->payload);
      emit (compiler, node->kind == SYNTAX_PRINT ? CODE_PRINT : CODE_ASSERT, 0, 0, base, node->payload, span);
    }
  statement_end (compiler);
}

static bool
is_assignment (const struct node *node)
{
  return node->kind == SYNTAX_TARGET || node->kind == SYNTAX_DEFINE || node->kind == SYNTAX_FOR_BEGIN;
}

static void
mark_assigned (struct compiler *compiler, const struct node *node)
{
  struct variable *variable = program_variable (compiler->program, node->payload);
  compiler->again |= (variable->flags & VARIABLE_FOREIGN) != 0;
  variable->flags |= VARIABLE_ASSIGNED;
  if (variable->first)
    variable->flags |= VARIABLE_REBOUND;
  else
    {
      variable->first = node->start;
      variable->length = node->length;
    }
}

void
compile_node (struct compiler *compiler, const struct node *node)
{
  if (compiler->streams && is_assignment (node) && at_top (compiler))
    mark_assigned (compiler, node);
  switch (node->kind)
    {
    case SYNTAX_NOTHING:
    case SYNTAX_PARAM:
      break;
    case SYNTAX_TARGET:
      {
        struct operand *target = operand_new (compiler);
        target->name = node->payload;
        target->literal = node->op;
        target->span = node_span (node);
        break;
      }
    case SYNTAX_TARGET_INDEX:
      {
        /* The indices stay in registers until the value is known. */
        struct operand *operands = area_of (&compiler->operands, struct operand)
                                   + area_count (&compiler->operands, struct operand) - node->payload;
        for (uint32_t i = 0; i < node->payload; i++)
          if (operands[i].pending)
            {
              struct area pending = compiler->pending;
              operand_place_in (compiler, &operands[i], register_new (compiler), 0);
              compiler->pending.used = pending.used;
            }
        operands[-1].keyword = true; /* elements are assigned */
        break;
      }
    case SYNTAX_FUNCTION_BEGIN:
      function_begin (compiler, node);
      break;
    case SYNTAX_FUNCTION_END:
      function_end (compiler, node);
      break;
    case SYNTAX_WHILE_BEGIN:
    case SYNTAX_WHILE_TEST:
    case SYNTAX_WHILE_END:
    case SYNTAX_FOR_BEGIN:
    case SYNTAX_FOR_END:
      compile_loop (compiler, node);
      break;
    case SYNTAX_IF_TEST:
    case SYNTAX_IF_ELSE:
    case SYNTAX_IF_END:
      compile_if (compiler, node);
      break;
    case SYNTAX_ASSIGN:
    case SYNTAX_DEFINE:
    case SYNTAX_EXPRESSION:
    case SYNTAX_BREAK:
    case SYNTAX_CONTINUE:
    case SYNTAX_RETURN:
    case SYNTAX_PRINT:
    case SYNTAX_ASSERT:
      compile_statement (compiler, node);
      break;
    default:
      compile_expression (compiler, node);
    }
}

/* Marks the names that the program assigns anywhere outside of its functions: they come before built-in ones. */
static void
find_variables (struct compiler *compiler)
{
  const struct node *nodes = area_of (&compiler->syntax->nodes, struct node);
  int depth = 0;
  for (size_t i = 0; i < area_count (&compiler->syntax->nodes, struct node); i++)
    {
      depth += nodes[i].kind == SYNTAX_FUNCTION_BEGIN;
      depth -= nodes[i].kind == SYNTAX_FUNCTION_END;
      if (depth == 0 && is_assignment (&nodes[i]))
        mark_assigned (compiler, &nodes[i]);
    }
}

static void
open_tables (struct compiler *compiler, struct memory *memory)
{
  enum
  {
    GIGABYTE = 1 << 30
  };
  area_open_for_text (&compiler->operands, memory, 128, "the compiler");
  area_open_for_text (&compiler->pending, memory, 64, "the compiler");
  area_open (&compiler->bindings, memory, (size_t)16 * GIGABYTE, "the compiler");
  area_open_for_text (&compiler->scopes, memory, 64, "the compiler");
  area_open_for_text (&compiler->blocks, memory, 64, "the compiler");
  area_open (&compiler->captures, memory, (size_t)16 * GIGABYTE, "the compiler");
  area_open_for_text (&compiler->heads, memory, 16, "the compiler");
  area_open_for_text (&compiler->seen, memory, 16, "the compiler");
  lookup_open (&compiler->constants, memory, "the constants");
  area_open (&compiler->formulas, memory, OPS * 1024, "the formulas");
  scopes_open (compiler);
}

static void
close_tables (struct compiler *compiler)
{
  formulas_close (compiler);
  struct area *areas[]
    = { &compiler->operands, &compiler->pending, &compiler->bindings, &compiler->scopes,  &compiler->blocks,
        &compiler->captures, &compiler->heads,   &compiler->seen,     &compiler->formulas, &compiler->asked_of,
        &compiler->next_wanted };
  lookup_close (&compiler->constants);
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
}

/* Notes the names that options and claims ask for, so that each is found where it is bound, however many they are. */
static void
find_asked (struct compiler *compiler, const struct compile_options *options)
{
  struct program *program = compiler->program;
  size_t wanted = options->wanted_count, definitions = options->definition_count;
  if (!wanted && !definitions)
    return;
  struct memory *memory = compiler->names->memory;
  size_t names = names_count (compiler->names);
  struct asked_name *asked;
  area_open (&compiler->asked_of, memory, names * sizeof *asked, "the compiler");
  asked = area_push (&compiler->asked_of, names * sizeof *asked);
  uint32_t *next;
  area_open (&compiler->next_wanted, memory, wanted * sizeof *next, "the compiler");
  next = wanted ? area_push (&compiler->next_wanted, wanted * sizeof *next) : NULL;
  for (size_t i = wanted; i-- > 0;)
    {
      program_variable (program, options->wanted[i].name)->flags |= VARIABLE_WANTED;
      next[i] = asked[options->wanted[i].name].wanted;
      asked[options->wanted[i].name].wanted = (uint32_t)i + 1;
    }
  for (size_t i = definitions; i-- > 0;)
    asked[options->definitions[i].name].definition = (uint32_t)i + 1;
}

/* Inputs given with -D that the program mentions but does not assign stand before its first statement. */
static void
compile_definitions (struct compiler *compiler)
{
  struct program *program = compiler->program;
  for (size_t i = 0; i < program->definition_count; i++)
    {
      uint32_t name = program->definitions[i].name;
      struct variable *variable = program_variable (program, name);
      variable->flags |= VARIABLE_DEFINED;
      if (variable->flags & VARIABLE_ASSIGNED)
        continue;
      uint32_t slot = global_slot (compiler, name);
      uint32_t input = (uint32_t)area_count (&program->inputs, struct input);
      *area_add (&program->inputs, struct input) = (struct input){ name, slot, { 0, 0 } };
      emit (compiler, CODE_UNBOUND, 0, slot, 0, input, (struct span){ 0, 0 });
      emit (compiler, CODE_DEFINE, 0, slot, (uint32_t)i, input, (struct span){ 0, 0 });
      if (!program->definitions[i].is_fixed)
        emit (compiler, CODE_INPUT, 0, slot, 0, input, (struct span){ 0, 0 });
      variable->flags |= VARIABLE_SEEN | VARIABLE_SETTLED; /* not by the short way: that it is used must be noted */
      keep_wanted (compiler, name, slot, (struct span){ 0, 0 });
    }
}

static void
begin (struct compiler *compiler, struct program *program, struct syntax *syntax, struct diagnostics *diagnostics,
       const struct compile_options *options)
{
  *compiler
    = (struct compiler){ .program = program, .syntax = syntax, .names = program->names, .diagnostics = diagnostics };
  open_tables (compiler, program->names->memory);
  extend_tables (compiler);
  program->syntax = syntax;
  program->wanted = options->wanted;
  program->wanted_count = options->wanted_count;
  program->definitions = options->definitions;
  program->definition_count = options->definition_count;
  program->target_syntax = options->targets;
  program->claim_syntax = options->claims;
  program->random = options->random;
  program->data_format = options->data_format;
  compiler->missing = options->missing;
  compiler->missing_data = options->missing_data;
  find_asked (compiler, options);
}

static void
compile_nodes (struct compiler *compiler)
{
  const struct node *nodes = area_of (&compiler->syntax->nodes, struct node);
  enum
  {
    AHEAD = 24
  };
  const uint32_t *seen = area_of (&compiler->seen, uint32_t);
  for (size_t i = 0, end = area_count (&compiler->syntax->nodes, struct node); i < end; i++)
    {
      if (i + AHEAD < end && nodes[i + AHEAD].kind == SYNTAX_NAME)
        __builtin_prefetch (&seen[nodes[i + AHEAD].payload]);
      if (nodes[i].kind == SYNTAX_CLAIM)
        {
          /* It comes after everything else. */
          compiler->again |= compiler->streams;
          while (nodes[i].kind != SYNTAX_CLAIMED)
            i++;
          continue;
        }
      compile_node (compiler, &nodes[i]);
    }
}

/* Writes the code after the statements; without `whole` there was an error, and the code will be thrown away. */
static void
end (struct compiler *compiler, const struct syntax *targets, bool whole)
{
  const struct syntax *claims = compiler->program->claim_syntax;
  if (!compiler->streams)
    compile_claims (compiler, compiler->syntax);
  if (claims && (!compiler->streams || whole))
    compile_claims (compiler, claims);
  if (targets && whole)
    compile_targets (compiler, targets);
  emit (compiler, CODE_STOP, 0, 0, 0, 0, (struct span){ 0, 0 });
  struct program *program = compiler->program;
  program->main_registers = scope_now (compiler)->most;
  const uint32_t *seen = area_of (&compiler->seen, uint32_t);
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    if (seen[name] & SEEN_READ)
      program_variable (program, name)->flags |= VARIABLE_USED;
  close_tables (compiler);
}

bool
compile (struct program *program, struct syntax *syntax, struct diagnostics *diagnostics,
         const struct compile_options *options)
{
  int errors = diagnostics->errors;
  struct compiler compiler;
  begin (&compiler, program, syntax, diagnostics, options);
  find_variables (&compiler);
  find_sources (&compiler, options->targets);
  compile_definitions (&compiler);
  compile_nodes (&compiler);
  const char *name = compiler.without_value;
  end (&compiler, options->targets, true);
  if (name)
    diagnose (diagnostics, SEVERITY_HINT, NOWHERE, "give %s a value: %s = 2 in the program, or -D %s=2", name, name,
              name);
  return diagnostics->errors == errors;
}

/* Compiles statements that were just parsed. After the first doubt that is left. */
static void
take_statements (void *data)
{
  struct compiler *compiler = data;
  if (compiler->again || compiler->diagnostics->spoken)
    return;
  extend_tables (compiler);
  compile_nodes (compiler);
}

/* The places of a program that was compiled while it was parsed, by compiling it once more. */
static void
find_spans (struct program *program, struct diagnostics *diagnostics)
{
  struct diagnostics mute = *diagnostics;
  mute.mute = true;
  struct compile_options options = { .wanted = program->wanted,
                                     .wanted_count = program->wanted_count,
                                     .targets = program->target_syntax,
                                     .claims = program->claim_syntax };
  struct program again;
  program_open (&again, program->names->memory, program->names);
  compile (&again, (struct syntax *)program_syntax (program, diagnostics), &mute, &options);
  assert (again.code.used == program->code.used);
  program->spans = again.spans;
  again.spans = (struct area){ 0 };
  program_close (&again);
}

bool
compile_while_parsing (struct program *program, struct syntax *syntax, struct diagnostics *diagnostics,
                       const struct compile_options *options)
{
  struct diagnostics mute = *diagnostics;
  mute.mute = true;
  mute.spoken = 0;
  program->find_spans = find_spans;
  struct compiler compiler;
  begin (&compiler, program, syntax, &mute, options);
  compiler.streams = true;
  struct taker taker = { take_statements, &compiler };
  parse (syntax, program->names, &mute, 0, program->source_count, PARSE_PROGRAM, &taker);
  take_statements (&compiler);
  if (!mute.spoken && !compiler.again)
    extend_tables (&compiler);
  end (&compiler, options->targets, !mute.spoken && !compiler.again);
  return !mute.spoken && !compiler.again;
}
