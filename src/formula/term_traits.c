/* term_traits.c -- what is known of the values of formulas, whatever their variables are. */
#include <math.h>

#include "formula/term.h"

/* Functions that stay finite where their arguments are, whatever these are. */
static bool
is_bounded (uint32_t op)
{
  return op >= OPS || op_info[op].traits & (FINITE | TRUTH | INTEGER) || op_group ((enum op)op) == GROUP_shape;
}

/* Functions whose zeros pass nothing, whatever they are multiplied by: flat pieces, comparisons, unit vectors. */
static bool
is_blocking (uint32_t op)
{
  return op < OPS && op_info[op].traits & (ZEROS | TRUTH);
}

/* Functions that keep such zeros: they move elements, or add and multiply them. */
static bool
keeps_zeros (uint32_t op)
{
  return op >= OPS || op_info[op].traits & KEEPS_ZEROS || op_group ((enum op)op) == GROUP_shape;
}

/* Of a choice: the condition is no factor of anything, but the choice hangs on it. */
static unsigned
traits_of_choice (const struct terms *terms, const struct part *parts)
{
  unsigned a = term_at (terms, parts[1].term)->traits, b = term_at (terms, parts[2].term)->traits;
  unsigned mask = (a | b) & TERM_MASK || term_is_zero (terms, parts[1].term) || term_is_zero (terms, parts[2].term)
                    ? TERM_MASK | TERM_BLOCKS
                    : 0;
  return a | b | mask | (term_at (terms, parts[0].term)->traits & TERM_VARIES);
}

/* Whether a zero that passes nothing may come through. */
static bool
lets_block (const struct terms *terms, const struct term *term, const struct part *parts)
{
  bool any = false, all = term->count > 0 && term->number == 0;
  for (uint32_t i = 0; i < term->count; i++)
    {
      const struct term *inner = term_at (terms, parts[i].term);
      bool blocks = inner->traits & TERM_BLOCKS;
      /* Zeros that are written out stand where nothing passes. */
      if (term->kind == TERM_CALL && term->op == TERM_ARRAY && inner->kind == TERM_NUMBER && inner->number == 0)
        blocks = true;
      any |= blocks && parts[i].coefficient > 0;
      all &= blocks;
    }
  return term->kind == TERM_SUM       ? all
         : term->kind == TERM_PRODUCT ? any
         : term->kind == TERM_CALL    ? is_blocking (term->op) || (any && keeps_zeros (term->op))
                                      : false;
}

unsigned
term_traits (const struct terms *terms, const struct term *term, const struct part *parts)
{
  unsigned traits = 0;
  if (term->kind == TERM_CALL && term->op == OP_where)
    return traits_of_choice (terms, parts);
  for (uint32_t i = 0; i < term->count; i++)
    {
      traits |= term_at (terms, parts[i].term)->traits & (TERM_VARIES | TERM_UNBOUNDED);
      if (term->kind == TERM_PRODUCT && parts[i].coefficient < 0)
        traits |= TERM_UNBOUNDED;
    }
  if (lets_block (terms, term, parts))
    traits |= TERM_BLOCKS;
  if (term->kind == TERM_CALL && !is_bounded (term->op))
    traits |= TERM_UNBOUNDED;
  if (term->kind == TERM_NUMBER && !isfinite (term->number))
    traits |= TERM_UNBOUNDED;
  return traits;
}
