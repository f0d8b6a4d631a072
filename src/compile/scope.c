/* scope.c -- names: which register a name means, in the program and in its functions. */
#include <math.h>
#include <string.h>

#include "compile/compiler.h"

static const struct
{
  const char *name;
  struct value value;
} predefined[] = {
  { "pi", { .number = 3.14159265358979323846, .kind = KIND_REAL } },
  { "e", { .number = 2.71828182845904523536, .kind = KIND_REAL } },
  { "tau", { .number = 6.28318530717958647693, .kind = KIND_REAL } },
  { "inf", { .number = INFINITY, .kind = KIND_REAL } },
  { "nan", { .number = NAN, .kind = KIND_REAL } },
  { "true", { .number = 1, .kind = KIND_BOOLEAN } },
  { "false", { .number = 0, .kind = KIND_BOOLEAN } },
  { "None", { .kind = KIND_NONE } },
};

/* Words that stand in answers for what is not finite or not there, as results are printed here and elsewhere. */
static const struct
{
  const char *name;
  double number;
} answer_words[] = { { "none", NAN },     { "null", NAN },          { "NaN", NAN },
                     { "Inf", INFINITY }, { "Infinity", INFINITY }, { "oo", INFINITY } };

enum
{
  PREDEFINED = sizeof predefined / sizeof *predefined
};

static uint32_t *
head (const struct compiler *compiler, uint32_t name)
{
  return area_of (&compiler->heads, uint32_t) + name;
}

static struct binding *
binding_at (const struct compiler *compiler, uint32_t index)
{
  return area_of (&compiler->bindings, struct binding) + index;
}

static uint32_t
scope_count (const struct compiler *compiler)
{
  return (uint32_t)area_count (&compiler->scopes, struct scope);
}

static struct scope *
scope_at (const struct compiler *compiler, uint32_t scope)
{
  return area_of (&compiler->scopes, struct scope) + scope;
}

/* Makes a name local to a scope, in a register of it. */
static void
bind (struct compiler *compiler, uint32_t name, uint32_t scope, uint32_t slot, bool varies)
{
  uint32_t index = (uint32_t)area_count (&compiler->bindings, struct binding);
  *area_add (&compiler->bindings, struct binding)
    = (struct binding){ name, scope, slot, *head (compiler, name), varies };
  *head (compiler, name) = index + 1;
}

/* Whether a name is local to the innermost scope already. */
static bool
is_local (const struct compiler *compiler, uint32_t name)
{
  uint32_t index = scope_count (compiler) > 1 ? *head (compiler, name) : 0;
  return index && binding_at (compiler, index - 1)->scope == scope_count (compiler) - 1;
}

void
name_answer (struct compiler *compiler, uint32_t name, uint32_t slot, bool varies)
{
  bind (compiler, name, 0, slot, varies);
}

uint32_t
global_slot (struct compiler *compiler, uint32_t name)
{
  struct variable *variable = program_variable (compiler->program, name);
  if (variable->slot == UINT32_MAX)
    variable->slot = compiler->program->global_count++;
  return variable->slot | GLOBAL;
}

void
scopes_open (struct compiler *compiler)
{
  *area_add (&compiler->scopes, struct scope) = (struct scope){ .capture_first = 0 };
}

static void
add_capture (struct compiler *compiler, uint32_t from, uint32_t to, uint32_t global)
{
  *area_add (&compiler->captures, struct capture) = (struct capture){ from, to, global };
}

/* The nodes of a function's body, from its begin: up to its end. */
static const struct node *
body_end (const struct node *node)
{
  int depth = 0;
  for (;; node++)
    if (node->kind == SYNTAX_FUNCTION_BEGIN)
      depth++;
    else if (node->kind == SYNTAX_FUNCTION_END && --depth == 0)
      return node;
}

