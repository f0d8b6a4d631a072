/* deriving.c -- the variables that a derivation goes through, and which of them each is made of. */
#include "results/deriving.h"

#include <stdlib.h>
#include <string.h>

#include "results/graph_maker.h"

void *
deriving_room (const struct deriving *deriving, size_t count, size_t size)
{
  return results_held_room (deriving->results, count, size);
}

static void
mark (struct deriving *deriving)
{
  const struct results *results = deriving->results;
  const struct tape *tape = results->run->tape;
  uint32_t nodes = tape_count (tape), count;
  deriving->marks = deriving_room (deriving, nodes, 1);
  deriving->marks[deriving->target->value.node] |= DERIVING_NEEDED;
  for (uint32_t node = nodes - 1; node > 0; node--)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count && deriving->marks[node] & DERIVING_NEEDED; i++)
        deriving->marks[operands[i] & ~(uint32_t)LINK_SIZE] |= DERIVING_NEEDED;
    }
  for (size_t s = 0; s < results->report.source_count; s++)
    deriving->marks[results->sources[s].value.node] |= DERIVING_REACHED;
  for (uint32_t node = 1; node < nodes; node++)
    {
      const uint32_t *operands = graph_links (tape, node, &count);
      for (uint32_t i = 0; i < count; i++)
        deriving->marks[node] |= deriving->marks[operands[i] & ~(uint32_t)LINK_SIZE] & DERIVING_REACHED;
    }
  deriving->marks[0] = 0;
}

static void
add_variable (struct deriving *deriving, const struct variable_at *variable)
{
  uint32_t node = variable->value.node;
  if (!node || deriving->marks[node] != (DERIVING_NEEDED | DERIVING_REACHED) || deriving->of_node[node])
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
  deriving->variables = deriving_room (deriving, names + sources + 1, sizeof *deriving->variables);
  deriving->of_node = deriving_room (deriving, tape_count (run->tape), sizeof *deriving->of_node);
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

bool
deriving_is_direct (const struct deriving *deriving, size_t user, size_t operand)
{
  return deriving->direct[user * deriving->count + operand];
}

/* Which variables one of them is made of with no other between: the steps below its node are looked at, up to the next
   variables. `seen` and `stack` are room for that. How many there are. */
static size_t
look_below (struct deriving *deriving, size_t number, unsigned char *seen, uint32_t *stack)
{
  const struct tape *tape = deriving->results->run->tape;
  size_t left = 0, links = 0;
  uint32_t count;
  memset (seen, 0, tape_count (tape));
  stack[left++] = deriving->variables[number].value.node;
  while (left)
    {
      const uint32_t *operands = graph_links (tape, stack[--left], &count);
      for (uint32_t i = 0; i < count; i++)
        {
          uint32_t from = operands[i] & ~(uint32_t)LINK_SIZE;
          if (seen[from] || deriving->marks[from] != (DERIVING_NEEDED | DERIVING_REACHED))
            continue;
          seen[from] = 1;
          if (!deriving->of_node[from])
            stack[left++] = from;
          else if (!deriving->direct[number * deriving->count + deriving->of_node[from] - 1])
            {
              deriving->direct[number * deriving->count + deriving->of_node[from] - 1] = true;
              deriving->variables[deriving->of_node[from] - 1].users++;
              links++;
            }
        }
    }
  return links;
}

static void
list_operands (struct deriving *deriving, size_t links)
{
  size_t used = 0;
  deriving->operands = deriving_room (deriving, links, sizeof *deriving->operands);
  deriving->ends = deriving_room (deriving, deriving->count + 1, sizeof *deriving->ends);
  for (size_t user = 0; user < deriving->count; user++)
    {
      for (size_t operand = 0; operand < user; operand++)
        if (deriving_is_direct (deriving, user, operand))
          deriving->operands[used++] = (uint32_t)operand;
      deriving->ends[user + 1] = used;
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
  deriving->direct = deriving_room (deriving, deriving->count * deriving->count, 1);
  deriving->reached = deriving_room (deriving, deriving->count, sizeof *deriving->reached);
  deriving->held = deriving_room (deriving, nodes, sizeof *deriving->held);
  deriving->below = deriving_room (deriving, nodes, sizeof *deriving->below);
  unsigned char *seen = deriving_room (deriving, nodes, 1);
  uint32_t *stack = deriving_room (deriving, nodes, sizeof *stack);
  size_t links = 0;
  for (size_t i = 0; i < deriving->count; i++)
    links += look_below (deriving, i, seen, stack);
  list_operands (deriving, links);
}

const uint32_t *
deriving_operands (const struct deriving *deriving, size_t user, size_t *count)
{
  *count = deriving->ends[user + 1] - deriving->ends[user];
  return deriving->operands + deriving->ends[user];
}

/* Whether a variable depends on another, by whatever others. What depends on one is found once. */
static bool
depends (const struct deriving *deriving, size_t on, size_t variable)
{
  bool *reached = deriving->reached[on];
  if (!reached)
    {
      reached = deriving->reached[on] = deriving_room (deriving, deriving->count, sizeof *reached);
      reached[on] = true;
      for (size_t i = on + 1; i < deriving->count; i++)
        {
          size_t count;
          const uint32_t *operands = deriving_operands (deriving, i, &count);
          for (size_t k = 0; k < count && !reached[i]; k++)
            reached[i] = reached[operands[k]];
        }
    }
  return reached[variable];
}

bool
deriving_holds (const struct deriving *deriving, size_t user, size_t operand, size_t other)
{
  return other != operand && deriving_is_direct (deriving, user, other) && depends (deriving, operand, other);
}

bool
deriving_is_partial (const struct deriving *deriving, size_t user, size_t operand)
{
  size_t count;
  const uint32_t *operands = deriving_operands (deriving, user, &count);
  for (size_t i = 0; i < count; i++)
    if (deriving_holds (deriving, user, operand, operands[i]))
      return false;
  return true;
}

void
deriving_open (struct deriving *deriving)
{
  deriving->count = 0;
  mark (deriving);
  find_variables (deriving);
  connect (deriving);
}
