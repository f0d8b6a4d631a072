/* derivation.c -- how gradients come about, step by step in the program's own names, as one writes it by hand.

   What is written down are derivatives of the target in the variables that were assigned once, from the last to the
   first, and of each such variable that is a number its derivatives in those that it is made of. Each of them is what
   the program means by it, so that the checker takes it; one in which other variables of the same step are held says
   so. */
#include <string.h>

#include "base/heap.h"
#include "ops/textbook.h"
#include "results/deriving.h"
#include "results/graph_maker.h"

enum
{
  RULES = 8, /* told of one step, at most */
  TEXT = 1000
};

/* The variables that have to be held for it, with commas between; NULL where there are none. */
static const char *
held_for (const struct deriving *deriving, size_t user, size_t operand)
{
  char text[TEXT] = "";
  size_t used = 0, count;
  const uint32_t *others = deriving_operands (deriving, user, &count);
  for (size_t i = 0; i < count && used < TEXT - 1; i++)
    if (deriving_holds (deriving, user, operand, others[i]))
      used += (size_t)snprintf (text + used, TEXT - used, "%s%.100s", used ? ", " : "",
                                deriving->variables[others[i]].name);
  return used && used < TEXT - 1 ? heap_copy (deriving->results->run->memory, text, used, "the formulas") : NULL;
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
  uint32_t count, left = 1;
  bool *below = deriving->below;
  char rule[TEXTBOOK_RULE];
  size_t rules = 0;
  below[deriving->variables[number].value.node] = true;
  for (uint32_t node = deriving->variables[number].value.node; left; node--)
    {
      if (!below[node])
        continue;
      below[node] = false;
      left--;
      const struct step *step = trace_find (trace, node);
      const struct value *n = step->count > 1 ? &step->operands[1] : NULL;
      bool known = n && value_is_number (n) && !n->node;
      if (step->op < OPS)
        add_rule (textbook_rule (step->op, known ? &n->number : NULL, rule), text, &rules);
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        {
          uint32_t from = operands[i] & ~(uint32_t)LINK_SIZE;
          bool inner = deriving->marks[from] == (DERIVING_NEEDED | DERIVING_REACHED) && !deriving->of_node[from];
          left += inner && !below[from];
          below[from] |= inner;
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

/* "dloss/dw = dloss/dp*dp/dw + dloss/dq*dq/dw", of numbers; a part in which others are held is in brackets with them:
   "[dloss/dw, p held]". NULL where the target itself is made of it and nothing has to be held: a part is the whole. */
static const char *
chain_of (const struct deriving *deriving, size_t operand)
{
  char text[TEXT];
  const char *target = deriving->target->name, *name = deriving->variables[operand].name;
  size_t used = (size_t)snprintf (text, TEXT, "d%.100s/d%.100s = ", target, name), terms = 0;
  size_t last = deriving->of_node[deriving->target->value.node] - 1;
  if (deriving->target->is_expression
      || (deriving_is_direct (deriving, last, operand) && deriving_is_partial (deriving, last, operand)))
    return NULL;
  for (size_t user = deriving->count; user-- > 0 && used < TEXT - 1;)
    {
      const char *by = deriving->variables[user].name;
      if (!deriving_is_direct (deriving, user, operand))
        continue;
      if (deriving->variables[user].value.kind == KIND_ARRAY)
        return NULL;
      const char *held = held_for (deriving, user, operand);
      used += (size_t)snprintf (text + used, TEXT - used, "%s", terms++ ? " + " : "");
      if (user != last && used < TEXT - 1)
        used += (size_t)snprintf (text + used, TEXT - used, "d%.100s/d%.100s*", target, by);
      if (used < TEXT - 1)
        used += (size_t)snprintf (text + used, TEXT - used, held ? "[d%.100s/d%.100s, %.200s held]" : "d%.100s/d%.100s",
                                  by, name, held);
    }
  return used >= TEXT - 1 ? NULL : copy (deriving, text);
}

/* The derivatives of the step alone in variables that it is made of. All of these are held: no way goes through one. */
static void
find_locals (struct deriving *deriving, size_t user, size_t count, const uint32_t *operands, uint32_t *terms)
{
  const struct value *of = &deriving->variables[user].value;
  struct value *values = deriving_room (deriving, count, sizeof *values);
  for (size_t i = 0; i < deriving->count; i++)
    deriving->held[deriving->variables[i].value.node] = i != user;
  for (size_t i = 0; i < count; i++)
    values[i] = deriving->variables[operands[i]].value;
  deriving->formulas->held = deriving->held;
  /* Where not all have formulas, each by itself. */
  if (!find_terms (deriving, of, count, values, terms))
    for (size_t i = 0; i < count; i++)
      find_terms (deriving, of, 1, &values[i], &terms[i]);
  deriving->formulas->held = NULL;
}

/* The lines of the step alone: of a number in what it is made of. Those of the target are lines anyway, where nothing
   has to be held. */
static void
add_locals (struct deriving *deriving, size_t user, const char **head)
{
  const struct variable_at *of = &deriving->variables[user];
  bool is_target = of->value.node == deriving->target->value.node;
  size_t most, count = 0;
  const uint32_t *all = deriving_operands (deriving, user, &most);
  uint32_t *operands = deriving_room (deriving, most, sizeof *operands);
  uint32_t *terms = deriving_room (deriving, most, sizeof *terms);
  if (of->value.kind == KIND_ARRAY)
    return;
  for (size_t i = 0; i < most; i++)
    if (!(is_target && deriving_is_partial (deriving, user, all[i])))
      operands[count++] = all[i];
  if (count)
    find_locals (deriving, user, count, operands, terms);
  for (size_t i = 0; i < count; i++)
    {
      const struct working_line line = { .says = *head,
                                         .of = of->name,
                                         .wrt = deriving->variables[operands[i]].name,
                                         .held = held_for (deriving, user, operands[i]),
                                         .heads = *head != NULL };
      if (terms[i] == NO_TERM)
        continue;
      add_line (deriving, &line, terms[i]);
      *head = NULL;
    }
}

/* The lines of one step: what it does itself, then what the target's derivatives are in all that has no other user. */
static void
add_step (struct deriving *deriving, size_t user)
{
  struct memory *memory = deriving->results->run->memory;
  const char *head = head_of (deriving, user);
  size_t count;
  const uint32_t *operands = deriving_operands (deriving, user, &count);
  add_locals (deriving, user, &head);
  for (size_t i = 0; i < count; i++)
    {
      struct variable_at *variable = &deriving->variables[operands[i]];
      if (--variable->users)
        continue;
      const char *chain = chain_of (deriving, operands[i]);
      const char *says = head ? head : chain;
      if (head && chain)
        says = heap_format (memory, "the formulas", "%s\n%s", head, chain);
      if (variable->term == NO_TERM)
        says = heap_format (memory, "the formulas", "%s%sd%s/d%s has no formula here", says ? says : "",
                            says ? "\n" : "", deriving->target->name, variable->name);
      const struct working_line line = { says, deriving->target->name, variable->name, NULL, NULL, head != NULL };
      add_line (deriving, &line, variable->term);
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
      struct working_line line = { .of = deriving->target->name, .wrt = source->name };
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
  struct value *values = deriving_room (deriving, deriving->count, sizeof *values);
  uint32_t *terms = deriving_room (deriving, deriving->count, sizeof *terms);
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
  deriving_open (deriving);
  find_adjoints (deriving);
  for (size_t i = deriving->count; i-- > 0;)
    {
      size_t made_of;
      deriving_operands (deriving, i, &made_of);
      if (made_of)
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
        if (results->formulas[t * sources + s] && line->formula && !line->held
            && strcmp (line->of, results->targets[t].name) == 0
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
