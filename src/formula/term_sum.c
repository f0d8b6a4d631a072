/* term_sum.c -- sums, products and choices of formulas, in normal form. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "formula/term.h"

enum
{
  WIDEST = 128 /* parts of a sum or product that another is added to; beyond, it becomes a part itself: a sum made term
                  by term would else be copied each time */
};

static int
by_term (const void *a, const void *b)
{
  uint32_t x = ((const struct part *)a)->term, y = ((const struct part *)b)->term;
  return (x > y) - (x < y);
}

static uint32_t
without_zeros (struct part *parts, uint32_t count)
{
  uint32_t left = 0;
  for (uint32_t i = 0; i < count; i++)
    if (parts[i].coefficient != 0)
      parts[left++] = parts[i];
  return left;
}

/* Parts of the same term become one, those with coefficient 0 go. */
static uint32_t
gather (struct part *parts, uint32_t count)
{
  uint32_t kept = 0;
  qsort (parts, count, sizeof *parts, by_term);
  for (uint32_t i = 0; i < count; i++)
    if (kept && parts[kept - 1].term == parts[i].term)
      parts[kept - 1].coefficient += parts[i].coefficient;
    else
      parts[kept++] = parts[i];
  return without_zeros (parts, kept);
}

static struct shape
joined (const struct shape *a, const struct shape *b)
{
  struct shape shape = *a;
  shape_broadcast (&shape, a, b);
  return shape;
}

/* The parts of a sum that a term is, and its number. */
static uint32_t
sum_parts (const struct terms *terms, uint32_t term, struct part *parts, double *number)
{
  const struct term *t = term_at (terms, term);
  if (t->kind == TERM_NUMBER)
    {
      *number += t->number;
      return 0;
    }
  if (t->kind == TERM_SUM && t->count < WIDEST)
    {
      *number += t->number;
      memcpy (parts, term_parts (terms, t), t->count * sizeof *parts);
      return t->count;
    }
  parts[0] = (struct part){ term, 1 };
  return 1;
}

static uint32_t *
list_of (struct terms *terms, uint32_t count)
{
  return heap_take (terms->list.memory, count, sizeof (uint32_t), "the formulas");
}

/* Room for `count` parts, and one that keeps their shape. */
static struct part *
room (struct terms *terms, uint32_t count)
{
  return heap_take (terms->list.memory, count + 1, sizeof (struct part), "the formulas");
}

/* The operand k of a call that is a part, times the part's coefficient. */
static uint32_t
scaled_operand (struct terms *terms, const struct part *part, uint32_t k)
{
  return term_scale (terms, term_parts_of (terms, part->term)[k].term, part->coefficient);
}

/* Arrays written out are added element by element: the first gets the sum, the others go. */
static uint32_t
add_arrays (struct terms *terms, struct part *parts, uint32_t count, const struct shape *shape)
{
  uint32_t first = count;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct term *term = term_at (terms, parts[i].term);
      if (!term_is_call (terms, parts[i].term, TERM_ARRAY) || !shape_equal (&term->shape, shape))
        continue;
      if (first == count)
        {
          first = i;
          continue;
        }
      uint32_t size = term->count, *sums = list_of (terms, size);
      for (uint32_t k = 0; k < size; k++)
        sums[k] = term_add (terms, scaled_operand (terms, &parts[first], k), scaled_operand (terms, &parts[i], k));
      parts[first] = (struct part){ term_plain_call (terms, TERM_ARRAY, sums, size, shape), 1 };
      parts[i--] = parts[--count];
      heap_give (sums);
    }
  return count;
}

/* What the parts spread to together, but for one of them. */
static struct shape
shape_without (const struct terms *terms, const struct part *parts, uint32_t count, uint32_t but)
{
  struct shape shape = { .rank = 0 };
  for (uint32_t i = 0; i < count; i++)
    if (i != but)
      shape = joined (&shape, &term_at (terms, parts[i].term)->shape);
  return shape;
}

/* Parts that are calls of `op`, of zeros in a sum and of ones in a product, go where they spread nothing that the
   others do not; where something else went that did, one comes. `parts` has room for it. */
