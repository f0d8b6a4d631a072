/* condense.c -- nodes that depend on few sources by way of many others, linked to the sources themselves. */
#include "tape/condense.h"

#include "base/heap.h"
#include "tape/forward.h"

enum
{
  MOST_SWEEPS = 16,
  MOST_SLOPES = 1 << 16
};

static size_t
size_of (const struct tape *tape, uint32_t node)
{
  size_t size = 1;
  tape_is_array (tape, node, &size);
  return size;
}

static bool
is_among (const uint32_t *nodes, size_t count, uint32_t node)
{
  size_t low = 0, high = count;
  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      if (nodes[middle] < node)
        low = middle + 1;
      else
        high = middle;
    }
  return low < count && nodes[low] == node;
}

/* Whether a node is what another became by a change in place, in which its tangent is lost. */
static bool
takes_over (const struct tape *tape, uint32_t node, const uint32_t *nodes, size_t count)
{
  uint32_t last = area_of (&tape->ends, uint32_t)[node] - 1, operand = area_of (&tape->operands, uint32_t)[last];
  struct linear room;
  size_t size;
  return operand & LINK_SIZE && operand != LINK_SIZE && tape_is_array (tape, node, &size)
         && is_among (nodes, count, operand & ~(uint32_t)LINK_SIZE) && tape_map (tape, node, last, &room)->in_place;
}

/* Which sources each of the nodes depends on; false where a tangent would be lost. */
static bool
find_reached (struct condensed *condensed, const struct tape *tape, uint32_t last)
{
  const uint32_t *ends = area_of (&tape->ends, uint32_t), *operands = area_of (&tape->operands, uint32_t);
  unsigned char *reached = heap_take_zeroed (condensed->memory, last + 1, 1, "the tape");
  bool good = true;
  for (size_t s = 0; s < condensed->source_count; s++)
    reached[condensed->sources[s]] = (unsigned char)(1 << s);
  for (uint32_t node = 1; node <= last && good; node++)
    {
      for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
        reached[node] |= reached[operands[link] & ~(uint32_t)LINK_SIZE];
      good = ends[node - 1] == ends[node] || !takes_over (tape, node, condensed->nodes, condensed->node_count);
    }
  for (size_t i = 0; i < condensed->node_count; i++)
    condensed->reached[i] = reached[condensed->nodes[i]];
  heap_give (reached);
  return good;
}

/* Lays out the slopes; false where there are too many, or too many sweeps. */
static bool
make_room (struct condensed *condensed, const struct tape *tape)
{
  unsigned char all = 0;
  size_t used = 0, sweeps = 0;
  for (size_t i = 0; i < condensed->node_count && used <= MOST_SLOPES; i++)
    {
      condensed->starts[i] = used;
      all |= condensed->reached[i];
      for (size_t s = 0; s < condensed->source_count; s++)
        if (condensed->reached[i] >> s & 1 && condensed->sizes[s] <= MOST_SWEEPS)
          used += condensed->sizes[s] * size_of (tape, condensed->nodes[i]);
    }
  for (size_t s = 0; s < condensed->source_count; s++)
    sweeps += all >> s & 1 ? condensed->sizes[s] : 0;
  if (used > MOST_SLOPES || sweeps > MOST_SWEEPS)
    return false;
  condensed->slopes = heap_take_zeroed (condensed->memory, used + 1, sizeof *condensed->slopes, "the tape");
  return true;
}

/* The slopes of a node in one source. */
static double *
block_of (const struct condensed *condensed, const struct tape *tape, size_t node, size_t source)
{
  double *block = condensed->slopes + condensed->starts[node];
  for (size_t s = 0; s < source; s++)
    if (condensed->reached[node] >> s & 1)
      block += condensed->sizes[s] * size_of (tape, condensed->nodes[node]);
  return block;
}

/* The slopes of all nodes in one element of a source; false where one is not finite. */
static bool
sweep (struct condensed *condensed, const struct tape *tape, size_t source, size_t element, uint32_t last)
{
  double change[MOST_SWEEPS] = { 0 };
  size_t columns = condensed->sizes[source];
  struct forward forward;
  bool finite = true;
  change[element] = 1;
  forward_open (&forward, tape);
  forward_seed (&forward, condensed->sources[source], change);
  forward_run (&forward, last);
  for (size_t i = 0; i < condensed->node_count && finite; i++)
    {
      size_t size = size_of (tape, condensed->nodes[i]);
      if (!(condensed->reached[i] >> source & 1))
        continue;
      double *block = block_of (condensed, tape, i, source);
      double *tangent = heap_take (condensed->memory, size, sizeof *tangent, "the tape");
      forward_read (&forward, condensed->nodes[i], size, tangent);
      finite = elements_are_finite (tangent, size);
      for (size_t k = 0; k < size; k++)
        block[k * columns + element] = tangent[k] + 0.0;
      heap_give (tangent);
    }
  forward_close (&forward);
  return finite;
}

