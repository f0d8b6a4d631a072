/* term.c -- the formulas of a run, by number: equal ones are the same. */
#include "formula/term.h"

#include <string.h>

#include "base/bits.h"
#include "base/heap.h"

void
terms_open (struct terms *terms, struct memory *memory)
{
  area_open (&terms->list, memory, (size_t)8 << 30, "the formulas");
  area_open (&terms->parts, memory, (size_t)8 << 30, "the formulas");
  area_open (&terms->table, memory, (size_t)1 << 26, "the formulas");
}

void
terms_close (struct terms *terms)
{
  area_close (&terms->list);
  area_close (&terms->parts);
  area_close (&terms->table);
}

enum
{
  SLOTS = 1 << 22 /* of the table; a formula of more parts is of no use to anyone */
};

static bool
same (const struct terms *terms, const struct term *a, const struct term *b, const struct part *parts)
{
  if (a->kind != b->kind || a->op != b->op || a->name != b->name || a->count != b->count
      || memcmp (&a->number, &b->number, sizeof a->number) != 0 || !shape_equal (&a->shape, &b->shape))
    return false;
  const struct part *known = term_parts (terms, a);
  for (uint32_t i = 0; i < a->count; i++)
    if (known[i].term != parts[i].term || known[i].coefficient != parts[i].coefficient)
      return false;
  return true;
}

static uint64_t
mixed (uint64_t hash, uint64_t value)
{
  /* Of a whole number only the highest bits differ: they have to come down. */
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 32;
}

uint32_t
term_intern (struct terms *terms, struct term term, const struct part *parts)
{
  uint64_t hash = mixed (term.kind * 31 + term.op, term.name);
  hash = mixed (hash, bits_of (term.number));
  for (uint32_t i = 0; i < term.count; i++)
    hash = mixed (mixed (hash, parts[i].term), bits_of (parts[i].coefficient));
  if (!terms->table.used)
    area_push (&terms->table, SLOTS * sizeof (uint32_t));
  uint32_t *table = area_of (&terms->table, uint32_t);
  size_t at = (hash >> 20) % SLOTS;
  for (; table[at]; at = (at + 1) % SLOTS)
    if (same (terms, term_at (terms, table[at] - 1), &term, parts))
      return table[at] - 1;
  if (area_count (&terms->list, struct term) > SLOTS / 2)
    memory_exhausted (terms->list.memory, 0, "the formulas");
  term.first = (uint32_t)area_count (&terms->parts, struct part);
  if (term.count && parts)
    memcpy (area_push (&terms->parts, term.count * sizeof *parts), parts, term.count * sizeof *parts);
  term.traits = term_traits (terms, &term, parts);
  *area_add (&terms->list, struct term) = term;
  table[at] = (uint32_t)area_count (&terms->list, struct term);
  return table[at] - 1;
}

uint32_t
term_number (struct terms *terms, double number)
{
  return term_intern (terms, (struct term){ .kind = TERM_NUMBER, .number = number + 0.0 }, NULL);
}

uint32_t
term_name (struct terms *terms, uint32_t name, const struct shape *shape)
{
  return term_intern (terms, (struct term){ .kind = TERM_NAME, .name = name, .shape = *shape }, NULL);
}

bool
term_is_number (const struct terms *terms, uint32_t term, double *number)
{
  const struct term *t = term_at (terms, term);
  if (t->kind == TERM_NUMBER)
    *number = t->number;
  return t->kind == TERM_NUMBER;
}

uint32_t
term_plain_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  struct part *parts = heap_take (terms->list.memory, count, sizeof *parts, "the formulas");
  for (uint32_t i = 0; i < count; i++)
    parts[i] = (struct part){ arguments[i], 1 };
  uint32_t call
    = term_intern (terms, (struct term){ .kind = TERM_CALL, .op = op, .shape = *shape, .count = count }, parts);
  heap_give (parts);
  return call;
}

uint32_t
term_filled (struct terms *terms, enum op op, const struct shape *shape)
{
  uint32_t extents[RANK_LIMIT];
  for (int axis = 0; axis < shape->rank; axis++)
    extents[axis] = term_number (terms, (double)shape->extent[axis]);
  return shape->rank ? term_plain_call (terms, op, extents, (uint32_t)shape->rank, shape)
                     : term_number (terms, op == OP_ones);
}

struct shape
terms_shape (const struct terms *terms, const uint32_t *list, uint32_t count)
{
  struct shape shape = { .rank = 0 }, both;
  for (uint32_t i = 0; i < count; i++)
    if (shape_broadcast (&both, &shape, &term_at (terms, list[i])->shape))
      shape = both;
  return shape;
}
