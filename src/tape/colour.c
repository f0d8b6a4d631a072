/* colour.c -- a star colouring of a symmetric pattern, vertex by vertex. */
#include "tape/colour.h"

enum
{
  NO_COLOUR = UINT32_MAX,
  WORK = 500000000, /* steps after which sharing sweeps costs more than it saves */
  HUB = 64,         /* neighbours that a hub has at least, ... */
  MANY = 8          /* ... and so many times more than others have */
};

/* A vertex with very many neighbours. It has a colour of its own, so that no path through it is in two colours, and
   who looks for such paths need not go through all that it joins. */
static bool
is_hub (const struct colouring *colouring, uint32_t vertex)
{
  const uint32_t *starts = area_of (&colouring->starts, uint32_t);
  size_t degree = starts[vertex + 1] - starts[vertex];
  return degree > HUB && degree * colouring->size > (size_t)MANY * starts[colouring->size];
}

/* Each neighbour in both directions, sorted, once. */
static void
make_symmetric (struct colouring *colouring, const struct pattern_set *rows, const uint32_t *elements)
{
  uint32_t size = colouring->size, *starts = area_push (&colouring->starts, ((size_t)size + 2) * sizeof *starts);
  memset (starts, 0, ((size_t)size + 2) * sizeof *starts);
  /* Counts go two places on, so that filling leaves the starts in place. */
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t k = 0; k < rows[i].count; k++)
      {
        uint32_t j = elements[rows[i].start + k];
        starts[i + 2] += j != i;
        starts[j + 2] += j != i;
      }
  for (uint32_t i = 0; i < size; i++)
    starts[i + 2] += starts[i + 1];
  size_t total = starts[size + 1];
  uint32_t *neighbours = area_push (&colouring->neighbours, (2 * total + size + 1) * sizeof *neighbours);
  uint32_t *unsorted = neighbours + total, *ends = unsorted + total;
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t k = 0; k < rows[i].count; k++)
      {
        uint32_t j = elements[rows[i].start + k];
        if (j != i)
          {
            unsorted[starts[i + 1]++] = j;
            unsorted[starts[j + 1]++] = i;
          }
      }
  /* Each i in rising order goes into the lists of its neighbours, which rise then. */
  memcpy (ends, starts, size * sizeof *ends);
  for (uint32_t i = 0; i < size; i++)
    for (uint32_t k = starts[i]; k < starts[i + 1]; k++)
      neighbours[ends[unsorted[k]]++] = i;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < size; i++)
    {
      uint32_t first = starts[i], end = starts[i + 1], start = kept;
      for (uint32_t k = first; k < end; k++)
        if (kept == start || neighbours[k] != neighbours[kept - 1])
          neighbours[kept++] = neighbours[k];
      starts[i] = start;
    }
  starts[size] = kept;
}

/* Gives each vertex a colour of its own, which is always right and shares no sweep. */
static void
own_colours (struct colouring *colouring)
{
  uint32_t *of = area_of (&colouring->of, uint32_t);
  for (uint32_t i = 0; i < colouring->size; i++)
    of[i] = i;
  colouring->colours = colouring->size;
}

/* Forbids v the colours that would make a path of four in two colours through its neighbour w; false when it takes too
   long. */
static bool
forbid_beyond (const struct colouring *colouring, uint32_t v, uint32_t w, uint32_t *forbidden, size_t *work)
{
  const uint32_t *starts = area_of (&colouring->starts, uint32_t);
  const uint32_t *neighbours = area_of (&colouring->neighbours, uint32_t), *of = area_of (&colouring->of, uint32_t);
  for (uint32_t k = starts[w]; k < starts[w + 1]; k++)
    {
      uint32_t x = neighbours[k];
      if (++*work > WORK)
        return false;
      if (x == v || is_hub (colouring, x) || of[x] == NO_COLOUR || forbidden[of[x]] == v)
        continue;
      if (of[w] == NO_COLOUR)
        {
          forbidden[of[x]] = v;
          continue;
        }
      for (uint32_t m = starts[x]; m < starts[x + 1]; m++)
        {
          ++*work;
          if (neighbours[m] != w && of[neighbours[m]] == of[w])
            {
              forbidden[of[x]] = v;
              break;
            }
        }
    }
  return true;
}

/* Gives each hub its colour, then takes the other vertices in their order, and gives each the first colour that is
   neither a neighbour's nor would close a path of four vertices in two colours. Entry c of `forbidden` is the last
   vertex that may not have colour c, so that nothing has to be cleared between vertices. False when it takes too long.
 */
static bool
star_colours (struct colouring *colouring, uint32_t *forbidden)
{
  const uint32_t *starts = area_of (&colouring->starts, uint32_t);
  const uint32_t *neighbours = area_of (&colouring->neighbours, uint32_t);
  uint32_t *of = area_of (&colouring->of, uint32_t);
  size_t work = 0;
  for (uint32_t i = 0; i < colouring->size; i++)
    {
      forbidden[i] = NO_COLOUR;
      of[i] = is_hub (colouring, i) ? colouring->colours++ : NO_COLOUR;
    }
  uint32_t hubs = colouring->colours;
  for (uint32_t v = 0; v < colouring->size; v++)
    {
      if (of[v] != NO_COLOUR)
        continue;
      for (uint32_t k = starts[v]; k < starts[v + 1]; k++)
        if (of[neighbours[k]] != NO_COLOUR)
          forbidden[of[neighbours[k]]] = v;
      for (uint32_t k = starts[v]; k < starts[v + 1]; k++)
        if (!is_hub (colouring, neighbours[k]) && !forbid_beyond (colouring, v, neighbours[k], forbidden, &work))
          return false;
      uint32_t colour = hubs;
      while (forbidden[colour] == v)
        colour++;
      of[v] = colour;
      if (colour >= colouring->colours)
        colouring->colours = colour + 1;
    }
  return true;
}

void
colouring_open (struct colouring *colouring, struct memory *memory, uint32_t size, const struct pattern_set *rows,
                const uint32_t *elements, bool apart)
{
  *colouring = (struct colouring){ .size = size };
  area_open (&colouring->starts, memory, (size_t)32 << 30, "the pattern");
  area_open (&colouring->neighbours, memory, (size_t)32 << 30, "the pattern");
  area_open (&colouring->of, memory, (size_t)32 << 30, "the pattern");
  area_push (&colouring->of, 2 * ((size_t)size + 1) * sizeof (uint32_t));
  own_colours (colouring);
  if (!rows)
    return;
  make_symmetric (colouring, rows, elements);
  if (apart || area_of (&colouring->starts, uint32_t)[size] > (size_t)size * size / 4)
    return;
  colouring->colours = 0;
  if (!star_colours (colouring, area_of (&colouring->of, uint32_t) + size + 1))
    own_colours (colouring);
}

void
colouring_close (struct colouring *colouring)
{
  area_close (&colouring->starts);
  area_close (&colouring->neighbours);
  area_close (&colouring->of);
}

bool
colouring_is_alone (const struct colouring *colouring, uint32_t i, uint32_t j)
{
  const uint32_t *starts = area_of (&colouring->starts, uint32_t);
  const uint32_t *neighbours = area_of (&colouring->neighbours, uint32_t), *of = area_of (&colouring->of, uint32_t);
  uint32_t count = 0;
  if (colouring->colours == colouring->size || is_hub (colouring, j))
    return true;
  if (is_hub (colouring, i))
    return false;
  for (uint32_t k = starts[i]; k < starts[i + 1]; k++)
    count += of[neighbours[k]] == of[j];
  return count == 1;
}
