/* assignment.c -- what variables and elements are bound to. */
#include "compile/compiler.h"

void
keep_wanted (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span)
{
  const struct program *program = compiler->program;
  if (!(program_variable (program, name)->flags & VARIABLE_WANTED))
    return;
  size_t line = 0;
  const uint32_t *next = area_of (&compiler->next_wanted, uint32_t);
  for (uint32_t i = asked_name (compiler, name).wanted; i; i = next[i - 1])
    {
      if (program->wanted[i - 1].line && !line)
        line = sources_place (compiler->diagnostics->sources, span.start).line;
      if (!program->wanted[i - 1].line || program->wanted[i - 1].line == line)
        emit (compiler, CODE_KEEP, 0, slot, 0, i - 1, span);
    }
}

void
bind_source (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span)
{
  if (program_variable (compiler->program, name)->flags & VARIABLE_SOURCE)
    emit (compiler, CODE_SOURCE, SOURCE_PLAIN, slot, 0, 0, span);
}

/* Binds a variable whose value may be the very value of another one; before it is kept for -w. A constant is no source
   of -w, but may be one of the program's own derivatives. */
static void
bind_shared (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span)
{
  uint32_t flags = program_variable (compiler->program, name)->flags;
  if (flags & VARIABLE_SOURCE || (flags & VARIABLE_WANTED && !(flags & VARIABLE_CONST)))
    emit (compiler, CODE_SOURCE, SOURCE_SHARED, slot, 0, 0, span);
}

void
variable_seen (struct compiler *compiler, uint32_t name, struct span span)
{
  struct variable *variable = program_variable (compiler->program, name);
  if (!(variable->flags & VARIABLE_SEEN))
    {
      variable->first = span.start;
      variable->length = span.length < UINT16_MAX ? (uint16_t)span.length : UINT16_MAX;
    }
  variable->flags |= VARIABLE_SEEN;
  uint32_t *seen = &area_of (&compiler->seen, uint32_t)[name];
  *seen = (*seen & SEEN_READ) | (variable->slot + 1);
}

/* Two functions surround the assignment of a whole variable of the program. The one before it says whether this may be
   the first assignment, which may make an input of the variable. */
static uint32_t
before_assignment (struct compiler *compiler, uint32_t name, uint32_t slot, struct span span, bool constant)
{
  struct program *program = compiler->program;
  struct variable *variable = program_variable (program, name);
  bool defined = variable->flags & VARIABLE_DEFINED;
  bool sure = !(variable->flags & VARIABLE_SEEN);
  if (compiler->mentions && !defined)
    return UINT32_MAX;
  /* Once an assignment outside of blocks was passed, none can be the first. */
  if (!sure && variable->flags & VARIABLE_SETTLED)
    return UINT32_MAX;
  if (area_count (&compiler->blocks, struct block) == 0)
    variable->flags |= VARIABLE_SETTLED;
  if (constant && !defined)
    return UINT32_MAX;
  uint32_t input = (uint32_t)area_count (&program->inputs, struct input);
  *area_add (&program->inputs, struct input) = (struct input){ name, slot, span };
  emit (compiler, CODE_UNBOUND, 0, slot, 0, input, span);
  return input;
}

/* Whether a name has a value from outside that is no input. */
static bool
is_fixed (const struct compiler *compiler, uint32_t name)
{
  uint32_t definition = asked_name (compiler, name).definition;
  return definition && compiler->program->definitions[definition - 1].is_fixed;
}

static void
after_assignment (struct compiler *compiler, uint32_t name, uint32_t slot, uint32_t input, struct span span, bool noted)
{
  struct program *program = compiler->program;
  struct variable *variable = program_variable (program, name);
  variable_seen (compiler, name, span);
  if (area_count (&compiler->blocks, struct block) == 0)
    variable->flags |= VARIABLE_SETTLED;
  if (input != UINT32_MAX)
    {
      if (variable->flags & VARIABLE_DEFINED)
        emit (compiler, CODE_DEFINE, 0, slot, asked_name (compiler, name).definition - 1, input, span);
      if (!(variable->flags & VARIABLE_CONST) && !is_fixed (compiler, name))
        emit (compiler, CODE_INPUT, 0, slot, 0, input, span);
    }
  keep_wanted (compiler, name, slot, span);
  if (!noted)
    emit (compiler, CODE_ASSIGNED, 0, slot, 0, 0, span);
}