void
function_begin (struct compiler *compiler, const struct node *node)
{
  struct program *program = compiler->program;
  struct span span = node_span (node);
  if (node->op != FUNCTION_ANONYMOUS && scope_count (compiler) > 1)
    diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'def' inside a function");
  operands_flush (compiler, 0);
  uint32_t prototype = (uint32_t)area_count (&program->prototypes, struct prototype);
  uint32_t skip = emit (compiler, CODE_JUMP, 0, NO_JUMP, 0, 0, span);
  const struct node *end = body_end (node);
  *area_add (&program->prototypes, struct prototype)
    = (struct prototype){ .name = node->op == FUNCTION_ANONYMOUS ? UINT32_MAX : end[1].payload,
                          .entry = label_here (compiler),
                          .parameters = node->payload,
                          .span = span };
  uint32_t scope_index = scope_count (compiler);
  *area_add (&compiler->scopes, struct scope)
    = (struct scope){ .form = node->op,
                      .prototype = prototype,
                      .skip = skip,
                      .binding_base = (uint32_t)area_count (&compiler->bindings, struct binding),
                      .operand_base = (uint32_t)area_count (&compiler->operands, struct operand),
                      .block_base = (uint32_t)area_count (&compiler->blocks, struct block),
                      .capture_first = (uint32_t)area_count (&compiler->captures, struct capture) };
  struct scope *scope = scope_now (compiler);
  for (uint32_t i = 0; i < node->payload; i++)
    {
      const struct node *parameter = node - node->payload + i;
      if (is_local (compiler, parameter->payload))
        diagnose (compiler->diagnostics, SEVERITY_ERROR, node_span (parameter), "parameter '%s' stands twice",
                  names_text (compiler->names, parameter->payload));
      bind (compiler, parameter->payload, scope_index, scope->next++, true);
    }
  for (const struct node *inner = node + 1; inner < end; inner++)
    if (node->op == FUNCTION_ANONYMOUS)
      scope->local_next += inner->kind == SYNTAX_NAME;
    else if ((inner->kind == SYNTAX_TARGET || inner->kind == SYNTAX_FOR_BEGIN) && !is_local (compiler, inner->payload))
      {
        /* A name that the program assigns too begins with the value it has there. */
        struct variable *variable = program_variable (program, inner->payload);
        if (variable->flags & VARIABLE_ASSIGNED)
          add_capture (compiler, global_slot (compiler, inner->payload), scope->next, 0);
        else
          variable->flags |= VARIABLE_FOREIGN;
        bind (compiler, inner->payload, scope_index, scope->next++, true);
      }
  uint32_t room = scope->local_next;
  scope->local_next = scope->next;
  scope->next += room;
  scope->most = scope->floor = scope->next;
  for (uint32_t i = 0; i < node->payload; i++)
    {
      const struct node *parameter = node - node->payload + i;
      if (parameter->op)
        emit (compiler, CODE_SOURCE, SOURCE_PARAMETER, i, 0, 0, node_span (parameter));
    }
}

void
function_end (struct compiler *compiler, const struct node *node)
{
  struct program *program = compiler->program;
  struct scope *scope = scope_now (compiler);
  if (node->op == FUNCTION_LONG)
    emit (compiler, CODE_MISSING, 0, 0, 0, 0, node_span (node));
  else
    {
      struct operand result = operand_pop (compiler);
      uint32_t at = operand_place (compiler, &result);
      emit (compiler, CODE_RETURN, 0, 0, at, 0, node_span (node));
    }
  struct prototype *prototype = area_of (&program->prototypes, struct prototype) + scope->prototype;
  /* One at least: without any a frame would have no place on the stack. */
  prototype->registers = scope->most ? scope->most : 1;
  /* Captures are gathered apart while functions nest, and written down together here. */
  const struct capture *captures = area_of (&compiler->captures, struct capture) + scope->capture_first;
  uint32_t count = (uint32_t)area_count (&compiler->captures, struct capture) - scope->capture_first;
  uint32_t first = (uint32_t)area_count (&program->captures, struct capture);
  for (uint32_t i = 0; i < count; i++)
    *area_add (&program->captures, struct capture) = captures[i];
  if (scope->form == FUNCTION_ANONYMOUS)
    {
      prototype->captured = first;
      prototype->captured_count = count;
    }
  else
    {
      prototype->imported = first;
      prototype->imported_count = count;
    }
  compiler->captures.used = scope->capture_first * sizeof (struct capture);
  while (area_count (&compiler->bindings, struct binding) > scope->binding_base)
    {
      struct binding *binding = binding_at (compiler, (uint32_t)area_count (&compiler->bindings, struct binding) - 1);
      *head (compiler, binding->name) = binding->previous;
      compiler->bindings.used -= sizeof *binding;
    }
  struct scope closed = *scope;
  compiler->scopes.used -= sizeof *scope;
  jump_here (compiler, closed.skip);
  uint32_t target = register_new (compiler);
  emit (compiler, CODE_FUNCTION, 0, target, closed.prototype, 0, node_span (node));
  operand_push (compiler, (struct operand){ .at = target, .temporary = true, .span = node_span (node) });
}

uint32_t
variable_target (struct compiler *compiler, uint32_t name, struct span span, bool constant)
{
  if (is_local (compiler, name))
    return binding_at (compiler, *head (compiler, name) - 1)->slot;
  struct variable *variable = program_variable (compiler->program, name);
  if (variable->flags & VARIABLE_SEEN && (constant || variable->flags & VARIABLE_CONST))
    {
      const char *text = names_text (compiler->names, name);
      struct place place = sources_place (compiler->diagnostics->sources, variable->first);
      if (variable->flags & VARIABLE_CONST)
        diagnose (compiler->diagnostics, SEVERITY_ERROR, span,
                  "'%s' is const and cannot be bound again (bound at %zu:%zu)", text, place.line, place.column);
      else
        diagnose (compiler->diagnostics, SEVERITY_ERROR, span,
                  "'%s' is bound before (at %zu:%zu); 'const' belongs there", text, place.line, place.column);
    }
  if (constant)
    variable->flags |= VARIABLE_CONST;
  return global_slot (compiler, name);
}

