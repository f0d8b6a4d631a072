/* term_cut.c -- parts of arrays that are formulas: what can be taken out of a sum is taken out of what it adds. */

#include "formula/term.h"

#include "base/heap.h"

enum
{
  DEEPEST = 50, /* beyond which the index stays outside, as it does where the work is done */
  WORK = 3000
};

struct cutting
{
  struct terms *terms;
  int depth, work;
};

static uint32_t cut_term (struct cutting *cutting, uint32_t term, const struct shape *whole, const struct cut *cut);

struct cut
cut_whole (const struct shape *shape)
{
  struct cut cut = { .rank = shape->rank };
  for (int i = 0; i < shape->rank; i++)
    cut.axis[i].count = shape->extent[i];
  return cut;
}

struct cut
cut_element (const struct shape *shape, size_t position)
{
  struct cut cut = { .rank = shape->rank };
  for (int i = shape->rank; i-- > 0; position /= shape->extent[i])
    cut.axis[i] = (struct cut_axis){ position % shape->extent[i], 1, true };
  return cut;
}

struct shape
cut_shape (const struct cut *cut)
{
  struct shape shape = { .rank = 0 };
  for (int i = 0; i < cut->rank; i++)
    if (!cut->axis[i].single)
      shape.extent[shape.rank++] = cut->axis[i].count;
  return shape;
}

bool
cut_is_whole (const struct cut *cut, const struct shape *shape)
{
  for (int i = 0; i < cut->rank; i++)
    if (cut->axis[i].single || cut->axis[i].count != shape->extent[i])
      return false;
  return true;
}

bool
cut_has (const struct cut *cut, const struct cut *element, struct cut *inside)
{
  *inside = (struct cut){ .rank = 0 };
  for (int i = 0; i < cut->rank; i++)
    {
      size_t at = element->axis[i].first;
      if (at < cut->axis[i].first || at >= cut->axis[i].first + cut->axis[i].count)
        return false;
      if (!cut->axis[i].single)
        inside->axis[inside->rank++] = (struct cut_axis){ at - cut->axis[i].first, 1, true };
    }
  return true;
}

/* The same part of something that broadcasting spreads to `whole`. */
static struct cut
cut_narrow (const struct cut *cut, const struct shape *own)
{
  struct cut narrow = { .rank = own->rank };
  for (int i = 0; i < own->rank; i++)
    {
      narrow.axis[i] = cut->axis[i + cut->rank - own->rank];
      if (own->extent[i] == 1)
        {
          narrow.axis[i].first = 0;
          narrow.axis[i].count = 1;
        }
    }
  return narrow;
}

/* x[i, a:b], without the axes at the end that stay whole. */
static uint32_t
index_term (struct terms *terms, uint32_t term, const struct cut *cut)
{
  uint32_t arguments[RANK_LIMIT + 1] = { term }, count = 1;
  struct shape own = term_at (terms, term)->shape, shape = cut_shape (cut);
  for (int i = 0; i < cut->rank; i++)
    {
      const struct cut_axis *axis = &cut->axis[i];
      uint32_t ends[3]
        = { term_number (terms, (double)axis->first), term_number (terms, (double)(axis->first + axis->count)),
            term_number (terms, (double)own.extent[i]) };
      arguments[i + 1] = axis->single ? ends[0] : term_call (terms, TERM_SLICE, ends, 3, &number_shape);
      if (axis->single || axis->count != own.extent[i])
        count = (uint32_t)i + 2;
    }
  return count == 1 ? term : term_call (terms, TERM_INDEX, arguments, count, &shape);
}

static double
number_of (const struct terms *terms, uint32_t term)
{
  return term_at (terms, term)->number;
}

