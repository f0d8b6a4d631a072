/* symbolic_view.c -- elements of arrays that were assigned to one by one, by the name that the array has at the end. */
#include "code/program.h"
#include "formula/pull.h"
#include "formula/symbolic_step.h"

enum
{
  SEEN = 64 /* elements that a view has bits for */
};

static const struct symbolic_view *
find_view (const struct symbolic *formulas, uint32_t node)
{
  const struct symbolic_view *views = area_of (&formulas->views, struct symbolic_view);
  for (size_t i = 0; node && i < area_count (&formulas->views, struct symbolic_view); i++)
    if (views[i].node == node)
      return &views[i];
  return NULL;
}

/* What x[i] = new leaves of the old array, and where it puts the new. */
static void
view_step (struct symbolic *formulas, const struct step *step)
{
  const struct value *operands = step->operands;
  const struct symbolic_view *view = find_view (formulas, step->result.node);
  struct shape shape = value_shape (&step->result);
  size_t size = shape_size (&shape);
  uint32_t slot = view ? view->slot : symbolic_slot (formulas, &step->result);
  uint64_t known = view ? view->known : ~(uint64_t)0, there = 0;
  struct pulled call = { .count = step->count };
  struct cut cut;
  if (slot == NO_SLOT || size > SEEN || step->count > PULLED_MOST)
    return;
  for (uint32_t k = 0; k < step->count; k++)
    call.values[k] = operands[k];
  if (!pull_cut (&call, 2, &cut))
    return;
  uint32_t last = 0;
  for (uint32_t i = 0; i < size; i++)
    {
      struct cut at = cut_element (&shape, i), inside;
      if (!cut_has (&cut, &at, &inside))
        continue;
      there |= (uint64_t)1 << i;
      last = i;
    }
  uint32_t old = operands[0].node, new = operands[1].node;
  if (old && !find_view (formulas, old))
    *area_add (&formulas->views, struct symbolic_view) = (struct symbolic_view){ old, slot, known & ~there, 0 };
  if (new && value_is_number (&operands[1]) && there == (uint64_t)1 << last && known & there
      && !find_view (formulas, new))
    *area_add (&formulas->views, struct symbolic_view) = (struct symbolic_view){ new, slot, there, last };
}

void
symbolic_find_views (struct symbolic *formulas)
{
  formulas->views.used = 0;
  if (formulas->whole)
    return;
  for (size_t i = trace_count (&formulas->trace); i > 0; i--)
    if (trace_at (&formulas->trace, i)->op == ROUTINE_REPLACE)
      view_step (formulas, trace_at (&formulas->trace, i));
}

uint32_t
symbolic_view_term (struct symbolic *formulas, const struct value *value, uint32_t own)
{
  const struct symbolic_view *view = find_view (formulas, value->node);
  struct terms *terms = &formulas->terms;
  uint32_t elements[SEEN];
  if (!view)
    return own;
  struct shape whole = value_shape (area_of (&formulas->run->globals, struct value) + view->slot);
  uint32_t name = term_name (terms, view->slot, &whole);
  if (value_is_number (value))
    return term_cut_element (terms, name, &whole, view->position);
  if (whole.rank > 2 || whole.rank == 0)
    return own;
  if (own == NO_TERM)
    own = term_name (terms, LOST | value->node, &whole);
  for (size_t i = 0; i < shape_size (&whole); i++)
    elements[i] = term_cut_element (terms, view->known >> i & 1 ? name : own, &whole, i);
  return term_listed (terms, elements, &whole);
}
