/* session_inputs.c -- what is asked of names that have to be inputs. */
#include <stdio.h>
#include <string.h>

#include "command/output.h"
#include "command/session.h"

/* The target of the assignment that is a variable's first one; NULL when it is bound in another way. */
static const struct node *
first_target (const struct syntax *syntax, const struct variable *variable, uint32_t name)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_TARGET && nodes[i].payload == name && nodes[i].start == variable->first)
      return &nodes[i];
  return NULL;
}

/* The first name in the expression that is assigned to a target: a variable or a function of the program, else load.
   NULL when it names neither. */
static const char *
first_name_in (const struct session *session, const struct syntax *syntax, const struct node *target)
{
  const struct node *end = area_of (&syntax->nodes, struct node) + area_count (&syntax->nodes, struct node);
  const char *found = NULL;
  for (const struct node *node = target + 1; node < end && node->kind < SYNTAX_ASSIGN; node++)
    if (node->kind == SYNTAX_NAME)
      {
        const struct variable *variable = program_variable (&session->program, node->payload);
        const char *text = names_text (&session->names, node->payload);
        if (variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
          return text;
        if (strcmp (text, "load") == 0)
          found = text;
      }
  return found;
}

/* "x is computed from n": why a variable of the program is no input, into `text`. */
static void
say_why (struct session *session, uint32_t name, char *text, size_t size)
{
  const struct variable *variable = program_variable (&session->program, name);
  const struct syntax *syntax = program_syntax (&session->program, &session->diagnostics);
  const struct node *target = first_target (syntax, variable, name);
  const char *from = target ? first_name_in (session, syntax, target) : NULL;
  const char *own = names_text (&session->names, name);
  if (variable->flags & VARIABLE_CONST)
    snprintf (text, size, "%s is const", own);
  else if (variable->flags & VARIABLE_LOOP)
    snprintf (text, size, "%s is the variable of a loop", own);
  else if (from && strcmp (from, "load") == 0)
    snprintf (text, size, "%s is data that load reads", own);
  else if (from)
    snprintf (text, size, "%s is computed from %s", own, from);
  else
    snprintf (text, size, "%s is not bound to real numbers here", own);
}

static void
require_input (struct session *session, const char *option, const char *does, uint32_t name)
{
  const struct input *inputs = area_of (&session->program.inputs, struct input);
  const uint32_t *order = area_of (&session->run.input_order, uint32_t);
  const struct variable *variable = program_variable (&session->program, name);
  struct output_list list = { 0 };
  for (size_t i = 0; i < area_count (&session->run.input_order, uint32_t); i++)
    {
      if (inputs[order[i]].name == name)
        return;
      output_list_append (&list, names_text (&session->names, inputs[order[i]].name));
    }
  char why[400];
  say_why (session, name, why, sizeof why);
  diagnose_stop (&session->diagnostics, STATUS_PROGRAM, (struct span){ variable->first, variable->length },
                 "%s; %s %s inputs alone%s%s%s", why, option, does, list.used ? " (inputs: " : "", list.text,
                 list.used ? ")" : "");
}

void
session_check_moved (struct session *session)
{
  for (size_t i = 0; i < session->options.along.count; i++)
    require_input (session, "--along", "moves", session_require_variable (session, "--along", session->along[i].name));
  for (size_t i = 0; i < session->options.uncertain.count; i++)
    require_input (session, "--uncertainty", "is for",
                   session_require_variable (session, "--uncertainty", session->uncertain[i].name));
  for (size_t i = 0; session->options.check && i < session->wanted_given; i++)
    {
      const struct wanted *wanted = &session->program.wanted[i];
      if (wanted->line)
        diagnose_stop (&session->diagnostics, STATUS_PROGRAM, NOWHERE,
                       "-w: '%s' is a value on a line; --check moves inputs alone", wanted->text);
      require_input (session, "--check", "moves", wanted->name);
    }
}
