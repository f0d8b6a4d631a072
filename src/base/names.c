/* names.c -- names as small numbers. */
#include "base/names.h"

#include <endian.h>
#include <string.h>

#include "base/heap.h"
#include "base/lookup.h"

/* A short name stands in its slot whole, so that finding it touches one cache line; of a longer one the slot has the
 * hash. */
enum
{
  INLINE = 12,
  LONG = 255
};

struct name_slot
{
  union
  {
    char text[INLINE]; /* NUL-padded */
    uint32_t word[3];  /* a long name: hash, hash, size with LONG in the top byte */
  };
  uint32_t name; /* its number plus one; 0 is an empty slot */
};

/* Programs that were written by programs have names like t_1 ... t_1000000. Of such a family the numbers are looked up
   in an array of their own, a fraction of the table's size, as long as they are dense. */
enum
{
  FAMILIES = 64,
  PREFIX = 7,
  DIGITS = 7
};

struct name_family
{
  uint64_t prefix;     /* its bytes; 0: there is no family here */
  struct area members; /* uint32_t by number: the name plus one, or 0 */
  bool strays;         /* names of it may stand in the table */
};

struct name_entry
{
  uint32_t text; /* offset */
};

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
      return hash_word (low * 0x9e3779b97f4a7c15u + slot->word[2]);
    }
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
  hash = hash_word (hash);
  slot->word[0] = (uint32_t)hash;
  slot->word[1] = (uint32_t)(hash >> 32);
  slot->word[2] = (uint32_t)LONG << 24 | (uint32_t)(size & 0xffffff);
  return hash;
}

void
names_open (struct names *names, struct memory *memory)
{
  *names = (struct names){ .memory = memory };
  area_open_for_text (&names->entries, memory, 8, "the table of names");
  area_open_for_text (&names->text, memory, 4, "the table of names");
}

void
names_close (struct names *names)
{
  if (!names->memory)
    return;
  area_close (&names->entries);
  area_close (&names->text);
  area_close (&names->table);
  for (size_t i = 0; names->families && i <= FAMILIES; i++)
    area_close (&names->families[i].members);
  heap_give (names->families);
  *names = (struct names){ 0 };
}

static bool
same (const struct names *names, const struct name_slot *slot, const struct name_slot *wanted, const char *text,
      size_t size)
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
  size_t count = old_count ? old_count * 2 : 64;
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

/* Up to 8 bytes as a word, the first one lowest. */
static inline uint64_t
load (const char *text, size_t size)
{
  uint64_t word = 0;
  uint32_t low, high;
  if (size >= sizeof word)
    memcpy (&word, text, sizeof word);
  else if (size < sizeof low)
    for (size_t i = size; i-- > 0;)
      word = word << 8 | (unsigned char)text[i];
  else
    {
      memcpy (&low, text, sizeof low);
      memcpy (&high, text + size - sizeof high, sizeof high);
      return le32toh (low) | (uint64_t)le32toh (high) << 8 * (size - sizeof high);
    }
  return size >= sizeof word ? le64toh (word) : word;
}

/* Splits a name with a number at its end into its prefix, as the bytes of a word, and the number; false when it is no
   such. The digits are found and added up eight at a time: all of them, then in pairs, fours and eights. */
static inline bool
split_name (const char *text, size_t size, uint64_t *prefix, uint32_t *number)
{
  const uint64_t each = 0x0101010101010101;
  if (size < 2 || size > PREFIX + DIGITS)
    return false;
  uint64_t start = load (text, size), end = size < 8 ? start << 8 * (8 - size) : load (text + size - 8, 8);
  uint64_t value = end ^ each * '0', others = (((value & each * 0x7f) + each * 0x76) | value) & each * 0x80;
  size_t digits = others ? (size_t)__builtin_clzll (others) / 8 : 8, length = size - digits;
  if (digits == 0 || digits > DIGITS || length == 0 || length > PREFIX || (text[length] == '0' && digits > 1))
    return false;
  value &= ~(uint64_t)0 << 8 * (8 - digits);
  value = (value * 10 + (value >> 8)) & 0x00ff00ff00ff00ff;
  value = (value * 100 + (value >> 16)) & 0x0000ffff0000ffff;
  *number = (uint32_t)(value * 10000 + (value >> 32));
  *prefix = start & (((uint64_t)1 << 8 * length) - 1);
  return true;
}

/* The family where a prefix would be. */
static inline struct name_family *
family_of (const struct names *names, uint64_t prefix)
{
  return &names->families[(prefix * 0x9e3779b97f4a7c15u >> 58) + 1];
}

/* Where the number of a member is kept, made when it is not there yet; NULL when it lies far beyond the others. */
static uint32_t *
member_of (struct names *names, struct name_family *family, uint32_t number)
{
  size_t known = area_count (&family->members, uint32_t);
  if (number >= known)
    {
      if (number > 2 * known + 4096 || number > 2 * names_count (names) + 4096)
        return NULL;
      area_push (&family->members, (number + 1 - known) * sizeof (uint32_t));
    }
  return area_of (&family->members, uint32_t) + number;
}