/* A part of a part is one part. */
static bool
cut_again (struct terms *terms, uint32_t term, const struct cut *cut, uint32_t *result)
{
  uint32_t count = term_at (terms, term)->count, base = term_parts_of (terms, term)->term;
  struct shape own = term_at (terms, base)->shape;
  struct cut both = cut_whole (&own);
  for (uint32_t i = 0, next = 0; i < (uint32_t)own.rank; i++)
    {
      struct cut_axis *axis = &both.axis[i];
      if (i + 1 < count)
        {
          uint32_t index = term_parts_of (terms, term)[i + 1].term;
          if (term_at (terms, index)->kind == TERM_NUMBER && number_of (terms, index) >= 0)
            {
              *axis = (struct cut_axis){ (size_t)number_of (terms, index), 1, true };
              continue;
            }
          if (!term_is_call (terms, index, TERM_SLICE))
            return false;
          axis->first = (size_t)number_of (terms, term_parts_of (terms, index)[0].term);
        }
      axis->first += cut->axis[next].first;
      axis->count = cut->axis[next].count;
      axis->single = cut->axis[next++].single;
    }
  *result = index_term (terms, base, &both);
  return true;
}

/* Of a sum the sum of parts of what it adds, of a product the product. */
static uint32_t
cut_each (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  struct shape shape = term_at (terms, term)->shape;
  bool sum = term_at (terms, term)->kind == TERM_SUM;
  uint32_t result = term_number (terms, sum ? number_of (terms, term) : 1);
  for (uint32_t i = 0; i < term_at (terms, term)->count; i++)
    {
      struct part part = term_parts_of (terms, term)[i];
      uint32_t inner = cut_term (cutting, part.term, &shape, cut);
      result = sum ? term_add (terms, result, term_scale (terms, inner, part.coefficient))
                   : term_multiply (terms, result, term_power (terms, inner, part.coefficient));
    }
  return result;
}

/* Of an array that is written out: its elements. */
static uint32_t
cut_array (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  struct shape element = { .rank = cut->rank - 1 };
  struct cut rest = { .rank = cut->rank - 1 };
  for (int i = 1; i < cut->rank; i++)
    {
      element.extent[i - 1] = term_at (terms, term)->shape.extent[i];
      rest.axis[i - 1] = cut->axis[i];
    }
  uint32_t first = (uint32_t)cut->axis[0].first, count = (uint32_t)cut->axis[0].count;
  if (cut->axis[0].single)
    return cut_term (cutting, term_parts_of (terms, term)[first].term, &element, &rest);
  uint32_t *elements = heap_take (terms->list.memory, count, sizeof *elements, "the formulas");
  struct shape shape = cut_shape (cut);
  bool full = true;
  for (uint32_t i = 0; i < count; i++)
    {
      elements[i] = cut_term (cutting, term_parts_of (terms, term)[first + i].term, &element, &rest);
      full &= term_at (terms, elements[i])->shape.rank == shape.rank - 1;
    }
  uint32_t array = full ? term_call (terms, TERM_ARRAY, elements, count, &shape) : index_term (terms, term, cut);
  heap_give (elements);
  return array;
}

/* Of an elementwise function: the function of parts. */
static uint32_t
cut_elementwise (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  const struct term call = *term_at (terms, term);
  uint32_t arguments[3] = { 0 };
  for (uint32_t i = 0; i < call.count; i++)
    arguments[i] = cut_term (cutting, term_parts_of (terms, term)[i].term, &call.shape, cut);
  struct shape shape = terms_shape (terms, arguments, call.count);
  return term_call (terms, call.op, arguments, call.count, &shape);
}

static uint32_t
cut_transpose (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  uint32_t inner = term_parts_of (terms, term)->term;
  struct shape own = term_at (terms, inner)->shape, shape = cut_shape (cut);
  struct cut turned = { .rank = cut->rank };
  for (int i = 0; i < cut->rank; i++)
    turned.axis[i] = cut->axis[cut->rank - 1 - i];
  uint32_t part = cut_term (cutting, inner, &own, &turned);
  int rank = term_at (terms, part)->shape.rank;
  if (rank > 0 && rank < shape.rank)
    return index_term (terms, term, cut);
  return shape.rank < 2 || rank == 0 ? part : term_call (terms, OP_transpose, &part, 1, &shape);
}

