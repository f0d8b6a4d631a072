/* lookup.c -- finds numbered things by a hash of what they are. */
#include "base/lookup.h"

void
lookup_open (struct lookup *lookup, struct memory *memory, const char *what)
{
  *lookup = (struct lookup){ .count = 0 };
  area_open (&lookup->slots, memory, 0, what);
}

void
lookup_close (struct lookup *lookup)
{
  area_close (&lookup->slots);
  lookup->count = 0;
}

static void
put (struct lookup_slot *slots, size_t mask, struct lookup_slot slot)
{
  size_t at = slot.hash & mask;
  while (slots[at].item)
    at = (at + 1) & mask;
  slots[at] = slot;
}

/* Twice as many slots, in an area of exactly that size. */
static void
grow (struct lookup *lookup)
{
  enum
  {
    FIRST = 64
  };
  struct area old = lookup->slots, wider;
  size_t before = area_count (&old, struct lookup_slot), count = before ? before * 2 : FIRST;
  area_open (&wider, old.memory, count * sizeof (struct lookup_slot), old.what);
  struct lookup_slot *slots = area_push (&wider, count * sizeof *slots);
  for (size_t i = 0; i < before; i++)
    if (area_of (&old, struct lookup_slot)[i].item)
      put (slots, count - 1, area_of (&old, struct lookup_slot)[i]);
  area_close (&old);
  lookup->slots = wider;
}

void
lookup_add (struct lookup *lookup, uint32_t hash, uint32_t item)
{
  if (lookup->count * 2 >= area_count (&lookup->slots, struct lookup_slot))
    grow (lookup);
  put (area_of (&lookup->slots, struct lookup_slot), area_count (&lookup->slots, struct lookup_slot) - 1,
       (struct lookup_slot){ hash, item + 1 });
  lookup->count++;
}
