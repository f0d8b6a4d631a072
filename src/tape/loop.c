/* loop.c -- sweeps through a loop's iterations, backward and forward. */
#include "tape/loop.h"

#include <math.h>
#include <string.h>

#include "tape/tape.h"
#include "tape/tiny.h"

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

static const struct loop_block *
block_of (const struct tape *tape, const struct loop *loop, size_t block)
{
  return area_of (&tape->loop_blocks, struct loop_block) + loop->first_block + block;
}

/* Where the iterations of one form begin that end before `end`. */
static uint32_t
run_before (const struct loop_view *view, uint32_t end)
{
  const uint8_t *forms = view->block->forms, form = forms[--end];
  while (end > 0 && !view->alike && forms[end - 1] == form)
    end--;
  return view->alike ? 0 : end;
}

/* Asks for a block whose turn is next, and what it keeps, up to where another begins: it was written long ago. */
static void
fetch_block (const struct tape *tape, const struct loop_block *block, size_t end)
{
  enum
  {
    LINE = 64 / sizeof (double), /* of the cache */
    MOST = 128 * LINE            /* that do not push out what is at hand */
  };
  const double *numbers = area_of (&tape->loop_numbers, double);
  for (size_t i = block->numbers; i < end && i < block->numbers + MOST; i += LINE)
    __builtin_prefetch (numbers + i);
}

void
loop_look (const struct tape *tape, const struct loop *loop, size_t number, struct loop_view *view)
{
  const struct loop_block *block = view->block = block_of (tape, loop, number);
  const double *numbers = area_of (&tape->loop_numbers, double), *kept = numbers + block->numbers;
  memset (view->counts, 0, loop->form_count * sizeof *view->counts);
  view->alike = block->count && memcmp (block->forms, block->forms + 1, block->count - 1) == 0;
  if (view->alike)
    view->counts[block->forms[0]] = block->count;
  for (uint32_t i = view->alike ? block->count : 0; i < block->count; i++)
    view->counts[block->forms[i]]++;
  for (uint32_t k = 0; k < loop->form_count; k++)
    if (view->counts[k])
      {
        const struct loop_form *form = loop->forms[k];
        view->coefficients[k] = form->coefficients (form, numbers + loop->numbers, &kept, view->counts[k]);
      }
}

/* A cell, or with `element` not 0 an element of the array that it is, in the i-th iteration of its form. */
static inline __attribute__ ((always_inline)) double *
sum_of (const struct loop_form *form, const double *const *coefficients, uint32_t cell, uint32_t element, uint32_t i,
        struct loop_sums *sums)
{
  if (!element)
    return &sums->numbers[cell];
  return &sums->elements[cell][loop_position (form, coefficients, element, i, sums->sizes[cell])];
}

/* Iterations of one form in a row, from the `end`-th down to the `first`, and in each its assignments from the last to
   the first: cell `to`, or an element of it, was set by its assignment, so its adjoint goes to the cells that the links
   come from, and what was in it before has none. Whether the form has `elements`, and may have coefficients that are
   `flat`, is known when it is compiled, and whether adjoints are expected to be `tiny`. */
static inline __attribute__ ((always_inline)) void
reverse_iterations (const struct loop_form *form, const double *const *coefficients, uint32_t first, uint32_t end,
                    struct loop_sums *X, bool poison, const bool elements, const bool flat, const bool tiny)
{
  const struct loop_assignment *assignments = form->assignments, *last = assignments + form->assignment_count;
  const uint16_t *from = form->from;
  for (uint32_t i = end; i-- > first;)
    {
      for (const struct loop_assignment *assignment = last; assignment > assignments;)
        {
          assignment--;
          double *to = sum_of (form, coefficients, assignment->to, elements ? assignment->element : 0, i, X);
          double adjoint = *to;
          *to = 0;
          /* Through FLAT comes nothing, not even of what is not finite. */
          const bool poisons = flat && poison && isnan (adjoint), looks = flat && !isfinite (adjoint) && !poisons;
          const bool few = tiny && is_tiny (adjoint);
          for (uint32_t link = assignment->end, first_link = poisons ? assignment->start : assignment->open;
               link-- > first_link;)
            {
              const double coefficient = coefficients[link][i];
              if (!(looks && form->flat[link] && is_flat (coefficient)))
                *sum_of (form, coefficients, from[link], elements ? form->element[link] : 0, i, X)
                  += few ? tiny_product (adjoint, coefficient) : adjoint * coefficient;
            }
        }
    }
}

static bool
any_is_tiny (const struct loop *loop, const struct loop_sums *X)
{
  for (uint32_t cell = 0; cell < loop->cell_count; cell++)
    if (is_tiny (X->numbers[cell]))
      return true;
  return false;
}

