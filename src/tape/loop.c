/* loop.c -- sweeps through a loop's iterations, backward and forward. */
#include "tape/loop.h"

#include <string.h>

#include "tape/tape.h"

uint32_t
loop_before (const struct tape *tape, const struct loop *loop, uint32_t cell)
{
  return area_of (&tape->loop_nodes, uint32_t)[loop->nodes + 2 * cell];
}

uint32_t
loop_after (const struct tape *tape, const struct loop *loop, uint32_t cell)
{
  return area_of (&tape->loop_nodes, uint32_t)[loop->nodes + 2 * cell + 1];
}

static const double *const *
coefficients_of (const struct tape *tape, const struct loop *loop, size_t first, uint32_t count)
{
  const struct loop_form *form = loop->form;
  const double *entry = area_of (&tape->loop_numbers, double) + loop->numbers;
  return form->coefficients (form, entry, entry + form->cell_count + first * form->kept_count, count);
}

/* The iterations from the last to the first, and in each its assignments from the last to the first: cell `to` was set
   by its assignment, so its adjoint goes to the cells that the links come from, and what was in it before has none. */
void
loop_reverse (const struct tape *tape, const struct loop *loop, double *X)
{
  const struct loop_form *form = loop->form;
  const struct loop_assignment *assignments = form->assignments;
  const uint16_t *from = form->from;
  for (size_t end = loop->iterations, first; end > 0; end = first)
    {
      first = (end - 1) / LOOP_BLOCK * LOOP_BLOCK;
      uint32_t count = (uint32_t)(end - first);
      const double *const *coefficients = coefficients_of (tape, loop, first, count);
      for (uint32_t i = count; i-- > 0;)
        for (uint32_t a = form->assignment_count, link = form->link_count; a-- > 0;)
          {
            double adjoint = X[assignments[a].to];
            X[assignments[a].to] = 0;
            for (uint32_t start = a ? assignments[a - 1].end : 0; link > start;)
              {
                link--;
                X[from[link]] += adjoint * coefficients[link][i];
              }
          }
    }
}

/* The transpose: a cell's tangent is read by all links of an assignment before the assignment sets it. */
void
loop_forward (const struct tape *tape, const struct loop *loop, double *x)
{
  const struct loop_form *form = loop->form;
  const struct loop_assignment *assignments = form->assignments;
  const uint16_t *from = form->from;
  for (size_t first = 0; first < loop->iterations; first += LOOP_BLOCK)
    {
      uint32_t count = loop->iterations - first < LOOP_BLOCK ? (uint32_t)(loop->iterations - first) : LOOP_BLOCK;
      const double *const *coefficients = coefficients_of (tape, loop, first, count);
      for (uint32_t i = 0; i < count; i++)
        for (uint32_t a = 0, link = 0; a < form->assignment_count; a++)
          {
            double tangent = 0;
            for (; link < assignments[a].end; link++)
              tangent += x[from[link]] * coefficients[link][i];
            x[assignments[a].to] = tangent;
          }
    }
}

void
loop_connect (const struct loop *loop, bool *needed)
{
  const struct loop_form *form = loop->form;
  bool after[LOOP_CELLS];
  /* When an iteration changes nothing, none before it would. */
  for (size_t i = 0; i < loop->iterations; i++)
    {
      memcpy (after, needed, form->cell_count * sizeof *needed);
      for (uint32_t a = form->assignment_count, link = form->link_count; a-- > 0;)
        {
          bool wanted = needed[form->assignments[a].to];
          needed[form->assignments[a].to] = false;
          for (uint32_t start = a ? form->assignments[a - 1].end : 0; link > start;)
            needed[form->from[--link]] |= wanted;
        }
      if (memcmp (after, needed, form->cell_count * sizeof *needed) == 0)
        return;
    }
}

bool
loop_has_zeros (const struct tape *tape, const struct loop *loop)
{
  bool found = false;
  for (size_t first = 0; first < loop->iterations && !found; first += LOOP_BLOCK)
    {
      uint32_t count = loop->iterations - first < LOOP_BLOCK ? (uint32_t)(loop->iterations - first) : LOOP_BLOCK;
      const double *const *coefficients = coefficients_of (tape, loop, first, count);
      for (uint32_t link = 0; link < loop->form->link_count; link++)
        for (uint32_t i = 0; i < count; i++)
          found |= coefficients[link][i] == 0;
    }
  return found;
}
