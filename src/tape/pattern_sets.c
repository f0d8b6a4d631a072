/* pattern_sets.c -- sets of elements of the sources, each of them once. */
#include "tape/pattern_sets.h"

#include "tape/order.h"

enum
{
  ENTRIES = 100000000 /* elements of all sets, and sets of all elements, beyond which nothing is gained */
};

uint32_t
pattern_set_new (struct pattern *pattern, size_t start, uint32_t count)
{
  *area_add (&pattern->sets, struct pattern_set) = (struct pattern_set){ start, count };
  return (uint32_t)area_count (&pattern->sets, struct pattern_set) - 1;
}

static bool
set_equals (const struct pattern *pattern, uint32_t set, const uint32_t *elements, uint32_t count)
{
  struct pattern_set known = area_of (&pattern->sets, struct pattern_set)[set];
  return known.count == count
         && memcmp (area_of (&pattern->elements, uint32_t) + known.start, elements, count * sizeof *elements) == 0;
}

uint32_t
pattern_union (struct pattern *pattern, uint32_t *members, size_t count)
{
  const struct pattern_set *sets = area_of (&pattern->sets, struct pattern_set);
  /* Mostly they are few, and the same. */
  if (count == 1 || (count == 2 && (members[0] == members[1] || !members[1])))
    return members[0];
  if (count == 2 && !members[0])
    return members[1];
  order_numbers (&pattern->scratch, members, count);
  size_t different = 0, total = 0;
  for (size_t i = 0; i < count; i++)
    if (members[i] && (!different || members[i] != members[different - 1]))
      {
        members[different++] = members[i];
        total += sets[members[i]].count;
      }
  if (different <= 1)
    return different ? members[0] : 0;
  if (pattern->elements.used / sizeof (uint32_t) + total > ENTRIES)
    {
      pattern->full = true;
      return 0;
    }
  uint32_t *merged = area_push (&pattern->elements, total * sizeof *merged);
  size_t start = (size_t)(merged - area_of (&pattern->elements, uint32_t)), used = 0;
  for (size_t i = 0; i < different; i++)
    {
      struct pattern_set set = sets[members[i]];
      memcpy (merged + used, area_of (&pattern->elements, uint32_t) + set.start, set.count * sizeof *merged);
      used += set.count;
    }
  order_numbers (&pattern->scratch, merged, total);
  uint32_t kept = 0;
  for (size_t i = 0; i < total; i++)
    if (!kept || merged[i] != merged[kept - 1])
      merged[kept++] = merged[i];
  for (size_t i = 0; i < different; i++)
    if (set_equals (pattern, members[i], merged, kept))
      {
        pattern->elements.used = start * sizeof *merged;
        return members[i];
      }
  pattern->elements.used = (start + kept) * sizeof *merged;
  return pattern_set_new (pattern, start, kept);
}

bool
pattern_make (struct pattern *pattern, uint32_t node, size_t size)
{
  if (area_count (&pattern->at, uint32_t) + size > ENTRIES)
    {
      pattern->full = true;
      return false;
    }
  area_of (&pattern->nodes, uint32_t)[node] = (uint32_t)area_count (&pattern->at, uint32_t) + 1;
  area_push (&pattern->at, size * sizeof (uint32_t));
  return true;
}