void
loop_reverse (const struct tape *tape, const struct loop *loop, struct loop_sums *X, bool poison)
{
  struct loop_view view;
  for (size_t block = loop->blocks; block-- > 0;)
    {
      loop_look (tape, loop, block, &view);
      if (block > 0)
        fetch_block (tape, view.block - 1, view.block->numbers);
      const uint8_t *forms = view.block->forms;
      const bool tiny = any_is_tiny (loop, X);
      for (uint32_t i = view.block->count, start; i > 0; i = start)
        {
          start = run_before (&view, i);
          const uint32_t k = forms[start], end = view.counts[k];
          const struct loop_form *form = loop->forms[k];
          view.counts[k] -= i - start;
          const uint32_t first = view.counts[k];
#define REVERSE(elements, flat)                                                                                        \
  (tiny ? reverse_iterations (form, view.coefficients[k], first, end, X, poison, elements, flat, true)                 \
        : reverse_iterations (form, view.coefficients[k], first, end, X, poison, elements, flat, false))
          if (form->element)
            form->flat ? REVERSE (true, true) : REVERSE (true, false);
          else
            form->flat ? REVERSE (false, true) : REVERSE (false, false);
#undef REVERSE
        }
    }
}

/* The transpose: a cell's tangent is read by all links of an assignment before the assignment sets it. */
static inline __attribute__ ((always_inline)) void
forward_iteration (const struct loop_form *form, const double *const *coefficients, uint32_t i, struct loop_sums *x)
{
  for (uint32_t a = 0, link = 0; a < form->assignment_count; a++)
    {
      const struct loop_assignment *assignment = &form->assignments[a];
      double tangent = 0;
      for (; link < assignment->end; link++)
        {
          const uint32_t element = form->element ? form->element[link] : 0;
          if (!element || x->elements[form->from[link]])
            tangent += *sum_of (form, coefficients, form->from[link], element, i, x) * coefficients[link][i];
        }
      *sum_of (form, coefficients, assignment->to, assignment->element, i, x) = tangent;
    }
}

void
loop_forward (const struct tape *tape, const struct loop *loop, struct loop_sums *x)
{
  struct loop_view view;
  for (size_t block = 0; block < loop->blocks; block++)
    {
      loop_look (tape, loop, block, &view);
      memset (view.counts, 0, loop->form_count * sizeof *view.counts);
      for (uint32_t i = 0; i < view.block->count; i++)
        {
          const uint32_t k = view.block->forms[i];
          forward_iteration (loop->forms[k], view.coefficients[k], view.counts[k]++, x);
        }
    }
}

void
loop_connect (const struct tape *tape, const struct loop *loop, bool needed[LOOP_ALL_CELLS])
{
  bool before[LOOP_ALL_CELLS];
  /* What a form does not change it does not change again before another one has. */
  size_t changes = 1, idle[LOOP_FORMS] = { 0 };
  for (size_t number = loop->blocks; number-- > 0;)
    for (uint32_t i = block_of (tape, loop, number)->count; i-- > 0;)
      {
        const uint32_t k = block_of (tape, loop, number)->forms[i];
        const struct loop_form *form = loop->forms[k];
        if (idle[k] == changes)
          continue;
        memcpy (before, needed, sizeof before);
        for (uint32_t a = form->assignment_count, link = form->link_count; a-- > 0;)
          {
            bool wanted = needed[form->assignments[a].to];
            /* The other elements of an array are what they were. */
            needed[form->assignments[a].to] = wanted && form->assignments[a].element;
            for (uint32_t start = a ? form->assignments[a - 1].end : 0; link > start;)
              needed[form->from[--link]] |= wanted;
          }
        if (memcmp (before, needed, sizeof before) == 0)
          idle[k] = changes;
        else
          changes++;
      }
}

static bool
has_zeros (const struct loop_form *form, const double *const *coefficients, uint32_t count)
{
  for (uint32_t link = 0; link < form->link_count; link++)
    for (uint32_t i = 0; i < count; i++)
      if (coefficients[link][i] == 0 && !(form->flat && form->flat[link] && is_flat (coefficients[link][i])))
        return true;
  return false;
}

bool
loop_has_zeros (const struct tape *tape, const struct loop *loop)
{
  struct loop_view view;
  for (size_t block = 0; block < loop->blocks; block++)
    {
      loop_look (tape, loop, block, &view);
      for (uint32_t k = 0; k < loop->form_count; k++)
        if (view.counts[k] && has_zeros (loop->forms[k], view.coefficients[k], view.counts[k]))
          return true;
    }
  return false;
}