void
condense_close (struct condensed *condensed)
{
  heap_give (condensed->reached);
  heap_give (condensed->starts);
  heap_give (condensed->slopes);
}

bool
condense_open (struct condensed *condensed, const struct tape *tape, const uint32_t *sources, size_t source_count,
               const uint32_t *nodes, size_t node_count)
{
  *condensed = (struct condensed){ .memory = tape->memory,
                                   .nodes = nodes,
                                   .sources = sources,
                                   .node_count = node_count,
                                   .source_count = source_count };
  if (!node_count || !source_count || source_count > CONDENSE_SOURCES || node_count > MOST_SLOPES || tape->loops.used
      || tape->unbounded)
    return false;
  uint32_t last = nodes[node_count - 1];
  for (size_t s = 0; s < source_count; s++)
    condensed->sizes[s] = size_of (tape, sources[s]);
  condensed->reached = heap_take (tape->memory, node_count, sizeof *condensed->reached, "the tape");
  condensed->starts = heap_take (tape->memory, node_count, sizeof *condensed->starts, "the tape");
  unsigned char all = 0;
  bool good = find_reached (condensed, tape, last) && make_room (condensed, tape);
  for (size_t i = 0; i < node_count; i++)
    all |= condensed->reached[i];
  for (size_t s = 0; s < source_count; s++)
    for (size_t k = 0; good && all >> s & 1 && k < condensed->sizes[s]; k++)
      good = sweep (condensed, tape, s, k, last);
  if (!good)
    condense_close (condensed);
  return good;
}

/* The links of one node, of which only its size is there: maps first, numbers last. */
static void
link_node (const struct condensed *condensed, struct tape *tape, size_t i, bool is_array, size_t size,
           const uint32_t *numbers)
{
  const double *block = condensed->slopes + condensed->starts[i];
  for (size_t s = 0; s < condensed->source_count; s++)
    {
      size_t columns = condensed->sizes[s], other;
      if (!(condensed->reached[i] >> s & 1))
        continue;
      uint32_t from = numbers[condensed->sources[s]];
      if (is_array || tape_is_array (tape, from, &other))
        {
          struct linear map = { .kind = LINEAR_MATMUL_RIGHT,
                                .constant = true,
                                .scale = 1,
                                .operand_size = columns,
                                .result_size = size,
                                .product = { size, columns, 1 } };
          map.coefficients = array_vector (tape->arrays, size * columns);
          memcpy (map.coefficients->elements, block, size * columns * sizeof *block);
          tape_link_linear (tape, from, &map);
        }
      block += size * columns;
    }
  block = condensed->slopes + condensed->starts[i];
  for (size_t s = 0; s < condensed->source_count; s++)
    {
      size_t other;
      if (!(condensed->reached[i] >> s & 1))
        continue;
      if (!is_array && !tape_is_array (tape, numbers[condensed->sources[s]], &other))
        tape_link (tape, numbers[condensed->sources[s]], *block);
      block += size * condensed->sizes[s];
    }
}

void
condense_link (const struct condensed *condensed, struct tape *tape, const uint32_t *numbers)
{
  uint32_t count = tape_count (tape);
  size_t links = area_count (&tape->operands, uint32_t), next = 0;
  uint32_t *ends = heap_take (tape->memory, count, sizeof *ends, "the tape");
  uint32_t *operands = heap_take (tape->memory, links + 1, sizeof *operands, "the tape");
  double *weights = heap_take (tape->memory, links + 1, sizeof *weights, "the tape");
  memcpy (ends, tape->ends.start, count * sizeof *ends);
  if (links)
    {
      memcpy (operands, tape->operands.start, links * sizeof *operands);
      memcpy (weights, tape->weights.start, links * sizeof *weights);
    }
  tape->ends.used = sizeof *ends;
  tape->operands.used = tape->weights.used = 0;
  for (uint32_t node = 1; node < count; node++)
    {
      bool is_array = ends[node - 1] < ends[node] && operands[ends[node - 1]] == LINK_SIZE;
      size_t size = is_array ? bits_of (weights[ends[node - 1]]) : 1;
      for (uint32_t link = ends[node - 1]; link < ends[node]; link++)
        tape_link (tape, operands[link], weights[link]);
      if (next < condensed->node_count && numbers[condensed->nodes[next]] == node)
        link_node (condensed, tape, next++, is_array, size, numbers);
      tape_node (tape);
    }
  heap_give (ends);
  heap_give (operands);
  heap_give (weights);
}
