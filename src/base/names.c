/* names.c -- names as small numbers. */
#include "base/names.h"

#include <string.h>

/* A short name stands in its slot whole, so that finding it touches one cache line; of a longer one the slot has the hash. */
enum { INLINE = 12, LONG = 255 };

struct name_slot {
  union {
    char text[INLINE]; /* NUL-padded */
    uint32_t word[3];  /* a long name: hash, hash, size with LONG in the top byte */
  };
  uint32_t name; /* its number plus one; 0 is an empty slot */
};

struct name_entry {
  uint32_t text; /* offset */
};

static uint64_t
mix (uint64_t h)
{
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93u;
  h ^= h >> 32;
  return h;
}

/* The slot contents that stand for a name, and its hash. */
static uint64_t
key (struct name_slot *slot, const char *text, size_t size)
{
  *slot = (struct name_slot){ 0 };
  if (size <= INLINE)
    {
      memcpy (slot->text, text, size);
      uint64_t low;
      memcpy (&low, slot->text, sizeof low);
      return mix (low * 0x9e3779b97f4a7c15u + slot->word[2]);
    }
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char) text[i]) * 0x100000001b3u;
  hash = mix (hash);
  slot->word[0] = (uint32_t) hash;
  slot->word[1] = (uint32_t) (hash >> 32);
  slot->word[2] = (uint32_t) LONG << 24 | (uint32_t) (size & 0xffffff);
  return hash;
}

void
names_open (struct names *names, struct memory *memory)
{
  *names = (struct names){ .memory = memory };
  area_open (&names->entries, memory, (size_t) 8 << 30, "the table of names");
  area_open (&names->text, memory, (size_t) 4 << 30, "the table of names");
}

void
names_close (struct names *names)
{
  if (!names->memory)
    return;
  area_close (&names->entries);
  area_close (&names->text);
  area_close (&names->table);
  *names = (struct names){ 0 };
}

static bool
same (const struct names *names, const struct name_slot *slot, const struct name_slot *wanted, const char *text, size_t size)
{
  if (memcmp (slot->text, wanted->text, INLINE) != 0)
    return false;
  if (size <= INLINE)
    return true;
  const char *known = names_text (names, slot->name - 1);
  return strlen (known) == size && memcmp (known, text, size) == 0;
}

static void
grow (struct names *names)
{
  struct area old = names->table;
  size_t old_count = names->slot_count;
  size_t count = old_count ? old_count * 2 : 1024;
  struct area table;
  area_open (&table, names->memory, count * sizeof (struct name_slot), "the table of names");
  struct name_slot *slots = area_push (&table, count * sizeof *slots);
  const struct name_slot *before = area_of (&old, struct name_slot);
  for (size_t i = 0; i < old_count; i++)
    if (before[i].name)
      {
        const char *text = names_text (names, before[i].name - 1);
        struct name_slot wanted;
        size_t at = key (&wanted, text, strlen (text)) & (count - 1);
        while (slots[at].name)
          at = (at + 1) & (count - 1);
        slots[at] = before[i];
      }
  area_close (&old);
  names->table = table;
  names->slot_count = count;
}

static struct name_slot *
find (const struct names *names, struct name_slot *wanted, const char *text, size_t size)
{
  struct name_slot *slots = area_of (&names->table, struct name_slot);
  size_t at = key (wanted, text, size) & (names->slot_count - 1);
  while (slots[at].name && !same (names, &slots[at], wanted, text, size))
    at = (at + 1) & (names->slot_count - 1);
  return &slots[at];
}

uint32_t
names_intern (struct names *names, const char *text, size_t size)
{
  if (names_count (names) * 2 >= names->slot_count)
    grow (names);
  struct name_slot wanted;
  struct name_slot *slot = find (names, &wanted, text, size);
  if (!slot->name)
    {
      uint32_t name = (uint32_t) names_count (names);
      area_add (&names->entries, struct name_entry)->text = (uint32_t) names->text.used;
      char *copy = area_push (&names->text, size + 1);
      memcpy (copy, text, size);
      copy[size] = 0;
      wanted.name = name + 1;
      *slot = wanted;
    }
  return slot->name - 1;
}

uint32_t
names_find (const struct names *names, const char *text, size_t size)
{
  struct name_slot wanted;
  return names->slot_count ? find (names, &wanted, text, size)->name - 1 : UINT32_MAX;
}

const char *
names_text (const struct names *names, uint32_t name)
{
  return names->text.start + area_of (&names->entries, struct name_entry)[name].text;
}

size_t
names_count (const struct names *names)
{
  return area_count (&names->entries, struct name_entry);
}