static uint32_t
keep_shape (struct terms *terms, enum op op, struct part *parts, uint32_t count, const struct shape *shape)
{
  for (uint32_t i = 0; i < count; i++)
    {
      if (!term_is_call (terms, parts[i].term, op))
        continue;
      struct shape others = shape_without (terms, parts, count, i);
      if (!shape_equal (&others, shape))
        continue;
      memmove (&parts[i], &parts[i + 1], (--count - i) * sizeof *parts);
      i--;
    }
  struct shape all = shape_without (terms, parts, count, UINT32_MAX);
  if (!shape_equal (&all, shape))
    parts[count++] = (struct part){ term_filled (terms, op, shape), 1 };
  return count;
}

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

/* Of `count` parts of a sum, choices of the same condition with a zero become one between the sums of their sides,
   which may be anything; how many parts are left. */
static uint32_t
add_masks (struct terms *terms, struct part *parts, uint32_t count)
{
  struct masked *masks = heap_take (terms->list.memory, count, sizeof *masks, "the formulas");
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    if (term_is_mask (terms, parts[i].term))
      masks[found++] = (struct masked){ term_parts_of (terms, parts[i].term)[0].term, i };
  if (found > 1)
    qsort (masks, found, sizeof *masks, by_condition);
  for (uint32_t i = 0; i + 1 < found; i++)
    {
      if (masks[i].condition != masks[i + 1].condition)
        continue;
      struct part *one = &parts[masks[i].at], *other = &parts[masks[i + 1].at];
      uint32_t sides[2];
      for (uint32_t k = 0; k < 2; k++)
        sides[k] = term_add (terms, scaled_operand (terms, one, k + 1), scaled_operand (terms, other, k + 1));
      *other = (struct part){ term_choice (terms, masks[i].condition, sides[0], sides[1]), 1 };
      one->coefficient = 0;
      /* What came of them may be no choice any more. */
      if (!term_is_call (terms, other->term, OP_where)
          || term_parts_of (terms, other->term)[0].term != masks[i].condition)
        i++;
    }
  heap_give (masks);
  return without_zeros (parts, count);
}

static uint32_t
make_sum (struct terms *terms, double number, struct part *parts, uint32_t count, const struct shape *shape)
{
  count = add_arrays (terms, parts, gather (parts, count), shape);
  uint32_t distinct = add_masks (terms, parts, count);
  if (distinct != count)
    {
      uint32_t *list = list_of (terms, distinct + 1);
      for (uint32_t i = 0; i < distinct; i++)
        list[i] = term_scale (terms, parts[i].term, parts[i].coefficient);
      list[distinct] = term_number (terms, number);
      uint32_t sum = term_spread (terms, term_sum_of (terms, list, distinct + 1), shape);
      heap_give (list);
      return sum;
    }
  count = keep_shape (terms, OP_zeros, parts, count, shape);
  if (count == 0)
    return term_number (terms, number);
  if (count == 1 && number == 0 && parts[0].coefficient == 1)
    return parts[0].term;
  return term_intern (terms, (struct term){ .kind = TERM_SUM, .number = number + 0.0, .shape = *shape, .count = count },
                      parts);
}

uint32_t
term_add (struct terms *terms, uint32_t a, uint32_t b)
{
  return term_sum_of (terms, (uint32_t[2]){ a, b }, 2);
}

uint32_t
term_scale (struct terms *terms, uint32_t a, double factor)
{
  const struct term *x = term_at (terms, a);
  struct shape shape = x->shape;
  double number = 0;
  if (factor == 1)
    return a;
  struct part *parts = room (terms, x->count + 1);
  /* A sum stays one, but for its sign. */
  bool sum_of_several = x->kind == TERM_SUM && x->count + (x->number != 0) > 1;
  if (sum_of_several && factor != -1 && factor != 0)
    {
      parts[0] = (struct part){ a, factor };
      uint32_t multiple = make_sum (terms, 0, parts, 1, &shape);
      heap_give (parts);
      return multiple;
    }
  uint32_t count = sum_parts (terms, a, parts, &number);
  for (uint32_t i = 0; i < count; i++)
    parts[i].coefficient *= factor;
  uint32_t sum = make_sum (terms, number == 0 ? 0 : number * factor, parts, factor == 0 ? 0 : count, &shape);
  heap_give (parts);
  return sum;
}