/* Whether a variable of the program is a function by its definition. */
static bool
is_defined_function (const struct program *program, uint32_t name)
{
  const struct prototype *prototypes = area_of (&program->prototypes, struct prototype);
  for (size_t i = 0; i < area_count (&program->prototypes, struct prototype); i++)
    if (prototypes[i].name == name)
      return true;
  return false;
}

/* Suggestions for a name that is not there: for a call, functions; else variables that have a value by then, and what
   is predefined. */
struct candidates
{
  const struct compiler *compiler;
  bool called;
};

static const char *
candidate (size_t i, const void *data)
{
  const struct candidates *candidates = data;
  const struct compiler *compiler = candidates->compiler;
  size_t names = names_count (compiler->names);
  if (i < names)
    {
      uint32_t name = (uint32_t)i;
      bool known = program_variable (compiler->program, name)->flags & (VARIABLE_SEEN | VARIABLE_DEFINED)
                   || *head (compiler, name);
      known = known && (!candidates->called || is_defined_function (compiler->program, name));
      return known ? names_text (compiler->names, name) : NULL;
    }
  i -= names;
  if (i < PREDEFINED)
    return candidates->called ? NULL : predefined[i].name;
  i -= PREDEFINED;
  return *op_info[i].sign ? NULL : op_info[i].name;
}

static void
report_unknown (struct compiler *compiler, uint32_t name, struct span span, bool called)
{
  const char *text = names_text (compiler->names, name), *meant = NULL;
  if (!called && compiler->missing && compiler->missing (compiler->missing_data, text, span))
    return;
  struct candidates candidates = { compiler, called };
  if (!called || !elsewhere_function (text, &meant))
    meant
      = suggest (text, names_count (compiler->names) + PREDEFINED + (called ? OPS_NAMED : 0), candidate, &candidates);
  const char *otherwise = called ? NULL : elsewhere_written (compiler->diagnostics->sources, text, span);
  if (otherwise)
    {
      diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "'%s' is not defined%s", text, otherwise);
      return;
    }
  diagnose (compiler->diagnostics, SEVERITY_ERROR, span,
            called ? "no function '%s'%s%s%s" : "'%s' is not defined%s%s%s", text, meant ? "; did you mean '" : "",
            meant ? meant : "", meant ? "'?" : "");
  /* A hint will tell how to give it one; in answers and options nobody can. */
  const struct program *program = compiler->program;
  if (!called && !meant && !compiler->claims && !compiler->without_value && program->source_count
      && span.start < sources_end (compiler->diagnostics->sources, program->source_count))
    compiler->without_value = text;
}

static struct operand
variable_operand (uint32_t at, uint32_t name, struct span span)
{
  return (struct operand){ .at = at, .bare = true, .name = name, .span = span };
}

/* A name that an enclosing function has: each anonymous function in between takes it over from the one around it. */
static uint32_t
capture (struct compiler *compiler, uint32_t name, uint32_t owner, uint32_t from)
{
  for (uint32_t scope = owner + 1; scope < scope_count (compiler); scope++)
    {
      struct scope *inner = scope_at (compiler, scope);
      uint32_t to = inner->local_next++;
      uint32_t global = from & GLOBAL ? from : 0;
      /* Captures of several open scopes mix in one list, so each goes to the end of its own scope's part. */
      add_capture (compiler, 0, 0, 0);
      struct capture *captures = area_of (&compiler->captures, struct capture);
      size_t at = area_count (&compiler->captures, struct capture) - 1;
      size_t end = scope + 1 < scope_count (compiler) ? scope_at (compiler, scope + 1)->capture_first : at;
      memmove (&captures[end + 1], &captures[end], (at - end) * sizeof *captures);
      captures[end] = (struct capture){ from, to, global };
      for (uint32_t later = scope + 1; later < scope_count (compiler); later++)
        scope_at (compiler, later)->capture_first++;
      if (scope + 1 == scope_count (compiler))
        bind (compiler, name, scope, to, true);
      from = to;
    }
  return from;
}

struct operand
predefined_value (struct compiler *compiler, const char *name, struct span span, bool *known)
{
  size_t i = 0;
  while (i < PREDEFINED && strcmp (predefined[i].name, name) != 0)
    i++;
  *known = i < PREDEFINED;
  return *known ? operand_constant (compiler, predefined[i].value, span) : (struct operand){ .span = span };
}

