/* sources.c -- the variables that a program takes derivatives in, found before it is compiled.

   Only what is on the tape has a derivative, so a variable that grad(y, x) names has to be there before y is computed,
   also where no input reaches it. A parameter is known exactly; of other variables the name stands for all that have
   it, in whatever function: one too many on the tape costs a node, one too few its derivative. What `t = y` makes
   another name of the same value has to be there when y is bound. */
#include <string.h>

#include "compile/compiler.h"

enum
{
  NOTHING = UINT32_MAX,
  DERIVATIVES = OP_jvp - OP_grad + 1,
  PARTS = 2
};

/* The program, or the expressions of -t. Variables have numbers: names their own, then parameters those of their nodes,
   counted from `first`. */
struct part
{
  struct node *nodes;
  uint32_t count, first;
};

/* A variable may be bound to the very value that `of` has; those of one variable are chained. */
struct alias
{
  uint32_t of, next;
};

struct finder
{
  struct program *program;
  uint32_t derivatives[DERIVATIVES]; /* their names, or NOTHING */
  struct part parts[PARTS];
  const struct part *part; /* that is looked at */
  bool always;             /* a derivative is a value here: any function that is called may be one */
  struct area operands;    /* uint32_t: the last node of each value that waits for its operator */
  struct area functions;   /* uint32_t: where those begin that are open */
  struct area aliases;     /* struct alias */
  struct area heads;       /* uint32_t by variable: its last alias plus one */
  struct area waiting;     /* uint32_t: sources whose aliases are not marked yet */
};

/* Whether the program mentions a derivative at all: most do not, and pay nothing. */
static bool
find_derivatives (struct finder *finder)
{
  const struct names *names = finder->program->names;
  bool found = false;
  for (int k = 0; k < DERIVATIVES; k++)
    {
      const char *name = op_info[OP_grad + k].name;
      finder->derivatives[k] = names_find (names, name, strlen (name));
      found |= finder->derivatives[k] != NOTHING;
    }
  return found;
}

static bool
names_derivative (const struct finder *finder, const struct node *node)
{
  for (int k = 0; k < DERIVATIVES && node->kind == SYNTAX_NAME; k++)
    if (node->payload == finder->derivatives[k])
      return true;
  return false;
}

/* Whether what is called may be a derivative: by its name, or as a value that any function may be. */
static bool
may_derive (const struct finder *finder, const struct node *called)
{
  if (names_derivative (finder, called))
    return true;
  bool other = called->kind != SYNTAX_NAME
               || op_find (names_text (finder->program->names, called->payload), false) == OPS;
  return finder->always && other;
}

/* How many values a node takes, of which it makes one. */
static uint32_t
taken_by (const struct node *node)
{
  switch (node->kind)
    {
    case SYNTAX_BINARY:
    case SYNTAX_LOGIC:
      return 2;
    case SYNTAX_CHOICE:
      return 3;
    case SYNTAX_UNARY:
    case SYNTAX_TRANSPOSE:
    case SYNTAX_KEYWORD:
    case SYNTAX_FUNCTION_END:
      return 1;
    case SYNTAX_CALL:
    case SYNTAX_INDEX:
      return node->payload + 1;
    case SYNTAX_ARRAY:
      return node->payload;
    case SYNTAX_SLICE:
      return (uint32_t)__builtin_popcount (node->payload);
    default:
      return 0;
    }
}

static bool
is_value (const struct node *node)
{
  return node->kind == SYNTAX_NUMBER || node->kind == SYNTAX_NAME || node->kind == SYNTAX_STRING
         || node->kind == SYNTAX_ARRAY || node->kind == SYNTAX_SLICE || taken_by (node);
}

/* Resolves a name: a parameter of a function around, or any variable of that name. */
static uint32_t
variable_of (const struct finder *finder, uint32_t name)
{
  const struct node *nodes = finder->part->nodes;
  const uint32_t *functions = area_of (&finder->functions, uint32_t);
  for (size_t i = area_count (&finder->functions, uint32_t); i-- > 0;)
    for (uint32_t k = 1; k <= nodes[functions[i]].payload; k++)
      if (nodes[functions[i] - k].payload == name)
        return finder->part->first + functions[i] - k;
  return name;
}

/* The variable whose very value a node is. */
static uint32_t
variable_at (const struct finder *finder, uint32_t at)
{
  const struct node *node = &finder->part->nodes[at];
  return node->kind == SYNTAX_NAME ? variable_of (finder, node->payload) : NOTHING;
}

static void
mark (struct finder *finder, uint32_t variable)
{
  const struct part *part = &finder->parts[PARTS - 1];
  while (part > finder->parts && variable < part->first)
    part--;
  if (variable >= part->first)
    {
      struct node *parameter = &part->nodes[variable - part->first];
      if (parameter->op)
        return;
      parameter->op = 1;
    }
  else
    {
      struct variable *named = program_variable (finder->program, variable);
      if (named->flags & VARIABLE_SOURCE)
        return;
      named->flags |= VARIABLE_SOURCE;
    }
  *area_add (&finder->waiting, uint32_t) = variable;
}

