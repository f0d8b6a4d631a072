/* term_carry.c -- adjoints times slopes: what passes nothing is chosen, not multiplied. */
#include <stdlib.h>

#include "base/heap.h"
#include "formula/term.h"

enum
{
  DEEPEST = 40, /* masks within masks, beyond which a product is left */
  MOST = 64,    /* parts of a sum that are multiplied one by one */
  WORK = 300    /* products for one, beyond which sums stay as they are */
};

/* A mask in a sum, and where. */
struct masked
{
  uint32_t condition, at;
};

static int
by_condition (const void *a, const void *b)
{
  const struct masked *x = a, *y = b;
  return x->condition != y->condition ? (x->condition > y->condition) - (x->condition < y->condition)
                                      : (x->at > y->at) - (x->at < y->at);
}

uint32_t
term_add_masks (struct terms *terms, struct part *parts, uint32_t count)
{
  struct masked *masks = heap_take (terms->list.memory, count, sizeof *masks, "the formulas");
  uint32_t found = 0, left = 0;
  for (uint32_t i = 0; i < count; i++)
    if (term_at (terms, parts[i].term)->traits & TERM_MASK)
      masks[found++] = (struct masked){ term_parts (terms, term_at (terms, parts[i].term))[0].term, i };
  if (found > 1)
    qsort (masks, found, sizeof *masks, by_condition);
  for (uint32_t i = 0; i + 1 < found; i++)
    {
      if (masks[i].condition != masks[i + 1].condition)
        continue;
      struct part *one = &parts[masks[i].at], *other = &parts[masks[i + 1].at];
      uint32_t sides[2];
      for (uint32_t k = 0; k < 2; k++)
        sides[k] = term_add (
          terms, term_scale (terms, term_parts (terms, term_at (terms, one->term))[k + 1].term, one->coefficient),
          term_scale (terms, term_parts (terms, term_at (terms, other->term))[k + 1].term, other->coefficient));
      *other = (struct part){ term_choice (terms, masks[i].condition, sides[0], sides[1]), 1 };
      one->coefficient = 0;
      /* What came of them may be no choice any more. */
      const struct term *choice = term_at (terms, other->term);
      if (choice->kind != TERM_CALL || choice->op != OP_where
          || term_parts (terms, choice)[0].term != masks[i].condition)
        i++;
    }
  heap_give (masks);
  for (uint32_t i = 0; i < count; i++)
    if (parts[i].coefficient != 0)
      parts[left++] = parts[i];
  return left;
}

struct carrying
{
  struct terms *terms;
  int depth, work;
  bool guarded;
};

static uint32_t carry (struct carrying *carrying, uint32_t adjoint, uint32_t slope);

static struct shape
joined (const struct terms *terms, uint32_t a, uint32_t b)
{
  struct shape shape = term_at (terms, a)->shape;
  shape_broadcast (&shape, &term_at (terms, a)->shape, &term_at (terms, b)->shape);
  return shape;
}

static const struct part *
parts_of (const struct terms *terms, uint32_t term)
{
  return term_parts (terms, term_at (terms, term));
}

static bool
is_mask (const struct terms *terms, uint32_t term)
{
  return term_at (terms, term)->traits & TERM_MASK;
}

uint32_t
term_choice (struct terms *terms, uint32_t condition, uint32_t a, uint32_t b)
{
  uint32_t arguments[3] = { condition, a, b };
  struct shape shape = joined (terms, condition, a), other = term_at (terms, b)->shape;
  shape_broadcast (&shape, &shape, &other);
  /* One mask within another is a mask of both. */
  if (term_is_zero (terms, b) && is_mask (terms, a) && term_is_zero (terms, parts_of (terms, a)[2].term))
    {
      uint32_t pair[2] = { condition, parts_of (terms, a)[0].term };
      struct shape both = joined (terms, pair[0], pair[1]);
      arguments[1] = parts_of (terms, a)[1].term;
      arguments[0] = pair[0] == pair[1] ? condition : term_call (terms, OP_and, pair, 2, &both);
    }
  return term_call (terms, OP_where, arguments, 3, &shape);
}

/* What is chosen of a mask, times a factor of it and `other`. */
static uint32_t
carry_choice (struct carrying *carrying, uint32_t mask, double factor, uint32_t other, bool mask_first)
{
  struct terms *terms = carrying->terms;
  uint32_t condition = parts_of (terms, mask)[0].term, chosen[2];
  for (uint32_t k = 0; k < 2; k++)
    {
      uint32_t side = term_scale (terms, parts_of (terms, mask)[k + 1].term, factor);
      chosen[k] = term_is_zero (terms, side) ? term_number (terms, 0)
                  : mask_first          ? carry (carrying, side, other)
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
    masks |= is_mask (terms, parts_of (terms, sum)[i].term);
  if (!masks)
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      struct part part = parts_of (terms, sum)[i];
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
  if (term_at (terms, list)->kind != TERM_CALL || term_at (terms, list)->op != TERM_ARRAY || count > MOST
      || !(term_at (terms, list)->traits & TERM_BLOCKS) || shape.rank != 1
      || (other.rank && !shape_equal (&shape, &other)))
    return false;
  for (uint32_t i = 0; i < count; i++)
    {
      struct cut at = cut_element (&shape, i);
      elements[i] = carry (carrying, parts_of (terms, list)[i].term, term_cut (terms, slope, &shape, &at));
    }
  *result = term_call (terms, TERM_ARRAY, elements, count, &shape);
  return true;
}

/* where(a == 0, 0, product) */
static uint32_t
guard (struct terms *terms, uint32_t a, uint32_t product)
{
  uint32_t pair[2] = { a, term_number (terms, 0) };
  struct shape shape = term_at (terms, a)->shape;
  if (term_at (terms, a)->kind == TERM_NUMBER)
    return product;
  return term_choice (terms, term_call (terms, OP_equal, pair, 2, &shape), pair[1], product);
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
      struct shape shape = joined (terms, adjoint, slope);
      return term_spread (terms, term_number (terms, 0), &shape);
    }
  if (++carrying->depth <= DEEPEST && ++carrying->work <= WORK)
    {
      bool done = true;
      if (is_mask (terms, s))
        result = carry_choice (carrying, s, slope_factor, adjoint, false);
      else if (is_mask (terms, u))
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
    result = guard (terms, adjoint, result);
  if (right & TERM_BLOCKS && left & TERM_UNBOUNDED)
    result = guard (terms, slope, result);
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
