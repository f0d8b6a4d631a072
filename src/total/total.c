/* total.c -- sums over records. */
#include "total/total.h"

#include <stdio.h>
#include <string.h>

#include "base/heap.h"

static const char purpose[] = "the sums of records";

void
total_open (struct total *total, struct memory *memory, size_t targets, size_t sources)
{
  *total = (struct total){ .memory = memory, .is_named = true, .target_count = targets, .source_count = sources };
  total->targets = heap_take_zeroed (memory, targets, sizeof *total->targets, purpose);
  total->sources = heap_take_zeroed (memory, sources, sizeof *total->sources, purpose);
}

/* A piece begins behind the one before; of a target the value comes first. */
bool
total_next_piece (const struct total *total, struct total_piece *piece)
{
  size_t derivatives = total->has_gradients ? total->source_count : total->has_along;
  piece->first += piece->size;
  if (!piece->shape)
    *piece = (struct total_piece){ .derivative = SIZE_MAX };
  else if (++piece->derivative == derivatives)
    {
      piece->target++;
      piece->derivative = SIZE_MAX;
    }
  if (piece->target >= total->target_count)
    return false;
  bool is_gradient = piece->derivative != SIZE_MAX && total->has_gradients;
  piece->shape = is_gradient ? &total->sources[piece->derivative].shape : &total->targets[piece->target].shape;
  piece->size = shape_size (piece->shape);
  return true;
}

size_t
total_derivative (const struct total *total, const struct total_piece *piece)
{
  return piece->target * (total->has_gradients ? total->source_count : 1) + piece->derivative;
}

void
total_count (struct total *total)
{
  struct total_piece piece = { 0 };
  while (total_next_piece (total, &piece))
    total->count = piece.first + piece.size;
  size_t derivatives = total->target_count * (total->has_gradients ? total->source_count : total->has_along);
  total->connected = heap_take_zeroed (total->memory, derivatives, sizeof *total->connected, purpose);
  total->sums = heap_take_zeroed (total->memory, total->count, sizeof *total->sums, purpose);
}

void
total_close (struct total *total)
{
  for (size_t i = 0; i < total->target_count; i++)
    heap_give ((void *)total->targets[i].name);
  for (size_t i = 0; i < total->source_count; i++)
    heap_give ((void *)total->sources[i].name);
  heap_give (total->targets);
  heap_give (total->sources);
  heap_give (total->connected);
  heap_give (total->sums);
  *total = (struct total){ 0 };
}

double
total_number (const struct total *total, size_t sum)
{
  return total->is_mean ? exact_mean (&total->sums[sum], total->rows) : exact_round (&total->sums[sum]);
}

bool
total_is_missing (const struct total *total, const struct total_piece *piece)
{
  return piece->derivative != SIZE_MAX && total->rows && !total->connected[total_derivative (total, piece)];
}

/* False after a difference in names was put into words. */
static bool
same_names (const struct total_name *names, size_t count, const struct total_name *others, size_t other_count,
            const char *what, char text[TOTAL_TEXT])
{
  enum
  {
    NAME = 100
  };
  for (size_t i = 0; i < count || i < other_count; i++)
    {
      const char *name = i < count ? names[i].name : NULL, *other = i < other_count ? others[i].name : NULL;
      if (name && other && strcmp (name, other) == 0)
        continue;
      if (name && other)
        snprintf (text, TOTAL_TEXT, "its %s '%.*s' is '%.*s' in the total before", what, NAME, other, NAME, name);
      else
        snprintf (text, TOTAL_TEXT, "it %s the %s '%.*s', which the total before %s", name ? "lacks" : "has", what,
                  NAME, name ? name : other, name ? "has" : "lacks");
      return false;
    }
  return true;
}

static bool
same_shapes (const struct total_name *names, const struct total_name *others, size_t count, char text[TOTAL_TEXT])
{
  for (size_t i = 0; i < count; i++)
    if (!shape_equal (&names[i].shape, &others[i].shape))
      {
        char shape[SHAPE_TEXT], other[SHAPE_TEXT];
        shape_text (shape, &names[i].shape);
        shape_text (other, &others[i].shape);
        snprintf (text, TOTAL_TEXT, "'%.100s' is %s%s, but %s%s in the total before", names[i].name,
                  *other ? "of shape " : "one number", other, *shape ? "of shape " : "one number", shape);
        return false;
      }
  return true;
}

static bool
same_kind (const struct total *total, const struct total *other, char text[TOTAL_TEXT])
{
  if (total->is_mean != other->is_mean)
    snprintf (text, TOTAL_TEXT, "it is a %s, the total before is a %s", other->is_mean ? "mean" : "sum",
              total->is_mean ? "mean" : "sum");
  else if (total->has_gradients != other->has_gradients || total->has_along != other->has_along)
    snprintf (text, TOTAL_TEXT, "it has %s, the total before has %s",
              other->has_gradients ? "gradients"
              : other->has_along   ? "changes along a direction"
                                   : "values alone",
              total->has_gradients ? "gradients"
              : total->has_along   ? "changes along a direction"
                                   : "values alone");
  else
    return same_names (total->targets, total->target_count, other->targets, other->target_count, "target", text)
           && same_names (total->sources, total->source_count, other->sources, other->source_count, "source", text);
  return false;
}

/* Takes the place of a total without records, whose shapes mean nothing. */
static void
replace (struct total *total, struct total *other)
{
  other->skipped += total->skipped;
  total_close (total);
  *total = *other;
  *other = (struct total){ 0 };
}

const char *
total_merge (struct total *total, struct total *other, char text[TOTAL_TEXT])
{
  if (total->is_named && other->is_named && !same_kind (total, other, text))
    return text;
  if (!total->is_named || (other->rows && !total->rows))
    {
      replace (total, other);
      return NULL;
    }
  if (other->rows)
    {
      if (!same_shapes (total->targets, other->targets, total->target_count, text)
          || !same_shapes (total->sources, other->sources, total->source_count, text))
        return text;
      size_t derivatives = total->target_count * (total->has_gradients ? total->source_count : total->has_along);
      for (size_t i = 0; i < derivatives; i++)
        total->connected[i] |= other->connected[i];
      for (size_t i = 0; i < total->count; i++)
        exact_merge (&total->sums[i], &other->sums[i]);
    }
  total->rows += other->rows;
  total->skipped += other->skipped;
  total_close (other);
  return NULL;
}
