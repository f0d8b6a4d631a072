/* pattern_loop.c -- through the iterations of a loop: what its results can depend on. */
#include "tape/pattern_sets.h"

/* The sets of a loop's state: of its cells, or where these are arrays of their elements (NULL: none depends on
   anything). */
struct loop_sets
{
  uint32_t numbers[LOOP_ALL_CELLS];
  uint32_t *elements[LOOP_CELLS];
  size_t sizes[LOOP_CELLS];
};

/* The set of a cell, or with `element` not 0 of an element of it, in the i-th iteration of its form. */
static uint32_t *
set_of (const struct loop_form *form, const double *const *coefficients, uint32_t cell, uint32_t element, uint32_t i,
        struct loop_sets *sets)
{
  if (!element)
    return &sets->numbers[cell];
  if (!sets->elements[cell])
    return NULL;
  return &sets->elements[cell][loop_position (form, coefficients, element, i, sets->sizes[cell])];
}

/* One iteration, the i-th of its form. */
static void
follow_iteration (struct pattern *pattern, const struct loop_form *form, const double *const *coefficients, uint32_t i,
                  struct loop_sets *sets)
{
  for (uint32_t a = 0, link = 0; a < form->assignment_count; a++)
    {
      const struct loop_assignment *assignment = &form->assignments[a];
      uint32_t members[LOOP_LINKS], count = 0;
      for (; link < assignment->end; link++)
        if (!form->flat || !form->flat[link] || !is_flat (coefficients[link][i]))
          {
            uint32_t *set
              = set_of (form, coefficients, form->from[link], form->element ? form->element[link] : 0, i, sets);
            members[count++] = set ? *set : 0;
          }
      uint32_t *to = set_of (form, coefficients, assignment->to, assignment->element, i, sets);
      if (to)
        *to = count ? pattern_union (pattern, members, count) : 0;
    }
}

/* All iterations of a loop. What one iteration does not change, no other of its form does before one of another form
   has; but where links pass nothing in some, or come from elements, each has to be looked at. */
static void
follow_iterations (struct pattern *pattern, const struct loop *loop, struct loop_sets *sets)
{
  const struct tape *tape = pattern->tape;
  uint32_t before[LOOP_ALL_CELLS];
  size_t changes = 1, idle[LOOP_FORMS] = { 0 };
  struct loop_view view;
  for (size_t block = 0; block < loop->blocks; block++)
    {
      loop_look (tape, loop, block, &view);
      memset (view.counts, 0, sizeof view.counts);
      for (uint32_t i = 0; i < view.block->count && !pattern->full; i++)
        {
          const uint32_t k = view.block->forms[i], at = view.counts[k]++;
          if (idle[k] == changes)
            continue;
          memcpy (before, sets->numbers, sizeof before);
          follow_iteration (pattern, loop->forms[k], view.coefficients[k], at, sets);
          if (memcmp (before, sets->numbers, sizeof before) != 0)
            changes++;
          else if (!loop->forms[k]->flat && !loop->forms[k]->element)
            idle[k] = changes;
        }
    }
}

/* The sets of an array before a loop, which become those behind it where it is changed, in place: nobody reads it as it
   was. */
static uint32_t *
loop_elements (struct pattern *pattern, uint32_t before, uint32_t after, size_t size)
{
  uint32_t *nodes = area_of (&pattern->nodes, uint32_t);
  if (!after)
    return nodes[before] ? pattern_sets (pattern, before) : NULL;
  if (nodes[before])
    nodes[after] = nodes[before];
  else if (!pattern_make (pattern, after, size))
    return NULL;
  return pattern_sets (pattern, after);
}

void
pattern_loop (struct pattern *pattern, const struct loop *loop)
{
  const struct tape *tape = pattern->tape;
  uint32_t *nodes = area_of (&pattern->nodes, uint32_t);
  struct loop_sets sets = { 0 };
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      uint32_t before = loop_before (tape, loop, cell), after = loop_after (tape, loop, cell);
      uint32_t node = before ? before : after;
      if (node && tape_is_array (tape, node, &sets.sizes[cell]))
        sets.elements[cell] = loop_elements (pattern, before, after, sets.sizes[cell]);
      else
        sets.numbers[cell] = before && nodes[before] ? *pattern_sets (pattern, before) : 0;
    }
  follow_iterations (pattern, loop, &sets);
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    {
      uint32_t node = loop_after (tape, loop, cell);
      if (!node || sets.sizes[cell])
        continue;
      *area_add (&pattern->at, uint32_t) = sets.numbers[cell];
      nodes[node] = (uint32_t)area_count (&pattern->at, uint32_t);
    }
}
