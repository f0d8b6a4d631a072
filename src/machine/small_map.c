/* small_map.c -- linear maps between small arrays, written down as links between their elements. */
#include "machine/small.h"
#include "value/layout.h"

enum
{
  TERMS = 256
};

/* result[to] depends on operand[from] of a link, by a weight. */
struct term
{
  double weight;
  uint8_t to, from, link;
  int16_t next; /* of those of the same element, in their order; -1 is none */
};

struct map_terms
{
  struct term terms[TERMS];
  int16_t first[ARRAY_SMALL], last[ARRAY_SMALL]; /* by element of the result; -1 is none */
  int count;
  uint32_t from[ARRAY_SMALL], to[ARRAY_SMALL]; /* by link: the bits of elements that have terms */
  const uint32_t *nodes[ARRAY_SMALL];          /* by link: of the operand's elements */
  uint32_t room[ARRAY_SMALL][ARRAY_SMALL];
};

static inline void
add (struct map_terms *all, size_t link, ptrdiff_t to, ptrdiff_t from, double weight)
{
  struct term *term = &all->terms[all->count];
  *term = (struct term){ weight, (uint8_t)to, (uint8_t)from, (uint8_t)link, -1 };
  if (all->first[to] < 0)
    all->first[to] = (int16_t)all->count;
  else
    all->terms[all->last[to]].next = (int16_t)all->count;
  all->last[to] = (int16_t)all->count++;
  all->from[link] |= 1u << from;
  all->to[link] |= 1u << to;
}

/* Element by element, along the layout. */
static void
add_layout (struct map_terms *all, size_t link, const struct linear *map)
{
  const double *c = map->coefficients ? map->coefficients->elements : NULL;
  ptrdiff_t dense = 0;
  for (struct layout_walk walk = layout_walk (&map->layout); walk.left; layout_step (&walk))
    for (size_t i = 0; i < walk.length; i++, dense++)
      {
        double weight = c ? c[dense] : map->scale;
        ptrdiff_t laid = walk.at + (ptrdiff_t)i * walk.stride;
        if (map->constant && weight == 0)
          weight = FLAT;
        if (map->kind == LINEAR_REDUCE)
          add (all, link, laid, dense, weight);
        else
          add (all, link, dense, laid, weight);
      }
}

static void
add_positions (struct map_terms *all, size_t link, const struct linear *map)
{
  for (size_t i = 0; i < map->positions->size; i++)
    {
      ptrdiff_t at = (ptrdiff_t)map->positions->elements[i], dense = (ptrdiff_t)i;
      if (map->kind == LINEAR_GATHER)
        add (all, link, dense, at, 1);
      else
        add (all, link, at, dense, 1);
    }
}

static void
add_rest (struct map_terms *all, size_t link, const struct linear *map)
{
  double replaced[ARRAY_SMALL] = { 0 };
  linear_keep (map, replaced, 1);
  for (size_t i = 0; i < map->operand_size; i++)
    if (!replaced[i])
      add (all, link, (ptrdiff_t)i, (ptrdiff_t)i, 1);
}

/* 0 is added to a coefficient, for among those of a matrix a negative zero is a zero like others. */
static void
add_product (struct map_terms *all, size_t link, const struct linear *map)
{
  size_t m = map->product.rows, k = map->product.inner, n = map->product.columns;
  const double *c = map->coefficients->elements;
  for (size_t r = 0; r < m; r++)
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < k; i++)
        if (map->kind == LINEAR_MATMUL_LEFT)
          add (all, link, (ptrdiff_t)(r * n + j), (ptrdiff_t)(r * k + i), c[i * n + j] + 0.0);
        else
          add (all, link, (ptrdiff_t)(r * n + j), (ptrdiff_t)(i * n + j), c[r * k + i] + 0.0);
}

static bool
add_map (struct map_terms *all, size_t link, const struct linear *map)
{
  switch (map->kind)
    {
    case LINEAR_SCALE:
    case LINEAR_DIAGONAL:
    case LINEAR_REDUCE:
      add_layout (all, link, map);
      return true;
    case LINEAR_GATHER:
    case LINEAR_SCATTER:
      add_positions (all, link, map);
      return true;
    case LINEAR_KEEP:
      add_rest (all, link, map);
      return true;
    case LINEAR_MATMUL_LEFT:
    case LINEAR_MATMUL_RIGHT:
      add_product (all, link, map);
      return !map->positions;
    default:
      return false;
    }
}