/* Where the number of a name of a family is kept, or NULL. A family that has not all of its names there says so. */
static uint32_t *
find_member (struct names *names, const char *text, size_t size, bool *strays)
{
  uint64_t prefix;
  uint32_t number;
  if (!names->families || !split_name (text, size, &prefix, &number))
    return NULL;
  struct name_family *family = family_of (names, prefix);
  if (!family->prefix)
    {
      family->prefix = prefix;
      area_open (&family->members, names->memory, (size_t)64 << 20, "the table of names");
    }
  else if (family->prefix != prefix)
    return NULL;
  uint32_t *member = member_of (names, family, number);
  family->strays |= !member;
  *strays = family->strays;
  return member;
}

/* A small program needs no families: they begin with the names that are there by then. */
static void
begin_families (struct names *names)
{
  names->families = heap_take_zeroed (names->memory, FAMILIES + 1, sizeof *names->families, "the table of names");
  for (uint32_t name = 0; name < names_count (names); name++)
    {
      bool strays;
      const char *text = names_text (names, name);
      uint32_t *member = find_member (names, text, strlen (text), &strays);
      if (member)
        *member = name + 1;
    }
}

/* A ticket is the family's number, from 1, and the name's. */
enum
{
  TICKET_BITS = 24
};

uint32_t
names_prefetch (const struct names *names, const char *text, size_t size)
{
  uint64_t prefix;
  uint32_t number;
  if (!names->families || !split_name (text, size, &prefix, &number))
    return 0;
  const struct name_family *family = family_of (names, prefix);
  if (family->prefix != prefix)
    return 0;
  __builtin_prefetch (area_of (&family->members, uint32_t) + number);
  return (uint32_t)(family - names->families) << TICKET_BITS | number;
}

static uint32_t
add_name (struct names *names, const char *text, size_t size)
{
  uint32_t name = (uint32_t)names_count (names);
  area_add (&names->entries, struct name_entry)->text = (uint32_t)names->text.used;
  char *copy = area_push (&names->text, size + 1);
  memcpy (copy, text, size);
  copy[size] = 0;
  return name;
}

static uint32_t
intern (struct names *names, uint32_t *member, bool strays, const char *text, size_t size)
{
  if (member && *member)
    return *member - 1;
  uint32_t name;
  if (member && !strays)
    {
      name = add_name (names, text, size);
      *member = name + 1;
      return name;
    }
  if (names->slots_used * 2 >= names->slot_count)
    grow (names);
  struct name_slot wanted;
  struct name_slot *slot = find (names, &wanted, text, size);
  if (slot->name)
    name = slot->name - 1;
  else
    {
      name = add_name (names, text, size);
      wanted.name = name + 1;
      *slot = wanted;
      names->slots_used++;
    }
  if (member)
    *member = name + 1;
  return name;
}

uint32_t
names_intern (struct names *names, const char *text, size_t size)
{
  enum
  {
    SMALL = 1024
  };
  if (!names->families && names_count (names) >= SMALL)
    begin_families (names);
  bool strays = false;
  uint32_t *member = find_member (names, text, size, &strays);
  return intern (names, member, strays, text, size);
}

uint32_t
names_find_ticket (const struct names *names, uint32_t ticket)
{
  const struct name_family *family = &names->families[ticket >> TICKET_BITS];
  uint32_t number = ticket & ((1u << TICKET_BITS) - 1);
  if (!ticket || number >= area_count (&family->members, uint32_t))
    return 0;
  return area_of (&family->members, uint32_t)[number];
}

uint32_t
names_intern_ticket (struct names *names, uint32_t ticket, const char *text, size_t size)
{
  if (!ticket)
    return names_intern (names, text, size);
  struct name_family *family = &names->families[ticket >> TICKET_BITS];
  uint32_t *member = member_of (names, family, ticket & ((1u << TICKET_BITS) - 1));
  family->strays |= !member;
  return intern (names, member, family->strays, text, size);
}

uint32_t
names_find (const struct names *names, const char *text, size_t size)
{
  bool strays;
  const uint32_t *member = find_member ((struct names *)names, text, size, &strays);
  if (member && *member)
    return *member - 1;
  return names->slot_count ? find (names, &(struct name_slot){ 0 }, text, size)->name - 1 : UINT32_MAX;
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

bool
names_is_name (const char *text, size_t size)
{
  if (size == 0 || (text[0] >= '0' && text[0] <= '9'))
    return false;
  for (size_t i = 0; i < size; i++)
    {
      unsigned char c = (unsigned char)text[i];
      if (!(c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')))
        return false;
    }
  return true;
}
