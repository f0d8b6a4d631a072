/* symbolic_names.c -- what values and parts of formulas are called. */
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "formula/symbolic_step.h"

/* The register of a variable that goes by its name in formulas, or NO_SLOT. */
static uint32_t
named_slot (const struct variable *variable)
{
  bool named = variable->slot != UINT32_MAX && variable->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED)
               && !(variable->flags & (VARIABLE_UNNAMED | VARIABLE_LOOP));
  return named ? variable->slot & REGISTER_MASK : NO_SLOT;
}

void
symbolic_find_names (struct symbolic *formulas)
{
  const struct program *program = formulas->run->program;
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  uint32_t *names = symbolic_table (&formulas->names, area_count (&formulas->run->globals, struct value));
  uint32_t *holders = symbolic_table (&formulas->holders, tape_count (formulas->run->tape));
  for (uint32_t name = 0; name < area_count (&program->variables, struct variable); name++)
    {
      const struct variable *variable = program_variable (program, name);
      if (variable->slot != UINT32_MAX && !names[variable->slot & REGISTER_MASK])
        names[variable->slot & REGISTER_MASK] = name + 1;
      uint32_t slot = named_slot (variable), node = slot == NO_SLOT ? 0 : globals[slot].node;
      if (node && !holders[node])
        holders[node] = slot + 1;
    }
}

uint32_t
symbolic_slot (const struct symbolic *formulas, const struct value *value)
{
  const struct program *program = formulas->run->program;
  const struct value *globals = area_of (&formulas->run->globals, struct value);
  if (value->node)
    return value->node < area_count (&formulas->holders, uint32_t)
             ? area_of (&formulas->holders, uint32_t)[value->node] - 1
             : NO_SLOT;
  for (uint32_t name = 0; value->kind == KIND_ARRAY && name < area_count (&program->variables, struct variable); name++)
    {
      uint32_t slot = named_slot (program_variable (program, name));
      if (slot != NO_SLOT && !globals[slot].node && globals[slot].kind == KIND_ARRAY
          && globals[slot].array == value->array)
        return slot;
    }
  return NO_SLOT;
}

const char *
symbolic_name (const struct symbolic *formulas, uint32_t slot)
{
  uint32_t name = slot < area_count (&formulas->names, uint32_t) ? area_of (&formulas->names, uint32_t)[slot] : 0;
  return name ? names_text (formulas->run->program->names, name - 1) : "";
}

uint32_t
symbolic_names (const struct symbolic *formulas, uint32_t term, bool *marks)
{
  const struct terms *terms = &formulas->terms;
  size_t count = area_count (&terms->list, struct term);
  uint32_t lost = 0, left = 0, *stack = heap_take (formulas->run->memory, count, sizeof *stack, "the formulas");
  bool *seen = heap_take_zeroed (formulas->run->memory, count, sizeof *seen, "the formulas");
  stack[left++] = term;
  seen[term] = true;
  while (left)
    {
      const struct term *t = term_at (terms, stack[--left]);
      if (t->kind == TERM_NAME && t->name & LOST)
        lost = t->name & ~LOST;
      else if (t->kind == TERM_NAME && marks)
        marks[t->name] = true;
      for (uint32_t i = 0; i < t->count; i++)
        {
          uint32_t part = term_parts (terms, t)[i].term;
          if (!seen[part])
            stack[left++] = part;
          seen[part] = true;
        }
    }
  heap_give (stack);
  heap_give (seen);
  return lost;
}

bool
symbolic_is_numbered (const char *name, char letter)
{
  return *name == letter && name[1] && name[1 + strspn (name + 1, "0123456789")] == 0;
}

/* Whether a name is a letter with a number below it, in LaTeX: t1, t_1. */
static bool
is_indexed (const char *name, char letter)
{
  const char *index = name + 1;
  if (*name != letter)
    return false;
  while (*index == '_')
    index++;
  return *index && (index[strspn (index, "0123456789")] == 0 || (unsigned char)*index >= 0x80);
}

char
symbolic_free_letter (const struct symbolic *formulas)
{
  const struct names *names = formulas->run->program->names;
  for (const char *letter = "tqrsuvwxzabcdefghklmno"; *letter; letter++)
    {
      bool taken = false;
      for (uint32_t name = 0; name < names_count (names) && !taken; name++)
        taken = is_indexed (names_text (names, name), *letter);
      if (!taken)
        return *letter;
    }
  return 0;
}

void
symbolic_part_name (const struct symbolic *formulas, uint32_t part, bool latex, char name[PART_NAME])
{
  snprintf (name, PART_NAME, latex ? "%c_{%u}" : "%c%u", formulas->letter, part + 1);
}
