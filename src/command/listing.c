/* listing.c -- names and functions, for --list and for messages. */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "code/kinds.h"
#include "command/output.h"
#include "linear/library.h"

struct listed
{
  uint32_t name, first;
};

static int
by_place (const void *a, const void *b)
{
  uint32_t x = ((const struct listed *)a)->first, y = ((const struct listed *)b)->first;
  return (x > y) - (x < y);
}

/* All names that the program assigns, in order of their first assignment; the caller frees it. */
static struct listed *
sorted_names (const struct program *program, size_t *count)
{
  size_t all = area_count (&program->variables, struct variable);
  struct listed *list = heap_take (program->names->memory, all, sizeof *list, "the list of names");
  *count = 0;
  for (uint32_t name = 0; name < all; name++)
    if (program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
      list[(*count)++] = (struct listed){ name, program_variable (program, name)->first };
  qsort (list, *count, sizeof *list, by_place);
  return list;
}

/* Whether a name that is an input's may be asked for. */
static bool
is_input (const struct program *program, uint32_t name)
{
  return !(program_variable (program, name)->flags & (VARIABLE_CONST | VARIABLE_LOOP));
}

void
output_list_append (struct output_list *list, const char *text)
{
  size_t size = strlen (text) + (list->used ? 2 : 0);
  if (list->used + size + 6 < sizeof list->text)
    list->used += (size_t)sprintf (list->text + list->used, "%s%s", list->used ? ", " : "", text);
  else if (strcmp (list->text + list->used - 3, "...") != 0)
    list->used += (size_t)sprintf (list->text + list->used, ", ...");
}

void
output_names (const struct program *program, struct output_list *inputs, struct output_list *others)
{
  size_t count;
  struct listed *list = sorted_names (program, &count);
  const struct input *input = area_of (&program->inputs, struct input);
  size_t names = area_count (&program->variables, struct variable);
  bool *is_of_input = heap_take_zeroed (program->names->memory, names, 1, "the list of names");
  for (size_t i = 0; i < area_count (&program->inputs, struct input); i++)
    is_of_input[input[i].name] = is_input (program, input[i].name);
  for (size_t i = 0; i < count; i++)
    output_list_append (is_of_input[list[i].name] ? inputs : others, names_text (program->names, list[i].name));
  heap_give (is_of_input);
  heap_give (list);
}

/* Names that can be asked for, by what the code tells; names of inputs in the order of their first assignments. */
void
output_list_names (const struct program *program, bool inputs, FILE *out)
{
  struct kinds kinds;
  size_t count;
  struct listed *list = sorted_names (program, &count);
  const struct input *input = area_of (&program->inputs, struct input);
  kinds_find (&kinds, program);
  for (size_t i = 0; inputs && i < area_count (&program->inputs, struct input); i++)
    {
      uint32_t name = input[i].name;
      bool *is_real = area_of (&kinds.variables, bool) + (program_variable (program, name)->slot & REGISTER_MASK);
      /* Of one that is assigned first in several branches, the first mention. */
      if (area_of (&kinds.inputs, bool)[i] && is_input (program, name) && *is_real)
        fprintf (out, "%s\n", names_text (program->names, name));
      *is_real = false;
    }
  for (size_t i = 0; !inputs && list && i < count; i++)
    {
      uint32_t slot = program_variable (program, list[i].name)->slot;
      if (slot != UINT32_MAX && area_of (&kinds.variables, bool)[slot & REGISTER_MASK])
        fprintf (out, "%s\n", names_text (program->names, list[i].name));
    }
  kinds_close (&kinds);
  heap_give (list);
}

void
output_list_static (bool functions, FILE *out)
{
  for (int format = 0; !functions && format < FORMATS; format++)
    fprintf (out, "%s\n", format_names[format]);
  for (int op = 0; functions && op < OPS_NAMED; op++)
    {
      char call[120];
      const struct op_info *info = &op_info[op];
      if (*info->sign)
        continue;
      snprintf (call, sizeof call, "%s(%s)", info->name, info->parameters);
      fprintf (out, "%-36s %s\n", call, info->says);
    }
}

/* Where a name is assigned, outside of functions: going through the nodes, what lies between there and its first
   assignment. */
struct assignments
{
  uint32_t first, other; /* where the first one begins, and one in another branch of the same `if`; 0: not met */
  int functions, loops, ifs; /* open at a node; after the first assignment, those that it is not in */
  bool in_loop, is_elif;
  bool in_other; /* this is another branch of an `if` that has the first in one */
};

static void
pass_node (struct assignments *at, const struct node *node)
{
  switch (node->kind)
    {
    case SYNTAX_FUNCTION_BEGIN:
    case SYNTAX_FUNCTION_END:
      at->functions += node->kind == SYNTAX_FUNCTION_BEGIN ? 1 : -1;
      break;
    case SYNTAX_WHILE_BEGIN:
    case SYNTAX_FOR_BEGIN:
      at->loops++;
      break;
    case SYNTAX_WHILE_END:
    case SYNTAX_FOR_END:
      at->loops--;
      break;
    case SYNTAX_IF_TEST:
      at->ifs += at->first != 0 && !at->is_elif;
      at->is_elif = false;
      break;
    case SYNTAX_IF_ELSE:
      at->in_other |= at->first && !at->ifs;
      at->is_elif = node->op != 0;
      break;
    case SYNTAX_IF_END:
      at->in_other &= at->ifs > 0;
      at->ifs -= at->ifs > 0;
      break;
    default:
      break;
    }
}

/* The first node that binds a name again where its first assignment may have been made, or NULL. */
static const struct node *
find_rebound (const struct syntax *syntax, uint32_t name, struct assignments *at)
{
  const struct node *nodes = area_of (&syntax->nodes, struct node);
  for (size_t k = 0; k < area_count (&syntax->nodes, struct node); k++)
    {
      pass_node (at, &nodes[k]);
      if (at->functions || nodes[k].kind != SYNTAX_TARGET || nodes[k].payload != name)
        continue;
      if (at->first && (at->in_loop || !at->in_other))
        return &nodes[k];
      if (!at->first)
        at->in_loop = at->loops > 0;
      else if (!at->other)
        at->other = nodes[k].start;
      at->first = at->first ? at->first : nodes[k].start;
    }
  return NULL;
}

void
output_note_rebound (const struct program *program, struct diagnostics *diagnostics)
{
  for (size_t i = 0; i < program->wanted_count; i++)
    {
      const struct wanted *wanted = &program->wanted[i];
      const struct variable *variable = program_variable (program, wanted->name);
      if (wanted->line || variable->flags & VARIABLE_CONST || !(variable->flags & VARIABLE_REBOUND))
        continue;
      struct assignments at = { 0 };
      const struct node *again = find_rebound (program_syntax (program, diagnostics), wanted->name, &at);
      if (!again)
        continue;
      struct place first = sources_place (diagnostics->sources, at.first);
      diagnose (diagnostics, SEVERITY_NOTE, node_span (again),
                "%s is bound again here; -w %s means its first value (%zu:%zu%s)", wanted->text, wanted->text,
                first.line, first.column, at.other ? ", or in another branch" : "");
    }
}

void
output_version (FILE *out)
{
  const char *what, *file;
  bool there;
  fputs ("gradcalc " PACKAGE_VERSION "\n"
         "Copyright (C) 2026 the gradcalc authors\n"
         "License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>\n"
         "This is free software: you are free to change and redistribute it.\n"
         "There is NO WARRANTY, to the extent permitted by law.\n\n"
         "Libraries that a run opens when it needs them:\n",
         out);
  for (int i = 0; library_at (i, &what, &file, &there); i++)
    fprintf (out, "  %-7s %-20s %s\n", what, file, there ? "found" : "not found");
}
