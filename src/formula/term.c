/* term.c -- formulas in a normal form. */
#include "formula/term.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

void
terms_open (struct terms *terms, struct memory *memory)
{
  area_open (&terms->list, memory, (size_t)8 << 30, "the formulas");
  area_open (&terms->parts, memory, (size_t)8 << 30, "the formulas");
  area_open (&terms->table, memory, (size_t)1 << 26, "the formulas");
}

void
terms_close (struct terms *terms)
{
  area_close (&terms->list);
  area_close (&terms->parts);
  area_close (&terms->table);
}

enum
{
  SLOTS = 1 << 22, /* of the table; a formula of more parts is of no use to anyone */
  WIDEST = 128     /* parts of a sum or product that another is added to; beyond, it becomes a part itself: a sum made
                      term by term would else be copied each time */
};

static bool
same (const struct terms *terms, const struct term *a, const struct term *b, const struct part *parts)
{
  if (a->kind != b->kind || a->op != b->op || a->name != b->name || a->count != b->count
      || memcmp (&a->number, &b->number, sizeof a->number) != 0 || !shape_equal (&a->shape, &b->shape))
    return false;
  const struct part *known = term_parts (terms, a);
  for (uint32_t i = 0; i < a->count; i++)
    if (known[i].term != parts[i].term || known[i].coefficient != parts[i].coefficient)
      return false;
  return true;
}

static uint64_t
mixed (uint64_t hash, uint64_t value)
{
  /* Of a whole number only the highest bits differ: they have to come down. */
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 32;
}

/* The number of a formula, which is new or was there before. */
static uint32_t
intern (struct terms *terms, struct term term, const struct part *parts)
{
  uint64_t hash = mixed (term.kind * 31 + term.op, term.name), bits;
  memcpy (&bits, &term.number, sizeof bits);
  hash = mixed (hash, bits);
  for (uint32_t i = 0; i < term.count; i++)
    {
      memcpy (&bits, &parts[i].coefficient, sizeof bits);
      hash = mixed (mixed (hash, parts[i].term), bits);
    }
  if (!terms->table.used)
    area_push (&terms->table, SLOTS * sizeof (uint32_t));
  uint32_t *table = area_of (&terms->table, uint32_t);
  size_t at = (hash >> 20) % SLOTS;
  for (; table[at]; at = (at + 1) % SLOTS)
    if (same (terms, term_at (terms, table[at] - 1), &term, parts))
      return table[at] - 1;
  if (area_count (&terms->list, struct term) > SLOTS / 2)
    memory_exhausted (terms->list.memory, 0, "the formulas");
  term.first = (uint32_t)area_count (&terms->parts, struct part);
  if (term.count && parts)
    memcpy (area_push (&terms->parts, term.count * sizeof *parts), parts, term.count * sizeof *parts);
  term.traits = term_traits (terms, &term, parts);
  *area_add (&terms->list, struct term) = term;
  table[at] = (uint32_t)area_count (&terms->list, struct term);
  return table[at] - 1;
}

uint32_t
term_number (struct terms *terms, double number)
{
  return intern (terms, (struct term){ .kind = TERM_NUMBER, .number = number + 0.0 }, NULL);
}

uint32_t
term_name (struct terms *terms, uint32_t name, const struct shape *shape)
{
  return intern (terms, (struct term){ .kind = TERM_NAME, .name = name, .shape = *shape }, NULL);
}

bool
term_is_number (const struct terms *terms, uint32_t term, double *number)
{
  const struct term *t = term_at (terms, term);
  if (t->kind == TERM_NUMBER)
    *number = t->number;
  return t->kind == TERM_NUMBER;
}

bool
term_is_zero (const struct terms *terms, uint32_t term)
{
  const struct term *t = term_at (terms, term);
  return (t->kind == TERM_NUMBER && t->number == 0) || (t->kind == TERM_CALL && t->op == OP_zeros);
}

