/* targets.c -- what stands before '='. */
#include "targets.h"

static struct node *
node_at (const struct syntax *syntax, uint32_t node)
{
  return area_of (&syntax->nodes, struct node) + node;
}

static struct node *
last_node (const struct syntax *syntax)
{
  return node_at (syntax, (uint32_t)area_count (&syntax->nodes, struct node) - 1);
}

const char *
targets_single (struct syntax *syntax, uint32_t first_node, uint32_t count, bool constant)
{
  struct node *first = node_at (syntax, first_node), *last = last_node (syntax);
  bool element = last->kind == SYNTAX_INDEX && last->op && !constant;
  if (count != 1 || first->kind != SYNTAX_NAME || (first != last && !element))
    return constant ? "'const' takes one name" : "only a name or its elements can be assigned to";
  if (first != last)
    last->kind = SYNTAX_TARGET_INDEX;
  first->kind = SYNTAX_TARGET;
  first->op = constant;
  return NULL;
}

const char *
targets_or_head (struct syntax *syntax, uint32_t first_node, uint32_t count, uint32_t *function)
{
  struct node *first = node_at (syntax, first_node), *last = last_node (syntax);
  size_t nodes = (size_t)(last - first) + 1;
  bool names = true;
  for (struct node *node = first; node < last; node++)
    names = names && node->kind == SYNTAX_NAME;
  *function = 0;
  if (count == 1 && last->kind == SYNTAX_CALL && names && nodes == (size_t)last->payload + 2)
    {
      *function = first->payload + 1;
      first->kind = SYNTAX_NOTHING;
      for (struct node *node = first + 1; node < last; node++)
        node->kind = SYNTAX_PARAM;
      last->kind = SYNTAX_FUNCTION_BEGIN;
      last->op = FUNCTION_SHORT;
      return NULL;
    }
  if (count == 1)
    return targets_single (syntax, first_node, count, false);
  if (!names || last->kind != SYNTAX_NAME || nodes != count)
    return "only names can be unpacked into";
  for (struct node *node = first; node <= last; node++)
    node->kind = SYNTAX_TARGET;
  return NULL;
}
