/* term_carry.c -- adjoints times slopes: what passes nothing is chosen, not multiplied. */
#include "formula/term.h"

enum
{
  DEEPEST = 40, /* masks within masks, beyond which a product is left */
  MOST = 64,    /* parts of a sum that are multiplied one by one */
  WORK = 300    /* products for one, beyond which sums stay as they are */
};

struct carrying
{
  struct terms *terms;
  int depth, work;
  bool guarded;
};

static uint32_t carry (struct carrying *carrying, uint32_t adjoint, uint32_t slope);

/* What is chosen of a mask, times a factor of it and `other`. */
static uint32_t
carry_choice (struct carrying *carrying, uint32_t mask, double factor, uint32_t other, bool mask_first)
{
  struct terms *terms = carrying->terms;
  uint32_t condition = term_parts_of (terms, mask)[0].term, chosen[2];
  for (uint32_t k = 0; k < 2; k++)
    {
      uint32_t side = term_scale (terms, term_parts_of (terms, mask)[k + 1].term, factor);
      chosen[k] = term_is_zero (terms, side) ? term_number (terms, 0)
                  : mask_first               ? carry (carrying, side, other)
                                             : carry (carrying, other, side);
    }
  return term_choice (terms, condition, chosen[0], chosen[1]);
}

/* The sum of its parts times the slope, where one of them is a mask and the slope may be infinite; else false. */
static bool
carry_sum (struct carrying *carrying, uint32_t sum, uint32_t slope, uint32_t *result)
{
  struct terms *terms = carrying->terms;
  uint32_t count = term_at (terms, sum)->count, list[MOST + 1];
  bool masks = false;
  if (term_at (terms, sum)->kind != TERM_SUM || count > MOST || !(term_at (terms, slope)->traits & TERM_UNBOUNDED))
    return false;
  for (uint32_t i = 0; i < count; i++)
    masks |= term_is_mask (terms, term_parts_of (terms, sum)[i].term);
  if (!masks)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      struct part part = term_parts_of (terms, sum)[i];
      list[i] = carry (carrying, term_scale (terms, part.term, part.coefficient), slope);
    }
  double number = term_at (terms, sum)->number;
  list[count] = number != 0 ? carry (carrying, term_number (terms, number), slope) : term_number (terms, 0);
  *result = term_sum_of (terms, list, count + 1);
  return true;
}

/* An array that is written out, element by element. */
static bool
carry_list (struct carrying *carrying, uint32_t list, uint32_t slope, uint32_t *result)
{
  struct terms *terms = carrying->terms;
  struct shape shape = term_at (terms, list)->shape, other = term_at (terms, slope)->shape;
  uint32_t elements[MOST], count = term_at (terms, list)->count;
  if (!term_is_call (terms, list, TERM_ARRAY) || count > MOST || !(term_at (terms, list)->traits & TERM_BLOCKS)
      || shape.rank != 1 || (other.rank && !shape_equal (&shape, &other)))
    return false;
  for (uint32_t i = 0; i < count; i++)
    elements[i] = carry (carrying, term_parts_of (terms, list)[i].term, term_cut_element (terms, slope, &shape, i));
  *result = term_plain_call (terms, TERM_ARRAY, elements, count, &shape);
  return true;
}

/* The recursion is as deep as DEEPEST. */
static uint32_t
carry (struct carrying *carrying, uint32_t adjoint, uint32_t slope)
{
  struct terms *terms = carrying->terms;
  double adjoint_factor = 1, slope_factor = 1;
  uint32_t u = term_without_factor (terms, adjoint, &adjoint_factor),
           s = term_without_factor (terms, slope, &slope_factor), result;
  if (term_is_zero (terms, adjoint) || term_is_zero (terms, slope))
    {
      struct shape shape = terms_shape (terms, (uint32_t[2]){ adjoint, slope }, 2);
      return term_spread (terms, term_number (terms, 0), &shape);
    }
  if (++carrying->depth <= DEEPEST && ++carrying->work <= WORK)
    {
      bool done = true;
      if (term_is_mask (terms, s))
        result = carry_choice (carrying, s, slope_factor, adjoint, false);
      else if (term_is_mask (terms, u))
        result = carry_choice (carrying, u, adjoint_factor, slope, true);
      else
        done = carry_sum (carrying, adjoint, slope, &result) || carry_list (carrying, adjoint, slope, &result);
      carrying->depth--;
      if (done)
        return result;
    }
  else
    carrying->depth--;
  unsigned left = term_at (terms, adjoint)->traits, right = term_at (terms, slope)->traits;
  result = term_multiply (terms, adjoint, slope);
  if (!carrying->guarded)
    return result;
  if (left & TERM_BLOCKS && right & TERM_UNBOUNDED)
    result = term_unless_zero (terms, adjoint, result);
  if (right & TERM_BLOCKS && left & TERM_UNBOUNDED)
    result = term_unless_zero (terms, slope, result);
  return result;
}

uint32_t
term_carry (struct terms *terms, uint32_t adjoint, uint32_t slope)
{
  struct carrying carrying = { .terms = terms, .guarded = terms->guards };
  return carry (&carrying, adjoint, slope);
}

uint32_t
term_carry_guarded (struct terms *terms, uint32_t adjoint, uint32_t slope)
{
  struct carrying carrying = { .terms = terms, .guarded = true };
  return carry (&carrying, adjoint, slope);
}
