/* mend.c -- where the rules of a recorded sweep do not tell zeros apart: what the links on the tape say. */
#include "derive/mend.h"

#include <math.h>
#include <string.h>

#include "tape/careful.h"
#include "tape/pattern.h"

static size_t
size_of (const struct value *value)
{
  struct shape shape = value_shape (value);
  return shape_size (&shape);
}

static struct array *
room_for (struct run *run, size_t size)
{
  return array_new (run->arrays, TYPE_REAL, &(struct shape){ .rank = 1, .extent = { size ? size : 1 } });
}

/* The elements of a value for writing: others may hold the array. */
static double *
own_elements (struct run *run, struct value *value)
{
  if (value->kind != KIND_ARRAY)
    return &value->number;
  if (value->array->references > 1)
    {
      struct array *copy = array_new (run->arrays, TYPE_REAL, &value->array->shape);
      memcpy (copy->elements, value->array->elements, copy->size * sizeof (double));
      array_drop (run->arrays, value->array);
      value->array = copy;
    }
  return value->array->elements;
}

/* One element that is 0 or not finite, where the links say `by_links`. Of an operand that a node has more than once
   they say the sum. */
static double
mended (double element, double by_links, bool alone)
{
  if (isnan (by_links) || (by_links == 0 && (element == 0 || alone)))
    return by_links;
  if (alone && !isfinite (element))
    return by_links;
  return element == 0 ? 0 : element;
}

void
mend_pullback (struct run *run, uint32_t node, uint32_t operand, bool alone, const struct value *adjoint,
               struct value *value)
{
  if (!run->tape->careful)
    return;
  size_t size = size_of (value), good = 0;
  const double *elements = value_elements (value);
  while (good < size && elements[good] != 0 && isfinite (elements[good]))
    good++;
  if (good == size)
    return;
  struct array *room = room_for (run, size);
  double *sum = room->elements, *own = own_elements (run, value);
  for (size_t i = 0; i < size; i++)
    sum[i] = FLAT;
  careful_pass (run->tape, node, operand, value_elements (adjoint), sum);
  for (size_t i = good; i < size; i++)
    if (own[i] == 0 || !isfinite (own[i]))
      own[i] = mended (own[i], sum[i], alone);
  array_drop (run->arrays, room);
}

void
mend_seed (struct run *run, struct value *seed)
{
  if (seed->node || !run->tape->careful)
    return;
  size_t size = size_of (seed), good = 0;
  const double *elements = value_elements (seed);
  while (good < size && elements[good] != 0)
    good++;
  if (good == size)
    return;
  double *own = own_elements (run, seed);
  for (size_t i = good; i < size; i++)
    own[i] = own[i] == 0 ? FLAT : own[i];
}

void
mend_zeros (struct run *run, struct value *value)
{
  size_t size = size_of (value), good = 0;
  const double *elements = value_elements (value);
  bool plain = elements_are_plain (elements, size);
  while (!plain && good < size && !is_flat (elements[good]))
    good++;
  if (plain || good == size)
    return;
  double *own = own_elements (run, value);
  for (size_t i = good; i < size; i++)
    own[i] += 0.0;
}

void
mend_not_numbers (struct run *run, const struct value *target, size_t element, uint32_t count,
                  const struct value *sources, struct value *derivatives)
{
  size_t size = size_of (target), first = element == SIZE_MAX ? 0 : element,
         end = element == SIZE_MAX ? size : element + 1, numbers = first;
  const double *elements = value_elements (target);
  while (numbers < end && !isnan (elements[numbers]))
    numbers++;
  if (numbers == end || !target->node)
    return;
  struct array *seeds = room_for (run, size), *nodes = room_for (run, count);
  uint32_t *keep = (uint32_t *)nodes->elements, kept = 0;
  for (size_t i = 0; i < size; i++)
    seeds->elements[i] = i >= first && i < end && isnan (elements[i]) ? NAN : 0;
  for (uint32_t i = 0; i < count; i++)
    if (derivatives[i].kind != KIND_NOTHING)
      keep[kept++] = sources[i].node;
  reverse_sort (keep, kept);
  struct reverse reverse;
  reverse_open (&reverse, run->tape, keep, kept);
  reverse_seed (&reverse, target->node, seeds->elements, 1);
  reverse_run (&reverse);
  for (uint32_t i = 0; i < count; i++)
    if (derivatives[i].kind != KIND_NOTHING)
      {
        size_t length = size_of (&sources[i]);
        struct array *room = room_for (run, length);
        double *own = own_elements (run, &derivatives[i]);
        reverse_read (&reverse, sources[i].node, length, room->elements);
        for (size_t k = 0; k < length; k++)
          if (isnan (room->elements[k]))
            own[k] = NAN;
        array_drop (run->arrays, room);
      }
  reverse_close (&reverse);
  array_drop (run->arrays, seeds);
  array_drop (run->arrays, nodes);
}

bool
mend_has_nan (const struct value *value)
{
  const double *elements = value_elements (value);
  size_t size = size_of (value);
  bool finite = elements_are_finite (elements, size);
  for (size_t i = 0; !finite && i < size; i++)
    if (isnan (elements[i]))
      return true;
  return false;
}

struct linear
mend_tie_own (struct run *run, const struct value *derivative)
{
  size_t length = size_of (derivative), count = 0;
  const double *elements = value_elements (derivative);
  for (size_t i = 0; i < length; i++)
    count += isnan (elements[i]);
  struct linear map = { .kind = LINEAR_TERMS, .operand_size = length, .result_size = length };
  map.coefficients = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { count } });
  map.positions = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { 2 * count } });
  count = 0;
  for (size_t i = 0; i < length; i++)
    if (isnan (elements[i]))
      {
        map.coefficients->elements[count] = 0;
        map.positions->elements[2 * count] = map.positions->elements[2 * count + 1] = (double)i;
        count++;
      }
  return map;
}

struct linear
mend_tie (struct run *run, const struct value *derivative, const struct value *source, const struct value *target)
{
  struct shape from = value_shape (target), shape = value_shape (derivative);
  size_t size = shape_size (&from), length = shape_size (&shape), count = 0, room = 0;
  const double *elements = value_elements (derivative);
  struct linear map = { .kind = LINEAR_TERMS, .operand_size = size, .result_size = length };
  struct pattern pattern;
  bool has_nan = mend_has_nan (derivative);
  /* One with no way of its own back is tied like one whose target is NaN. */
  map.constant = has_nan && derivative->node && !mend_has_nan (target);
  bool looks = has_nan && !map.constant;
  if (looks)
    pattern_open (&pattern, run->tape, &source->node, &room, 1, &target->node, 1);
  bool some = looks && !pattern.full;
  for (int pass = 0; pass < 2; pass++)
    {
      if (pass)
        {
          map.coefficients = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { count } });
          map.positions = array_new (run->arrays, TYPE_REAL, &(struct shape){ 1, { 2 * count } });
        }
      count = 0;
      for (size_t j = 0; some && j < size; j++)
        {
          struct pattern_set set = pattern_of (&pattern, target->node, j);
          const uint32_t *members = area_of (&pattern.elements, uint32_t) + set.start;
          for (uint32_t i = 0; i < set.count; i++)
            if (isnan (elements[members[i]]))
              {
                if (pass)
                  {
                    map.coefficients->elements[count] = 0;
                    map.positions->elements[2 * count] = members[i];
                    map.positions->elements[2 * count + 1] = (double)j;
                  }
                count++;
              }
        }
    }
  if (looks)
    pattern_close (&pattern);
  return map;
}
