/* flow_turns.c -- turns of a loop that were run at once. What a turn makes of the registers hangs on the instructions
   that it passes and on what they hold; so a turn that was followed before, from registers that held the same, need not
   be followed again: it reads and decides what is known to be read and decided. */
#include "explain/flow.h"

#include <string.h>

enum
{
  MOST_WORDS = 1 << 22, /* of all states; then they are forgotten */
  NO_STATE = -1
};

/* From one state a passage leads to another. */
struct known_turn
{
  const struct passage *passage;
  uint32_t from, to;
};

void
flow_turns_open (struct flow_turns *turns, struct memory *memory, const char *what)
{
  *turns = (struct flow_turns){ .size = 0 };
  area_open (&turns->words, memory, (size_t)1 << 32, what);
  area_open (&turns->known, memory, (size_t)1 << 32, what);
  lookup_open (&turns->states, memory, what);
  lookup_open (&turns->by_passage, memory, what);
}

void
flow_turns_close (struct flow_turns *turns)
{
  area_close (&turns->words);
  area_close (&turns->known);
  lookup_close (&turns->states);
  lookup_close (&turns->by_passage);
}

static void
forget (struct flow_turns *turns)
{
  struct memory *memory = turns->words.memory;
  const char *what = turns->words.what;
  flow_turns_close (turns);
  flow_turns_open (turns, memory, what);
}

/* The number of the state that registers are in: what they hold, and how often a source was bound, for readings count
   from there on. `*forgot` where those before it are no more. */
static uint32_t
state_now (struct flow *flow, size_t callee, bool *forgot)
{
  struct flow_turns *turns = &flow->turns;
  const size_t globals = area_count (&flow->globals, uint32_t), size = 1 + globals + callee;
  flow_fill_stack (flow, callee);
  *forgot = turns->size != size || area_count (&turns->words, uint32_t) > MOST_WORDS;
  if (*forgot)
    forget (turns);
  turns->size = size;
  uint32_t *words = area_push (&turns->words, size * sizeof *words);
  words[0] = flow->bindings;
  memcpy (words + 1, flow->globals.start, globals * sizeof *words);
  memcpy (words + 1 + globals, flow->stack.start, callee * sizeof *words);
  uint64_t hash = 0;
  for (size_t i = 0; i < size; i++)
    hash = hash_word (hash + words[i] + 1);
  uint32_t found;
  for (size_t at = (uint32_t)hash; (found = lookup_next (&turns->states, (uint32_t)hash, &at)) != UINT32_MAX;)
    if (memcmp (area_of (&turns->words, uint32_t) + found * size, words, size * sizeof *words) == 0)
      {
        turns->words.used -= size * sizeof *words;
        return found;
      }
  found = (uint32_t)(area_count (&turns->words, uint32_t) / size - 1);
  lookup_add (&turns->states, (uint32_t)hash, found);
  return found;
}

/* Registers hold again what they held in a state. */
static void
put_back (struct flow *flow, uint32_t state, size_t callee)
{
  const struct flow_turns *turns = &flow->turns;
  const size_t globals = area_count (&flow->globals, uint32_t);
  const uint32_t *words = area_of (&turns->words, uint32_t) + state * turns->size;
  memcpy (flow->globals.start, words + 1, globals * sizeof *words);
  memcpy (flow->stack.start, words + 1 + globals, callee * sizeof *words);
}

static uint32_t
hash_of (const struct passage *passage, uint32_t from)
{
  return (uint32_t)hash_word ((uintptr_t)passage + ((uint64_t)from << 48 | from));
}

/* Where a passage leads from a state, or NO_STATE. */
static int64_t
find_turn (const struct flow_turns *turns, const struct passage *passage, uint32_t from)
{
  const struct known_turn *known = area_of (&turns->known, struct known_turn);
  const uint32_t hash = hash_of (passage, from);
  uint32_t found;
  for (size_t at = hash; (found = lookup_next (&turns->by_passage, hash, &at)) != UINT32_MAX;)
    if (known[found].passage == passage && known[found].from == from)
      return known[found].to;
  return NO_STATE;
}

static void
add_turn (struct flow_turns *turns, const struct passage *passage, uint32_t from, uint32_t to)
{
  lookup_add (&turns->by_passage, hash_of (passage, from), (uint32_t)area_count (&turns->known, struct known_turn));
  *area_add (&turns->known, struct known_turn) = (struct known_turn){ passage, from, to };
}

/* Follows the instructions of a passage, in functions that it calls too. */
static void
follow_passage (struct flow *flow, const struct run *run, const struct passage *passage,
                const struct standing *standing)
{
  const struct instruction *code = area_of (&run->program->code, struct instruction);
  const struct prototype *prototypes = area_of (&run->program->prototypes, struct prototype);
  struct standing levels[PASSAGE_CALLS + 1] = { *standing }, *level = levels;
  for (uint32_t i = 0; i < passage->count; i++)
    {
      const uint32_t place = passage->places[i];
      flow_use_patience (flow);
      if (code[place].code == CODE_CALL)
        level->called = passage->places[++i];
      flow_step (flow, run, place, level);
      if (code[place].code == CODE_CALL)
        {
          const size_t base = level->callee;
          level[1] = (struct standing){
            .base = base, .callee = base + prototypes[level->called].registers, .call = place, .caller = level->base
          };
          level++;
        }
      else if (code[place].code == CODE_RETURN)
        level--;
    }
}

void
flow_turns_pass (struct flow *flow, const struct run *run, const struct turns *turns, const struct standing *standing)
{
  const size_t callee = standing->callee;
  bool forgot;
  uint32_t held = state_now (flow, callee, &forgot), at = held;
  for (uint32_t i = 0; i < turns->count; i++)
    {
      const struct passage *passage = turns->passages[turns->ways[i]];
      const int64_t known = find_turn (&flow->turns, passage, at);
      if (known != NO_STATE)
        {
          at = (uint32_t)known;
          continue;
        }
      if (at != held)
        put_back (flow, at, callee);
      follow_passage (flow, run, passage, standing);
      held = state_now (flow, callee, &forgot);
      if (!forgot)
        add_turn (&flow->turns, passage, at, held);
      at = held;
    }
  if (at != held)
    put_back (flow, at, callee);
}