uint32_t
term_subtract (struct terms *terms, uint32_t a, uint32_t b)
{
  return term_add (terms, a, term_scale (terms, b, -1));
}

uint32_t
term_without_factor (const struct terms *terms, uint32_t term, double *factor)
{
  const struct term *t = term_at (terms, term);
  if (t->kind != TERM_SUM || t->number != 0 || t->count != 1)
    return term;
  const struct part *part = term_parts (terms, t);
  *factor *= part->coefficient;
  return part->term;
}

/* The factors of a term: of a product that stays together, itself. */
static uint32_t
product_parts (const struct terms *terms, uint32_t term, struct part *parts)
{
  const struct term *t = term_at (terms, term);
  if (t->kind == TERM_PRODUCT && t->count < (terms->apart ? 2 : WIDEST))
    {
      memcpy (parts, term_parts (terms, t), t->count * sizeof *parts);
      return t->count;
    }
  parts[0] = (struct part){ term, 1 };
  return 1;
}

static uint32_t
make_product (struct terms *terms, struct part *parts, uint32_t count, const struct shape *shape)
{
  count = keep_shape (terms, OP_ones, parts, gather (parts, count), shape);
  if (count == 0)
    return term_number (terms, 1);
  if (count == 1 && parts[0].coefficient == 1)
    return parts[0].term;
  return term_intern (terms, (struct term){ .kind = TERM_PRODUCT, .shape = *shape, .count = count }, parts);
}

uint32_t
term_multiply (struct terms *terms, uint32_t a, uint32_t b)
{
  double number;
  struct shape shape = joined (&term_at (terms, a)->shape, &term_at (terms, b)->shape);
  bool known = term_is_number (terms, a, &number) || term_is_number (terms, b, &number);
  if (known && number == 0 && shape.rank)
    return term_filled (terms, OP_zeros, &shape);
  if (known)
    return term_scale (terms, term_is_number (terms, a, &number) ? b : a, number);
  double factor = 1;
  a = term_without_factor (terms, a, &factor);
  b = term_without_factor (terms, b, &factor);
  struct part *parts = room (terms, term_at (terms, a)->count + term_at (terms, b)->count + 2);
  uint32_t count = product_parts (terms, a, parts);
  count += product_parts (terms, b, parts + count);
  uint32_t product = make_product (terms, parts, count, &shape);
  heap_give (parts);
  return term_scale (terms, product, factor);
}

uint32_t
term_divide (struct terms *terms, uint32_t a, uint32_t b)
{
  return term_multiply (terms, a, term_power (terms, b, -1));
}

/* Whether a product is a power of one factor, and not of its reciprocal. */
static bool
is_power (const struct terms *terms, uint32_t product)
{
  const struct term *t = term_at (terms, product);
  return t->count == 1 && term_parts (terms, t)->coefficient > 0;
}

uint32_t
term_power (struct terms *terms, uint32_t a, double exponent)
{
  double number, factor = 1;
  struct shape shape = term_at (terms, a)->shape;
  if (term_is_number (terms, a, &number))
    return term_number (terms, pow (number, exponent));
  if (exponent == 1 || term_is_call (terms, a, OP_ones) || (term_is_call (terms, a, OP_zeros) && exponent > 0))
    return a;
  bool whole = exponent == rint (exponent);
  uint32_t rest = term_without_factor (terms, a, &factor);
  /* (c x)^n is c^n x^n, and (x^m)^n is x^(m n), where the exponents are whole. */
  if ((!whole && factor < 0) || (terms->apart && !isnormal (pow (factor, 2 * exponent))))
    {
      rest = a;
      factor = 1;
    }
  struct part *parts = room (terms, term_at (terms, rest)->count + 1);
  uint32_t count = 1;
  parts[0] = (struct part){ rest, exponent };
  if (whole && term_at (terms, rest)->kind == TERM_PRODUCT && (!terms->apart || is_power (terms, rest)))
    {
      count = product_parts (terms, rest, parts);
      for (uint32_t i = 0; i < count; i++)
        parts[i].coefficient *= exponent;
    }
  uint32_t power = make_product (terms, parts, count, &shape);
  heap_give (parts);
  return term_scale (terms, power, pow (factor, exponent));
}