/* At most so many terms has a map between small arrays. */
static size_t
most_terms (const struct linear *map)
{
  if (map->kind != LINEAR_MATMUL_LEFT && map->kind != LINEAR_MATMUL_RIGHT)
    return ARRAY_SMALL;
  return map->product.rows * map->product.inner * map->product.columns;
}

/* Whether a link is from a number or a small array, through coefficients that are finite. */
static bool
is_small (const struct run *run, const struct call_link *link, size_t size)
{
  const struct linear *map = &link->map;
  size_t length;
  if (map->operand_size > ARRAY_SMALL || map->operand_size == 0 || map->result_size != size)
    return false;
  if (!(map->finite || linear_is_finite (map)))
    return false;
  /* Numbers that were made arrays, and the other way around, have nodes of another kind. */
  return link->array ? link->array->size == map->operand_size
                     : !tape_is_array (run->tape, link->node, &length) && map->operand_size == 1;
}

/* What an operand loses is remembered by what is left of it; false when nothing is. */
static bool
find_nodes (struct run *run, struct map_terms *all, const struct call_link *links, size_t count)
{
  for (size_t l = 0; l < count; l++)
    {
      struct array *array = (struct array *)links[l].array;
      all->nodes[l] = small_nodes (run, array, links[l].node, all->room[l]);
      uint32_t lost = 0;
      for (size_t i = 0; i < links[l].map.operand_size; i++)
        lost |= (uint32_t)(all->nodes[l][i] != 0 && !(all->from[l] >> i & 1)) << i;
      if (!all->from[l])
        return false;
      if (lost && !small_is_closed (array, links[l].node))
        small_close (run, array);
    }
  return true;
}

/* The node of one element: that of the operand's where it is the same, or a new one; 0 when it does not vary. */
static uint32_t
element_node (struct tape *tape, const struct map_terms *all, size_t element)
{
  const struct term *only = NULL;
  int varying = 0;
  for (int t = all->first[element]; t >= 0; t = all->terms[t].next)
    if (all->nodes[all->terms[t].link][all->terms[t].from])
      {
        only = &all->terms[t];
        varying++;
      }
  if (varying == 0)
    return 0;
  if (varying == 1 && only->weight == 1)
    return all->nodes[only->link][only->from];
  for (int t = all->first[element]; t >= 0; t = all->terms[t].next)
    if (all->nodes[all->terms[t].link][all->terms[t].from])
      tape_link (tape, all->nodes[all->terms[t].link][all->terms[t].from], all->terms[t].weight);
  return tape_node (tape);
}

bool
small_record (struct run *run, struct value *result, struct call_link *links, size_t count)
{
  bool is_array = result->kind == KIND_ARRAY;
  size_t size = is_array ? result->array->size : 1, most = 0;
  if (!small_is_on (run) || !(is_array ? small_fits (result) : result->kind == KIND_REAL) || count > ARRAY_SMALL)
    return false;
  for (size_t l = 0; l < count; l++)
    if (!is_small (run, &links[l], size) || (most += most_terms (&links[l].map)) > TERMS)
      return false;
  struct map_terms all;
  all.count = 0;
  memset (all.first, -1, sizeof all.first);
  memset (all.from, 0, sizeof all.from);
  memset (all.to, 0, sizeof all.to);
  for (size_t l = 0; l < count; l++)
    if (!add_map (&all, l, &links[l].map))
      return false;
  if (!find_nodes (run, &all, links, count))
    return false;
  /* The array may be that of an operand, changed in place. */
  uint32_t nodes[ARRAY_SMALL], any = 0;
  bool closed = true;
  for (size_t i = size; i-- > 0;)
    any |= nodes[i] = element_node (run->tape, &all, i);
  for (size_t l = 0; l < count; l++)
    closed
      = closed && all.to[l] == small_all (size) && (!links[l].array || small_is_closed (links[l].array, links[l].node));
  for (size_t l = 0; l < count; l++)
    linear_drop (run->arrays, &links[l].map);
  if (!is_array)
    {
      result->node = nodes[0];
      return true;
    }
  struct array *array = result->array;
  memcpy (array_nodes (array), nodes, size * sizeof *nodes);
  array->covered = 0;
  array->closed = closed ? (uint16_t)small_all (size) : 0;
  array->whole = 0;
  result->node = any ? NODE_ELEMENTS : 0;
  return true;
}
