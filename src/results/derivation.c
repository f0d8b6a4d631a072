/* derivation.c -- how gradients come about, step by step in the program's own names, as one writes it by hand.

   What is written down are derivatives of the target in the variables that were assigned once, from the last to the
   first, and of each such variable that is a number its derivatives in those that it is made of. Each of them is what
   the program means by it, so that the checker takes it: a derivative in which another variable of the same step had to
   be held is left out. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "ops/textbook.h"
#include "results/graph_maker.h"
#include "results/results.h"

enum
{
  RULES = 8, /* told of one step, at most */
  TEXT = 1000,
  NEEDED = 1,
  REACHED = 2
};

/* A variable of the program that has had one value, which the target depends on. */
struct variable_at
{
  const char *name;
  struct value value;
  struct span span;  /* of the left side */
  size_t users;      /* variables that are made of it, and whose lines are still to come */
  bool source;       /* its derivative was asked for */
  uint32_t term;     /* the target's derivative in it */
};

struct deriving
{
  struct results *results;
  struct symbolic *formulas;
  const struct result_target *target;
  struct variable_at *variables; /* in the order of their nodes */
  size_t count;
  uint32_t *of_node; /* the variable that a node is, plus one, or 0 */
  unsigned char *marks;
  bool *direct; /* [user * count + operand] */
  struct area lines;  /* struct working_line */
  struct area terms;  /* uint32_t, by line: NO_TERM where there is none */
};

static void *
room (const struct deriving *deriving, size_t count, size_t size)
{
  return results_held_room (deriving->results, count, size);
}

static void
mark (struct deriving *deriving)
{
  const struct results *results = deriving->results;
  const struct tape *tape = results->run->tape;
  uint32_t nodes = tape_count (tape), count;
  deriving->marks = room (deriving, nodes, 1);
  deriving->marks[deriving->target->value.node] |= NEEDED;
  for (uint32_t node = nodes - 1; node > 0; node--)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count && deriving->marks[node] & NEEDED; i++)
        deriving->marks[operands[i] & ~(uint32_t)LINK_SIZE] |= NEEDED;
    }
  for (size_t s = 0; s < results->report.source_count; s++)
    deriving->marks[results->sources[s].value.node] |= REACHED;
  for (uint32_t node = 1; node < nodes; node++)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        deriving->marks[node] |= deriving->marks[operands[i] & ~(uint32_t)LINK_SIZE] & REACHED;
    }
  deriving->marks[0] = 0;
}

static void
add_variable (struct deriving *deriving, const struct variable_at *variable)
{
  uint32_t node = variable->value.node;
  if (!node || deriving->marks[node] != (NEEDED | REACHED) || deriving->of_node[node])
    return;
  deriving->variables[deriving->count++] = *variable;
  deriving->of_node[node] = (uint32_t)deriving->count;
}