/* The second argument of a derivative: a name, or a list of names. */
static void
mark_argument (struct finder *finder, uint32_t at)
{
  const struct node *nodes = finder->part->nodes;
  at -= nodes[at].kind == SYNTAX_KEYWORD;
  if (nodes[at].kind == SYNTAX_NAME)
    mark (finder, variable_at (finder, at));
  for (uint32_t i = 1; nodes[at].kind == SYNTAX_ARRAY && i <= nodes[at].payload; i++)
    if (nodes[at - i].kind == SYNTAX_NAME)
      mark (finder, variable_at (finder, at - i));
}

static void
add_alias (struct finder *finder, uint32_t variable, uint32_t of)
{
  if (of == NOTHING || of == variable)
    return;
  uint32_t *head = area_of (&finder->heads, uint32_t) + variable;
  *area_add (&finder->aliases, struct alias) = (struct alias){ of, *head };
  *head = (uint32_t)area_count (&finder->aliases, struct alias);
}

/* A name is bound to the value on top. */
static void
bind (struct finder *finder, uint32_t name)
{
  uint32_t variable = variable_of (finder, name);
  size_t count = area_count (&finder->operands, uint32_t);
  if (count)
    add_alias (finder, variable, variable_at (finder, area_of (&finder->operands, uint32_t)[count - 1]));
}

/* A name is assigned. Where it is a parameter, a derivative in it may be one in what it is bound to here, which the
   name stands for as other variables do. */
static void
bind_parameter (struct finder *finder, uint32_t name)
{
  uint32_t variable = variable_of (finder, name);
  if (variable != name)
    add_alias (finder, variable, name);
}

static void
visit_value (struct finder *finder, uint32_t at)
{
  const struct node *node = &finder->part->nodes[at];
  uint32_t taken = taken_by (node);
  size_t count = area_count (&finder->operands, uint32_t);
  if (count < taken)
    taken = (uint32_t)count; /* of a function with statements none is left */
  const uint32_t *operands = area_of (&finder->operands, uint32_t) + (count - taken);
  if (node->kind == SYNTAX_CALL && taken > 2 && may_derive (finder, &finder->part->nodes[operands[0]]))
    mark_argument (finder, operands[2]);
  if (node->kind == SYNTAX_FUNCTION_END)
    finder->functions.used -= sizeof (uint32_t);
  finder->operands.used -= taken * sizeof *operands;
  *area_add (&finder->operands, uint32_t) = at;
}

static void
visit (struct finder *finder, uint32_t at)
{
  const struct node *node = &finder->part->nodes[at], *target = node;
  if (is_value (node))
    {
      visit_value (finder, at);
      return;
    }
  switch (node->kind)
    {
    case SYNTAX_FUNCTION_BEGIN:
      *area_add (&finder->functions, uint32_t) = at;
      return;
    case SYNTAX_TARGET:
      bind_parameter (finder, node->payload);
      return;
    case SYNTAX_PARAM:
    case SYNTAX_TARGET_INDEX:
    case SYNTAX_LOGIC_LEFT:
    case SYNTAX_CHOICE_TEST:
    case SYNTAX_CHOICE_ELSE:
      return;
    case SYNTAX_ASSIGN:
      while (target->kind != SYNTAX_TARGET)
        target--;
      if (node->payload == 1 && node->op == SIGN_NONE)
        bind (finder, target->payload);
      break;
    case SYNTAX_FOR_BEGIN:
      bind_parameter (finder, node->payload);
      break;
    default:
      break;
    }
  /* The statement, or what it begins with, is over. */
  finder->operands.used = 0;
}

static void
visit_part (struct finder *finder, const struct part *part)
{
  finder->part = part;
  for (uint32_t i = 0; i < part->count && !finder->always; i++)
    finder->always = !part->nodes[i].op && names_derivative (finder, &part->nodes[i]);
  finder->operands.used = finder->functions.used = 0;
  for (uint32_t i = 0; i < part->count; i++)
    visit (finder, i);
}

void
find_sources (struct compiler *compiler, const struct syntax *targets)
{
  struct finder finder = { .program = compiler->program };
  if (!find_derivatives (&finder))
    return;
  const struct syntax *texts[PARTS] = { compiler->syntax, targets };
  uint32_t variables = (uint32_t)names_count (compiler->names);
  for (int i = 0; i < PARTS; i++)
    {
      struct part part = { .first = variables };
      if (texts[i])
        {
          part.nodes = area_of (&texts[i]->nodes, struct node);
          part.count = (uint32_t)area_count (&texts[i]->nodes, struct node);
        }
      variables += part.count;
      finder.parts[i] = part;
    }
  struct area *areas[]
    = { &finder.operands, &finder.functions, &finder.aliases, &finder.heads, &finder.waiting };
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_open (areas[i], compiler->names->memory, (size_t)32 << 30, "the compiler");
  area_push (&finder.heads, variables * sizeof (uint32_t));
  for (int i = 0; i < PARTS; i++)
    visit_part (&finder, &finder.parts[i]);
  for (size_t i = 0; i < area_count (&finder.waiting, uint32_t); i++)
    for (uint32_t link = area_of (&finder.heads, uint32_t)[area_of (&finder.waiting, uint32_t)[i]]; link;)
      {
        struct alias alias = area_of (&finder.aliases, struct alias)[link - 1];
        mark (&finder, alias.of);
        link = alias.next;
      }
  for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
    area_close (areas[i]);
}