void
assign (struct compiler *compiler, const struct node *target, struct operand *value)
{
  struct span span = node_span (target);
  uint32_t slot = variable_target (compiler, target->payload, span, target->op);
  bool global = slot & GLOBAL;
  uint32_t input = global ? before_assignment (compiler, target->payload, slot, span, target->op) : UINT32_MAX;
  bool group = global && value->pending, shared = value->shared;
  operand_place_in (compiler, value, slot, group ? GROUP_ASSIGNS : 0);
  if (shared)
    bind_shared (compiler, target->payload, slot, span);
  if (global)
    after_assignment (compiler, target->payload, slot, input, span, group);
  if (!shared)
    bind_source (compiler, target->payload, slot, span);
}

/* x[i, j] = value: the operands are the target, its indices, and the value. */
static void
assign_element (struct compiler *compiler, const struct node *node, uint32_t indices)
{
  struct operand *operands
    = area_of (&compiler->operands, struct operand) + area_count (&compiler->operands, struct operand) - indices - 2;
  struct operand target = operands[0], value = operands[indices + 1];
  struct span span = node_span (node);
  if (node->op != SIGN_NONE)
    {
      /* The indices are read twice: first for the element as it is. */
      uint32_t base = scope_now (compiler)->next;
      emit (compiler, CODE_MOVE, 0, register_new (compiler),
            variable_value (compiler, target.name, target.span, false).at, 0, span);
      for (uint32_t i = 0; i < indices; i++)
        emit (compiler, CODE_MOVE, 0, register_new (compiler), operands[1 + i].at, 0, operands[1 + i].span);
      struct operand old = { .at = register_new (compiler), .temporary = true, .span = target.span };
      emit (compiler, CODE_ROUTINE, ROUTINE_INDEX, old.at, base, indices + 1, target.span);
      struct operand pair[2] = { old, value };
      value = operand_step (compiler, program_operator (node->op, 2), pair, span);
    }
  uint32_t slot = variable_target (compiler, target.name, target.span, false);
  uint32_t base = register_new (compiler);
  operand_place_in (compiler, &value, register_new (compiler), 0);
  for (uint32_t i = 0; i < indices; i++)
    operand_place_in (compiler, &operands[1 + i], register_new (compiler), 0);
  emit (compiler, CODE_REPLACE, 0, slot, base, indices + 2, span);
  if (slot & GLOBAL)
    {
      variable_seen (compiler, target.name, target.span);
      keep_wanted (compiler, target.name, slot, target.span);
      emit (compiler, CODE_ASSIGNED, 0, slot, 0, 0, target.span);
    }
  bind_source (compiler, target.name, slot, target.span);
}

void
compile_assignment (struct compiler *compiler, const struct node *node)
{
  struct operand *operands = area_of (&compiler->operands, struct operand) + scope_now (compiler)->operand_base;
  uint32_t count = (uint32_t)(area_count (&compiler->operands, struct operand) - scope_now (compiler)->operand_base);
  struct node target = { .kind = SYNTAX_TARGET };
  struct operand *value = &operands[count - 1];
  if (node->payload == 1 && operands[0].keyword)
    {
      assign_element (compiler, node, count - 2);
      return;
    }
  if (node->payload > 1)
    {
      operand_place (compiler, value);
      for (uint32_t i = 0; i < node->payload; i++)
        {
          struct operand item = { .at = register_new (compiler), .temporary = true, .span = value->span };
          emit (compiler, CODE_UNPACK, node->payload, item.at, value->at, i, value->span);
          target.start = operands[i].span.start;
          target.length = (uint16_t)operands[i].span.length;
          target.payload = operands[i].name;
          assign (compiler, &target, &item);
        }
      return;
    }
  struct operand sum = *value;
  target.start = operands[0].span.start;
  target.length = (uint16_t)operands[0].span.length;
  target.payload = operands[0].name;
  target.op = operands[0].literal;
  if (node->op != SIGN_NONE)
    {
      struct operand pair[2] = { variable_value (compiler, target.payload, operands[0].span, false), sum };
      enum op op = program_operator (node->op, 2);
      sum = operand_step (compiler, op, pair, node_span (node));
    }
  assign (compiler, &target, &sum);
}
