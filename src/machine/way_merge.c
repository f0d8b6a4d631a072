/* way_merge.c -- assignments of a way that are as good as one: fewer for sweeps to go through, with the same products
   in the same order. */
#include <string.h>

#include "machine/way.h"

static uint32_t
start_of (const struct way *way, uint32_t i)
{
  return i ? way->assignments[i - 1].end : 0;
}

/* Whether a link hands on the value of a cell as it is. */
static bool
hands_on (const struct way *way, uint32_t link, uint16_t cell)
{
  return way->from[link] == cell && way->links[link] == WAY_ONES && way->positions[link] == WAY_ONES
         && !way->flat[link];
}

static bool
reads_cell (const struct way *way, uint32_t first, uint32_t end, uint16_t cell)
{
  while (first < end && way->from[first] != cell)
    first++;
  return first < end;
}

static void
remove_link (struct way *way, uint32_t link)
{
  const uint32_t left = --way->link_count - link;
  memmove (&way->from[link], &way->from[link + 1], left * sizeof *way->from);
  memmove (&way->links[link], &way->links[link + 1], left * sizeof *way->links);
  memmove (&way->positions[link], &way->positions[link + 1], left * sizeof *way->positions);
  memmove (&way->flat[link], &way->flat[link + 1], left * sizeof *way->flat);
}

/* Removes the first link of an assignment, and makes the rest of it a part of the one before. */
static void
join_before (struct way *way, uint32_t i)
{
  struct loop_assignment *assignments = way->assignments;
  remove_link (way, start_of (way, i));
  for (uint32_t k = i; k < way->assignment_count; k++)
    assignments[k].end--;
  assignments[i - 1].end = assignments[i].end;
  const uint32_t left = --way->assignment_count - i;
  memmove (&assignments[i], &assignments[i + 1], left * sizeof *assignments);
  memmove (&way->replaced[i], &way->replaced[i + 1], left * sizeof *way->replaced);
}

/* Whether an assignment adds to the cell that the one before it has set: s = s + u, then s = s + v. Of its own links
   one comes from there. */
static bool
adds_on (const struct way *way, uint32_t i)
{
  const uint32_t start = start_of (way, i);
  const uint16_t to = way->assignments[i].to;
  return way->assignments[i - 1].to == to && start < way->assignments[i].end && hands_on (way, start, to);
}

/* Whether all that an assignment does is to move what the one before it has set, which nobody else reads. */
static bool
moves_on (const struct way *way, uint32_t i)
{
  const uint32_t start = start_of (way, i), end = way->assignments[i].end;
  const uint16_t moved = way->assignments[i - 1].to;
  return moved >= LOOP_CELLS && way->replaced[i] == WAY_ONES && end == start + 1 && hands_on (way, start, moved)
         && !reads_cell (way, 0, start, moved) && !reads_cell (way, end, way->link_count, moved);
}

void
way_merge (struct way *way)
{
  for (uint32_t i = 1; i < way->assignment_count;)
    {
      const bool moves = moves_on (way, i);
      if (moves)
        way->assignments[i - 1].to = way->assignments[i].to;
      if (moves || adds_on (way, i))
        join_before (way, i);
      else
        i++;
    }
}