/* A function of ops.def that is called. */
static struct operand
built_in (struct compiler *compiler, enum op op, struct span span)
{
  if (compiler->answers && op_asks_machine (op))
    diagnose (compiler->diagnostics, SEVERITY_ERROR, span, "an answer may not call '%s'", op_info[op].name);
  return (struct operand){ .function = true, .op = op, .span = span };
}

/* The register of a variable of the program that was assigned before, and is read here, outside of functions: most
   names are such. 0 of any other name; that register is not 0, for it is GLOBAL. */
static inline uint32_t
seen_register (struct compiler *compiler, uint32_t name)
{
  uint32_t *seen = area_of (&compiler->seen, uint32_t) + name;
  if (compiler->formula || scope_count (compiler) != 1 || !*seen)
    return 0;
  compiler->mentions = true;
  *seen |= SEEN_READ;
  return ((*seen & ~SEEN_READ) - 1) | GLOBAL;
}

void
variable_push (struct compiler *compiler, uint32_t name, struct span span, bool called)
{
  uint32_t at = seen_register (compiler, name);
  if (!at)
    {
      operand_push (compiler, variable_value (compiler, name, span, called));
      return;
    }
  struct operand *operand = operand_new (compiler);
  operand->at = at;
  operand->bare = true;
  operand->name = name;
  operand->span = span;
}

struct operand
variable_value (struct compiler *compiler, uint32_t name, struct span span, bool called)
{
  if (compiler->formula)
    return formula_name (compiler, name, span, called);
  uint32_t at = seen_register (compiler, name);
  if (at)
    return variable_operand (at, name, span);
  struct program *program = compiler->program;
  uint32_t innermost = scope_count (compiler) - 1;
  struct variable *variable = program_variable (program, name);
  uint32_t index = *head (compiler, name);
  compiler->mentions |= index && binding_at (compiler, index - 1)->varies;
  variable->flags |= VARIABLE_USED;
  if (index)
    {
      struct binding binding = *binding_at (compiler, index - 1);
      return variable_operand (
        binding.scope == innermost ? binding.slot : capture (compiler, name, binding.scope, binding.slot), name, span);
    }
  const char *text = names_text (compiler->names, name);
  if (!(variable->flags & VARIABLE_ASSIGNED))
    variable->flags |= VARIABLE_FOREIGN;
  if (!variable->op)
    variable->op = (uint16_t)(op_find (text, program->inner) + 1);
  enum op op = variable->op - 1;
  if (op < OPS && called && !(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)))
    return built_in (compiler, op, span);
  bool is_predefined;
  struct operand constant = predefined_value (compiler, text, span, &is_predefined);
  bool known = op < OPS || is_predefined;
  bool here = innermost == 0 && scope_now (compiler)->loops == 0;
  if (variable->flags & (VARIABLE_SEEN | VARIABLE_DEFINED) || (variable->flags & VARIABLE_ASSIGNED && !(here && known)))
    {
      compiler->mentions = true;
      if (here && !(variable->flags & (VARIABLE_SEEN | VARIABLE_DEFINED)))
        {
          struct place place = sources_place (compiler->diagnostics->sources, variable->first);
          diagnose (compiler->diagnostics, SEVERITY_ERROR, span,
                    "'%s' is used before it is assigned (first assigned at %zu:%zu)", text, place.line, place.column);
        }
      uint32_t slot = global_slot (compiler, name);
      if (innermost > 0 && scope_now (compiler)->form == FUNCTION_ANONYMOUS)
        {
          /* The outermost function around decides: a `def` looks names up when it is called, an `fn` when it is made.
           */
          uint32_t owner = scope_at (compiler, 1)->form == FUNCTION_ANONYMOUS ? 0 : 1;
          slot = capture (compiler, name, owner, slot);
        }
      return variable_operand (slot, name, span);
    }
  if (is_predefined)
    return constant;
  if (op < OPS && called)
    return built_in (compiler, op, span);
  if (op < OPS && op_is_formula (&op_info[op]))
    {
      diagnose (compiler->diagnostics, SEVERITY_ERROR, span,
                "'%s' is a formula: it can be called, or passed on within fn(...)", text);
      return operand_constant (compiler, value_number (KIND_REAL, NAN), span);
    }
  if (op_is_derivative (op))
    {
      program->derives = true;
      compiler->again |= compiler->streams;
    }
  if (op < OPS && compiler->answers)
    built_in (compiler, op, span);
  if (op < OPS)
    return operand_constant (compiler, value_number (KIND_FUNCTION, op), span);
  for (size_t i = 0; compiler->claims && i < sizeof answer_words / sizeof *answer_words; i++)
    if (strcmp (text, answer_words[i].name) == 0)
      return operand_constant (compiler, value_number (KIND_REAL, answer_words[i].number), span);
  report_unknown (compiler, name, span, called);
  return operand_constant (compiler, value_number (KIND_REAL, NAN), span);
}