static uint32_t
cut_outer (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  uint32_t factors[2];
  for (int i = 0; i < 2; i++)
    {
      uint32_t factor = term_parts_of (terms, term)[i].term;
      struct shape own = term_at (terms, factor)->shape;
      factors[i] = cut_term (cutting, factor, &own, &(struct cut){ .rank = 1, .axis = { cut->axis[i] } });
    }
  struct shape shape = cut_shape (cut);
  bool whole = !cut->axis[0].single && !cut->axis[1].single;
  if (whole && (!term_at (terms, factors[0])->shape.rank || !term_at (terms, factors[1])->shape.rank))
    return index_term (terms, term, cut);
  return whole ? term_call (terms, OP_outer, factors, 2, &shape) : term_multiply (terms, factors[0], factors[1]);
}

static uint32_t
cut_call (struct cutting *cutting, uint32_t term, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  const struct term *call = term_at (terms, term);
  const struct part *parts = term_parts_of (terms, term);
  uint32_t result;
  /* Of what is compared for the place of an extreme no part is simplified, or it would be rounded in another way. */
  if (call->op == OP_equal || call->op == OP_unequal)
    return index_term (terms, term, cut);
  if (call->op < OPS && op_info[call->op].arity)
    return cut_elementwise (cutting, term, cut);
  switch (call->op)
    {
    case OP_zeros:
    case OP_ones:
      return term_number (terms, call->op == OP_ones);
    case TERM_ARRAY:
      return cut_array (cutting, term, cut);
    case TERM_INDEX:
      return cut_again (terms, term, cut, &result) ? result : index_term (terms, term, cut);
    case OP_transpose:
      if (call->count == 1)
        return cut_transpose (cutting, term, cut);
      break;
    case OP_outer:
      if (term_at (terms, parts[0].term)->shape.rank == 1 && term_at (terms, parts[1].term)->shape.rank == 1
          && cut->axis[0].single == cut->axis[1].single)
        return cut_outer (cutting, term, cut);
      break;
    case OP_eye:
      if (cut->axis[0].single && cut->axis[1].single)
        return term_number (terms, cut->axis[0].first == cut->axis[1].first);
      break;
    case OP_one_hot:
      if (cut->rank == 1 && cut->axis[0].single && term_at (terms, parts->term)->kind == TERM_NUMBER)
        return term_number (terms, number_of (terms, parts->term) == (double)cut->axis[0].first);
      break;
    }
  return index_term (terms, term, cut);
}

/* The recursion is as deep as DEEPEST. */
static uint32_t
cut_term (struct cutting *cutting, uint32_t term, const struct shape *whole, const struct cut *cut)
{
  struct terms *terms = cutting->terms;
  struct shape own = term_at (terms, term)->shape;
  if (!own.rank || cut_is_whole (cut, whole))
    return term;
  struct cut narrow = cut_narrow (cut, &own);
  if (cut_is_whole (&narrow, &own))
    return term;
  if (++cutting->depth > DEEPEST || ++cutting->work > WORK)
    {
      cutting->depth--;
      return index_term (terms, term, &narrow);
    }
  enum term_kind kind = term_at (terms, term)->kind;
  uint32_t result = kind == TERM_SUM || kind == TERM_PRODUCT ? cut_each (cutting, term, &narrow)
                    : kind == TERM_CALL                      ? cut_call (cutting, term, &narrow)
                                                             : index_term (terms, term, &narrow);
  cutting->depth--;
  return result;
}

uint32_t
term_cut (struct terms *terms, uint32_t term, const struct shape *whole, const struct cut *cut)
{
  struct cutting cutting = { .terms = terms };
  return cut_term (&cutting, term, whole, cut);
}

uint32_t
term_cut_element (struct terms *terms, uint32_t term, const struct shape *whole, size_t position)
{
  struct cut at = cut_element (whole, position);
  return term_cut (terms, term, whole, &at);
}
