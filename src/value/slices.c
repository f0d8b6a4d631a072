/* slices.c -- slices that were taken of arrays, which loops take again and again. */
#include "value/slices.h"

#include <string.h>

#include "base/heap.h"

enum
{
  KEPT = 64
};

struct slice
{
  struct array *source, *slice; /* held; NULL where there is none */
  struct layout layout;
};

/* In the order in which they were kept, around. */
struct slices
{
  size_t latest;
  struct slice list[KEPT];
};

static void
drop (struct arrays *arrays, struct slice *slice)
{
  array_drop (arrays, slice->source);
  array_drop (arrays, slice->slice);
  slice->source = slice->slice = NULL;
}

static void
forget (struct arrays *arrays)
{
  for (size_t i = 0; i < KEPT; i++)
    drop (arrays, &arrays->slices->list[i]);
}

static bool
is_same (const struct layout *a, const struct layout *b)
{
  return shape_equal (&a->shape, &b->shape) && a->offset == b->offset
         && !memcmp (a->stride, b->stride, (size_t)a->shape.rank * sizeof *a->stride);
}

struct array *
slices_find (const struct arrays *arrays, const struct array *source, const struct layout *layout)
{
  for (size_t i = 0; arrays->slices && i < KEPT; i++)
    {
      const struct slice *slice = &arrays->slices->list[i];
      if (slice->source == source && is_same (&slice->layout, layout))
        return slice->slice;
    }
  return NULL;
}

/* How many of an array's references are those of the slices that are kept. */
static uint32_t
count_own (const struct slices *slices, const struct array *array)
{
  uint32_t own = 0;
  for (size_t i = 0; i < KEPT; i++)
    own += (slices->list[i].source == array) + (slices->list[i].slice == array);
  return own;
}

/* Whether nobody has a slice any more, or nobody what it was taken of, so that none can ask for it again. */
static bool
is_over (const struct slices *slices, const struct slice *slice)
{
  return slice->slice
         && (slice->slice->references == count_own (slices, slice->slice)
             || slice->source->references == count_own (slices, slice->source));
}

/* What is over goes by the time that the next one is kept. */
void
slices_keep (struct arrays *arrays, struct array *source, const struct layout *layout, struct array *slice)
{
  if (!arrays->slices)
    {
      arrays->slices = heap_take_zeroed (arrays->memory, 1, sizeof *arrays->slices, "an array");
      arrays->forget = forget;
    }
  struct slices *slices = arrays->slices;
  for (size_t i = 0; i < KEPT; i++)
    if (is_over (slices, &slices->list[i]))
      drop (arrays, &slices->list[i]);
  struct slice *place = &slices->list[slices->latest++ % KEPT];
  drop (arrays, place);
  *place = (struct slice){ .source = array_hold (source), .slice = array_hold (slice), .layout = *layout };
}

bool
slices_leave (struct arrays *arrays, struct array *array)
{
  for (size_t i = 0; arrays->slices && array->references > 1 && i < KEPT; i++)
    if (arrays->slices->list[i].source == array || arrays->slices->list[i].slice == array)
      drop (arrays, &arrays->slices->list[i]);
  return array->references == 1;
}
