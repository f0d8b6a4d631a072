/* lookup.h -- finds numbered things by a hash of what they are. */
#ifndef GRADCALC_LOOKUP_H
#define GRADCALC_LOOKUP_H

#include "base/memory.h"

/* Linear probing, at most half full. Zero bytes are a valid empty table once it was opened. */
struct lookup
{
  struct area slots; /* struct lookup_slot, a power of two of them */
  size_t count;
};

struct lookup_slot
{
  uint32_t hash, item; /* its number plus one; 0: empty */
};

/* Spreads the bits of a word over all of them: those of a whole number in double precision are all at the top. */
static inline uint64_t
hash_word (uint64_t word)
{
  word ^= word >> 32;
  word *= 0xd6e8feb86659fd93u;
  word ^= word >> 32;
  return word;
}

/* `what` is what a message calls it when memory ends. */
void lookup_open (struct lookup *lookup, struct memory *memory, const char *what);
void lookup_close (struct lookup *lookup);

/* A new thing; that it is not there yet the caller has looked up. */
void lookup_add (struct lookup *lookup, uint32_t hash, uint32_t item);

/* Things of one hash, one after the other: `*at` begins as the hash. UINT32_MAX when there is no more. The caller
   compares them with what is looked for. */
static inline uint32_t
lookup_next (const struct lookup *lookup, uint32_t hash, size_t *at)
{
  const struct lookup_slot *slots = area_of (&lookup->slots, struct lookup_slot);
  size_t mask = area_count (&lookup->slots, struct lookup_slot) - 1;
  for (; slots && slots[*at & mask].item; ++*at)
    if (slots[*at & mask].hash == hash)
      return slots[(*at)++ & mask].item - 1;
  return UINT32_MAX;
}

#endif