static int
by_term (const void *a, const void *b)
{
  uint32_t x = ((const struct part *)a)->term, y = ((const struct part *)b)->term;
  return (x > y) - (x < y);
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
  uint32_t left = 0;
  for (uint32_t i = 0; i < kept; i++)
    if (parts[i].coefficient != 0)
      parts[left++] = parts[i];
  return left;
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

static void *
room_for (struct terms *terms, uint32_t count, size_t size)
{
  return heap_take (terms->list.memory, count, size, "the formulas");
}

/* For `count` parts, and one that keeps their shape. */
static struct part *
room (struct terms *terms, uint32_t count)
{
  return room_for (terms, count + 1, sizeof (struct part));
}

/* Arrays written out are added element by element: the first gets the sum, the others go. */
static uint32_t
add_arrays (struct terms *terms, struct part *parts, uint32_t count, const struct shape *shape)
{
  uint32_t first = count;
  for (uint32_t i = 0; i < count; i++)
    {
      const struct term *term = term_at (terms, parts[i].term);
      if (term->kind != TERM_CALL || term->op != TERM_ARRAY || !shape_equal (&term->shape, shape))
        continue;
      if (first == count)
        {
          first = i;
          continue;
        }
      uint32_t size = term->count, *sums = room_for (terms, size, sizeof *sums);
      for (uint32_t k = 0; k < size; k++)
        sums[k] = term_add (
          terms,
          term_scale (terms, term_parts (terms, term_at (terms, parts[first].term))[k].term, parts[first].coefficient),
          term_scale (terms, term_parts (terms, term_at (terms, parts[i].term))[k].term, parts[i].coefficient));
      parts[first] = (struct part){ term_call (terms, TERM_ARRAY, sums, size, shape), 1 };
      parts[i--] = parts[--count];
      heap_give (sums);
    }
  return count;
}

static bool
is_call (const struct terms *terms, uint32_t term, uint32_t op)
{
  return term_at (terms, term)->kind == TERM_CALL && term_at (terms, term)->op == op;
}

uint32_t
term_filled (struct terms *terms, enum op op, const struct shape *shape)
{
  uint32_t extents[RANK_LIMIT];
  for (int axis = 0; axis < shape->rank; axis++)
    extents[axis] = term_number (terms, (double)shape->extent[axis]);
  return shape->rank ? term_call (terms, op, extents, (uint32_t)shape->rank, shape)
                     : term_number (terms, op == OP_ones);
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
      if (!is_call (terms, parts[i].term, op))
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

static uint32_t
make_sum (struct terms *terms, double number, struct part *parts, uint32_t count, const struct shape *shape)
{
  count = add_arrays (terms, parts, gather (parts, count), shape);
  uint32_t distinct = term_add_masks (terms, parts, count);
  if (distinct != count)
    {
      uint32_t *list = room_for (terms, distinct + 1, sizeof *list);
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
  return intern (terms, (struct term){ .kind = TERM_SUM, .number = number + 0.0, .shape = *shape, .count = count },
                 parts);
}

uint32_t
term_add (struct terms *terms, uint32_t a, uint32_t b)
{
  const struct term *x = term_at (terms, a), *y = term_at (terms, b);
  struct shape shape = joined (&x->shape, &y->shape);
  struct part *parts = room (terms, x->count + y->count + 2);
  double number = 0;
  uint32_t count = sum_parts (terms, a, parts, &number);
  count += sum_parts (terms, b, parts + count, &number);
  uint32_t sum = make_sum (terms, number, parts, count, &shape);
  heap_give (parts);
  return sum;
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
  return intern (terms, (struct term){ .kind = TERM_PRODUCT, .shape = *shape, .count = count }, parts);
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
  if (exponent == 1 || is_call (terms, a, OP_ones) || (is_call (terms, a, OP_zeros) && exponent > 0))
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
term_plain_call (struct terms *terms, uint32_t op, const uint32_t *arguments, uint32_t count, const struct shape *shape)
{
  struct part *parts = room (terms, count);
  for (uint32_t i = 0; i < count; i++)
    parts[i] = (struct part){ arguments[i], 1 };
  uint32_t call = intern (terms, (struct term){ .kind = TERM_CALL, .op = op, .shape = *shape, .count = count }, parts);
  heap_give (parts);
  return call;
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