/* The target, the sources, and what variables of the program hold that were bound once. */
static void
find_variables (struct deriving *deriving)
{
  const struct results *results = deriving->results;
  const struct run *run = results->run;
  const struct program *program = run->program;
  size_t names = area_count (&program->variables, struct variable), sources = results->report.source_count;
  deriving->variables = room (deriving, names + sources + 1, sizeof *deriving->variables);
  deriving->of_node = room (deriving, tape_count (run->tape), sizeof *deriving->of_node);
  for (size_t s = 0; s < sources; s++)
    {
      const struct result_source *source = &results->sources[s];
      const struct variable *variable = program_variable (program, source->variable);
      add_variable (deriving, &(struct variable_at){ .name = source->name,
                                                     .value = source->value,
                                                     .span = { variable->first, variable->length },
                                                     .source = true });
    }
  add_variable (deriving, &(struct variable_at){ .name = deriving->target->name,
                                                 .value = deriving->target->value,
                                                 .span = results_span (run, deriving->target) });
  for (uint32_t name = 0; name < names; name++)
    {
      const struct variable *variable = program_variable (program, name);
      if (variable->slot == UINT32_MAX || !(variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
          || variable->flags & (VARIABLE_UNNAMED | VARIABLE_LOOP | VARIABLE_REBOUND | VARIABLE_CONST))
        continue;
      add_variable (deriving, &(struct variable_at){
                                .name = names_text (program->names, name),
                                .value = area_of (&run->globals, struct value)[variable->slot & REGISTER_MASK],
                                .span = { variable->first, variable->length } });
    }
}

/* Which variables one of them is made of with no other between: the steps below its node are looked at, up to the next
   variables. `seen` and `stack` are room for that. */
static void
look_below (struct deriving *deriving, size_t number, unsigned char *seen, uint32_t *stack)
{
  const struct tape *tape = deriving->results->run->tape;
  size_t left = 0;
  uint32_t count;
  memset (seen, 0, tape_count (tape));
  stack[left++] = deriving->variables[number].value.node;
  while (left)
    {
      const uint32_t *operands = graph_links (tape, stack[--left], &count);
      for (uint32_t i = 0; i < count; i++)
        {
          uint32_t from = operands[i] & ~(uint32_t)LINK_SIZE;
          if (seen[from] || deriving->marks[from] != (NEEDED | REACHED))
            continue;
          seen[from] = 1;
          if (!deriving->of_node[from])
            stack[left++] = from;
          else if (!deriving->direct[number * deriving->count + deriving->of_node[from] - 1])
            {
              deriving->direct[number * deriving->count + deriving->of_node[from] - 1] = true;
              deriving->variables[deriving->of_node[from] - 1].users++;
            }
        }
    }
}

static int
by_node (const void *a, const void *b)
{
  uint32_t x = ((const struct variable_at *)a)->value.node, y = ((const struct variable_at *)b)->value.node;
  return (x > y) - (x < y);
}

static void
connect (struct deriving *deriving)
{
  uint32_t nodes = tape_count (deriving->results->run->tape);
  qsort (deriving->variables, deriving->count, sizeof *deriving->variables, by_node);
  for (size_t i = 0; i < deriving->count; i++)
    deriving->of_node[deriving->variables[i].value.node] = (uint32_t)i + 1;
  deriving->direct = room (deriving, deriving->count * deriving->count, 1);
  unsigned char *seen = room (deriving, nodes, 1);
  uint32_t *stack = room (deriving, nodes, sizeof *stack);
  for (size_t i = 0; i < deriving->count; i++)
    look_below (deriving, i, seen, stack);
}

static bool
is_direct (const struct deriving *deriving, size_t user, size_t operand)
{
  return deriving->direct[user * deriving->count + operand];
}

/* Whether a variable depends on another, by whatever others. */
static bool
depends (const struct deriving *deriving, size_t on, size_t variable)
{
  bool *reached = room (deriving, deriving->count, sizeof *reached);
  reached[on] = true;
  for (size_t i = on + 1; i <= variable; i++)
    for (size_t k = on; k < i; k++)
      reached[i] |= reached[k] && is_direct (deriving, i, k);
  return reached[variable];
}

/* Whether the derivative of a variable in one that it is made of is that of this step alone. */
static bool
is_partial (const struct deriving *deriving, size_t user, size_t operand)
{
  for (size_t i = 0; i < deriving->count; i++)
    if (i != operand && is_direct (deriving, user, i) && depends (deriving, operand, i))
      return false;
  return true;
}

static void
add_line (struct deriving *deriving, const struct working_line *line, uint32_t term)
{
  *area_add (&deriving->lines, struct working_line) = *line;
  *area_add (&deriving->terms, uint32_t) = term;
}

static const char *
copy (const struct deriving *deriving, const char *text)
{
  return heap_copy (deriving->results->run->memory, text, strlen (text), "the formulas");
}

/* Adds a rule to a list, if it is not there yet. */
static void
add_rule (const char *rule, char *text, size_t *count)
{
  size_t used = strlen (text);
  if (!rule || *count == RULES || strstr (text, rule) || used + strlen (rule) + 3 > TEXT)
    return;
  snprintf (text + used, TEXT - used, "%s%s", *count ? "; " : "", rule);
  ++*count;
}

/* The rules of the steps that make a variable of others. */
static void
list_rules (const struct deriving *deriving, size_t number, char *text)
{
  const struct trace *trace = &deriving->formulas->trace;
  const struct tape *tape = deriving->results->run->tape;
  uint32_t nodes = tape_count (tape), count;
  unsigned char *below = room (deriving, nodes, 1);
  char rule[TEXTBOOK_RULE];
  size_t rules = 0;
  below[deriving->variables[number].value.node] = 1;
  for (uint32_t node = deriving->variables[number].value.node; node > 0; node--)
    {
      if (!below[node])
        continue;
      const struct step *step = trace_find (trace, node);
      const struct value *n = step->count > 1 ? &step->operands[1] : NULL;
      bool known = n && n->kind == KIND_REAL && !n->node;
      if (step->op < OPS)
        add_rule (textbook_rule (step->op, known ? &n->number : NULL, rule), text, &rules);
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        {
          uint32_t from = operands[i] & ~(uint32_t)LINK_SIZE;
          below[from] |= deriving->marks[from] == (NEEDED | REACHED) && !deriving->of_node[from];
        }
    }
}

/* What a step of the program says: its text and place, and the rules for it. */
static const char *
head_of (const struct deriving *deriving, size_t number)
{
  const struct variable_at *variable = &deriving->variables[number];
  const struct run *run = deriving->results->run;
  const struct syntax *syntax = program_syntax (run->program, run->diagnostics);
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  struct span span = variable->span;
  for (size_t i = 0; i < area_count (&syntax->nodes, struct node); i++)
    if (nodes[i].kind == SYNTAX_ASSIGN && nodes[i].start == span.start)
      span = node_span (&nodes[i]);
  char rules[TEXT] = "";
  list_rules (deriving, number, rules);
  struct place place = sources_place (run->diagnostics->sources, span.start);
  return heap_format (run->memory, "the formulas", "%zu:%zu  %s%s%s", place.line, place.column,
                      results_text (run, span), *rules ? "   by " : "", rules);
}

/* The derivatives of some value in variables; false where they have no formula, with nothing said. */
static bool
find_terms (struct deriving *deriving, const struct value *target, size_t count, const struct value *sources,
            uint32_t *terms)
{
  struct symbolic *formulas = deriving->formulas;
  bool found = symbolic_gradient (formulas, target, (uint32_t)count, sources, terms);
  *formulas->trouble = 0;
  formulas->place = UINT32_MAX;
  for (size_t i = 0; i < count && found; i++)
    {
      struct shape shape = value_shape (&sources[i]);
      terms[i] = term_spread (&formulas->terms, terms[i] == NO_TERM ? term_number (&formulas->terms, 0) : terms[i],
                              &shape);
    }
  for (size_t i = 0; i < count && !found; i++)
    terms[i] = NO_TERM;
  return found;
}

/* "dloss/dw = dloss/dp*dp/dw + dloss/dq*dq/dw", of numbers; NULL where the target itself is made of it, for then a part
   has the name of the whole. */
static const char *
chain_of (const struct deriving *deriving, size_t operand)
{
  char text[TEXT];
  const char *target = deriving->target->name, *name = deriving->variables[operand].name;
  size_t used = (size_t)snprintf (text, TEXT, "d%.100s/d%.100s = ", target, name), terms = 0;
  if (deriving->target->is_expression
      || is_direct (deriving, deriving->of_node[deriving->target->value.node] - 1, operand))
    return NULL;
  for (size_t user = deriving->count; user-- > 0 && used < TEXT - 1;)
    {
      const char *by = deriving->variables[user].name;
      if (!is_direct (deriving, user, operand))
        continue;
      if (deriving->variables[user].value.kind == KIND_ARRAY || !is_partial (deriving, user, operand))
        return NULL;
      used += (size_t)snprintf (text + used, TEXT - used, "%sd%.100s/d%.100s*d%.100s/d%.100s", terms++ ? " + " : "",
                                target, by, by, name);
    }
  return used >= TEXT - 1 ? NULL : copy (deriving, text);
}

/* A derivative of the step alone: of a number in what it is made of. */
static bool
add_local (struct deriving *deriving, size_t user, size_t operand, const char **head)
{
  const struct variable_at *of = &deriving->variables[user], *wrt = &deriving->variables[operand];
  uint32_t term;
  if (of->value.kind == KIND_ARRAY || of->value.node == deriving->target->value.node
      || !is_partial (deriving, user, operand) || !find_terms (deriving, &of->value, 1, &wrt->value, &term))
    return false;
  add_line (deriving, &(struct working_line){ *head, of->name, wrt->name, NULL, *head != NULL }, term);
  *head = NULL;
  return true;
}

/* The lines of one step: what it does itself, then what the target's derivatives are in all that has no other user. */
static void
add_step (struct deriving *deriving, size_t user)
{
  struct memory *memory = deriving->results->run->memory;
  const char *head = head_of (deriving, user);
  for (size_t i = 0; i < user; i++)
    if (is_direct (deriving, user, i))
      add_local (deriving, user, i, &head);
  for (size_t i = 0; i < user; i++)
    {
      struct variable_at *variable = &deriving->variables[i];
      if (!is_direct (deriving, user, i) || --variable->users)
        continue;
      const char *chain = chain_of (deriving, i);
      const char *says = head ? head : chain;
      if (head && chain)
        says = heap_format (memory, "the formulas", "%s\n%s", head, chain);
      if (variable->term == NO_TERM)
        says = heap_format (memory, "the formulas", "%s%sd%s/d%s has no formula here", says ? says : "",
                            says ? "\n" : "", deriving->target->name, variable->name);
      add_line (deriving, &(struct working_line){ says, deriving->target->name, variable->name, NULL, head != NULL },
                variable->term);
      head = NULL;
    }
}

/* What is not on the way, of the target itself, and what is not connected. */
static void
add_rest (struct deriving *deriving, size_t t)
{
  const struct results *results = deriving->results;
  for (size_t s = 0; s < results->report.source_count; s++)
    {
      const struct result_source *source = &results->sources[s];
      const struct gradient *gradient = &results->gradients[t * results->report.source_count + s];
      struct working_line line = { NULL, deriving->target->name, source->name, NULL, false };
      if (!gradient->elements)
        line.formula = results->report.zero_unconnected ? "0" : "none";
      else if (source->value.node == deriving->target->value.node)
        line.formula = "1";
      if (line.formula)
        add_line (deriving, &line, NO_TERM);
    }
}

/* The target's derivatives in all variables, or where not all have formulas in each by itself: in the sources they do.
 */
static void
find_adjoints (struct deriving *deriving)
{
  struct value *values = room (deriving, deriving->count, sizeof *values);
  uint32_t *terms = room (deriving, deriving->count, sizeof *terms);
  for (size_t i = 0; i < deriving->count; i++)
    values[i] = deriving->variables[i].value;
  if (!deriving->count)
    return;
  bool all = find_terms (deriving, &deriving->target->value, deriving->count, values, terms);
  for (size_t i = 0; i < deriving->count; i++)
    {
      if (!all)
        find_terms (deriving, &deriving->target->value, 1, &values[i], &terms[i]);
      deriving->variables[i].term = terms[i];
    }
}

static void
derive (struct deriving *deriving, size_t t)
{
  mark (deriving);
  find_variables (deriving);
  connect (deriving);
  find_adjoints (deriving);
  for (size_t i = deriving->count; i-- > 0;)
    {
      bool made = false;
      for (size_t k = 0; k < i; k++)
        made |= is_direct (deriving, i, k);
      if (made)
        add_step (deriving, i);
    }
  add_rest (deriving, t);
}

/* The formulas of the gradients are those of the lines: parts have other names now. */
static void
take_formulas (struct results *results, size_t t, const struct working *derivation)
{
  size_t sources = results->report.source_count;
  for (size_t s = 0; s < sources; s++)
    for (size_t i = 0; i < derivation->count; i++)
      {
        const struct working_line *line = &derivation->lines[i];
        if (results->formulas[t * sources + s] && line->formula && strcmp (line->of, results->targets[t].name) == 0
            && strcmp (line->wrt, results->sources[s].name) == 0)
          results->formulas[t * sources + s] = (char *)line->formula;
      }
}

void
results_derivations (struct results *results, const struct result_options *options)
{
  size_t targets = results->target_count, first = 0;
  struct working *workings = results_held_room (results, targets, sizeof *workings);
  struct deriving deriving = { .results = results, .formulas = options->formulas };
  area_open (&deriving.lines, results->run->memory, (size_t)4 << 30, "the formulas");
  area_open (&deriving.terms, results->run->memory, (size_t)4 << 30, "the formulas");
  for (size_t t = 0; t < targets; t++)
    {
      deriving.target = &results->targets[t];
      deriving.count = 0;
      derive (&deriving, t);
      workings[t].count = area_count (&deriving.lines, struct working_line) - first;
      first += workings[t].count;
    }
  uint32_t *terms = area_of (&deriving.terms, uint32_t);
  const struct working_line *from = area_of (&deriving.lines, struct working_line);
  struct working_line *lines = results_held_room (results, first, sizeof *lines);
  results_name_parts (results, options, first, terms);
  for (size_t i = 0; i < first; i++)
    {
      lines[i] = from[i];
      if (terms[i] != NO_TERM)
        lines[i].formula = results_formula_text (results, options, terms[i], from[i].of, from[i].wrt);
    }
  for (size_t t = 0, at = 0; t < targets; at += workings[t++].count)
    {
      workings[t].lines = lines + at;
      take_formulas (results, t, &workings[t]);
    }
  results->report.workings = workings;
  area_close (&deriving.lines);
  area_close (&deriving.terms);
}
