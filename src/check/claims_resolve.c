/* claims_resolve.c -- what claims name, found in the program that was compiled. */
#include <string.h>

#include "base/heap.h"
#include "check/claims.h"

static bool
check_name (const struct program *program, const char *text, uint32_t name, struct span span,
            struct diagnostics *diagnostics)
{
  if (name != UINT32_MAX && name < area_count (&program->variables, struct variable)
      && program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
    return true;
  const char *meant = program_suggest (program, text, UINT32_MAX);
  diagnose (diagnostics, SEVERITY_ERROR, span, "'%s' is not a variable of the program%s%s%s", text,
            meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
  return false;
}

/* The targets that are expressions, by the numbers of their texts; the caller gives both back. */
static void
find_expressions (const struct claims *claims, const struct program *program, uint32_t *numbers[2])
{
  const struct target *targets = area_of (&program->targets, struct target);
  for (int first = 0; first < 2; first++)
    {
      size_t count = claims->targets[first].memory ? names_count (&claims->targets[first]) : 0;
      numbers[first] = heap_take (claims->memory, count + 1, sizeof *numbers[first], "the claims");
      memset (numbers[first], 0xff, count * sizeof *numbers[first]);
    }
  for (size_t i = area_count (&program->targets, struct target); i-- > 0;)
    {
      const struct names *texts = &claims->targets[targets[i].first];
      uint32_t text = texts->memory ? names_find (texts, targets[i].name, strlen (targets[i].name)) : UINT32_MAX;
      if (text != UINT32_MAX)
        numbers[targets[i].first][text] = (uint32_t)i;
    }
}

void
claims_chain (struct claims *claims, const struct program *program)
{
  size_t registers = program->global_count;
  size_t *heads = heap_take (claims->memory, registers + 1, sizeof *heads, "the claims");
  memset (heads, 0xff, (registers + 1) * sizeof *heads);
  for (size_t i = claims->count; i-- > 0;)
    {
      uint32_t slot = claims->list[i].target_slot;
      size_t *head = &heads[slot == UINT32_MAX ? registers : slot & REGISTER_MASK];
      claims->list[i].leads = true;
      claims->list[i].next = *head;
      if (*head != SIZE_MAX)
        claims->list[*head].leads = false;
      *head = i;
    }
  heap_give (heads);
}

/* `none`, or as Python or JSON says it. */
static bool
says_none (const char *text, size_t size)
{
  static const char *const words[] = { "none", "None", "null" };
  bool found = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    found |= size == strlen (words[i]) && memcmp (text, words[i], size) == 0;
  return found;
}

/* Whether a result of a function may tell how many elements there are. */
static bool
measures (enum op op)
{
  return op < OPS && !(op_info[op].traits & UNCOUNTED)
         && (op_group (op) == GROUP_reductions || op_group (op) == GROUP_shape);
}

/* The variables that a claim mentions, and what earlier answers that it names mention: `seen` has a mark for each name,
   which is its own of each claim. */
static void
find_mentioned (const struct claims *claims, struct claim *claim, const struct program *program, size_t number,
                size_t *seen)
{
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  const uint32_t *names = area_of (&program->claimed_names, uint32_t);
  size_t names_all = area_count (&program->variables, struct variable), room = 0;
  uint32_t *pending = heap_take (claims->memory, number + 1, sizeof *pending, "the claims");
  size_t left = 0;
  pending[left++] = (uint32_t)number;
  while (left)
    {
      const struct claimed *at = &claimed[pending[--left]];
      for (uint32_t k = 0; k < at->name_count; k++)
        {
          uint32_t name = names[at->first_name + k];
          if (name >= names_all || seen[name] == number + 1)
            continue;
          seen[name] = number + 1;
          if (program_variable (program, name)->flags & (VARIABLE_ASSIGNED | VARIABLE_DEFINED))
            {
              if (claim->mentioned_count == room)
                {
                  room = 2 * room + 8;
                  claim->mentioned
                    = heap_grow (claims->memory, claim->mentioned, room, sizeof *claim->mentioned, "the claims");
                }
              claim->mentioned[claim->mentioned_count++] = name;
              continue;
            }
          const char *text = names_text (program->names, name);
          claim->measures |= measures (op_find (text, false));
          for (size_t i = number; i-- > 0;)
            if (claimed[i].names && claimed[i].defined == name)
              {
                pending[left++] = (uint32_t)i;
                break;
              }
        }
    }
  heap_give (pending);
}

bool
claims_resolve (struct claims *claims, const struct program *program, size_t first, struct diagnostics *diagnostics)
{
  const struct claimed *claimed = area_of (&program->claimed, struct claimed);
  bool good = true;
  size_t names = area_count (&program->variables, struct variable);
  size_t *seen = heap_take_zeroed (claims->memory, names, sizeof *seen, "the claims");
  uint32_t *numbers[2];
  find_expressions (claims, program, numbers);
  for (size_t i = 0; i < claims->count; i++)
    {
      struct claim *claim = &claims->list[i];
      find_mentioned (claims, claim, program, i, seen);
      claim->right = claimed[i].right;
      claim->slot = claimed[i].slot;
      claim->mentions = claimed[i].mentions;
      claim->names = claimed[i].names;
      claim->none
        = says_none (sources_text (diagnostics->sources, claim->right), claim->right.length) && !claim->mentions;
      claim->wanted += first;
      uint32_t name = names_find (program->names, claim->target, strlen (claim->target));
      claim->number = i;
      claim->expression = UINT32_MAX;
      if (!claim->fault.text)
        claim->fault = claimed[i].fault;
      if (claim->names || claim->fault.text)
        continue;
      bool known = true;
      diagnostics->fault = sources_find (diagnostics->sources, claim->left.start)->answers ? &claim->fault : NULL;
      if (!names_is_name (claim->target, strlen (claim->target)))
        {
          const struct names *texts = &claims->targets[claim->first != NULL];
          claim->expression = numbers[claim->first != NULL][names_find (texts, claim->target, strlen (claim->target))];
          claim->target_slot = claim->expression == UINT32_MAX
                                 ? UINT32_MAX
                                 : area_of (&program->targets, struct target)[claim->expression].slot;
        }
      else if (check_name (program, claim->target, name, claim->target_span, diagnostics))
        claim->target_slot = program_variable (program, name)->slot;
      else
        known = false;
      if (claim->source)
        known &= check_name (program, claim->source, claim->source_name, claim->source_span, diagnostics);
      diagnostics->fault = NULL;
      good &= known || claim->fault.text;
    }
  heap_give (seen);
  heap_give (numbers[0]);
  heap_give (numbers[1]);
  /* A claim that only names a value is not judged. */
  size_t kept = 0;
  for (size_t i = 0; i < claims->count; i++)
    if (claims->list[i].names)
      claim_free (&claims->list[i]);
    else
      claims->list[kept++] = claims->list[i];
  claims->count = kept;
  if (good)
    claims_chain (claims, program);
  return good;
}