uint32_t
term_spread (struct terms *terms, uint32_t term, const struct shape *shape)
{
  struct shape own = term_at (terms, term)->shape;
  if (shape_equal (&own, shape))
    return term;
  double number;
  if (term_is_number (terms, term, &number) && number == 0)
    return term_filled (terms, OP_zeros, shape);
  return term_multiply (terms, term, term_filled (terms, OP_ones, shape));
}

uint32_t
term_sum_of (struct terms *terms, const uint32_t *list, uint32_t count)
{
  size_t most = 0, used = 0;
  struct shape shape = { .rank = 0 };
  double number = 0;
  for (uint32_t i = 0; i < count; i++)
    most += term_at (terms, list[i])->count + 1;
  struct part *parts = room (terms, (uint32_t)most);
  for (uint32_t i = 0; i < count; i++)
    {
      shape = joined (&shape, &term_at (terms, list[i])->shape);
      used += sum_parts (terms, list[i], parts + used, &number);
    }
  uint32_t sum = count == 1 ? list[0] : make_sum (terms, number, parts, (uint32_t)used, &shape);
  heap_give (parts);
  return sum;
}
/* A condition that is a number, or a comparison of numbers. (As a value it stays what it is: in an index true is no
   position.) */
static bool
is_decided (const struct terms *terms, uint32_t condition, bool *holds)
{
  const struct term *term = term_at (terms, condition);
  double x[2] = { 0 };
  if (term_is_number (terms, condition, &x[0]))
    {
      *holds = x[0] != 0;
      return true;
    }
  if (term->kind != TERM_CALL || term->op >= OPS || !(op_info[term->op].traits & TRUTH) || term->count > 2)
    return false;
  for (uint32_t i = 0; i < term->count; i++)
    if (!term_is_number (terms, term_parts (terms, term)[i].term, &x[i]))
      return false;
  *holds = op_value ((enum op)term->op, x[0], x[1], 0) != 0;
  return true;
}

uint32_t
term_where (struct terms *terms, const uint32_t arguments[3], const struct shape *shape)
{
  bool holds;
  if (is_decided (terms, arguments[0], &holds))
    return term_spread (terms, arguments[holds ? 1 : 2], shape);
  return arguments[1] == arguments[2] ? term_spread (terms, arguments[1], shape)
                                      : term_plain_call (terms, OP_where, arguments, 3, shape);
}

uint32_t
term_logic (struct terms *terms, uint32_t op, const uint32_t arguments[2], const struct shape *shape)
{
  /* A single boolean that decides alone is all the result there is, of no shape: it stands behind an array. */
  bool turned = shape->rank && !term_at (terms, arguments[0])->shape.rank;
  return term_plain_call (terms, op, (uint32_t[2]){ arguments[turned], arguments[!turned] }, 2, shape);
}

uint32_t
term_choice (struct terms *terms, uint32_t condition, uint32_t a, uint32_t b)
{
  uint32_t arguments[3] = { condition, a, b };
  struct shape shape = terms_shape (terms, arguments, 3);
  /* One mask within another is a mask of both. */
  if (term_is_zero (terms, b) && term_is_mask (terms, a) && term_is_zero (terms, term_parts_of (terms, a)[2].term))
    {
      uint32_t pair[2] = { condition, term_parts_of (terms, a)[0].term };
      struct shape both = terms_shape (terms, pair, 2);
      arguments[1] = term_parts_of (terms, a)[1].term;
      arguments[0] = pair[0] == pair[1] ? condition : term_logic (terms, OP_and, pair, &both);
    }
  return term_where (terms, arguments, &shape);
}

uint32_t
term_unless_zero (struct terms *terms, uint32_t value, uint32_t slope)
{
  uint32_t pair[2] = { value, term_number (terms, 0) };
  struct shape shape = term_at (terms, value)->shape;
  return term_choice (terms, term_plain_call (terms, OP_equal, pair, 2, &shape), pair[1], slope);
}
