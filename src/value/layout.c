/* layout.c -- how the elements of one array lie among those of another. */
#include "value/layout.h"

#include <string.h>

struct layout
layout_dense (const struct shape *shape)
{
  return layout_broadcast (shape, shape);
}

struct layout
layout_broadcast (const struct shape *from, const struct shape *to)
{
  struct layout layout = { .shape = *to };
  ptrdiff_t stride = 1;
  for (int i = 1; i <= from->rank; i++)
    {
      size_t extent = from->extent[from->rank - i];
      layout.stride[to->rank - i] = extent == 1 ? 0 : stride;
      stride *= (ptrdiff_t)extent;
    }
  return layout;
}

bool
layout_is_dense (const struct layout *layout)
{
  ptrdiff_t stride = 1;
  for (int i = layout->shape.rank; i-- > 0;)
    {
      if (layout->shape.extent[i] != 1 && layout->stride[i] != stride)
        return false;
      stride *= (ptrdiff_t)layout->shape.extent[i];
    }
  return layout->offset == 0;
}

/* A walk over a layout in runs along its last axis: position of a run's first element, length and stride. */
struct layout_walk
layout_walk (const struct layout *layout)
{
  struct layout_walk walk
    = { .layout = layout, .at = layout->offset, .left = shape_size (&layout->shape), .length = 1 };
  int rank = layout->shape.rank;
  walk.axes = rank ? rank - 1 : 0;
  if (rank)
    {
      walk.length = layout->shape.extent[rank - 1];
      walk.stride = layout->stride[rank - 1];
    }
  /* Axes that continue one another are one run. */
  while (walk.axes > 0 && layout->stride[walk.axes - 1] == walk.stride * (ptrdiff_t)walk.length)
    walk.length *= layout->shape.extent[--walk.axes];
  return walk;
}

void
layout_step (struct layout_walk *walk)
{
  const struct layout *layout = walk->layout;
  walk->left -= walk->length;
  for (int i = walk->axes; i-- > 0;)
    {
      walk->at += layout->stride[i];
      if (++walk->index[i] < layout->shape.extent[i])
        return;
      walk->at -= layout->stride[i] * (ptrdiff_t)walk->index[i];
      walk->index[i] = 0;
    }
}

/* One number `count` times, which is 1 or more: what stands is copied behind itself, twice as much each time. */
static void
repeat (double value, size_t count, double *out)
{
  *out = value;
  for (size_t done = 1; done < count; done *= 2)
    memcpy (out + done, out, (done < count - done ? done : count - done) * sizeof *out);
}

/* `count` elements from `from` on, each `stride` behind the one before. */
static void
take_run (const double *from, ptrdiff_t stride, size_t count, double *out)
{
  if (stride == 1)
    memcpy (out, from, count * sizeof *out);
  else if (stride == 0 && count)
    repeat (*from, count, out);
  else
    for (size_t i = 0; i < count; i++)
      out[i] = from[(ptrdiff_t)i * stride];
}

void
layout_take (const struct layout *layout, const double *base, double *out)
{
  for (struct layout_walk walk = layout_walk (layout); walk.left; layout_step (&walk))
    {
      take_run (base + walk.at, walk.stride, walk.length, out);
      out += walk.length;
    }
}

const double *
layout_block (const struct layout *layout, const double *base, size_t first, size_t count, double *room)
{
  size_t index[RANK_LIMIT] = { 0 };
  int rank = layout->shape.rank;
  ptrdiff_t at = layout->offset;
  for (int i = rank; i-- > 0;)
    {
      index[i] = first % layout->shape.extent[i];
      first /= layout->shape.extent[i];
      at += (ptrdiff_t)index[i] * layout->stride[i];
    }
  ptrdiff_t stride = rank ? layout->stride[rank - 1] : 1;
  if (stride == 1 && (!rank || layout->shape.extent[rank - 1] - index[rank - 1] >= count))
    return base + at;
  for (double *out = room; count;)
    {
      size_t run = layout->shape.extent[rank - 1] - index[rank - 1];
      if (run > count)
        run = count;
      take_run (base + at, stride, run, out);
      out += run;
      count -= run;
      at += (ptrdiff_t)run * stride;
      index[rank - 1] += run;
      for (int i = rank; i-- > 0 && index[i] == layout->shape.extent[i];)
        {
          at -= layout->stride[i] * (ptrdiff_t)index[i];
          index[i] = 0;
          if (i > 0)
            {
              index[i - 1]++;
              at += layout->stride[i - 1];
            }
        }
    }
  return room;
}

void
layout_put (const struct layout *layout, const double *in, double *base)
{
  for (struct layout_walk walk = layout_walk (layout); walk.left; layout_step (&walk))
    {
      double *to = base + walk.at;
      for (size_t i = 0; i < walk.length; i++)
        to[(ptrdiff_t)i * walk.stride] = in[i];
      in += walk.length;
    }
}

void
layout_add (const struct layout *layout, const double *in, double *base)
{
  for (struct layout_walk walk = layout_walk (layout); walk.left; layout_step (&walk))
    {
      double *to = base + walk.at;
      if (walk.stride == 1)
        for (size_t i = 0; i < walk.length; i++)
          to[i] += in[i];
      else
        for (size_t i = 0; i < walk.length; i++)
          to[(ptrdiff_t)i * walk.stride] += in[i];
      in += walk.length;
    }
}
