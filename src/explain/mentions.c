/* mentions.c -- where the text of a program names its variables. */
#include "explain/mentions.h"

/* Nodes are numbered from 1 here, so that 0 is none. */
struct mention
{
  uint32_t use;      /* the first that reads it */
  uint32_t assigned; /* the left side of the assignment with that use */
  uint32_t target;   /* the last of `targets` that assigns it, from 1 */
};

struct assigned_place
{
  uint32_t node;
  uint32_t previous; /* the one before of the same name, from 1 */
};

static struct span
span_of (const struct mentions *mentions, uint32_t node)
{
  return node ? node_span (&mentions->nodes[node - 1]) : NOWHERE;
}

void
mentions_open (struct mentions *mentions, const struct program *program, struct diagnostics *diagnostics)
{
  const struct syntax *syntax = program_syntax (program, diagnostics);
  struct memory *memory = program->names->memory;
  size_t names = names_count (program->names), count = area_count (&syntax->nodes, struct node);
  struct area fresh; /* uint32_t: names that the current statement reads and none before it did */
  mentions->nodes = area_of (&syntax->nodes, struct node);
  area_open (&mentions->names, memory, names * sizeof (struct mention), "the explanation");
  area_open (&mentions->targets, memory, count * sizeof (struct assigned_place), "the explanation");
  area_open (&fresh, memory, names * sizeof (uint32_t), "the explanation");
  struct mention *by_name = area_push (&mentions->names, names * sizeof *by_name);
  for (uint32_t i = 0; i < count; i++)
    {
      const struct node *node = &mentions->nodes[i];
      size_t targets = area_count (&mentions->targets, struct assigned_place);
      if (node->kind == SYNTAX_NAME && !by_name[node->payload].use)
        {
          const struct assigned_place *all = area_of (&mentions->targets, struct assigned_place);
          by_name[node->payload].use = i + 1;
          by_name[node->payload].assigned = targets ? all[targets - 1].node : 0;
          *area_add (&fresh, uint32_t) = node->payload;
        }
      else if (node->kind == SYNTAX_TARGET)
        {
          *area_add (&mentions->targets, struct assigned_place)
            = (struct assigned_place){ i + 1, by_name[node->payload].target };
          by_name[node->payload].target = (uint32_t)targets + 1;
        }
      else if (node->kind >= SYNTAX_ASSIGN)
        {
          for (size_t k = 0; node->kind != SYNTAX_ASSIGN && k < area_count (&fresh, uint32_t); k++)
            by_name[area_of (&fresh, uint32_t)[k]].assigned = 0;
          fresh.used = 0;
        }
    }
  area_close (&fresh);
}

void
mentions_close (struct mentions *mentions)
{
  area_close (&mentions->names);
  area_close (&mentions->targets);
}

struct span
mentions_use (const struct mentions *mentions, uint32_t name, struct span *assigned)
{
  const struct mention *mention = area_of (&mentions->names, struct mention) + name;
  *assigned = span_of (mentions, mention->assigned);
  return span_of (mentions, mention->use);
}

struct span
mentions_target (const struct mentions *mentions, uint32_t name, struct span span)
{
  const struct assigned_place *targets = area_of (&mentions->targets, struct assigned_place);
  for (uint32_t at = area_of (&mentions->names, struct mention)[name].target; at; at = targets[at - 1].previous)
    if (span_of (mentions, targets[at - 1].node).start <= span.start)
      return span_of (mentions, targets[at - 1].node);
  return span;
}
